// SPDX-License-Identifier: GPL-3.0-or-later
// A run that was stopped and resumed ends with the very bits of one that went straight through.
#include <gtest/gtest.h>

#include <cstring>

#include "core/formats/safetensors.h"
#include "tests/system/programs.h"

namespace counterpoint {
namespace {

constexpr int kSteps = 14;  // an epoch is 12: the order of the next one must be the same too

// Dropout is on, so that the random state matters; nothing is measured on the way.
std::vector<std::string> launch(const std::string& name) {
  return smallLaunch({"--name", name, "train.max_steps=" + std::to_string(kSteps), "train.validate_every=0",
                      "caption.calibrate=false", "model.video.dropout=0.1", "model.decoder.dropout=0.1"});
}

TEST(Resume, StopAndResumeGivesTheSameBitsAsAStraightRun) {
  auto& place = phantoms();
  const auto straight = place.worker(launch("straight"));
  ASSERT_EQ(straight.status, 0) << straight.err;
  const RunFolder whole = place.lastRun();

  auto launcher = place.start(launch("halting"), "halting.out");
  ASSERT_TRUE(place.await("halting", 60, [](const RunFolder& run) { return loggedStep(run) >= 2; }));
  const auto stop = place.worker({"stop", "halting", "--after", "step"});
  ASSERT_EQ(stop.status, 0) << stop.err;
  ASSERT_EQ(launcher.wait(60), 75);
  const RunFolder halting = place.lastRun();
  const Status paused = readStatus(halting);
  EXPECT_EQ(paused.state, RunState::Paused);
  EXPECT_EQ(paused.exitStatus, 75);
  EXPECT_FALSE(paused.error);
  EXPECT_GE(paused.progress.step, 2);
  ASSERT_LT(paused.progress.step, kSteps) << "the stop came too late to test anything";

  const auto resumed = place.worker({"resume", "halting"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(readStatus(halting).attempt, 1);
  EXPECT_EQ(readStatus(halting).progress.step, kSteps);

  const auto one = SafetensorsFile::open(whole.checkpoint(kSteps) / "model.safetensors");
  const auto two = SafetensorsFile::open(halting.checkpoint(kSteps) / "model.safetensors");
  ASSERT_EQ(one.tensors().size(), two.tensors().size());
  ASSERT_GT(one.tensors().size(), 20);
  for (const auto& tensor : one.tensors()) {
    const auto& other = two.tensor(tensor.name);
    ASSERT_EQ(tensor.shape, other.shape) << tensor.name;
    EXPECT_EQ(std::memcmp(tensor.bytes.data(), other.bytes.data(), tensor.bytes.size()), 0) << tensor.name;
  }
  // And training did something: the checkpoint that the stop wrote differs.
  const auto half = SafetensorsFile::open(halting.checkpoint(paused.progress.step) / "model.safetensors");
  const auto& weight = one.tensors().front();
  EXPECT_NE(std::memcmp(weight.bytes.data(), half.tensor(weight.name).bytes.data(), weight.bytes.size()), 0);
}

}  // namespace
}  // namespace counterpoint
