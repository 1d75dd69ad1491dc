// SPDX-License-Identifier: GPL-3.0-or-later
// The composed config of trainformer's product-matching becomes product_matching.
#include "core/config/import/source_system.h"

#include "core/config/schemas/conversions.h"

#include <algorithm>

namespace counterpoint {
namespace {

bool isProductMatching(const ForeignConfig& config) {
  if (config.words) return false;
  int found = 0;
  for (const char* key : {"xp", "eval.min_threshold", "dataloader.image_size", "data.fold_group", "loss._target_",
                          "scheduler.lr_scheduler", "trainer.n_accumulate"}) {
    found += config.has(key) ? 1 : 0;
  }
  return found >= 2;
}

// "(0.8, 1.0)" was meant as a list; YAML has no tuples.
Json withoutTuples(const Json& value) {
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    const bool tuple = text.size() > 2 && text.front() == '(' && text.back() == ')' &&
                       text.find_first_not_of("0123456789+-.eE, ()") == std::string::npos;
    return tuple ? schema::numbersOfText(value) : value;
  }
  Json copy = value;
  if (value.is_structured()) {
    for (auto& item : copy) item = withoutTuples(item);
  }
  return copy;
}

void adjust(ImportDraft& draft) {
  if (const auto* transforms = draft.find("transforms"); transforms && transforms->isDict()) {
    const Json value = toJson(*transforms);
    Json fixed = withoutTuples(value);
    for (auto& part : fixed) {
      if (!part.is_array()) part = Json::array({part});
    }
    draft.rename("transforms", "data.transforms", fixed,
                 fixed == value ? "" : "each part is a list, and a tuple, which YAML reads as a text, is one, too");
  }
}

}  // namespace

SourceSystem productMatchingSystem() {
  const char* runs = "runs lie in the workspace's runs folder";
  const char* ours = "the recipe says it";
  return {
      .name = "product_matching",
      .title = "product-matching (Hydra)",
      .recipe = "product_matching",
      .lookedFor =
          "two of xp, eval.min_threshold, dataloader.image_size, data.fold_group, loss._target_ "
          "(product-matching)",
      .recognise = isProductMatching,
      .dropped =
          {
              {"model._target_", ours},
              {"model.backbone._target_", ours},
              {"model.remove_fc", "the classifier of the backbone is never used"},
              {"loss.num_classes", "the table of pictures says it"},
              {"loss.embedding_size", "model.head.dimension says it"},
              {"scheduler._target_", ours},
              {"scheduler.lr_scheduler._target_", "schedule.name says it; a warm-up and half a cosine"},
              {"scheduler.lr_scheduler.optimizer", ours},
              {"trainer._target_", ours},
              {"trainer.objective_metric", "matches are judged by their best F1; no setting here"},
              {"dataloader.pin_memory", "no setting here"},
              {"logging", "what is logged is no setting here"},
              {"xp.xp_dir", runs},
              {"xp.ckpt_dir", runs},
              {"xp.resume", "a run is resumed with the verb resume"},
              {"xp.halt_on_existing_xp", "each run has a folder of its own"},
              {"xp.allow_uncommitted_changes", "the run folder records the program's version"},
              {"xp.allow_uncommited_changes", "the run folder records the program's version"},
              {"xp.ignore_groups", "a run's name is no signature of its config"},
          },
      .adjust = adjust,
  };
}

}  // namespace counterpoint
