// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>
#include <QToolButton>

#include "tests/support/review_workspace.h"
#include "widgets/common/data_table.h"
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
  EXPECT_TRUE(metricsText({{"text_to_clip/recall@5", 0.62}}).contains(QStringLiteral("R@5 0.620")));
  EXPECT_EQ(metricsText({{"text_to_clip/recall@10", 1.0}, {"text_to_clip/median_rank", 1}}),
            QStringLiteral("R@10 1.000    median rank 1"));
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

// Keeps what it is asked.
class AskedModel : public ModelLink {
 public:
  State state() const override { return State::Ready; }
  const Json& description() const override { return description_; }
  QString problem() const override { return {}; }
  void startNewest() override {}
  qint64 request(const std::string& method, Json parameters, Callbacks) override {
    this->method = method;
    asked = std::move(parameters);
    return 1;
  }
  void cancel(qint64) override {}
  std::string method;
  Json asked;

 private:
  Json description_ = Json::object();
};

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

TEST_F(Retrieve, AClipIsAskedWithTheOthersOfItsReportAsRight) {
  AskedModel model;
  desk.setModel(&model);
  pane.askClip(QStringLiteral("data/a.mp4"));
  EXPECT_EQ(model.method, "retrieve");
  EXPECT_EQ(model.asked.at("right"), Json({"data/b.mp4", "data/c.mp4"}));
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
