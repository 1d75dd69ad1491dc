// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/model_link.h"

#include <memory>

namespace counterpoint {

std::function<bool()> whenModelAnswers(ModelLink& model, std::function<void()> ask, std::function<bool()> answered) {
  return [&model, ask = std::move(ask), answered = std::move(answered), asked = std::make_shared<bool>(false)] {
    switch (model.state()) {
      case ModelLink::State::Off: model.startNewest(); return false;
      case ModelLink::State::Starting: return false;
      case ModelLink::State::Lost: return true;
      case ModelLink::State::Ready: break;
    }
    if (*asked) return answered();
    *asked = true;
    ask();
    return false;
  };
}

}  // namespace counterpoint
