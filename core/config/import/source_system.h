// SPDX-License-Identifier: GPL-3.0-or-later
// One of the systems whose files are imported: how its files are known, and what becomes of keys that the schema's old
// names do not name.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/import/draft.h"
#include "core/config/import/foreign_config.h"

namespace counterpoint {

struct DroppedKey {
  std::string key;  // or a section: all below it
  std::string why;
};

// Where a file says nothing: what that system does then, if it is not our default.
struct ImpliedValue {
  std::string key;  // ours
  Json value;
  std::string why;
};

struct SourceSystem {
  std::string name;       // OldName::system
  std::string title;      // "DeepCORO"
  std::string recipe;     // ours
  std::string lookedFor;  // what tells its files: "pipeline_project: DeepCORO_clip or DeepCORO_multitask"
  bool (*recognise)(const ForeignConfig& config) = nullptr;
  std::vector<DroppedKey> dropped{};
  std::vector<ImpliedValue> implied{};
  void (*adjust)(ImportDraft& draft) = nullptr;  // keys that depend on one another; before the tables
  bool byLastWord = false;                       // a key in any section is known by its name alone
  bool filesJoin = false;                        // the YAML files of a folder are one config
};

// In the order in which they are asked.
std::vector<SourceSystem> sourceSystems();

SourceSystem deepcoroSystem();
SourceSystem deepcoroProbeSystem();
SourceSystem uniirSystem();
SourceSystem productMatchingSystem();
SourceSystem selfSupervisedSystem();
SourceSystem loraRetrieverSystem();
SourceSystem stsCftSystem();

}  // namespace counterpoint
