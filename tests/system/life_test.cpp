// SPDX-License-Identifier: GPL-3.0-or-later
// A run through the real programs: launched, broken, resumed, and read back as the window reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/runs/event_reader.h"
#include "tests/system/trained_run.h"

namespace counterpoint {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Life, TheSampleChecks) {
  const auto& check = trainedRun().check;
  EXPECT_EQ(check.status, 0) << check.err;
  EXPECT_THAT(check.out, HasSubstr("no problems"));
}

TEST(Life, AKilledRankFailsTheRunWithItsCauseAndLeavesNothingBehind) {
  const auto& run = trainedRun();
  ASSERT_FALSE(run.lastAtKill.empty()) << run.launch.err;
  EXPECT_EQ(run.launch.status, 128 + 9) << run.launch.err;
  EXPECT_GE(run.secondsToFail, 0);
  EXPECT_LT(run.secondsToFail, 15);
  EXPECT_EQ(run.failed.state, RunState::Failed);
  ASSERT_TRUE(run.failed.error);
  EXPECT_EQ(run.failed.error->rank, 1);
  EXPECT_EQ(run.failed.error->status, 128 + 9);
  EXPECT_THAT(run.failed.error->what, HasSubstr("kill"));
  EXPECT_THAT(run.left, IsEmpty());
}

TEST(Life, ResumeGoesOnFromTheLastCheckpointToTheEnd) {
  const auto& run = trainedRun();
  ASSERT_EQ(run.resume.status, 0) << run.resume.err;
  EXPECT_EQ(run.finished.state, RunState::Finished);
  EXPECT_EQ(run.finished.attempt, 1);
  EXPECT_FALSE(run.finished.error);
  EXPECT_EQ(run.finished.progress.totalSteps, 36);
  EXPECT_EQ(run.finished.progress.step, 36);
  EXPECT_TRUE(std::filesystem::exists(run.folder / "checkpoints/step_000036/model.safetensors"));
  // Calibrated in the end, on the best checkpoint.
  EXPECT_TRUE(std::filesystem::exists(run.folder / "checkpoints/best/calibration.json"));
}

TEST(Life, TheReaderSeesEveryStepOnceAcrossTheResume) {
  const auto& run = trainedRun();
  ASSERT_TRUE(run.isReady()) << run.resume.err;
  const std::int64_t resumed = std::stoll(run.lastAtKill.substr(run.lastAtKill.find('_') + 1));
  EventReader reader{RunFolder(run.folder)};
  while (reader.poll().more) continue;
  EXPECT_EQ(reader.damagedLines(), 0);

  const Series* loss = reader.find("train/loss");
  ASSERT_TRUE(loss);
  ASSERT_EQ(loss->size(), 36);
  for (std::size_t i = 0; i < loss->size(); ++i) {
    const auto& point = (*loss)[i];
    EXPECT_EQ(point.step, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(point.attempt, point.step > resumed ? 1U : 0U) << point.step;
    EXPECT_TRUE(std::isfinite(point.value)) << point.step;
  }
  // There was something to hide.
  std::size_t hidden = 0;
  for (const auto& line : jsonLines(run.folder / "events.jsonl"))
    hidden += line.at("attempt") == 0 && line.at("step").get<std::int64_t>() > resumed;
  EXPECT_GT(hidden, 0);

  const Series* validation = reader.find("val/loss");
  ASSERT_TRUE(validation);
  ASSERT_EQ(validation->size(), 3);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*validation)[i].step, static_cast<std::int64_t>(12 * (i + 1)));
  EXPECT_LT((*validation)[2].value, (*validation)[0].value);

  // What the model said and found belongs to the steps of the validations.
  for (const char* kind : {"caption", "retrieval"}) {
    const auto events = reader.last(kind, 1000);
    std::map<std::int64_t, int> perStep;
    for (const auto& event : events)
      if (event.members.at("name").get<std::string>().rfind("val/", 0) == 0) ++perStep[event.step];
    ASSERT_EQ(perStep.size(), 3) << kind;
    for (const auto& [step, count] : perStep) {
      EXPECT_EQ(step % 12, 0) << kind;
      EXPECT_EQ(count, perStep.begin()->second) << kind << " at step " << step;
    }
  }
  for (const auto& event : reader.last("caption", 1000)) {
    EXPECT_EQ(event.members.at("caption").at("generated"), true);
    EXPECT_EQ(event.members.at("seen").at("frames").size(), 16);
    EXPECT_FALSE(event.members.at("reference").get<std::string>().empty());
  }
  EXPECT_FALSE(reader.last("checkpoint", 10).empty());
}

}  // namespace
}  // namespace counterpoint
