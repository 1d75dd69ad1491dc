// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of the recipe sentence_embedding: a language model with LoRA, trained on triplets of sentences, as
// Language-Model-STS-CFT. Defaults are those of its arguments.
#include "core/config/schemas/conversions.h"
#include "core/config/schemas/keys.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

Keys dataKeys() {
  return {
      required(plain("data.triplets", kPath, nullptr, "CSV with sent0, sent1, hard_neg, or a folder of save_to_disk.")),
      number("data.max_tokens", kInt, 150, 4, 8192, "tokens", "Longer sentences are cut."),
      choice("data.pad", "longest", {{"longest", "to the longest of the batch"}, {"max_length", "to data.max_tokens"}},
             "How sentences are padded; same loss up to rounding."),
      number("data.workers", kInt, 0, 0, 256, "threads a rank", "Threads that read ahead of the step."),
  };
}

Keys modelKeys() {
  return {
      required(plain("model.folder", kPath, nullptr, "Folder of the language model.")),
      choice("model.dtype", "float32", {{"float32", "full"}, {"bfloat16", "half, wide range"}, {"float16", "half"}},
             "Of its frozen weights."),
      plain("model.recompute", kBool, false, "Layers are computed again in the backward pass."),
      plain("lora.adapter", kPath, "", "Adapter to go on from: its r, alpha, dropout and targets count."),
      number("lora.r", kInt, 8, 1, 1024, {}, "Rank."),
      positive("lora.alpha", 32.0, "Scale times rank."),
      share("lora.dropout", 0.1, "Before the first matrix."),
      list("lora.targets", kText, 0, {"q_proj", "v_proj"}, "Layers that get an adapter."),
      choice("lora.dtype", "float32", {{"float32", "full"}, {"base", "as the model: as PEFT 0.10"}},
             "Of its matrices and their moments."),
      positive("loss.temperature", 0.05, "Similarities are divided by it."),
  };
}

Keys trainKeys() {
  return {
      positive("optimizer.lr", 5e-5, "Learning rate after the warm-up."),
      number("optimizer.weight_decay", kFloat, 0.0, 0, 10, {}, "Of both matrices."),
      fractions("optimizer.betas", {0.9, 0.999}, "Memory of the first and second moment."),
      positive("optimizer.eps", 1e-8, "Added to the root of the second moment."),
      number("optimizer.clip_norm", kFloat, 1.0, 0, {}, {}, "Longest gradient; longer ones are shortened; 0: never."),
      choice("schedule.name", "linear",
             {{"linear", "straight down"},
              {"cosine", "half a cosine down"},
              {"constant", "stays"},
              {"constant_with_warmup", "up, then stays"}},
             "How the learning rate moves after the warm-up."),
      number("schedule.warmup_steps", kInt, 0, 0, {}, "steps", "In which it rises."),
      share("schedule.warmup_fraction", 0, "Part of all steps in which it rises, where warmup_steps is 0."),
      positive("train.epochs", 3.0, "Passes over the triplets, where train.max_steps is 0."),
      number("train.max_steps", kInt, 0, 0, {}, "steps", "Length of the training; 0: by epochs."),
      number("train.batch_size", kInt, 8, 1, {}, "triplets", "Of each rank."),
      number("train.accumulation", kInt, 1, 1, 1024, "batches",
             "Batches whose gradients make one step; wrong answers come from one batch."),
      number("train.log_every", kInt, 500, 1, {}, "steps", "Distance of points in the curves."),
      number("train.checkpoint_steps", kInt, 500, 0, {}, "steps", "0: only at the end."),
      number("train.keep_checkpoints", kInt, 0, 0, {}, "checkpoints", "0: all."),
      plain("train.resume", kPath, "", "Checkpoint to go on from."),
      plain("train.drop_last", kBool, false, "An incomplete last batch is left out."),
      plain("compat.lora_dropout_in_evaluation", kBool, false,
            "Dropout stays on when embeddings are made, as upstream."),
  };
}

Json scheduleName(const Json& value) {
  return wordFrom(value, {{"linear", "linear"},
                          {"cosine", "cosine"},
                          {"constant", "constant"},
                          {"constant_with_warmup", "constant_with_warmup"}});
}

}  // namespace

std::vector<OldName> sentenceEmbeddingOldNames() {
  constexpr const char* kSystem = "sts_cft";
  return {
      {"model_name_or_path", "model.folder", kSystem},
      {"train_data_path", "data.triplets", kSystem},
      {"temperature", "loss.temperature", kSystem},
      {"lora_r", "lora.r", kSystem},
      {"lora_alpha", "lora.alpha", kSystem},
      {"lora_dropout", "lora.dropout", kSystem},
      {"lora_target_modules", "lora.targets", kSystem, wordsOfText, "a list here"},
      {"adapter_path", "lora.adapter", kSystem},
      {"per_device_train_batch_size", "train.batch_size", kSystem},
      {"gradient_accumulation_steps", "train.accumulation", kSystem},
      {"learning_rate", "optimizer.lr", kSystem},
      {"weight_decay", "optimizer.weight_decay", kSystem},
      {"adam_epsilon", "optimizer.eps", kSystem},
      {"max_grad_norm", "optimizer.clip_norm", kSystem},
      {"lr_scheduler_type", "schedule.name", kSystem, scheduleName, "our word for the same schedule"},
      {"warmup_steps", "schedule.warmup_steps", kSystem},
      {"warmup_ratio", "schedule.warmup_fraction", kSystem},
      {"num_train_epochs", "train.epochs", kSystem},
      {"max_steps", "train.max_steps", kSystem, zeroIfNegative, "-1 is 0 here"},
      {"logging_steps", "train.log_every", kSystem},
      {"save_steps", "train.checkpoint_steps", kSystem},
      {"save_total_limit", "train.keep_checkpoints", kSystem},
      {"resume_from_checkpoint", "train.resume", kSystem},
      {"dataloader_drop_last", "train.drop_last", kSystem},
      {"dataloader_num_workers", "data.workers", kSystem},
      {"gradient_checkpointing", "model.recompute", kSystem},
      {"max_length", "data.max_tokens", kSystem},
      {"run_name", "name", kSystem},
  };
}

Schema sentenceEmbeddingSchema() {
  Schema schema(
      "sentence_embedding", "trains a language model's sentence vectors on triplets",
      joined({runKeys("sentence_embedding", "sentence vectors from triplets", "sentence-embedding", "float16"),
              dataKeys(), modelKeys(), trainKeys(), launchKeys()}),
      {}, sentenceEmbeddingOldNames());
  return schema.notYetTrained();
}

}  // namespace counterpoint
