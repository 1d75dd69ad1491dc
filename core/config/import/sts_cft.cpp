// SPDX-License-Identifier: GPL-3.0-or-later
// The argument line of Language-Model-STS-CFT's training becomes sentence_embedding.
#include "core/config/import/source_system.h"

namespace counterpoint {
namespace {

bool isStsCft(const ForeignConfig& config) {
  if (!config.words) return false;
  const bool lora = config.has("lora_r") || config.has("lora_alpha") || config.has("lora_target_modules") ||
                    config.has("adapter_path");
  return config.has("train_data_path") || (lora && config.has("model_name_or_path"));
}

void adjust(ImportDraft& draft) {
  for (const char* name : {"num_processes", "nproc_per_node"}) {
    const std::string path = std::string("launcher.") + name;
    if (const auto* ranks = draft.find(path)) draft.rename(path, "launch.ranks", toJson(*ranks));
  }
  for (const auto& [flag, type] : {std::pair("bf16", "bfloat16"), std::pair("fp16", "float16")}) {
    if (draft.text(flag) == "True") {
      draft.rename(flag, "precision", type, "a word of precision");
      draft.add("model.dtype", type, "its frozen weights have the type of its products");
    } else {
      draft.drop(flag, "off: precision says what there is instead");
    }
  }
  draft.add("precision", "float32", "neither --bf16 nor --fp16");
  if (draft.find("save_strategy")) {
    if (draft.text("save_strategy") == "steps") {
      draft.drop("save_strategy", "train.checkpoint_steps is in steps anyway");
    } else {
      draft.rename("save_strategy", "train.checkpoint_steps", 0, "checkpoints by steps alone; 0: at the end");
      draft.drop("save_steps", "--save_strategy is not steps");
    }
  }
  if (draft.find("adam_beta1") || draft.find("adam_beta2")) {
    const Json betas = {draft.number("adam_beta1", 0.9), draft.number("adam_beta2", 0.999)};
    const bool first = draft.find("adam_beta1") != nullptr;
    draft.rename(first ? "adam_beta1" : "adam_beta2", "optimizer.betas", betas, "both betas are one key");
    if (first) draft.drop("adam_beta2", "stands in optimizer.betas");
  }
  if (draft.find("adapter_path") && draft.text("adapter_path").empty()) {
    draft.drop("adapter_path", "empty: a fresh adapter");
  }
}

}  // namespace

SourceSystem stsCftSystem() {
  const char* python = "belongs to the library that trained there";
  return {
      .name = "sts_cft",
      .title = "Language-Model-STS-CFT",
      .recipe = "sentence_embedding",
      .lookedFor = "--train_data_path, or --model_name_or_path with --lora_r (STS-CFT)",
      .recognise = isStsCft,
      .dropped =
          {
              {"output_dir", "runs lie in the workspace's runs folder"},
              {"overwrite_output_dir", "each run has a folder of its own"},
              {"report_to", "where runs are reported is no part of a config"},
              {"WANDB_PROJECT", "where runs are reported is no part of a config"},
              {"log_level", "logs have a level of their own"},
              {"logging_dir", "curves lie in the run folder"},
              {"logging_strategy", "curves have a point every train.log_every steps"},
              {"remove_unused_columns", python},
              {"do_train", "train is a verb"},
              {"optim", "AdamW is what there is"},
              {"ddp_find_unused_parameters", python},
              {"PYTORCH_MPS_HIGH_WATERMARK_RATIO", python},
              {"TOKENIZERS_PARALLELISM", python},
              {"launcher", "the launcher brings the ranks together"},
          },
      .implied =
          {
              {"seed", 42, "the default of its arguments"},
          },
      .adjust = adjust,
  };
}

}  // namespace counterpoint
