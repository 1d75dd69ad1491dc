// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures for a person to judge: COUNTERPOINT_PICTURES names the folder they go to and COUNTERPOINT_SAMPLE a sample
// workspace, which gets a run with invented results. Skipped without them.
#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QListView>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTest>

#include <cstdio>
#include <fstream>

#include "core/media/study_table.h"
#include "tests/support/review_workspace.h"
#include "widgets/adapters/adapters_pane.h"
#include "widgets/clips/caption_pane.h"
#include "widgets/clips/clip_view.h"
#include "widgets/clips/clips_pane.h"
#include "widgets/clips/studies_pane.h"
#include "widgets/clips/time_line.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/common/theme.h"
#include "widgets/retrieval/retrieve_pane.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

void inventResults(const fs::path& workspace) {
  const fs::path results = workspace / "runs" / "siglip-3" / "results" / "test";
  fs::create_directories(results);
  writeJsonFile(
      workspace / "runs" / "siglip-3" / "status.json",
      {{"version", 1}, {"name", "siglip-3"}, {"recipe", "echo_text"}, {"state", "finished"}, {"created", 1.0}});
  writeJsonFile(results / "metrics.json", {{"text_to_clip/recall@1", 0.31},
                                           {"text_to_clip/recall@5", 0.62},
                                           {"text_to_clip/mrr", 0.44},
                                           {"text_to_clip/median_rank", 3},
                                           {"clip_to_text/recall@1", 0.42},
                                           {"clip_to_text/recall@5", 0.91},
                                           {"clip_to_text/mrr", 0.58},
                                           {"clip_to_text/median_rank", 2}});
  const StudyTable table = StudyTable::load(workspace / "data" / "studies.csv", {.root = workspace});
  std::string captions, queries;
  for (const ClipRow& row : table.rows()) {
    Caption caption = exampleCaption();
    caption.sentences[1].text +=
        " The left ventricle is of normal size, and its walls move evenly in every segment seen.";
    Seen seen = exampleSeen(row.file);
    seen.sourceSize[0] = seen.sourceSize[1] = 112;
    captions += Json({{"clip", row.file},
                      {"study", row.study},
                      {"reference", row.report},
                      {"caption", toJson(caption)},
                      {"seen", toJson(seen)}})
                    .dump() +
                "\n";
  }
  for (std::size_t q = 0; q < 30; ++q) {
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < 10; ++i) {
      const ClipRow& row = table.rows()[(q * 7 + i * 3) % table.rows().size()];
      hits.push_back({static_cast<int>(i) + 1, row.file, row.file, row.study, row.report,
                      0.6 - 0.03 * static_cast<double>(i), i == q % 10});
    }
    queries += Json({{"query", table.rows()[q].report},
                     {"right_ranks", {q % 10 + 1, q % 10 + 57}},
                     {"hits", toJson(hits)},
                     {"total", 180}})
                   .dump() +
               "\n";
  }
  writeFileAtomically(results / "captions.jsonl", captions);
  writeFileAtomically(results / "retrieval.jsonl", queries);
}

template <typename Save>
void picturesWithoutARun(const fs::path& workspace, const Save& save) {
  ReviewDesk desk;
  CaptionPane report(desk);
  RetrievePane retrieve(desk);
  AdaptersPane adapters(desk);
  report.resize(340, 800);
  retrieve.resize(1320, 800);
  adapters.resize(1320, 800);
  for (QWidget* pane :
       {static_cast<QWidget*>(&report), static_cast<QWidget*>(&retrieve), static_cast<QWidget*>(&adapters)}) {
    pane->show();
  }
  desk.setPlace({workspace, workspace / "data" / "studies.csv", workspace / "runs", true});
  adapters.setLists({workspace / "adapters" / "list.json"}, workspace);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !desk.clips().empty(); }));
  save(report, "report-untrained");
  save(retrieve, "retrieve-untrained");
  save(adapters, "adapters-untrained");
  desk.setCurrent(0);
  save(report, "report-untrained-clip");
}

TEST(Pictures, ReviewRetrieveAdapters) {
  const QString target = qEnvironmentVariable("COUNTERPOINT_PICTURES"),
                sample = qEnvironmentVariable("COUNTERPOINT_SAMPLE");
  if (target.isEmpty() || sample.isEmpty()) GTEST_SKIP() << "COUNTERPOINT_PICTURES and COUNTERPOINT_SAMPLE are not set";
  QDir().mkpath(target);
  const fs::path workspace = sample.toStdString();
  fs::remove_all(workspace / "annotations");
  fs::remove_all(workspace / ".counterpoint" / "thumbnails");
  Theme theme(*qApp);
  for (const ThemeName name : {ThemeName::Light, ThemeName::Dark}) {
    theme.apply(name);
    const auto save = [&](QWidget& widget, const char* what) {
      QTest::qWait(150);
      EXPECT_TRUE(
          widget.grab().save(QStringLiteral("%1/%2-%3.png").arg(target, QLatin1String(what), Theme::nameOf(name))));
    };
    fs::remove_all(workspace / "runs");
    picturesWithoutARun(workspace, save);
    inventResults(workspace);
    ReviewDesk desk;
    QSplitter review;
    auto* studies = new StudiesPane(desk);
    auto* clips = new ClipsPane(desk);
    auto* report = new CaptionPane(desk);
    ActionRegistry registry;
    studies->setKeyScope(clips->stage());
    for (Pane* pane : {static_cast<Pane*>(studies), static_cast<Pane*>(clips), static_cast<Pane*>(report)}) {
      pane->registerActions(registry);
      review.addWidget(pane);
    }
    review.setSizes({260, 720, 340});
    review.resize(1320, 800);
    review.show();
    save(review, "review-empty");
    RetrievePane retrieve(desk);
    retrieve.resize(1320, 800);
    retrieve.show();
    save(retrieve, "retrieve-empty");
    desk.setPlace({workspace, workspace / "data" / "studies.csv", workspace / "runs", true});
    ASSERT_TRUE(QTest::qWaitFor([&] { return !desk.clips().empty(); }));
    QElapsedTimer clock;
    clock.start();
    desk.setCurrent(0);
    ASSERT_TRUE(QTest::qWaitFor([&] { return clips->activeView()->shownFrame() >= 0 && desk.caption(); }));
    std::printf("clip to first picture %lld ms\n", static_cast<long long>(clock.elapsed()));
    desk.setStarred(true);
    clips->goTo(17);
    desk.toggleKeyFrame(17);
    registry.action(QStringLiteral("review.loop_to"))->trigger();
    registry.action(QStringLiteral("review.accept"))->trigger();
    report->sentences()[1]->setFocus();
    QTest::qWait(100);
    clock.restart();
    int steps = 0;
    for (; steps < 100; ++steps) clips->step(steps % 30 == 29 ? -20 : 1);
    std::printf("step %.3f ms\n", static_cast<double>(clock.nsecsElapsed()) * 1e-6 / steps);
    clock.restart();
    for (steps = 0; steps < 30; ++steps) clips->activeView()->repaint();
    std::printf("paint %.3f ms\n", static_cast<double>(clock.nsecsElapsed()) * 1e-6 / steps);
    clips->goTo(12);
    save(review, "review");
    registry.action(QStringLiteral("review.crop"))->trigger();
    registry.action(QStringLiteral("review.side_by_side"))->trigger();
    save(review, "review-side-by-side");
    registry.action(QStringLiteral("review.side_by_side"))->trigger();
    const fs::path broken = workspace / "broken.avi", none = workspace / "none.mp4";
    writeNumberedClip(broken, 60, 50);
    fs::resize_file(broken, fs::file_size(broken) / 2);
    std::ofstream(none) << "no video";
    desk.openClip(QString::fromStdString(broken.string()));
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return desk.currentClip()->path == broken && clips->activeView()->shownFrame() >= 0; }));
    save(review, "review-broken");
    desk.openClip(QString::fromStdString(none.string()));
    ASSERT_TRUE(QTest::qWaitFor([&] {
      return desk.currentClip()->path == none && !clips->activeView()->accessibleDescription().isEmpty();
    }));
    save(review, "review-unreadable");

    clock.restart();
    ASSERT_TRUE(QTest::qWaitFor([&] { return retrieve.shownHits()->rowCount() > 0; }));
    const QString first = retrieve.shownHits()->index(0, 0).data(HitsModel::ClipRole).toString();
    ASSERT_TRUE(QTest::qWaitFor([&] { return !retrieve.thumbnails().image(first).isNull(); }));
    std::printf("first thumbnail %lld ms\n", static_cast<long long>(clock.elapsed()));
    save(retrieve, "retrieve");
    retrieve.hits()->showTable(true);
    save(retrieve, "retrieve-table");

    AdaptersPane adapters(desk);
    adapters.resize(1320, 800);
    adapters.show();
    save(adapters, "adapters-empty");
    const fs::path lists = fs::path(COUNTERPOINT_SOURCE_DIR) / "../../shared/data/lora_retriever";
    if (fs::exists(lists)) {
      adapters.setLists(
          {lists / "config/app_loras_config_internvl2.json", lists / "config/category_loras_config_internvl2.json"},
          lists);
      ASSERT_TRUE(QTest::qWaitFor([&] { return !adapters.pool().entries.empty(); }));
      adapters.setSettings(6, 0.2, LoraWeights::Softmax);
      save(adapters, "adapters");
    }
  }
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS") || line.starts_with("VmHWM")) std::printf("%s\n", line.c_str());
  }
}

}  // namespace
}  // namespace counterpoint
