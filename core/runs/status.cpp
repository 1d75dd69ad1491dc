// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/status.h"

#include <unistd.h>

#include <array>
#include <cmath>

#include "core/base/error.h"
#include "core/base/process.h"

namespace counterpoint {
namespace {

struct StateName {
  RunState state;
  std::string_view name;
};
constexpr std::array kStates = {StateName{RunState::Queued, "queued"},     StateName{RunState::Running, "running"},
                                StateName{RunState::Paused, "paused"},     StateName{RunState::Stopping, "stopping"},
                                StateName{RunState::Finished, "finished"}, StateName{RunState::Failed, "failed"},
                                StateName{RunState::Killed, "killed"}};

Json timeToJson(double seconds) { return seconds > 0 ? Json(seconds) : Json(nullptr); }

Json toJson(const ProcessIdentity& process) { return {{"pid", process.pid}, {"ticks", process.ticks}}; }

Json toJson(const RunProgress& progress) {
  return {{"step", progress.step},
          {"total_steps", progress.totalSteps},
          {"epoch", numberToJson(progress.epoch)},
          {"epochs", numberToJson(progress.epochs)},
          {"samples_per_second", numberToJson(progress.samplesPerSecond)},
          {"eta_seconds", progress.etaSeconds ? numberToJson(*progress.etaSeconds) : Json(nullptr)}};
}

Json toJson(const std::map<std::string, MetricSummary>& metrics) {
  Json json = Json::object();
  for (const auto& [name, metric] : metrics) {
    json[name] = {{"last", numberToJson(metric.last)},
                  {"best", numberToJson(metric.best)},
                  {"best_step", metric.bestStep},
                  {"goal", metric.smallerIsBetter ? "min" : "max"}};
  }
  return json;
}

Json toJson(const RunError& error) {
  return {{"what", error.what},
          {"where", error.where},
          {"cure", error.cure},
          {"status", error.status},
          {"rank", error.rank < 0 ? Json(nullptr) : Json(error.rank)}};
}

// Members that are missing or null keep the default.
template <typename Value>
void take(const Json& json, const char* key, Value& value) {
  const auto member = json.find(key);
  if (member == json.end() || member->is_null()) return;
  try {
    if constexpr (std::is_same_v<Value, double>) {
      value = numberFromJson(*member);
    } else {
      value = member->get<Value>();
    }
  } catch (const std::exception&) {
    throw dataError(std::string("has a wrong type: ") + member->dump(), key);
  }
}

const Json& memberOf(const Json& json, const char* key) {
  static const Json kNothing = Json::object();
  const auto member = json.find(key);
  return member == json.end() || !member->is_object() ? kNothing : *member;
}

ProcessIdentity processFromJson(const Json& json) {
  ProcessIdentity process;
  if (!json.is_object()) return process;
  take(json, "pid", process.pid);
  take(json, "ticks", process.ticks);
  return process;
}

RunProgress runProgressFromJson(const Json& json) {
  RunProgress progress;
  take(json, "step", progress.step);
  take(json, "total_steps", progress.totalSteps);
  take(json, "epoch", progress.epoch);
  take(json, "epochs", progress.epochs);
  take(json, "samples_per_second", progress.samplesPerSecond);
  if (json.contains("eta_seconds") && !json["eta_seconds"].is_null())
    progress.etaSeconds = numberFromJson(json["eta_seconds"]);
  return progress;
}

std::map<std::string, MetricSummary> metricsFromJson(const Json& json) {
  std::map<std::string, MetricSummary> metrics;
  for (const auto& [name, member] : json.items()) {
    if (!member.is_object()) continue;
    MetricSummary& metric = metrics[name];
    take(member, "last", metric.last);
    take(member, "best", metric.best);
    take(member, "best_step", metric.bestStep);
    std::string goal = "min";
    take(member, "goal", goal);
    metric.smallerIsBetter = goal != "max";
  }
  return metrics;
}

RunError errorFromJson(const Json& json) {
  RunError error;
  take(json, "what", error.what);
  take(json, "where", error.where);
  take(json, "cure", error.cure);
  take(json, "status", error.status);
  take(json, "rank", error.rank);
  return error;
}

}  // namespace

std::string_view nameOf(RunState state) {
  for (const auto& entry : kStates)
    if (entry.state == state) return entry.name;
  return "unknown";
}

std::optional<RunState> runStateNamed(std::string_view name) {
  for (const auto& entry : kStates)
    if (entry.name == name) return entry.state;
  return std::nullopt;
}

bool isFinal(RunState state) {
  return state == RunState::Finished || state == RunState::Failed || state == RunState::Killed;
}

ProcessIdentity ProcessIdentity::ofThisProcess() { return {::getpid(), startTicks(::getpid())}; }

bool ProcessIdentity::alive() const { return isAlive(pid, ticks); }

void MetricSummary::update(double value, std::int64_t step) {
  last = value;
  if (!std::isfinite(value)) return;
  if (!std::isfinite(best) || (smallerIsBetter ? value < best : value > best)) {
    best = value;
    bestStep = step;
  }
}

std::string RunError::line() const { return Error(ErrorKind::Bug, what, where, cure).what(); }

Json toJson(const Status& status) {
  Json processes = Json::array();
  for (std::size_t rank = 0; rank < status.processes.size(); ++rank) {
    processes.push_back({{"rank", rank}, {"pid", status.processes[rank].pid}, {"ticks", status.processes[rank].ticks}});
  }
  return {{"version", status.version},
          {"name", status.name},
          {"recipe", status.recipe},
          {"state", nameOf(status.state)},
          {"host", status.host},
          {"boot_id", status.bootId},
          {"attempt", status.attempt},
          {"ranks", status.ranks},
          {"launcher", toJson(status.launcher)},
          {"processes", std::move(processes)},
          {"created", timeToJson(status.created)},
          {"started", timeToJson(status.started)},
          {"ended", timeToJson(status.ended)},
          {"heartbeat", timeToJson(status.heartbeat)},
          {"progress", toJson(status.progress)},
          {"metrics", toJson(status.metrics)},
          {"error", status.error ? toJson(*status.error) : Json(nullptr)},
          {"exit_status", status.exitStatus ? Json(*status.exitStatus) : Json(nullptr)}};
}

Json toJson(const Progress& progress) {
  return {{"progress", toJson(progress.progress)},
          {"metrics", toJson(progress.metrics)},
          {"heartbeat", timeToJson(progress.heartbeat)}};
}

Status statusFromJson(const Json& json) {
  if (!json.is_object()) throw dataError("is no JSON object");
  Status status;
  take(json, "version", status.version);
  take(json, "name", status.name);
  take(json, "recipe", status.recipe);
  std::string state = "queued";
  take(json, "state", state);
  const auto known = runStateNamed(state);
  if (!known)
    throw dataError("unknown state " + state, "state", "A newer version of Counterpoint may have written it.");
  status.state = *known;
  take(json, "host", status.host);
  take(json, "boot_id", status.bootId);
  take(json, "attempt", status.attempt);
  take(json, "ranks", status.ranks);
  status.launcher = processFromJson(memberOf(json, "launcher"));
  if (const auto processes = json.find("processes"); processes != json.end() && processes->is_array()) {
    for (const auto& process : *processes) status.processes.push_back(processFromJson(process));
  }
  take(json, "created", status.created);
  take(json, "started", status.started);
  take(json, "ended", status.ended);
  take(json, "heartbeat", status.heartbeat);
  status.progress = runProgressFromJson(memberOf(json, "progress"));
  status.metrics = metricsFromJson(memberOf(json, "metrics"));
  if (const auto error = json.find("error"); error != json.end() && error->is_object())
    status.error = errorFromJson(*error);
  if (const auto exit = json.find("exit_status"); exit != json.end() && exit->is_number())
    status.exitStatus = exit->get<int>();
  return status;
}

Progress progressFromJson(const Json& json) {
  Progress progress;
  if (!json.is_object()) throw dataError("is no JSON object");
  progress.progress = runProgressFromJson(memberOf(json, "progress"));
  progress.metrics = metricsFromJson(memberOf(json, "metrics"));
  take(json, "heartbeat", progress.heartbeat);
  return progress;
}

void writeStatus(const RunFolder& folder, const Status& status) { writeJsonFile(folder.status(), toJson(status)); }

void writeProgress(const RunFolder& folder, const Progress& progress) {
  writeJsonFile(folder.progress(), toJson(progress));
}

std::optional<Progress> readProgress(const RunFolder& folder) {
  std::error_code code;
  if (!std::filesystem::exists(folder.progress(), code)) return std::nullopt;
  try {
    return progressFromJson(readJsonFile(folder.progress()));
  } catch (const Error&) {
    return std::nullopt;  // it is replaced within the second; the status itself still counts
  }
}

Status readStatus(const RunFolder& folder) {
  Status status;
  try {
    status = statusFromJson(readJsonFile(folder.status()));
  } catch (const Error& error) {
    if (error.where().starts_with(folder.path().string())) throw;
    throw dataError(error.problem(), folder.status().string() + (error.where().empty() ? "" : ", " + error.where()),
                    error.cure());
  }
  if (const auto progress = readProgress(folder)) {
    status.progress = progress->progress;
    for (const auto& [name, metric] : progress->metrics) status.metrics[name] = metric;
    if (!status.hasEnded()) status.heartbeat = std::max(status.heartbeat, progress->heartbeat);
  }
  return status;
}

}  // namespace counterpoint
