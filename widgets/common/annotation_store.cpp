// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/annotation_store.h"

#include "core/base/error.h"

#include <QCryptographicHash>

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr std::size_t kLongestName = 200;  // file systems end at 255 bytes
constexpr struct {
  CaptionJudgement state;
  const char* word;
} kStates[] = {{CaptionJudgement::Accepted, "accepted"},
               {CaptionJudgement::Edited, "edited"},
               {CaptionJudgement::Rejected, "rejected"}};

const char* wordOf(CaptionJudgement state) {
  for (const auto& entry : kStates) {
    if (entry.state == state) return entry.word;
  }
  return "";
}

CaptionJudgement judgementOf(const std::string& word) {
  for (const auto& entry : kStates) {
    if (word == entry.word) return entry.state;
  }
  return CaptionJudgement::None;
}

// A study's id as a file name: what may not stand in one becomes %XX. Of an id that is too long for one the end stays,
// after a hash of the whole.
std::string fileName(const std::string& study) {
  std::string name;
  for (const char letter : study) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool first = name.empty();
    if (std::isalnum(byte) || letter == '-' || letter == '_' || (letter == '.' && !first)) {
      name += letter;
    } else {
      char escaped[4];
      std::snprintf(escaped, sizeof escaped, "%%%02X", byte);
      name += escaped;
    }
  }
  if (name.size() > kLongestName) {
    const QByteArray whole = QCryptographicHash::hash(QByteArrayView(name), QCryptographicHash::Sha1).toHex();
    name = whole.toStdString() + "-" + name.substr(name.size() - kLongestName / 2);
  }
  return name.empty() ? "%00" : name;
}

}  // namespace

const JudgedCaption* ClipAnnotation::judged(const std::string& run, const std::string& generated) const {
  const auto found = std::find_if(captions.begin(), captions.end(),
                                  [&](const auto& one) { return one.run == run && one.generated == generated; });
  return found == captions.end() ? nullptr : &*found;
}

void ClipAnnotation::judge(JudgedCaption caption) {
  std::erase_if(captions,
                [&](const auto& one) { return one.run == caption.run && one.generated == caption.generated; });
  if (caption.state != CaptionJudgement::None) captions.push_back(std::move(caption));
}

fs::path AnnotationStore::fileOf(const std::string& study) const { return folder_ / (fileName(study) + ".json"); }

Json AnnotationStore::readStudy(const std::string& study) const {
  const fs::path file = fileOf(study);
  std::error_code error;
  if (!fs::exists(file, error)) return {{"version", kVersion}, {"study", study}, {"clips", Json::object()}};
  Json read = readJsonFile(file);
  if (!read.is_object() || read.value("version", 0) != kVersion) {
    throw dataError("is no annotation file of version 1", file.string(), "Open it with the version that wrote it.");
  }
  if (!read.contains("clips") || !read["clips"].is_object()) {
    throw dataError("has no clips", file.string(), "Move it away: a new one is made.");
  }
  return read;
}

ClipAnnotation AnnotationStore::load(const std::string& study, const std::string& clip) const {
  ClipAnnotation annotation;
  const Json whole = readStudy(study);
  const auto found = whole["clips"].find(clip);
  if (found == whole["clips"].end()) return annotation;
  try {
    annotation.starred = found->value("starred", false);
    annotation.note = found->value("note", std::string());
    annotation.keyFrames = found->value("key_frames", std::vector<int>());
    for (const Json& one : found->value("captions", Json::array())) {
      annotation.captions.push_back({one.value("run", std::string()), one.value("checkpoint", std::string()),
                                     one.value("generated", std::string()),
                                     judgementOf(one.value("state", std::string())), one.value("text", std::string()),
                                     one.value("time", 0.0)});
    }
  } catch (const Json::exception& error) {
    throw dataError(std::string("has a member of the wrong type: ") + error.what(), fileOf(study).string());
  }
  return annotation;
}

void AnnotationStore::save(const std::string& study, const std::string& clip, const ClipAnnotation& annotation) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw systemError(error.value(), "make", folder_.string());
  Json whole = readStudy(study);
  Json& target = whole["clips"][clip];
  if (!target.is_object()) target = Json::object();
  target["starred"] = annotation.starred;
  target["note"] = annotation.note;
  target["key_frames"] = annotation.keyFrames;
  Json captions = Json::array();
  for (const JudgedCaption& one : annotation.captions) {
    captions.push_back({{"run", one.run},
                        {"checkpoint", one.checkpoint},
                        {"generated", one.generated},
                        {"state", wordOf(one.state)},
                        {"text", one.text},
                        {"time", one.time}});
  }
  target["captions"] = std::move(captions);
  writeJsonFile(fileOf(study), whole);
}

}  // namespace counterpoint
