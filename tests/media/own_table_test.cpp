// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/own_table.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OwnTableTest : public testing::Test {
 protected:
  void clip(const std::string& name, const std::string& content = "clip") {
    std::filesystem::create_directories((folder_ / name).parent_path());
    writeFileAtomically(folder_ / name, content);
  }
  OwnSource source(const std::string& text, const std::string& name = "list.csv") {
    writeFileAtomically(folder_ / name, text);
    return readOwnSource(folder_ / name);
  }
  static OwnTable made(const OwnSource& source, OwnTableOptions options = {}) {
    if (options.columns.file.empty()) options.columns = guessColumns(source);
    return makeOwnTable(source, options);
  }
  static const CheckFinding* find(const OwnTable& table, const std::string& words) {
    for (const auto& finding : table.findings)
      if (finding.oneLine().find(words) != std::string::npos) return &finding;
    return nullptr;
  }
  static std::map<std::string, std::set<std::string>> splitsOfStudies(const OwnTable& table) {
    std::map<std::string, std::set<std::string>> splits;
    for (const auto& row : table.rows) splits[row.study].insert(row.split);
    return splits;
  }

  TemporaryFolder folder_;
};

TEST_F(OwnTableTest, OtherNamesAndOtherSplitWordsBecomeOurs) {
  for (const char* name : {"v/a.avi", "v/b.avi", "v/c.avi"}) clip(name);
  const auto table =
      made(source("Video;Accession;Fold;Impression;Echo view\n"
                  "v/a.avi;7;TRAINING;\"Normal; thin walls.\";A4C\n"
                  "v/b.avi;8;valid;Dilated left ventricle.;PLAX\n"
                  "v/c.avi;9;hold-out;Dilated left ventricle.;A4C\n"));
  EXPECT_EQ(table.root, folder_.path());
  EXPECT_FALSE(table.dealt);
  EXPECT_TRUE(table.canTrain());
  EXPECT_EQ(ownStudiesCsv(table),
            "FileName,StudyInstanceUID,Split,View,Report,RWave\n"
            "v/a.avi,7,train,A4C,Normal; thin walls.,\n"
            "v/b.avi,8,val,PLAX,Dilated left ventricle.,\n"
            "v/c.avi,9,test,A4C,Dilated left ventricle.,\n");
  EXPECT_TRUE(table.findings.empty()) << table.findings.front().oneLine();
}

TEST_F(OwnTableTest, StudiesAreDealtWholeBySeedAndShare) {
  std::string text = "file,patient,report\n";
  for (int i = 0; i < 200; ++i) {
    const std::string name = "c" + std::to_string(i) + ".mp4";
    clip(name);
    text += name + ",P" + std::to_string(i / 4) + ",Report of patient " + std::to_string(i / 4) + ".\n";
  }
  const auto read = source(text);
  const auto table = made(read);
  EXPECT_TRUE(table.dealt);
  std::map<std::string, int> counts;
  for (const auto& [study, splits] : splitsOfStudies(table)) {
    EXPECT_EQ(splits.size(), 1U) << study;
    ++counts[*splits.begin()];
  }
  EXPECT_EQ(counts["train"], 40);
  EXPECT_EQ(counts["val"], 5);
  EXPECT_EQ(counts["test"], 5);
  EXPECT_EQ(ownStudiesCsv(made(read)), ownStudiesCsv(table));
  OwnTableOptions other;
  other.seed = 1;
  EXPECT_NE(ownStudiesCsv(made(read, other)), ownStudiesCsv(table));
  other.shares = {50, 50, 0};
  const auto halves = made(read, other);
  EXPECT_EQ(halves.clipsOf("train"), 100U);
  EXPECT_EQ(halves.clipsOf("test"), 0U);
  other.shares = {0, 50, 50};
  EXPECT_THROW(made(read, other), Error);
}

TEST_F(OwnTableTest, LeakageIsWarnedAboutAndMended) {
  for (const char* name : {"a.mp4", "b.mp4", "c.mp4", "d.mp4"}) clip(name);
  const auto read = source(
      "file,study,split,report\na.mp4,1,train,One report here.\nb.mp4,1,test,One report here.\n"
      "c.mp4,2,val,One report here.\nd.mp4,3,train,One report here.\n");
  const auto table = made(read);
  const auto* leak = find(table, "1 study lies in two splits: 1");
  ASSERT_TRUE(leak);
  EXPECT_EQ(leak->mend->override(), "split=deal");
  OwnTableOptions deal;
  deal.dealSplits = true;
  const auto dealt = made(read, deal);
  for (const auto& [study, splits] : splitsOfStudies(dealt)) EXPECT_EQ(splits.size(), 1U) << study;
  EXPECT_FALSE(find(dealt, "two splits"));
  const auto alone = made(source("file,report\na.mp4,One report here.\nb.mp4,One report here.\n"));
  EXPECT_TRUE(find(alone, "no column says which clips belong together"));
}

TEST_F(OwnTableTest, WithoutReportsNothingTrainsAndItSaysWhatCan) {
  for (const char* name : {"a.mp4", "b.mp4", "c.mp4"}) clip(name);
  const auto none = made(source("file,study\na.mp4,1\nb.mp4,2\n"));
  EXPECT_FALSE(none.canTrain());
  ASSERT_TRUE(find(none, "nothing can be trained"));
  EXPECT_THAT(find(none, "nothing can be trained")->cure, HasSubstr("Review"));
  // One clip of a study carries the report of all; one study has none.
  const auto some = made(source("file,study,report\na.mp4,1,A report of words.\nb.mp4,1,\nc.mp4,2,\n"));
  EXPECT_EQ(some.rows[1].report, "A report of words.");
  EXPECT_EQ(some.withoutReport, 1U);
  EXPECT_EQ(some.rows[2].split, "");
  EXPECT_TRUE(find(some, "1 clip has no report: c.mp4"));
}

TEST_F(OwnTableTest, ClipsAreFoundWithoutEndingAndInFoldersBeside) {
  for (const char* name : {"Videos/0X1A.avi", "Videos/0X2B.avi"}) clip(name);
  const auto table =
      made(source("FileName,Split,Report\n0X1A,TRAIN,Normal function seen.\n0X2B,VAL,Low function seen.\n"));
  EXPECT_EQ(table.root, folder_ / "Videos");
  EXPECT_EQ(table.rows[0].file, "0X1A.avi");
  EXPECT_EQ(table.missing, 0U);
  EXPECT_TRUE(table.canTrain());
}

TEST_F(OwnTableTest, AFolderIsATableOfItsOwn) {
  for (const char* name : {"train/P1/a.mp4", "train/P1/b.AVI", "train/P2/c.dcm", "val/P3/d.mp4", ".hidden/e.mp4"})
    clip(name);
  for (const char* name : {"train/P1/a.txt", "val/P3/d.txt"}) clip(name, "A report beside it.\n");
  clip("notes.csv", "x\n");
  const auto read = readOwnSource(folder_.path());
  EXPECT_THAT(read.columns, ElementsAre("FileName", "Folder", "Split", "Report"));
  ASSERT_EQ(read.rows.size(), 4U);
  EXPECT_THAT(read.rows[0], ElementsAre("train/P1/a.mp4", "P1", "train", "A report beside it."));
  EXPECT_EQ(read.tables.size(), 1U);
  const auto table = made(read);
  EXPECT_TRUE(table.canTrain());
  EXPECT_TRUE(find(table, "1 clip is DICOM, which is not read yet: train/P2/c.dcm"));
  EXPECT_EQ(table.clipsOf("train"), 2U);  // b has the report of its study
}

TEST_F(OwnTableTest, ATableWithoutValGetsOneOfTrain) {
  std::string text = "file,study,split,report\n";
  for (int i = 0; i < 20; ++i) {
    clip("c" + std::to_string(i) + ".mp4");
    text +=
        "c" + std::to_string(i) + ".mp4,S" + std::to_string(i) + (i < 18 ? ",train" : ",test") + ",Some words here.\n";
  }
  const auto table = made(source(text));
  EXPECT_EQ(table.clipsOf("val"), 2U);
  EXPECT_EQ(table.clipsOf("train"), 16U);
  EXPECT_EQ(table.clipsOf("test"), 2U);
  EXPECT_TRUE(find(table, "there is no val: 2 studies of train are it now"));
}

TEST_F(OwnTableTest, FaultsAreNamedAndBrokenSourcesRefused) {
  clip("a.mp4");
  clip("b.mp4");
  clip("empty.mp4", "");
  const auto read = source(
      "file,study,split,report,rwave\na.mp4,1,train,Three words here.,0.1\na.mp4,1,train,Twice.,0.1\n"
      ",1,train,x,\nb.mp4,2,val,Three words here.,-1\ngone.mp4,3,val,Three words here.,\nempty.mp4,4,val,x "
      "y z,\nshort\n");
  OwnTableOptions options;
  options.columns = guessColumns(read);
  options.columns.rWave = "rwave";  // half of them are wrong: it is not guessed
  const auto table = made(read, options);
  for (const char* words : {"1 line of a clip that stands above", "1 line without a clip", "1 R wave is no time",
                            "2 clips are not there, or empty: gone.mp4, empty.mp4", "1 line of other than 5 fields"})
    EXPECT_TRUE(find(table, words)) << words;
  EXPECT_TRUE(table.canTrain());
  EXPECT_THROW(readOwnSource(folder_ / "none.csv"), Error);
  EXPECT_THROW(readOwnSource(folder_ / "a.mp4"), Error);
  EXPECT_THROW(source("only,heading\n"), Error);
  EXPECT_THROW(source(std::string("a,b\n\0,1\n", 8)), Error);
  EXPECT_THROW(source("a,b\n1,\"open\n"), Error);
  TemporaryFolder bare;
  EXPECT_THROW(readOwnSource(bare.path()), Error);
  OwnTableOptions wrong;
  wrong.columns.file = "fil";
  try {
    makeOwnTable(source("file,report\na.mp4,x\n"), wrong);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(describe(error), HasSubstr("Did you mean \"file\"?"));
  }
}

}  // namespace
}  // namespace counterpoint
