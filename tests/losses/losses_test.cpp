// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ops/eye.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/TensorOperators.h>
#include <gmock/gmock.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/device/device.h"
#include "core/losses/caption.h"
#include "core/losses/contrastive.h"
#include "core/losses/weighted_sum.h"
#include "tests/losses/formula.h"
#include "tests/support/ranks.h"

namespace counterpoint {
namespace {

using formula::Matrix;

Matrix randomMatrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(rows, std::vector<double>(columns));
  for (auto& row : matrix) {
    for (auto& value : row) value = random.normal();
  }
  return matrix;
}

at::Tensor toTensor(const Matrix& matrix) {
  std::vector<double> flat;
  for (const auto& row : matrix) flat.insert(flat.end(), row.begin(), row.end());
  return at::tensor(flat, at::kDouble)
      .reshape({static_cast<std::int64_t>(matrix.size()), static_cast<std::int64_t>(matrix[0].size())});
}

at::Tensor leaf(const Matrix& matrix) { return toTensor(matrix).set_requires_grad(true); }

void expectNear(const at::Tensor& actual, const Matrix& expected, double tolerance) {
  ASSERT_TRUE(actual.defined());
  EXPECT_LT((actual - toTensor(expected)).abs().max().item<double>(), tolerance);
}

ContrastiveOptions options(ContrastiveKind kind, double temperature) {
  ContrastiveOptions options;
  options.kind = kind;
  options.temperature = temperature;
  return options;
}

// τ passes through float32 as log_temp; the formula takes what the module really has.
double lossTemperature(const ContrastiveLoss& loss) { return loss.temperature(); }

TEST(ContrastiveLoss, GivesTheValuesOfTheSpec) {
  const auto identity = at::eye(4, at::kDouble);
  const auto value = [&](double temperature) {
    return ContrastiveLoss(options(ContrastiveKind::Softmax, temperature))
        .forward({identity, identity, {}, {}, {}})
        .item<double>();
  };
  EXPECT_NEAR(value(1), 0.743668, 1e-6);                           // −1 + ln(e + 3)
  EXPECT_NEAR(value(0.1), std::log(1 + 3 * std::exp(-10)), 1e-9);  // the temperature is a float32
  const auto one = at::ones({1, 4}, at::kDouble);
  EXPECT_NEAR(ContrastiveLoss(options(ContrastiveKind::Siglip, 0.1)).forward({one, one, {}, {}, {}}).item<double>(),
              0.693147, 1e-5);
}

class SoftmaxKinds : public testing::TestWithParam<ContrastiveKind> {};

TEST_P(SoftmaxKinds, FollowTheFormulaInValueAndGradient) {
  const bool gated = GetParam() == ContrastiveKind::GatedSoftmax;
  const auto videos = randomMatrix(5, 7, 1), texts = randomMatrix(5, 7, 2);
  for (const auto& ids : {std::vector<int>{0, 1, 2, 3, 4}, std::vector<int>{0, 1, 0, 2, 0}}) {
    auto wanted = options(GetParam(), 0.2);
    wanted.learnableTemperature = true;
    ContrastiveLoss loss(wanted);
    const auto v = leaf(videos), t = leaf(texts);
    const auto idTensor = at::tensor(std::vector<std::int64_t>(ids.begin(), ids.end()), at::kLong);
    const auto value = loss.forward({v, t, idTensor, {}, {}});
    const double temperature = lossTemperature(loss);
    const auto f = [&](const Matrix& a, const Matrix& b, double tau) {
      return formula::softmaxLoss(a, b, tau, ids, gated);
    };
    EXPECT_NEAR(value.item<double>(), f(videos, texts, temperature), 1e-12);
    value.backward();
    expectNear(v.grad(), formula::gradient(videos, [&](const Matrix& x) { return f(x, texts, temperature); }), 1e-8);
    expectNear(t.grad(), formula::gradient(texts, [&](const Matrix& x) { return f(videos, x, temperature); }), 1e-8);
    const double ofLog =
        (f(videos, texts, temperature * std::exp(1e-5)) - f(videos, texts, temperature * std::exp(-1e-5))) / 2e-5;
    EXPECT_NEAR(loss.named_parameters()["log_temp"].grad().item<double>(), ofLog, 1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, SoftmaxKinds, testing::Values(ContrastiveKind::Softmax, ContrastiveKind::GatedSoftmax));

TEST(SiglipLoss, FollowsTheFormulaInValueAndGradient) {
  const auto videos = randomMatrix(4, 6, 3), texts = randomMatrix(5, 6, 4);
  const Matrix positives{{1, 0, 0.5, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 0, 0, 0}, {1, 1, 0, 1, 1}};
  const Matrix severity{{2, 0, 3, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 0, 0, 0}, {1, 2, 0, 1, 4}};
  for (int variant = 0; variant < 4; ++variant) {
    auto wanted = options(ContrastiveKind::Siglip, 0.5);
    wanted.biasInit = -1;
    wanted.positiveWeight = 1.5;
    wanted.negativeWeight = 0.5;
    wanted.autoBalance = variant == 2;
    wanted.entropyRegularization = variant == 3;
    ContrastiveLoss loss(wanted);
    const formula::Siglip same{loss.temperature(), -1, 1.5, 0.5, variant == 2, variant == 3, 0.1, 2.0};
    const auto weights = variant == 1 ? severity : Matrix{};
    const auto v = leaf(videos), t = leaf(texts);
    const auto value = loss.forward({v, t, {}, toTensor(positives), variant == 1 ? toTensor(severity) : at::Tensor()});
    EXPECT_NEAR(value.item<double>(), formula::siglipLoss(videos, texts, positives, weights, same), 1e-12) << variant;
    value.backward();
    const auto ofVideos = [&](const Matrix& x) { return formula::siglipLoss(x, texts, positives, weights, same); };
    expectNear(v.grad(), formula::gradient(videos, ofVideos), 1e-8);
    auto up = same, down = same;
    up.bias += 1e-5;
    down.bias -= 1e-5;
    const double ofBias = (formula::siglipLoss(videos, texts, positives, weights, up) -
                           formula::siglipLoss(videos, texts, positives, weights, down)) /
                          2e-5;
    EXPECT_NEAR(loss.named_parameters()["bias"].grad().item<double>(), ofBias, 1e-6) << variant;
  }
}

TEST(ContrastiveLoss, KeepsItsOwnNamesAndTemperature) {
  ContrastiveLoss loss(options(ContrastiveKind::Siglip, 0.07));
  EXPECT_TRUE(loss.named_parameters().contains("log_temp"));
  EXPECT_FALSE(loss.named_parameters()["log_temp"].requires_grad()) << "follows a schedule unless it is learned";
  EXPECT_TRUE(loss.named_parameters()["bias"].requires_grad());
  loss.setTemperature(0.5);
  EXPECT_NEAR(loss.temperature(), 0.5, 1e-6);
  EXPECT_EQ(contrastiveKind("siglip_ddp"), ContrastiveKind::GatedSoftmax);
  EXPECT_THROW(contrastiveKind("siglipp"), Error);
  const auto three = at::ones({3, 2}), two = at::ones({2, 2});
  EXPECT_THROW(loss.forward({three, two, {}, {}, {}}), Error);
}

// Value and input gradients of one rank's share, as the average over ranks would make them.
const RankBodyName kShares("loss_shares", [](const std::filesystem::path& folder, const std::string& argument) {
  setThreads(1);
  const auto group = ProcessGroup::join(readGroupEnvironment());
  const auto parts = Json::parse(argument);
  auto wanted = options(parts["kind"] == "siglip" ? ContrastiveKind::Siglip : ContrastiveKind::GatedSoftmax, 0.2);
  wanted.biasInit = -1;
  ContrastiveLoss loss(wanted, group);
  // Five samples, 2 + 3 of them on two ranks; samples 0 and 3 have the same text, on different ranks.
  const auto ids = at::tensor(std::vector<std::int64_t>{7, 8, 9, 7, 6}, at::kLong);
  const std::int64_t start = group.rank() == 0 ? 0 : 2, count = group.size() == 1 ? 5 : (group.rank() == 0 ? 2 : 3);
  const auto cut = [&](const at::Tensor& all) { return all.narrow(0, start, count).clone().set_requires_grad(true); };
  const auto v = cut(toTensor(randomMatrix(5, 6, 5))), t = cut(toTensor(randomMatrix(5, 6, 6)));
  const auto logits = cut(toTensor(randomMatrix(5, 3 * 11, 7)).reshape({5, 3, 11}));
  const auto tokens =
      at::tensor(std::vector<std::int64_t>{1, 5, 2, 0, 1, 2, 0, 0, 1, 7, 8, 2, 1, 3, 2, 0, 1, 4, 9, 2}, at::kLong)
          .reshape({5, 4});
  const auto contrastive = loss.forward({v, t, ids.narrow(0, start, count), {}, {}});
  const auto caption = captionLoss(logits, tokens.narrow(0, start, count), {}, group);
  (weightedSum({{"a", 1, contrastive}, {"b", 0.5, caption}}) / static_cast<double>(group.size())).backward();
  const auto list = [](const at::Tensor& tensor) {
    const auto flat = tensor.contiguous();
    return std::vector<double>(flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel());
  };
  Json result{{"contrastive", contrastive.item<double>()},
              {"caption", caption.item<double>()},
              {"v", list(v.grad())},
              {"t", list(t.grad())},
              {"logits", list(logits.grad())}};
  writeJsonFile(folder / ("result." + std::to_string(group.size()) + "." + std::to_string(group.rank())), result);
  return 0;
});

class OverRanks : public testing::TestWithParam<const char*> {};

TEST_P(OverRanks, TwoRanksComputeWhatOneDoes) {
  const TemporaryFolder folder;
  const auto argument = Json{{"kind", GetParam()}}.dump();
  for (const int size : {1, 2}) ASSERT_THAT(runRanks(size, "loss_shares", folder.path(), argument), testing::Each(0));
  const auto whole = readJsonFile(folder / "result.1.0"), zero = readJsonFile(folder / "result.2.0"),
             one = readJsonFile(folder / "result.2.1");
  EXPECT_NEAR(zero["contrastive"].get<double>(), whole["contrastive"].get<double>(), 1e-12);
  EXPECT_NEAR(one["contrastive"].get<double>(), whole["contrastive"].get<double>(), 1e-12);
  EXPECT_NEAR((zero["caption"].get<double>() + one["caption"].get<double>()) / 2, whole["caption"].get<double>(),
              1e-12);
  for (const auto* name : {"v", "t", "logits"}) {
    auto joined = zero[name].get<std::vector<double>>();
    const auto rest = one[name].get<std::vector<double>>();
    joined.insert(joined.end(), rest.begin(), rest.end());
    EXPECT_THAT(joined, testing::Pointwise(testing::DoubleNear(1e-12), whole[name].get<std::vector<double>>())) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, OverRanks, testing::Values("gated", "siglip"));

TEST(CaptionLoss, MasksPadsAndWeighsWords) {
  const std::int64_t words = 6;
  const auto values = randomMatrix(2, 3 * 6, 8);
  const std::vector<std::vector<int>> ids{{1, 4, 2, 0}, {1, 3, 0, 0}};
  std::vector<double> wordWeights{1, 1, 0.5, 2, 3, 1};
  std::vector<std::int64_t> flatIds;
  for (const auto& row : ids) flatIds.insert(flatIds.end(), row.begin(), row.end());
  const auto idTensor = at::tensor(flatIds, at::kLong).reshape({2, 4});
  struct Variant {
    bool maskPads, weighted;
    double smoothing;
  };
  for (const auto& variant : {Variant{true, false, 0}, {false, false, 0}, {true, true, 0}, {true, true, 0.1}}) {
    const auto f = [&](const Matrix& x) {
      double sum = 0, total = 0;
      for (std::size_t b = 0; b < 2; ++b) {
        for (std::size_t s = 0; s < 3; ++s) {
          const auto target = static_cast<std::size_t>(ids[b][s + 1]);
          if (variant.maskPads && target == 0) continue;
          const double* z = &x[b][s * 6];
          double normaliser = 0, mean = 0;
          for (std::size_t k = 0; k < 6; ++k) normaliser += std::exp(z[k]);
          for (std::size_t k = 0; k < 6; ++k) mean += (z[k] - std::log(normaliser)) / 6;
          const double weight = variant.weighted ? wordWeights[target] : 1;
          sum -= weight * ((1 - variant.smoothing) * (z[target] - std::log(normaliser)) + variant.smoothing * mean);
          total += weight;
        }
      }
      return sum / total;
    };
    CaptionLossOptions wanted;
    wanted.maskPads = variant.maskPads;
    wanted.labelSmoothing = variant.smoothing;
    if (variant.weighted) wanted.tokenWeights = at::tensor(wordWeights, at::kDouble);
    const auto x = leaf(values);
    const auto value = captionLoss(x.reshape({2, 3, words}), idTensor, wanted);
    EXPECT_NEAR(value.item<double>(), f(values), 1e-12);
    value.backward();
    expectNear(x.grad(), formula::gradient(values, f), 1e-8);
  }
}

TEST(CaptionLoss, IsZeroWhereNothingCounts) {
  const auto logits = leaf(randomMatrix(1, 2 * 4, 9));
  const auto value = captionLoss(logits.reshape({1, 2, 4}), at::zeros({1, 3}, at::kLong));
  EXPECT_EQ(value.item<double>(), 0);
  value.backward();
  EXPECT_EQ(logits.grad().abs().max().item<double>(), 0);
  EXPECT_THROW(captionLoss(logits.reshape({1, 2, 4}), at::zeros({1, 2}, at::kLong)), Error);
}

TEST(WeightedSum, LeavesOutWhatWeighsNothing) {
  const auto two = at::tensor(2.0, at::kDouble), bad = at::tensor(std::nan(""), at::kDouble);
  EXPECT_EQ(weightedSum({{"a", 1.5, two}, {"b", 0, bad}}).item<double>(), 3);
  EXPECT_THROW(weightedSum({{"b", 0, bad}}), Error);
}

TEST(LossWeightSchedule, GoesFromFirstToLast) {
  LossWeightSchedule schedule{LossWeightSchedule::Shape::Cosine, 10, 110, {{"a", 1}, {"b", 2}}, {{"a", 0}}};
  EXPECT_EQ(schedule.at(5).at("a"), 1);
  EXPECT_NEAR(schedule.at(60).at("a"), 0.5, 1e-12);
  EXPECT_NEAR(schedule.at(35).at("a"), 1 - 0.146447, 1e-6);
  EXPECT_NEAR(schedule.at(500).at("a"), 0, 1e-12);
  EXPECT_EQ(schedule.at(500).at("b"), 2);
}

}  // namespace
}  // namespace counterpoint
