// SPDX-License-Identifier: GPL-3.0-or-later
// A rank without tensors: keeps a rank's promises (events, progress, checkpoints, requests, signals, lifeline) and
// breaks them on command. COUNTERPOINT_RANK names it as counterpoint-rank. TOY holds blank-separated words:
//   steps=N  step_ms=M  say=VARIABLE (its value, to log and events)  fault=RANK:KIND@STEP   with KIND kill | crash |
//   exit3 | hang | nonfinite | peerlost | quote
//   scale=KEY (the loss is multiplied by that override's number)  exit3_above=X (… exits with 3 when it is above X)
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/runs/events.h"
#include "core/runs/rank_side.h"
#include "core/runs/requests.h"
#include "core/runs/status.h"

namespace counterpoint {
namespace {

struct Plan {
  int steps = 20, stepMilliseconds = 20, faultRank = -1, faultStep = 0;
  std::string fault, say, scale;
  double exitAbove = 1e300;
};

Plan readPlan() {
  Plan plan;
  const char* text = std::getenv("TOY");
  std::istringstream words(text ? text : "");
  char kind[32] = {};
  for (std::string word; words >> word;) {
    std::sscanf(word.c_str(), "steps=%d", &plan.steps);
    std::sscanf(word.c_str(), "step_ms=%d", &plan.stepMilliseconds);
    if (word.starts_with("say=")) plan.say = word.substr(4);
    if (word.starts_with("scale=")) plan.scale = word.substr(6);
    std::sscanf(word.c_str(), "exit3_above=%lf", &plan.exitAbove);
    if (std::sscanf(word.c_str(), "fault=%d:%31[a-z0-9]@%d", &plan.faultRank, kind, &plan.faultStep) == 3)
      plan.fault = kind;
  }
  return plan;
}

// Like a rank in a collective whose peer is gone: deaf to SIGTERM.
[[noreturn]] void hang() {
  ::signal(SIGTERM, SIG_IGN);
  for (;;) ::pause();
}

void commit(const std::string& kind) {
  if (kind == "kill") ::raise(SIGKILL);
  if (kind == "crash") ::raise(SIGSEGV);
  if (kind == "exit3") ::_exit(3);
  if (kind == "hang") hang();
  if (kind == "nonfinite")
    throw Error(ErrorKind::NonFinite, "the loss is nan", "step 5, batch of studies S-1, S-2",
                "Lower the learning rate.");
  if (kind == "peerlost") throw Error(ErrorKind::PeerLost, "the connection to rank 1 was closed");
  if (kind == "quote") {  // a careless last word
    std::cerr << "authorization failed for " << std::getenv("PLAIN_PHRASE") << std::endl;
    ::_exit(5);
  }
}

double scaleOf(const Plan& plan, const RunFolder& folder) {
  std::ifstream lines(folder.overrides());
  for (std::string line; std::getline(lines, line);)
    if (!plan.scale.empty() && line.starts_with(plan.scale + "=")) return std::stod(line.substr(plan.scale.size() + 1));
  return 1;
}

void saveCheckpoint(const RunFolder& folder, std::int64_t step) {
  std::filesystem::create_directories(folder.checkpoint(step));
  writeJsonFile(folder.checkpoint(step) / "trainer.json", {{"step", step}});
  const auto last = folder.checkpoints() / "last", fresh = folder.checkpoints() / "last.new";
  std::filesystem::create_symlink(folder.checkpoint(step).filename(), fresh);
  std::filesystem::rename(fresh, last);
}

int run(StopSignals& stop) {
  const Plan plan = readPlan();
  const RankPlace place = RankPlace::fromEnvironment();
  const RunFolder folder = place.folder.value();
  const int rank = std::atoi(std::getenv("RANK"));
  if (const char* key = std::getenv("WANDB_API_KEY")) logInfo("tracking with {}", key);
  std::int64_t step = 0;
  std::optional<EventWriter> events;
  if (rank == 0) events.emplace(folder, place.attempt);
  if (place.attempt > 0 && std::filesystem::exists(folder.checkpoints() / "last")) {
    step = readJsonFile(folder.checkpoints() / "last" / "trainer.json")["step"];
    if (events) events->resumed(step, 0);
  }
  if (events)
    events->log("info", std::string("key is ") + (std::getenv("WANDB_API_KEY") ? std::getenv("WANDB_API_KEY") : "-"));
  if (const char* value = plan.say.empty() ? nullptr : std::getenv(plan.say.c_str())) {
    logInfo("the phrase is {}", value);
    if (events) events->log("info", std::string("the phrase is ") + value);
  }
  const double scale = scaleOf(plan, folder);
  if (scale > plan.exitAbove) commit("exit3");
  auto requests = RequestReader::ofThisAttempt(folder);
  Progress progress;
  progress.progress.totalSteps = plan.steps;
  while (step < plan.steps) {
    std::this_thread::sleep_for(std::chrono::milliseconds(plan.stepMilliseconds));  // the work of a step
    ++step;
    if (rank == plan.faultRank && step == plan.faultStep) commit(plan.fault);
    bool end = stop.requested();
    if (events) {
      events->at(step, static_cast<double>(step) / 10);
      events->scalar("train/loss", scale / static_cast<double>(step) + 10 * place.attempt);
      progress.progress.step = step;
      progress.metrics["train/loss"].update(1.0 / static_cast<double>(step), step);
      progress.heartbeat = wallSeconds();
      writeProgress(folder, progress);
    }
    for (const auto& request : requests.poll()) end = end || (request.command == "stop" && request.when == "step");
    if (rank == 0 && (step % 10 == 0 || end)) saveCheckpoint(folder, step);
    if (end) return static_cast<int>(ErrorKind::Stopped);
  }
  return 0;
}

}  // namespace
}  // namespace counterpoint

int main() {
  using namespace counterpoint;
  StopSignals stop;
  Lifeline lifeline([] { ::kill(::getpid(), SIGTERM); }, 3);
  try {
    return run(stop);
  } catch (const std::exception& error) {
    std::cerr << errorLine(error) << std::endl;
    return exitStatusOf(error);
  }
}
