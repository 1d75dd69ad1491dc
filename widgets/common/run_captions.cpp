// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/run_captions.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>

#include "core/base/error.h"
#include "core/runs/event_reader.h"
#include "core/runs/run_list.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProblems = 20;

ClipCaption captionOf(const Json& line, const std::string& run, const std::string& source) {
  ClipCaption one;
  one.clip = line.value("clip", std::string());
  if (one.clip.empty()) throw dataError("member \"clip\" is missing");
  one.reference = line.value("reference", std::string());
  one.caption = captionFromJson(line.at("caption"));
  if (line.contains("seen") && line["seen"].is_object()) one.seen = seenFromJson(line["seen"]);
  one.run = run;
  one.source = source;
  return one;
}

}  // namespace

void readJsonLines(const fs::path& file, const std::function<void(const Json&)>& take,
                   std::vector<std::string>& problems) {
  std::ifstream stream(file);
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (line.empty()) continue;
    std::string problem;
    try {
      const Json value = Json::parse(line);
      take(value);
      continue;
    } catch (const Error& error) {
      problem = error.problem();
    } catch (const Json::exception& error) {
      problem = error.what();
    }
    if (stream.eof()) break;  // the last line is still being written
    if (problems.size() < kMostProblems) {
      problems.push_back(file.filename().string() + ", line " + std::to_string(number) + ": " + problem);
    }
  }
}

std::vector<std::string> resultSplits(const fs::path& run) {
  std::vector<std::string> splits;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run / "results", error)) {
    if (entry.is_directory(error)) splits.push_back(entry.path().filename().string());
  }
  const auto place = [](const std::string& name) {
    constexpr const char* kOrder[] = {"test", "val", "train"};
    return std::find(std::begin(kOrder), std::end(kOrder), name) - std::begin(kOrder);
  };
  std::sort(splits.begin(), splits.end(), [&](const auto& left, const auto& right) {
    return std::pair(place(left), left) < std::pair(place(right), right);
  });
  return splits;
}

RunCaptions readRunCaptions(const fs::path& run) {
  RunCaptions all;
  all.run = run.filename().string();
  all.path = run;
  std::set<std::string> known;
  for (const std::string& split : resultSplits(run)) {
    readJsonLines(
        run / "results" / split / "captions.jsonl",
        [&](const Json& line) {
          all.captions.push_back(captionOf(line, all.run, split + " results"));
          known.insert(all.captions.back().clip);
        },
        all.problems);
  }
  // The latest caption of a clip counts.
  std::vector<ClipCaption> events;
  try {
    EventReader reader{RunFolder(run)};
    while (reader.poll().more) continue;
    for (const RunEvent& event : reader.last("caption", reader.references().size())) {
      try {
        events.push_back(captionOf(event.members, all.run, "step " + std::to_string(event.step)));
        events.back().step = event.step;
      } catch (const std::exception&) {
        continue;  // an event of another version
      }
    }
  } catch (const Error& error) {
    all.problems.push_back(describe(error));
  }
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (known.insert(event->clip).second) all.captions.push_back(std::move(*event));
  }
  return all;
}

std::vector<RunToReview> runsToReview(const fs::path& runs) {
  std::vector<RunToReview> found;
  std::error_code error;
  if (!fs::is_directory(runs, error)) return found;
  const auto written = [&error](const fs::path& file) -> std::int64_t {
    const auto time = fs::last_write_time(file, error);
    return error ? 0 : static_cast<std::int64_t>(std::chrono::file_clock::to_sys(time).time_since_epoch().count());
  };
  for (const RunSummary& run : listRuns(runs)) {
    const bool events = fs::exists(run.path / "events.jsonl", error);
    if (!events && !fs::exists(run.path / "results", error) && !fs::exists(run.path / "checkpoints", error)) continue;
    RunToReview one{run.path};
    one.hasModel =
        fs::exists(run.path / "checkpoints" / "last", error) || fs::exists(run.path / "checkpoints" / "best", error);
    for (const std::string& split : resultSplits(run.path)) {
      for (const char* name : {"captions.jsonl", "retrieval.jsonl", "metrics.json"}) {
        one.results = std::max(one.results, written(run.path / "results" / split / name));
      }
    }
    if (events && run.status.hasEnded()) one.events = written(run.path / "events.jsonl");
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace counterpoint
