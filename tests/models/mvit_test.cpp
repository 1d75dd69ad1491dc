// SPDX-License-Identifier: GPL-3.0-or-later
// MViTv2 against torchvision (tests/golden/models/mvit.py), its size and its freezing.
#include "core/models/mvit/mvit.h"

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/models/freeze.h"
#include "core/models/mvit/attention.h"
#include "tests/models/formula.h"

namespace counterpoint {
namespace {

using testing::fillByFormula;
using testing::formulaTensor;
using testing::GoldenCase;

// Values in float32, gradients in `gradientType`.
void compare(const std::string& name, const MvitOptions& options, const std::vector<std::int64_t>& shape,
             c10::ScalarType gradientType = at::kFloat, const std::vector<std::string>& without = {}) {
  GoldenCase golden("mvit", name);
  Mvit model(options);
  fillByFormula(model);
  model.eval();
  {
    const c10::NoGradGuard noGrad;
    LayerOutputs layers;
    const at::Tensor tokens = model.forward(formulaTensor("clips", shape), &layers);
    ASSERT_EQ(layers.size(), options.blocks.size() + 1);
    for (const std::size_t block : {0, 3, 14}) golden.expect("block " + std::to_string(block), layers[block + 1]);
    golden.expect("tokens", tokens);
    EXPECT_EQ(model.tokenCount(shape[2], shape[3], shape[4]), tokens.size(1));
  }
  model.to(gradientType);
  const at::Tensor clips = formulaTensor("clips", shape).to(gradientType).set_requires_grad(true);
  golden.expectGradients(model.forward(clips), model, {{"clips", clips}}, without);
}

// Rounding to float32 moves some of the three million maxima of the first max-pool to a neighbour almost as large,
// which alone changes the gradients before it by up to a thousandth: those are compared in float64, below.
TEST(Mvit, EqualsTorchvisionAtPublishedSize) {
  compare(
      "published", mvitV2S(), {1, 3, 16, 224, 224}, at::kFloat,
      {"conv_proj.weight", "pos_encoding.class_token", "blocks.0.attn.rel_pos_h", "blocks.1.project.weight", "clips"});
}

// A minute of processor time: for --gtest_also_run_disabled_tests.
TEST(Mvit, DISABLED_LongEqualsTorchvisionAtPublishedSizeInFloat64) {
  compare("published", mvitV2S(), {1, 3, 16, 224, 224}, at::kDouble);
}

TEST(Mvit, EqualsTorchvisionWhenNarrow) {
  MvitOptions options = mvitV2SOfWidth(16);
  options.channels = 2;
  options.frames = 8;
  options.size = {64, 64};
  compare("narrow", options, {2, 2, 8, 64, 64});
}

TEST(Mvit, EqualsTorchvisionWithInterpolatedPositions) {
  MvitOptions options = mvitV2SOfWidth(16);
  options.channels = 2;
  options.frames = 10;
  options.size = {56, 56};
  compare("interpolated", options, {2, 2, 10, 56, 56});
}

TEST(Mvit, HasThePublishedSize) {
  const Mvit model(mvitV2S());
  std::int64_t parameters = 0;
  for (const at::Tensor& parameter : model.parameters()) parameters += parameter.numel();
  EXPECT_EQ(model.parameters().size(), 395U);
  EXPECT_EQ(parameters, 34'230'144);
  EXPECT_EQ(model.tokenCount(16, 224, 224), 393);
  EXPECT_EQ(model.features(), 768);
}

TEST(Mvit, FreezesTheFirstTensors) {
  Mvit model(mvitV2S());
  const FreezeReport report = setTrainableFraction(model, 0.8704820438649167);
  EXPECT_EQ(report.tensors, 395);
  EXPECT_EQ(report.trainableTensors, 343);
  EXPECT_EQ(report.firstTrainable, "blocks.1.project.bias");
  const auto parameters = model.named_parameters();
  EXPECT_FALSE(parameters["blocks.1.project.weight"].requires_grad());
  EXPECT_TRUE(parameters["blocks.1.project.bias"].requires_grad());
  EXPECT_EQ(setTrainableFraction(model, 0).trainableTensors, 0);
  EXPECT_EQ(setTrainableFraction(model, 0, true).trainableTensors, 395);
  EXPECT_EQ(setTrainableFraction(model, 1).trainableParameters, 34'230'144);
  EXPECT_THROW(setTrainableFraction(model, 1.5), Error);
}

TEST(Mvit, SaysWhatClipsItTakes) {
  MvitOptions options = mvitV2SOfWidth(8);
  options.frames = 8;
  options.size = {64, 64};
  Mvit model(options);
  try {
    model.forward(formulaTensor("clips", {1, 3, 8, 64, 60}));
    FAIL() << "a clip of another size went through";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    EXPECT_NE(std::string(error.what()).find("8 × 64 × 60"), std::string::npos) << error.what();
  }
  options.size = {16, 16};
  EXPECT_THROW(Mvit{options}, Error);
}

// Whole branches of single clips fall away in training, and only there.
TEST(Mvit, LeavesBranchesOutInTraining) {
  MvitOptions options = mvitV2SOfWidth(8);
  options.frames = 4;
  options.size = {64, 64};
  options.stochasticDepth = 0.9;
  Mvit model(options);
  const at::Tensor clips = formulaTensor("clips", {2, 3, 4, 64, 64});
  model.eval();
  EXPECT_TRUE(model.forward(clips).equal(model.forward(clips)));
  model.train();
  EXPECT_FALSE(model.forward(clips).equal(model.forward(clips)));
}

// Spec §5.3's formula, position by position.
TEST(Mvit, LooksUpRelativePositions) {
  const at::Tensor table = formulaTensor("table", {27, 3});
  const at::Tensor rows = relativePositions(table, 14, 7);
  for (std::int64_t i = 0; i < 14; ++i) {
    for (std::int64_t j = 0; j < 7; ++j) EXPECT_TRUE(rows[i][j].equal(table[i - (j + 1 - 7) * 2])) << i << ", " << j;
  }
}

}  // namespace
}  // namespace counterpoint
