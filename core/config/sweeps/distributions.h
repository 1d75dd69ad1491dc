// SPDX-License-Identifier: GPL-3.0-or-later
// The distributions of W&B's sweep files (schema of sweeps 0.3): a value from u, and the way back to [0, 1].
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

// In the order in which a parameter without `distribution` is tried.
enum class DistributionKind {
  QBeta,
  Beta,
  Categorical,
  CategoricalWithProbabilities,
  IntUniform,
  Uniform,
  LogNormal,
  LogUniform,  // min and max are exponents of e
  InvLogUniform,
  Normal,
  QLogNormal,
  QLogUniform,
  QNormal,
  QUniform,
  Constant,
  InvLogUniformValues,  // min and max are values
  LogUniformValues,
  QLogUniformValues,
};

struct Distribution {
  DistributionKind kind = DistributionKind::Constant;
  std::vector<Json> values{};           // Categorical…
  std::vector<double> probabilities{};  // one a value
  Json value{};                         // Constant
  double min = 0, max = 1;
  double mu = 0, sigma = 1;
  double a = 1, b = 1;  // of Beta
  double q = 1;
  bool wholeQ = true;  // q was written as a whole number: so are the values

  bool isConstant() const { return kind == DistributionKind::Constant; }
};

// "log_uniform_values", …
std::string_view nameOf(DistributionKind kind);
std::optional<DistributionKind> distributionNamed(std::string_view name);

// The value at `u` in [0, 1). Normal ones give an infinity at 0.
Json draw(const Distribution& distribution, double u);

// Probability of a value that is at most `value`, in [0, 1]; of categorical ones by place in the list; of a constant
// 0. Empty for a value that this distribution cannot give (another category, no number).
std::optional<double> cdf(const Distribution& distribution, const Json& value);

// What a grid goes through: categorical, int_uniform, q_uniform (min, min + q, … below max), constant. Empty optional
// for the others. Throws Error{Usage} for more than a million values.
std::optional<std::vector<Json>> gridValues(const Distribution& distribution);

}  // namespace counterpoint
