// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/clip_loader.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>
#include <pthread.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>
#include <unordered_map>

namespace counterpoint {
namespace {

constexpr std::uint64_t kLeastDecodeBytes = std::uint64_t{8} << 20;

// Names table, line and file, whatever went wrong.
std::exception_ptr withRow(const std::exception& error, const ClipRow& row, const std::string& source) {
  const std::string where = fmt::format("{}, line {} ({})", source, row.line, row.file);
  if (const auto* known = dynamic_cast<const Error*>(&error))
    return std::make_exception_ptr(Error(known->kind(), known->problem(), where, known->cure()));
  if (dynamic_cast<const std::bad_alloc*>(&error))
    return std::make_exception_ptr(environmentError("out of memory while loading a clip", where,
                                                    "Lower data.memory_mb, data.workers or train.batch_size"));
  return std::make_exception_ptr(dataError(describe(error), where));
}

std::uint64_t decodeBytes(const LoaderOptions& options) {
  const std::uint64_t share = options.memoryBytes / 2 / static_cast<std::uint64_t>(std::max(options.workers, 1));
  return std::max(share, kLeastDecodeBytes);
}

}  // namespace

struct ClipLoader::State {
  // One clip to load: of which sample, and where in the batch it goes.
  struct Load {
    std::size_t sample = 0, clip = 0;     // the clip's number in its sample
    std::size_t position = 0, place = 0;  // in the batch, and among the clips of that position
  };
  // A batch under way. Threads that still write into one that was thrown away keep it alive.
  struct Slot {
    Batch batch;
    std::vector<Load> loads;
    std::size_t nextLoad = 0, remaining = 0;
    std::size_t failedLoad = 0;
    std::exception_ptr failure;
  };
  struct Cached {
    at::Tensor pixels;
    Json seen;
  };

  State(std::vector<ClipSample> samplesGiven, const SamplerOptions& samplerOptions, const LoaderOptions& loaderOptions,
        std::string sourceGiven)
      : samples(std::move(samplesGiven)),
        sampler(samplerOptions),
        options(loaderOptions),
        source(std::move(sourceGiven)) {
    const ClipInputOptions& input = options.input;
    deterministic = !options.training || (input.start != ClipStart::Random && !input.randomStride);
    clipValues = static_cast<std::size_t>(input.frames) * static_cast<std::size_t>(input.size) *
                 static_cast<std::size_t>(input.size) * static_cast<std::size_t>(channelCount(input.channels));
    places = std::max<std::size_t>(options.clipsPerSample, 1);
    std::size_t clips = 0;
    for (const ClipSample& sample : samples) {
      firstClip.push_back(clips);
      clips += sample.clips.size();
    }
    const std::uint64_t batchBytes = std::uint64_t{clipValues} * sizeof(float) * places * samplerOptions.batchSize;
    const std::uint64_t fit = options.memoryBytes / 2 / batchBytes;
    depth = std::clamp<std::size_t>(fit, 1, static_cast<std::size_t>(std::max(options.prefetch, 1)));
  }

  // The clips of a sample that take part, by their numbers in it.
  std::vector<std::size_t> clipsOf(std::size_t number, std::uint64_t ofEpoch) const {
    std::vector<std::size_t> chosen(samples[number].clips.size());
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    if (chosen.size() <= places) return chosen;
    if (options.training && options.shuffleClips) {
      Random random(deriveSeed(deriveSeed(options.seed, "epoch", ofEpoch), "study", number));
      random.shuffle(chosen);
    }
    chosen.resize(places);
    return chosen;
  }

  std::shared_ptr<Slot> makeSlot() const {
    auto slot = std::make_shared<Slot>();
    Batch& batch = slot->batch;
    batch.epoch = epoch;
    batch.index = nextToMake;
    batch.samples = sampler.batch(epoch, nextToMake);
    const auto rows = static_cast<std::int64_t>(batch.samples.size());
    batch.seen.resize(batch.samples.size());
    for (std::size_t position = 0; position < batch.samples.size(); ++position) {
      const std::size_t number = batch.samples[position];
      batch.texts.push_back(samples[number].report);
      batch.ids.push_back(samples[number].id);
      for (const std::size_t clip : clipsOf(number, epoch)) {
        slot->loads.push_back({number, clip, position, batch.seen[position].size()});
        batch.seen[position].emplace_back();
      }
    }
    slot->remaining = slot->loads.size();
    const ClipInputOptions& input = options.input;
    std::vector<std::int64_t> shape{rows, input.frames, input.size, input.size, channelCount(input.channels)};
    if (options.clipsPerSample > 0) {
      shape.insert(shape.begin() + 1, static_cast<std::int64_t>(places));
      at::Tensor present = at::zeros({rows, static_cast<std::int64_t>(places)}, at::kBool);
      for (const Load& load : slot->loads) present.mutable_data_ptr<bool>()[load.position * places + load.place] = true;
      batch.present = std::move(present);
    }
    batch.clips = at::empty(shape, at::TensorOptions(at::kFloat).pinned_memory(options.pin));
    if (slot->loads.size() < batch.samples.size() * places) batch.clips.zero_();
    return slot;
  }

  // With the mutex held: a batch with a clip to load, a new one where there is room.
  std::shared_ptr<Slot> takeSlot() {
    if (halted) return nullptr;
    for (const std::shared_ptr<Slot>& slot : ahead)
      if (slot->nextLoad < slot->loads.size()) return slot;
    if (ahead.size() >= depth || nextToMake >= sampler.batches()) return nullptr;
    ahead.push_back(makeSlot());
    ++nextToMake;
    return ahead.back();
  }

  void work(int number) {
    ::pthread_setname_np(::pthread_self(), fmt::format("clips-{}", number).c_str());
    std::unique_lock lock(mutex);
    for (;;) {
      std::shared_ptr<Slot> slot;
      workThere.wait(lock, [&] {
        if (ending) return true;
        try {
          slot = takeSlot();
        } catch (...) {
          // No memory for a batch: the loader stands still and next() says why.
          halted = true;
          failure = std::current_exception();
          batchReady.notify_all();
        }
        return slot != nullptr;
      });
      if (ending) return;
      const std::size_t next = slot->nextLoad++;
      const Load& load = slot->loads[next];
      const ClipRow& row = samples[load.sample].clips[load.clip];
      lock.unlock();
      std::exception_ptr problem;
      try {
        slot->batch.seen[load.position][load.place] =
            loadInto(slot->batch.clips.mutable_data_ptr<float>() + clipValues * (load.position * places + load.place),
                     row, firstClip[load.sample] + load.clip, slot->batch.epoch);
      } catch (const std::exception& error) {
        problem = withRow(error, row, source);
      }
      lock.lock();
      if (problem && (!slot->failure || next < slot->failedLoad)) {
        slot->failure = problem;
        slot->failedLoad = next;
      }
      if (--slot->remaining == 0) batchReady.notify_all();
      workThere.notify_all();
    }
  }

  // `number` counts the clips of all samples.
  Json loadInto(float* output, const ClipRow& row, std::size_t number, std::uint64_t ofEpoch) {
    const bool caching = deterministic && options.cacheBytes > 0;
    if (caching) {
      Cached found;
      {
        const std::lock_guard guard(cacheMutex);
        if (const auto entry = cache.find(number); entry != cache.end()) found = entry->second;
      }
      if (found.pixels.defined()) {
        std::memcpy(output, found.pixels.const_data_ptr<float>(), clipValues * sizeof(float));
        ++fromCache;
        return found.seen;
      }
    }
    Random random(deriveSeed(deriveSeed(options.seed, "epoch", ofEpoch), "clip", number));
    std::string damage;
    Json seen = loadClipInto(output, row.path, row.file, options.input, row.rWave, options.training ? &random : nullptr,
                             {.cacheBytes = decodeBytes(options)}, &damage);
    ++decoded;
    if (!damage.empty()) {
      const std::lock_guard guard(cacheMutex);
      if (warned.insert(number).second)
        logWarning("{}, line {} ({}) is damaged {}; the good part is used", source, row.line, row.file, damage);
    }
    if (caching) keep(number, output, seen);
    return seen;
  }

  void keep(std::size_t number, const float* pixels, const Json& seen) {
    const std::uint64_t bytes = std::uint64_t{clipValues} * sizeof(float);
    {
      const std::lock_guard guard(cacheMutex);
      if (cachedBytes + bytes > options.cacheBytes || cache.contains(number)) return;
      cachedBytes += bytes;
    }
    Cached entry{at::empty({static_cast<std::int64_t>(clipValues)}, at::kFloat), seen};
    std::memcpy(entry.pixels.mutable_data_ptr<float>(), pixels, bytes);
    const std::lock_guard guard(cacheMutex);
    if (!cache.emplace(number, std::move(entry)).second) cachedBytes -= bytes;
  }

  const std::vector<ClipSample> samples;
  const Sampler sampler;
  const LoaderOptions options;
  const std::string source;
  bool deterministic = true;
  std::size_t clipValues = 0;
  std::size_t places = 1;              // for clips of one sample
  std::vector<std::size_t> firstClip;  // number of each sample's first clip
  std::size_t depth = 1;               // batches ahead of the one in use

  mutable std::mutex mutex;
  std::condition_variable workThere, batchReady;
  std::deque<std::shared_ptr<Slot>> ahead;
  std::uint64_t epoch = 0;
  std::size_t nextToMake = 0;
  bool halted = true;  // before start(), after cancel() and after an error
  bool ending = false;
  std::exception_ptr failure;
  double waitedSeconds = 0;
  std::uint64_t handedOut = 0;
  std::size_t mostAhead = 0;

  mutable std::mutex cacheMutex;
  std::unordered_map<std::size_t, Cached> cache;
  std::set<std::size_t> warned;
  std::uint64_t cachedBytes = 0;
  std::atomic<std::uint64_t> decoded{0}, fromCache{0};

  std::vector<std::thread> threads;
};

ClipLoader::ClipLoader(std::vector<ClipSample> samples, const SamplerOptions& sampler, const LoaderOptions& options,
                       std::string source) {
  checkOptions(options.input);
  if (sampler.count != samples.size())
    throw Error(ErrorKind::Bug, fmt::format("a sampler of {} for {} samples", sampler.count, samples.size()));
  if (options.clipsPerSample == 0 && std::ranges::any_of(samples, [](const auto& s) { return s.clips.size() != 1; }))
    throw Error(ErrorKind::Bug, "a sample without exactly one clip");
  state_ = std::make_unique<State>(std::move(samples), sampler, options, std::move(source));
  for (int i = 0; i < std::max(options.workers, 1); ++i)
    state_->threads.emplace_back([state = state_.get(), i] { state->work(i); });
}

ClipLoader::~ClipLoader() {
  {
    const std::lock_guard guard(state_->mutex);
    state_->ending = true;
    state_->halted = true;
  }
  state_->workThere.notify_all();
  state_->batchReady.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

std::size_t ClipLoader::batches() const { return state_->sampler.batches(); }
const std::vector<ClipSample>& ClipLoader::samples() const { return state_->samples; }

void ClipLoader::start(std::uint64_t epoch, std::size_t firstBatch) {
  {
    const std::lock_guard guard(state_->mutex);
    state_->ahead.clear();
    state_->epoch = epoch;
    state_->nextToMake = firstBatch;
    state_->failure = nullptr;
    state_->halted = false;
  }
  state_->workThere.notify_all();
}

std::optional<Batch> ClipLoader::next() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  const double begin = steadySeconds();
  const auto atEnd = [&] { return state.ahead.empty() && state.nextToMake >= state.sampler.batches(); };
  state.batchReady.wait(
      lock, [&] { return state.halted || atEnd() || (!state.ahead.empty() && state.ahead.front()->remaining == 0); });
  state.waitedSeconds += steadySeconds() - begin;
  if (state.failure) std::rethrow_exception(std::exchange(state.failure, nullptr));
  if (state.halted || atEnd()) return {};
  const std::shared_ptr<State::Slot> slot = state.ahead.front();
  state.mostAhead = std::max(state.mostAhead, state.ahead.size());
  state.ahead.pop_front();
  if (slot->failure) {
    state.halted = true;
    state.ahead.clear();
    std::rethrow_exception(slot->failure);
  }
  state.handedOut += slot->loads.size();
  lock.unlock();
  state.workThere.notify_all();
  return std::move(slot->batch);
}

void ClipLoader::cancel() {
  {
    const std::lock_guard guard(state_->mutex);
    state_->halted = true;
    state_->ahead.clear();
  }
  state_->batchReady.notify_all();
}

LoaderFigures ClipLoader::figures() const {
  LoaderFigures figures;
  {
    const std::lock_guard guard(state_->mutex);
    figures.waitedSeconds = state_->waitedSeconds;
    figures.clips = state_->handedOut;
    figures.mostAhead = state_->mostAhead;
  }
  const std::lock_guard guard(state_->cacheMutex);
  figures.cachedBytes = state_->cachedBytes;
  figures.decoded = state_->decoded;
  figures.fromCache = state_->fromCache;
  return figures;
}

}  // namespace counterpoint
