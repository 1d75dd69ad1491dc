// SPDX-License-Identifier: GPL-3.0-or-later
// A small workspace with numbered clips and a run's results, in the formats of ARCHITECTURE.md.
#pragma once

#include <fstream>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/protocol/messages.h"
#include "core/runs/status.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/temporary_folder.h"
#include "widgets/common/review_desk.h"

namespace counterpoint {

constexpr int kClipFrames = 40;
constexpr double kClipRate = 50;

inline Caption exampleCaption() {
  Caption caption;
  caption.text = "Apical four-chamber view. Ejection fraction about 32 %. Severely reduced.";
  caption.sentences = {
      {"Apical four-chamber view.", 0.97, {{"apical", 0.98}, {"four-chamber", 0.97}, {"view", 0.99}}},
      {"Ejection fraction about 32 %.", 0.81, {{"ejection", 0.99}, {"fraction", 0.99}, {"32", 0.52}, {"%", 0.97}}},
      {"Severely reduced.", 0.41, {{"severely", 0.31}, {"reduced", 0.55}}}};
  return caption;
}

inline Seen exampleSeen(const std::string& clip) {
  Seen seen;
  seen.clip = clip;
  for (int i = 0; i < 8; ++i) {
    seen.frames.push_back(4 + 4 * i);
    seen.times.push_back((4 + 4 * i) / kClipRate);
  }
  const double crop[4] = {0.25, 0, 0.5, 1};
  std::copy(crop, crop + 4, seen.crop);
  seen.sourceSize[0] = kNumberedWidth, seen.sourceSize[1] = kNumberedHeight;
  seen.size[0] = seen.size[1] = 48;
  seen.channels = "grey_difference";
  return seen;
}

class ReviewWorkspace {
 public:
  ReviewWorkspace() {
    namespace fs = std::filesystem;
    fs::create_directories(folder_ / "data");
    std::string csv = "FileName,StudyInstanceUID,Split,View,Report,RWave\n";
    const struct {
      const char *file, *study, *split, *view;
    } rows[] = {{"data/a.mp4", "S-0001", "test", "A4C"},
                {"data/b.mp4", "S-0001", "test", "PLAX"},
                {"data/c.mp4", "S-0002", "train", "A4C"}};
    for (const auto& row : rows) {
      writeNumberedClip(folder_ / row.file, kClipFrames, kClipRate);
      csv += std::string(row.file) + ',' + row.study + ',' + row.split + ',' + row.view +
             ",\"Apical four-chamber view. Ejection fraction about 35 %. Severely reduced.\",0.1\n";
    }
    writeFileAtomically(folder_ / "data" / "studies.csv", csv);
    writeRun("siglip-1");
  }

  void writeRun(const std::string& name) {
    const auto run = folder_ / "runs" / name, results = run / "results" / "test";
    std::filesystem::create_directories(results);
    writeJsonFile(run / "status.json", {{"version", 1},
                                        {"name", name},
                                        {"recipe", "echo_text"},
                                        {"state", "finished"},
                                        {"created", 1.0},
                                        {"attempt", 0},
                                        {"ranks", 1}});
    Json caption = {{"clip", "data/a.mp4"},
                    {"study", "S-0001"},
                    {"reference", "…"},
                    {"caption", toJson(exampleCaption())},
                    {"seen", toJson(exampleSeen("data/a.mp4"))}};
    writeFileAtomically(results / "captions.jsonl", caption.dump() + "\n");
    writeJsonFile(results / "metrics.json",
                  {{"text_to_clip/recall@1", 0.31}, {"text_to_clip/recall@5", 0.62}, {"text_to_clip/mrr", 0.44}});
    std::string lines;
    for (const auto& [query, ranks] :
         {std::pair<std::string, std::vector<int>>{"Normal ejection fraction.", {1}}, {"Severely reduced.", {57, 2}}}) {
      std::vector<Hit> hits;
      for (int rank = 1; rank <= 3; ++rank) {
        const std::string clip = std::string("data/") + static_cast<char>('a' + rank - 1) + ".mp4";
        hits.push_back({rank, clip, clip, "S-0001", "Report of " + clip, 0.6 - 0.1 * rank, rank == ranks.back()});
      }
      lines +=
          Json({{"query", query}, {"right", {"b.mp4"}}, {"right_ranks", ranks}, {"hits", toJson(hits)}, {"total", 180}})
              .dump() +
          "\n";
    }
    writeFileAtomically(results / "retrieval.jsonl", lines);
  }

  const std::filesystem::path& folder() const { return folder_.path(); }
  ReviewPlace place() const { return {folder_.path(), folder_ / "data" / "studies.csv", folder_ / "runs", true}; }

 private:
  TemporaryFolder folder_;
};

}  // namespace counterpoint
