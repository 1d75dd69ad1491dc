// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>
#include <QToolButton>

#include "tests/support/fake_model.h"
#include "tests/support/review_workspace.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/retrieval/hit_delegate.h"
#include "widgets/retrieval/retrieve_pane.h"

namespace counterpoint {
namespace {

TEST(RetrievalResults, RanksOfEveryRightAnswer) {
  RetrievalRecord record;
  record.rightRanks = {2, 57};
  record.total = 180;
  EXPECT_EQ(ranksText(record), QStringLiteral("right at 2, 57 of 180"));
  record.rightRanks.clear();
  for (int i = 1; i <= 30; ++i) record.rightRanks.push_back(i * 100);
  EXPECT_TRUE(ranksText(record).contains(QStringLiteral("18 more")));
}

TEST(RetrievalResults, BothDirectionsAreNamedWithWhatWasRanked) {
  SplitResults results;
  EXPECT_TRUE(metricsText(results).isEmpty());
  results.clips = 183;
  results.texts = 51;
  results.metrics = {{"text_to_clip/recall@5", 0.62}, {"text_to_clip/median_rank", 1}, {"clip_to_text/recall@10", 1.0}};
  EXPECT_EQ(metricsText(results), QStringLiteral("text to clip, of 183 clips    R@5 0.620    median rank 1\n"
                                                 "clip to text, of 51 texts    R@10 1.000"));
}

TEST(RetrievalResults, CountsClipsAndTextsOfTheSplit) {
  ReviewWorkspace workspace;
  const auto run = workspace.folder() / "runs" / "siglip-1";
  EXPECT_EQ(readSplitResults(run, "test").clips, 180);  // as the queries say
  writeFileAtomically(run / "results" / "test" / "clips.jsonl", "{}\n{}\n{}\n");
  EXPECT_EQ(readSplitResults(run, "test").clips, 3);
  EXPECT_EQ(readSplitResults(run, "test").texts, 2);
}

TEST(HitDelegate, LongTextsEndWithDots) {
  const QFont font = QApplication::font();
  const int wide = QFontMetrics(font).horizontalAdvance(QStringLiteral("mildly reduced systolic"));
  const QString text =
      QStringLiteral("Parasternal long axis view. Ejection fraction about 45 percent. Mildly reduced.");
  const QStringList lines = wrappedText(text, font, wide, 3).split(QLatin1Char('\n'));
  ASSERT_EQ(lines.size(), 3);
  EXPECT_TRUE(lines.back().endsWith(QStringLiteral("…"))) << lines.back().toStdString();
  for (const QString& line : lines) EXPECT_LE(QFontMetrics(font).horizontalAdvance(line), wide);
  EXPECT_EQ(wrappedText(QStringLiteral("Short."), font, wide, 3), QStringLiteral("Short."));
}

TEST(RetrievalResults, DamagedLinesAreNamedAndLeftOut) {
  ReviewWorkspace workspace;
  const auto file = workspace.folder() / "runs" / "siglip-1" / "results" / "test" / "retrieval.jsonl";
  writeFileAtomically(file, readFile(file) + "{\"query\": \"x\", \"hits\": 3, \"right_ranks\": []}\nnot json\n{}\n");
  const SplitResults results = readSplitResults(workspace.folder() / "runs" / "siglip-1", "test");
  EXPECT_EQ(results.queries.size(), 2U);
  ASSERT_GE(results.problems.size(), 2U);
  EXPECT_NE(results.problems[0].find("retrieval.jsonl, line 3"), std::string::npos) << results.problems[0];
}

class Retrieve : public ::testing::Test {
 protected:
  Retrieve() : pane(desk) {
    pane.resize(1200, 700);
    pane.show();
    pane.activateWindow();
    desk.setPlace(workspace.place());
    EXPECT_TRUE(QTest::qWaitFor([this] { return pane.queries()->model()->rowCount() == 2; }));
  }
  ReviewWorkspace workspace;
  ReviewDesk desk;
  RetrievePane pane;
};

TEST_F(Retrieve, BrowsesEvaluatedQueriesWorstFirstWithoutAModel) {
  EXPECT_FALSE(pane.isShowingEmpty());
  EXPECT_FALSE(pane.question()->isEnabled());
  EXPECT_EQ(pane.queries()->model()->index(0, QueriesModel::Query).data().toString(),
            QStringLiteral("Severely reduced."));
  pane.queries()->selectRow(0);
  EXPECT_EQ(pane.ranks(), QStringLiteral("right at 2, 57 of 180"));
  EXPECT_TRUE(pane.metrics().contains(QStringLiteral("R@1 0.31")));
  ASSERT_EQ(pane.shownHits()->rowCount(), 3);
  EXPECT_EQ(pane.shownHits()->index(1, HitsModel::Right).data().toString(), QStringLiteral("✓ right"));
}

TEST_F(Retrieve, AClipIsAskedFromItsRWaveWithTheOthersOfItsReportAsRight) {
  FakeModel model;
  desk.setModel(&model);
  pane.askClip(QStringLiteral("data/a.mp4"));
  ASSERT_EQ(model.asked.size(), 1U);
  EXPECT_EQ(model.asked[0].method, "retrieve");
  EXPECT_EQ(model.asked[0].parameters.at("right"), Json({"data/b.mp4", "data/c.mp4"}));
  EXPECT_FALSE(model.asked[0].parameters.contains("start_seconds"));
  model.setDescription({{"input", {{"start", "r_wave"}}}});
  pane.askClip(QStringLiteral("data/a.mp4"));
  EXPECT_EQ(model.asked[1].parameters.value("start_seconds", -1.0), 0.1);
  desk.setModel(nullptr);
}

Json found(const char* clip) {
  return {{"hits", toJson(std::vector<Hit>{{1, clip, clip, "S-0001", "Report.", 0.5, true}})},
          {"right_ranks", {1}},
          {"total", 3}};
}

TEST_F(Retrieve, OnlyTheLastQuestionIsHeard) {
  FakeModel model;
  desk.setModel(&model);
  std::vector<Notice> notices;
  QObject::connect(&pane, &Pane::noticed, [&](const Notice& notice) { notices.push_back(notice); });
  model.setState(ModelLink::State::Ready);
  pane.askText(QStringLiteral("first"));
  pane.askText(QStringLiteral("second"));
  EXPECT_TRUE(model.asked[0].cancelled);
  model.fail(0);  // what was cancelled says so
  model.answer(0, found("data/a.mp4"));
  EXPECT_TRUE(notices.empty());
  EXPECT_EQ(pane.askButton()->text(), QStringLiteral("Cancel"));
  model.answer(1, found("data/b.mp4"));
  EXPECT_EQ(pane.askButton()->text(), QStringLiteral("Ask"));
  ASSERT_EQ(pane.shownHits()->rowCount(), 1);
  EXPECT_EQ(pane.shownHits()->index(0, HitsModel::ClipName).data().toString(), QStringLiteral("data/b.mp4"));

  pane.askText(QStringLiteral("third"));
  pane.askButton()->click();  // cancels
  EXPECT_TRUE(model.asked[2].cancelled);
  EXPECT_EQ(pane.ranks(), QStringLiteral("cancelled"));
  model.fail(2);
  EXPECT_EQ(pane.ranks(), QStringLiteral("cancelled"));
  EXPECT_TRUE(notices.empty());

  pane.askText(QStringLiteral("fourth"));
  model.fail(3, "ran out of memory");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_TRUE(notices[0].what.contains(QStringLiteral("out of memory")));
  pane.askText(QStringLiteral("fifth"));
  model.answer(4, Json::object());  // without hits: the question has failed
  EXPECT_EQ(notices.size(), 2U);
  EXPECT_EQ(pane.askButton()->text(), QStringLiteral("Ask"));
  desk.setModel(nullptr);
}

TEST_F(Retrieve, EveryChoiceIsAnAction) {
  ActionRegistry registry;
  pane.registerActions(registry);
  FakeModel model;
  desk.setModel(&model);
  pane.queries()->selectRow(0);
  registry.action(QStringLiteral("retrieve.ask_chosen"))->trigger();
  ASSERT_EQ(model.asked.size(), 1U);
  EXPECT_TRUE(model.asked[0].parameters["clip"].get<std::string>().ends_with("data/a.mp4"));
  registry.action(QStringLiteral("retrieve.cancel"))->trigger();
  EXPECT_TRUE(model.asked[0].cancelled);
  registry.action(QStringLiteral("retrieve.others"))->trigger();
  EXPECT_EQ(pane.shownHits()->rowCount(), 1);
  for (const char* id : {"retrieve.ask_review", "retrieve.next_split", "retrieve.next_view", "retrieve.right"}) {
    EXPECT_TRUE(registry.action(QLatin1String(id))) << id;
  }
  desk.setModel(nullptr);
}

TEST(RetrieveEmpty, OffersTrainingWhereNothingWasTrainedAndNoButtonThatMustFail) {
  ReviewWorkspace workspace;
  std::filesystem::remove_all(workspace.folder() / "runs");
  FakeModel model;
  model.setState(ModelLink::State::Off);
  ReviewDesk desk;
  desk.setModel(&model);
  RetrievePane pane(desk);
  QSignalSpy train(&pane, &RetrievePane::trainWanted);
  desk.setPlace(workspace.place());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !desk.isLoading(); }));
  ASSERT_TRUE(pane.isShowingEmpty());
  EXPECT_EQ(pane.emptyState()->button()->text(), QStringLiteral("Train, about 3 min"));
  pane.emptyState()->button()->click();
  EXPECT_EQ(train.count(), 1);
  EXPECT_FALSE(pane.loadButton()->isEnabled());

  // A run without a checkpoint: nothing to load, and nothing to train anew.
  workspace.writeRun("siglip-1");
  std::filesystem::remove_all(workspace.folder() / "runs" / "siglip-1" / "results" / "test");
  desk.refreshRuns();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !desk.runs().empty(); }));
  EXPECT_TRUE(pane.emptyState()->button()->text().isEmpty());
  EXPECT_FALSE(pane.loadButton()->isEnabled());
  std::filesystem::create_directories(workspace.folder() / "runs" / "siglip-1" / "checkpoints" / "last");
  desk.refreshRuns();
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.hasModel(); }));
  EXPECT_TRUE(pane.loadButton()->isEnabled());
  pane.emptyState()->button()->click();
  EXPECT_EQ(model.starts, 1);
  EXPECT_EQ(train.count(), 1);
  desk.setModel(nullptr);
}

TEST_F(Retrieve, ChipsFilterAndOneKeyShowsTheTable) {
  pane.queries()->selectRow(0);
  QToolButton* others = nullptr;
  for (QToolButton* button : pane.findChildren<QToolButton*>()) {
    if (button->text() == QStringLiteral("others")) others = button;
  }
  ASSERT_TRUE(others);
  others->click();
  EXPECT_EQ(pane.shownHits()->rowCount(), 1);
  others->click();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&pane));
  pane.gallery()->setFocus();
  pane.gallery()->setCurrentIndex(pane.shownHits()->index(1, 0));
  EXPECT_TRUE(pane.hits()->table()->selectionModel()->isRowSelected(1));  // the whole row, not its first cell
  QTest::keyClick(pane.gallery(), Qt::Key_T);
  EXPECT_TRUE(pane.hits()->showsTable());
}

TEST_F(Retrieve, EnterOpensTheClipAndItsPictureIsKept) {
  pane.queries()->selectRow(0);
  QSignalSpy wanted(&pane, &RetrievePane::clipRequested);
  ASSERT_TRUE(QTest::qWaitForWindowActive(&pane));
  pane.gallery()->setFocus();
  pane.gallery()->setCurrentIndex(pane.shownHits()->index(1, 0));
  QTest::keyClick(pane.gallery(), Qt::Key_Return);
  ASSERT_EQ(wanted.count(), 1);
  const QString clip = wanted.front().front().toString();
  EXPECT_TRUE(clip.endsWith(QStringLiteral("data/b.mp4"))) << clip.toStdString();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !pane.thumbnails().image(clip).isNull(); }));
  const auto kept = workspace.folder() / ".counterpoint" / "thumbnails";
  EXPECT_TRUE(std::filesystem::exists(kept) && !std::filesystem::is_empty(kept));
}

}  // namespace
}  // namespace counterpoint
