// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks that a config can name in `recipe`.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/dist/process_group.h"
#include "core/runs/run_folder.h"
#include "core/train/loop.h"

namespace counterpoint {

struct TrainingRun {
  RunFolder folder;
  Json config;                      // resolved and complete
  std::filesystem::path workspace;  // relative paths of the config begin here
  int attempt = 0;                  // above 0: go on from the last checkpoint
  ProcessGroup group;
  c10::Device device{c10::kCPU};
  std::function<bool()> stopSignalled;
};

struct EvaluationRun {
  RunFolder folder;
  std::filesystem::path checkpoint;
  Json config;
  std::filesystem::path workspace;
  std::string split = "test";
  c10::Device device{c10::kCPU};
  bool shuffleFrames = false;  // control: frames of each clip in random order; nothing is written
  std::string baselineFact{};  // also score one who knows only this fact, and nearest pixels
  std::uint64_t seed = 0;
  std::function<void(std::size_t done, std::size_t total)> progress{};
};

struct Recipe {
  std::string_view name, summary;
  // Collective. True when it was stopped on request after saving.
  bool (*train)(const TrainingRun& run);
  // Metrics by name; results/SPLIT and events are written.
  std::map<std::string, double> (*evaluate)(const EvaluationRun& run);
};

std::span<const Recipe> recipes();
// Throws Error{Usage} with the nearest name.
const Recipe& recipeNamed(const std::string& name);

}  // namespace counterpoint
