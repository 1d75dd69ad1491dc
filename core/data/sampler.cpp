// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/sampler.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/random.h"

#include <algorithm>
#include <numeric>

namespace counterpoint {

Sampler::Sampler(const SamplerOptions& options) : options_(options) {
  if (options.batchSize < 1 || options.ranks < 1 || options.rank < 0 || options.rank >= options.ranks)
    throw Error(ErrorKind::Bug,
                fmt::format("sampler of rank {} of {}, batches of {}", options.rank, options.ranks, options.batchSize));
  if (options.dropLast && batches() == 0)
    throw dataError(fmt::format("{} clips do not fill one batch of {} on each of {} ranks", options.count,
                                options.batchSize, options.ranks),
                    {}, "Lower train.batch_size or give more clips");
}

std::size_t Sampler::batches() const {
  const std::size_t ranks = static_cast<std::size_t>(options_.ranks);
  if (options_.dropLast) return options_.count / (options_.batchSize * ranks);
  const std::size_t rank = static_cast<std::size_t>(options_.rank);
  const std::size_t mine = options_.count > rank ? (options_.count - rank - 1) / ranks + 1 : 0;
  return (mine + options_.batchSize - 1) / options_.batchSize;
}

std::vector<std::size_t> Sampler::batch(std::uint64_t epoch, std::size_t index) const {
  const std::vector<std::size_t>& order = orderOf(epoch);
  const std::size_t ranks = static_cast<std::size_t>(options_.ranks);
  std::vector<std::size_t> samples;
  if (index >= batches()) return samples;
  for (std::size_t i = 0; i < options_.batchSize; ++i) {
    const std::size_t position = (index * options_.batchSize + i) * ranks + static_cast<std::size_t>(options_.rank);
    if (position < order.size()) samples.push_back(order[position]);
  }
  return samples;
}

const std::vector<std::size_t>& Sampler::orderOf(std::uint64_t epoch) const {
  const bool stale = order_.size() != options_.count || (options_.shuffle && orderedEpoch_ != epoch);
  if (!stale) return order_;
  order_.resize(options_.count);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  if (options_.shuffle) Random(deriveSeed(options_.seed, "shuffle", epoch)).shuffle(order_);
  orderedEpoch_ = epoch;
  return order_;
}

}  // namespace counterpoint
