// SPDX-License-Identifier: GPL-3.0-or-later
// LoraRetriever's arguments and environment become lora_retrieval.
#include "core/config/import/source_system.h"

#include <map>

#include "core/config/schemas/conversions.h"

namespace counterpoint {
namespace {

bool isLoraRetriever(const ForeignConfig& config) {
  if (!config.words) return false;
  for (const auto& program : config.programs) {
    for (const char* name :
         {"infer_lora_retriever", "run_eval_lora_retriever", "evaluate_all", "run_eval_id", "run_eval_ood"}) {
      if (program.find(name) != std::string::npos) return true;
    }
  }
  for (const char* key : {"merge_method", "category_config", "app_config", "jina_model", "composition_weight_mode",
                          "JINA_IMAGE_BATCH_SIZE", "JINA_MAX_PIXELS"}) {
    if (config.has(key)) return true;
  }
  return config.has("MAX_NUM") || config.has("VIDEO_SEGMENTS") ||
         (config.has("MAX_PIXELS") && config.has("MIN_PIXELS"));
}

// "5", "0,1": devices by number.
void renameDevices(ImportDraft& draft, const std::string& path) {
  if (!draft.find(path)) return;
  const auto typed = draft.config().typed.find(path);
  if (typed == draft.config().typed.end()) return;
  draft.rename(path, "launch.devices", schema::wordsOfText(typed->second), "a list here");
}

void adjust(ImportDraft& draft) {
  for (const char* path : {"gpu_id", "gou_id", "CUDA_VISIBLE_DEVICES"}) renameDevices(draft, path);
  if (draft.text("debug") == "True") {
    draft.drop("debug", "logs have a level of their own");
    if (!draft.find("num_samples")) draft.add("data.limit", 5, "--debug takes five inputs where nothing else is said");
  }
  if (draft.text("app_only") == "True") draft.rename("app_only", "pool.kind", "app", "a word of pool.kind");
  if (draft.text("category_only") == "True") {
    draft.rename("category_only", "pool.kind", "category", "a word of pool.kind");
  }
  static const std::map<std::string, const char*> kModels = {
      {"qwen2b", "qwen2-vl-2b-instruct"}, {"qwen7b", "qwen2-vl-7b-instruct"}, {"intern2b", "internvl2-2b"}};
  if (const auto model = kModels.find(draft.text("model")); model != kModels.end()) {
    draft.rename("model", "model.kind", model->second, "the model's whole name");
  }
}

}  // namespace

SourceSystem loraRetrieverSystem() {
  const char* python = "belongs to Python's libraries";
  return {
      .name = "lora_retriever",
      .title = "LoraRetriever",
      .recipe = "lora_retrieval",
      .lookedFor =
          "infer_lora_retriever, --merge_method, --app_config, --jina_model, MAX_NUM or VIDEO_SEGMENTS "
          "(LoraRetriever)",
      .recognise = isLoraRetriever,
      .dropped =
          {
              {"data_root", "paths begin at the workspace"},
              {"skip_inference", "no setting of a config: inference and evaluation are apart"},
              {"dry_run", "config check looks and starts nothing"},
              {"debug", "logs have a level of their own"},
              {"TRITON_PTXAS_PATH", python},
              {"MPLCONFIGDIR", python},
              {"MODELSCOPE_CACHE", python},
              {"HF_HOME", python},
              {"launcher", "the launcher brings the ranks together"},
          },
      .implied =
          {
              {"seed", 42, "its own default"},
              {"weights.mode", "uniform", "its own default"},
          },
      .adjust = adjust,
  };
}

}  // namespace counterpoint
