// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW and SGD over named groups of named parameters. State is kept by parameter name, so that a checkpoint can be
// resumed after groups were cut differently.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace counterpoint {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

struct ParameterGroup {
  std::string name;  // "video_backbone"
  double learningRate = 1e-4;
  double weightDecay = 0.01;
  bool clipped = true;  // counts in the global norm and is scaled by it
  NamedTensors parameters;
};

struct OptimizerOptions {
  enum class Kind { AdamW, Sgd };
  Kind kind = Kind::AdamW;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  // AdamW (decoupled decay, Loshchilov & Hutter 2019)
  double momentum = 0.9;                              // SGD; decay is added to the gradient
  bool nesterov = false;
};

OptimizerOptions::Kind optimizerKind(const std::string& name);  // "AdamW", "SGD"

class Optimizer {
 public:
  // Parameters that take no gradient are skipped at each step. Throws Error{Bug} where a parameter is in two groups.
  Optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options = {});

  // One update with learning rates times `rateFactor`. Parameters without a gradient stay as they are, state included.
  void step(double rateFactor = 1);
  // Gradients become undefined. (torch::optim's version throws on gradients that are views of a reducer's buckets.)
  void zeroGradients();
  // Scales the gradients of clipped groups so that their global norm is at most `maxNorm` (≤ 0: only measures).
  // Returns the norm before.
  double clipGradients(double maxNorm);
  // Norm of each group's gradients, for logging.
  std::map<std::string, double> gradientNorms() const;

  const std::vector<ParameterGroup>& groups() const { return groups_; }

  // "step/NAME", "exp_avg/NAME", "exp_avg_sq/NAME", "momentum/NAME". Tensors are not copied.
  NamedTensors state() const;
  // Throws Error{Data} naming the entry that does not fit. Parameters without entries start afresh.
  void loadState(const std::map<std::string, at::Tensor>& state);

 private:
  struct Slot {
    at::Tensor step, first, second;  // AdamW; SGD keeps its momentum in `first`
  };
  Slot& slotOf(const std::string& name, const at::Tensor& parameter);

  std::vector<ParameterGroup> groups_;
  OptimizerOptions options_;
  std::map<std::string, Slot> slots_;
};

}  // namespace counterpoint
