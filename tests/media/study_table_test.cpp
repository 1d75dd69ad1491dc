// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/study_table.h"

#include <gmock/gmock.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/media/csv.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Csv, QuotesLineBreaksAndLineNumbers) {
  const auto records = parseCsv(
      "\xEF\xBB\xBF"
      "a,b\r\n\r\n\"x,\"\"y\"\"\nz\",5\" wide\n,\rlast,\"\"",
      ",", "t.csv");
  ASSERT_EQ(records.size(), 4U);
  EXPECT_THAT(records[0].fields, ElementsAre("a", "b"));
  EXPECT_EQ(records[1].line, 3U);
  EXPECT_THAT(records[1].fields, ElementsAre("x,\"y\"\nz", "5\" wide"));
  EXPECT_EQ(records[2].line, 5U);
  EXPECT_THAT(records[2].fields, ElementsAre("", ""));
  EXPECT_THAT(records[3].fields, ElementsAre("last", ""));
  EXPECT_EQ(records[3].line, 6U);
}

std::string csvMessage(const std::string& text) {
  try {
    parseCsv(text, ",", "t.csv");
  } catch (const Error& error) {
    return describe(error);
  }
  return "read";
}

TEST(Csv, BrokenQuotesNameTheirLine) {
  EXPECT_THAT(csvMessage("a,b\n1,\"open\nmore\n"), HasSubstr("t.csv, line 2"));
  EXPECT_THAT(csvMessage("a,b\n1,\"x\" y\n"), HasSubstr("t.csv, line 2"));
}

TEST(Csv, FieldsComeBackAsTheyWere) {
  for (const std::string value : {"plain", "a,b", "say \"x\"", "two\nlines", ""}) {
    const auto records = parseCsv(csvField(value, ",") + ",end", ",", "t");
    EXPECT_EQ(records.at(0).fields.at(0), value);
  }
}

class StudyTableTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    for (const char* name : {"a.mp4", "b.mp4", "c.mp4"}) writeFileAtomically(folder_ / name, "x");
    writeFileAtomically(folder_ / "studies.csv", text);
    return folder_ / "studies.csv";
  }
  std::string message(const std::string& text, const StudyTableOptions& options = {}) {
    try {
      StudyTable::load(write(text), options);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Data);
      return describe(error);
    }
    return "read";
  }
  TemporaryFolder folder_;
};

TEST_F(StudyTableTest, TheSeparatorIsFoundAndReportsKeepTheirCommas) {
  for (const std::string separator : {"α", ",", "\t"}) {
    std::string text = "FileName|StudyInstanceUID|Split|Report|RWave\n";
    text += "a.mp4|s2| TRAIN |\"Mild, α and \t here\"|0.25\nb.mp4|s1|val||\nc.mp4|s2|train|last wins|1e-1\n";
    for (std::size_t at; (at = text.find('|')) != std::string::npos;) text.replace(at, 1, separator);
    const StudyTable table = StudyTable::load(write(text));
    ASSERT_EQ(table.rows().size(), 3U);
    EXPECT_EQ(table.rows()[0].report, "Mild, α and \t here");
    EXPECT_EQ(table.rows()[0].split, "train");
    EXPECT_EQ(table.rows()[0].rWave, 0.25);
    EXPECT_EQ(table.rows()[2].rWave, 0.1);
    EXPECT_FALSE(table.rows()[1].rWave);
    EXPECT_EQ(table.rows()[0].path, folder_ / "a.mp4");
    EXPECT_THAT(table.splits(), ElementsAre("train", "val"));
    EXPECT_EQ(table.rowsOf("Train").size(), 2U);
    EXPECT_EQ(table.rowsOf("all").size(), 3U);
    const auto studies = table.studiesOf("all");
    ASSERT_EQ(studies.size(), 2U);
    EXPECT_EQ(studies[0].id, "s1");
    EXPECT_EQ(studies[0].report, "No Report");
    EXPECT_EQ(studies[1].report, "last wins");
    EXPECT_THAT(studies[1].rows, ElementsAre(0U, 2U));
  }
}

TEST_F(StudyTableTest, MissingFilesAreCountedAndNamed) {
  const std::string text = "FileName,Split\na.mp4,train\nnone.mp4,train\ngone.mp4,val\n";
  EXPECT_THAT(message(text), testing::AllOf(HasSubstr("2 of 3"), HasSubstr("none.mp4"), HasSubstr("gone.mp4")));
  const StudyTable table = StudyTable::load(write(text), {.columns = {}, .root = {}, .onMissing = OnMissing::Skip});
  EXPECT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(table.rows()[0].study, "a.mp4");
  EXPECT_THAT(table.missing(), ElementsAre("none.mp4", "gone.mp4"));
  try {
    table.rowsOf("val");
    FAIL() << "a split without clips was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(describe(error), HasSubstr("Its splits are: train"));
  }
}

TEST_F(StudyTableTest, ErrorsNameLineAndColumn) {
  EXPECT_THAT(message("Filename,Split\na.mp4,train\n"), HasSubstr("Did you mean \"Filename\""));
  EXPECT_THAT(message("FileName,Split\na.mp4,train,more\n"), HasSubstr("line 2"));
  EXPECT_THAT(message("FileName,RWave\na.mp4,0.1\nb.mp4,soon\n"),
              testing::AllOf(HasSubstr("line 3"), HasSubstr("soon")));
  EXPECT_THAT(message("FileName,Split\n,train\n"), HasSubstr("FileName is empty"));
  EXPECT_THAT(message(""), HasSubstr("FileName"));
}

TEST_F(StudyTableTest, ColumnsHaveOtherNames) {
  const StudyTable table =
      StudyTable::load(write("path,text\nb.mp4,hello\n"), {.columns = {.file = "path", .report = "text"}});
  EXPECT_EQ(table.rows().at(0).report, "hello");
}

}  // namespace
}  // namespace counterpoint
