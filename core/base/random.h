// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded random numbers that are the same on every machine and every standard library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace counterpoint {

// SplitMix64 (Steele, Lea, Flood 2014): eight bytes of state, so that it can be stored and split freely.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  double uniform();                          // [0, 1)
  double uniform(double low, double high);   // [low, high)
  std::uint64_t below(std::uint64_t bound);  // 0 … bound-1 without bias; bound > 0
  double normal();                           // mean 0, deviation 1 (Box and Muller)

  template <typename Value>
  void shuffle(std::vector<Value>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

  std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_;
};

// An independent stream for each (seed, name, index), e.g. ("shuffle", epoch) or ("clip", id).
std::uint64_t deriveSeed(std::uint64_t seed, std::string_view name, std::uint64_t index = 0);

}  // namespace counterpoint
