// SPDX-License-Identifier: GPL-3.0-or-later
// Modules under the dotted names of public checkpoints.
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <string_view>

namespace counterpoint {

// A parent that only names its children ("mlp" in "mlp.0.weight").
class NamedGroup : public torch::nn::Module {
 public:
  using torch::nn::Module::register_module;
};

// The group that holds the last part of `path` under `parent`, made where missing; `leaf` receives that last part.
torch::nn::Module& groupFor(torch::nn::Module& parent, std::string_view path, std::string& leaf);

// Registers `child` as "a.b.c" of `parent`. Names come in the order of registration, as in PyTorch.
template <typename Child>
std::shared_ptr<Child> registerAt(torch::nn::Module& parent, std::string_view path, std::shared_ptr<Child> child) {
  std::string leaf;
  torch::nn::Module& group = groupFor(parent, path, leaf);
  group.register_module(leaf, child);
  return child;
}

}  // namespace counterpoint
