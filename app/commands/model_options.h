// SPDX-License-Identifier: GPL-3.0-or-later
// Options of the verbs whose work stands in another program: app/rank (a model) or app/media (clips).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace counterpoint {

struct TrainOptions {
  std::string config;  // name or file; empty in a rank that a launcher started: the run folder holds it
  std::vector<std::string> overrides;
  std::string configDirectory;
};

// A model is a run folder, one of its checkpoints, or (for evaluate) either.
struct EvaluateOptions {
  std::string model, split = "test";
  std::string device = "auto";
  std::string baselineFact;  // also score an oracle that knows this fact, and the nearest neighbour on pixels
  bool shuffleFrames = false;
  std::uint64_t seed = 0;
  std::vector<std::string> overrides;
};

struct CaptionOptions {
  std::string model;
  std::vector<std::string> clips;
  std::string device = "auto";
  std::optional<double> startSeconds;
  std::int64_t maxTokens = 0;  // 0: as the config says
  bool sample = false;
  double temperature = 1;
  std::uint64_t seed = 0;
};

struct EmbedOptions {
  std::string model, kind, input, output;
  bool normalize = true;
  std::string device = "auto";
  std::int64_t batchSize = 16;
};

struct RetrieveOptions {
  std::string model, text, clip, split = "test";
  std::int64_t most = 10;
  std::string device = "auto";
};

struct ServeOptions {
  std::string model, socket, device = "auto";
  int threads = 1;
};

struct BenchOptions {
  std::string name;  // empty: all
  int rounds = 7;
};

struct SampleVerbOptions {
  std::string folder;
  int studies = 500;
  std::uint64_t seed = 20;
  int threads = 2;
};

struct NewWorkspaceOptions {
  std::string folder, from, name, shares = "80,10,10";
  std::vector<std::string> columns;  // "study=PatientStudy"; "view=" for none
  std::uint64_t seed = 0;
  bool deal = false, dryRun = false;
};

struct InspectOptions {
  std::vector<std::string> paths;
};

struct LoraEmbedOptions {
  std::string model, list, prompts, output, root, device = "auto";
};

}  // namespace counterpoint
