// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/optimizer.h"

#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <set>

#include "core/base/error.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

// Norm of many tensors as one, in float64: the order of a float32 sum over millions of values would show.
double normOf(const std::vector<at::Tensor>& tensors) {
  if (tensors.empty()) return 0;
  auto norms = at::_foreach_norm(tensors, 2);
  for (auto& norm : norms) norm = norm.to(at::kDouble);
  return at::linalg_vector_norm(at::stack(norms), 2).item<double>();
}

std::vector<at::Tensor> gradientsOf(const ParameterGroup& group) {
  std::vector<at::Tensor> gradients;
  for (const auto& [name, parameter] : group.parameters) {
    if (parameter.requires_grad() && parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  return gradients;
}

}  // namespace

OptimizerOptions::Kind optimizerKind(const std::string& name) {
  const auto lower = lowerAscii(name);
  if (lower == "adamw") return OptimizerOptions::Kind::AdamW;
  if (lower == "sgd") return OptimizerOptions::Kind::Sgd;
  throw usageError("\"" + name + "\" is no optimizer", "optimizer", "Use AdamW or SGD.");
}

Optimizer::Optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options)
    : groups_(std::move(groups)), options_(options) {
  std::set<std::string> names;
  std::set<const void*> tensors;
  for (const auto& group : groups_) {
    for (const auto& [name, parameter] : group.parameters) {
      if (!names.insert(name).second || !tensors.insert(parameter.unsafeGetTensorImpl()).second) {
        throw Error(ErrorKind::Bug, "a parameter is in the optimizer twice", "group " + group.name + ", " + name);
      }
    }
  }
}

Optimizer::Slot& Optimizer::slotOf(const std::string& name, const at::Tensor& parameter) {
  auto& slot = slots_[name];
  if (!slot.first.defined()) {
    slot.first = at::zeros_like(parameter);
    if (options_.kind == OptimizerOptions::Kind::AdamW) {
      slot.second = at::zeros_like(parameter);
      slot.step = at::zeros({}, parameter.options().dtype(at::kFloat).requires_grad(false));
    }
  }
  return slot;
}

void Optimizer::step(double rateFactor) {
  const c10::NoGradGuard noGradients;
  for (const auto& group : groups_) {
    std::vector<at::Tensor> parameters, gradients, first, second, steps;
    for (const auto& [name, parameter] : group.parameters) {
      if (!parameter.requires_grad() || !parameter.grad().defined()) continue;
      auto& slot = slotOf(name, parameter);
      parameters.push_back(parameter);
      gradients.push_back(parameter.grad());
      first.push_back(slot.first);
      if (slot.second.defined()) {
        second.push_back(slot.second);
        steps.push_back(slot.step.add_(1));
      }
    }
    if (parameters.empty()) continue;
    const double rate = group.learningRate * rateFactor;
    if (options_.kind == OptimizerOptions::Kind::AdamW) {
      at::_fused_adamw_(parameters, gradients, first, second, {}, steps, rate, options_.beta1, options_.beta2,
                        group.weightDecay, options_.epsilon, /*amsgrad=*/false, /*maximize=*/false);
    } else {
      // A buffer of zeros at the first step gives the gradient itself, as a missing buffer would.
      at::_fused_sgd_(parameters, gradients, first, group.weightDecay, options_.momentum, rate, /*dampening=*/0,
                      options_.nesterov, /*maximize=*/false, /*is_first_step=*/false);
    }
  }
}

void Optimizer::zeroGradients() {
  for (const auto& group : groups_) {
    for (const auto& [name, parameter] : group.parameters) parameter.mutable_grad().reset();
  }
}

double Optimizer::clipGradients(double maxNorm) {
  const c10::NoGradGuard noGradients;
  std::vector<at::Tensor> gradients;
  for (const auto& group : groups_) {
    if (!group.clipped) continue;
    for (auto& gradient : gradientsOf(group)) gradients.push_back(std::move(gradient));
  }
  const double norm = normOf(gradients);
  if (maxNorm > 0 && norm > maxNorm) at::_foreach_mul_(gradients, maxNorm / (norm + 1e-6));
  return norm;
}

std::map<std::string, double> Optimizer::gradientNorms() const {
  const c10::NoGradGuard noGradients;
  std::map<std::string, double> norms;
  for (const auto& group : groups_) norms[group.name] = normOf(gradientsOf(group));
  return norms;
}

NamedTensors Optimizer::state() const {
  NamedTensors state;
  for (const auto& [name, slot] : slots_) {
    if (options_.kind == OptimizerOptions::Kind::AdamW) {
      state.emplace_back("step/" + name, slot.step);
      state.emplace_back("exp_avg/" + name, slot.first);
      state.emplace_back("exp_avg_sq/" + name, slot.second);
    } else {
      state.emplace_back("momentum/" + name, slot.first);
    }
  }
  return state;
}

void Optimizer::loadState(const std::map<std::string, at::Tensor>& state) {
  const c10::NoGradGuard noGradients;
  const bool adam = options_.kind == OptimizerOptions::Kind::AdamW;
  const auto restore = [&](const std::string& key, at::Tensor& target) {
    const auto found = state.find(key);
    if (found == state.end()) throw dataError("the optimizer's state lacks \"" + key + "\"", "trainer.pt");
    if (found->second.sizes() != target.sizes()) {
      throw dataError("the optimizer's state \"" + key + "\" has another shape than its parameter", "trainer.pt",
                      "The model's dimensions have changed since; start without resuming.");
    }
    target.copy_(found->second);
  };
  slots_.clear();
  for (const auto& group : groups_) {
    for (const auto& [name, parameter] : group.parameters) {
      if (!state.contains((adam ? "exp_avg/" : "momentum/") + name)) continue;
      auto& slot = slotOf(name, parameter);
      restore((adam ? "exp_avg/" : "momentum/") + name, slot.first);
      if (!adam) continue;
      restore("exp_avg_sq/" + name, slot.second);
      restore("step/" + name, slot.step);
    }
  }
}

}  // namespace counterpoint
