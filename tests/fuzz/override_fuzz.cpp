// SPDX-License-Identifier: GPL-3.0-or-later
// Any text as overrides, a line each: it is read or refused, its jobs are listed, and what is written is read and
// written the same again.
#include "core/config/overrides/sweep.h"

#include <cstdint>
#include <cstdlib>

using namespace counterpoint;

namespace {

constexpr std::size_t kLongest = 4096, kMostOverrides = 8, kMostJobs = 1000;

void check(const Override& override) {
  if (override.isSweep() || !override.value) return;
  std::string written;
  try {
    written = override.valueElementText();
    override.node();
  } catch (const ConfigError&) {
    return;  // a sweep inside a list, a null key
  }
  // A text that a function made may read back as another kind ("true" of str(true) as True); from then on it stays.
  try {
    const std::string again = parseOverride("k=" + written).valueElementText();
    if (parseOverride("k=" + again).valueElementText() != again) std::abort();
  } catch (const ConfigError&) {
    // Characters that stand only in quotes come out of a function without them.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLongest) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<Override> overrides;
  for (std::size_t first = 0; first <= text.size() && overrides.size() < kMostOverrides;) {
    const std::size_t end = std::min(text.find('\n', first), text.size());
    try {
      overrides.push_back(parseOverride(std::string_view(text).substr(first, end - first), 1));
      check(overrides.back());
    } catch (const ConfigError&) {
    }
    first = end + 1;
  }
  SweepOptions options;
  options.maxBatchSize = 7;
  options.groupOptions = [](const std::string&) { return std::vector<std::string>{"a", "ab", "b", "été"}; };
  try {
    std::size_t jobs = 1;
    for (const auto& override : overrides) {
      if (override.isSweep() && override.isDiscreteSweep())
        jobs *= std::max<std::size_t>(1, sweepValueCount(override, options));
      if (jobs > kMostJobs) return 0;
    }
    const SweepPlan plan(overrides, options);
    if (sweepJobs(overrides, options).size() != plan.size()) std::abort();
  } catch (const ConfigError&) {
  }
  return 0;
}
