// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/clip_loader.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/tensor.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/formats/npy.h"
#include "tests/support/golden.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/temporary_folder.h"

#include <atomic>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <thread>

namespace counterpoint {
namespace {

using testing::HasSubstr;

class Loader : public testing::Test {
 protected:
  // Clip i holds the value i in every pixel of frame 0, i + 100 in frame 1.
  void makeRows(int count) {
    for (int i = 0; i < count; ++i) {
      std::vector<float> values(2 * 8 * 8, static_cast<float>(i));
      std::fill(values.begin() + 64, values.end(), static_cast<float>(i + 100));
      const std::string name = fmt::format("clip_{:03d}.npy", i);
      writeNpy(folder_ / name, std::vector<std::int64_t>{2, 8, 8}, values);
      ClipRow row;
      row.line = static_cast<std::size_t>(i) + 2;
      row.file = name;
      row.path = folder_ / name;
      row.study = fmt::format("study_{}", i / 2);
      row.report = fmt::format("report {}", i);
      rows_.push_back(row);
    }
  }
  SamplerOptions order(std::size_t batchSize, bool shuffle = false) const {
    return {.count = rows_.size(), .batchSize = batchSize, .seed = 4, .shuffle = shuffle};
  }
  static LoaderOptions options() {
    LoaderOptions options;
    options.input = {.frames = 2, .size = 8, .channels = ClipChannels::Grey};
    options.workers = 4;
    options.prefetch = 3;
    return options;
  }
  TemporaryFolder folder_;
  std::vector<ClipRow> rows_;
};

TEST_F(Loader, BatchesComeInOrderWithTheirRows) {
  makeRows(53);
  const Sampler sampler(order(8, true));
  ClipLoader loader(clipSamples(rows_), order(8, true), options());
  ASSERT_EQ(loader.batches(), 7U);
  for (const std::uint64_t epoch : {0U, 1U}) {
    loader.start(epoch);
    for (std::size_t index = 0; index < 7; ++index) {
      const auto batch = loader.next();
      ASSERT_TRUE(batch);
      EXPECT_EQ(batch->index, index);
      EXPECT_EQ(batch->samples, sampler.batch(epoch, index));
      EXPECT_EQ(batch->clips.sizes(), (c10::IntArrayRef{index < 6 ? 8 : 5, 2, 8, 8, 1}));
      for (std::size_t i = 0; i < batch->size(); ++i) {
        const auto row = static_cast<float>(batch->samples[i]);
        const float* clip = batch->clips.const_data_ptr<float>() + i * 128;
        EXPECT_EQ(clip[0], row);
        EXPECT_EQ(clip[127], row + 100);
        EXPECT_EQ(batch->texts[i], fmt::format("report {}", batch->samples[i]));
        EXPECT_EQ(batch->ids[i], rows_[batch->samples[i]].file);
        EXPECT_EQ(batch->seen[i].at(0).at("clip"), batch->ids[i]);
      }
    }
    EXPECT_FALSE(loader.next());
  }
  EXPECT_EQ(loader.figures().clips, 106U);
  loader.start(1, 5);
  EXPECT_EQ(loader.next()->samples, sampler.batch(1, 5));
}

TEST_F(Loader, ThreadsRunAheadOnlyAsFarAsTheyMay) {
  makeRows(64);
  LoaderOptions few = options();
  few.prefetch = 3;
  ClipLoader loader(clipSamples(rows_), order(4), few);
  loader.start(0);
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(loader.next());
  EXPECT_LE(loader.figures().mostAhead, 3U);
  EXPECT_GE(loader.figures().mostAhead, 1U);

  LoaderOptions tight = options();
  tight.prefetch = 10;
  tight.memoryBytes = 3 * 4 * 2 * 8 * 8 * sizeof(float);  // half of it: one batch and a half
  ClipLoader bounded(clipSamples(rows_), order(4), tight);
  bounded.start(0);
  const auto first = bounded.next();
  ASSERT_TRUE(first);
  // Nothing is taken, so the threads must come to rest after one more batch.
  const double until = steadySeconds() + 5;
  while (bounded.figures().decoded < 8 && steadySeconds() < until) std::this_thread::yield();
  std::this_thread::yield();
  EXPECT_EQ(bounded.figures().decoded, 8U);
  for (int i = 1; i < 16; ++i) ASSERT_TRUE(bounded.next());
  EXPECT_EQ(bounded.figures().mostAhead, 1U);
}

TEST_F(Loader, AClipThatCannotBeReadIsNamedOnce) {
  makeRows(12);
  writeFileAtomically(rows_[5].path, "no array");
  ClipLoader loader(clipSamples(rows_), order(4), options(), "studies.csv");
  loader.start(0);
  ASSERT_TRUE(loader.next());
  try {
    loader.next();
    FAIL() << "a broken clip was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(describe(error), HasSubstr("studies.csv, line 7 (clip_005.npy)"));
    EXPECT_EQ(error.kind(), ErrorKind::Data);
  }
  EXPECT_FALSE(loader.next());
  loader.start(0, 2);
  EXPECT_EQ(loader.next()->index, 2U);
}

TEST_F(Loader, CancelWakesTheWaitingThreadAndDestructionIsClean) {
  makeRows(40);
  for (int trial = 0; trial < 20; ++trial) {
    ClipLoader loader(clipSamples(rows_), order(4), options());
    std::atomic<bool> ended{false};
    std::thread consumer([&] {
      while (loader.next()) {
      }
      ended = true;
    });
    loader.cancel();
    consumer.join();
    EXPECT_TRUE(ended);
    loader.start(static_cast<std::uint64_t>(trial));
    if (trial % 2 == 0) {
      EXPECT_TRUE(loader.next());
    }
  }
}

TEST_F(Loader, TheCacheGivesTheSameClipsAndKeepsItsBound) {
  makeRows(20);
  LoaderOptions cached = options();
  const std::uint64_t clipBytes = 2 * 8 * 8 * sizeof(float);
  cached.cacheBytes = 15 * clipBytes;
  ClipLoader loader(clipSamples(rows_), order(5), cached);
  std::vector<at::Tensor> first;
  loader.start(0);
  while (auto batch = loader.next()) first.push_back(batch->clips);
  EXPECT_EQ(loader.figures().cachedBytes, 15 * clipBytes);
  loader.start(1);
  for (const at::Tensor& clips : first) EXPECT_TRUE(at::equal(loader.next()->clips, clips));
  EXPECT_EQ(loader.figures().fromCache, 15U);
  EXPECT_EQ(loader.figures().decoded, 25U);

  cached.training = true;
  cached.input.start = ClipStart::Random;
  ClipLoader random(clipSamples(rows_), order(5), cached);
  random.start(0);
  while (random.next()) {
  }
  EXPECT_EQ(random.figures().cachedBytes, 0U);
}

TEST_F(Loader, RandomDrawsDependOnEpochAndRowNotOnRanks) {
  writeNumberedClip(folder_ / "clip.mp4", 60);
  for (int i = 0; i < 8; ++i) {
    ClipRow row;
    row.file = "clip.mp4";
    row.path = folder_ / "clip.mp4";
    rows_.push_back(row);
  }
  LoaderOptions training = options();
  training.training = true;
  training.input = {.frames = 4, .start = ClipStart::Random, .size = 8};
  const auto starts = [&](int rank, int ranks, std::uint64_t epoch, int workers) {
    training.workers = workers;
    ClipLoader loader(clipSamples(rows_), {.count = 8, .batchSize = 2, .rank = rank, .ranks = ranks}, training);
    loader.start(epoch);
    std::map<std::size_t, int> result;
    while (auto batch = loader.next())
      for (std::size_t i = 0; i < batch->size(); ++i)
        result[batch->samples[i]] = batch->seen[i].at(0).at("frames").at(0);
    return result;
  };
  const auto alone = starts(0, 1, 3, 1);
  EXPECT_EQ(alone.size(), 8U);
  auto together = starts(0, 2, 3, 4);
  together.merge(starts(1, 2, 3, 2));
  EXPECT_EQ(together, alone);
  EXPECT_NE(starts(0, 1, 4, 1), alone);
}

// Studies of 1, 2, 3 and 5 clips in batches of two with room for three clips each.
TEST_F(Loader, StudiesBringTheirClipsAndLeaveTheOtherPlacesEmpty) {
  makeRows(11);
  std::vector<ClipSample> studies;
  std::size_t row = 0;
  for (const std::size_t count : {1U, 2U, 3U, 5U}) {
    ClipSample study{fmt::format("study_{}", count), "", fmt::format("report {}", count), "", {}};
    for (std::size_t i = 0; i < count; ++i) study.clips.push_back(rows_[row++]);
    studies.push_back(study);
  }
  LoaderOptions three = options();
  three.clipsPerSample = 3;
  three.cacheBytes = 1 << 20;
  ClipLoader loader(studies, {.count = 4, .batchSize = 2}, three);
  loader.start(0);
  const auto small = loader.next(), large = loader.next();
  ASSERT_TRUE(small && large);
  EXPECT_FALSE(loader.next());
  EXPECT_EQ(small->clips.sizes(), (c10::IntArrayRef{2, 3, 2, 8, 8, 1}));
  EXPECT_EQ(small->ids, (std::vector<std::string>{"study_1", "study_2"}));
  EXPECT_TRUE(small->present->equal(at::tensor({1, 0, 0, 1, 1, 0}).to(at::kBool).view({2, 3})));
  EXPECT_TRUE(large->present->all().item<bool>());
  EXPECT_EQ(small->seen[1].at(1).at("clip"), "clip_002.npy");
  // First value of each place: the number of its clip, zero where there is none. The fourth study keeps its first
  // three.
  const auto first = [](const Batch& batch) { return batch.clips.flatten(2).select(2, 0); };
  EXPECT_TRUE(first(*small).equal(at::tensor({0.F, 0.F, 0.F, 1.F, 2.F, 0.F}).view({2, 3})));
  EXPECT_TRUE(first(*large).equal(at::tensor({3.F, 4.F, 5.F, 6.F, 7.F, 8.F}).view({2, 3})));
  EXPECT_EQ(loader.figures().clips, 9U);

  three.training = true;
  three.shuffleClips = true;
  ClipLoader drawing(studies, {.count = 4, .batchSize = 4}, three);
  std::set<float> drawn;
  for (std::uint64_t epoch = 0; epoch < 12; ++epoch) {
    drawing.start(epoch);
    const at::Tensor values = first(*drawing.next())[3].contiguous();
    const std::set<float> numbers(values.const_data_ptr<float>(), values.const_data_ptr<float>() + 3);
    EXPECT_EQ(numbers.size(), 3U);
    drawn.insert(numbers.begin(), numbers.end());
    drawing.start(epoch);
    EXPECT_TRUE(first(*drawing.next())[3].equal(values));
  }
  EXPECT_EQ(drawn, (std::set<float>{6, 7, 8, 9, 10}));
}

TEST_F(Loader, StatisticsAreThoseOfAllValues) {
  makeRows(9);
  const ChannelStatistics statistics =
      measureStatistics(rows_, {.frames = 2, .size = 8, .channels = ClipChannels::GreyDifference}, 3);
  // Values 0 … 8 and 100 … 108, equally often: mean 54, variance 50² + (81 − 1)/12.
  ASSERT_EQ(statistics.mean.size(), 1U);
  EXPECT_NEAR(statistics.mean[0], 54, 1e-9);
  EXPECT_NEAR(statistics.deviation[0], std::sqrt(2500 + 80.0 / 12), 1e-9);
  EXPECT_EQ(statistics.values, 9U * 2 * 64);
  rows_[4].path = folder_ / "none.npy";
  EXPECT_THROW(measureStatistics(rows_, {.frames = 2, .size = 4}, 3), Error);
}

void measure(const std::string& name, std::vector<ClipRow> rows, const ClipInputOptions& input) {
  LoaderOptions options;
  options.input = input;
  options.workers = 2;
  const std::size_t count = rows.size();
  ClipLoader loader(clipSamples(rows), {.count = count, .batchSize = 4}, options);
  const double begin = steadySeconds();
  loader.start(0);
  while (loader.next()) {
  }
  const double seconds = steadySeconds() - begin;
  EXPECT_EQ(loader.figures().clips, count);
  std::printf("[ figure   ] %s: %.1f clips/s with 2 threads (%zu clips, %.2f s)\n", name.c_str(),
              static_cast<double>(count) / seconds, count, seconds);
}

TEST_F(Loader, ThroughputOfSyntheticClips) {
  for (int i = 0; i < 60; ++i) {
    ClipRow row;
    row.file = fmt::format("clip_{}.mp4", i);
    row.path = folder_ / row.file;
    writeNumberedClip(row.path, 64, 50);
    rows_.push_back(row);
  }
  measure("96x48, 64 frames to 16x28x28", rows_,
          {.frames = 16, .stride = 2, .size = 28, .channels = ClipChannels::GreyDifference});
}

TEST_F(Loader, ThroughputOfRealClips) {
  const std::filesystem::path folder = sharedFolder("data/echo");
  if (folder.empty()) GTEST_SKIP() << "no real clips: ../shared/data/echo is absent";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().rfind("0X", 0) != 0 || entry.path().extension() != ".mp4") continue;
    ClipRow row;
    row.file = entry.path().filename();
    row.path = entry.path();
    for (int i = 0; i < 4; ++i) rows_.push_back(row);
  }
  ASSERT_EQ(rows_.size(), 36U);
  measure("real 224x112, left half to 16x112x112", rows_,
          {.frames = 16, .stride = 2, .crop = {0, 0, 0.5, 1}, .size = 112});
}

}  // namespace
}  // namespace counterpoint
