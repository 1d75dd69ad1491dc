// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/samples.h"

#include <algorithm>

namespace counterpoint {

std::vector<ClipSample> samplesOf(const EchoTextSettings& settings, const StudyTable& table, const std::string& split) {
  return settings.data.clipsPerStudy > 0 ? studySamples(table, split) : clipSamples(table.rowsOf(split));
}

LoaderOptions loaderOptions(const EchoTextSettings& settings, bool training, c10::Device device) {
  LoaderOptions options;
  options.input = settings.data.input;
  if (!training && options.input.start == ClipStart::Random) options.input.start = ClipStart::First;
  options.training = training;
  options.seed = settings.seed;
  options.workers = settings.data.workers;
  options.memoryBytes = settings.data.memoryBytes;
  options.cacheBytes = training ? settings.data.cacheBytes : 0;
  options.clipsPerSample = settings.data.clipsPerStudy;
  options.shuffleClips = settings.data.shuffleClips;
  options.pin = device.is_cuda();
  return options;
}

std::unique_ptr<ClipLoader> inferenceLoader(const EchoTextSettings& settings, std::vector<ClipSample> samples,
                                            c10::Device device, const ProcessGroup& group) {
  SamplerOptions sampler;
  sampler.count = samples.size();
  sampler.batchSize = static_cast<std::size_t>(std::max<std::int64_t>(1, settings.batchSize / group.size()));
  sampler.rank = group.rank();
  sampler.ranks = group.size();
  return std::make_unique<ClipLoader>(std::move(samples), sampler, loaderOptions(settings, false, device),
                                      settings.data.csv.string());
}

}  // namespace counterpoint
