// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/full_precision.h"

#include <ATen/autocast_mode.h>

namespace counterpoint {

FullPrecision::FullPrecision(c10::DeviceType device)
    : device_(device), before_(at::autocast::is_autocast_enabled(device)) {
  if (before_) at::autocast::set_autocast_enabled(device_, false);
}

FullPrecision::~FullPrecision() {
  if (before_) at::autocast::set_autocast_enabled(device_, true);
}

}  // namespace counterpoint
