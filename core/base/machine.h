// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine has, and how much of it is free now.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace counterpoint {

struct GpuFacts {
  std::string id;  // "0", "1": as launch.devices takes it
  std::string name;
  std::uint64_t freeBytes = 0, totalBytes = 0;  // both 0 where the driver does not say

  bool operator==(const GpuFacts&) const = default;
};

struct MachineFacts {
  int cores = 1;
  std::uint64_t freeBytes = 0, totalBytes = 0;  // main memory; 0 where /proc/meminfo does not say
  std::vector<GpuFacts> gpus;
  std::string gpuNote;  // why there are none: "no NVIDIA driver"; or empty

  bool operator==(const MachineFacts&) const = default;
};

// Asks NVML where a driver is (libnvidia-ml.so.1 at run time, never linked): some milliseconds; call it off an event
// loop.
MachineFacts queryMachine();

}  // namespace counterpoint
