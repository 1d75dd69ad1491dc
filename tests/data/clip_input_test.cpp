// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/clip_input.h"

#include <gmock/gmock.h>

#include "core/base/error.h"
#include "core/formats/npy.h"
#include "core/formats/safetensors.h"
#include "tests/support/golden.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/temporary_folder.h"

#include <cmath>
#include <limits>
#include <set>

namespace counterpoint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SpreadIndices, AreThoseOfTheSpec) {
  EXPECT_THAT(spreadIndices(37, 16), ElementsAre(0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24, 26, 28, 31, 33, 36));
}

TEST(SpreadIndices, AreThoseOfTorch) {
  const Json cases = readJsonFile(goldenFolder("data") / "spread.json");
  ASSERT_GT(cases.size(), 400U);
  for (const Json& one : cases)
    EXPECT_EQ(spreadIndices(one["total"], one["count"]), one["frames"].get<std::vector<int>>())
        << one["total"] << " to " << one["count"];
}

class ChooseFrames : public testing::Test {
 protected:
  ChooseFrames() {
    writeNumberedClip(folder_ / "clip.mp4", 40, 20);
    clip_ = std::make_unique<Clip>(Clip::open(folder_ / "clip.mp4"));
  }
  std::vector<int> choose(const ClipInputOptions& options, std::optional<double> rWave = {}, Random* random = nullptr) {
    return chooseFrames(*clip_, options, rWave, random);
  }
  TemporaryFolder folder_;
  std::unique_ptr<Clip> clip_;
};

TEST_F(ChooseFrames, WindowTakesTheFirstOnesAndRepeatsTheLast) {
  EXPECT_THAT(choose({.frames = 4, .stride = 3}), ElementsAre(0, 3, 6, 9));
  EXPECT_THAT(choose({.frames = 6, .stride = 12}), ElementsAre(0, 12, 24, 36, 36, 36));
}

TEST_F(ChooseFrames, SpreadGoesOverTheWholeClip) {
  // 20 strided frames: trunc(linspace(0, 19, 4)) = 0, 6, 12, 19.
  EXPECT_THAT(choose({.frames = 4, .stride = 2, .choice = FrameChoice::Spread}), ElementsAre(0, 12, 24, 38));
  EXPECT_THAT(choose({.frames = 3, .stride = 20, .choice = FrameChoice::Spread}), ElementsAre(0, 20, 20));
}

TEST_F(ChooseFrames, TheRWaveIsTheNearestFrame) {
  const ClipInputOptions options{.frames = 3, .stride = 2, .start = ClipStart::RWave};
  EXPECT_THAT(choose(options, 0.51), ElementsAre(10, 12, 14));  // frame 10 is at 0.50 s
  EXPECT_THAT(choose(options, 1.94), ElementsAre(39, 39, 39));
  EXPECT_THROW(choose(options), Error);
}

TEST_F(ChooseFrames, RandomStartsStayInsideAndReachBothEnds) {
  const ClipInputOptions options{.frames = 10, .stride = 3, .start = ClipStart::Random};
  std::set<int> starts;
  Random random(1);
  for (int trial = 0; trial < 500; ++trial) {
    const std::vector<int> frames = choose(options, {}, &random);
    starts.insert(frames.front());
    EXPECT_EQ(frames.back(), frames.front() + 27);
  }
  EXPECT_EQ(starts.size(), 13U);  // 40 − 28 + 1
  EXPECT_EQ(*starts.rbegin(), 12);
  EXPECT_EQ(choose(options).front(), 0);  // outside training
}

TEST_F(ChooseFrames, RandomStridesOnlyWhereAskedForAndOnlyInTraining) {
  ClipInputOptions options{.frames = 2, .stride = 4, .randomStride = true};
  std::set<int> strides;
  Random random(2);
  for (int trial = 0; trial < 200; ++trial) strides.insert(choose(options, {}, &random)[1]);
  EXPECT_THAT(strides, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(choose(options)[1], 4);
  options.randomStride = false;
  EXPECT_EQ(choose(options, {}, &random)[1], 4);
}

void expectEqual(const at::Tensor& pixels, const std::vector<float>& expected) {
  ASSERT_EQ(static_cast<std::size_t>(pixels.numel()), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(pixels.const_data_ptr<float>()[i], expected[i], 1e-5) << "value " << i;
}

TEST(LoadClip, EqualsThePythonPipeline) {
  const SafetensorsFile golden = SafetensorsFile::open(goldenFolder("data") / "clip.safetensors");
  ClipInputOptions options{.frames = 5,
                           .stride = 2,
                           .choice = FrameChoice::Spread,
                           .crop = {0.1, 0.2, 0.5, 0.7},
                           .size = 16,
                           .mean = {105.5, 100.0, 90.25},
                           .deviation = {38.5, 40.0, 50.0}};
  const ClipInput spread = loadClip(goldenFolder("media") / "full.mp4", "full", options);
  expectEqual(spread.pixels, golden.tensor("spread").floats());
  EXPECT_EQ(spread.seen.at("clip"), "full");
  EXPECT_EQ(spread.seen.at("frames"), Json({0, 4, 10, 16, 22}));
  EXPECT_EQ(spread.seen.at("source_size"), Json({102, 62}));
  EXPECT_EQ(spread.seen.at("crop"), Json({0.1, 0.2, 0.5, 0.7}));
  EXPECT_EQ(spread.seen.at("channels"), "rgb");
  EXPECT_NEAR(spread.seen.at("times").at(1).get<double>(), 4 / 25.0, 1e-6);

  options.stride = 7;
  options.crop = {0, 0, 1, 1};
  const ClipInput repeated = loadClip(goldenFolder("media") / "limited.mp4", "limited", options);
  expectEqual(repeated.pixels, golden.tensor("short").floats());
}

TEST(LoadClip, ArraysIgnoreTheStrideAndLoseTheirNaN) {
  const TemporaryFolder folder;
  std::vector<float> values(6 * 2 * 2);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i / 4) * 10.5F;
  values[1] = std::numeric_limits<float>::quiet_NaN();
  values[2] = std::numeric_limits<float>::infinity();
  writeNpy(folder / "clip.npy", std::vector<std::int64_t>{6, 2, 2}, values);
  const ClipInput clip =
      loadClip(folder / "clip.npy", "clip",
               {.frames = 3, .stride = 2, .size = 2, .channels = ClipChannels::Grey, .mean = {5}, .deviation = {2}});
  const float* pixels = clip.pixels.const_data_ptr<float>();
  EXPECT_THAT(std::vector<float>(pixels, pixels + 4), ElementsAre(-2.5F, 0, 0, -2.5F));
  EXPECT_FLOAT_EQ(pixels[4], 2.75F);  // frame 1: (10.5 − 5) / 2, not rounded to whole numbers
  EXPECT_FLOAT_EQ(pixels[8], 8);      // frame 2
  const ClipInput colour = loadClip(folder / "clip.npy", "clip", {.frames = 1, .size = 2});
  EXPECT_EQ(colour.pixels.sizes(), (c10::IntArrayRef{1, 2, 2, 3}));
}

TEST(LoadClip, TheDifferenceIsFromTheMeanOfTheSampledFrames) {
  const TemporaryFolder folder;
  const std::vector<float> values{10, 10, 10, 10, 20, 20, 20, 20, 60, 60, 60, 60, 255, 255, 255, 255};
  writeNpy(folder / "clip.npy", std::vector<std::int64_t>{4, 2, 2}, values);
  const ClipInput clip =
      loadClip(folder / "clip.npy", "clip",
               {.frames = 3, .size = 2, .channels = ClipChannels::GreyDifference, .mean = {30}, .deviation = {10}});
  ASSERT_EQ(clip.pixels.sizes(), (c10::IntArrayRef{3, 2, 2, 2}));
  const float* pixels = clip.pixels.const_data_ptr<float>();
  // Normalised −2, −1, 3; their mean is 0 over the three frames that are used.
  EXPECT_FLOAT_EQ(pixels[0], -2);
  EXPECT_FLOAT_EQ(pixels[1], -2);
  EXPECT_FLOAT_EQ(pixels[8], -1);
  EXPECT_FLOAT_EQ(pixels[9], -1);
  EXPECT_FLOAT_EQ(pixels[16], 3);
  EXPECT_FLOAT_EQ(pixels[17], 3);
  EXPECT_EQ(clip.seen.at("channels"), "grey_difference");
}

TEST(LoadClip, OptionsThatCannotBeAreNamed) {
  const auto message = [](const ClipInputOptions& options) {
    try {
      checkOptions(options);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      return describe(error);
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message({}), "accepted");
  EXPECT_THAT(message({.frames = 0}), HasSubstr("data.frames is 0"));
  EXPECT_THAT(message({.crop = {0.6, 0, 0.5, 1}}), HasSubstr("data.crop"));
  EXPECT_THAT(message({.mean = {1, 2}}), HasSubstr("data.mean has 2"));
  EXPECT_THAT(message({.deviation = {0}}), HasSubstr("data.std"));
  EXPECT_THROW(channelsFromName("gray"), Error);
  for (const std::string name : {"rgb", "grey", "grey_difference"}) EXPECT_EQ(nameOf(channelsFromName(name)), name);
  for (const std::string name : {"first", "r_wave", "random"}) EXPECT_EQ(nameOf(startFromName(name)), name);
}

}  // namespace
}  // namespace counterpoint
