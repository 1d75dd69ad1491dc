// SPDX-License-Identifier: GPL-3.0-or-later
// DINO's arguments, on a command line or as a Hydra tree's keys in any groups, become self_supervised.
#include "core/config/import/source_system.h"

namespace counterpoint {
namespace {

constexpr const char* kTold[] = {"momentum_teacher", "local_crops_number", "warmup_teacher_temp",
                                 "teacher_temp",     "freeze_last_layer",  "norm_last_layer",
                                 "saveckp_freq",     "global_crops_scale"};

bool hasAnywhere(const ConfigNode& node, const char* name) {
  if (!node.isDict()) return false;
  for (const auto& member : node.members()) {
    if (member.key == ConfigKey(name) || hasAnywhere(member.value, name)) return true;
  }
  return false;
}

bool isSelfSupervised(const ForeignConfig& config) {
  int found = 0;
  for (const char* name : kTold) found += hasAnywhere(config.tree, name) ? 1 : 0;
  for (const auto& program : config.programs) found += program.ends_with("main_dino.py") ? 2 : 0;
  return found >= 2;
}

void adjust(ImportDraft& draft) {
  for (const char* name : {"nproc_per_node", "num_processes"}) {
    const std::string path = std::string("launcher.") + name;
    if (const auto* ranks = draft.find(path)) draft.rename(path, "launch.ranks", toJson(*ranks));
  }
}

}  // namespace

SourceSystem selfSupervisedSystem() {
  const char* joined = "the launcher brings the ranks together";
  return {
      .name = "ssl",
      .title = "DINO",
      .recipe = "self_supervised",
      .lookedFor = "two of momentum_teacher, local_crops_number, teacher_temp, freeze_last_layer, saveckp_freq (DINO)",
      .recognise = isSelfSupervised,
      .dropped =
          {
              {"output_dir", "runs lie in the workspace's runs folder"},
              {"dist_url", joined},
              {"local_rank", joined},
              {"launcher", joined},
          },
      .adjust = adjust,
      .byLastWord = true,
  };
}

}  // namespace counterpoint
