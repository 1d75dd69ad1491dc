// SPDX-License-Identifier: GPL-3.0-or-later
// Studies as samples, from the ranks to the results that the window reads.
#include <gmock/gmock.h>

#include "core/base/files.h"
#include "core/media/study_table.h"
#include "tests/system/programs.h"

namespace counterpoint {
namespace {

TEST(Studies, AreTrainedMeasuredAndSearchedAsOne) {
  auto& place = phantoms();
  const auto launched = place.worker(smallLaunch(
      {"train.epochs=1", "data.sample=study", "data.clips_per_study=3", "train.batch_size=4", "--name", "studies"}));
  ASSERT_EQ(launched.status, 0) << launched.err;
  const auto run = place.lastRun();
  const auto results = run.results("val");
  const auto table = StudyTable::load(place / "data/studies.csv", {.root = place.path()});
  const auto studies = table.studiesOf("val");
  const auto items = jsonLines(results / "clips.jsonl");
  ASSERT_EQ(items.size(), studies.size());
  std::size_t clips = 0;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    EXPECT_EQ(items[i].at("id"), studies[i].id);
    EXPECT_EQ(items[i].at("clip"), table.rows()[studies[i].rows.front()].file);
    EXPECT_EQ(items[i].at("text"), studies[i].report);
    clips += std::min<std::size_t>(studies[i].rows.size(), 3);
  }
  // Every clip that took part shows its study's caption and what was taken of it.
  const auto captions = jsonLines(results / "captions.jsonl");
  ASSERT_EQ(captions.size(), clips);
  for (const auto& line : captions) EXPECT_EQ(line.at("clip"), line.at("seen").at("clip"));

  const auto evaluated =
      place.worker({"evaluate", "runs/" + run.path().filename().string(), "--split", "test", "--json"});
  ASSERT_EQ(evaluated.status, 0) << evaluated.err;
  EXPECT_EQ(jsonLines(run.results("test") / "clips.jsonl").size(), table.studiesOf("test").size());
  const auto refused =
      place.worker({"evaluate", "runs/" + run.path().filename().string(), "--split", "test", "--baseline", "view"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, testing::HasSubstr("--baseline"));
}

}  // namespace
}  // namespace counterpoint
