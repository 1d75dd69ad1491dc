// SPDX-License-Identifier: GPL-3.0-or-later
// A config in the making: keys of another system's file are taken one by one, each exactly once.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/import/foreign_config.h"
#include "core/config/import/import.h"

namespace counterpoint {

struct SourceSystem;

class ImportDraft {
 public:
  ImportDraft(const ForeignConfig& config, const SourceSystem& system);

  const ForeignConfig& config() const { return config_; }
  // The value of a key that nobody has taken yet; null pointer where there is none.
  const ConfigNode* find(const std::string& path) const;
  std::string text(const std::string& path) const;  // a leaf's, as Python prints it; empty where there is none
  double number(const std::string& path, double otherwise) const;
  bool isSet(const std::string& key) const { return values_.contains(key); }

  // Take a key: it becomes `key` with `value`, or is dropped. A value that our schema refuses drops it, with the
  // reason.
  void rename(const std::string& path, const std::string& key, const Json& value, const std::string& why = {});
  void drop(const std::string& path, const std::string& why);
  // Sets a key that the file says nothing of.
  void add(const std::string& key, const Json& value, const std::string& why);

  // Applies the system's rules and tables to all that is left.
  ImportReport finish();

 private:
  void walk(const ConfigNode& node, const std::string& prefix);
  void takeLeaf(const std::string& path, const ConfigNode& node);
  bool takeByTables(const std::string& path, const ConfigNode& node);
  bool takeVariable(const std::string& path, const ConfigNode& node);
  void dropBelow(const std::string& path, const ConfigNode& node, const std::string& why);
  const OldName* oldName(const std::string& path) const;
  ImportLine lineOf(const std::string& path, const ConfigNode& node) const;
  Json jsonOf(const std::string& path, const SchemaKey& key, const ConfigNode& node) const;

  const ForeignConfig& config_;
  const SourceSystem& system_;
  const Schema& schema_;
  std::set<std::string> taken_;
  std::map<std::string, Json> values_;        // by our key
  std::map<std::string, std::string> given_;  // our key -> what gave it
  std::vector<ImportLine> lines_, added_;
};

}  // namespace counterpoint
