// SPDX-License-Identifier: GPL-3.0-or-later
// Where the clips of a workspace come from: the study table as a run's config names and reads it, with what a person
// added to its clips. Everything here reads files: call it off the event loop.
#pragma once

#include "core/media/study_table.h"
#include "widgets/common/clip_item.h"
#include "widgets/common/notice.h"

#include <QStringList>

#include <filesystem>
#include <vector>

namespace counterpoint {

struct StudySource {
  std::filesystem::path csv{};
  std::filesystem::path root{};  // relative file names begin here; empty: the folder of the CSV
  StudyColumns columns{};
  bool operator==(const StudySource& other) const;
};

// data.csv, data.root and data.columns of the run's config.yaml, whose paths begin at `workspace`. `usual` where there
// is no such config, or its table is gone.
StudySource studySourceOf(const std::filesystem::path& run, const std::filesystem::path& workspace,
                          const StudySource& usual);

struct LoadedStudies {
  std::vector<ClipItem> clips;
  QStringList missing;  // clips of the table that are not there
  std::vector<Notice> notices;
};

// Never throws: what cannot be read becomes a notice. A table that does not exist has no clips.
LoadedStudies loadStudies(const StudySource& source, const AnnotationStore& annotations);

// What was added to one clip; empty, with a notice, where the file cannot be read.
ClipAnnotation loadAnnotation(const AnnotationStore& annotations, const ClipItem& clip, std::vector<Notice>& notices);

}  // namespace counterpoint
