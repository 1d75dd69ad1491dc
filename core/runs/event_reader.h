// SPDX-License-Identifier: GPL-3.0-or-later
// Follows events.jsonl as it grows, from where it last was.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/runs/events.h"
#include "core/runs/scalar_line.h"
#include "core/runs/series.h"

namespace counterpoint {

// Where an event that is no scalar lies in events.jsonl. Also the record of the index file.
struct EventReference {
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::uint16_t kind = 0;  // index into EventReader::kinds()
  std::uint16_t attempt = 0;
  std::int64_t step = 0;
  double time = 0;
};
static_assert(sizeof(EventReference) == 32);

// What one poll brought.
struct EventChange {
  std::set<std::string, std::less<>> series;  // curves that have new points
  std::size_t newReferences = 0;              // the last so many of references(), unless `reset`
  bool reset = false;                         // something was hidden or the file was replaced: draw everything anew
  bool more = false;                          // the budget ended before the file did: poll again

  bool any() const { return reset || newReferences > 0 || !series.empty(); }
};

// Not thread-safe: one thread owns it. Survives a missing file, a half-written last line, damaged lines and unknown
// kinds. Hides what an earlier attempt wrote after the step that a later one resumed from ("resume" event, else the
// first scalar event of the later attempt hides from its own step on).
//
// Offsets, points and min/max pyramids are kept under RUN/.counterpoint/events and found again at the next open; where
// that folder cannot be written to, or another reader holds its lock, this one keeps them in memory only.
class EventReader {
 public:
  explicit EventReader(const RunFolder& folder);
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  // Reads what came since the last call, at most about `budget` bytes of it (100 MB take about a second).
  EventChange poll(std::size_t budget = std::size_t{32} << 20);

  // Curves by name ("train/loss"), sorted. Series stay at their address as long as the reader lives.
  const std::map<std::string, std::unique_ptr<Series>, std::less<>>& series() const { return series_; }
  const Series* find(const std::string& name) const;

  // Everything that is no scalar, in order.
  const std::vector<EventReference>& references() const { return references_; }
  const std::vector<std::string>& kinds() const { return kinds_; }
  const std::string& kindOf(const EventReference& reference) const { return kinds_[reference.kind]; }
  RunEvent read(const EventReference& reference) const;
  // The last `most` events of a kind, oldest first.
  std::vector<RunEvent> last(const std::string& kind, std::size_t most) const;

  std::uint64_t offset() const { return offset_; }  // bytes taken in
  std::uint64_t scalarEvents() const { return scalarEvents_; }
  std::uint64_t damagedLines() const { return damagedLines_; }

  // Writes the index now (done by itself after every 200 000 events and at the end of the reader's life).
  void saveIndex();

 private:
  static constexpr std::uint64_t kWorthSaving = 2000;  // fewer events are read faster than an index is opened

  void takeLine(std::string_view line, std::uint64_t offset, EventChange& change);
  bool enterAttempt(int attempt);
  void hideAfter(std::int64_t lastKept, EventChange& change);
  std::uint16_t kindNumber(const std::string& kind);
  Series& seriesNamed(std::string_view name);
  bool openFile();
  void forget();
  bool loadIndex();
  std::string fingerprint() const;

  RunFolder folder_;
  FileDescriptor file_;
  std::optional<FileDescriptor> indexLock_;
  std::uint64_t offset_ = 0, scalarEvents_ = 0, damagedLines_ = 0, unsaved_ = 0;
  int attempt_ = 0;
  bool resumeKnown_ = true;  // what the current attempt hides is settled
  std::map<std::string, std::unique_ptr<Series>, std::less<>> series_;
  std::map<std::string, std::size_t> files_;  // number of each curve's files in the index
  std::vector<EventReference> references_;
  std::size_t savedReferences_ = 0;
  bool rewriteReferences_ = false;
  std::vector<std::string> kinds_;
  std::string buffer_;
  ScalarLine scratch_;
  std::deque<std::string> names_;  // what scratch_ points at where the line itself could not be pointed into
};

}  // namespace counterpoint
