// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/event_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "core/base/error.h"

namespace counterpoint {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::size_t kLongestLine = std::size_t{1} << 28;
constexpr std::uint64_t kSaveEvery = 200'000;

}  // namespace

EventReader::EventReader(const RunFolder& folder) : folder_(folder) {
  if (openFile() && !loadIndex()) forget();
}

EventReader::~EventReader() {
  if (unsaved_ < kWorthSaving) return;
  try {
    saveIndex();
  } catch (const std::exception&) {
    // It can be made again.
  }
}

const Series* EventReader::find(const std::string& name) const {
  const auto found = series_.find(name);
  return found == series_.end() ? nullptr : found->second.get();
}

void EventReader::forget() {
  offset_ = scalarEvents_ = damagedLines_ = unsaved_ = 0;
  attempt_ = 0;
  resumeKnown_ = true;
  // Series stay at their addresses: others point at them.
  for (auto& [name, series] : series_) *series = Series();
  references_.clear();
  files_.clear();
  savedReferences_ = 0;
  rewriteReferences_ = true;
}

bool EventReader::openFile() {
  if (!file_) file_ = FileDescriptor(::open(folder_.events().c_str(), O_RDONLY | O_CLOEXEC));
  return static_cast<bool>(file_);
}

std::uint16_t EventReader::kindNumber(const std::string& kind) {
  const auto found = std::find(kinds_.begin(), kinds_.end(), kind);
  if (found != kinds_.end()) return static_cast<std::uint16_t>(found - kinds_.begin());
  if (kinds_.size() == std::numeric_limits<std::uint16_t>::max()) return 0;
  kinds_.push_back(kind);
  return static_cast<std::uint16_t>(kinds_.size() - 1);
}

Series& EventReader::seriesNamed(std::string_view name) {
  auto found = series_.find(name);
  if (found == series_.end()) found = series_.emplace(std::string(name), std::make_unique<Series>()).first;
  return *found->second;
}

// The present attempt goes on after `lastKept`: what earlier ones wrote beyond it was undone.
void EventReader::hideAfter(std::int64_t lastKept, EventChange& change) {
  resumeKnown_ = true;
  for (auto& [name, series] : series_)
    if (series->dropAfter(lastKept)) change.reset = true;
  const auto undone = [&](const EventReference& reference) {
    return reference.attempt < attempt_ && reference.step > lastKept;
  };
  const auto kept = std::remove_if(references_.begin(), references_.end(), undone);
  if (kept == references_.end()) return;
  references_.erase(kept, references_.end());
  rewriteReferences_ = true;
  change.reset = true;
}

// False for a straggler of an attempt that a later one has taken over from.
bool EventReader::enterAttempt(int attempt) {
  if (attempt < attempt_) return false;
  if (attempt > attempt_) {
    attempt_ = attempt;
    resumeKnown_ = false;
  }
  return true;
}

void EventReader::takeLine(std::string_view line, std::uint64_t offset, EventChange& change) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  ScalarLine& scalar = scratch_;
  if (!parseScalarLine(line, scalar)) {
    RunEvent event;
    try {
      event = eventFromLine(line);
    } catch (const Error&) {
      ++damagedLines_;
      return;
    }
    ++unsaved_;
    if (event.kind == "scalar" && event.members.contains("values") && event.members["values"].is_object()) {
      names_.clear();
      scalar = {event.time, event.epoch, event.attempt, event.step, {}};
      for (const auto& [name, value] : event.members["values"].items()) {
        try {
          const double number = numberFromJson(value);
          names_.push_back(name);
          scalar.values.emplace_back(names_.back(), number);
        } catch (const Error&) {
          ++damagedLines_;
        }
      }
    } else {
      if (!enterAttempt(event.attempt)) return;
      if (event.kind == "resume" && !resumeKnown_) hideAfter(event.step, change);
      const auto attempt = static_cast<std::uint16_t>(std::clamp(event.attempt, 0, 0xFFFF));
      references_.push_back(
          {offset, static_cast<std::uint32_t>(line.size()), kindNumber(event.kind), attempt, event.step, event.time});
      ++change.newReferences;
      return;
    }
  } else {
    ++unsaved_;
  }
  if (!enterAttempt(scalar.attempt)) return;
  if (!resumeKnown_) hideAfter(scalar.step - 1, change);
  ++scalarEvents_;
  for (const auto& [name, value] : scalar.values) {
    const auto attempt = static_cast<std::uint32_t>(std::max(scalar.attempt, 0));
    seriesNamed(name).append({scalar.step, scalar.time, value, static_cast<float>(scalar.epoch), attempt});
    if (const auto known = change.series.find(name); known == change.series.end()) change.series.emplace(name);
  }
}

EventChange EventReader::poll(std::size_t budget) {
  EventChange change;
  struct stat named {};
  const bool present = ::stat(folder_.events().c_str(), &named) == 0;
  struct stat opened {};
  const bool same = present && file_ && ::fstat(file_.get(), &opened) == 0 && opened.st_ino == named.st_ino &&
                    opened.st_dev == named.st_dev && static_cast<std::uint64_t>(opened.st_size) >= offset_;
  if (file_ && !same) {  // replaced, cut or taken away
    file_.reset();
    forget();
    change.reset = true;
  }
  if (!present || !openFile()) return change;
  std::size_t taken = 0, wanted = kChunk;
  for (;;) {
    buffer_.resize(wanted);
    const ssize_t count = ::pread(file_.get(), buffer_.data(), wanted, static_cast<off_t>(offset_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw systemError(errno, "read", folder_.events().string());
    const std::string_view text(buffer_.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t stop; (stop = text.find('\n', begin)) != std::string_view::npos; begin = stop + 1)
      takeLine(text.substr(begin, stop - begin), offset_ + begin, change);
    offset_ += begin;
    taken += begin;
    if (text.size() < wanted) break;  // the end; what is left is half a line
    if (begin == 0) {
      if (wanted >= kLongestLine) throw dataError("holds a line of over 256 MB", folder_.events().string());
      wanted *= 2;
      continue;
    }
    wanted = kChunk;
    if (taken >= budget) {
      change.more = true;
      break;
    }
  }
  if (change.reset) change.newReferences = references_.size();
  if (unsaved_ >= kSaveEvery && !change.more) {
    try {
      saveIndex();
    } catch (const Error&) {
      unsaved_ = 0;  // a full disk: try again when as many more have come
    }
  }
  return change;
}

RunEvent EventReader::read(const EventReference& reference) const {
  std::string line(reference.length, '\0');
  if (!file_ || ::pread(file_.get(), line.data(), line.size(), static_cast<off_t>(reference.offset)) !=
                    static_cast<ssize_t>(line.size()))
    throw dataError("no longer holds what it held", folder_.events().string());
  return eventFromLine(line);
}

std::vector<RunEvent> EventReader::last(const std::string& kind, std::size_t most) const {
  std::vector<RunEvent> result;
  const auto number = std::find(kinds_.begin(), kinds_.end(), kind) - kinds_.begin();
  for (auto reference = references_.rbegin(); reference != references_.rend() && result.size() < most; ++reference)
    if (reference->kind == number) result.push_back(read(*reference));
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace counterpoint
