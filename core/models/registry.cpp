// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/registry.h"

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/models/settings_reader.h"

namespace counterpoint {
namespace {

using Made = std::shared_ptr<torch::nn::Module>;

template <auto Options, typename Model>
Made make(const Json& settings) {
  return std::make_shared<Model>(Options(settings));
}

constexpr ModelEntry kModels[] = {
    {"video_encoder", "backbone, projection, token pool and study aggregator (DeepCORO)",
     make<videoEncoderOptions, VideoEncoder>},
    {"text_encoder", "BERT and projection (DeepCORO)", make<textEncoderOptions, TextEncoder>},
    {"captioning_decoder", "transformer that captions video tokens (DeepCORO)",
     make<captioningDecoderOptions, CaptioningDecoder>},
    {"torchvision/mvit_v2_s", "MViTv2-S without its head", make<mvitOptions, Mvit>},
    {"torchvision/r3d_18", "3-D ResNet-18 without its head", make<r3dOptions, R3d>},
    {"bert", "BERT without its pooler", make<bertOptions, Bert>},
};

MvitOptions mvitFrom(const Json& settings, const std::string& where) {
  MvitOptions options;
  std::int64_t width = 96;
  std::string preset = "mvit_v2_s";
  SettingsReader reader(settings, where);
  reader.read("preset", preset);
  if (preset != "mvit_v2_s") {
    throw usageError("\"" + preset + "\" is unknown", where + ".preset", "Choose mvit_v2_s, or list the blocks");
  }
  reader.read("width", width);
  options.blocks = mvitV2SOfWidth(width).blocks;
  reader.read("channels", options.channels);
  reader.read("frames", options.frames);
  reader.read("size", options.size);
  reader.read("stem_kernel", options.stemKernel);
  reader.read("stem_stride", options.stemStride);
  reader.read("pool_kernel", options.poolKernel);
  reader.read("stochastic_depth", options.stochasticDepth);
  reader.readList("blocks", options.blocks, [](SettingsReader& item, MvitBlockOptions& block) {
    item.read("in", block.in);
    item.read("out", block.out);
    item.read("heads", block.heads);
    item.read("stride_query", block.strideQuery);
    item.read("stride_key_value", block.strideKeyValue);
  });
  reader.finish();
  return options;
}

R3dOptions r3dFrom(const Json& settings, const std::string& where) {
  R3dOptions options;
  SettingsReader reader(settings, where);
  reader.read("channels", options.channels);
  reader.read("stem_width", options.stemWidth);
  reader.read("stem_kernel", options.stemKernel);
  reader.read("stem_stride", options.stemStride);
  reader.readList("stages", options.stages, [](SettingsReader& item, R3dStageOptions& stage) {
    item.read("width", stage.width);
    item.read("blocks", stage.blocks);
    item.read("stride", stage.stride);
  });
  reader.read("tokens", options.tokens);
  reader.read("norm_groups", options.normGroups);
  reader.finish();
  return options;
}

BertOptions bertFrom(const Json& settings, const std::string& where) {
  BertOptions options;
  SettingsReader reader(settings, where);
  reader.read("vocabulary", options.vocabulary);
  reader.read("layers", options.layers);
  reader.read("hidden", options.hidden);
  reader.read("heads", options.heads);
  reader.read("feed_forward", options.feedForward);
  reader.read("positions", options.positions);
  reader.read("types", options.types);
  reader.read("initializer_range", options.initializerRange);
  reader.read("pad_id", options.padId);
  reader.read("layer_norm_eps", options.layerNormEps);
  reader.read("dropout", options.dropout);
  reader.finish();
  return options;
}

}  // namespace

std::span<const ModelEntry> modelRegistry() { return kModels; }

std::shared_ptr<torch::nn::Module> makeModel(std::string_view name, const Json& settings) {
  std::vector<std::string> names;
  for (const ModelEntry& entry : kModels) {
    if (entry.name == name) return entry.make(settings);
    names.emplace_back(entry.name);
  }
  const std::string near = nearestWord(name, names);
  throw usageError("model \"" + std::string(name) + "\" is unknown", {},
                   near.empty() ? "Choose one of " + join(names, ", ") : "Did you mean " + near + "?");
}

VideoEncoderOptions videoEncoderOptions(const Json& settings) {
  VideoEncoderOptions options;
  SettingsReader reader(settings, "video_encoder");
  reader.read("backbone", options.backbone);
  if (const Json* mvit = reader.child("mvit")) options.mvit = mvitFrom(*mvit, "video_encoder.mvit");
  if (const Json* r3d = reader.child("r3d")) options.r3d = r3dFrom(*r3d, "video_encoder.r3d");
  reader.read("dimension", options.dimension);
  reader.read("heads", options.heads);
  reader.read("depth", options.depth);
  reader.read("dropout", options.dropout);
  reader.read("mlp_ratio", options.mlpRatio);
  reader.read("max_clips", options.maxClips);
  reader.read("pooling", options.pooling);
  reader.read("pool_heads", options.poolHeads);
  reader.read("pool_dropout", options.poolDropout);
  reader.read("mask_padded_clips", options.maskPaddedClips);
  reader.read("full_precision_backbone", options.fullPrecisionBackbone);
  reader.read("mixer_depth", options.mixerDepth);
  reader.read("mixer_tokens", options.mixerTokens);
  reader.finish();
  return options;
}

TextEncoderOptions textEncoderOptions(const Json& settings) {
  TextEncoderOptions options;
  SettingsReader reader(settings, "text_encoder");
  if (const Json* bert = reader.child("bert")) options.bert = bertFrom(*bert, "text_encoder.bert");
  reader.read("dimension", options.dimension);
  reader.read("dropout", options.dropout);
  reader.finish();
  return options;
}

CaptioningDecoderOptions captioningDecoderOptions(const Json& settings) {
  CaptioningDecoderOptions options;
  SettingsReader reader(settings, "captioning_decoder");
  reader.read("vocabulary", options.vocabulary);
  reader.read("dimension", options.dimension);
  reader.read("layers", options.layers);
  reader.read("initializer_range", options.initializerRange);
  reader.read("heads", options.heads);
  reader.read("feed_forward", options.feedForward);
  reader.read("positions", options.positions);
  reader.read("dropout", options.dropout);
  reader.read("layer_norm_eps", options.layerNormEps);
  reader.read("pad_id", options.padId);
  reader.finish();
  return options;
}

MvitOptions mvitOptions(const Json& settings) { return mvitFrom(settings, "mvit"); }
R3dOptions r3dOptions(const Json& settings) { return r3dFrom(settings, "r3d"); }
BertOptions bertOptions(const Json& settings) { return bertFrom(settings, "bert"); }

}  // namespace counterpoint
