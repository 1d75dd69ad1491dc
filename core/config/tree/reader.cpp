// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/reader.h"

#include "core/config/interpolation/grammar.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/quoted_scalar.h"
#include "core/config/tree/scalars.h"
#include "core/config/tree/yaml_guard.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace counterpoint {
namespace {

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

// A value or a key on its way into a container.
struct Part {
  ConfigNode node;
  TextPosition position;
  std::size_t size = 1, depth = 0;  // nodes in it and levels below it
  bool plain = false;               // an unquoted scalar without a tag
};

struct Level {
  Part part;
  YAML::anchor_t anchor = 0;
  bool flow = false;
  std::optional<Part> key;
  std::vector<ConfigNode> merges;         // of `<<`, in order of rising weight
  std::map<std::string, int> seen;        // text keys of this map and their lines
  std::vector<ConfigNode::Member> local;  // of a map, until its merges are known
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const std::string& source, const ReadOptions& options)
      : text_(text),
        source_(source),
        options_(options),
        bounds_(source),
        name_(std::make_shared<const std::string>(source)) {}

  std::optional<Part> root;
  int documents = 0;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents > 1) {
      refuse("a second document begins here", positionOf(mark), "Keep one document in a file.");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Part part = partAt(mark, {});
    part.plain = true;
    const char first = mark.pos >= 0 && part.position.offset < text_.size() ? text_[part.position.offset] : '\0';
    if (!levels_.empty() && levels_.back().part.node.isList() && (first == ',' || first == ']')) {
      refuse("a value is missing before the comma or bracket", part.position, "Write null for an empty one.");
    }
    if (!levels_.empty() && levels_.back().key && !levels_.back().flow) checkColon(levels_.back().key->position);
    // The mark of nothing is that of the next token: the key's place tells more.
    if (first != '~' && first != 'n' && first != 'N' && !levels_.empty() && levels_.back().key) {
      part.position = levels_.back().key->position;
    }
    add(std::move(part), anchor);
  }

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    const auto [before, fresh] = names_.emplace(name, mark.line + 1);
    if (!fresh) {
      refuse(fmt::format("the anchor &{} stands in line {} already", name, before->second), positionOf(mark),
             "Rename one of the two.");
    }
  }

  // yaml-cpp takes a word alone on its line for a key with nothing.
  void checkColon(const TextPosition& key) const {
    if (key.offset >= text_.size()) return;
    const std::size_t begin = text_.rfind('\n', key.offset) + 1;
    const std::size_t end = std::min(text_.find('\n', key.offset), text_.size());
    if (text_.substr(begin, key.offset - begin).find('?') != std::string_view::npos) return;
    for (std::size_t at = text_.find(':', key.offset); at < end; at = text_.find(':', at + 1)) {
      if (at + 1 >= end || text_[at + 1] == ' ' || text_[at + 1] == '\t' || text_[at + 1] == '\r') return;
    }
    refuse("could not find expected ':'", key, "Write KEY: VALUE.");
  }

  void throwDeferred() const {
    if (deferred_) throw ConfigError(*deferred_);
  }

  // yaml-cpp stops without a word at a last line that is no part of what it read.
  void checkAllRead() const {
    if (lastIsQuoted_ || (root && !root->node.isContainer())) return;
    int line = 0;
    for (std::size_t at = 0; at < text_.size();) {
      ++line;
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      const std::string_view row = text_.substr(at, end - at);
      at = end + 1;
      constexpr std::string_view kQuiet = " #\r\t]},";
      if (line <= lastLine_ || row.empty() || kQuiet.find(row[0]) != std::string_view::npos) continue;
      if (row.starts_with("---") || row.starts_with("...")) continue;
      refuse("the line is no key with a value", {line, 1, 0}, "Write KEY: VALUE, and close what is open.");
    }
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const TextPosition position = positionOf(mark);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse("an alias inside of what it stands for", position);
    bounds_.checkDepth(found->second.depth, position);
    bounds_.count(found->second.size, position);
    Part copy = found->second;
    copy.position = position;
    add(std::move(copy), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const TextPosition position = positionOf(mark);
    const bool plain = tag.empty() || tag == "?";
    std::optional<std::string> quoted;
    try {
      if (!plain) quoted = quotedScalarAt(text_, position.offset);
    } catch (const ConfigError& error) {
      refuse(error.problem(), position, error.cure());
    }
    Part part = partAt(mark, scalarOf(quoted.value_or(value), tag, position));
    part.plain = plain;
    add(std::move(part), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    checkTag(tag, "seq", positionOf(mark));
    open(mark, ConfigNode::list(), anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    checkTag(tag, "map", positionOf(mark));
    open(mark, ConfigNode::dict(), anchor, style);
  }
  void OnMapEnd() override { close(); }

 private:
  static TextPosition positionOf(const YAML::Mark& mark) {
    return {mark.line + 1, mark.column + 1, static_cast<std::size_t>(std::max(0, mark.pos))};
  }
  static Part partAt(const YAML::Mark& mark, ConfigNode node) {
    return {.node = std::move(node), .position = positionOf(mark)};
  }

  [[noreturn]] void refuse(std::string what, const TextPosition& position, std::string cure = {},
                           ConfigFault fault = ConfigFault::Yaml) const {
    throw ConfigError(fault, std::move(what), placeOf(source_, position), std::move(cure));
  }
  void note(const TextPosition& position, std::string text) {
    if (options_.notes) options_.notes->push_back({position, std::move(text)});
  }

  void checkTag(const std::string& tag, std::string_view own, const TextPosition& position) {
    if (tag.empty() || tag == "?" || tag == "!" || tag == std::string(kCoreTag) + std::string(own)) return;
    if (options_.dialect == ReadOptions::Dialect::LastWins && tag == std::string(kCoreTag) + "python/tuple") {
      return note(position, "a tuple is read as a list");
    }
    refuse(fmt::format("the tag {} is not known here", tag), position, "Leave the tag out.");
  }

  // Quotes and an explicit "!" look alike in the events; "! 12" is a number all the same.
  bool isBareMark(const TextPosition& position) const {
    if (position.offset >= text_.size() || text_[position.offset] != '!') return false;
    const auto next = text_.find_first_not_of(" \t", position.offset + 1);
    return next != std::string_view::npos && text_[next] != '"' && text_[next] != '\'';
  }

  // A tag that makes another value of what stands behind it.
  void noteTag(const std::string& value, std::string_view kind, const ConfigNode& read, const TextPosition& position) {
    if (!options_.notes || options_.dialect != ReadOptions::Dialect::LastWins) return;
    if (ConfigNode(yamlScalar(value)) == read) return;
    note(position, fmt::format("the tag !!{} makes {} {}", kind, value, read.isText() ? "a text" : "another value"));
  }

  ConfigNode scalarOf(const std::string& value, const std::string& tag, const TextPosition& position) {
    ConfigNode read = untoldScalarOf(value, tag, position);
    if (tag.starts_with(kCoreTag)) noteTag(value, std::string_view(tag).substr(kCoreTag.size()), read, position);
    return read;
  }

  ConfigNode untoldScalarOf(const std::string& value, const std::string& tag, const TextPosition& position) {
    try {
      if (tag.empty() || tag == "?" || (tag == "!" && isBareMark(position))) return yamlScalar(value);
      if (tag == "!") return ConfigScalar(value);
      const std::string_view kind = tag.starts_with(kCoreTag) ? std::string_view(tag).substr(kCoreTag.size()) : tag;
      if (kind == "str") return ConfigScalar(value);
      if (kind == "null") return {};
      const ConfigScalar scalar = yamlScalar(value);
      if (kind == "int" && std::holds_alternative<std::int64_t>(scalar)) return scalar;
      if (kind == "float" && std::holds_alternative<double>(scalar)) return scalar;
      if (kind == "float" && std::holds_alternative<std::int64_t>(scalar)) {
        return ConfigScalar(static_cast<double>(std::get<std::int64_t>(scalar)));
      }
      if (kind == "bool" && std::holds_alternative<bool>(scalar)) return scalar;
      if (kind == "int" || kind == "float" || kind == "bool") {
        refuse(fmt::format("\"{}\" is no {}", value, kind), position, "Change the tag or the value.");
      }
    } catch (const ConfigError& error) {
      if (!error.where().empty()) throw;
      refuse(error.problem(), position, error.cure(), error.fault());
    }
    refuse(fmt::format("the tag {} is not known here", tag), position, "Leave the tag out.");
  }

  void open(const YAML::Mark& mark, ConfigNode node, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    bounds_.enter(positionOf(mark));
    Level level;
    level.part = partAt(mark, std::move(node));
    level.anchor = anchor;
    level.flow = style == YAML::EmitterStyle::Flow;
    // A block begins at its first key; who looks for the section looks for its name, a line above.
    if (!level.flow && !levels_.empty() && levels_.back().key) level.part.position = levels_.back().key->position;
    levels_.push_back(std::move(level));
  }

  void close() {
    Level done = std::move(levels_.back());
    levels_.pop_back();
    bounds_.leave();
    if (done.part.node.isDict()) {
      for (const auto& merged : done.merges) {
        for (const auto& member : merged.members()) done.part.node[member.key] = member.value;
      }
      for (auto& member : done.local) done.part.node[member.key] = std::move(member.value);
    }
    ++done.part.depth;
    add(std::move(done.part), done.anchor);
  }

  void add(Part part, YAML::anchor_t anchor) {
    bounds_.count(1, part.position);
    lastLine_ = std::max(lastLine_, part.position.line);
    if (!part.node.isContainer()) {
      lastIsQuoted_ = part.node.isText() && !part.plain;
    }
    part.node.origins = {{options_.layer, name_, part.position}};
    if (anchor) {
      bounds_.count(part.size, part.position);
      anchors_[anchor] = part;
    }
    if (levels_.empty()) {
      // A text alone becomes a key.
      checkWord(part);
      root = std::move(part);
      return;
    }
    Level& level = levels_.back();
    level.part.size += part.size;
    level.part.depth = std::max(level.part.depth, part.depth);
    if (level.part.node.isList()) {
      checkText(part);
      level.part.node.items().push_back(std::move(part.node));
    } else if (!level.key) {
      level.key = std::move(part);
    } else {
      const Part key = std::move(*level.key);
      level.key.reset();
      addMember(level, key, std::move(part));
    }
  }

  void addMember(Level& level, const Part& key, Part value) {
    if (key.plain && key.node.isText() && key.node.text() == "<<") return addMerge(level, value);
    if (key.node.isContainer()) refuse("a key must be a word", key.position);
    checkWord(value);
    if (key.node.isNull()) {
      return defer(
          {ConfigFault::KeyValidation, "null is no key", placeOf(source_, key.position), "Write it in quotes."},
          key.position);
    }
    checkText(value);
    const ConfigKey name(key.node.scalar());
    if (name.isText()) {
      const auto [seen, fresh] = level.seen.emplace(name.text(), key.position.line);
      if (!fresh) {
        if (options_.dialect == ReadOptions::Dialect::OmegaConf) {
          refuse(fmt::format("found duplicate key {}: it stands in line {} already", name.text(), seen->second),
                 key.position, "Remove one of the two.");
        }
        note(key.position, fmt::format("the key \"{}\" of line {} is overruled", name.text(), seen->second));
        seen->second = key.position.line;
      }
    }
    level.local.push_back({name, std::move(value.node)});
  }

  void addMerge(Level& level, const Part& value) {
    if (value.node.isDict()) {
      level.merges.push_back(value.node);
      return;
    }
    if (!value.node.isList()) refuse("<< takes a map or a list of maps", value.position);
    // Of a list the first one counts most.
    for (auto item = value.node.items().rbegin(); item != value.node.items().rend(); ++item) {
      if (!item->isDict()) refuse("<< takes a map or a list of maps", value.position);
      level.merges.push_back(*item);
    }
  }

  void checkWord(const Part& part) const {
    if (part.plain && part.node.isText() && (part.node.text() == "<<" || part.node.text() == "=")) {
      refuse(fmt::format("{} has a meaning of its own in YAML 1.1", part.node.text()), part.position,
             "Write it in quotes.");
    }
  }

  void checkText(const Part& part) {
    checkWord(part);
    if (!part.node.isText() || !needsEvaluation(part.node.text())) return;
    try {
      parseInterpolation(part.node.text());
    } catch (const ConfigError& error) {
      defer({error.fault(), error.problem(), placeOf(source_, part.position), error.cure()}, part.position);
    }
  }

  // What is wrong with keys and values counts once the whole text is known to be YAML; the first one is told.
  void defer(ConfigError error, const TextPosition& position) {
    if (deferred_ && deferredAt_ <= position.offset) return;
    deferred_ = std::move(error);
    deferredAt_ = position.offset;
  }

  std::string_view text_;
  const std::string& source_;
  const ReadOptions& options_;
  YamlBounds bounds_;
  std::shared_ptr<const std::string> name_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Part> anchors_;
  std::map<std::string, int> names_;  // of anchors, and their lines
  int lastLine_ = 0;
  bool lastIsQuoted_ = false;
  std::optional<ConfigError> deferred_;
  std::size_t deferredAt_ = 0;
};

}  // namespace

ConfigNode readConfigValue(std::string_view text, const std::string& source, const ReadOptions& options) {
  checkYamlText(text, source);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(text, source, options);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    builder.checkAllRead();
    builder.throwDeferred();
  } catch (const YAML::Exception& error) {
    const TextPosition position{error.mark.line + 1, error.mark.column + 1, 0};
    throw ConfigError(ConfigFault::Yaml, "is no YAML: " + error.msg, placeOf(source, position));
  }
  return builder.root ? std::move(builder.root->node) : ConfigNode();
}

ConfigNode readConfig(std::string_view text, const std::string& source, const ReadOptions& options) {
  ConfigNode root = readConfigValue(text, source, options);
  const auto origins = root.origins;
  // A text as root is YAML once more: "a: 1" in quotes is {a: 1}.
  if (root.isText()) {
    const std::string word = root.text();
    root = readConfigValue(word, source, options);
    if (root.isText()) {
      const ConfigKey key(root.text());
      root = ConfigNode::dict();
      root[key].origins = origins;
    }
  }
  if (root.isNull()) root = ConfigNode::dict();
  if (!root.isContainer()) {
    throw ConfigError(ConfigFault::Yaml, fmt::format("the whole file is {}", pythonText(root.scalar())), source,
                      "A config holds keys with values.");
  }
  root.origins = origins;
  return root;
}

}  // namespace counterpoint
