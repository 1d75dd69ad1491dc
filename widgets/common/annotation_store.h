// SPDX-License-Identifier: GPL-3.0-or-later
// What a person adds to clips: annotations/STUDY.json of the workspace (ARCHITECTURE.md), one file a study, replaced
// whole. Members that this version does not know are kept.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

enum class CaptionJudgement { None, Accepted, Edited, Rejected };

struct JudgedCaption {
  std::string run, checkpoint;  // folder names; the checkpoint is empty where it is not known
  std::string generated;
  CaptionJudgement state = CaptionJudgement::None;
  std::string text;  // what the person lets stand; empty when rejected
  double time = 0;   // seconds since 1970
};

struct ClipAnnotation {
  bool starred = false;
  std::string note;
  std::vector<int> keyFrames;           // sorted
  std::vector<JudgedCaption> captions;  // at most one a run and generated text

  bool isEmpty() const { return !starred && note.empty() && keyFrames.empty() && captions.empty(); }
  // What became of this text of the run; null where nobody judged it.
  const JudgedCaption* judged(const std::string& run, const std::string& generated) const;
  void judge(JudgedCaption caption);  // takes the place of an earlier one of the same text
};

class AnnotationStore {
 public:
  AnnotationStore() = default;
  // `folder` is the workspace's annotations/; made at the first save.
  explicit AnnotationStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // An unreadable or newer file throws Error{Data}; a missing one gives an empty annotation.
  ClipAnnotation load(const std::string& study, const std::string& clip) const;
  // Replaces the study's file atomically; other clips and unknown members stay. Throws where it cannot be written.
  void save(const std::string& study, const std::string& clip, const ClipAnnotation& annotation) const;

  std::filesystem::path fileOf(const std::string& study) const;

 private:
  Json readStudy(const std::string& study) const;

  std::filesystem::path folder_;
};

}  // namespace counterpoint
