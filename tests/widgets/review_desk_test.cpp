// SPDX-License-Identifier: GPL-3.0-or-later
// Which clip is the current one, whose captions are shown, and what is kept of it.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <fstream>

#include "core/runs/events.h"
#include "tests/support/fake_model.h"
#include "tests/support/review_workspace.h"
#include "widgets/clips/caption_pane.h"
#include "widgets/clips/studies_pane.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/run_name.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

bool waitForClip(ReviewDesk& desk, const fs::path& path) {
  return QTest::qWaitFor([&] { return desk.currentClip() && desk.currentClip()->path == path; });
}

bool waitUntilRead(ReviewDesk& desk) {
  return QTest::qWaitFor([&] { return !desk.isLoading() && !desk.isReadingCaptions() && !desk.isOpening(); });
}

QString text(const fs::path& path) { return QString::fromStdString(path.string()); }

TEST(ReviewDesk, AClipThatIsOpenedWhileTheTableIsReadStaysTheOne) {
  ReviewWorkspace workspace;
  TemporaryFolder elsewhere;
  writeNumberedClip(elsewhere / "x.mp4", 5);
  ReviewDesk desk;
  StudiesPane studies(desk);
  studies.restoreState({{QStringLiteral("clip"), QStringLiteral("data/c.mp4")}});  // of the session
  desk.setPlace(workspace.place());
  EXPECT_TRUE(desk.openClip(text(elsewhere / "x.mp4")));  // as `counterpoint CLIP` does, without an event between
  ASSERT_TRUE(waitForClip(desk, elsewhere / "x.mp4"));
  ASSERT_TRUE(waitUntilRead(desk));
  EXPECT_EQ(desk.currentClip()->path, elsewhere / "x.mp4");
  EXPECT_EQ(desk.clips().size(), 4U);
  desk.setStarred(true);
  desk.waitForSaves();
  const AnnotationStore store(workspace.folder() / "annotations");
  EXPECT_FALSE(fs::exists(store.fileOf("S-0001")));
  EXPECT_TRUE(store.load((elsewhere / "x.mp4").string(), (elsewhere / "x.mp4").string()).starred);
}

TEST(ReviewDesk, AClipOfTheTableAndAnEmptyTable) {
  ReviewWorkspace workspace;
  ReviewDesk desk;
  desk.setPlace(workspace.place());
  EXPECT_TRUE(desk.openClip(QStringLiteral("data/b.mp4")));
  ASSERT_TRUE(waitForClip(desk, workspace.folder() / "data" / "b.mp4"));
  ReviewPlace empty = workspace.place();
  empty.studies = workspace.folder() / "none.csv";
  desk.setPlace(empty);
  EXPECT_TRUE(desk.openClip(text(workspace.folder() / "data" / "c.mp4")));
  ASSERT_TRUE(waitUntilRead(desk));
  ASSERT_TRUE(desk.currentClip());
  EXPECT_EQ(desk.currentClip()->path, workspace.folder() / "data" / "c.mp4");
}

TEST(ReviewDesk, WhatWasSaidOfAClipFromElsewhereIsReadBeforeItIsAddedTo) {
  ReviewWorkspace workspace;
  TemporaryFolder here, there;
  for (const TemporaryFolder* folder : {&here, &there}) writeNumberedClip(*folder / "x.mp4", 5);
  for (int session = 0; session < 2; ++session) {
    ReviewDesk desk;
    desk.setPlace(workspace.place());
    ASSERT_TRUE(waitUntilRead(desk));
    desk.openClip(text(here / "x.mp4"));
    ASSERT_TRUE(waitForClip(desk, here / "x.mp4"));
    if (session == 0) {
      desk.setNote(QStringLiteral("look again"));
      desk.toggleKeyFrame(2);
    } else {
      desk.setStarred(true);
    }
    desk.openClip(text(there / "x.mp4"));
    ASSERT_TRUE(waitForClip(desk, there / "x.mp4"));
    EXPECT_TRUE(desk.currentClip()->annotation.isEmpty());  // files of one name are two
  }
  const std::string id = (here / "x.mp4").string();
  const ClipAnnotation kept = AnnotationStore(workspace.folder() / "annotations").load(id, id);
  EXPECT_EQ(kept.note, "look again");
  EXPECT_EQ(kept.keyFrames, std::vector<int>{2});
  EXPECT_TRUE(kept.starred);
}

TEST(AnnotationStore, LongIdsBecomeFileNamesThatFit) {
  TemporaryFolder folder;
  const AnnotationStore store(folder / "annotations");
  const std::string one = std::string(400, 'a') + "/1.mp4", other = std::string(401, 'a') + "/1.mp4";
  EXPECT_LE(store.fileOf(one).filename().string().size(), 255U);
  EXPECT_NE(store.fileOf(one), store.fileOf(other));
  ClipAnnotation starred;
  starred.starred = true;
  store.save(one, one, starred);
  EXPECT_TRUE(store.load(one, one).starred);
}

TEST(ReviewDesk, AJudgementIsOfOneTextOfOneRun) {
  ReviewWorkspace workspace;
  workspace.writeRun("siglip-2");
  const auto captions = workspace.folder() / "runs" / "siglip-2" / "results" / "test" / "captions.jsonl";
  Json line = Json::parse(readFile(captions));
  line["caption"]["text"] = "Another text.";
  writeFileAtomically(captions, line.dump() + "\n");
  ReviewDesk desk;
  StudiesPane studies(desk);
  desk.setPlace(workspace.place());
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.caption() != nullptr; }));
  desk.setRun(workspace.folder() / "runs" / "siglip-1");
  ASSERT_TRUE(waitUntilRead(desk));
  desk.judge(CaptionJudgement::Accepted);
  EXPECT_EQ(desk.judgement(), CaptionJudgement::Accepted);
  studies.filter()->setText(QStringLiteral("accepted"));
  EXPECT_EQ(studies.shownClips(), 1);

  desk.setRun(workspace.folder() / "runs" / "siglip-2");
  ASSERT_TRUE(waitUntilRead(desk));
  EXPECT_EQ(desk.caption()->caption.text, "Another text.");
  EXPECT_EQ(desk.judgement(), CaptionJudgement::None);
  EXPECT_EQ(studies.shownClips(), 0);

  // Evaluated again, the same run says something else: nobody judged that.
  const auto first = workspace.folder() / "runs" / "siglip-1" / "results" / "test" / "captions.jsonl";
  writeFileAtomically(first, line.dump() + "\n");
  desk.setRun(workspace.folder() / "runs" / "siglip-1");
  ASSERT_TRUE(waitUntilRead(desk));
  EXPECT_EQ(desk.judgement(), CaptionJudgement::None);
}

TEST(RunCaptions, ThoseOfStepsThatAResumeUndidAreHidden) {
  ReviewWorkspace workspace;
  const fs::path run = workspace.folder() / "runs" / "siglip-1";
  fs::remove_all(run / "results");
  const auto say = [&](int attempt, std::int64_t resumed, std::int64_t step, const std::string& clip,
                       const std::string& what) {
    Caption caption = exampleCaption();
    caption.text = what;
    EventWriter writer(RunFolder(run), attempt);
    if (attempt > 0) writer.resumed(resumed, 0);
    writer.at(step, 0);
    writer.caption("val/caption", clip, "S-0001", "…", toJson(caption), toJson(exampleSeen(clip)));
  };
  say(0, 0, 100, "data/a.mp4", "kept");
  say(0, 0, 200, "data/a.mp4", "undone");
  say(0, 0, 200, "data/b.mp4", "undone");
  say(1, 150, 160, "data/c.mp4", "new");
  const RunCaptions read = readRunCaptions(run);
  std::map<std::string, std::string> texts;
  for (const ClipCaption& one : read.captions) texts[one.clip] = one.caption.text;
  EXPECT_EQ(texts, (std::map<std::string, std::string>{{"data/a.mp4", "kept"}, {"data/c.mp4", "new"}}));
  EXPECT_EQ(read.captions.front().step.value_or(0) + read.captions.back().step.value_or(0), 260);
}

TEST(ReviewDesk, TheTableIsReadAsTheRunWasTrainedOnIt) {
  ReviewWorkspace workspace;
  fs::create_directories(workspace.folder() / "own" / "clips");
  fs::copy(workspace.folder() / "data" / "b.mp4", workspace.folder() / "own" / "clips" / "mine.mp4");
  writeFileAtomically(workspace.folder() / "own" / "table.csv",
                      "Path,Exam,Set,Words\nclips/mine.mp4,E-7,val,\"Normal.\"\n");
  workspace.writeRun("own-1");
  writeFileAtomically(
      workspace.folder() / "runs" / "own-1" / "config.yaml",
      "recipe: echo_text\ndata:\n  csv: own/table.csv\n  root: own\n  columns: {file: Path, study: Exam, "
      "split: Set, report: Words}\n");
  ReviewDesk desk;
  desk.setPlace(workspace.place());
  ASSERT_TRUE(waitUntilRead(desk));
  desk.setRun(workspace.folder() / "runs" / "siglip-1");
  ASSERT_TRUE(waitUntilRead(desk));
  EXPECT_EQ(desk.clips().size(), 3U);
  desk.openClip(QStringLiteral("data/b.mp4"));
  desk.setRun(workspace.folder() / "runs" / "own-1");
  ASSERT_TRUE(waitUntilRead(desk));
  // The clip that is open stays open, beside the clips of the other table.
  ASSERT_EQ(desk.clips().size(), 2U);
  EXPECT_EQ(desk.clips()[0].study, "E-7");
  EXPECT_EQ(desk.clips()[0].report, "Normal.");
  EXPECT_EQ(desk.clips()[0].path, workspace.folder() / "own" / "clips" / "mine.mp4");
  EXPECT_EQ(desk.currentClip()->path, workspace.folder() / "data" / "b.mp4");
}

class Asking : public ::testing::Test {
 protected:
  Asking() : report(desk) {
    workspace.writeRun("siglip-2");
    QObject::connect(&desk, &ReviewDesk::noticed, [this](const Notice& notice) { notices.push_back(notice); });
    desk.setModel(&model);
    desk.setPlace(workspace.place());
    EXPECT_TRUE(waitUntilRead(desk));
    desk.setRun(run("siglip-1"));
    EXPECT_TRUE(waitUntilRead(desk));
    desk.openClip(QStringLiteral("data/a.mp4"));
    model.setDescription({{"run", run("siglip-2").string()}, {"step", 740}, {"input", {{"start", "r_wave"}}}});
  }
  ~Asking() override { desk.setModel(nullptr); }

  fs::path run(const char* name) const { return workspace.folder() / "runs" / name; }
  static Json said(const std::string& what) {
    Caption caption = exampleCaption();
    caption.text = what;
    return {{"caption", toJson(caption)}, {"seen", toJson(exampleSeen("data/a.mp4"))}};
  }

  ReviewWorkspace workspace;
  FakeModel model;
  ReviewDesk desk;
  CaptionPane report;
  std::vector<Notice> notices;
};

TEST_F(Asking, TheAnswerStandsUnderTheRunThatGaveIt) {
  desk.askCaption();
  ASSERT_EQ(model.asked.size(), 1U);
  EXPECT_EQ(model.asked[0].parameters.value("start_seconds", -1.0), 0.1);
  model.answer(0, said("Live."));
  EXPECT_FALSE(desk.isAsking());
  ASSERT_TRUE(waitUntilRead(desk));
  EXPECT_EQ(desk.run(), run("siglip-2"));
  EXPECT_EQ(desk.caption()->caption.text, "Live.");
  EXPECT_TRUE(report.source().contains(QStringLiteral("asked just now of siglip-2, step 740")))
      << report.source().toStdString();
  EXPECT_FALSE(desk.reference().isEmpty());
  desk.judge(CaptionJudgement::Accepted);
  EXPECT_EQ(desk.currentClip()->annotation.captions.back().checkpoint, "step_000740");
  desk.setRun(run("siglip-1"));
  ASSERT_TRUE(waitUntilRead(desk));
  EXPECT_EQ(desk.caption()->caption.text, exampleCaption().text);
  EXPECT_EQ(desk.judgement(), CaptionJudgement::None);
}

TEST_F(Asking, OnlyTheLastQuestionIsHeard) {
  desk.askCaption();
  report.askButton()->click();  // cancels
  EXPECT_TRUE(model.asked[0].cancelled);
  EXPECT_FALSE(desk.isAsking());
  desk.askCaption();
  model.fail(0);
  EXPECT_TRUE(desk.isAsking());
  model.answer(0, said("Late."));
  EXPECT_TRUE(desk.isAsking());
  EXPECT_TRUE(notices.empty());
  desk.openClip(QStringLiteral("data/b.mp4"));  // another clip: nobody waits for this answer
  EXPECT_TRUE(model.asked[1].cancelled);
  desk.askCaption();
  model.answer(1, said("Of the other clip."));
  EXPECT_FALSE(desk.caption());
  model.fail(2, "ran out of memory");
  EXPECT_FALSE(desk.isAsking());
  EXPECT_EQ(notices.size(), 1U);
  desk.askCaption();
  model.answer(3, Json::object());
  EXPECT_FALSE(desk.isAsking());
  EXPECT_EQ(notices.size(), 2U);
}

TEST_F(Asking, ADraftIsKeptForTheCaptionItWasBegunOn) {
  const auto edit = [this] {
    for (QPushButton* button : report.findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("Edit")) button->click();
    }
  };
  edit();
  report.editor()->setPlainText(QStringLiteral("EF 35 %."));
  desk.openClip(QStringLiteral("data/b.mp4"));
  desk.waitForSaves();
  const AnnotationStore store(workspace.folder() / "annotations");
  ASSERT_EQ(store.load("S-0001", "data/a.mp4").captions.size(), 1U);
  EXPECT_EQ(store.load("S-0001", "data/a.mp4").captions[0].text, "EF 35 %.");

  // A caption arrives while one edits: the draft stays with the old one.
  desk.openClip(QStringLiteral("data/a.mp4"));
  edit();
  EXPECT_EQ(report.editor()->toPlainText(), QStringLiteral("EF 35 %."));
  report.editor()->setPlainText(QStringLiteral("EF 30 %."));
  desk.askCaption();
  model.answer(0, said("Live."));
  EXPECT_FALSE(report.editor()->isVisibleTo(&report));
  const ClipAnnotation& kept = desk.currentClip()->annotation;
  ASSERT_EQ(kept.captions.size(), 1U);
  EXPECT_EQ(kept.captions[0].run, "siglip-1");
  EXPECT_EQ(kept.captions[0].generated, exampleCaption().text);
  EXPECT_EQ(kept.captions[0].text, "EF 30 %.");
  EXPECT_EQ(desk.judgement(), CaptionJudgement::None);
  // What was not changed is no judgement.
  edit();
  desk.openClip(QStringLiteral("data/b.mp4"));
  EXPECT_EQ(desk.find("data/a.mp4")->annotation.captions.size(), 1U);
}

TEST_F(Asking, RunsHaveTheirShortNames) {
  EXPECT_EQ(shortRunName(QStringLiteral("2026-11-21_13-10-20_ecl")), QStringLiteral("ecl"));
  const QStringList two = {QStringLiteral("2026-11-21_13-10-20_ecl"), QStringLiteral("2026-11-21_14-00-00_ecl")};
  EXPECT_EQ(shortRunName(two[0], two), QStringLiteral("ecl 13:10:20"));
  workspace.writeRun("2026-11-21_13-10-20_ecl");
  desk.refreshRuns();
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.runs().size() == 3; }));
  const int row = report.run()->findText(QStringLiteral("ecl"));
  ASSERT_GE(row, 0);
  EXPECT_EQ(report.run()->itemData(row, Qt::ToolTipRole).toString(), QStringLiteral("2026-11-21_13-10-20_ecl"));
}

TEST(Report, OffersTrainingWhereNothingWasTrainedAndNoButtonThatMustFail) {
  ReviewWorkspace workspace;
  fs::remove_all(workspace.folder() / "runs");
  FakeModel model;
  model.setState(ModelLink::State::Off);
  ReviewDesk desk;
  desk.setModel(&model);
  CaptionPane report(desk);
  QSignalSpy train(&report, &CaptionPane::trainWanted);
  desk.setPlace(workspace.place());
  ASSERT_TRUE(waitUntilRead(desk));
  EXPECT_TRUE(report.isShowingEmpty());
  EXPECT_EQ(report.emptyState()->button()->text(), QStringLiteral("Train, about 3 min"));
  report.emptyState()->button()->click();
  desk.openClip(QStringLiteral("data/a.mp4"));
  EXPECT_FALSE(report.isShowingEmpty());
  EXPECT_EQ(report.askButton()->text(), QStringLiteral("Train, about 3 min"));
  report.askButton()->click();
  EXPECT_EQ(train.count(), 2);
  ActionRegistry registry;
  report.registerActions(registry);
  registry.action(QStringLiteral("review.caption"))->trigger();  // says that there is no model, and trains nothing
  EXPECT_EQ(train.count(), 2);
  workspace.writeRun("siglip-1");
  desk.refreshRuns();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !desk.runs().empty(); }));
  EXPECT_FALSE(report.askButton()->isEnabled());  // no checkpoint
  fs::create_directories(workspace.folder() / "runs" / "siglip-1" / "checkpoints" / "last");
  desk.refreshRuns();
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.hasModel(); }));
  ASSERT_TRUE(report.askButton()->isEnabled());
  report.askButton()->click();
  EXPECT_EQ(model.starts, 1);
  desk.setModel(nullptr);
}

}  // namespace
}  // namespace counterpoint
