// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/TensorOperators.h>
#include <gmock/gmock.h>

#include <cmath>

#include "core/base/error.h"
#include "core/train/optimizer.h"
#include "core/train/pace.h"
#include "core/train/precision.h"
#include "core/train/schedule.h"

namespace counterpoint {
namespace {

at::Tensor leaf(const std::vector<double>& values) { return at::tensor(values, at::kDouble).set_requires_grad(true); }

std::vector<double> numbers(const at::Tensor& tensor) {
  const auto values = tensor.detach().contiguous();
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

// Gradients that change from step to step, the same for both sides of a comparison.
double gradientAt(int step, std::size_t i) { return std::sin(1.0 + step * 0.7 + static_cast<double>(i)); }

TEST(Optimizer, FollowsAdamW) {
  auto fast = leaf({0.5, -1.0}), slow = leaf({2.0}), unused = leaf({7.0});
  Optimizer optimizer(
      {{"fast", 0.1, 0.05, true, {{"fast", fast}}}, {"slow", 0.01, 0, true, {{"slow", slow}, {"unused", unused}}}});
  std::vector<double> x{0.5, -1.0, 2.0}, m(3), v(3);
  for (int step = 1; step <= 7; ++step) {
    fast.mutable_grad() = at::tensor(std::vector<double>{gradientAt(step, 0), gradientAt(step, 1)}, at::kDouble);
    slow.mutable_grad() = at::tensor(std::vector<double>{gradientAt(step, 2)}, at::kDouble);
    optimizer.step(0.5);
    for (std::size_t i = 0; i < 3; ++i) {
      const double rate = (i < 2 ? 0.1 : 0.01) * 0.5, decay = i < 2 ? 0.05 : 0, g = gradientAt(step, i);
      x[i] -= rate * decay * x[i];
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      x[i] -= rate * (m[i] / (1 - std::pow(0.9, step))) / (std::sqrt(v[i] / (1 - std::pow(0.999, step))) + 1e-8);
    }
  }
  EXPECT_THAT(numbers(fast), testing::Pointwise(testing::DoubleNear(1e-12), std::vector<double>{x[0], x[1]}));
  EXPECT_NEAR(numbers(slow)[0], x[2], 1e-12);
  EXPECT_EQ(numbers(unused)[0], 7.0);
  EXPECT_EQ(optimizer.state().size(), 6u) << "nothing for the unused one";
  optimizer.zeroGradients();
  EXPECT_FALSE(fast.grad().defined());
}

TEST(Optimizer, FollowsSgdWithMomentum) {
  auto parameter = leaf({0.5});
  OptimizerOptions options;
  options.kind = OptimizerOptions::Kind::Sgd;
  Optimizer optimizer({{"all", 0.1, 0.02, true, {{"x", parameter}}}}, options);
  double x = 0.5, momentum = 0;
  for (int step = 1; step <= 5; ++step) {
    parameter.mutable_grad() = at::tensor(std::vector<double>{gradientAt(step, 0)}, at::kDouble);
    optimizer.step();
    momentum = 0.9 * momentum + gradientAt(step, 0) + 0.02 * x;
    x -= 0.1 * momentum;
  }
  EXPECT_NEAR(numbers(parameter)[0], x, 1e-13);
}

TEST(Optimizer, ClipsTheGlobalNormOfClippedGroups) {
  auto a = leaf({0.0}), b = leaf({0.0}), temperature = leaf({0.0});
  Optimizer optimizer(
      {{"a", 1, 0, true, {{"a", a}}}, {"b", 1, 0, true, {{"b", b}}}, {"t", 1, 0, false, {{"t", temperature}}}});
  a.mutable_grad() = at::tensor(std::vector<double>{3.0}, at::kDouble);
  b.mutable_grad() = at::tensor(std::vector<double>{4.0}, at::kDouble);
  temperature.mutable_grad() = at::tensor(std::vector<double>{9.0}, at::kDouble);
  EXPECT_NEAR(optimizer.clipGradients(10), 5, 1e-12);
  EXPECT_EQ(numbers(a.grad())[0], 3.0) << "below the limit nothing changes";
  EXPECT_NEAR(optimizer.clipGradients(1), 5, 1e-12);
  EXPECT_NEAR(numbers(a.grad())[0], 0.6, 1e-6);
  EXPECT_NEAR(numbers(b.grad())[0], 0.8, 1e-6);
  EXPECT_EQ(numbers(temperature.grad())[0], 9.0);
  EXPECT_NEAR(optimizer.gradientNorms().at("t"), 9, 1e-12);
}

TEST(Optimizer, RefusesWhatDoesNotFit) {
  auto x = leaf({1.0, 2.0});
  EXPECT_THROW(Optimizer({{"a", 1, 0, true, {{"x", x}, {"y", x}}}}), Error);
  Optimizer optimizer({{"a", 1, 0, true, {{"x", x}}}});
  const auto one = at::ones({1}, at::kDouble), two = at::ones({2}, at::kDouble);
  EXPECT_THROW(optimizer.loadState({{"exp_avg/x", one}, {"exp_avg_sq/x", one}, {"step/x", one.sum()}}), Error);
  EXPECT_THROW(optimizer.loadState({{"exp_avg/x", two}, {"step/x", one.sum()}}), Error);
  optimizer.loadState({{"exp_avg/x", two}, {"exp_avg_sq/x", two}, {"step/x", one.sum()}});
  EXPECT_EQ(optimizer.state().size(), 3u);
}

TEST(RateSchedule, WarmsUpAndFalls) {
  const RateSchedule cosine{RateShape::CosineWarmup, 10, 110, 0};
  EXPECT_EQ(cosine.factor(0), 0);
  EXPECT_EQ(cosine.factor(5), 0.5);
  EXPECT_EQ(cosine.factor(10), 1);
  EXPECT_NEAR(cosine.factor(35), 0.853553, 1e-6);
  EXPECT_NEAR(cosine.factor(60), 0.5, 1e-12);
  EXPECT_NEAR(cosine.factor(200), 0, 1e-12);
  const RateSchedule linear{RateShape::LinearWarmup, 0, 100, 0.1};
  EXPECT_EQ(linear.factor(0), 1);
  EXPECT_NEAR(linear.factor(50), 0.55, 1e-12);
  EXPECT_NEAR(linear.factor(100), 0.1, 1e-12);
  EXPECT_EQ((RateSchedule{RateShape::Constant, 4, 100, 0}.factor(99)), 1);
  EXPECT_EQ(rateShape("cosine_with_warmup"), RateShape::CosineWarmup);
  EXPECT_THROW(rateShape("cosin"), Error);
}

TEST(EpochSchedule, FollowsTheSpec) {
  EXPECT_EQ((EpochSchedule{"linear", 0.1, 0.05, 0}.at(9)), 0.1);
  EXPECT_NEAR((EpochSchedule{"linear", 0.1, 0.05, 10}.at(5)), 0.075, 1e-12);
  EXPECT_NEAR((EpochSchedule{"cosine", 0.1, 0.05, 4}.at(1)), 0.0926777, 1e-7);
  EXPECT_NEAR((EpochSchedule{"exponential", 0.1, 0.025, 2}.at(1)), 0.05, 1e-12);
  EXPECT_EQ((EpochSchedule{"exponential", 0.1, 0.025, 2}.at(2)), 0.025);
  EXPECT_NEAR((EpochSchedule{"step", 0.95, 0, 10}.at(0)), 0.855, 1e-12);
  EXPECT_THROW((EpochSchedule{"lineal", 0.1, 0.05, 10}.at(1)), Error);
}

TEST(Pace, IsSilentUntilItIsSteady) {
  Pace pace(4, 3, 2);
  pace.step(9, 8);  // the first step is no measure
  for (int i = 0; i < 2; ++i) pace.step(0.5, 8);
  EXPECT_FALSE(pace.remaining(10, 0).has_value());
  for (int i = 0; i < 4; ++i) pace.step(0.5, 8);
  pace.validation(3);
  EXPECT_EQ(pace.remaining(10, 2), 11.0);
  EXPECT_EQ(pace.samplesPerSecond(), 16);
}

TEST(Autocast, LastsAsLongAsItsScope) {
  const auto a = at::ones({2, 2});
  {
    const Autocast autocast(c10::kCPU, Precision::Bfloat16);
    EXPECT_EQ(a.mm(a).scalar_type(), at::kBFloat16);
    {
      const Autocast inner(c10::kCPU, Precision::Float32);
      EXPECT_EQ(a.mm(a).scalar_type(), at::kFloat);
    }
    EXPECT_EQ(a.mm(a).scalar_type(), at::kBFloat16);
  }
  EXPECT_EQ(a.mm(a).scalar_type(), at::kFloat);
  EXPECT_THROW(precisionNamed("float16"), Error);
}

}  // namespace
}  // namespace counterpoint
