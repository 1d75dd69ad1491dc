// SPDX-License-Identifier: GPL-3.0-or-later
// Weights and inputs by formula, as tests/golden/models/formula.py makes them, and comparison with what its makers
// kept.
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace counterpoint::testing {

// Values in [-1, 1), float32.
at::Tensor formulaTensor(const std::string& name, const std::vector<std::int64_t>& shape);
at::Tensor formulaIds(const std::string& name, const std::vector<std::int64_t>& shape, std::int64_t low,
                      std::int64_t high);
// Every parameter and buffer, by its name.
void fillByFormula(torch::nn::Module& module);

// What a maker kept in tests/golden/models/NAME.json.
class GoldenCase {
 public:
  GoldenCase(const std::string& file, const std::string& name);

  // Shape equal; samples, mean and deviation within `tolerance` of the largest value.
  void expect(const std::string& entry, const at::Tensor& value, double tolerance = 1e-4);
  // Runs backward from sum(output · formula) and compares the gradients of every entry "gradient of NAME": parameters
  // of `module`, then `inputs`; but for those named in `without`.
  void expectGradients(const at::Tensor& output, torch::nn::Module& module,
                       const std::vector<std::pair<std::string, at::Tensor>>& inputs,
                       const std::vector<std::string>& without = {});
  // Largest error seen, as a share of the largest value; printed by the destructor.
  ~GoldenCase();

 private:
  std::string title_, worstEntry_;
  Json entries_;
  double worst_ = 0;
};

}  // namespace counterpoint::testing
