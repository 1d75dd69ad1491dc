// SPDX-License-Identifier: GPL-3.0-or-later
// The estimate of a config's memory beside what the devices have free: what `config check --memory` says.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/machine.h"
#include "core/config/check_finding.h"
#include "core/config/memory_estimate.h"

namespace counterpoint {

struct MemoryPlan {
  int ranks = 0;                     // 0: launch.ranks
  std::vector<std::string> devices;  // "cpu", "0" or "cuda:0"; empty: launch.devices, else this machine's
  std::int64_t trainClips = 0;       // 0: unknown
};

struct DeviceNeed {
  std::string device;  // "cuda:0", or "cpu" for main memory
  std::string name;    // "NVIDIA H200", "main memory"
  int ranks = 0;       // that share it
  double needBytes = 0, freeBytes = 0, totalBytes = 0;
};

struct MemoryCheck {
  MemoryEstimate estimate;
  int ranks = 0;
  std::vector<DeviceNeed> devices;
  std::vector<CheckFinding> findings;
};

// `values` are those of a complete config; relative paths in it begin at `base`. Throws nothing for what they say;
// of a recipe other than echo_text nothing is estimated.
MemoryCheck checkMemory(const Json& values, const std::filesystem::path& base, const MemoryPlan& plan,
                        const MachineFacts& machine);

// Tokens of a vocab.txt, a tokenizer.json or a folder with one of them; 0 where they cannot be read.
std::int64_t vocabularySize(const std::filesystem::path& tokenizer);

Json jsonOf(const MemoryCheck& check);

}  // namespace counterpoint
