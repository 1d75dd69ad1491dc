// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/checkpoint.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <gmock/gmock.h>

#include <cerrno>
#include <cmath>

#include "core/base/error.h"
#include "core/base/files.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

Checkpoint checkpointAt(std::int64_t step) {
  Checkpoint checkpoint;
  checkpoint.model = {{"net.weight", at::full({2, 3}, static_cast<double>(step), at::kFloat)},
                      {"net.seen", at::full({}, step, at::kLong)}};
  checkpoint.optimizer = {{"exp_avg/net.weight", at::full({2, 3}, 0.25, at::kFloat)}};
  checkpoint.randomStates = {at::arange(8, at::kByte), at::arange(4, at::kByte)};
  checkpoint.extra = {{"queue", at::arange(3, at::kLong)}};
  checkpoint.position = {step, 1, 4};
  checkpoint.metrics = {{"val/loss", 0.5}, {"val/nan", std::nan("")}};
  checkpoint.notes["best"] = 0.5;
  return checkpoint;
}

std::vector<std::string> namesIn(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

struct FaultScope {
  explicit FaultScope(WriteFault fault) { setWriteFault(std::move(fault)); }
  ~FaultScope() { setWriteFault({}); }
};

TEST(Checkpoint, ComesBackWhole) {
  const TemporaryFolder folder;
  const CheckpointFolder checkpoints(folder / "checkpoints");
  const auto path = checkpoints.write(checkpointAt(500), true);
  EXPECT_EQ(path.filename(), "step_000500");
  EXPECT_EQ(namesIn(folder / "checkpoints"), (std::vector<std::string>{"best", "last", "step_000500"}));
  EXPECT_EQ(fs::read_symlink(folder / "checkpoints/last"), "step_000500") << "relative, so that a run folder can move";
  const auto back = readCheckpoint(*checkpoints.best());
  EXPECT_EQ(back.position.step, 500);
  EXPECT_EQ(back.position.position, 4);
  EXPECT_EQ(back.metrics.at("val/loss"), 0.5);
  EXPECT_TRUE(std::isnan(back.metrics.at("val/nan")));
  EXPECT_EQ(back.notes["best"], 0.5);
  ASSERT_EQ(back.model.size(), 2u);
  EXPECT_EQ(back.model[0].first, "net.weight");
  EXPECT_TRUE(back.model[0].second.equal(at::full({2, 3}, 500.0, at::kFloat)));
  EXPECT_TRUE(back.optimizer.at("exp_avg/net.weight").equal(at::full({2, 3}, 0.25, at::kFloat)));
  ASSERT_EQ(back.randomStates.size(), 2u);
  EXPECT_TRUE(back.randomStates[1].equal(at::arange(4, at::kByte)));
  EXPECT_TRUE(back.extra.at("queue").equal(at::arange(3, at::kLong)));
}

TEST(Checkpoint, LeavesTheOldOneWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  const CheckpointFolder checkpoints(folder / "checkpoints");
  checkpoints.write(checkpointAt(1), true);
  for (const auto* file : {"model.safetensors", "trainer.pt", "trainer.json"}) {
    const FaultScope fault(
        [&](const fs::path& path, std::size_t&) { return path.string().find(file) == std::string::npos ? 0 : ENOSPC; });
    for (const std::int64_t step : {1, 2}) {
      try {
        checkpoints.write(checkpointAt(step), true);
        FAIL() << file;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::Environment);
      }
    }
    EXPECT_EQ(namesIn(folder / "checkpoints"), (std::vector<std::string>{"best", "last", "step_000001"})) << file;
    EXPECT_EQ(readCheckpoint(*checkpoints.last()).position.step, 1);
  }
}

TEST(Checkpoint, ReplacesOneOfTheSameStep) {
  const TemporaryFolder folder;
  const CheckpointFolder checkpoints(folder / "checkpoints");
  checkpoints.write(checkpointAt(3), false);
  auto second = checkpointAt(3);
  second.position.position = 5;
  checkpoints.write(second, false);
  EXPECT_EQ(readCheckpoint(*checkpoints.last()).position.position, 5);
  EXPECT_EQ(namesIn(folder / "checkpoints"), (std::vector<std::string>{"last", "step_000003"}));
  EXPECT_FALSE(checkpoints.best().has_value());
}

TEST(Checkpoint, PrunesAllButTheNewestAndTheLinked) {
  const TemporaryFolder folder;
  const CheckpointFolder checkpoints(folder / "checkpoints");
  for (const std::int64_t step : {999998, 999999, 1000000, 1000001})
    checkpoints.write(checkpointAt(step), step == 999998);
  fs::create_directory(folder / "checkpoints/.unfinished-step_000007");
  checkpoints.prune(1);
  EXPECT_EQ(namesIn(folder / "checkpoints"),
            (std::vector<std::string>{"best", "last", "step_1000000", "step_1000001", "step_999998"}));
}

TEST(Checkpoint, NamesTheDamagedFile) {
  const TemporaryFolder folder;
  const CheckpointFolder checkpoints(folder / "checkpoints");
  for (const auto* file : {"model.safetensors", "trainer.pt", "trainer.json"}) {
    const auto path = checkpoints.write(checkpointAt(1), false);
    const auto whole = readFile(path / file);
    writeFileAtomically(path / file, whole.substr(0, whole.size() / 2));
    try {
      readCheckpoint(path);
      FAIL() << file;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Data);
      EXPECT_THAT(describe(error), testing::HasSubstr(file));
    }
  }
}

TEST(Checkpoint, TellsWhichWeightsDoNotFit) {
  const auto two = at::full({2}, 1.0), three = at::full({3}, 1.0);
  try {
    copyInto({{"a", two}, {"b", two}}, {{"b", three}, {"c", two}}, "model.safetensors");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(describe(error),
                testing::AllOf(testing::HasSubstr("missing: a"), testing::HasSubstr("of another shape: b"),
                               testing::HasSubstr("surplus: c")));
  }
}

}  // namespace
}  // namespace counterpoint
