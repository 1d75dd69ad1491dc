// SPDX-License-Identifier: GPL-3.0-or-later
// Nine real clips, where they are at hand: reading, cropping, training and resuming work. They say nothing about
// accuracy, and nothing of them is kept.
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <cstdlib>

#include "core/formats/npy.h"
#include "core/protocol/messages.h"
#include "tests/system/programs.h"

namespace counterpoint {
namespace {

std::filesystem::path realClips() {
  std::vector<std::filesystem::path> places;
  if (const char* shared = std::getenv("COUNTERPOINT_SHARED")) places.emplace_back(shared);
  places.emplace_back(COUNTERPOINT_SOURCE_DIR "/../shared");
  places.emplace_back("/work/shared");
  for (const auto& place : places)
    if (std::filesystem::exists(place / "data/echo/0X10A28877E97DF540.mp4")) return place / "data/echo";
  return {};
}

// The label is the report; the right half of the picture has the ventricle painted in, so the left half alone is used.
constexpr const char* kConfig = R"(recipe: echo_text
name: real-clips
data:
  csv: data/studies.csv
  crop: [0, 0, 0.5, 1]
  start: first
  frames: 8
  stride: 4
  size: 32
  channels: grey_difference
text:
  tokenizer: data/vocab.txt
  max_tokens: 12
model:
  dimension: 32
  video:
    r3d:
      stem_width: 8
      stem_kernel: [3, 5, 5]
      stem_stride: [1, 2, 2]
      stages:
        - {width: 16, blocks: 1, stride: [2, 2, 2]}
      tokens: grid
  text: {layers: 1, hidden: 32, heads: 2, feed_forward: 64, positions: 16}
  decoder: {layers: 1, heads: 2, feed_forward: 64, positions: 16}
caption: {max_tokens: 16}
train:
  max_steps: 3
  epochs: 3
  batch_size: 4
  log_every: 1
  checkpoint_steps: 1
)";

constexpr struct {
  const char *file, *label, *split;
} kClips[] = {{"0X10A28877E97DF540.mp4", "normal", "train"},
              {"0X1167650B8BEFF863.mp4", "normal", "train"},
              {"0X148FFCBF4D0C398F.mp4", "normal", "val"},
              {"0X129133A90A61A59D.mp4", "low ejection fraction", "train"},
              {"0X13CE2039E2D706A.mp4", "low ejection fraction", "train"},
              {"0X16FC9AA0AD5D8136.mp4", "low ejection fraction", "val"},
              {"0X132C1E8DBB715D1D.mp4", "arrhythmia", "train"},
              {"0X18BA5512BE5D6FFA.mp4", "arrhythmia", "train"},
              {"0X1E12EEE43FD913E5.mp4", "arrhythmia", "val"}};

TEST(RealClips, GoTheWholeWay) {
  const auto folder = realClips();
  if (folder.empty())
    GTEST_SKIP() << "no shared/data/echo beside the source; set COUNTERPOINT_SHARED to look elsewhere";
  TrialWorkspace place;
  std::string table = "FileName,StudyInstanceUID,Split,Report\n";
  for (const auto& clip : kClips)
    table += (folder / clip.file).string() + "," + clip.file + "," + clip.split + "," + clip.label + "\n";
  place.write("data/studies.csv", table);
  place.write("data/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nnormal\nlow\nejection\nfraction\narrhythmia\n");
  place.write("configs/real.yaml", kConfig);

  const auto check = place.worker({"config", "check", "real"});
  ASSERT_EQ(check.status, 0) << check.out << check.err;
  const auto launched = place.worker({"launch", "--ranks", "2", "--devices", "cpu", "real", "train.max_steps=3"});
  ASSERT_EQ(launched.status, 0) << launched.err;
  const RunFolder whole = place.lastRun();
  EXPECT_EQ(readStatus(whole).progress.step, 3);
  EXPECT_EQ(jsonLines(whole.results("val") / "captions.jsonl").size(), 3);

  // A run that loses a rank, is taken up again and stops when it is asked to.
  auto launcher =
      place.start({"launch", "--ranks", "2", "--devices", "cpu", "--name", "again", "real", "train.max_steps=0",
                   "train.epochs=200", "train.validate_every=0", "train.checkpoint_every=1"},
                  "again.out");
  ASSERT_TRUE(place.await("again", 60, [](const RunFolder& run) {
    return loggedStep(run) >= 2 && std::filesystem::exists(run.checkpoints() / "last");
  }));
  const RunFolder again = findRun(place / "runs", "again");
  ASSERT_EQ(::kill(readStatus(again).processes.at(1).pid, SIGKILL), 0);
  ASSERT_EQ(launcher.wait(60), 128 + SIGKILL);
  EXPECT_EQ(readStatus(again).state, RunState::Failed);
  EXPECT_EQ(readStatus(again).error->rank, 1);
  const auto reached = loggedStep(again);
  auto resumed = place.start({"resume", "again"}, "resumed.out");
  EXPECT_TRUE(place.await("again", 60, [&](const RunFolder& run) { return loggedStep(run) > reached; }));
  ASSERT_EQ(place.worker({"stop", "again"}).status, 0);
  EXPECT_EQ(resumed.wait(60), 75);
  EXPECT_EQ(readStatus(again).attempt, 1);

  // What was trained measures, embeds and finds.
  const std::string model = whole.path().string();
  const auto evaluated = place.worker({"evaluate", model, "--split", "val", "--json"});
  ASSERT_EQ(evaluated.status, 0) << evaluated.err;
  EXPECT_TRUE(std::isfinite(numberFromJson(evaluated.json().at("loss"))));
  std::string paths;
  for (const auto& clip : kClips) paths += (folder / clip.file).string() + "\n";
  place.write("clips.txt", paths);
  const auto embedded =
      place.worker({"embed", "--model", model, "--kind", "video", "--input", "clips.txt", "--output", "clips.npy"});
  ASSERT_EQ(embedded.status, 0) << embedded.err;
  EXPECT_EQ(NpyArray::open(place / "clips.npy").shape(), (std::vector<std::int64_t>{9, 32}));
  const auto found = place.worker({"retrieve", "--model", model, "--text", "arrhythmia", "--split", "val", "--json"});
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json().at("hits").size(), 3);
  ASSERT_EQ(found.json().at("right_ranks").size(), 1);

  const auto captioned =
      place.worker({"caption", "--model", whole.path().string(), (folder / kClips[2].file).string(), "--json"});
  ASSERT_EQ(captioned.status, 0) << captioned.err;
  const Seen seen = seenFromJson(captioned.json().at(0).at("seen"));
  EXPECT_EQ(seen.sourceSize[0], 224);
  EXPECT_EQ(seen.crop[2], 0.5);  // nothing of the painted half
  EXPECT_EQ(seen.frames, (std::vector<int>{0, 4, 8, 12, 16, 20, 24, 28}));
  EXPECT_EQ(captioned.json().at(0).at("caption").at("generated"), true);

  expectTour(place);
}

}  // namespace
}  // namespace counterpoint
