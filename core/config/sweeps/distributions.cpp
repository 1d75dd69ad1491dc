// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/sweeps/distributions.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/base/error.h"
#include "core/config/sweeps/quantiles.h"

namespace counterpoint {
namespace {

using Kind = DistributionKind;

constexpr const char* kNames[] = {"q_beta",
                                  "beta",
                                  "categorical",
                                  "categorical_w_probabilities",
                                  "int_uniform",
                                  "uniform",
                                  "log_normal",
                                  "log_uniform",
                                  "inv_log_uniform",
                                  "normal",
                                  "q_log_normal",
                                  "q_log_uniform",
                                  "q_normal",
                                  "q_uniform",
                                  "constant",
                                  "inv_log_uniform_values",
                                  "log_uniform_values",
                                  "q_log_uniform_values"};
constexpr double kMostGridValues = 1e6;

bool isQuantised(Kind kind) {
  return kind == Kind::QBeta || kind == Kind::QLogNormal || kind == Kind::QLogUniform || kind == Kind::QNormal ||
         kind == Kind::QUniform || kind == Kind::QLogUniformValues;
}

// The number before it is quantised.
double plainDraw(const Distribution& d, double u) {
  const auto between = [](double low, double high, double share) { return low + share * (high - low); };
  switch (d.kind) {
    case Kind::QBeta:
    case Kind::Beta: return betaQuantile(u, d.a, d.b);
    case Kind::LogNormal:
    case Kind::QLogNormal: return std::exp(d.mu + d.sigma * normalQuantile(u));
    case Kind::Normal:
    case Kind::QNormal: return d.mu + d.sigma * normalQuantile(u);
    case Kind::LogUniform:
    case Kind::QLogUniform: return std::exp(between(d.min, d.max, u));
    case Kind::InvLogUniform: return std::exp(-between(d.min, d.max, 1 - u));
    case Kind::LogUniformValues:
    case Kind::QLogUniformValues: return std::exp(between(std::log(d.min), std::log(d.max), u));
    case Kind::InvLogUniformValues: return std::exp(-between(-std::log(d.max), -std::log(d.min), 1 - u));
    default: return between(d.min, d.max, u);
  }
}

Json quantised(const Distribution& d, double value) {
  const double stepped = std::nearbyint(value / d.q) * d.q;
  if (!d.wholeQ || !(std::abs(stepped) < 0x1p63)) return stepped;
  return static_cast<std::int64_t>(stepped);
}

std::optional<std::size_t> placeOf(const Distribution& d, const Json& value) {
  const auto found = std::find(d.values.begin(), d.values.end(), value);
  if (found == d.values.end()) return std::nullopt;
  return static_cast<std::size_t>(found - d.values.begin());
}

}  // namespace

std::string_view nameOf(DistributionKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<DistributionKind> distributionNamed(std::string_view name) {
  const auto found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<Kind>(found - std::begin(kNames));
}

Json draw(const Distribution& d, double u) {
  switch (d.kind) {
    case Kind::Constant: return d.value;
    case Kind::Categorical: {
      const auto place = static_cast<std::size_t>(u * static_cast<double>(d.values.size()));
      return d.values[std::min(place, d.values.size() - 1)];
    }
    case Kind::CategoricalWithProbabilities: {
      double sum = 0;
      for (std::size_t i = 0; i < d.values.size(); ++i)
        if (u < (sum += d.probabilities[i])) return d.values[i];
      // Rounding left the sum just below u.
      for (std::size_t i = d.values.size(); i-- > 0;)
        if (d.probabilities[i] > 0) return d.values[i];
      return d.values.back();
    }
    case Kind::IntUniform:
      return static_cast<std::int64_t>(std::min(d.max, d.min + std::floor(u * (d.max - d.min + 1))));
    default: return isQuantised(d.kind) ? quantised(d, plainDraw(d, u)) : Json(plainDraw(d, u));
  }
}

std::optional<double> cdf(const Distribution& d, const Json& value) {
  if (d.kind == Kind::Constant) return 0;
  if (d.kind == Kind::Categorical || d.kind == Kind::CategoricalWithProbabilities) {
    const auto place = placeOf(d, value);
    if (!place) return std::nullopt;
    if (d.kind == Kind::Categorical) return static_cast<double>(*place + 1) / static_cast<double>(d.values.size());
    double sum = 0;
    for (std::size_t i = 0; i <= *place; ++i) sum += d.probabilities[i];
    return sum;
  }
  if (!value.is_number()) return std::nullopt;
  const double x = value.get<double>();
  const auto share = [](double low, double high, double at) { return std::clamp((at - low) / (high - low), 0.0, 1.0); };
  const double logarithm = x > 0 ? std::log(x) : -std::numeric_limits<double>::infinity();
  switch (d.kind) {
    case Kind::QBeta:
    case Kind::Beta: return betaProbability(x, d.a, d.b);
    case Kind::IntUniform: return std::clamp((std::floor(x) - d.min + 1) / (d.max - d.min + 1), 0.0, 1.0);
    case Kind::LogNormal:
    case Kind::QLogNormal: return normalProbability((logarithm - d.mu) / d.sigma);
    case Kind::Normal:
    case Kind::QNormal: return normalProbability((x - d.mu) / d.sigma);
    case Kind::LogUniform:
    case Kind::QLogUniform: return share(d.min, d.max, logarithm);
    case Kind::InvLogUniform: return 1 - share(d.min, d.max, -logarithm);
    case Kind::LogUniformValues:
    case Kind::QLogUniformValues:
    case Kind::InvLogUniformValues: return share(std::log(d.min), std::log(d.max), logarithm);
    default: return share(d.min, d.max, x);
  }
}

std::optional<std::vector<Json>> gridValues(const Distribution& d) {
  const auto checked = [](double count) {
    if (count > kMostGridValues) throw usageError("a grid of more than a million values", {}, "Use a coarser step.");
    return static_cast<std::size_t>(std::max(0.0, count));
  };
  std::vector<Json> values;
  switch (d.kind) {
    case Kind::Constant: return std::vector<Json>{d.value};
    case Kind::Categorical: return d.values;
    case Kind::IntUniform:
      for (std::size_t i = 0, count = checked(d.max - d.min + 1); i < count; ++i)
        values.push_back(static_cast<std::int64_t>(d.min) + static_cast<std::int64_t>(i));
      return values;
    case Kind::QUniform: {
      // As numpy.arange: its step is the difference of the first two values as they are rounded.
      const std::size_t count = checked(std::ceil((d.max - d.min) / d.q));
      const double step = (d.min + d.q) - d.min;
      const bool whole = d.wholeQ && d.min == std::floor(d.min) && d.max == std::floor(d.max);
      for (std::size_t i = 0; i < count; ++i) {
        const double value = i == 1 ? d.min + d.q : d.min + static_cast<double>(i) * step;
        values.push_back(whole ? Json(static_cast<std::int64_t>(value)) : Json(value));
      }
      return values;
    }
    default: return std::nullopt;
  }
}

}  // namespace counterpoint
