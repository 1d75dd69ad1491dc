// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/naming.h"

namespace counterpoint {

torch::nn::Module& groupFor(torch::nn::Module& parent, std::string_view path, std::string& leaf) {
  torch::nn::Module* group = &parent;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    const std::string name(path.substr(0, dot));
    path.remove_prefix(dot + 1);
    torch::nn::Module* next = nullptr;
    for (const auto& child : group->named_children()) {
      if (child.key() == name) next = child.value().get();
    }
    if (!next) next = group->register_module(name, std::make_shared<NamedGroup>()).get();
    group = next;
  }
  leaf = path;
  return *group;
}

}  // namespace counterpoint
