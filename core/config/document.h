// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a config as a document that a form edits: every change is the smallest edit of the text, so that
// comments, order, quotes and blank lines stay as the person wrote them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/config/schema.h"
#include "core/config/yaml_reader.h"

namespace counterpoint {

struct TextEdit {
  std::size_t offset = 0, length = 0;  // bytes of the text before the edit
  std::string replacement;

  std::string applyTo(std::string text) const { return text.replace(offset, length, replacement); }
  bool operator==(const TextEdit&) const = default;
};

class ConfigDocument {
 public:
  // Throws Error{Usage} for text that is no YAML map (see readYaml): there is nothing that a form could edit then.
  explicit ConfigDocument(std::string text, const std::string& source = "config");

  const std::string& text() const { return text_; }
  bool contains(std::string_view path) const;
  // Line of the key at `path`, from 1; 0 when it is not there.
  int lineOf(std::string_view path) const;
  // Path of the deepest key whose lines include `line`; empty between keys.
  std::string keyAt(int line) const;
  // The value as it is written, without its comment; empty when it is not there.
  std::string valueText(std::string_view path) const;

  // Sets or inserts. A new key comes after the keys that stand before it in the schema (at the end without one).
  TextEdit set(std::string_view path, const Json& value, const Schema* schema = nullptr) const;
  // The same with YAML text as the value, taken as it stands (one line).
  TextEdit setText(std::string_view path, const std::string& yaml, const Schema* schema = nullptr) const;
  // The entry "KEY: OPTION" of the defaults list; where a file below chose, an "override" entry behind the others.
  // Throws Error{Usage} where the text has no list to write into.
  TextEdit chooseGroup(std::string_view key, const std::optional<std::string>& option) const;
  // Removes the key's lines, with the comment behind it. No edit (length 0) when it is not there.
  TextEdit remove(std::string_view path) const;

 private:
  struct Span {
    std::size_t begin = 0, end = 0;
  };
  struct Found {
    const YamlNode* parent = nullptr;
    const YamlNode::Member* member = nullptr;
    std::size_t depth = 0;  // parts of the path that are there
    bool inFlow = false;
  };

  Found find(const std::vector<std::string>& parts) const;
  Span spanOf(const YamlNode::Member& member, bool inFlow) const;
  std::size_t endOf(const YamlNode& node, std::size_t keyIndent, bool inFlow) const;
  std::size_t endOfScalar(const YamlNode& node, std::size_t keyIndent, bool inFlow) const;
  std::size_t afterColon(const YamlNode::Member& member) const;
  std::size_t lineEnd(std::size_t offset) const;
  std::size_t lineStart(std::size_t offset) const;
  TextEdit insert(const Found& found, const std::vector<std::string>& parts, const std::string& yaml,
                  const Schema* schema) const;
  TextEdit insertLines(const Found& found, const std::vector<std::string>& parts, const std::string& yaml,
                       const Schema* schema) const;
  std::string newline() const;

  std::string text_;
  YamlNode root_;
};

}  // namespace counterpoint
