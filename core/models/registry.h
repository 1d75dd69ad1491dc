// SPDX-License-Identifier: GPL-3.0-or-later
// Models by name, built from settings.
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <span>
#include <string_view>

#include "core/base/json.h"
#include "core/models/captioning_decoder/captioning_decoder.h"
#include "core/models/text_encoder/text_encoder.h"
#include "core/models/video_encoder/video_encoder.h"

namespace counterpoint {

struct ModelEntry {
  std::string_view name;
  std::string_view summary;
  std::shared_ptr<torch::nn::Module> (*make)(const Json& settings);
};

// video_encoder, text_encoder, captioning_decoder, torchvision/mvit_v2_s, torchvision/r3d_18, bert.
std::span<const ModelEntry> modelRegistry();
// Throws Error{Usage} with the nearest name. `settings`: an object of the options below.
std::shared_ptr<torch::nn::Module> makeModel(std::string_view name, const Json& settings);

// Options out of settings: the members' names in snake_case ("mlp_ratio"); what is absent keeps its default; an unknown
// key or a wrong type is Error{Usage} naming the key. mvit takes "preset": mvit_v2_s (default) with an optional
// "width".
VideoEncoderOptions videoEncoderOptions(const Json& settings);
TextEncoderOptions textEncoderOptions(const Json& settings);
CaptioningDecoderOptions captioningDecoderOptions(const Json& settings);
MvitOptions mvitOptions(const Json& settings);
R3dOptions r3dOptions(const Json& settings);
BertOptions bertOptions(const Json& settings);

}  // namespace counterpoint
