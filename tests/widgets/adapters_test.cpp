// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/formats/npy.h"
#include "tests/support/fake_model.h"
#include "tests/support/review_workspace.h"
#include "tests/support/temporary_folder.h"
#include "widgets/adapters/adapter_charts.h"
#include "widgets/adapters/adapters_pane.h"
#include "widgets/common/data_table.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

// Three adapters in the plane: x, y and halfway between them; one without a file.
struct Plane {
  Plane() {
    const float means[3][2] = {{1, 0}, {0, 1}, {1, 1}};
    Json list = Json::array();
    const char* names[] = {"east", "north", "between"};
    for (int i = 0; i < 3; ++i) {
      const std::string file = std::string("embeddings/") + names[i] + ".npy";
      fs::create_directories(folder / "embeddings");
      const std::int64_t shape[] = {2};
      writeNpy(folder / file, shape, means[i]);
      list.push_back(
          {{"lora_name", names[i]}, {"lora_path", names[i]}, {"embedding_path", file}, {"description", "d"}});
    }
    list.push_back({{"lora_name", "lost"}, {"lora_path", "x"}, {"embedding_path", "embeddings/lost.npy"}});
    fs::create_directories(folder / "adapters");
    writeJsonFile(folder / "adapters" / "list.json", list);
  }
  TemporaryFolder folder;
};

bool waitForBest(AdaptersPane& pane, const std::string& name) {
  return QTest::qWaitFor([&] {
    const auto& names = pane.ranking().ranking().names;
    return !names.empty() && names.front() == name;
  });
}

TEST(Adapters, RanksAsCoreDoesAndFollowsTheSettings) {
  Plane plane;
  ReviewDesk desk;
  AdaptersPane pane(desk);
  EXPECT_TRUE(pane.isShowingEmpty());
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists({plane.folder / "adapters" / "list.json"}, plane.folder.path());
  ASSERT_TRUE(loaded.wait());
  EXPECT_FALSE(pane.isShowingEmpty());
  EXPECT_TRUE(pane.leftOut().contains(QStringLiteral("1 without an embedding"))) << pane.leftOut().toStdString();
  pane.askAdapter(QStringLiteral("east"));
  pane.setSettings(3, 0.5, LoraWeights::Softmax);
  ASSERT_TRUE(QTest::qWaitFor([&] { return pane.ranking().rowCount() == 2; }));
  const LoraRanking& ranking = pane.ranking().ranking();
  // The one that is asked with is left out.
  ASSERT_EQ(ranking.names, (std::vector<std::string>{"between", "north"}));
  const double s[] = {std::sqrt(0.5), 0};
  const double sum = std::exp(s[0] / 0.5) + std::exp(s[1] / 0.5);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(ranking.similarities[i], s[i], 1e-6);
    EXPECT_NEAR(ranking.weights[i], std::exp(s[i] / 0.5) / sum, 1e-6);
  }
  pane.setSettings(2, 0.5, LoraWeights::Uniform);
  EXPECT_TRUE(QTest::qWaitFor([&] { return pane.ranking().index(0, 2).data().toString() == QStringLiteral("0.500"); }));
  EXPECT_EQ(pane.ranking().rowCount(), 2);
}

TEST(Adapters, RowOfAFileAndItsProblems) {
  Plane plane;
  ReviewDesk desk;
  AdaptersPane pane(desk);
  std::vector<Notice> notices;
  QObject::connect(&pane, &Pane::noticed, [&](const Notice& notice) { notices.push_back(notice); });
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists({plane.folder / "adapters" / "list.json"}, plane.folder.path());
  ASSERT_TRUE(loaded.wait());
  const std::int64_t shape[] = {2, 2};
  const float rows[] = {1, 0, 0, 3};
  writeNpy(plane.folder / "queries.npy", shape, rows);
  pane.askFile(QStringLiteral("queries.npy"), 1);
  EXPECT_TRUE(waitForBest(pane, "north"));
  pane.askFile(QStringLiteral("queries.npy"), 2);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !notices.empty(); }));
}

TEST(Adapters, MapIsWalkedByKeysAndHasATable) {
  Plane plane;
  ReviewDesk desk;
  AdaptersPane pane(desk);
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists({plane.folder / "adapters" / "list.json"}, plane.folder.path());
  ASSERT_TRUE(loaded.wait());
  pane.resize(1000, 700);
  pane.show();
  pane.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&pane));
  pane.map()->setFocus();
  QTest::keyClick(pane.map(), Qt::Key_Down);
  QTest::keyClick(pane.map(), Qt::Key_Down);
  EXPECT_EQ(pane.map()->cellText(), QStringLiteral("between and east: 0.707"));
  EXPECT_EQ(pane.map()->accessibleDescription(), pane.map()->cellText());
  EXPECT_NEAR(pane.map()->reach(), std::sqrt(0.5), 1e-6);
  QTest::keyClick(pane.map(), Qt::Key_T);
  EXPECT_TRUE(pane.mapWithTable()->showsTable());
  EXPECT_EQ(pane.matrix().index(2, 1).data().toString(), QStringLiteral("0.707"));
}

TEST(Adapters, ColoursAreCentredOnZeroAndLegendsSayWhatIsDrawn) {
  MatrixModel model;
  MatrixMap map(model);
  model.set({{"a", "b", "c"}, {1, 0.25, -0.5, 0.25, 1, 0, -0.5, 0, 1}});
  EXPECT_DOUBLE_EQ(map.reach(), 0.5);
  EXPECT_EQ(map.colourOf(0), QColor(Qt::white));
  EXPECT_GT(map.colourOf(-0.5).blue(), map.colourOf(-0.5).red());
  EXPECT_GT(map.colourOf(0.25).red(), map.colourOf(0.25).blue());
  RankingModel ranking;
  RankingBars bars(ranking);
  ranking.set({{"a", "b"}, {0.8, -0.2}, {1.5, 0.1}});
  EXPECT_DOUBLE_EQ(bars.similarities().least, -0.2);
  EXPECT_DOUBLE_EQ(bars.weights().most, 1.5);
  EXPECT_EQ(RankingBars::legend(QStringLiteral("weight"), bars.weights()), QStringLiteral("weight (0 to 1.50)"));
}

TEST(Adapters, TheWantedNumberOutlivesAnEmptyList) {
  Plane plane;
  ReviewDesk desk;
  AdaptersPane pane(desk);
  pane.setSettings(7, 0.5, LoraWeights::Softmax);
  const QJsonObject kept = pane.saveState();
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists({}, {});  // the workspace is closed
  ASSERT_TRUE(loaded.wait());
  pane.setLists({plane.folder / "adapters" / "list.json"}, plane.folder.path());  // and opened again
  pane.restoreState(kept);
  ASSERT_TRUE(loaded.wait());
  EXPECT_EQ(pane.saveState().value(QStringLiteral("k")).toInt(), 7);
}

TEST(Adapters, OnlyTheLastQuestionIsHeard) {
  Plane plane;
  FakeModel model;
  ReviewDesk desk;
  desk.setModel(&model);
  AdaptersPane pane(desk);
  std::vector<Notice> notices;
  QObject::connect(&pane, &Pane::noticed, [&](const Notice& notice) { notices.push_back(notice); });
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists({plane.folder / "adapters" / "list.json"}, plane.folder.path());
  ASSERT_TRUE(loaded.wait());
  pane.askText(QStringLiteral("to the east"));
  pane.askText(QStringLiteral("to the north"));
  model.fail(0);
  model.answer(1, {{"embeddings", {{0.0, 1.0}}}});
  EXPECT_TRUE(waitForBest(pane, "north"));
  model.answer(0, {{"embeddings", {{1.0, 0.0}}}});  // late
  pane.askText(QStringLiteral("to the east"));
  pane.askAdapter(QStringLiteral("east"));
  EXPECT_TRUE(model.asked[2].cancelled);
  model.answer(2, {{"embeddings", {{1.0, 0.0}}}});
  EXPECT_TRUE(waitForBest(pane, "between"));
  EXPECT_TRUE(notices.empty());
  pane.askText(QStringLiteral("anywhere"));
  model.answer(3, Json::object());
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_TRUE(notices[0].what.contains(QStringLiteral("no embedding")));
  desk.setModel(nullptr);
}

TEST(Adapters, AMissingSetIsMadeByTheModelOrAfterTraining) {
  ReviewWorkspace workspace;
  std::filesystem::remove_all(workspace.folder() / "runs");
  fs::create_directories(workspace.folder() / "adapters");
  const fs::path list = workspace.folder() / "adapters" / "list.json";
  writeJsonFile(list, Json::array({{{"lora_name", "a"}, {"lora_path", "a"}, {"embedding_path", "a.npy"}}}));
  ReviewDesk desk;
  AdaptersPane pane(desk);
  QSignalSpy train(&pane, &AdaptersPane::trainWanted), embed(&pane, &AdaptersPane::embedWanted),
      loaded(&pane, &AdaptersPane::loaded);
  desk.setPlace(workspace.place());
  pane.setLists({list}, workspace.folder());
  ASSERT_TRUE(loaded.wait());
  ASSERT_TRUE(QTest::qWaitFor([&] { return !desk.isLoading(); }));
  EXPECT_EQ(pane.emptyState()->button()->text(), QStringLiteral("Train, about 3 min"));
  pane.emptyState()->button()->click();
  EXPECT_EQ(train.count(), 1);
  workspace.writeRun("siglip-1");
  std::filesystem::create_directories(workspace.folder() / "runs" / "siglip-1" / "checkpoints" / "last");
  desk.refreshRuns();
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.hasModel(); }));
  pane.emptyState()->button()->click();
  EXPECT_EQ(embed.count(), 1);
  EXPECT_EQ(train.count(), 1);
}

TEST(Adapters, OneMissingSetAmongOthersCanBeMade) {
  Plane plane;  // one of its adapters has no file
  ReviewWorkspace workspace;
  std::filesystem::create_directories(workspace.folder() / "runs" / "siglip-1" / "checkpoints" / "last");
  ReviewDesk desk;
  AdaptersPane pane(desk);
  QSignalSpy loaded(&pane, &AdaptersPane::loaded), embed(&pane, &AdaptersPane::embedWanted);
  pane.setLists({plane.folder / "adapters" / "list.json"}, plane.folder.path());
  ASSERT_TRUE(loaded.wait());
  QPushButton* make = nullptr;
  for (QPushButton* button : pane.findChildren<QPushButton*>()) {
    if (button->text() == QStringLiteral("Make missing embeddings")) make = button;
  }
  ASSERT_TRUE(make);
  EXPECT_FALSE(make->isVisibleTo(&pane));  // no model could make it
  desk.setPlace(workspace.place());
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.hasModel(); }));
  EXPECT_TRUE(make->isVisibleTo(&pane));
  make->click();
  EXPECT_EQ(embed.count(), 1);
}

TEST(Adapters, RealListsWhereTheyAre) {
  // Beside the checkout, or beside the folder of worktrees.
  fs::path place = fs::path(COUNTERPOINT_SOURCE_DIR) / "../shared/data/lora_retriever";
  if (!fs::exists(place)) place = fs::path(COUNTERPOINT_SOURCE_DIR) / "../../shared/data/lora_retriever";
  if (!fs::exists(place)) GTEST_SKIP() << "no shared/data/lora_retriever beside the checkout";
  ReviewDesk desk;
  AdaptersPane pane(desk);
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists(
      {place / "config/app_loras_config_internvl2.json", place / "config/category_loras_config_internvl2.json"}, place);
  ASSERT_TRUE(loaded.wait());
  ASSERT_EQ(pane.pool().entries.size(), 19U);
  EXPECT_EQ(pane.matrix().rowCount(), 19);
  pane.askFile(QString::fromStdString((place / "data/embeddings/lora_app/clock/clock_jina_v4_emb.npy").string()), 0);
  ASSERT_TRUE(QTest::qWaitFor([&] {
    const auto& names = pane.ranking().ranking().names;
    return !names.empty() && names.front().find("clock") != std::string::npos;
  }));
}

}  // namespace
}  // namespace counterpoint
