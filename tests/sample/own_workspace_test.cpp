// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/own_workspace.h"

#include <gmock/gmock.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/config/config.h"
#include "core/config/workspace.h"
#include "core/media/data_check.h"
#include "core/sample/workspace.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using testing::HasSubstr;

// Phantoms under somebody else's names: a folder of clips and a table in another layout.
class OwnWorkspaceTest : public testing::Test {
 protected:
  OwnWorkspaceTest() {
    writeSampleWorkspace(folder_ / "clips", {.studies = 10, .seed = 3, .threads = 2});
    std::string text = "cine;patient;impression\n";
    StudyTableOptions withoutFiles;
    withoutFiles.checkFiles = false;
    const StudyTable phantoms = StudyTable::load(folder_ / "clips/data/studies.csv", withoutFiles);
    for (const auto& row : phantoms.rows()) {
      text += (folder_ / "clips" / row.file).string() + ";" + row.study + ";\"" + row.report + "\"\n";
    }
    writeFileAtomically(folder_ / "mine.csv", text);
  }
  OwnTable table() const {
    const auto source = readOwnSource(folder_ / "mine.csv");
    OwnTableOptions options;
    options.columns = guessColumns(source);
    return makeOwnTable(source, options);
  }

  TemporaryFolder folder_;
};

TEST_F(OwnWorkspaceTest, IsCheckedAndFoundReady) {
  const std::string before = readFile(folder_ / "mine.csv");
  const auto own = table();
  const auto clips = lookAtOwnClips(own);
  EXPECT_EQ(clips.looked, 3);
  EXPECT_EQ(clips.trouble, "");
  EXPECT_GT(clips.leastFrames, 16);
  const auto made = writeOwnWorkspace(folder_ / "ws", own, clips, "My \"clips\": öä");
  const auto workspace = Workspace::open(folder_ / "ws");
  EXPECT_EQ(workspace.name, "My \"clips\": öä");
  EXPECT_FALSE(workspace.synthetic);
  const auto config = composeFile(made.config);
  ASSERT_TRUE(config.problems.empty()) << describe(errorOf(config.problems.front()));
  const auto checked = checkData(*config.schema, config.values, workspace.root);
  for (const auto& finding : checked.findings) EXPECT_NE(finding.severity, CheckSeverity::Bad) << finding.oneLine();
  EXPECT_EQ(checked.facts.clips, own.rows.size());
  EXPECT_EQ(checked.facts.missing, 0U);
  EXPECT_EQ(readFile(folder_ / "mine.csv"), before);
}

TEST_F(OwnWorkspaceTest, NothingIsOverwrittenAndNothingLeftBehind) {
  std::filesystem::create_directory(folder_ / "ws");
  writeFileAtomically(folder_ / "ws/precious.txt", "mine");
  EXPECT_THROW(writeOwnWorkspace(folder_ / "ws", table(), {}), Error);
  EXPECT_EQ(readFile(folder_ / "ws/precious.txt"), "mine");
  int writes = 0;
  setWriteFault([&](const std::filesystem::path&, std::size_t&) { return ++writes > 2 ? ENOSPC : 0; });
  EXPECT_THROW(writeOwnWorkspace(folder_ / "other", table(), {}), Error);
  setWriteFault({});
  EXPECT_FALSE(std::filesystem::exists(folder_ / "other"));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_THAT(entry.path().filename().string(), testing::Not(HasSubstr("partial")));
}

TEST_F(OwnWorkspaceTest, WithoutReportsItIsAWorkspaceToLookAt) {
  const auto source = readOwnSource(folder_ / "mine.csv");
  OwnTableOptions options;
  options.columns = guessColumns(source);
  options.columns.report.clear();
  const auto made = writeOwnWorkspace(folder_ / "ws", makeOwnTable(source, options), {});
  EXPECT_TRUE(made.config.empty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ws/configs/echo_text.yaml"));
  EXPECT_EQ(StudyTable::load(folder_ / "ws/data/studies.csv").rows().size(), made.clips);
}

TEST(OwnConfig, FitsWhatTheClipsAre) {
  OwnTable table;
  table.root = "/clips: of mine";
  for (int i = 0; i < 6; ++i)
    table.rows.push_back({0, "a" + std::to_string(i), true, "s", i < 5 ? "train" : "val", "x", "", ""});
  const auto valuesOf = [&](const OwnClipFacts& clips, std::size_t longest) {
    const auto config = composeText(ownConfig(table, clips, longest), "c.yaml");
    EXPECT_TRUE(config.problems.empty()) << describe(errorOf(config.problems.front()));
    return config.values;
  };
  const auto slow = valuesOf({3, 200, 50, {}}, 300);
  EXPECT_EQ(slow["data"]["stride"], 3);
  EXPECT_EQ(slow["data"]["root"], "/clips: of mine");
  EXPECT_EQ(slow["train"]["batch_size"], 5);
  EXPECT_EQ(slow["text"]["max_tokens"], 128);
  EXPECT_EQ(valuesOf({3, 20, 50, {}}, 5)["data"]["stride"], 1);  // short clips
  EXPECT_EQ(valuesOf({}, 5)["text"]["max_tokens"], 16);
  EXPECT_EQ(slow["data"]["start"], "first");
  for (auto& row : table.rows) row.rWave = "0.1";
  table.missing = 1;
  EXPECT_EQ(valuesOf({}, 5)["data"]["start"], "r_wave");
  EXPECT_EQ(valuesOf({}, 5)["data"]["on_missing"], "skip");
}

}  // namespace
}  // namespace counterpoint
