// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of the recipe linear_probe: heads on a trained video encoder that tell values and classes of a study, as
// DeepCORO's video linear probing. Defaults are DeepCORO's where it has any.
#include "core/config/schemas/conversions.h"
#include "core/config/schemas/keys.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

Keys dataKeys() {
  return {
      required(plain("data.csv", kPath, nullptr, "Table of clips: one row a clip, separated by α, comma or tab.")),
      plain("data.root", kPath, "", "Folder that file names in the table start at; empty: the table's own."),
      plain("data.columns.file", kText, "FileName", "Column with the clip's file."),
      plain("data.columns.study", kText, "StudyInstanceUID", "Column that groups clips into studies."),
      plain("data.columns.split", kText, "Split", "Column with train, val, test or inference."),
      plain("data.columns.view", kText, "", "Column with the view; empty: views take no part."),
      choice("data.sample", "clip", {{"clip", "each clip by itself"}, {"study", "the clips of a study together"}},
             "What one example is."),
      number("data.clips_per_study", kInt, 1, 1, 1024, "clips", "Most clips of a study that the model sees."),
      plain("data.shuffle_clips", kBool, true, "In training a study with more clips brings a random choice of them."),
      number("data.frames", kInt, 16, 1, 4096, "frames", "Frames of a clip that the model sees."),
      number("data.stride", kInt, 1, 1, 1024, "frames", "Distance between two of them in the file."),
      number("data.size", kInt, 224, 8, 4096, "pixels", "Edge of the square that frames are resized to."),
      plain("data.random_augment", kBool, true, "RandAugment (two operations of strength 9) in training."),
      nullable(list("data.mean", kFloat, 0, nullptr, "Mean brightness, 0-255; null: measured on the training clips.")),
      nullable(list("data.std", kFloat, 0, nullptr, "Its deviation, 0-255; null: measured on the training clips.")),
      number("data.workers", kInt, 1, 0, 256, "threads a rank", "Threads that decode ahead of the step."),
      map("data.views", kInt, Json::object(), "Name and number of each view, from 0."),
      number("data.view_classes", kInt, 0, 0, 1024, "views", "Views with an embedding of their own; 0: none."),
  };
}

Keys headKeys() {
  return {
      list("heads.names", kText, 0, Json::array(), "Columns of the table that are told, one head each."),
      map("heads.outputs", kInt, Json::object(), "Outputs of each head; 1 for a value or a yes or no."),
      map("heads.tasks", kText, Json::object(), "regression, binary_classification or multiclass_classification."),
      map("heads.losses", kText, Json::object(),
          "huber, mse, mae, rmse, bce_logit, ce, multiclass_focal or binary_focal."),
      map("heads.weights", kFloat, Json::object(), "Weight of each head's loss."),
      map("heads.dropout", kFloat, Json::object(), "Dropout before each head."),
      map("heads.lr", kFloat, Json::object(), "Learning rate of each head."),
      map("heads.weight_decay", kFloat, Json::object(), "Weight decay of each head."),
      map("heads.labels", ValueType::Map, Json::object(), "Of each head with words: word and class number."),
  };
}

Keys modelKeys() {
  return {
      plain("model.checkpoint", kPath, "", "Run or weights that the video encoder starts from; empty: fresh."),
      choice("model.video.backbone", "mvit",
             {{"mvit", "multiscale vision transformer, version 2"},
              {"mvit_rope", "the same with rotary positions"},
              {"r3d", "3-D residual network"},
              {"x3d_s", "X3D-S"},
              {"x3d_m", "X3D-M"}},
             "Network that looks at the frames."),
      plain("model.video.pretrained", kBool, true, "Without a checkpoint the backbone starts from Kinetics weights."),
      share("model.video.trainable", 1, "Part of the backbone that is trained, counted from its end."),
      number("model.video.heads", kInt, 8, 1, 64, {}, "Attention heads of the study aggregator."),
      number("model.video.depth", kInt, 1, 0, 32, "blocks", "Depth of the study aggregator."),
      share("model.video.dropout", 0.1, "Of projection and aggregator."),
      plain("model.video.aggregate_tokens", kBool, true, "One vector of each clip's tokens; false: heads see all."),
      plain("model.video.pool_each_clip", kBool, false, "One vector of each clip instead of each study."),
      choice("model.pooling.mode", "mean",
             {{"mean", "average"},
              {"max", "greatest"},
              {"attention", "gated attention"},
              {"cls_token", "a learnt token attends"},
              {"attention+cls_token", "both, one behind the other"},
              {"mean+cls_token", "both, one behind the other"}},
             "From the clips of a study to one vector."),
      number("model.pooling.hidden", kInt, 128, 1, 8192, {}, "Width of the gated attention."),
      share("model.pooling.dropout", 0, "Of its weights."),
      number("model.pooling.heads", kInt, 8, 1, 64, {}, "Attention heads of the learnt token."),
      plain("model.pooling.separate", kBool, true, "One attention within clips and one across them."),
      choice("model.pooling.norm", "post_norm", {{"post_norm", "after the attention"}, {"pre_norm", "before it"}},
             "Where the layer norm stands."),
      plain("model.pooling.trained", kBool, true, "The pooling learns; false: it stays as it begins."),
  };
}

Keys optimizerKeys() {
  return {
      choice("optimizer.name", "adamw",
             {{"adamw", "Adam with decoupled decay"}, {"radam", "rectified Adam"}, {"sgd", "gradient with momentum"}},
             "Rule of the update."),
      positive("optimizer.video.lr", 5e-6, "Learning rate of the video encoder."),
      number("optimizer.video.weight_decay", kFloat, 0.0, 0, 10, {}, "Weight decay of the video encoder."),
      positive("optimizer.attention.lr", 1e-4, "Learning rate of the gated attention."),
      number("optimizer.attention.weight_decay", kFloat, 0.0, 0, 10, {}, "Its weight decay."),
      positive("optimizer.within.lr", 1e-3, "Learning rate of the token's attention within clips."),
      number("optimizer.within.weight_decay", kFloat, 1e-5, 0, 10, {}, "Its weight decay."),
      positive("optimizer.across.lr", 1e-3, "Learning rate of the token's attention across clips."),
      number("optimizer.across.weight_decay", kFloat, 1e-5, 0, 10, {}, "Its weight decay."),
      nullable(positive("optimizer.views.lr", nullptr, "Of the view embedding; null: that of the attention.")),
      nullable(number("optimizer.views.weight_decay", kFloat, nullptr, 0, 10, {}, "null: that of the attention.")),
      choice("schedule.name", "cosine",
             {{"cosine", "half a cosine down"},
              {"step", "by a factor every so many epochs"},
              {"cosine_warm_restart", "half cosines, each longer than the one before"},
              {"linear_warmup", "up, then straight down"},
              {"cosine_with_warmup", "up, then half a cosine down"},
              {"cosine_with_hard_restarts_with_warmup", "up, then several half cosines down"}},
             "How the learning rates move."),
      share("schedule.warmup_fraction", 0.1, "Part of all steps in which they rise."),
      number("schedule.step_epochs", kInt, 20, 1, {}, "epochs", "Length of a step."),
      positive("schedule.step_factor", 0.1, "Factor of a step."),
      number("schedule.cycles", kFloat, 1.0, 0, {}, {}, "Half cosines with hard restarts."),
      number("schedule.restart_growth", kInt, 2, 1, {}, {}, "Each restart is so many times longer."),
  };
}

Keys trainKeys() {
  return {
      number("train.epochs", kInt, 25, 1, {}, "epochs", "Passes over the training clips."),
      number("train.batch_size", kInt, 2, 1, {}, "samples", "Clips or studies of all ranks together."),
      number("train.accumulation", kInt, 1, 1, 1024, "batches", "Batches whose gradients make one step."),
      share("evaluate.confidence", 0.95, "Of the intervals around metrics."),
      number("evaluate.bootstrap", kInt, 1000, 0, {}, "draws", "Draws behind an interval; 0: none."),
      plain("compat.heads_ignore_settings", kBool, false,
            "8 pooling heads, separate, post_norm, no head dropout whatever is set, as DeepCORO."),
      plain("compat.random_stride_in_validation", kBool, false, "Each load draws its stride, as DeepCORO."),
      plain("compat.first_channel_statistics", kBool, false, "Mean and std of the first channel for all, as DeepCORO."),
      plain("compat.attend_padded_clips", kBool, false, "Padded clips take part, as DeepCORO."),
  };
}

Json optimizer(const Json& value) { return wordFrom(value, {{"AdamW", "adamw"}, {"RAdam", "radam"}, {"SGD", "sgd"}}); }

std::vector<OldName> oldNames() {
  constexpr const char* kSystem = "deepcoro_probe";
  return {
      {"data_filename", "data.csv", kSystem},
      {"root", "data.root", kSystem},
      {"datapoint_loc_label", "data.columns.file", kSystem},
      {"groupby_column", "data.columns.study", kSystem},
      {"view_column", "data.columns.view", kSystem, emptyIfNull, "null is empty here"},
      {"multi_video", "data.sample", kSystem, studyIfTrue, "true is study, false is clip"},
      {"num_videos", "data.clips_per_study", kSystem},
      {"shuffle_videos", "data.shuffle_clips", kSystem},
      {"frames", "data.frames", kSystem},
      {"stride", "data.stride", kSystem},
      {"resize", "data.size", kSystem},
      {"rand_augment", "data.random_augment", kSystem},
      {"dataset_mean", "data.mean", kSystem},
      {"data_mean", "data.mean", kSystem},
      {"dataset_std", "data.std", kSystem},
      {"data_std", "data.std", kSystem},
      {"num_workers", "data.workers", kSystem},
      {"view_labels_map", "data.views", kSystem},
      {"num_view_classes", "data.view_classes", kSystem},
      {"target_label", "heads.names", kSystem, wordsOfText, "a list"},
      {"head_structure", "heads.outputs", kSystem},
      {"head_task", "heads.tasks", kSystem},
      {"loss_structure", "heads.losses", kSystem},
      {"head_weights", "heads.weights", kSystem},
      {"head_dropout", "heads.dropout", kSystem},
      {"head_lr", "heads.lr", kSystem},
      {"head_weight_decay", "heads.weight_decay", kSystem},
      {"labels_map", "heads.labels", kSystem},
      {"video_encoder_checkpoint_path", "model.checkpoint", kSystem, emptyIfNull, "null is empty here"},
      {"model_name", "model.video.backbone", kSystem},
      {"pretrained", "model.video.pretrained", kSystem},
      {"video_freeze_ratio", "model.video.trainable", kSystem},
      {"num_heads", "model.video.heads", kSystem},
      {"aggregator_depth", "model.video.depth", kSystem},
      {"dropout", "model.video.dropout", kSystem},
      {"aggregate_videos_tokens", "model.video.aggregate_tokens", kSystem},
      {"per_video_pool", "model.video.pool_each_clip", kSystem},
      {"pooling_mode", "model.pooling.mode", kSystem},
      {"attention_hidden", "model.pooling.hidden", kSystem},
      {"dropout_attention", "model.pooling.dropout", kSystem},
      {"num_attention_heads", "model.pooling.heads", kSystem},
      {"separate_video_attention", "model.pooling.separate", kSystem},
      {"normalization_strategy", "model.pooling.norm", kSystem},
      {"train_pooling_params", "model.pooling.trained", kSystem},
      {"optimizer", "optimizer.name", kSystem, optimizer, "in small letters"},
      {"video_encoder_lr", "optimizer.video.lr", kSystem},
      {"video_encoder_weight_decay", "optimizer.video.weight_decay", kSystem},
      {"attention_lr", "optimizer.attention.lr", kSystem},
      {"attention_weight_decay", "optimizer.attention.weight_decay", kSystem},
      {"attention_within_lr", "optimizer.within.lr", kSystem},
      {"attention_within_weight_decay", "optimizer.within.weight_decay", kSystem},
      {"attention_across_lr", "optimizer.across.lr", kSystem},
      {"attention_across_weight_decay", "optimizer.across.weight_decay", kSystem},
      {"view_embedding_lr", "optimizer.views.lr", kSystem},
      {"view_embedding_weight_decay", "optimizer.views.weight_decay", kSystem},
      {"scheduler_name", "schedule.name", kSystem},
      {"num_warmup_percent", "schedule.warmup_fraction", kSystem},
      {"lr_step_period", "schedule.step_epochs", kSystem},
      {"factor", "schedule.step_factor", kSystem},
      {"num_hard_restarts_cycles", "schedule.cycles", kSystem},
      {"warm_restart_tmult", "schedule.restart_growth", kSystem},
      {"epochs", "train.epochs", kSystem},
      {"batch_size", "train.batch_size", kSystem, nullptr, "there of each GPU, here of all ranks together"},
      {"gradient_accumulation_steps", "train.accumulation", kSystem},
      {"ci_confidence_level", "evaluate.confidence", kSystem},
      {"ci_n_bootstrap", "evaluate.bootstrap", kSystem},
      {"use_amp", "precision", kSystem, float16IfTrue, "true is float16, false is float32"},
  };
}

}  // namespace

Schema linearProbeSchema() {
  Schema schema("linear_probe", "tells values and classes of a study from a trained video encoder",
                joined({runKeys("linear_probe", "heads on a trained video encoder", "linear-probe", "float16"),
                        dataKeys(), headKeys(), modelKeys(), optimizerKeys(), trainKeys(), launchKeys()}),
                {{"data.mean", KeyRelation::BothOrNeither, "data.std"}}, oldNames());
  return schema.notYetTrained();
}

}  // namespace counterpoint
