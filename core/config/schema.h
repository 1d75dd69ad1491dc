// SPDX-License-Identifier: GPL-3.0-or-later
// What a config may say: one table a recipe. Form, check, help and command line all read it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/config/rules.h"

namespace counterpoint {

class ConfigNode;

enum class ValueType { Bool, Int, Float, Text, Choice, List, Map, Path };

std::string_view wordOf(ValueType type);  // "whole number", "true or false", …

struct SchemaChoice {
  std::string name, meaning;
};

struct SchemaKey {
  std::string path;  // "optimizer.lr"
  ValueType type = ValueType::Text;
  Json fallback;                          // the default; null only where `nullable` or `required`
  std::string help{};                     // one sentence
  std::string unit{};                     // "frames", "MB"
  std::optional<double> least{}, most{};  // inclusive; of each item of a list
  bool aboveLeast = false;                // `least` itself is not allowed
  std::vector<SchemaChoice> choices{};
  ValueType itemType = ValueType::Text;  // of List and Map
  int listSize = 0;                      // 0: any
  bool nullable = false;
  bool required = false;

  std::string group() const;      // "optimizer"; of a key at the top "run"
  std::string name() const;       // the last word of the path
  std::string rangeText() const;  // "above 0, at most 1", or empty
};

// A spelling that a key has elsewhere: in an older version of ours, or in the system that the recipe comes from.
struct OldName {
  std::string name;    // path in that file: "data_filename", "trainer_config.learning_rate"; an argument without dashes
  std::string key;     // ours
  std::string system;  // "deepcoro", …: a SourceSystem's name (core/config/import); empty: an older Counterpoint
  // The value in our words; null: as it stands. Throws Error{Usage} like valueOf for one that has no like here.
  Json (*convert)(const Json& value) = nullptr;
  std::string why{};  // of a conversion: what it changes
};

class Schema {
 public:
  Schema(std::string recipe, std::string title, std::vector<SchemaKey> keys, std::vector<KeyRule> rules = {},
         std::vector<OldName> oldNames = {});
  // A recipe that can be written down, checked and compared, and not yet trained by this version.
  Schema& notYetTrained() {
    trainable_ = false;
    return *this;
  }

  const std::string& recipe() const { return recipe_; }
  const std::string& title() const { return title_; }
  const std::vector<SchemaKey>& keys() const { return keys_; }
  const std::vector<KeyRule>& rules() const { return rules_; }
  const std::vector<OldName>& oldNames() const { return oldNames_; }
  bool trainable() const { return trainable_; }
  std::vector<std::string> groups() const;  // in order

  // The key at `path`, or the Map key that `path` lies in ("launch.env.NCCL_DEBUG"); null where there is none.
  const SchemaKey* find(std::string_view path) const;
  // True if `path` is a section that holds keys ("optimizer").
  bool isSection(std::string_view path) const;
  // Null for a path that is no key's old name.
  const OldName* findOldName(std::string_view path) const;
  // The old names of a key, in order.
  std::vector<const OldName*> oldNamesOf(std::string_view key) const;
  // True if `path` is a section of old names only.
  bool isOldSection(std::string_view path) const;
  // The known path nearest to a wrong one, or empty.
  std::string nearest(std::string_view path) const;

 private:
  void checkOldNames() const;

  std::string recipe_, title_;
  std::vector<SchemaKey> keys_;
  std::vector<KeyRule> rules_;
  std::vector<OldName> oldNames_;
  bool trainable_ = true;
};

// Throws Error{Usage} "this version cannot train NAME yet" for a recipe that is only described.
void requireTrainable(const Schema& schema);

// A node without interpolations as a value of the key's type: list, object, number, text, null, as the recipe reads it.
// Throws Error{Usage} with what is wrong and the cure; `where` is empty, it is the caller's to say.
Json valueOf(const SchemaKey& key, const ConfigNode& node);
// Checks range, choices, list size; throws like valueOf.
void checkValue(const SchemaKey& key, const Json& value);

// A value as YAML in one line, quoted where it would otherwise be read as something else.
std::string yamlText(const Json& value);

// The schema as a page of text: every key with type, default, range, choices, help.
std::string schemaReference(const Schema& schema);

// All recipes that a config can name. The registry is built from core/config/schemas/.
const std::vector<Schema>& allSchemas();
// Null for an unknown recipe.
const Schema* schemaOf(std::string_view recipe);

}  // namespace counterpoint
