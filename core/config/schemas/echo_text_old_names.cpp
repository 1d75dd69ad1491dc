// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of DeepCORO_clip and DeepCORO_multitask that echo_text has under another name.
#include "core/config/schemas/conversions.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

constexpr const char* kSystem = "deepcoro";

Json backbone(const Json& value) { return wordFrom(value, {{"mvit", "mvit"}, {"r3d", "r3d"}}); }

Json contrastive(const Json& value) {
  return wordFrom(value, {{"contrastive", "contrastive"},
                          {"clip", "contrastive"},
                          {"siglip_pairwise", "siglip"},
                          {"siglip2_bce", "siglip"},
                          {"siglip2_bce_ddp", "siglip"},
                          {"siglip2_multi_positive", "siglip"},
                          {"contrastive_ddp", "contrastive"},
                          {"siglip", "siglip"},
                          {"siglip_ddp", "gated_softmax"},
                          {"multitask", "gated_softmax"}});
}

Json schedule(const Json& value) {
  return wordFrom(
      value, {{"cosine", "cosine"}, {"linear_warmup", "linear_warmup"}, {"cosine_with_warmup", "cosine_with_warmup"}});
}

}  // namespace

std::vector<OldName> echoTextOldNames() {
  const std::string half = "autocast is bfloat16 here, float16 there";
  return {
      {"data_filename", "data.csv", kSystem},
      {"root", "data.root", kSystem},
      {"target_label", "data.columns.report", kSystem},
      {"datapoint_loc_label", "data.columns.file", kSystem},
      {"groupby_column", "data.columns.study", kSystem},
      {"multi_video", "data.sample", kSystem, studyIfTrue, "true is study, false is clip"},
      {"num_videos", "data.clips_per_study", kSystem},
      {"shuffle_videos", "data.shuffle_clips", kSystem},
      {"frames", "data.frames", kSystem},
      {"stride", "data.stride", kSystem},
      {"resize", "data.size", kSystem},
      {"dataset_mean", "data.mean", kSystem},
      {"data_mean", "data.mean", kSystem},
      {"dataset_std", "data.std", kSystem},
      {"data_std", "data.std", kSystem},
      {"num_workers", "data.workers", kSystem},
      {"max_text_length", "text.max_tokens", kSystem},
      {"model_name", "model.video.backbone", kSystem, backbone, "our word for the same backbone"},
      {"video_freeze_ratio", "model.video.trainable", kSystem},
      {"text_freeze_ratio", "model.text.trainable", kSystem},
      {"num_heads", "model.video.heads", kSystem},
      {"aggregator_depth", "model.video.depth", kSystem},
      {"dropout", "model.video.dropout", kSystem},
      {"video_pooling_mode", "model.video.pooling", kSystem},
      {"attention_pool_heads", "model.video.pool_heads", kSystem},
      {"attention_pool_dropout", "model.video.pool_dropout", kSystem},
      {"decoder_layers", "model.decoder.layers", kSystem},
      {"decoder_heads", "model.decoder.heads", kSystem},
      {"decoder_intermediate_size", "model.decoder.feed_forward", kSystem},
      {"max_position_embeddings", "model.decoder.positions", kSystem},
      {"loss_name", "loss.contrastive", kSystem, contrastive, "what DeepCORO computes under that name"},
      {"loss_weights.contrastive", "loss.weights.contrastive", kSystem},
      {"loss_weights.captioning", "loss.weights.caption", kSystem},
      {"temperature", "loss.temperature", kSystem},
      {"learnable_temperature", "loss.learnable_temperature", kSystem},
      {"temperature_schedule", "loss.temperature_schedule", kSystem},
      {"temperature_end", "loss.temperature_end", kSystem},
      {"temperature_warmup_epochs", "loss.temperature_epochs", kSystem},
      {"label_smoothing", "loss.label_smoothing", kSystem},
      {"optimizer", "optimizer.name", kSystem, optimizerName, "in small letters"},
      {"lr", "optimizer.lr", kSystem},
      {"video_weight_decay", "optimizer.weight_decay", kSystem},
      {"max_grad_norm", "optimizer.clip_norm", kSystem},
      {"scheduler_name", "schedule.name", kSystem, schedule, "our word for the same schedule"},
      {"num_warmup_percent", "schedule.warmup_fraction", kSystem},
      {"epochs", "train.epochs", kSystem},
      {"batch_size", "train.batch_size", kSystem, nullptr, "there of each GPU, here of all ranks together"},
      {"gradient_accumulation_steps", "train.accumulation", kSystem},
      {"max_generation_length", "caption.max_tokens", kSystem},
      {"use_amp", "precision", kSystem, bfloat16IfTrue, half},
  };
}

}  // namespace counterpoint
