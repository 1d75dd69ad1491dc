// SPDX-License-Identifier: GPL-3.0-or-later
// Batches of clips, decoded on threads ahead of the step.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/clip_input.h"
#include "core/data/clip_sample.h"
#include "core/data/sampler.h"

namespace counterpoint {

struct LoaderOptions {
  ClipInputOptions input = {};
  bool training = false;   // random draws are allowed
  std::uint64_t seed = 0;  // of those draws; they depend on epoch and row, not on ranks or threads
  int workers = 2;         // threads "clips-0" …
  int prefetch = 2;        // batches made ahead of the one in use
  std::uint64_t memoryBytes = std::uint64_t{1} << 30;  // bound on batches ahead (at least one) and on decoding
  std::uint64_t cacheBytes = 0;  // preprocessed clips kept in memory; only where nothing is drawn at random
  bool pin = false;              // page-locked batches, for copies to a CUDA device that overlap
  // Most clips of a sample; batches then have an axis of clips. 0: every sample is one clip, and there is none.
  std::size_t clipsPerSample = 0;
  bool shuffleClips = false;  // training: a study with more clips brings a random choice of them; else the first ones
};

struct Batch {
  std::uint64_t epoch = 0;
  std::size_t index = 0;
  at::Tensor clips;                   // float32 [B, T, H, W, C], or [B, N, T, H, W, C] of studies; no clip: zeros
  std::optional<at::Tensor> present;  // of studies: bool [B, N], true where there is a clip
  std::vector<std::string> texts, ids;
  std::vector<std::size_t> samples;     // into the loader's samples
  std::vector<std::vector<Json>> seen;  // of each clip of each sample
  std::size_t size() const { return ids.size(); }
};

struct LoaderFigures {
  double waitedSeconds = 0;  // by next(), since the loader was made
  std::uint64_t clips = 0;   // handed out
  std::uint64_t decoded = 0, fromCache = 0;
  std::size_t mostAhead = 0;  // batches that waited at once, whole or in the making
  std::uint64_t cachedBytes = 0;
};

// Batches come in the order of the sampler whatever the threads do. One thread calls start() and next(); cancel() may
// come from any.
class ClipLoader {
 public:
  // `source` names the table in errors ("studies.csv").
  ClipLoader(std::vector<ClipSample> samples, const SamplerOptions& sampler, const LoaderOptions& options,
             std::string source = "the table");
  ~ClipLoader();  // ends the threads after the clip they are at
  ClipLoader(const ClipLoader&) = delete;
  ClipLoader& operator=(const ClipLoader&) = delete;

  std::size_t batches() const;  // an epoch
  const std::vector<ClipSample>& samples() const;

  // Begins (or seeks to) a batch of an epoch; what was made ahead is thrown away.
  void start(std::uint64_t epoch, std::size_t firstBatch = 0);
  // The next batch; nothing after the epoch's last one or after cancel(). A clip that cannot be read throws here, once,
  // naming table, line and file; the loader then stands still until start().
  std::optional<Batch> next();
  void cancel();

  LoaderFigures figures() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Mean and standard deviation (of all, not of a sample) of every value that the models get from these clips before
// normalisation, one a channel (grey_difference: of the grey one), in float64, one pass.
struct ChannelStatistics {
  std::vector<double> mean, deviation;
  std::uint64_t values = 0;  // a channel
};
ChannelStatistics measureStatistics(const std::vector<ClipRow>& rows, ClipInputOptions input, int threads,
                                    const std::string& source = "the table");

}  // namespace counterpoint
