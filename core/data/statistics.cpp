// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/data/clip_loader.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

namespace counterpoint {
namespace {

struct Moments {
  double mean = 0, squares = 0;  // sum of squared distances from the mean
};

// Mean first, distances after: nothing cancels.
Moments momentsOf(const std::vector<float>& values, std::size_t channel, std::size_t channels) {
  double sum = 0;
  for (std::size_t i = channel; i < values.size(); i += channels) sum += values[i];
  const double count = static_cast<double>(values.size() / channels);
  Moments moments{sum / count, 0};
  for (std::size_t i = channel; i < values.size(); i += channels)
    moments.squares += (values[i] - moments.mean) * (values[i] - moments.mean);
  return moments;
}

}  // namespace

ChannelStatistics measureStatistics(const std::vector<ClipRow>& rows, ClipInputOptions input, int threads,
                                    const std::string& source) {
  if (rows.empty()) throw dataError("no clips to measure mean and deviation of", source, "Name a split with clips");
  if (input.channels == ClipChannels::GreyDifference) input.channels = ClipChannels::Grey;
  input.mean = {0};
  input.deviation = {1};
  checkOptions(input);
  const std::size_t channels = static_cast<std::size_t>(channelCount(input.channels));
  const std::size_t values = static_cast<std::size_t>(input.frames) * static_cast<std::size_t>(input.size) *
                             static_cast<std::size_t>(input.size);
  std::vector<std::vector<Moments>> ofClips(rows.size());
  std::vector<std::exception_ptr> failures(rows.size());
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  const auto work = [&] {
    std::vector<float> pixels(values * channels);
    for (std::size_t i; !failed && (i = next++) < rows.size();) {
      try {
        loadClipInto(pixels.data(), rows[i].path, rows[i].file, input, rows[i].rWave, nullptr, {});
        for (std::size_t c = 0; c < channels; ++c) ofClips[i].push_back(momentsOf(pixels, c, channels));
      } catch (const Error& error) {
        failures[i] = std::make_exception_ptr(Error(error.kind(), error.problem(),
                                                    fmt::format("{}, line {} ({})", source, rows[i].line, rows[i].file),
                                                    error.cure()));
        failed = true;
      } catch (...) {
        failures[i] = std::current_exception();
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < std::max(threads, 1); ++i) workers.emplace_back(work);
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  // In the order of the table, so that the threads leave no trace (Chan, Golub, LeVeque 1979).
  ChannelStatistics result;
  result.values = std::uint64_t{values} * rows.size();
  for (std::size_t c = 0; c < channels; ++c) {
    Moments total = ofClips[0][c];
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const double clips = static_cast<double>(i);
      const double difference = ofClips[i][c].mean - total.mean;
      total.squares +=
          ofClips[i][c].squares + difference * difference * static_cast<double>(values) * clips / (clips + 1);
      total.mean += difference / (clips + 1);
    }
    result.mean.push_back(total.mean);
    result.deviation.push_back(std::sqrt(total.squares / static_cast<double>(result.values)));
  }
  return result;
}

}  // namespace counterpoint
