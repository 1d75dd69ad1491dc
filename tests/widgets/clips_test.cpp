// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QTreeView>

#include <fstream>

#include "tests/support/review_workspace.h"
#include "widgets/clips/caption_pane.h"
#include "widgets/clips/clip_view.h"
#include "widgets/clips/clips_pane.h"
#include "widgets/clips/report_difference.h"
#include "widgets/clips/studies_pane.h"
#include "widgets/clips/time_line.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/review_desk.h"

namespace counterpoint {
namespace {

std::vector<double> evenTimes(int frames, double rate) {
  std::vector<double> times;
  for (int i = 0; i < frames; ++i) times.push_back(i / rate);
  return times;
}

TEST(PlayClock, ElapsedTimeChoosesTheFrame) {
  PlayClock clock;
  clock.setTimes(evenTimes(50, 50));
  clock.start(0, 100.0);
  EXPECT_EQ(clock.frameAt(100.0), 0);
  EXPECT_EQ(clock.frameAt(100.019), 0);
  EXPECT_EQ(clock.frameAt(100.021), 1);
  EXPECT_EQ(clock.frameAt(100.5), 25);  // however many ticks were missed
  EXPECT_EQ(clock.frameAt(101.1), 5);   // once around
  clock.setRate(0.5, 101.1);
  EXPECT_EQ(clock.frameAt(101.1), 5);  // no jump
  EXPECT_EQ(clock.frameAt(101.3), 10);
}

TEST(PlayClock, UnevenTimesAreKept) {
  PlayClock clock;
  clock.setTimes({0, 0.1, 0.5, 0.6});
  clock.start(0, 0);
  EXPECT_EQ(clock.frameAt(0.3), 1);
  EXPECT_EQ(clock.frameAt(0.55), 2);
}

TEST(PlayClock, LoopsBetweenAAndBAndStopsWithoutALoop) {
  PlayClock clock;
  clock.setTimes(evenTimes(50, 50));
  clock.setRange(20, 10);
  EXPECT_EQ(clock.first(), 10);
  clock.start(10, 0);
  EXPECT_EQ(clock.frameAt(0.21), 20);
  EXPECT_EQ(clock.frameAt(0.22), 10);  // eleven frames last 0.22 s
  clock.setLoop(false);
  EXPECT_EQ(clock.frameAt(0.5), 20);
  EXPECT_FALSE(clock.isRunning());
}

TEST(ReportDifference, FindsTheWordsThatAreNotThere) {
  const auto parts = reportDifference(QStringLiteral("EF about 35 %. Severely reduced."),
                                      QStringLiteral("Ef about 32 %, severely reduced"));
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0], (ReportPart{QStringLiteral("EF about"), false}));
  EXPECT_EQ(parts[1], (ReportPart{QStringLiteral("35"), true}));
  EXPECT_FALSE(parts[2].differs);
}

TEST(AnnotationStore, KeepsWhatOthersWroteAndReplacesTheSameRun) {
  TemporaryFolder folder;
  const AnnotationStore store(folder / "annotations");
  std::filesystem::create_directories(folder / "annotations");
  const std::string study = "S/1";
  writeJsonFile(store.fileOf(study),
                {{"version", 1}, {"study", study}, {"later", 7}, {"clips", {{"other.mp4", {{"starred", true}}}}}});
  ClipAnnotation one;
  one.starred = true;
  one.keyFrames = {3, 18};
  one.judge({"run", "c", "words", CaptionJudgement::Rejected, "", 5});
  one.judge({"run", "c", "words", CaptionJudgement::Edited, "better words", 6});
  store.save(study, "a.mp4", one);
  EXPECT_EQ(store.fileOf(study).parent_path(), folder / "annotations");  // a study's id is no way out of the folder
  const Json file = readJsonFile(store.fileOf(study));
  EXPECT_EQ(file["later"], 7);
  EXPECT_TRUE(file["clips"]["other.mp4"]["starred"].get<bool>());
  ASSERT_EQ(file["clips"]["a.mp4"]["captions"].size(), 1U);
  EXPECT_EQ(file["clips"]["a.mp4"]["captions"][0]["state"], "edited");
  const ClipAnnotation back = store.load(study, "a.mp4");
  EXPECT_EQ(back.keyFrames, (std::vector<int>{3, 18}));
  EXPECT_EQ(back.captions[0].text, "better words");
}

TEST(ReviewDesk, StartsOnACaptionedClipAndSeesRunsAndResultsThatCome) {
  ReviewWorkspace workspace;
  ReviewDesk desk;
  StudiesPane studies(desk);
  desk.setPlace(workspace.place());
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.current() >= 0; }));
  EXPECT_EQ(desk.currentClip()->id, "data/a.mp4");
  ASSERT_TRUE(desk.caption());
  studies.filter()->setText(QStringLiteral("captioned"));
  EXPECT_EQ(studies.shownClips(), 1);

  workspace.writeRun("siglip-2");
  desk.refreshRuns();
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.runs().size() == 2; }));
  EXPECT_EQ(desk.run().filename(), "siglip-1");

  const auto captions = workspace.folder() / "runs" / "siglip-1" / "results" / "test" / "captions.jsonl";
  Json line = Json::parse(readFile(captions));
  line["caption"]["text"] = "Evaluated once more.";
  writeFileAtomically(captions, line.dump() + "\n");
  std::filesystem::last_write_time(captions, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
  desk.refreshRuns();
  EXPECT_TRUE(
      QTest::qWaitFor([&] { return desk.caption() && desk.caption()->caption.text == "Evaluated once more."; }));
}

class Review : public ::testing::Test {
 protected:
  Review() : studies(desk), clips(desk), report(desk) {
    studies.setKeyScope(clips.stage());
    for (Pane* pane : {static_cast<Pane*>(&studies), static_cast<Pane*>(&clips), static_cast<Pane*>(&report)}) {
      pane->registerActions(registry);
    }
    QObject::connect(&desk, &ReviewDesk::noticed, [this](const Notice& notice) { notices.push_back(notice); });
    QObject::connect(&clips, &Pane::noticed, [this](const Notice& notice) { notices.push_back(notice); });
    clips.resize(900, 700);
    clips.show();
    clips.activateWindow();
    desk.setPlace(workspace.place());
    EXPECT_TRUE(QTest::qWaitFor([this] { return !desk.isLoading() && !desk.runs().empty(); }));
  }

  void open(const char* clip) {
    EXPECT_TRUE(desk.openClip(QLatin1String(clip)));
    EXPECT_TRUE(QTest::qWaitFor([this] { return clips.activeView()->shownFrame() >= 0; }));
    EXPECT_TRUE(QTest::qWaitFor([this] { return desk.caption() || desk.current() != 0; }));
  }
  // The number that the pixels on screen carry.
  int shownNumber(int view = 0) {
    const QImage grabbed = clips.view(view)->grab().toImage();
    const double ratio = grabbed.devicePixelRatio();
    const QRect area = clips.view(view)->pictureArea();
    int number = 0;
    for (int bit = 0; bit < 12; ++bit) {
      const double x = area.left() + (bit % 6 * 16 + 8) * area.width() / double{kNumberedWidth};
      const double y = area.top() + (bit / 6 * 16 + 8) * area.height() / double{kNumberedHeight};
      if (qGray(grabbed.pixel(qRound(x * ratio), qRound(y * ratio))) > 127) number |= 1 << bit;
    }
    return number;
  }
  bool waitForNumber(int number, int view = 0) {
    return QTest::qWaitFor(
        [&] { return clips.view(view)->shownFrame() == clips.view(view)->frame() && shownNumber(view) == number; });
  }

  ReviewWorkspace workspace;
  ReviewDesk desk;
  ActionRegistry registry;
  StudiesPane studies;
  ClipsPane clips;
  CaptionPane report;
  std::vector<Notice> notices;
};

TEST_F(Review, KeysStepAndJumpExactlyToTheFrame) {
  open("data/a.mp4");
  EXPECT_TRUE(waitForNumber(0));
  ASSERT_TRUE(QTest::qWaitForWindowActive(&clips));
  clips.stage()->setFocus();
  QTest::keyClick(clips.stage(), Qt::Key_Right);
  EXPECT_TRUE(waitForNumber(1));
  for (int i = 0; i < 5; ++i) QTest::keyClick(clips.stage(), Qt::Key_Right);  // as a held key repeats
  EXPECT_TRUE(waitForNumber(6));
  QTest::keyClick(clips.stage(), Qt::Key_Left);
  EXPECT_TRUE(waitForNumber(5));
  QTest::keyClick(clips.stage(), Qt::Key_Period);
  EXPECT_TRUE(waitForNumber(15));
  QTest::keyClick(clips.stage(), Qt::Key_End);
  EXPECT_TRUE(waitForNumber(kClipFrames - 1));
  clips.frameBox()->setValue(23);
  EXPECT_TRUE(waitForNumber(22));
  clips.timeLine()->setValue(31);  // scrubbed
  EXPECT_TRUE(waitForNumber(31));
  EXPECT_EQ(clips.frameBox()->value(), 32);
  EXPECT_TRUE(registry.action(QStringLiteral("review.forward"))->autoRepeat());
}

TEST_F(Review, SpacePlaysAndBracketsLoop) {
  open("data/a.mp4");
  ASSERT_TRUE(QTest::qWaitForWindowActive(&clips));
  clips.stage()->setFocus();
  clips.goTo(10);
  QTest::keyClick(clips.stage(), Qt::Key_BracketLeft);
  clips.goTo(14);
  QTest::keyClick(clips.stage(), Qt::Key_BracketRight);
  EXPECT_EQ(clips.clock().first(), 10);
  EXPECT_EQ(clips.clock().last(), 14);
  QTest::keyClick(clips.stage(), Qt::Key_Space);
  EXPECT_TRUE(clips.isPlaying());
  int least = 1000, most = -1;
  EXPECT_TRUE(QTest::qWaitFor([&] {
    least = std::min(least, clips.frame());
    most = std::max(most, clips.frame());
    return least == 10 && most == 14;
  }));
  for (int turn = 0; turn < 50; ++turn) {
    QTest::qWait(5);
    EXPECT_GE(clips.frame(), 10);
    EXPECT_LE(clips.frame(), 14);
  }
  QTest::keyClick(clips.stage(), Qt::Key_Space);
  EXPECT_FALSE(clips.isPlaying());
}

TEST_F(Review, MarksTheFramesThatTheModelSaw) {
  open("data/a.mp4");
  EXPECT_EQ(clips.timeLine()->seenFrames(), exampleSeen("").frames);
  // The crop runs from a quarter to three quarters: marks stand in the black above these two places, not between.
  const QRect area = clips.activeView()->pictureArea();
  const QImage grabbed = clips.activeView()->grab().toImage();
  const auto brightest = [&](int x) {
    int most = 0;
    for (int dx = -2; dx <= 2; ++dx) most = std::max(most, qGray(grabbed.pixel(x + dx, area.top() - 10)));
    return most;
  };
  EXPECT_GT(brightest(area.left() + area.width() / 4), 100);
  EXPECT_GT(brightest(area.left() + area.width() * 3 / 4), 100);
  EXPECT_LT(brightest(area.center().x()), 30);
}

TEST_F(Review, ClipsOfAStudyRunInStep) {
  open("data/a.mp4");
  registry.action(QStringLiteral("review.side_by_side"))->trigger();
  ASSERT_EQ(clips.viewCount(), 2);
  ASSERT_TRUE(QTest::qWaitFor([this] { return clips.view(1)->shownFrame() >= 0; }));
  clips.goTo(17);
  EXPECT_TRUE(waitForNumber(17, 0));
  EXPECT_TRUE(waitForNumber(17, 1));
}

TEST_F(Review, ListFiltersBySplitAndWords) {
  EXPECT_EQ(studies.shownClips(), 3);
  studies.split()->setCurrentIndex(studies.split()->findData(QStringLiteral("train")));
  EXPECT_EQ(studies.shownClips(), 1);
  studies.split()->setCurrentIndex(0);
  studies.filter()->setText(QStringLiteral("plax"));
  EXPECT_EQ(studies.shownClips(), 1);
  studies.filter()->clear();
  open("data/a.mp4");
  desk.setStarred(true);
  studies.filter()->setText(QStringLiteral("starred"));
  EXPECT_EQ(studies.shownClips(), 1);
}

TEST_F(Review, LowSentencesAreMarkedAndTheWarningStays) {
  open("data/a.mp4");
  ASSERT_EQ(report.sentences().size(), 3U);
  EXPECT_FALSE(report.sentences()[1]->isLow());
  EXPECT_TRUE(report.sentences()[2]->isLow());
  report.threshold()->setValue(90);
  EXPECT_TRUE(report.sentences()[1]->isLow());
  EXPECT_TRUE(report.sentences()[1]->accessibleDescription().contains(QStringLiteral("uncalibrated")));
  EXPECT_TRUE(report.warning().contains(QStringLiteral("not for diagnosis")));
  EXPECT_TRUE(report.warning().contains(QStringLiteral("synthetic")));
  EXPECT_TRUE(report.referenceHtml().contains(QStringLiteral("underline")));
}

TEST_F(Review, WhatAPersonAddsIsOnDisk) {
  open("data/a.mp4");
  desk.setStarred(true);
  clips.goTo(9);
  registry.action(QStringLiteral("review.key_frame"))->trigger();
  registry.action(QStringLiteral("review.accept"))->trigger();
  report.note()->setPlainText(QStringLiteral("look again"));
  desk.setCurrent(2);  // a note that was just typed is kept when one goes on
  desk.waitForSaves();
  const ClipAnnotation kept = AnnotationStore(workspace.folder() / "annotations").load("S-0001", "data/a.mp4");
  EXPECT_TRUE(kept.starred);
  EXPECT_EQ(kept.keyFrames, std::vector<int>{9});
  EXPECT_EQ(kept.note, "look again");
  ASSERT_EQ(kept.captions.size(), 1U);
  EXPECT_EQ(kept.captions[0].state, CaptionJudgement::Accepted);
  EXPECT_EQ(kept.captions[0].run, "siglip-1");
  desk.setCurrent(0);
  EXPECT_EQ(desk.judgement(), CaptionJudgement::Accepted);
  registry.action(QStringLiteral("review.edit"))->trigger();
  report.editor()->setPlainText(QStringLiteral("EF 35 %."));
  desk.judge(CaptionJudgement::Edited, report.editor()->toPlainText());
  desk.waitForSaves();
  EXPECT_EQ(AnnotationStore(workspace.folder() / "annotations").load("S-0001", "data/a.mp4").captions[0].text,
            "EF 35 %.");
}

TEST_F(Review, DamagedClipSaysWhatAndItsGoodPartPlays) {
  const auto whole = workspace.folder() / "data" / "long.avi";
  writeNumberedClip(whole, 60, kClipRate);
  std::filesystem::resize_file(whole, std::filesystem::file_size(whole) / 2);
  open(whole.c_str());
  EXPECT_TRUE(QTest::qWaitFor([&] { return desk.currentClip() && desk.currentClip()->path == whole; }));
  EXPECT_TRUE(QTest::qWaitFor([this] { return clips.activeView()->shownFrame() >= 0; }));
  EXPECT_FALSE(clips.activeView()->accessibleDescription().isEmpty());
  const int frames = clips.clock().frameCount();
  EXPECT_GT(frames, 10);
  EXPECT_LT(frames, 60);
  clips.goTo(frames - 2);
  EXPECT_TRUE(waitForNumber(frames - 2));

  const auto text = workspace.folder() / "data" / "no.mp4";
  std::ofstream(text) << "this is no video";
  EXPECT_TRUE(desk.openClip(QString::fromStdString(text.string())));
  EXPECT_TRUE(QTest::qWaitFor([this] { return !notices.empty(); }));
  EXPECT_FALSE(desk.openClip(QStringLiteral("/nowhere/at/all.txt")));
}

TEST_F(Review, AClipFromElsewhereIsNotCalledSynthetic) {
  open("data/a.mp4");
  EXPECT_TRUE(report.warning().contains(QStringLiteral("synthetic")));
  TemporaryFolder elsewhere;
  writeNumberedClip(elsewhere / "x.mp4", 5);
  EXPECT_TRUE(desk.openClip(QString::fromStdString((elsewhere / "x.mp4").string())));
  EXPECT_TRUE(QTest::qWaitFor([&] { return desk.currentClip()->path == elsewhere / "x.mp4"; }));
  EXPECT_FALSE(report.warning().contains(QStringLiteral("synthetic")));
  EXPECT_TRUE(report.warning().contains(QStringLiteral("not for diagnosis")));
}

TEST_F(Review, AFrameThatCannotBeDecodedIsBlackWithTheReason) {
  // Of a folder of images one is damaged after it was opened, beyond what is decoded ahead.
  constexpr int kImages = 120, kDamaged = 90, kSide = 512;
  const auto folder = workspace.folder() / "data" / "images";
  std::filesystem::create_directories(folder);
  QImage picture(kSide, kSide, QImage::Format_Grayscale8);
  picture.fill(90);
  const auto image = [&](int frame) { return folder / (std::to_string(1000 + frame) + ".pgm"); };
  for (int i = 0; i < kImages; ++i) ASSERT_TRUE(picture.save(QString::fromStdString(image(i).string())));
  ASSERT_TRUE(desk.openClip(QString::fromStdString(folder.string())));
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.currentClip() && desk.currentClip()->path == folder; }));
  ASSERT_TRUE(QTest::qWaitFor([this] { return clips.activeView()->shownFrame() == 0; }, 60'000));
  std::ofstream(image(kDamaged)) << "no picture";
  clips.goTo(kDamaged);
  ASSERT_TRUE(QTest::qWaitFor([this] { return clips.activeView()->shownFrame() == kDamaged; }));
  const QString problem = clips.activeView()->frameProblem();
  EXPECT_TRUE(problem.startsWith(QStringLiteral("Frame 91 cannot be decoded: "))) << problem.toStdString();
  EXPECT_EQ(clips.activeView()->accessibleDescription(), problem);
  EXPECT_TRUE(clips.activeView()->pictureArea().isEmpty());  // nothing of the frame before
  clips.step(1);
  EXPECT_TRUE(QTest::qWaitFor([this] { return !clips.activeView()->pictureArea().isEmpty(); }));
  EXPECT_TRUE(clips.activeView()->frameProblem().isEmpty());
}

TEST_F(Review, OnlyStepsAndJumpsRepeatWhileAKeyIsHeld) {
  for (const char* id : {"review.back", "review.forward", "review.jump_back", "review.jump_forward"}) {
    EXPECT_TRUE(registry.action(QLatin1String(id))->autoRepeat()) << id;
  }
  for (const char* id : {"review.play", "review.star", "review.key_frame", "review.loop", "review.crop"}) {
    EXPECT_FALSE(registry.action(QLatin1String(id))->autoRepeat()) << id;
  }
}

// Keeps what is dropped on it, as the window does.
class DropTarget : public QWidget {
 public:
  DropTarget() { setAcceptDrops(true); }
  QStringList dropped;

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override { event->acceptProposedAction(); }
  void dropEvent(QDropEvent* event) override {
    for (const QUrl& url : event->mimeData()->urls()) dropped << url.toLocalFile();
  }
};

TEST(Clips, WhatIsDroppedGoesToTheWindow) {
  ReviewDesk desk;
  DropTarget window;
  ClipsPane clips(desk, &window);
  window.show();
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(QStringLiteral("/runs/siglip-1"))});
  QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&clips, &enter);
  QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&clips, &drop);
  EXPECT_EQ(window.dropped, QStringList{QStringLiteral("/runs/siglip-1")});
}

TEST(ClipReader, CacheStaysWithinItsBound) {
  TemporaryFolder folder;
  writeNumberedClip(folder / "a.mp4", 120);
  const qint64 one = kNumberedWidth * kNumberedHeight * 3;
  ClipReader reader(one * 20);
  QSignalSpy opened(&reader, &ClipReader::opened);
  reader.open(QString::fromStdString((folder / "a.mp4").string()));
  ASSERT_TRUE(opened.wait());
  for (const int frame : {0, 110, 3, 60, 59, 58}) {
    ASSERT_TRUE(QTest::qWaitFor([&] { return !reader.image(frame).isNull(); })) << frame;
    EXPECT_LE(reader.cachedBytes(), one * 21);
  }
}

}  // namespace
}  // namespace counterpoint
