// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/sweep_folder.h"

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/folders.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

constexpr std::string_view kStates[] = {"running", "finished", "stopped", "failed"};

std::filesystem::path markOf(const std::filesystem::path& run) { return run / "sweep.json"; }

template <typename Value>
void put(Json& json, const char* name, const std::optional<Value>& value) {
  json[name] = value ? Json(*value) : Json(nullptr);
}

template <typename Value>
void take(const Json& json, const char* name, std::optional<Value>& value) {
  if (json.contains(name) && !json.at(name).is_null()) value = json.at(name).get<Value>();
}

void takeEvent(const Json& event, std::vector<TrialRecord>& trials) {
  const auto number = event.at("trial").get<std::size_t>();
  const auto name = event.at("event").get<std::string>();
  if (number > trials.size() || (number == trials.size() && name != "proposed")) return;
  if (number == trials.size()) trials.push_back({});
  TrialRecord& trial = trials[number];
  trial.number = static_cast<int>(number);
  if (name == "proposed") {
    trial.values.assign(event.at("values").begin(), event.at("values").end());
    trial.overrides = event.at("overrides").get<std::vector<std::string>>();
  } else if (name == "started") {
    trial.run = event.at("run").get<std::string>();
    trial.state = TrialState::Running;
    trial.paused = trial.stopAsked = false;
    if (trial.started <= 0) trial.started = event.at("t").get<double>();
  } else if (name == "stop_asked") {
    trial.stopAsked = true;
  } else if (name == "paused") {
    trial.paused = true;
  } else if (name == "ended") {
    trial.state = trialStateNamed(event.at("state").get<std::string>()).value_or(TrialState::Failed);
    trial.history = event.at("history").get<std::vector<double>>();
    trial.cause = event.value("cause", "");
    trial.ended = event.at("t").get<double>();
  }
}

}  // namespace

std::string_view nameOf(SweepState state) { return kStates[static_cast<std::size_t>(state)]; }

SweepFolder SweepFolder::create(const std::filesystem::path& sweeps, const std::string& name) {
  std::string safe;
  for (const char c : name.empty() ? std::string("sweep") : name)
    safe += std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' ? c : '-';
  makeFolder(sweeps);
  return SweepFolder(makeFreshDirectory(sweeps / (localTimeStamp(wallSeconds()) + "_" + safe)));
}

std::vector<SweepFolder> SweepFolder::list(const std::filesystem::path& sweeps) {
  std::vector<SweepFolder> all;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(sweeps, code))
    if (std::filesystem::exists(entry.path() / "sweep.json", code)) all.emplace_back(entry.path());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name() > b.name(); });
  return all;
}

SweepFolder SweepFolder::find(const std::filesystem::path& sweeps, const std::string& wanted) {
  std::error_code code;
  if (wanted.find('/') != std::string::npos &&
      std::filesystem::exists(std::filesystem::path(wanted) / "sweep.json", code))
    return SweepFolder(std::filesystem::weakly_canonical(wanted));
  const auto all = list(sweeps);
  if (all.empty())
    throw dataError("there is no sweep", sweeps.string(), "Start one: counterpoint-worker sweep start FILE");
  if (wanted == "last") return all.front();
  std::vector<std::string> names;
  std::vector<SweepFolder> found;
  for (const auto& sweep : all) {
    names.push_back(sweep.name());
    if (sweep.name() == wanted) return sweep;
    if (sweep.name().find(wanted) != std::string::npos) found.push_back(sweep);
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1)
    throw usageError("fits " + std::to_string(found.size()) + " sweeps", wanted, "Say more of the name, or last.");
  const auto near = nearestWord(wanted, names);
  throw dataError("there is no such sweep", wanted,
                  near.empty() ? "The newest is " + names.front() + "." : "Did you mean " + near + "?");
}

SweepHeader SweepFolder::readHeader() const {
  const Json json = readJsonFile(header());
  SweepHeader result;
  try {
    result.base = json.at("base").get<std::string>();
    const auto state = std::find(std::begin(kStates), std::end(kStates), json.at("state").get<std::string>());
    if (state == std::end(kStates)) throw dataError("no such state", header().string());
    result.state = static_cast<SweepState>(state - std::begin(kStates));
    result.seed = json.at("seed").get<std::uint64_t>();
    result.ranks = json.value("ranks", 0);
    result.devices = json.value("devices", "");
    result.overrides = json.value("overrides", std::vector<std::string>{});
    result.left = json.value("left", std::vector<std::string>{});
    take(json, "count", result.count);
    take(json, "hours", result.hours);
    result.metric = json.value("metric", "");
    result.maximize = json.value("maximize", false);
    result.created = json.value("created", 0.0);
    result.ended = json.value("ended", 0.0);
    result.spentSeconds = json.value("spent_seconds", 0.0);
    result.cause = json.value("cause", "");
    result.controller.pid = json.at("controller").value("pid", 0);
    result.controller.ticks = json.at("controller").value("ticks", std::uint64_t{0});
  } catch (const Json::exception& error) {
    throw dataError(std::string("is no header of a sweep: ") + error.what(), header().string());
  }
  return result;
}

void SweepFolder::writeHeader(const SweepHeader& value) const {
  Json json = {{"version", 1},       {"name", name()},       {"base", value.base},       {"state", nameOf(value.state)},
               {"seed", value.seed}, {"ranks", value.ranks}, {"devices", value.devices}, {"overrides", value.overrides},
               {"left", value.left}};
  put(json, "count", value.count);
  put(json, "hours", value.hours);
  json.update(Json{{"metric", value.metric},
                   {"maximize", value.maximize},
                   {"created", value.created},
                   {"ended", value.ended},
                   {"spent_seconds", value.spentSeconds},
                   {"cause", value.cause},
                   {"controller", {{"pid", value.controller.pid}, {"ticks", value.controller.ticks}}}});
  writeJsonFile(header(), json);
}

std::vector<TrialRecord> SweepFolder::readTrials() const {
  std::vector<TrialRecord> all;
  std::error_code code;
  if (!std::filesystem::exists(trials(), code)) return all;
  for (const auto& line : split(readFile(trials()), '\n')) {
    const Json event = Json::parse(line, nullptr, false);
    if (!event.is_object()) continue;
    try {
      takeEvent(event, all);
    } catch (const Json::exception&) {
    }
  }
  return all;
}

void SweepFolder::append(int trial, const std::string& event, const Json& members) const {
  Json line = {{"t", wallSeconds()}, {"trial", trial}, {"event", event}};
  line.update(members);
  LineWriter lines(trials());
  lines.append(line.dump());
  lines.sync();
}

void writeTrialMark(const RunFolder& run, const SweepFolder& sweep, int trial) {
  writeJsonFile(markOf(run.path()), {{"sweep", sweep.name()}, {"trial", trial}});
}

std::optional<RunFolder> findTrialRun(const std::filesystem::path& runs, const SweepFolder& sweep, int trial) {
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(runs, code)) {
    if (!std::filesystem::exists(markOf(entry.path()), code)) continue;
    try {
      const Json mark = readJsonFile(markOf(entry.path()));
      if (mark.at("sweep") == sweep.name() && mark.at("trial") == trial) return RunFolder(entry.path());
    } catch (const std::exception&) {  // another's file of that name
    }
  }
  return std::nullopt;
}

}  // namespace counterpoint
