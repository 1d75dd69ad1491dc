// SPDX-License-Identifier: GPL-3.0-or-later
// `sample`: writes the workspace of phantoms.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "app/commands/verbs.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/sample/workspace.h"

namespace counterpoint {
namespace {

struct SampleVerbOptions {
  std::string folder;
  SampleOptions sample;
};

// A signal may only set this; it is looked at after each clip.
volatile std::sig_atomic_t interrupted = 0;

void addSample(CLI::App& command, SampleVerbOptions& options) {
  command.add_option("folder", options.folder, "Folder to make; it must not exist or be empty")->required();
  command.add_option("--studies", options.sample.studies, "Studies: 80 % to train, 8 % to validate, 12 % held out")
      ->capture_default_str();
  command.add_option("--seed", options.sample.seed, "The same seed gives the same files")->capture_default_str();
  command.add_option("--threads", options.sample.threads, "Threads that draw")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
}

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
  const SampleSummary summary = writeSampleWorkspace(options.folder, options.sample, progress, stop.get_token());
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

}  // namespace

Verb sampleVerb() {
  return plainVerb<SampleVerbOptions>(
      {.name = "sample",
       .group = "Files",
       .summary = "Make a workspace of phantoms with known answers to try everything on",
       .example = "sample ~/phantoms",
       .answersJson = true},
      addSample, runSample);
}

}  // namespace counterpoint
