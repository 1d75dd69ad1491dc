// SPDX-License-Identifier: GPL-3.0-or-later
// Members of an options struct out of a JSON object; keys that nobody asked for are errors.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/words.h"

namespace counterpoint {

class SettingsReader {
 public:
  // Null counts as an empty object.
  SettingsReader(const Json& settings, std::string where) : settings_(settings), where_(std::move(where)) {
    if (!settings.is_object() && !settings.is_null()) throw wrong("", settings, "a map of settings");
  }

  void read(const char* key, bool& value) {
    if (const Json* json = child(key)) {
      if (!json->is_boolean()) throw wrong(key, *json, "true or false");
      value = json->get<bool>();
    }
  }
  void read(const char* key, double& value) {
    if (const Json* json = child(key)) {
      if (!json->is_number()) throw wrong(key, *json, "a number");
      value = json->get<double>();
    }
  }
  void read(const char* key, std::string& value) {
    if (const Json* json = child(key)) {
      if (!json->is_string()) throw wrong(key, *json, "a word");
      value = json->get<std::string>();
    }
  }
  void read(const char* key, std::int64_t& value) {
    if (const Json* json = child(key)) value = count(key, *json);
  }
  template <std::size_t Size>
  void read(const char* key, std::array<std::int64_t, Size>& values) {
    const Json* json = child(key);
    if (!json) return;
    if (!json->is_array() || json->size() != Size) {
      throw wrong(key, *json, "a list of " + std::to_string(Size) + " whole numbers");
    }
    for (std::size_t i = 0; i < Size; ++i) values[i] = count(key, (*json)[i]);
  }
  // A list of maps; each item starts from its defaults.
  template <typename Item, typename ReadItem>
  void readList(const char* key, std::vector<Item>& items, ReadItem readItem) {
    const Json* json = child(key);
    if (!json) return;
    if (!json->is_array()) throw wrong(key, *json, "a list of maps");
    items.clear();
    for (const Json& element : *json) {
      SettingsReader reader(element, where_ + "." + key + "[" + std::to_string(items.size()) + "]");
      readItem(reader, items.emplace_back());
      reader.finish();
    }
  }

  // The value of `key`, or null where absent.
  const Json* child(const char* key) {
    known_.emplace_back(key);
    const auto found = settings_.is_object() ? settings_.find(key) : settings_.end();
    return settings_.is_object() && found != settings_.end() ? &*found : nullptr;
  }

  // Throws for keys that were never read.
  void finish() const {
    if (!settings_.is_object()) return;
    for (const auto& [key, value] : settings_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      const std::string near = nearestWord(key, known_);
      throw usageError("there is no such setting", where_ + "." + key,
                       near.empty() ? "Known are " + join(known_, ", ") : "Did you mean " + near + "?");
    }
  }

 private:
  std::int64_t count(const char* key, const Json& json) const {
    if (!json.is_number_integer() || json.get<std::int64_t>() < 0)
      throw wrong(key, json, "a whole number of 0 or more");
    return json.get<std::int64_t>();
  }
  Error wrong(const std::string& key, const Json& json, const std::string& wanted) const {
    return usageError(json.dump() + " does not fit", key.empty() ? where_ : where_ + "." + key, "Give " + wanted);
  }

  const Json& settings_;
  std::string where_;
  std::vector<std::string> known_;
};

}  // namespace counterpoint
