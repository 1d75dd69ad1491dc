// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/formula.h"

#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numeric>
#include <utility>

#include "core/tensorio/module_weights.h"

namespace counterpoint::testing {
namespace {

template <typename Use>
void eachUniform(const std::string& name, std::int64_t count, Use use) {
  std::uint64_t seed = 0xCBF29CE484222325ULL;
  for (const char byte : name) seed = (seed ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
  for (std::int64_t i = 0; i < count; ++i) {
    std::uint64_t z = seed + static_cast<std::uint64_t>(i + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z = z ^ (z >> 31);
    use(i, static_cast<double>(z >> 11) * (2.0 / 9007199254740992.0) - 1);
  }
}

}  // namespace

at::Tensor formulaTensor(const std::string& name, const std::vector<std::int64_t>& shape) {
  at::Tensor tensor = at::empty(shape);
  auto* values = tensor.mutable_data_ptr<float>();
  eachUniform(name, tensor.numel(), [&](std::int64_t i, double u) { values[i] = static_cast<float>(u); });
  return tensor;
}

at::Tensor formulaIds(const std::string& name, const std::vector<std::int64_t>& shape, std::int64_t low,
                      std::int64_t high) {
  at::Tensor tensor = at::empty(shape, at::kLong);
  auto* values = tensor.mutable_data_ptr<std::int64_t>();
  eachUniform(name, tensor.numel(), [&](std::int64_t i, double u) {
    values[i] = low + static_cast<std::int64_t>(std::floor((u + 1) / 2 * static_cast<double>(high - low)));
  });
  return tensor;
}

void fillByFormula(torch::nn::Module& module) {
  const c10::NoGradGuard noGrad;
  for (auto& [name, tensor] : stateOf(module)) {
    if (!tensor.is_floating_point()) continue;
    double scale = 0.25, offset = 0;
    if (tensor.dim() >= 2) {
      const std::int64_t fanIn = tensor.dim() == 3 ? tensor.size(-1) : tensor.numel() / tensor.size(0);
      scale = std::sqrt(3 / static_cast<double>(fanIn));
    } else if (name.ends_with("weight") || name.ends_with("running_var")) {
      offset = 1;
    }
    auto* values = tensor.mutable_data_ptr<float>();
    eachUniform(name, tensor.numel(),
                [&](std::int64_t i, double u) { values[i] = static_cast<float>(offset + scale * u); });
  }
}

GoldenCase::GoldenCase(const std::string& file, const std::string& name)
    : title_(file + ", " + name),
      entries_(readJsonFile(COUNTERPOINT_SOURCE_DIR "/tests/golden/models/" + file + ".json").at(name)) {}

GoldenCase::~GoldenCase() { std::printf("%s: largest error %.2g (%s)\n", title_.c_str(), worst_, worstEntry_.c_str()); }

void GoldenCase::expect(const std::string& entry, const at::Tensor& value, double tolerance) {
  const Json& golden = entries_.at(entry);
  ASSERT_EQ(golden.at("shape").get<std::vector<std::int64_t>>(), value.sizes().vec()) << entry;
  const at::Tensor flat = value.detach().to(at::kDouble).contiguous().flatten();
  const auto samples = golden.at("samples").get<std::vector<double>>();
  const auto scale = golden.at("largest").get<double>();
  double error = 0;
  const auto count = static_cast<std::int64_t>(samples.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const double got = flat.const_data_ptr<double>()[i * flat.numel() / count];
    error = std::max(error, std::isfinite(got) ? std::abs(got - samples[static_cast<std::size_t>(i)]) : HUGE_VAL);
  }
  error = std::max(error, std::abs(flat.mean().item<double>() - golden.at("mean").get<double>()));
  error = std::max(error, std::abs(flat.std(false).item<double>() - golden.at("deviation").get<double>()));
  error = std::max(error, std::abs(flat.abs().max().item<double>() - scale));
  error /= scale;
  EXPECT_LE(error, tolerance) << title_ << ", " << entry;
  if (error >= worst_) {
    worst_ = error;
    worstEntry_ = entry;
  }
}

void GoldenCase::expectGradients(const at::Tensor& output, torch::nn::Module& module,
                                 const std::vector<std::pair<std::string, at::Tensor>>& inputs,
                                 const std::vector<std::string>& without) {
  (output * formulaTensor("loss", output.sizes().vec())).sum().backward();
  std::size_t compared = 0;
  const auto compare = [&](const std::string& name, const at::Tensor& tensor) {
    const std::string entry = "gradient of " + name;
    if (!entries_.contains(entry)) return;
    ++compared;
    if (std::find(without.begin(), without.end(), name) != without.end()) return;
    ASSERT_TRUE(tensor.grad().defined()) << entry;
    expect(entry, tensor.grad());
  };
  for (const auto& parameter : module.named_parameters()) compare(parameter.key(), parameter.value());
  for (const auto& [name, tensor] : inputs) compare(name, tensor);
  std::size_t kept = 0;
  for (const auto& [name, entry] : entries_.items()) kept += name.starts_with("gradient of ") ? 1 : 0;
  EXPECT_EQ(compared, kept) << "gradients that nothing was compared with";
}

}  // namespace counterpoint::testing
