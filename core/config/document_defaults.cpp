// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of a defaults list.
#include "core/base/error.h"
#include "core/base/words.h"
#include "core/config/document.h"

namespace counterpoint {
namespace {

// "override /db@backup" -> "db@backup".
std::string overrideKeyOf(std::string_view written) {
  std::string key(trim(written));
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view word : {"override ", "optional "}) {
      if (!key.starts_with(word)) continue;
      key = std::string(trim(std::string_view(key).substr(word.size())));
      again = true;
    }
  }
  return key.starts_with('/') ? key.substr(1) : key;
}

}  // namespace

TextEdit ConfigDocument::chooseGroup(std::string_view key, const std::optional<std::string>& option) const {
  const std::string yaml = option ? yamlText(*option) : "null";
  const YamlNode::Member* defaults = root_.find("defaults");
  if (!defaults || defaults->value.kind != YamlNode::Kind::List || defaults->value.items.empty()) {
    throw usageError("this config has no defaults list", "group " + std::string(key));
  }
  for (const YamlNode& item : defaults->value.items) {
    if (item.members.size() != 1 || overrideKeyOf(item.members.front().key) != key) continue;
    const YamlNode::Member& member = item.members.front();
    const Span span = spanOf(member, item.flow || defaults->value.flow);
    if (span.begin == span.end) return {afterColon(member), 0, " " + yaml};
    if (text_.compare(span.begin, span.end - span.begin, yaml) == 0) return {span.begin, 0, {}};
    return {span.begin, span.end - span.begin, yaml};
  }
  // Chosen by a file that this one names: overridden from here, behind all that is no override.
  const YamlNode& last = defaults->value.items.back();
  if (defaults->value.flow) {
    throw usageError("the defaults list stands in one line", "line " + std::to_string(defaults->keyPosition.line),
                     "Write one \"- entry\" a line.");
  }
  const std::size_t start = lineStart(last.position.offset);
  const std::string indent = text_.substr(start, text_.find('-', start) - start);
  const std::size_t place =
      lineEnd(last.members.empty() ? last.position.offset : spanOf(last.members.back(), last.flow).end);
  return {place, 0, newline() + indent + "- override /" + std::string(key) + ": " + yaml};
}

}  // namespace counterpoint
