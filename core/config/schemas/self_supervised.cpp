// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of the recipe self_supervised: pictures without labels, as DINO and its kin train on them. Defaults are DINO's.
#include "core/config/schemas/conversions.h"
#include "core/config/schemas/keys.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

Keys dataKeys() {
  return {
      required(plain("data.root", kPath, nullptr, "Folder of pictures, in any folders below it.")),
      list("data.global_crops.scale", kFloat, 2, {0.4, 1.0}, "Least and greatest part of the picture in a large crop."),
      number("data.local_crops.count", kInt, 8, 0, 64, "crops", "Small crops of each picture."),
      list("data.local_crops.scale", kFloat, 2, {0.05, 0.4}, "Least and greatest part of the picture in a small crop."),
      number("data.workers", kInt, 10, 0, 256, "threads a rank", "Threads that decode ahead of the step."),
  };
}

Keys modelKeys() {
  return {
      choice("model.method", "dino",
             {{"dino", "a teacher that is the student's moving average"},
              {"simclr", "two views of a picture against all others"},
              {"moco", "two views against a queue of earlier ones"},
              {"byol", "one view told from the other"},
              {"mae", "hidden patches told from visible ones"}},
             "What is learnt from."),
      plain("model.backbone", kText, "vit_small",
            "Network by its name in timm: vit_tiny, vit_small, vit_base, resnet50, …"),
      number("model.patch_size", kInt, 16, 1, 64, "pixels", "Edge of a vision transformer's patch."),
      share("model.drop_path", 0.1, "Chance that the student's last block is skipped."),
      number("model.head.outputs", kInt, 65536, 2, {}, {}, "Outputs of DINO's head."),
      plain("model.head.batch_norm", kBool, false, "The head has batch norms."),
      plain("model.head.unit_last_layer", kBool, true, "Rows of the last layer keep length one."),
      number("model.projection", kInt, 128, 1, 8192, {}, "Size of the projection of the other methods."),
      number("model.queue", kInt, 65536, 1, {}, "vectors", "MoCo's queue."),
      share("model.mask_ratio", 0.75, "Part of the patches that MAE hides."),
      share("teacher.momentum", 0.996, "Share that the teacher keeps of itself in a step; rises to 1."),
      positive("teacher.temperature", 0.04, "Of the teacher's answers after the warm-up."),
      positive("teacher.warmup_temperature", 0.04, "Its value in the beginning."),
      number("teacher.warmup_epochs", kInt, 0, 0, {}, "epochs", "Length of that warm-up."),
      positive("loss.temperature", 0.1, "Of the student's answers."),
  };
}

Keys trainKeys() {
  return {
      choice("optimizer.name", "adamw",
             {{"adamw", "Adam with decoupled decay"}, {"sgd", "gradient with momentum"}, {"lars", "rates by layer"}},
             "Rule of the update."),
      positive("optimizer.lr", 0.0005, "Learning rate after the warm-up for 256 pictures a step."),
      number("optimizer.min_lr", kFloat, 1e-6, 0, 10, {}, "Learning rate at the end."),
      number("optimizer.weight_decay", kFloat, 0.04, 0, 10, {}, "Weight decay at the start."),
      number("optimizer.weight_decay_end", kFloat, 0.4, 0, 10, {}, "Weight decay at the end."),
      number("optimizer.clip_norm", kFloat, 3.0, 0, {}, {}, "Longest gradient of each tensor; 0: never shortened."),
      number("schedule.warmup_epochs", kInt, 10, 0, {}, "epochs", "In which the learning rate rises."),
      number("train.epochs", kInt, 100, 1, {}, "epochs", "Passes over the pictures."),
      number("train.batch_size", kInt, 64, 1, {}, "pictures", "Of each rank."),
      number("train.freeze_last_layer", kInt, 1, 0, {}, "epochs", "In which DINO's last layer stays as it is."),
      number("train.checkpoint_every", kInt, 20, 0, {}, "epochs", "0: only at the end."),
  };
}

}  // namespace

std::vector<OldName> selfSupervisedOldNames() {
  constexpr const char* kSystem = "ssl";
  return {
      {"data_path", "data.root", kSystem},
      {"global_crops_scale", "data.global_crops.scale", kSystem, numbersOfText, "two numbers"},
      {"local_crops_number", "data.local_crops.count", kSystem},
      {"local_crops_scale", "data.local_crops.scale", kSystem, numbersOfText, "two numbers"},
      {"num_workers", "data.workers", kSystem},
      {"arch", "model.backbone", kSystem},
      {"patch_size", "model.patch_size", kSystem},
      {"drop_path_rate", "model.drop_path", kSystem},
      {"out_dim", "model.head.outputs", kSystem},
      {"use_bn_in_head", "model.head.batch_norm", kSystem},
      {"norm_last_layer", "model.head.unit_last_layer", kSystem},
      {"proj_dim", "model.projection", kSystem},
      {"momentum_teacher", "teacher.momentum", kSystem},
      {"teacher_temp", "teacher.temperature", kSystem},
      {"warmup_teacher_temp", "teacher.warmup_temperature", kSystem},
      {"warmup_teacher_temp_epochs", "teacher.warmup_epochs", kSystem},
      {"use_fp16", "precision", kSystem, float16IfTrue, "true is float16, false is float32"},
      {"optimizer", "optimizer.name", kSystem, lowerCase, "in small letters"},
      {"lr", "optimizer.lr", kSystem},
      {"min_lr", "optimizer.min_lr", kSystem},
      {"weight_decay", "optimizer.weight_decay", kSystem},
      {"weight_decay_end", "optimizer.weight_decay_end", kSystem},
      {"clip_grad", "optimizer.clip_norm", kSystem},
      {"warmup_epochs", "schedule.warmup_epochs", kSystem},
      {"epochs", "train.epochs", kSystem},
      {"batch_size_per_gpu", "train.batch_size", kSystem},
      {"freeze_last_layer", "train.freeze_last_layer", kSystem},
      {"saveckp_freq", "train.checkpoint_every", kSystem},
  };
}

Schema selfSupervisedSchema() {
  Schema schema("self_supervised", "learns from pictures without labels",
                joined({runKeys("self_supervised", "pictures without labels", "self-supervised", "float16"), dataKeys(),
                        modelKeys(), trainKeys(), launchKeys()}),
                {}, selfSupervisedOldNames());
  return schema.notYetTrained();
}

}  // namespace counterpoint
