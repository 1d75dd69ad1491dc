// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace around somebody's own clips, which stay where they are: table, vocabulary and a config that trains.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>

#include "core/media/own_table.h"

namespace counterpoint {

// Of the first clips that can be read.
struct OwnClipFacts {
  int looked = 0, leastFrames = 0;
  double framesPerSecond = 0;  // the median
  std::string trouble;         // of the first that cannot be read, or empty
};

// Opens up to `most` clips that are there, spread over the table.
OwnClipFacts lookAtOwnClips(const OwnTable& table, int most = 3, const std::stop_token& stop = {});

struct OwnWorkspaceSummary {
  std::filesystem::path folder, config;  // absolute
  std::size_t clips = 0, train = 0, val = 0, test = 0, words = 0;
};

// counterpoint.yaml, README.txt, data/studies.csv, data/tokenizer/vocab.txt and configs/echo_text.yaml, all at once
// (core/base/partial_folder.h). `name` empty: the folder's. A table that cannot train makes a workspace to look at
// clips in, without a config. Throws Error{Usage} where `folder` is there already and not empty.
OwnWorkspaceSummary writeOwnWorkspace(const std::filesystem::path& folder, const OwnTable& table,
                                      const OwnClipFacts& clips, const std::string& name = {});

// configs/echo_text.yaml: small enough for a few minutes on two cores. `longestReport` in tokens.
std::string ownConfig(const OwnTable& table, const OwnClipFacts& clips, std::size_t longestReport);

}  // namespace counterpoint
