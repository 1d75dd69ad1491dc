// SPDX-License-Identifier: GPL-3.0-or-later
// The config of the recipe echo_text as typed values. Keys, defaults and ranges stand in
// core/config/schemas/echo_text.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/data/clip_input.h"
#include "core/eval/text_metrics.h"
#include "core/losses/contrastive.h"
#include "core/media/study_table.h"
#include "core/models/captioning_decoder/captioning_decoder.h"
#include "core/models/text_encoder/text_encoder.h"
#include "core/models/video_encoder/video_encoder.h"
#include "core/train/loop.h"

namespace counterpoint {

struct EchoTextData {
  std::filesystem::path csv;
  StudyTableOptions table;
  ClipInputOptions input;
  bool measureStatistics = true;  // data.mean and data.std were not given
  int workers = 1;
  std::uint64_t memoryBytes = 0, cacheBytes = 0;
  std::size_t clipsPerStudy = 0;  // 0: each clip is a sample by itself
  bool shuffleClips = true;       // of a study with more
};

struct EchoTextSettings {
  std::string name;
  std::uint64_t seed = 0;
  std::string device = "auto";
  int threads = 1;

  EchoTextData data;
  std::filesystem::path tokenizer;
  std::int64_t maxTokens = 64;

  VideoEncoderOptions video;
  TextEncoderOptions text;
  CaptioningDecoderOptions decoder;

  ContrastiveOptions contrastive;
  EpochSchedule temperature;
  bool equalReportsArePositives = true;
  double contrastiveWeight = 1, captionWeight = 1;
  double labelSmoothing = 0, contentWordWeight = 1;

  std::int64_t batchSize = 16;  // samples of all ranks together
  LoopOptions loop;             // without folders and device
  double warmupFraction = 0.1;
  double learningRate = 1e-3, weightDecay = 0.01;
  double textRate = 1, decoderRate = 1, headRate = 1;  // times learningRate
  double videoTrainable = 1, textTrainable = 1;        // trainable fraction of the backbones (spec §5.6)

  std::int64_t captionTokens = 48;
  bool calibrate = true;
  std::vector<Fact> facts;
  std::int64_t captionEvents = 8, retrievalEvents = 5;  // a validation

  // `config` is resolved and complete; relative paths begin at `base`. Throws Error{Usage} naming the key that does not
  // fit.
  static EchoTextSettings from(const Json& config, const std::filesystem::path& base);
};

}  // namespace counterpoint
