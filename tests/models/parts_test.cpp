// SPDX-License-Identifier: GPL-3.0-or-later
// Aggregator, token pools and captioning decoder against their rendering in plain torch.nn
// (tests/golden/models/deepcoro.py).
#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/models/captioning_decoder/captioning_decoder.h"
#include "core/models/video_encoder/aggregator.h"
#include "core/models/video_encoder/token_pool.h"
#include "tests/models/formula.h"

namespace counterpoint {
namespace {

using testing::fillByFormula;
using testing::formulaIds;
using testing::formulaTensor;
using testing::GoldenCase;

at::Tensor upTo(const std::vector<std::int64_t>& lengths, std::int64_t most) {
  return at::arange(most).unsqueeze(0).lt(at::tensor(lengths).unsqueeze(1));
}

AggregatorOptions aggregatorOptions() {
  AggregatorOptions options;
  options.dimension = 64;
  options.heads = 4;
  options.maxClips = 32;
  return options;
}

void compareAggregator(const std::string& name, const std::optional<at::Tensor>& present) {
  GoldenCase golden("deepcoro", name);
  Aggregator model(aggregatorOptions());
  fillByFormula(model);
  const at::Tensor clips = formulaTensor("clips", {3, 5, 64}).set_requires_grad(true);
  std::vector<at::Tensor> layers;
  const at::Tensor study = model.forward(clips, present, &layers);
  const at::Tensor shown = present ? present->unsqueeze(-1) : at::ones({3, 5, 1});
  for (const std::size_t i : {0, 1}) golden.expect("block " + std::to_string(i), layers.at(i) * shown);
  golden.expect("study", study);
  golden.expectGradients(study, model, {{"clips", clips}});
}

TEST(Aggregator, EqualsItsRendering) { compareAggregator("aggregator", {}); }
TEST(Aggregator, EqualsItsRenderingWithPaddedClips) {
  compareAggregator("aggregator, padded clips", upTo({3, 5, 1}, 5));
}

// A single clip has weight one: with attention at zero the result is final_ln(block(x + position)).
TEST(Aggregator, TakesASingleClipAsItIs) {
  Aggregator model(aggregatorOptions());
  fillByFormula(model);
  const auto parameters = model.named_parameters();
  for (const char* block : {"blocks.0", "blocks.1"}) {
    parameters[std::string(block) + ".attn.out_proj.weight"].data().zero_();
    parameters[std::string(block) + ".attn.out_proj.bias"].data().zero_();
  }
  const at::Tensor clips = formulaTensor("clips", {2, 1, 64});
  std::vector<at::Tensor> layers;
  const at::Tensor study = model.forward(clips, {}, &layers);
  const at::Tensor& x = layers.back();
  const at::Tensor normed = (x - x.mean(-1, true)) / (x.var(-1, false, true) + 1e-5).sqrt();
  const at::Tensor expected = normed * parameters["final_ln.weight"] + parameters["final_ln.bias"];
  EXPECT_TRUE(study.allclose(expected.squeeze(1), 1e-4, 1e-5));
}

TEST(Aggregator, PaddedClipsChangeNothingAndEmptyStudiesStayFinite) {
  Aggregator model(aggregatorOptions());
  const at::Tensor clips = formulaTensor("clips", {2, 5, 64}).set_requires_grad(true);
  const at::Tensor study = model.forward(clips, upTo({3, 0}, 5));
  EXPECT_TRUE(study[0].allclose(model.forward(clips.narrow(1, 0, 3))[0], 1e-4, 1e-5));
  EXPECT_EQ(study[1].abs().max().item<double>(), 0);
  study.sum().backward();
  EXPECT_TRUE(clips.grad().isfinite().all().item<bool>());
  EXPECT_EQ(clips.grad()[0].narrow(0, 3, 2).abs().max().item<double>(), 0);
  EXPECT_THROW(model.forward(at::zeros({1, 33, 64})), Error);
}

void comparePool(const std::string& mode) {
  GoldenCase golden("deepcoro", "pool " + mode);
  const auto pool = makeTokenPool(mode, 64, 8, 0.1);
  fillByFormula(*pool);
  pool->eval();
  const at::Tensor tokens = formulaTensor("tokens", {3, 17, 64}).set_requires_grad(true);
  const at::Tensor vector = pool->forward(tokens);
  golden.expect("vector", vector);
  golden.expectGradients(vector, *pool, {{"tokens", tokens}});
}

TEST(TokenPool, AttentionEqualsItsRendering) { comparePool("attention"); }
TEST(TokenPool, ClassTokenEqualsItsRendering) { comparePool("cls_token"); }

TEST(TokenPool, MeanHasNoWeightsAndOtherNamesAreErrors) {
  EXPECT_EQ(makeTokenPool("mean", 64, 8, 0), nullptr);
  EXPECT_THROW(makeTokenPool("max", 64, 8, 0), Error);
}

TEST(CaptioningDecoder, EqualsItsRendering) {
  GoldenCase golden("deepcoro", "decoder");
  CaptioningDecoderOptions options;
  options.vocabulary = 150;
  options.dimension = 64;
  options.layers = 4;
  options.feedForward = 160;
  options.positions = 48;
  CaptioningDecoder model(options);
  fillByFormula(model);
  model.eval();
  const at::Tensor video = formulaTensor("video", {3, 21, 64}).set_requires_grad(true);
  const at::Tensor mask = upTo({14, 9, 5}, 14).to(at::kLong);
  std::vector<at::Tensor> layers;
  const at::Tensor logits = model.forward(formulaIds("tokens", {3, 14}, 1, 150) * mask, mask, video, {}, &layers);
  for (const std::size_t depth : {0, 1, 4}) golden.expect("layer " + std::to_string(depth), layers.at(depth));
  golden.expect("logits", logits);
  golden.expectGradients(logits, model, {{"video", video}});
}

}  // namespace
}  // namespace counterpoint
