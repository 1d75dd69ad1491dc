// SPDX-License-Identifier: GPL-3.0-or-later
// The jobs of a grid sweep, as Hydra 1.3.2's basic sweeper lists them: the cartesian product of every key's values, the
// last key fastest.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/config/overrides/override.h"

namespace counterpoint {

// More jobs than this are refused.
inline constexpr std::size_t kMaxSweepJobs = 1'000'000;

struct SweepOptions {
  // hydra.sweeper.params: they come first; an override of the same key takes their place.
  std::vector<std::pair<std::string, std::string>> params{};
  std::optional<std::int64_t> maxBatchSize{};
  // The sorted options of a group, for glob.
  std::function<std::vector<std::string>(const std::string& group)> groupOptions{};
  std::uint64_t seed = 0;  // of shuffle
};

// hydra.sweeper.params and max_batch_size of a composed config's hydra node. Throws ConfigError{Sweep} for a param that
// is no text and for a batch that is no number.
void takeSweeper(const ConfigNode& hydra, SweepOptions& options);

// The values of one sweep as the jobs get them, in order. Throw ConfigError{Sweep} for an interval, a range that never
// ends, a step of zero, more than kMaxSweepJobs.
std::vector<OverrideElement> sweepValues(const Override& override, const SweepOptions& options = {});
std::size_t sweepValueCount(const Override& override, const SweepOptions& options = {});

class SweepPlan {
 public:
  // Overrides below hydra. belong to the sweep itself and are in no job. Throws ConfigError{Sweep}, {Composition} when
  // one of those sweeps, {OverrideSyntax} for a param.
  explicit SweepPlan(std::span<const Override> overrides, const SweepOptions& options = {});

  std::size_t size() const { return size_; }
  // The overrides of one job ("a=1", "b=10"); id and number of the job are its index.
  std::vector<std::string> job(std::size_t index) const;
  // First and last + 1 of each batch.
  std::vector<std::pair<std::size_t, std::size_t>> batches() const;

 private:
  struct Axis {
    std::string key;
    std::vector<std::string> texts;  // "key=value"
  };
  std::vector<Axis> axes_;
  std::size_t size_ = 1, batch_ = 0;
};

std::vector<std::vector<std::string>> sweepJobs(std::span<const Override> overrides, const SweepOptions& options = {});

}  // namespace counterpoint
