// SPDX-License-Identifier: GPL-3.0-or-later
// R3D against torchvision (tests/golden/models/r3d.py).
#include "core/models/r3d/r3d.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/models/formula.h"

namespace counterpoint {
namespace {

using testing::fillByFormula;
using testing::formulaTensor;
using testing::GoldenCase;

R3dOptions smallR3d() {
  R3dOptions options;
  options.channels = 2;
  options.stemWidth = 8;
  options.stemKernel = {3, 5, 5};
  options.stages = {{8, 1, {1, 1, 1}}, {12, 1, {2, 2, 2}}, {16, 1, {2, 2, 2}}, {20, 1, {2, 2, 2}}};
  return options;
}

void compare(const std::string& name, const R3dOptions& options, const std::vector<std::int64_t>& shape, bool training,
             c10::ScalarType type = at::kFloat) {
  GoldenCase golden("r3d", name);
  R3d model(options);
  fillByFormula(model);
  model.to(type);
  model.train(training);
  const at::Tensor clips = formulaTensor("clips", shape).to(type).set_requires_grad(true);
  LayerOutputs layers;
  const at::Tensor tokens = model.forward(clips, &layers);
  golden.expect("stem", layers.at(0));
  golden.expect("layer1", layers.at(1));
  golden.expect("layer3", layers.at(3));
  ASSERT_EQ(tokens.size(1), 1);
  golden.expect("pooled", tokens.squeeze(1));
  if (training) {
    golden.expect("stem.1.running_mean", model.named_buffers()["stem.1.running_mean"]);
    golden.expect("layer4.0.conv2.1.running_var", model.named_buffers()["layer4.0.conv2.1.running_var"]);
  }
  golden.expectGradients(tokens.squeeze(1), model, {{"clips", clips}});
}

TEST(R3d, EqualsTorchvisionAtPublishedSize) { compare("published", {}, {1, 3, 8, 64, 64}, false); }
TEST(R3d, EqualsTorchvisionInTraining) { compare("published, training", {}, {2, 3, 8, 32, 32}, true); }
// In float64: with so few values a stage, one that rounding moves across ReLU's kink changes a gradient by a
// thousandth.
TEST(R3d, EqualsTorchvisionWhenSmall) { compare("small, training", smallR3d(), {4, 2, 16, 28, 28}, true, at::kDouble); }

TEST(R3d, HasThePublishedSize) {
  const R3d model;
  std::int64_t parameters = 0;
  for (const at::Tensor& parameter : model.parameters()) parameters += parameter.numel();
  EXPECT_EQ(parameters, 33'371'472 - (512 * 400 + 400));  // torchvision's, without its head
}

TEST(R3d, GivesTheGridAsTokens) {
  R3dOptions options = smallR3d();
  R3d pooled(options);
  options.tokens = "grid";
  R3d grid(options);
  for (R3d* model : {&pooled, &grid}) {
    fillByFormula(*model);
    model->eval();
  }
  const at::Tensor clips = formulaTensor("clips", {2, 2, 16, 28, 28});
  const at::Tensor tokens = grid.forward(clips);
  EXPECT_EQ(tokens.sizes().vec(), (std::vector<std::int64_t>{2, 2 * 2 * 2, 20}));
  EXPECT_EQ(grid.tokenCount(16, 28, 28), 8);
  EXPECT_TRUE(tokens.mean(1, true).allclose(pooled.forward(clips), 1e-5, 1e-6));
}

TEST(R3d, GroupNormDoesNotDependOnTheBatch) {
  R3dOptions options = smallR3d();
  options.normGroups = 4;
  R3d model(options);
  const at::Tensor clips = formulaTensor("clips", {3, 2, 8, 28, 28});
  EXPECT_TRUE(model.forward(clips)[1].allclose(model.forward(clips.narrow(0, 1, 1))[0], 1e-4, 1e-5));
  options.normGroups = 3;
  EXPECT_THROW(R3d{options}, Error);
}

TEST(R3d, RefusesWhatItDoesNotKnow) {
  R3dOptions options = smallR3d();
  options.tokens = "patches";
  EXPECT_THROW(R3d{options}, Error);
  R3d model(smallR3d());
  EXPECT_THROW(model.forward(formulaTensor("clips", {1, 3, 16, 28, 28})), Error);
}

}  // namespace
}  // namespace counterpoint
