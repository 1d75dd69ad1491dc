// SPDX-License-Identifier: GPL-3.0-or-later
// config import and config diff from the shell, and what becomes of a recipe that cannot be trained yet.
#include "core/base/json.h"
#include "tests/jobs/worker_fixture.h"

#include <gmock/gmock.h>

namespace counterpoint {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kGolden = COUNTERPOINT_SOURCE_DIR "/tests/golden/config/import/";

using ConfigVerbs = WorkerTest;

TEST_F(ConfigVerbs, ImportWritesOnceAndSaysWhatBecameOfEachKey) {
  ASSERT_EQ(worker("config import " + kGolden + "uniir_train_clip_sf.yaml --out mine.yaml"), 0) << err();
  EXPECT_THAT(out(), AllOf(HasSubstr("UniIR -> universal_retrieval"), HasSubstr("dropped"), HasSubstr("line 23")));
  const std::string written = readFile(workspace / "mine.yaml");
  EXPECT_THAT(written,
              AllOf(HasSubstr("# Imported from uniir_train_clip_sf.yaml (UniIR)\nrecipe: universal_retrieval\n"),
                    HasSubstr("\n  epochs: 20\n")));
  EXPECT_EQ(worker("config import " + kGolden + "dino.txt --out mine.yaml"), 2);
  EXPECT_THAT(err(), HasSubstr("mine.yaml: is there already"));
  EXPECT_EQ(readFile(workspace / "mine.yaml"), written);
  ASSERT_EQ(worker("config import " + kGolden + "dino.txt --out mine.yaml --force"), 0) << err();
  EXPECT_THAT(readFile(workspace / "mine.yaml"), HasSubstr("self_supervised"));
  ASSERT_EQ(worker("config import " + kGolden + "dino.txt --json"), 0);
  EXPECT_EQ(Json::parse(out())["system"], "ssl");
  ASSERT_EQ(worker("config import " + kGolden + "dino.txt"), 0);
  EXPECT_THAT(out(), HasSubstr("ranks: 8"));
  EXPECT_THAT(out(), Not(HasSubstr("renamed")));
  EXPECT_THAT(err(), HasSubstr("renamed"));
}

TEST_F(ConfigVerbs, ARecipeThatIsOnlyDescribedIsCheckedAndNotLaunched) {
  ASSERT_EQ(worker("config import " + kGolden + "sts_cft_train.txt --out sts.yaml"), 0) << err();
  ASSERT_EQ(worker("config check sts.yaml"), 0) << err();
  EXPECT_THAT(out(), AllOf(HasSubstr("info: sts.yaml: this version cannot train sentence_embedding yet"),
                           HasSubstr("no problems")));
  ASSERT_EQ(worker("config check sts.yaml --json"), 0);
  EXPECT_EQ(Json::parse(out())["notes"].size(), 1u);
  EXPECT_EQ(worker("launch sts.yaml"), 2);
  EXPECT_THAT(err(), HasSubstr("this version cannot train sentence_embedding yet"));
  EXPECT_FALSE(std::filesystem::exists(workspace / "runs/sts")) << "nothing may be started";
  EXPECT_TRUE(!std::filesystem::exists(workspace / "runs") || std::filesystem::is_empty(workspace / "runs"));
}

TEST_F(ConfigVerbs, CheckKnowsAnotherSystemsFile) {
  EXPECT_EQ(worker("config check " + kGolden + "deepcoro_probe.yaml"), 2);
  EXPECT_THAT(out(), AllOf(HasSubstr("a file of DeepCORO's linear probing"), HasSubstr("recipe is missing")));
}

TEST_F(ConfigVerbs, DiffShowsTheKeysThatDifferOfConfigsAndRuns) {
  writeFileAtomically(workspace / "a.yaml", "recipe: echo_text\ndata: {csv: x}\n");
  std::filesystem::create_directories(workspace / "runs/one");
  writeFileAtomically(workspace / "runs/one/config.yaml", "recipe: echo_text\ndata: {csv: y}\nseed: 3\n");
  ASSERT_EQ(worker("config diff a.yaml runs/one a.yaml seed=4 --json"), 0) << err();
  const Json made = Json::parse(out());
  EXPECT_EQ(made["configs"], (Json{"a.yaml", "runs/one", "a.yaml seed=4"}));
  ASSERT_EQ(made["rows"].size(), 2u);
  EXPECT_EQ(made["rows"][0], (Json{{"key", "seed"}, {"values", {{{"value", 0}}, {{"value", 3}}, {{"value", 4}}}}}));
  EXPECT_EQ(made["rows"][1]["key"], "data.csv");
  ASSERT_EQ(worker("config diff a.yaml a.yaml"), 0);
  EXPECT_THAT(out(), HasSubstr("no differences"));
  EXPECT_EQ(worker("config diff a.yaml"), 2);
  EXPECT_EQ(worker("config diff seed=1 a.yaml"), 2);
  EXPECT_EQ(worker("config diff a.yaml b.yaml"), 2);
  EXPECT_EQ(worker("config diff a.yaml a.yaml --base 3"), 2);
}

}  // namespace
}  // namespace counterpoint
