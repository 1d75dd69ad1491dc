// SPDX-License-Identifier: GPL-3.0-or-later
// Which sample is when on which rank. The order depends on seed and epoch alone, so that a position (epoch, batch) is
// the whole state and seeking costs nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace counterpoint {

struct SamplerOptions {
  std::size_t count = 0;      // samples
  std::size_t batchSize = 1;  // of one rank
  int rank = 0, ranks = 1;
  std::uint64_t seed = 0;
  bool shuffle = false;
  bool dropLast = false;  // training: every rank has equally many full batches
};

// One global order for all ranks, dealt out rank, rank + ranks, …: batch `b` of W ranks with B samples is together the
// batch `b` of one rank with W·B samples. Without dropLast each sample comes exactly once over all ranks.
class Sampler {
 public:
  // Throws Error{Data} when dropLast leaves no batch, and Bug errors for options that cannot be.
  explicit Sampler(const SamplerOptions& options);

  const SamplerOptions& options() const { return options_; }
  std::size_t batches() const;  // an epoch, of this rank
  std::vector<std::size_t> batch(std::uint64_t epoch, std::size_t index) const;

 private:
  const std::vector<std::size_t>& orderOf(std::uint64_t epoch) const;

  SamplerOptions options_;
  mutable std::uint64_t orderedEpoch_ = 0;
  mutable std::vector<std::size_t> order_;  // of the epoch asked for last
};

}  // namespace counterpoint
