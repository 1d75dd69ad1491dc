// SPDX-License-Identifier: GPL-3.0-or-later
// About how much memory a rank of echo_text needs, from its config alone. Weights, gradients and optimizer state follow
// from the architecture exactly; what a step keeps for its backward pass is counted tensor by tensor as autograd saves
// it, without what kernels take for themselves. An estimate, to choose a batch by.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

struct MemoryPart {
  std::string name;  // "activations"
  double bytes = 0;
  std::string how;  // "16 clips of 16 frames, 32 × 32 pixels"
};

struct MemoryQuestion {
  std::int64_t vocabulary = 30522;  // tokens of the tokenizer
  int ranks = 0;                    // 0: launch.ranks
  std::int64_t trainClips = 0;      // what the cache may hold; 0: unknown, the cache is taken as full
  bool onCpu = false;               // then "device" is main memory as well
};

struct MemoryEstimate {
  std::int64_t parameters = 0, trainable = 0;
  std::vector<std::pair<std::string, std::int64_t>> modules;  // their parameters, in order
  std::int64_t samples = 0;      // a rank and step
  std::int64_t videoTokens = 0;  // of one clip
  std::vector<MemoryPart> device, host;

  double deviceBytes() const;
  double hostBytes() const;
  double fixedBytes() const;  // of device: what no smaller batch saves
};

// `values` are those of a complete config of the recipe echo_text.
MemoryEstimate estimateMemory(const Json& values, const MemoryQuestion& question);

}  // namespace counterpoint
