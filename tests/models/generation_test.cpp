// SPDX-License-Identifier: GPL-3.0-or-later
// Generation: the cache against recomputation, greedy against teacher-forced logits, sampling, probabilities, ends.
#include "core/models/captioning_decoder/generation.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/base/error.h"
#include "tests/models/formula.h"

namespace counterpoint {
namespace {

using testing::fillByFormula;
using testing::formulaIds;
using testing::formulaTensor;

class Generation : public ::testing::Test {
 protected:
  static CaptioningDecoderOptions decoderOptions() {
    CaptioningDecoderOptions options;
    options.vocabulary = 40;
    options.dimension = 32;
    options.layers = 3;
    options.heads = 4;
    options.feedForward = 48;
    options.positions = 24;
    options.dropout = 0.5;  // must not act while generating
    return options;
  }

  Generation() : decoder_(decoderOptions()), video_(formulaTensor("video", {3, 9, 32})) { fillByFormula(decoder_); }

  // The model's distribution of the token after BEGIN and `tokens`, computed anew.
  at::Tensor logitsAfter(std::int64_t row, std::vector<std::int64_t> tokens) {
    tokens.insert(tokens.begin(), options_.beginId);
    decoder_.eval();
    const auto length = static_cast<std::int64_t>(tokens.size());
    return decoder_.forward(at::tensor(tokens).unsqueeze(0), {}, video_.narrow(0, row, 1))[0][length - 1].detach();
  }

  CaptioningDecoder decoder_;
  at::Tensor video_;
  GenerationOptions options_;
};

TEST_F(Generation, CacheEqualsRecomputation) {
  decoder_.eval();
  const at::Tensor ids = formulaIds("ids", {3, 12}, 1, 40);
  const at::Tensor whole = decoder_.forward(ids, {}, video_);
  DecoderCache cache = decoder_.startCache(video_, 12);
  for (std::int64_t i = 0; i < 12; ++i) {
    const at::Tensor step = decoder_.step(ids.select(1, i), cache);
    const double error = (step - whole.select(1, i)).abs().max().item<double>() / whole.abs().max().item<double>();
    EXPECT_LT(error, 1e-5) << "token " << i;
  }
  EXPECT_THROW(decoder_.step(ids.select(1, 0), cache), Error);
}

TEST_F(Generation, MaskedVideoTokensAreAsIfTheyWereNotThere) {
  decoder_.eval();
  const at::Tensor ids = formulaIds("ids", {3, 12}, 1, 40);
  const at::Tensor mask = at::arange(9).lt(5).expand({3, 9});
  const at::Tensor five = video_.narrow(1, 0, 5);
  EXPECT_TRUE(decoder_.forward(ids, {}, video_, mask).allclose(decoder_.forward(ids, {}, five), 1e-5, 1e-6));
  EXPECT_FALSE(decoder_.forward(ids, {}, video_).allclose(decoder_.forward(ids, {}, five), 1e-5, 1e-6));
  options_.maxTokens = 10;
  const auto masked = generateCaptions(decoder_, video_, options_, mask);
  const auto cut = generateCaptions(decoder_, five, options_);
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(masked[row].tokens, cut[row].tokens);
    EXPECT_NEAR(masked[row].probabilities[0], cut[row].probabilities[0], 1e-5);
  }
}

TEST_F(Generation, GreedyTakesTheLikeliestWithItsProbability) {
  decoder_.train();
  options_.maxTokens = 10;
  const auto captions = generateCaptions(decoder_, video_, options_);
  EXPECT_TRUE(decoder_.is_training());
  ASSERT_EQ(captions.size(), 3U);
  for (std::int64_t row = 0; row < 3; ++row) {
    const GeneratedCaption& caption = captions[static_cast<std::size_t>(row)];
    ASSERT_EQ(caption.tokens.size(), caption.probabilities.size());
    ASSERT_FALSE(caption.tokens.empty());
    for (std::size_t i = 0; i < caption.tokens.size(); ++i) {
      const at::Tensor logits = logitsAfter(
          row,
          std::vector<std::int64_t>(caption.tokens.begin(), caption.tokens.begin() + static_cast<std::ptrdiff_t>(i)));
      EXPECT_EQ(caption.tokens[i], logits.argmax().item<std::int64_t>());
      EXPECT_NEAR(caption.probabilities[i], at::softmax(logits, 0).max().item<double>(), 1e-5);
    }
  }
}

TEST_F(Generation, RowsEndOnTheirOwn) {
  // A row ends exactly where greedy first meets the end token: take a token that one row says early as the end.
  options_.maxTokens = 8;
  const auto free = generateCaptions(decoder_, video_, options_);
  options_.endId = free[0].tokens[1];
  const auto captions = generateCaptions(decoder_, video_, options_);
  for (std::size_t row = 0; row < 3; ++row) {
    const auto end = std::find(free[row].tokens.begin(), free[row].tokens.end(), options_.endId);
    const bool ends = end != free[row].tokens.end();
    EXPECT_EQ(captions[row].ended, ends);
    EXPECT_EQ(captions[row].tokens, std::vector<std::int64_t>(free[row].tokens.begin(), ends ? end + 1 : end));
  }
  EXPECT_TRUE(captions[0].ended);
  options_.maxTokens = 1000;  // the position table ends first
  EXPECT_LE(generateCaptions(decoder_, video_, options_)[1].tokens.size(), 24U);
}

TEST_F(Generation, SamplingRepeatsWithItsSeedAndRowByRow) {
  options_.sample = true;
  options_.maxTokens = 8;
  options_.endId = 0;
  options_.seed = 5;
  const auto first = generateCaptions(decoder_, video_, options_);
  const auto again = generateCaptions(decoder_, video_, options_);
  const auto alone = generateCaptions(decoder_, video_.narrow(0, 0, 1), options_);
  EXPECT_EQ(first[2].tokens, again[2].tokens);
  EXPECT_EQ(first[0].tokens, alone[0].tokens);
  options_.seed = 6;
  EXPECT_NE(first[2].tokens, generateCaptions(decoder_, video_, options_)[2].tokens);
}

TEST_F(Generation, SamplesTheModelsDistribution) {
  options_.sample = true;
  options_.maxTokens = 1;
  options_.temperature = 0.7;
  options_.topK = 0;
  constexpr int kDraws = 4000;
  const at::Tensor many = video_.narrow(0, 0, 1).expand({kDraws, -1, -1});
  std::map<std::int64_t, double> shares;
  for (const auto& caption : generateCaptions(decoder_, many, options_)) shares[caption.tokens[0]] += 1.0 / kDraws;
  const at::Tensor expected = at::softmax(logitsAfter(0, {}) / 0.7, 0);
  for (std::int64_t token = 0; token < 40; ++token) {
    const auto p = expected[token].item<double>();
    EXPECT_NEAR(shares[token], p, 5 * std::sqrt(p * (1 - p) / kDraws) + 1e-9) << token;
  }
}

TEST_F(Generation, CutsTheTail) {
  options_.sample = true;
  options_.maxTokens = 1;
  const at::Tensor many = video_.narrow(0, 0, 1).expand({500, -1, -1});
  const at::Tensor logits = logitsAfter(0, {});
  const at::Tensor order = logits.argsort(0, true);
  const auto allowed = [&](std::int64_t count, std::int64_t token) {
    return order.narrow(0, 0, count).eq(token).any().item<bool>();
  };
  options_.topK = 3;
  for (const auto& caption : generateCaptions(decoder_, many, options_)) EXPECT_TRUE(allowed(3, caption.tokens[0]));
  options_.topK = 0;
  options_.topP = 0.3;
  const at::Tensor mass = at::softmax(logits, 0).index_select(0, order).cumsum(0);
  const std::int64_t nucleus = mass.lt(0.3).sum().item<std::int64_t>() + 1;  // with the one that crosses
  ASSERT_LT(nucleus, 40);
  std::map<std::int64_t, int> seen;
  for (const auto& caption : generateCaptions(decoder_, many, options_)) {
    EXPECT_TRUE(allowed(nucleus, caption.tokens[0]));
    ++seen[caption.tokens[0]];
  }
  EXPECT_EQ(static_cast<std::int64_t>(seen.size()), nucleus);
}

TEST_F(Generation, PenaltyMindsTheSign) {
  options_.maxTokens = 6;
  options_.endId = 0;
  options_.repetitionPenalty = 1e6;  // positive logits fall to nothing, negative ones to the bottom
  for (std::int64_t row = 0; row < 3; ++row) {
    const auto caption = generateCaptions(decoder_, video_.narrow(0, row, 1), options_)[0];
    std::map<std::int64_t, int> seen;
    for (const std::int64_t token : caption.tokens) EXPECT_EQ(++seen[token], 1) << "token " << token;
  }
}

TEST_F(Generation, RefusesOptionsOutOfRange) {
  const auto refused = [&](auto change) {
    GenerationOptions options;
    change(options);
    EXPECT_THROW(generateCaptions(decoder_, video_, options), Error);
  };
  refused([](GenerationOptions& o) { o.temperature = 0; });
  refused([](GenerationOptions& o) { o.topP = 0; });
  refused([](GenerationOptions& o) { o.topK = -1; });
  refused([](GenerationOptions& o) { o.endId = 40; });
  refused([](GenerationOptions& o) { o.maxTokens = 0; });
}

}  // namespace
}  // namespace counterpoint
