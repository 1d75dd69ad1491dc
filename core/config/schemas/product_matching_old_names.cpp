// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of trainformer's product-matching that product_matching has under another name.
#include "core/base/error.h"
#include "core/config/schemas/conversions.h"
#include "core/config/schemas/schemas.h"

#include <numbers>

namespace counterpoint {
namespace {

using namespace schema;

constexpr const char* kSystem = "product_matching";

// The last word of a Python name.
Json className(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return text.substr(text.rfind('.') + 1);
}

Json loss(const Json& value) {
  return wordFrom(className(value), {{"ArcFaceLoss", "arcface"},
                                     {"SubCenterArcFaceLoss", "subcenter_arcface"},
                                     {"CosFaceLoss", "cosface"},
                                     {"NormalizedSoftmaxLoss", "softmax"}});
}

Json optimizer(const Json& value) {
  return wordFrom(className(value), {{"AdamW", "adamw"}, {"Adam", "adam"}, {"SGD", "sgd"}, {"Lamb", "lamb"}});
}

Json interpolation(const Json& value) {
  static constexpr const char* kCodes[] = {"nearest", "linear", "cubic", "area", "lanczos"};
  if (value.is_number_integer() && value.get<int>() >= 0 && value.get<int>() < 5) return kCodes[value.get<int>()];
  throw usageError(value.dump() + " is none of OpenCV's interpolations", {}, "0 to 4 are known.");
}

Json degrees(const Json& value) {
  if (!value.is_number()) throw usageError(value.dump() + " is no angle", {}, "Write a number.");
  return value.get<double>() * 180 / std::numbers::pi;
}

}  // namespace

std::vector<OldName> productMatchingOldNames() {
  const std::string no = "false is 0 here";
  return {
      {"project", "name", kSystem},
      {"seed_everything", "seed", kSystem, zeroIfFalse, no},
      {"data.data_path", "data.table", kSystem},
      {"data.image_col", "data.columns.image", kSystem},
      {"data.label_col", "data.columns.label", kSystem},
      {"dataloader.data_dir", "data.root", kSystem, emptyIfNull, "null is empty here"},
      {"dataloader.num_workers", "data.workers", kSystem},
      {"dataloader.batch_size", "train.batch_size", kSystem},
      {"dataloader.backend", "data.reader", kSystem},
      {"dataloader.download_images", "data.download", kSystem},
      {"dataloader.skip_image_check", "data.skip_check", kSystem},
      {"dataloader.image_size", "data.size", kSystem},
      {"dataloader.interpolation", "data.interpolation", kSystem, interpolation, "OpenCV's number as a word"},
      {"dataloader.normalize_stats.mean", "data.mean", kSystem},
      {"dataloader.normalize_stats.std", "data.std", kSystem},
      {"transforms", "data.transforms", kSystem},
      {"eval.k", "match.neighbours", kSystem},
      {"eval.min_threshold", "match.threshold.least", kSystem},
      {"eval.max_threshold", "match.threshold.most", kSystem},
      {"eval.threshold_step", "match.threshold.step", kSystem},
      {"eval.f_beta", "match.f_beta", kSystem, nullptr,
       "the original never passes it on; compat.ignored_settings does so"},
      {"model.model_name", "model.backbone", kSystem},
      {"model.backbone.model_name", "model.backbone", kSystem},
      {"model.backbone.pretrained", "model.pretrained", kSystem},
      {"model.arcface_s", "loss.scale", kSystem},
      {"model.arcface_m", "loss.margin", kSystem, degrees, "radians there, degrees here"},
      {"model.apply_bn", "model.batch_norm", kSystem},
      {"model.attach_linear_head", "model.head.attached", kSystem},
      {"model.linear_head_dim", "model.head.dimension", kSystem},
      {"model.dropout_rate", "model.head.dropout", kSystem},
      {"loss._target_", "loss.name", kSystem, loss, "our word for the same loss"},
      {"optimizer._target_", "optimizer.name", kSystem, optimizer, "our word for the same optimizer"},
      {"scheduler.lr_scheduler_interval", "schedule.interval", kSystem},
      {"scheduler.lr_scheduler.warmup_factor", "schedule.warmup_fraction", kSystem},
      {"scheduler.lr_scheduler.total_steps", "schedule.total_steps", kSystem},
      {"trainer.max_epochs", "train.epochs", kSystem},
      {"trainer.device", "device", kSystem},
      {"trainer.amp", "precision", kSystem, float16IfTrue, "true is float16, false is float32"},
      {"trainer.n_accumulate", "train.accumulation", kSystem},
      {"trainer.grad_clip", "optimizer.clip_norm", kSystem, zeroIfFalse, no},
      {"trainer.swa", "train.average_weights", kSystem},
      {"trainer.label_smoothing", "loss.label_smoothing", kSystem, zeroIfFalse, no},
      {"trainer.val_every_n_epochs", "train.validate_every", kSystem},
      {"trainer.val_at_start", "train.validate_at_start", kSystem},
      {"logging.log_every_n_steps", "train.log_every", kSystem},
      {"logging.log_retrieval_images", "train.retrieval_sheets", kSystem},
      {"xp.save_ckpt", "train.checkpoints", kSystem},
      {"xp.save_ckpt_freq", "train.checkpoint_every", kSystem},
      {"xp.resume_optimizer", "train.resume_optimizer", kSystem},
      {"xp.resume_scheduler", "train.resume_schedule", kSystem},
  };
}

}  // namespace counterpoint
