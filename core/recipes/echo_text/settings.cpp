// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/settings.h"

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/media/table_source.h"
#include "core/models/registry.h"

namespace counterpoint {
namespace {

// Reads "data.csv" out of nested objects; a key that is absent or of another type is named.
class Reader {
 public:
  explicit Reader(const Json& config) : config_(config) {}
  const Json& values() const { return config_; }

  const Json& at(const std::string& key) const {
    const Json* node = &config_;
    for (const auto& part : split(key, '.')) {
      if (!node->is_object() || !node->contains(part))
        throw usageError("is missing", key, "Compose the config with counterpoint-worker config show.");
      node = &node->at(part);
    }
    return *node;
  }

  template <typename Value>
  Value get(const std::string& key) const {
    try {
      return at(key).get<Value>();
    } catch (const Json::exception&) {
      throw usageError("has the wrong type: " + at(key).dump(), key);
    }
  }

 private:
  const Json& config_;
};

std::filesystem::path under(const std::filesystem::path& base, const std::string& path) {
  return path.empty() ? base : base / path;
}

ClipInputOptions inputOf(const Reader& read) {
  ClipInputOptions input;
  input.frames = read.get<int>("data.frames");
  input.stride = read.get<int>("data.stride");
  input.choice = choiceFromName(read.get<std::string>("data.mode"));
  input.start = startFromName(read.get<std::string>("data.start"));
  input.size = read.get<int>("data.size");
  input.channels = channelsFromName(read.get<std::string>("data.channels"));
  input.randomStride = read.get<bool>("data.random_stride");
  const auto crop = read.get<std::vector<double>>("data.crop");
  if (crop.size() != 4) throw usageError("needs four fractions [x, y, width, height]", "data.crop");
  std::copy(crop.begin(), crop.end(), input.crop.begin());
  if (!read.at("data.mean").is_null()) input.mean = read.get<std::vector<double>>("data.mean");
  if (!read.at("data.std").is_null()) input.deviation = read.get<std::vector<double>>("data.std");
  checkOptions(input);
  return input;
}

EchoTextData dataOf(const Reader& read, const std::filesystem::path& base) {
  EchoTextData data;
  const auto source = TableSource::from(read.values(), base);
  data.csv = source.csv;
  data.table = source.options;
  data.input = inputOf(read);
  data.measureStatistics = read.at("data.mean").is_null();
  if (data.measureStatistics != read.at("data.std").is_null())
    throw usageError("one of the two is null and the other is not", "data.mean, data.std",
                     "Give both, or neither: then they are measured on the training clips.");
  if (read.get<std::string>("data.sample") == "study")
    data.clipsPerStudy = read.get<std::size_t>("data.clips_per_study");
  data.shuffleClips = read.get<bool>("data.shuffle_clips");
  data.workers = read.get<int>("data.workers");
  data.memoryBytes = read.get<std::uint64_t>("data.memory_mb") << 20;
  data.cacheBytes = read.get<std::uint64_t>("data.cache_mb") << 20;
  return data;
}

void readModels(const Reader& read, EchoTextSettings& settings) {
  const auto dimension = read.get<std::int64_t>("model.dimension");
  const auto& input = settings.data.input;
  Json video = read.at("model.video");
  video.erase("trainable");
  video["dimension"] = dimension;
  const std::int64_t channels = channelCount(input.channels);
  if (video.at("backbone") == "mvit") {
    video.erase("r3d");
    video["mvit"]["channels"] = channels;
    video["mvit"]["frames"] = input.frames;
    video["mvit"]["size"] = {input.size, input.size};
  } else {
    video.erase("mvit");
    video["r3d"]["channels"] = channels;
  }
  settings.video = videoEncoderOptions(video);
  if (static_cast<std::int64_t>(settings.data.clipsPerStudy) > settings.video.maxClips)
    throw usageError("must not exceed model.video.max_clips (" + std::to_string(settings.video.maxClips) + ")",
                     "data.clips_per_study", "Lower it or raise model.video.max_clips.");

  Json text = read.at("model.text");
  text.erase("trainable");
  settings.text = {};
  settings.text.dimension = dimension;
  settings.text.dropout = read.get<double>("model.text.dropout");
  text["positions"] = read.get<std::int64_t>("model.text.positions");
  settings.text.bert = bertOptions(text);

  Json decoder = read.at("model.decoder");
  decoder["dimension"] = dimension;
  settings.decoder = captioningDecoderOptions(decoder);
  settings.videoTrainable = read.get<double>("model.video.trainable");
  settings.textTrainable = read.get<double>("model.text.trainable");
}

void readLosses(const Reader& read, EchoTextSettings& settings) {
  settings.contrastive.kind = contrastiveKind(read.get<std::string>("loss.contrastive"));
  settings.contrastive.learnableTemperature = read.get<bool>("loss.learnable_temperature");
  settings.contrastive.temperature = read.get<double>("loss.temperature");
  settings.temperature.shape = read.get<std::string>("loss.temperature_schedule");
  settings.temperature.start = settings.contrastive.temperature;
  settings.temperature.end = read.get<double>("loss.temperature_end");
  settings.temperature.warmupEpochs = read.get<std::int64_t>("loss.temperature_epochs");
  settings.contrastiveWeight = read.get<double>("loss.weights.contrastive");
  settings.captionWeight = read.get<double>("loss.weights.caption");
  settings.labelSmoothing = read.get<double>("loss.label_smoothing");
  settings.contentWordWeight = read.get<double>("loss.content_word_weight");
  settings.equalReportsArePositives = read.get<bool>("loss.equal_reports_are_positives");
  settings.contrastive.gatherGradient =
      read.get<bool>("compat.local_gather_gradient") ? GatherGradient::LocalSlice : GatherGradient::Summed;
}

void readTraining(const Reader& read, EchoTextSettings& settings) {
  auto& loop = settings.loop;
  loop.epochs = read.get<std::int64_t>("train.epochs");
  loop.maxSteps = read.get<std::int64_t>("train.max_steps");
  loop.accumulation = read.get<std::int64_t>("train.accumulation");
  loop.logEvery = read.get<std::int64_t>("train.log_every");
  loop.validateEvery = read.get<std::int64_t>("train.validate_every");
  loop.checkpointEvery = read.get<std::int64_t>("train.checkpoint_every");
  loop.checkpointSteps = read.get<std::int64_t>("train.checkpoint_steps");
  loop.keepCheckpoints = read.get<std::size_t>("train.keep_checkpoints");
  loop.bestMetric = read.get<std::string>("train.best_metric");
  loop.bestIsLowest = read.get<std::string>("train.best_goal") == "min";
  loop.precision = precisionNamed(read.get<std::string>("precision"));
  loop.maxGradientNorm = read.get<double>("optimizer.clip_norm");
  loop.optimizer.kind = optimizerKind(read.get<std::string>("optimizer.name"));
  const auto betas = read.get<std::vector<double>>("optimizer.betas");
  if (betas.size() != 2) throw usageError("needs two numbers", "optimizer.betas");
  loop.optimizer.beta1 = betas[0];
  loop.optimizer.beta2 = betas[1];
  loop.rate.shape = rateShape(read.get<std::string>("schedule.name"));
  settings.warmupFraction = read.get<double>("schedule.warmup_fraction");
  settings.batchSize = read.get<std::int64_t>("train.batch_size");
  settings.learningRate = read.get<double>("optimizer.lr");
  settings.weightDecay = read.get<double>("optimizer.weight_decay");
  settings.textRate = read.get<double>("optimizer.rates.text");
  settings.decoderRate = read.get<double>("optimizer.rates.decoder");
  settings.headRate = read.get<double>("optimizer.rates.heads");
}

}  // namespace

EchoTextSettings EchoTextSettings::from(const Json& config, const std::filesystem::path& base) {
  const Reader read(config);
  EchoTextSettings settings;
  settings.name = read.get<std::string>("name");
  settings.seed = read.get<std::uint64_t>("seed");
  settings.device = read.get<std::string>("device");
  settings.threads = read.get<int>("threads");
  settings.data = dataOf(read, base);
  settings.tokenizer = under(base, read.get<std::string>("text.tokenizer"));
  settings.maxTokens = read.get<std::int64_t>("text.max_tokens");
  readModels(read, settings);
  readLosses(read, settings);
  readTraining(read, settings);
  settings.captionTokens = read.get<std::int64_t>("caption.max_tokens");
  settings.calibrate = read.get<bool>("caption.calibrate");
  settings.captionEvents = read.get<std::int64_t>("caption.events");
  settings.retrievalEvents = read.get<std::int64_t>("retrieval.events");
  for (const auto& [name, pattern] : read.at("caption.facts").items()) {
    if (!pattern.is_string()) throw usageError("needs a regular expression", "caption.facts." + name);
    settings.facts.push_back({name, pattern.get<std::string>()});
  }
  return settings;
}

}  // namespace counterpoint
