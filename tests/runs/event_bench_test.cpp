// SPDX-License-Identifier: GPL-3.0-or-later
// How fast events open and arrive. COUNTERPOINT_BENCH_EVENTS=10000000 makes it the figure of the closing note.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "core/base/clock.h"
#include "core/runs/event_reader.h"
#include "core/runs/folder_watcher.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

TEST(EventBench, OpensManyEventsFromTheIndex) {
  const char* wanted = std::getenv("COUNTERPOINT_BENCH_EVENTS");
  const long count = wanted ? std::atol(wanted) : 200'000;
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  {
    std::ofstream file(folder.events());
    char line[200];
    for (long step = 1; step <= count; ++step) {
      std::snprintf(line, sizeof line,
                    R"({"t":%.6f,"attempt":0,"step":%ld,"epoch":%.4f,"kind":"scalar","values":{"train/loss":%.9g}})"
                    "\n",
                    1.7e9 + 0.01 * static_cast<double>(step), step, static_cast<double>(step) / 1000,
                    1.0 / static_cast<double>(step));
      file << line;
    }
  }
  double begin = steadySeconds();
  {
    EventReader reader(folder);
    while (reader.poll().more) {
    }
    ASSERT_EQ(reader.find("train/loss")->size(), static_cast<std::size_t>(count));
    reader.saveIndex();
  }
  const double first = steadySeconds() - begin;
  begin = steadySeconds();
  EventReader reader(folder);
  EXPECT_FALSE(reader.poll().more);
  const Series* loss = reader.find("train/loss");
  ASSERT_TRUE(loss);
  const double opened = steadySeconds() - begin;
  begin = steadySeconds();
  const auto columns = loss->decimate(SeriesAxis::Step, 1, static_cast<double>(count), 1000);
  const double drawn = steadySeconds() - begin;
  EXPECT_EQ(columns.back().last, static_cast<std::size_t>(count));
  std::printf("%ld events: first reading %.2f s, opened from the index %.1f ms, 1000 columns %.2f ms\n", count, first,
              1000 * opened, 1000 * drawn);
  RecordProperty("first_reading_seconds", std::to_string(first));
  RecordProperty("open_milliseconds", std::to_string(1000 * opened));
  EXPECT_LT(opened, first / 4);
  // Bounds far above what was measured, so that only another order of growth breaks them.
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  const double megabytes = static_cast<double>(usage.ru_maxrss) / 1024;
  std::printf("peak memory %.0f MB\n", megabytes);
  EXPECT_LT(first, 2 + 3e-6 * static_cast<double>(count));
  EXPECT_LT(opened, 1);
  EXPECT_LT(megabytes, 256 + 150e-6 * static_cast<double>(count));
}

TEST(EventBench, AnEventReachesItsReaderSoon) {
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  EventWriter writer(folder, 0);
  FolderWatcher watcher(folder.path());
  EventReader reader(folder);
  double worst = 0, sum = 0;
  constexpr int kEvents = 100;
  for (int step = 1; step <= kEvents; ++step) {
    watcher.changes();
    double written = 0;
    std::thread other([&] {
      writer.at(step, 0);
      written = steadySeconds();
      writer.scalar("a", step);
    });
    while (!reader.find("a") || reader.find("a")->size() < static_cast<std::size_t>(step)) {
      watcher.wait(5);
      reader.poll();
    }
    const double seen = steadySeconds();
    other.join();
    sum += seen - written;
    worst = std::max(worst, seen - written);
  }
  std::printf("writer to reader: mean %.3f ms, worst %.3f ms\n", 1000 * sum / kEvents, 1000 * worst);
  RecordProperty("mean_milliseconds", std::to_string(1000 * sum / kEvents));
  EXPECT_LT(sum / kEvents, 0.05);
}

}  // namespace
}  // namespace counterpoint
