// SPDX-License-Identifier: GPL-3.0-or-later
// A config as OmegaConf 2.3 keeps it: ordered dicts, lists and typed leaves, each with the places that set it. A plain
// value type: no parents, so that it copies; who needs a place in the tree carries the path along.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/base/json.h"
#include "core/config/yaml_reader.h"

namespace counterpoint {

using ConfigScalar = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string>;

// As Python's str() writes it: None, True, 1, 1e-05, text as it stands.
std::string pythonText(const ConfigScalar& value);
// Shortest text that reads back: 1.0, 1e-05, 1e+16, inf, nan.
std::string pythonText(double value);

// A key of a dict. Keys of one number are one key (1, 1.0 and true), as in Python.
class ConfigKey {
 public:
  ConfigKey(std::string text) : value_(std::move(text)) {}
  ConfigKey(std::string_view text) : value_(std::string(text)) {}
  ConfigKey(const char* text) : value_(std::string(text)) {}
  // Throws Error{Bug} for null: it is no key.
  explicit ConfigKey(const ConfigScalar& scalar);

  const ConfigScalar& scalar() const { return value_; }
  bool isText() const { return std::holds_alternative<std::string>(value_); }
  std::string text() const { return pythonText(value_); }

  bool operator==(const ConfigKey& other) const;

 private:
  ConfigScalar value_;
};

// Who set a value. Layers in the order in which they are applied.
struct ConfigOrigin {
  enum class Layer { Default, File, Group, Override, Environment };
  Layer layer = Layer::File;
  std::shared_ptr<const std::string> source;  // path of the file, the override as typed, the variable's name
  TextPosition position;                      // line 0: has none
};

class ConfigNode {
 public:
  enum class Kind { Null, Bool, Int, Float, Text, List, Dict };
  struct Member;

  ConfigNode();  // null
  ConfigNode(ConfigScalar scalar);
  ConfigNode(const char* text);
  ConfigNode(const ConfigNode& other);
  ConfigNode(ConfigNode&& other) noexcept;
  ConfigNode& operator=(const ConfigNode& other);
  ConfigNode& operator=(ConfigNode&& other) noexcept;
  ~ConfigNode();
  static ConfigNode list();
  static ConfigNode dict();

  Kind kind() const { return static_cast<Kind>(content_.index()); }
  bool isNull() const { return kind() == Kind::Null; }
  bool isText() const { return kind() == Kind::Text; }
  bool isList() const { return kind() == Kind::List; }
  bool isDict() const { return kind() == Kind::Dict; }
  bool isContainer() const { return isList() || isDict(); }
  // The text "???".
  bool isMissing() const { return isText() && text() == "???"; }
  // A text with an unescaped "${".
  bool isInterpolation() const;

  // Of leaves; another kind is Error{Bug}.
  ConfigScalar scalar() const;
  const std::string& text() const;

  // Of lists.
  const std::vector<ConfigNode>& items() const;
  std::vector<ConfigNode>& items();

  // Of dicts: in order of insertion.
  const std::vector<Member>& members() const;
  const ConfigNode* find(const ConfigKey& key) const;
  ConfigNode* find(const ConfigKey& key);
  // The member's value, made (null) at the end when it is not there.
  ConfigNode& operator[](const ConfigKey& key);
  bool erase(const ConfigKey& key);
  std::size_t size() const;  // of a list or dict; 0 for a leaf

  // Flags as OmegaConf inherits them: unset asks the parent.
  std::optional<bool> structFlag, readonlyFlag;
  // Every layer that set it, oldest first; the last one counts.
  std::vector<ConfigOrigin> origins;

  // Same data: kinds, values and order of lists; not the order of keys, flags or origins. NaN equals NaN.
  bool operator==(const ConfigNode& other) const;

 private:
  using Items = std::vector<ConfigNode>;
  struct Members {
    std::vector<Member> list;
    std::unordered_map<std::string, std::size_t> index;  // by text of the key, kept from the ninth member on
    std::size_t find(const ConfigKey& key) const;        // list.size() when it is not there
    void reindex();
  };
  using Content = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Items, Members>;

  explicit ConfigNode(Items items);
  explicit ConfigNode(Members members);
  static Content toContent(ConfigScalar scalar);

  Content content_;
};

struct ConfigNode::Member {
  ConfigKey key;
  ConfigNode value;
};

// Between the tree and JSON: keys become text. An int beyond 64 bits, a non-finite float: as JSON has none, as text
// (".inf", ".nan").
Json toJson(const ConfigNode& node);
ConfigNode fromJson(const Json& json);

}  // namespace counterpoint
