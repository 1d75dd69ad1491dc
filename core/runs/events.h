// SPDX-License-Identifier: GPL-3.0-or-later
// events.jsonl: what a run says of itself, one JSON object a line (kinds: ARCHITECTURE.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/runs/run_folder.h"

namespace counterpoint {

struct RunEvent {
  double time = 0;  // seconds since 1970
  int attempt = 0;
  std::int64_t step = 0;
  double epoch = 0;
  std::string kind;
  Json members = Json::object();  // everything else, as it stands in the line
};

// One line without its newline; and back. Throws Error{Data} when the line is no JSON object.
std::string eventLine(const RunEvent& event);
RunEvent eventFromLine(std::string_view line);

// Rank 0 only. Each call is one line and one write(2), so a reader sees it at once. Thread-safe. Text is masked for
// secrets. Throws Error{Environment} when the disk is full.
class EventWriter {
 public:
  EventWriter(const RunFolder& folder, int attempt);

  // The step and epoch that later events are stamped with.
  void at(std::int64_t step, double epoch);

  // First call of an attempt above 0: `step` is that of the checkpoint which was loaded. A reader hides what earlier
  // attempts wrote after that step.
  void resumed(std::int64_t step, double epoch);

  void scalars(const std::vector<std::pair<std::string, double>>& values);
  void scalar(const std::string& name, double value) { scalars({{name, value}}); }
  void text(const std::string& name, const std::string& text);
  void caption(const std::string& name, const std::string& clip, const std::string& study, const std::string& reference,
               const Json& caption, const Json& seen);
  void retrieval(const std::string& name, const Json& query, const Json& hits,
                 const std::vector<std::int64_t>& rightRanks, std::int64_t total);
  void image(const std::string& name, const std::filesystem::path& pathInRunFolder);
  void checkpoint(const std::filesystem::path& pathInRunFolder, bool best,
                  const std::map<std::string, double>& metrics);
  void log(const std::string& level, const std::string& text);
  void error(const Error& error);
  // Any exception; kinds other than Error get status 1 (4 when memory ran out).
  void error(const std::exception& error);
  void hparams(const Json& values);
  // Any kind; `members` is a JSON object.
  void write(const std::string& kind, const Json& members);

 private:
  void append(const std::string& kind, const Json& members);

  std::mutex mutex_;
  LineWriter lines_;
  int attempt_;
  std::int64_t step_ = 0;
  double epoch_ = 0;
};

}  // namespace counterpoint
