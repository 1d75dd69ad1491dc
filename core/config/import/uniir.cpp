// SPDX-License-Identifier: GPL-3.0-or-later
// UniIR's train, embed, index and retrieval files become universal_retrieval.
#include "core/config/import/source_system.h"

namespace counterpoint {
namespace {

bool isUniir(const ForeignConfig& config) {
  if (config.words) return false;
  for (const char* key : {"embed_config", "index_config.faiss_config", "retrieval_config", "trainer_config"}) {
    if (config.has(key)) return true;
  }
  return config.has("data_config.enable_query_instruct");
}

}  // namespace

SourceSystem uniirSystem() {
  const char* names = "named and laid out by the run folder here";
  const char* inert = "UniIR reads it nowhere";
  return {
      .name = "uniir",
      .title = "UniIR",
      .recipe = "universal_retrieval",
      .lookedFor = "trainer_config, embed_config, index_config or retrieval_config (UniIR)",
      .recognise = isUniir,
      .dropped =
          {
              {"experiment.instruct_status", "data.instruct says it"},
              {"experiment.exp_name", names},
              {"experiment.path_suffix", names},
              {"wandb_config", "belongs to Weights & Biases, which is no part of a config here"},
              {"logger_config", "the log lies in the run folder"},
              {"trainer_config.warmup_steps", inert},
              {"trainer_config.eval_steps", inert},
              {"evaluator.print_freq", "train.log_every is for all curves"},
              {"data_config.returns", "follows from model.kind"},
              {"model.short_name", names},
              {"model.mbeir_max_text_length", inert},
              {"dist_config", "the launcher brings the ranks together"},
              {"uniir_dir", "runs lie in the workspace's runs folder"},
          },
      .filesJoin = true,
  };
}

}  // namespace counterpoint
