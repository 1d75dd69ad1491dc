// SPDX-License-Identifier: GPL-3.0-or-later
// The work of `sample`: writes the workspace of phantoms.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "app/media/work.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/sample/workspace.h"

namespace counterpoint {
namespace {

// A signal may only set this; it is looked at after each clip.
volatile std::sig_atomic_t interrupted = 0;

}  // namespace

int runSample(const SampleVerbOptions& options, const Context& context) {
  std::stop_source stop;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, [](int) { interrupted = 1; });
  const bool showProgress = ::isatty(STDERR_FILENO) != 0;
  const auto progress = [&](int done, int total) {
    if (interrupted) stop.request_stop();
    if (showProgress && (done % 10 == 0 || done == total)) {
      std::cerr << fmt::format("\r{} of {} clips{}", done, total, done == total ? "\n" : "") << std::flush;
    }
  };
  const SampleOptions wanted{options.studies, options.seed, options.threads};
  const SampleSummary summary = writeSampleWorkspace(options.folder, wanted, progress, stop.get_token());
  if (context.json) {
    const Json answer = {{"folder", options.folder},      {"synthetic", true},         {"studies", summary.studies},
                         {"train", summary.trainStudies}, {"val", summary.valStudies}, {"test", summary.testStudies},
                         {"clips", summary.clips},        {"seconds", summary.seconds}};
    std::cout << answer.dump(2) << '\n';
  } else {
    std::cout << fmt::format(
        "{}: {} synthetic studies ({} to train, {} to validate, {} held out), {} clips, in {}\n"
        "Next: cd there, then counterpoint-worker launch --ranks 2 echo_text\n",
        options.folder, summary.studies, summary.trainStudies, summary.valStudies, summary.testStudies, summary.clips,
        durationInWords(summary.seconds));
  }
  return 0;
}

}  // namespace counterpoint
