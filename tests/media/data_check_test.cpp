// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/data_check.h"

#include <gmock/gmock.h>

#include <ctime>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/config/config.h"
#include "core/media/column_guess.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kHeading = "FileName,StudyInstanceUID,Split,View,Report,RWave\n";

class DataCheckTest : public testing::Test {
 protected:
  DataCheckTest() {
    for (const char* clip : {"a.mp4", "b.mp4", "c.mp4", "d.mp4"}) writeFileAtomically(folder_ / clip, "clip");
    writeFileAtomically(folder_ / "vocab.txt", "[PAD]\n");
  }

  DataCheck check(const std::string& table, std::vector<std::string> overrides = {}) {
    writeFileAtomically(folder_ / "t.csv", table);
    overrides.insert(overrides.begin(), {"train.batch_size=1", "text.tokenizer=vocab.txt"});
    const auto made = composeText("recipe: echo_text\ndata: {csv: t.csv}\n", "t.yaml", overrides);
    EXPECT_THAT(made.problems, IsEmpty());
    return checkData(*made.schema, made.values, folder_.path());
  }
  static const CheckFinding* find(const DataCheck& check, const std::string& words) {
    for (const auto& finding : check.findings)
      if (finding.oneLine().find(words) != std::string::npos) return &finding;
    return nullptr;
  }

  TemporaryFolder folder_;
};

TEST_F(DataCheckTest, AGoodTableIsCountedAndNothingElse) {
  const auto checked = check(std::string(kHeading) +
                             "a.mp4,S1,train,A4C,\"Normal, thin walls.\",0.1\n"
                             "b.mp4,S1,train,PLAX,Normal.,0.2\n"
                             "c.mp4,S2,val,A4C,Dilated.,0.3\n"
                             "d.mp4,S3,test,A4C,Dilated.,0.3\n");
  EXPECT_FALSE(anyBad(checked.findings));
  ASSERT_EQ(checked.findings.size(), 1U) << checked.findings.front().oneLine();
  EXPECT_EQ(checked.findings[0].severity, CheckSeverity::Info);
  EXPECT_THAT(checked.facts.columns, ElementsAre("FileName", "StudyInstanceUID", "Split", "View", "Report", "RWave"));
  EXPECT_EQ(checked.facts.clips, 4U);
  EXPECT_EQ(checked.facts.studies, 3U);
  EXPECT_EQ(checked.facts.clipsOf("train"), 2U);
  EXPECT_EQ(checked.facts.studiesOf("train"), 1U);
  EXPECT_EQ(checked.facts.firstRows.size(), 3U);
  EXPECT_EQ(checked.facts.firstRows[0][4], "Normal, thin walls.");
  EXPECT_EQ(checked.facts.clipBytes, 16);
}

TEST_F(DataCheckTest, EveryFaultIsOneFindingWithExamples) {
  const auto checked = check(std::string(kHeading) +
                                 "a.mp4,S1,train,A4C,Normal.,0.1\n"
                                 "a.mp4,S1,val,A4C,Normal.,0.1\n"   // the same clip, and a study in two splits
                                 "gone1.mp4,S2,val,A4C,Normal.,\n"  // missing, no R wave
                                 "gone2.mp4,S2,val,A4C,,x\n"        // no report, a wrong R wave
                                 "b.mp4,S3\n"                       // too few fields
                                 ",S4,train,A4C,Normal.,0.1\n"      // no clip
                                 "c.mp4,S5,tune,A4C,Normal.,0.1\n",
                             {"data.start=r_wave"});
  struct Wanted {
    const char* words;
    CheckSeverity severity;
  };
  for (const auto& [words, severity] : {Wanted{"2 of 5 clips are missing: gone1.mp4, gone2.mp4", CheckSeverity::Bad},
                                        {"1 line of other than 6 fields: line 6 has 2", CheckSeverity::Bad},
                                        {"1 line without a clip: line 7", CheckSeverity::Bad},
                                        {"RWave is no time in seconds in 1 line: line 5 (\"x\")", CheckSeverity::Bad},
                                        {"1 clip without an R wave: line 4", CheckSeverity::Bad},
                                        {"1 clip stands more than once: a.mp4 (lines 2 and 3)", CheckSeverity::Warning},
                                        {"1 study lies in two splits: S1", CheckSeverity::Warning},
                                        {"1 clip has no report: line 5", CheckSeverity::Warning},
                                        {"splits that nothing uses: \"tune\" (1)", CheckSeverity::Warning}}) {
    const auto* finding = find(checked, words);
    ASSERT_TRUE(finding) << words;
    EXPECT_EQ(finding->severity, severity) << words;
    EXPECT_FALSE(finding->cure.empty()) << words;
  }
  EXPECT_EQ(checked.findings.size(), 10U);  // and the counts
  EXPECT_EQ(find(checked, "clips are missing")->mend->override(), "data.on_missing=skip");
  EXPECT_EQ(find(checked, "without an R wave")->mend->override(), "data.start=first");
  EXPECT_EQ(checked.facts.unreadableLines, 3U);
  EXPECT_TRUE(std::is_sorted(checked.findings.begin(), checked.findings.end(),
                             [](const auto& a, const auto& b) { return a.severity < b.severity; }));
}

TEST_F(DataCheckTest, WhatNoSplitHasIsInNobodysWay) {
  writeFileAtomically(folder_ / "f.dcm", "x");
  const auto checked = check(std::string(kHeading) +
                             "a.mp4,S1,train,A4C,Normal.,0.1\n"
                             "b.mp4,S2,val,A4C,Normal.,0.1\n"
                             "f.dcm,S3,,A4C,Normal.,\n"
                             "c.mp4,S4,,A4C,,\n");
  ASSERT_EQ(checked.findings.size(), 1U) << checked.findings.front().oneLine();
  EXPECT_THAT(checked.findings[0].what, HasSubstr("not used 2 of 2 studies"));
}

TEST_F(DataCheckTest, ColumnsOfOtherNamesAreGuessed) {
  const auto checked = check("video_path,PatientStudy,fold,Impression\na.mp4,S1,train,Normal heart.\n");
  const auto mendOf = [&](const char* key) {
    for (const auto& finding : checked.findings)
      if (finding.key == key && finding.mend) return finding.mend->override();
    return std::string();
  };
  EXPECT_EQ(mendOf("data.columns.file"), "data.columns.file=video_path");
  // The separator is known now, and with it the rows.
  const auto next = check("video_path,PatientStudy,fold,Impression\na.mp4,S1,train,Normal heart.\n",
                          {"data.columns.file=video_path"});
  ASSERT_TRUE(find(next, "has no column \"Report\""));
  EXPECT_EQ(find(next, "has no column \"Report\"")->mend->override(), "data.columns.report=Impression");
  EXPECT_EQ(find(next, "has no column \"Split\"")->mend->override(), "data.columns.split=fold");
}

TEST_F(DataCheckTest, MendsAreOverridesThatMend) {
  std::filesystem::create_directory(folder_ / "tables");
  std::filesystem::copy_file(folder_ / "vocab.txt", folder_ / "tables/vocab.txt");
  writeFileAtomically(folder_ / "tables/t.csv", std::string(kHeading) +
                                                    "a.mp4,S1,train,A4C,Normal.,0.1\n"
                                                    "b.mp4,S2,val,A4C,Normal.,0.1\n");
  const auto look = [&](const std::vector<std::string>& overrides) {
    const auto made = composeText("recipe: echo_text\ndata: {csv: tables/t.csv}\ntext: {tokenizer: vocab.txt}\n",
                                  "t.yaml", overrides);
    return checkData(*made.schema, made.values, folder_.path());
  };
  const auto before = look({"train.batch_size=1"});
  ASSERT_TRUE(anyBad(before.findings));
  ASSERT_TRUE(before.findings[0].mend);
  EXPECT_EQ(before.findings[0].mend->key, "data.root");
  EXPECT_FALSE(anyBad(look({"train.batch_size=1", before.findings[0].mend->override()}).findings));
  const auto few = look({"train.batch_size=32", "data.root=."});
  ASSERT_TRUE(anyBad(few.findings));
  EXPECT_EQ(few.findings[0].mend->override(), "train.batch_size=1");
}

TEST_F(DataCheckTest, FilesThatAreNotThereAreNamed) {
  const auto made = composeText("recipe: echo_text\ndata: {csv: none.csv}\ntext: {tokenizer: none.txt}\n", "t.yaml");
  std::filesystem::create_directory(folder_ / "data");
  std::filesystem::copy_file(folder_ / "vocab.txt", folder_ / "data/vocab.txt");
  const auto checked = checkData(*made.schema, made.values, folder_.path());
  ASSERT_EQ(checked.findings.size(), 2U);
  EXPECT_THAT(checked.findings[0].oneLine(), HasSubstr("none.csv: does not exist"));
  EXPECT_EQ(checked.findings[1].mend->override(), "text.tokenizer=data/vocab.txt");
}

TEST_F(DataCheckTest, BrokenTablesAreFindingsAndNoExceptions) {
  EXPECT_TRUE(find(check(std::string(kHeading) + "a.mp4,\"open\n"), "a quote is never closed"));
  EXPECT_TRUE(find(check(""), "has no column \"FileName\""));
  EXPECT_TRUE(find(check(std::string(kHeading)), "has no clip of the split \"train\""));
  EXPECT_TRUE(find(check(std::string("\0\0\0\n", 4)), "has no column \"FileName\""));
  writeFileAtomically(folder_ / "e.mp4", "");
  writeFileAtomically(folder_ / "f.dcm", "x");
  const auto odd = check(std::string(kHeading) + "e.mp4,S1,train,,Normal.,\nf.dcm,S2,val,,Normal.,\n");
  EXPECT_TRUE(find(odd, "1 clip is empty: e.mp4"));
  EXPECT_TRUE(find(odd, "DICOM"));
}

TEST_F(DataCheckTest, AHundredThousandRowsTakeSeconds) {
  std::string table = kHeading;
  for (int i = 0; i < 100'000; ++i) {
    table += "a.mp4,S" + std::to_string(i / 4) + ",train,A4C,\"A report, with some words in it.\",0.1\n";
  }
  writeFileAtomically(folder_ / "t.csv", table);
  const std::clock_t start = std::clock();  // of this process alone: others may keep the machine busy
  const auto checked = check(table);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  EXPECT_EQ(checked.facts.studies, 25'000U);
  EXPECT_EQ(checked.facts.duplicates, 99'999U);
  EXPECT_LT(seconds, 3);
  RecordProperty("seconds", std::to_string(seconds));
  std::stop_source stop;
  stop.request_stop();
  const auto made = composeText("recipe: echo_text\ndata: {csv: t.csv}\n", "t.yaml");
  EXPECT_THROW(checkData(*made.schema, made.values, folder_.path(), stop.get_token()), Error);
}

TEST(ColumnGuess, KnowsTheSpellingsOfOthers) {
  const auto guess = guessColumns({"id", "AVI file", "Accession Number", "Set", "Final Conclusions", "R-peak time"},
                                  {{"1", "x/1.avi", "A1", "Training", "Normal left ventricle.", "0.31"},
                                   {"2", "x/2.avi", "A2", "valid", "Dilated left ventricle.", "0.4"}});
  EXPECT_EQ(guess.file, "AVI file");
  EXPECT_EQ(guess.study, "Accession Number");
  EXPECT_EQ(guess.split, "Set");
  EXPECT_EQ(guess.report, "Final Conclusions");
  EXPECT_EQ(guess.rWave, "R-peak time");
  EXPECT_EQ(guess.view, "");
  // A column of diagnoses is no split, whatever it is called.
  EXPECT_EQ(guessColumns({"file", "group"}, {{"a.mp4", "healthy"}, {"b.mp4", "sick"}}).split, "");
  EXPECT_EQ(guessColumns({"c1", "c2"}, {{"some words about it", "a.mp4"}}).file, "c2");
  EXPECT_EQ(guessColumns({"c1", "c2"}, {{"some words about it", "a.mp4"}}).report, "c1");
  EXPECT_EQ(splitOf("Hold-Out"), "test");
  EXPECT_EQ(splitOf("2"), "");
}

}  // namespace
}  // namespace counterpoint
