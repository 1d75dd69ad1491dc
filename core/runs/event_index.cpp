// SPDX-License-Identifier: GPL-3.0-or-later
// RUN/.counterpoint/events: what EventReader knows, to be found again. It may be deleted at any time.
//   index.json        how far it goes, names of curves and kinds, counts
//   references.bin    EventReference records
//   N.points          SeriesPoint records of curve N
//   N.pyramid         Extremes of every whole block of it
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/formats/file_mapping.h"
#include "core/runs/event_reader.h"

namespace counterpoint {
namespace {

constexpr int kVersion = 1;

std::filesystem::path indexFolder(const RunFolder& folder) { return folder.scratch() / "events"; }
std::filesystem::path pointsFile(const RunFolder& folder, std::size_t number) {
  return indexFolder(folder) / (std::to_string(number) + ".points");
}
std::filesystem::path pyramidFile(const RunFolder& folder, std::size_t number) {
  return indexFolder(folder) / (std::to_string(number) + ".pyramid");
}

}  // namespace

// The first bytes (time and content of the first event): tells this events.jsonl from another one of the same folder.
std::string EventReader::fingerprint() const {
  char start[256];
  const ssize_t count = file_ ? ::pread(file_.get(), start, sizeof start, 0) : 0;
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (ssize_t i = 0; i < count; ++i) hash = (hash ^ static_cast<unsigned char>(start[i])) * 1099511628211u;
  return std::to_string(hash);
}

bool EventReader::loadIndex() {
  std::error_code code;
  const auto file = indexFolder(folder_) / "index.json";
  if (!std::filesystem::exists(file, code)) return true;
  try {
    const Json json = readJsonFile(file);
    if (json.at("version") != kVersion || json.at("fingerprint") != fingerprint()) return false;
    const auto offset = json.at("offset").get<std::uint64_t>();
    if (offset > std::filesystem::file_size(folder_.events())) return false;
    for (const auto& entry : json.at("series")) {
      const auto number = entry.at("file").get<std::size_t>();
      const auto count = entry.at("points").get<std::size_t>();
      auto series =
          std::make_unique<Series>(Series::load(pointsFile(folder_, number), pyramidFile(folder_, number), count));
      // Points that did not reach the disk before a power cut are zeros.
      if (count > 0 && series->back().time != entry.at("last").get<double>()) return false;
      series_[entry.at("name").get<std::string>()] = std::move(series);
      files_[entry.at("name").get<std::string>()] = number;
    }
    const auto references = json.at("references").get<std::size_t>();
    const FileMapping map(indexFolder(folder_) / "references.bin");
    if (map.bytes().size() / sizeof(EventReference) < references) return false;
    references_.resize(references);
    if (references > 0) std::memcpy(references_.data(), map.bytes().data(), references * sizeof(EventReference));
    kinds_ = json.at("kinds").get<std::vector<std::string>>();
    for (const auto& reference : references_)
      if (reference.kind >= kinds_.size() || reference.length > offset || reference.offset > offset - reference.length)
        return false;
    savedReferences_ = references;
    rewriteReferences_ = false;
    offset_ = offset;
    attempt_ = json.at("attempt").get<int>();
    resumeKnown_ = json.at("resume_known").get<bool>();
    scalarEvents_ = json.at("scalar_events").get<std::uint64_t>();
    damagedLines_ = json.at("damaged_lines").get<std::uint64_t>();
    return true;
  } catch (const std::exception&) {
    return false;  // made again from the events
  }
}

void EventReader::saveIndex() {
  if (!file_ || unsaved_ == 0) return;
  const auto place = indexFolder(folder_);
  std::error_code code;
  std::filesystem::create_directories(place, code);
  if (code || ::access(place.c_str(), W_OK) != 0) {
    unsaved_ = 0;
    return;
  }
  if (!indexLock_) indexLock_ = tryLockFile(place / "lock");
  if (!indexLock_) {
    unsaved_ = 0;
    return;
  }
  Json series = Json::array();
  for (auto& [name, curve] : series_) {
    if (curve->empty()) continue;
    const auto number = files_.try_emplace(name, files_.size()).first->second;
    curve->save(pointsFile(folder_, number), pyramidFile(folder_, number));
    series.push_back({{"name", name}, {"file", number}, {"points", curve->size()}, {"last", curve->back().time}});
  }
  const auto file = place / "references.bin";
  const auto bytes = [&](std::size_t from) {
    return std::string_view(reinterpret_cast<const char*>(references_.data() + from),
                            (references_.size() - from) * sizeof(EventReference));
  };
  if (rewriteReferences_ || savedReferences_ == 0) {
    writeFileAtomically(file, bytes(0));
  } else if (references_.size() > savedReferences_) {
    FileDescriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (!out || ::lseek(out.get(), static_cast<off_t>(savedReferences_ * sizeof(EventReference)), SEEK_SET) < 0)
      throw systemError(errno, "write", file.string());
    writeAll(out.get(), bytes(savedReferences_), file);
  }
  savedReferences_ = references_.size();
  rewriteReferences_ = false;
  writeJsonFile(place / "index.json", {{"version", kVersion},
                                       {"fingerprint", fingerprint()},
                                       {"offset", offset_},
                                       {"attempt", attempt_},
                                       {"resume_known", resumeKnown_},
                                       {"scalar_events", scalarEvents_},
                                       {"damaged_lines", damagedLines_},
                                       {"references", references_.size()},
                                       {"kinds", kinds_},
                                       {"series", std::move(series)}});
  unsaved_ = 0;
}

}  // namespace counterpoint
