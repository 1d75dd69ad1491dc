// SPDX-License-Identifier: GPL-3.0-or-later
// requests.jsonl: what people ask of a run. Anyone appends; rank 0 reads at step boundaries and broadcasts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/runs/run_folder.h"

namespace counterpoint {

// {"t": …, "command": "stop|pause|save|…", "when": "step|epoch|now"}
struct Request {
  double time = 0;
  std::string command;
  std::string when = "step";
};

// Appends one line, stamped with the current time. Throws Error{Environment} when it cannot be written.
void appendRequest(const RunFolder& folder, const std::string& command, const std::string& when = "step");

// Bytes of requests.jsonl now: requests of an attempt are those from here on.
std::uint64_t requestsEnd(const RunFolder& folder);

class RequestReader {
 public:
  RequestReader(const RunFolder& folder, std::uint64_t from) : folder_(folder), offset_(from) {}
  // From the offset that the launcher put into COUNTERPOINT_REQUESTS_FROM, else from the file's present end.
  static RequestReader ofThisAttempt(const RunFolder& folder);

  // New whole lines; damaged ones are skipped. One stat(2) when nothing is new.
  std::vector<Request> poll();

 private:
  RunFolder folder_;
  std::uint64_t offset_;
};

}  // namespace counterpoint
