// SPDX-License-Identifier: GPL-3.0-or-later
// The video encoder around its backbone, the registry, and how long a tiny network's step takes.
#include "core/models/video_encoder/video_encoder.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/tensor.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <ctime>

#include "core/base/error.h"
#include "core/models/registry.h"
#include "core/tensorio/module_weights.h"
#include "tests/models/formula.h"

namespace counterpoint {
namespace {

using testing::fillByFormula;
using testing::formulaTensor;

Json smallSettings() {
  return Json::parse(R"({
    "backbone": "r3d", "dimension": 24, "heads": 4, "depth": 1, "pooling": "attention", "pool_heads": 2,
    "r3d": {"channels": 2, "stem_width": 8, "tokens": "grid", "norm_groups": 4,
            "stages": [{"width": 8, "blocks": 1, "stride": [1, 1, 1]}, {"width": 16, "blocks": 1}]}})");
}

TEST(VideoEncoder, ShapesOfStudies) {
  for (const char* pooling : {"mean", "attention", "cls_token"}) {
    Json settings = smallSettings();
    settings["pooling"] = pooling;
    VideoEncoder model(videoEncoderOptions(settings));
    const VideoTokens tokens = model.tokens(formulaTensor("clips", {2, 3, 8, 16, 16, 2}));
    EXPECT_EQ(tokens.tokenGrid.sizes().vec(), (std::vector<std::int64_t>{2, 3, 64, 24}));
    EXPECT_EQ(tokens.patchTokens.sizes().vec(), (std::vector<std::int64_t>{2, 3 * 64, 24}));
    EXPECT_EQ(tokens.perClip.sizes().vec(), (std::vector<std::int64_t>{2, 3, 24}));
    EXPECT_EQ(tokens.study.sizes().vec(), (std::vector<std::int64_t>{2, 24}));
    EXPECT_EQ(model.backbone().tokenCount(8, 16, 16), 64);
    EXPECT_EQ(model.tokens(formulaTensor("clips", {2, 8, 16, 16, 2})).tokenGrid.size(1), 1);
  }
}

TEST(VideoEncoder, ProjectsAndAveragesItsTokens) {
  Json settings = smallSettings();
  settings["pooling"] = "mean";
  VideoEncoder model(videoEncoderOptions(settings));
  model.eval();
  const at::Tensor clips = formulaTensor("clips", {2, 3, 8, 16, 16, 2});
  const VideoTokens tokens = model.tokens(clips);
  const auto parameters = model.named_parameters();
  // Clip 1 of study 1, by hand.
  const at::Tensor features = model.backbone().forward(clips[1][1].permute({3, 0, 1, 2}).unsqueeze(0))[0];
  const at::Tensor expected = at::gelu(features.mm(parameters["proj.1.weight"].t()) + parameters["proj.1.bias"]);
  EXPECT_TRUE(tokens.tokenGrid[1][1].allclose(expected, 1e-4, 1e-5));
  EXPECT_TRUE(tokens.perClip[1][1].allclose(expected.mean(0), 1e-4, 1e-5));
  EXPECT_TRUE(tokens.patchTokens[1].narrow(0, 64, 64).allclose(expected, 1e-4, 1e-5));
  EXPECT_TRUE(tokens.study.allclose(model.aggregate(tokens.perClip)));
}

TEST(VideoEncoder, MasksPaddedClipsUnlessToldOtherwise) {
  const at::Tensor clips = formulaTensor("clips", {1, 3, 8, 16, 16, 2});
  const at::Tensor present = at::tensor({1, 1, 0}).to(at::kBool).unsqueeze(0);
  Json settings = smallSettings();
  for (const bool masks : {true, false}) {
    settings["mask_padded_clips"] = masks;
    VideoEncoder model(videoEncoderOptions(settings));
    model.eval();
    const at::Tensor two = model.forward(clips.narrow(1, 0, 2));
    const VideoTokens tokens = model.tokens(clips, present);
    EXPECT_EQ(tokens.study.allclose(two, 1e-4, 1e-5), masks);
    ASSERT_EQ(tokens.patchMask.has_value(), masks);
    if (!masks) continue;
    EXPECT_TRUE(tokens.patchMask->equal(at::arange(3 * 64).lt(2 * 64).unsqueeze(0)));
    const at::Tensor alone = model.tokens(clips.narrow(1, 0, 2)).patchTokens;
    EXPECT_TRUE(tokens.patchTokens.narrow(1, 0, 128).allclose(alone, 1e-4, 1e-5));
    EXPECT_EQ(tokens.patchTokens.narrow(1, 128, 64).abs().max().item<float>(), 0);
  }
}

TEST(VideoEncoder, MixerSeesPlaces) {
  Json settings = smallSettings();
  settings["mixer_depth"] = 1;
  settings["mixer_tokens"] = 64;
  VideoEncoder model(videoEncoderOptions(settings));
  EXPECT_EQ(model.tokens(formulaTensor("clips", {1, 8, 16, 16, 2})).tokenGrid.size(2), 64);
  EXPECT_TRUE(model.named_parameters().contains("token_mixer.blocks.0.attn.in_proj_weight"));
  EXPECT_THROW(model.tokens(formulaTensor("clips", {1, 16, 16, 16, 2})), Error);
}

TEST(Registry, MakesEveryModelByName) {
  EXPECT_EQ(modelRegistry().size(), 6U);
  const auto encoder = makeModel("video_encoder", smallSettings());
  EXPECT_NE(dynamic_cast<VideoEncoder*>(encoder.get()), nullptr);
  const auto decoder =
      makeModel("captioning_decoder", Json::parse(R"({"vocabulary": 50, "dimension": 16, "layers": 1})"));
  EXPECT_EQ(decoder->named_parameters()["lm_head.weight"].sizes().vec(), (std::vector<std::int64_t>{50, 16}));
  EXPECT_EQ(mvitOptions(Json::parse(R"({"width": 8, "frames": 4})")).blocks.back().out, 64);
  EXPECT_THROW(makeModel("video_encodr", {}), Error);
}

TEST(Registry, NamesUnknownSettings) {
  try {
    r3dOptions(Json::parse(R"({"stages": [{"widht": 3}]})"));
    FAIL() << "an unknown key was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    EXPECT_EQ(error.where(), "r3d.stages[0].widht");
    EXPECT_NE(error.cure().find("width"), std::string::npos);
  }
  EXPECT_THROW(bertOptions(Json::parse(R"({"layers": "two"})")), Error);
}

// Saved and loaded under a prefix, the encoder answers the same.
TEST(VideoEncoder, SurvivesItsFile) {
  VideoEncoder one(videoEncoderOptions(smallSettings())), two(videoEncoderOptions(smallSettings()));
  one.eval();
  two.eval();
  const at::Tensor clips = formulaTensor("clips", {1, 8, 16, 16, 2});
  EXPECT_FALSE(one.forward(clips).equal(two.forward(clips)));
  loadState(two, stateOf(one, "video_encoder."), "test", {"video_encoder.", true, {}});
  EXPECT_TRUE(one.forward(clips).equal(two.forward(clips)));
}

// What the sample trains: 16 clips of 16 × 28 × 28 × 2. The processor time is printed; the bound only catches a
// blunder.
TEST(VideoEncoder, TrainsATinyNetworkFast) {
  at::set_num_threads(1);
  R3dOptions options;
  options.channels = 2;
  options.stemWidth = 16;
  options.stemKernel = {3, 5, 5};
  options.stages = {{16, 1, {1, 1, 1}}, {32, 1, {2, 2, 2}}, {64, 1, {2, 2, 2}}, {96, 1, {2, 2, 2}}};
  for (const std::int64_t timeStride : {1, 2}) {
    options.stemStride = {timeStride, 2, 2};
    R3d model(options);
    const at::Tensor loaded = formulaTensor("clips", {16, 16, 28, 28, 2}).permute({0, 4, 1, 2, 3});
    for (const bool channelsLast : {true, false}) {
      const at::Tensor clips = channelsLast ? loaded : loaded.contiguous();
      double best = HUGE_VAL;
      for (int i = 0; i < 4; ++i) {
        const std::clock_t begin = std::clock();
        model.forward(clips).sum().backward();
        best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
      }
      std::printf("tiny R3D, stem stride %d,2,2, channels %s, 16 clips, forward and backward: %.0f ms\n",
                  static_cast<int>(timeStride), channelsLast ? "last" : "first", best * 1e3);
      EXPECT_LT(best, 5);
    }
  }
}

}  // namespace
}  // namespace counterpoint
