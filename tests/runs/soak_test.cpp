// SPDX-License-Identifier: GPL-3.0-or-later
// A writer and a reader of one run for five minutes: nothing is lost, nothing lags, nothing grows without bound.
// Run by packaging/test.sh --long; COUNTERPOINT_SOAK_SECONDS shortens it.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>

#include "core/base/clock.h"
#include "core/runs/event_reader.h"
#include "core/runs/folder_watcher.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

long residentKilobytes() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(EventSoak, DISABLED_AReaderKeepsUpWithAWriter) {
  const char* wanted = std::getenv("COUNTERPOINT_SOAK_SECONDS");
  const double seconds = wanted ? std::atof(wanted) : 300;
  constexpr double kEventsASecond = 2000, kLagSeconds = 2;
  TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  std::atomic<std::int64_t> written = 0;
  std::atomic<bool> done = false;
  std::thread writer([&] {
    EventWriter events(folder, 0);
    const double begin = steadySeconds();
    for (std::int64_t step = 1; steadySeconds() - begin < seconds; ++step) {
      events.at(step, static_cast<double>(step) / 1000);
      events.scalar("train/loss", 1.0 / static_cast<double>(step));
      written = step;
      while (static_cast<double>(step) / kEventsASecond > steadySeconds() - begin) std::this_thread::yield();
    }
    done = true;
  });
  FolderWatcher watcher(folder.path());
  auto reader = std::make_unique<EventReader>(folder);
  const auto seen = [&] {
    const Series* loss = reader->find("train/loss");
    return loss ? static_cast<std::int64_t>(loss->size()) : 0;
  };
  double reopened = steadySeconds(), worst = 0;
  const long before = residentKilobytes();
  while (!done) {
    watcher.wait(0.2);
    const std::int64_t goal = written;
    const double asked = steadySeconds();
    while (seen() < goal && steadySeconds() - asked < kLagSeconds) reader->poll(1 << 20);
    worst = std::max(worst, steadySeconds() - asked);
    EXPECT_GE(seen(), goal);
    if (steadySeconds() - reopened > 10) {  // as a window that is closed and opened again
      reader->saveIndex();
      reader = std::make_unique<EventReader>(folder);
      reopened = steadySeconds();
    }
  }
  writer.join();
  while (reader->poll().more) {
  }
  ASSERT_EQ(seen(), written);
  const Series& loss = *reader->find("train/loss");
  for (std::size_t i = 0; i < loss.size(); ++i) ASSERT_EQ(loss[i].step, static_cast<std::int64_t>(i + 1));
  const long grown = residentKilobytes() - before;
  std::printf("%lld events in %.0f s, reader behind by at most %.0f ms, memory grew by %ld MB\n",
              static_cast<long long>(written), seconds, 1000 * worst, grown / 1024);
  EXPECT_LT(grown, 256 * 1024);
}

}  // namespace
}  // namespace counterpoint
