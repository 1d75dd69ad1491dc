// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>

#include <cmath>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/formats/npy.h"
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

TEST(Adapters, RanksAsCoreDoesAndFollowsTheSettings) {
  Plane plane;
  AdaptersPane pane;
  EXPECT_TRUE(pane.isShowingEmpty());
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists({plane.folder / "adapters" / "list.json"}, plane.folder.path());
  ASSERT_TRUE(loaded.wait());
  EXPECT_FALSE(pane.isShowingEmpty());
  EXPECT_TRUE(pane.leftOut().contains(QStringLiteral("1 without an embedding"))) << pane.leftOut().toStdString();
  pane.askAdapter(QStringLiteral("east"));
  pane.setSettings(3, 0.5, LoraWeights::Softmax);
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
  EXPECT_EQ(pane.ranking().rowCount(), 2);
  EXPECT_EQ(pane.ranking().index(0, 2).data().toString(), QStringLiteral("0.500"));
}

TEST(Adapters, RowOfAFileAndItsProblems) {
  Plane plane;
  AdaptersPane pane;
  std::vector<Notice> notices;
  QObject::connect(&pane, &Pane::noticed, [&](const Notice& notice) { notices.push_back(notice); });
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists({plane.folder / "adapters" / "list.json"}, plane.folder.path());
  ASSERT_TRUE(loaded.wait());
  const std::int64_t shape[] = {2, 2};
  const float rows[] = {1, 0, 0, 3};
  writeNpy(plane.folder / "queries.npy", shape, rows);
  pane.askFile(QStringLiteral("queries.npy"), 1);
  EXPECT_TRUE(QTest::qWaitFor([&] { return pane.ranking().ranking().names.front() == "north"; }));
  pane.askFile(QStringLiteral("queries.npy"), 2);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !notices.empty(); }));
}

TEST(Adapters, MapIsWalkedByKeysAndHasATable) {
  Plane plane;
  AdaptersPane pane;
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
  EXPECT_NEAR(pane.map()->highest(), std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(pane.map()->lowest(), 0, 1e-6);
  QTest::keyClick(pane.map(), Qt::Key_T);
  EXPECT_TRUE(pane.mapWithTable()->showsTable());
  EXPECT_EQ(pane.matrix().index(2, 1).data().toString(), QStringLiteral("0.707"));
}

TEST(Adapters, RealListsWhereTheyAre) {
  // Beside the checkout, or beside the folder of worktrees.
  fs::path place = fs::path(COUNTERPOINT_SOURCE_DIR) / "../shared/data/lora_retriever";
  if (!fs::exists(place)) place = fs::path(COUNTERPOINT_SOURCE_DIR) / "../../shared/data/lora_retriever";
  if (!fs::exists(place)) GTEST_SKIP() << "no shared/data/lora_retriever beside the checkout";
  AdaptersPane pane;
  QSignalSpy loaded(&pane, &AdaptersPane::loaded);
  pane.setLists(
      {place / "config/app_loras_config_internvl2.json", place / "config/category_loras_config_internvl2.json"}, place);
  ASSERT_TRUE(loaded.wait());
  ASSERT_EQ(pane.pool().entries.size(), 19U);
  EXPECT_EQ(pane.matrix().rowCount(), 19);
  pane.askFile(QString::fromStdString((place / "data/embeddings/lora_app/clock/clock_jina_v4_emb.npy").string()), 0);
  ASSERT_TRUE(
      QTest::qWaitFor([&] { return pane.ranking().ranking().names.front().find("clock") != std::string::npos; }));
}

}  // namespace
}  // namespace counterpoint
