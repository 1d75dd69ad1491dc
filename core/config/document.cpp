// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/document.h"

#include "core/base/error.h"
#include "core/base/words.h"

#include <algorithm>

namespace counterpoint {
namespace {

bool isBlank(char c) { return c == ' ' || c == '\t'; }

std::string joinFrom(const std::vector<std::string>& parts, std::size_t first, std::size_t last) {
  return join({parts.begin() + static_cast<std::ptrdiff_t>(first), parts.begin() + static_cast<std::ptrdiff_t>(last)},
              ".");
}

// Place of a path in the schema's table; sections stand where their first key does.
std::size_t placeOf(const Schema* schema, const std::string& path) {
  if (!schema) return std::string::npos;
  const auto& keys = schema->keys();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].path == path || keys[i].path.starts_with(path + ".")) return i;
  }
  return std::string::npos;
}

std::size_t endOfQuoted(const std::string& text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '\'' && i + 1 < text.size() && text[i + 1] == quote) {
        ++i;
      } else {
        return i + 1;
      }
    }
  }
  return text.size();
}

std::size_t endOfFlow(const std::string& text, std::size_t begin) {
  int depth = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      // An apostrophe inside a plain word is no quote.
      if (i == begin || isBlank(text[i - 1]) ||
          std::string_view("[{,:\n").find(text[i - 1]) != std::string_view::npos) {
        i = endOfQuoted(text, i) - 1;
      }
    } else if (c == '#' && isBlank(text[i - 1])) {
      i = std::min(text.find('\n', i), text.size()) - 1;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if ((c == ']' || c == '}') && --depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

}  // namespace

ConfigDocument::ConfigDocument(std::string text, const std::string& source) : text_(std::move(text)) {
  root_ = readYaml(text_, source);
  if (root_.kind != YamlNode::Kind::Map && root_.kind != YamlNode::Kind::Null) {
    throw usageError("a config is a list of \"key: value\" lines", source + ", line 1");
  }
}

std::string ConfigDocument::newline() const { return text_.find("\r\n") == std::string::npos ? "\n" : "\r\n"; }

std::size_t ConfigDocument::lineEnd(std::size_t offset) const {
  std::size_t end = std::min(text_.find('\n', offset), text_.size());
  if (end > offset && end < text_.size() && text_[end - 1] == '\r') --end;
  return end;
}

std::size_t ConfigDocument::lineStart(std::size_t offset) const {
  const auto before = offset == 0 ? std::string::npos : text_.rfind('\n', offset - 1);
  return before == std::string::npos ? 0 : before + 1;
}

std::size_t ConfigDocument::afterColon(const YamlNode::Member& member) const {
  std::size_t place = member.keyPosition.offset;
  if (place < text_.size() && (text_[place] == '"' || text_[place] == '\'')) {
    place = endOfQuoted(text_, place);
  } else {
    place += member.key.size();
  }
  return std::min(text_.find(':', place), text_.size() - 1) + 1;
}

std::size_t ConfigDocument::endOfScalar(const YamlNode& node, std::size_t keyIndent, bool inFlow) const {
  const std::size_t begin = node.position.offset;
  if (begin >= text_.size()) return text_.size();
  const char first = text_[begin];
  if (first == '"' || first == '\'') return endOfQuoted(text_, begin);
  const auto plainEnd = [this, inFlow](std::size_t from) {
    std::size_t i = from;
    const std::size_t stop = lineEnd(from);
    for (; i < stop; ++i) {
      const char c = text_[i];
      if (c == '#' && i > from && isBlank(text_[i - 1])) break;
      if (inFlow && (c == ',' || c == ']' || c == '}')) break;
    }
    while (i > from && isBlank(text_[i - 1])) --i;
    return i;
  };
  const bool block = first == '|' || first == '>';
  std::size_t end = block ? lineEnd(begin) : plainEnd(begin);
  if (inFlow) return end;
  // Lines that go on: deeper than the key.
  for (std::size_t line = std::min(text_.find('\n', begin), text_.size() - 1) + 1; line < text_.size();) {
    const std::size_t stop = lineEnd(line);
    std::size_t start = line;
    while (start < stop && text_[start] == ' ') ++start;
    if (start < stop) {
      if (start - line <= keyIndent || (!block && text_[start] == '#')) break;
      end = block ? stop : plainEnd(start);
    }
    line = std::min(text_.find('\n', line), text_.size() - 1) + 1;
  }
  return end;
}

std::size_t ConfigDocument::endOf(const YamlNode& node, std::size_t keyIndent, bool inFlow) const {
  if (node.kind == YamlNode::Kind::Scalar) return endOfScalar(node, keyIndent, inFlow);
  if (node.flow) return endOfFlow(text_, node.position.offset);
  if (node.kind == YamlNode::Kind::List && !node.items.empty()) return endOf(node.items.back(), keyIndent, inFlow);
  if (node.kind == YamlNode::Kind::Map && !node.members.empty()) return spanOf(node.members.back(), inFlow).end;
  return std::min(node.position.offset, text_.size());
}

ConfigDocument::Span ConfigDocument::spanOf(const YamlNode::Member& member, bool inFlow) const {
  const std::size_t colon = afterColon(member);
  if (member.value.kind == YamlNode::Kind::Null) return {colon, colon};
  const auto indent = static_cast<std::size_t>(member.keyPosition.column - 1);
  const std::size_t begin = member.value.position.offset;
  // An empty word "null" is a Null event too, and an alias has no text of its own: both are handled above or end here.
  return {begin, std::max(begin, endOf(member.value, indent, inFlow))};
}

ConfigDocument::Found ConfigDocument::find(const std::vector<std::string>& parts) const {
  Found found{&root_, nullptr, 0, root_.flow};
  const YamlNode* node = &root_;
  for (const auto& part : parts) {
    const auto* member = node->find(part);
    if (!member) break;
    found.parent = node;
    found.member = member;
    found.inFlow = found.inFlow || node->flow;
    ++found.depth;
    node = &member->value;
  }
  return found;
}

bool ConfigDocument::contains(std::string_view path) const {
  const auto parts = split(path, '.');
  return find(parts).depth == parts.size();
}

int ConfigDocument::lineOf(std::string_view path) const {
  const auto parts = split(path, '.');
  const Found found = find(parts);
  return found.depth == parts.size() ? found.member->keyPosition.line : 0;
}

std::string ConfigDocument::keyAt(int line) const {
  std::string path;
  const YamlNode* node = &root_;
  for (bool deeper = true; deeper;) {
    deeper = false;
    for (const auto& member : node->members) {
      const auto end = spanOf(member, node->flow).end;
      const auto last = member.keyPosition.line +
                        std::count(text_.begin() + static_cast<std::ptrdiff_t>(member.keyPosition.offset),
                                   text_.begin() + static_cast<std::ptrdiff_t>(std::min(end, text_.size())), '\n');
      if (line < member.keyPosition.line || line > last) continue;
      path += (path.empty() ? "" : ".") + member.key;
      node = &member.value;
      deeper = true;
      break;
    }
  }
  return path;
}

std::string ConfigDocument::valueText(std::string_view path) const {
  const auto parts = split(path, '.');
  const Found found = find(parts);
  if (found.depth != parts.size()) return {};
  const Span span = spanOf(*found.member, found.inFlow);
  return text_.substr(span.begin, span.end - span.begin);
}

TextEdit ConfigDocument::set(std::string_view path, const Json& value, const Schema* schema) const {
  std::string yaml = yamlText(value);
  const std::string before = valueText(path);
  const char quote = before.empty() ? '\0' : before.front();
  if (value.is_string() && (quote == '"' || quote == '\'')) {
    const std::string text = value.get<std::string>();
    const bool simple = text.find(quote) == std::string::npos && text.find_first_of("\\\n\t") == std::string::npos;
    if (simple) yaml = quote + text + quote;
  }
  return setText(path, yaml, schema);
}

TextEdit ConfigDocument::setText(std::string_view path, const std::string& yaml, const Schema* schema) const {
  const auto parts = split(path, '.');
  const Found found = find(parts);
  if (found.depth < parts.size()) return insert(found, parts, yaml, schema);
  const Span span = spanOf(*found.member, found.inFlow);
  const std::size_t colon = afterColon(*found.member);
  if (span.begin == span.end) return {colon, 0, " " + yaml};
  const bool ownLine = text_.substr(colon, span.begin - colon).find('\n') != std::string::npos;
  if (ownLine) return {colon, span.end - colon, " " + yaml};  // a block below its key becomes one line
  if (text_.compare(span.begin, span.end - span.begin, yaml) == 0) return {span.begin, 0, {}};
  return {span.begin, span.end - span.begin, yaml};
}

TextEdit ConfigDocument::insert(const Found& found, const std::vector<std::string>& parts, const std::string& yaml,
                                const Schema* schema) const {
  const YamlNode& node = found.member ? found.member->value : root_;
  const bool nothing = node.kind == YamlNode::Kind::Null;
  if (!nothing && node.kind != YamlNode::Kind::Map) {
    throw usageError(joinFrom(parts, 0, found.depth) + " is a value, not a section",
                     "line " + std::to_string(found.member->keyPosition.line), "Remove it first.");
  }
  if (!node.flow && !found.inFlow) return insertLines(found, parts, yaml, schema);
  std::string entry;
  for (std::size_t i = found.depth; i < parts.size(); ++i) {
    entry += yamlText(parts[i]) + ": " + (i + 1 < parts.size() ? "{" : yaml);
  }
  entry += std::string(parts.size() - found.depth - 1, '}');
  if (nothing) return {afterColon(*found.member), 0, " {" + entry + "}"};
  if (node.members.empty()) return {node.position.offset + 1, 0, entry};
  return {spanOf(node.members.back(), true).end, 0, ", " + entry};
}

TextEdit ConfigDocument::insertLines(const Found& found, const std::vector<std::string>& parts, const std::string& yaml,
                                     const Schema* schema) const {
  const YamlNode& node = found.member ? found.member->value : root_;
  const bool nothing = node.kind == YamlNode::Kind::Null;
  std::size_t indent = 0;
  if (!node.members.empty()) {
    indent = static_cast<std::size_t>(node.members.front().keyPosition.column - 1);
  } else if (found.member) {
    indent = static_cast<std::size_t>(found.member->keyPosition.column - 1) + 2;
  }
  std::string lines;
  for (std::size_t i = found.depth; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    lines +=
        std::string(indent + 2 * (i - found.depth), ' ') + yamlText(parts[i]) + ":" + (last ? " " + yaml : newline());
  }
  std::size_t place = 0;
  if (nothing) {
    place = found.member ? lineEnd(afterColon(*found.member)) : text_.size();
  } else {
    const std::string prefix = found.depth ? joinFrom(parts, 0, found.depth) + "." : "";
    const std::size_t own = placeOf(schema, joinFrom(parts, 0, found.depth + 1));
    const YamlNode::Member* after = &node.members.back();
    if (own != std::string::npos) {
      after = nullptr;
      for (const auto& member : node.members) {
        const std::size_t other = placeOf(schema, prefix + member.key);
        if (other != std::string::npos && other < own) after = &member;
      }
    }
    if (!after) return {lineStart(node.members.front().keyPosition.offset), 0, lines + newline()};
    place = lineEnd(spanOf(*after, false).end);
  }
  const bool needsBreak = place > 0 && text_[place - 1] != '\n';
  if (place == text_.size()) return {place, 0, (needsBreak ? newline() : "") + lines + newline()};
  return {place, 0, newline() + lines};
}

TextEdit ConfigDocument::remove(std::string_view path) const {
  const auto parts = split(path, '.');
  const Found found = find(parts);
  if (found.depth != parts.size()) return {};
  const std::size_t begin = found.member->keyPosition.offset;
  const std::size_t end = spanOf(*found.member, found.inFlow).end;
  if (!found.inFlow) {
    const std::size_t first = lineStart(begin);
    const std::size_t next = text_.find('\n', end);
    return {first, (next == std::string::npos ? text_.size() : next + 1) - first, {}};
  }
  // In {a: 1, b: 2} one comma goes too: the one behind, or the one before the last entry.
  std::size_t from = begin, to = end;
  while (to < text_.size() && isBlank(text_[to])) ++to;
  if (to < text_.size() && text_[to] == ',') {
    ++to;
    while (to < text_.size() && isBlank(text_[to])) ++to;
    return {from, to - from, {}};
  }
  while (from > 0 && isBlank(text_[from - 1])) --from;
  if (from > 0 && text_[from - 1] == ',') --from;
  return {from, end - from, {}};
}

}  // namespace counterpoint
