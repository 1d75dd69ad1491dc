// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/yaml_reader.h"

#include "core/base/error.h"
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

std::size_t countNodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const auto& item : node.items) count += countNodes(item);
  for (const auto& member : node.members) count += 1 + countNodes(member.value);
  return count;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& source) : source_(source), bounds_(source) {}

  YamlNode root;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(nodeAt(mark), anchor); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw usageError("an alias inside of what it stands for", placeOf(source_, positionOf(mark)));
    }
    bounds_.count(countNodes(found->second), positionOf(mark));
    YamlNode copy = found->second;
    copy.position = positionOf(mark);
    add(std::move(copy), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = nodeAt(mark);
    node.kind = YamlNode::Kind::Scalar;
    node.text = value;
    node.quoted = tag == "!";
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, YamlNode::Kind::List, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, YamlNode::Kind::Map, anchor, style);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    std::optional<YamlNode> key;
  };

  static TextPosition positionOf(const YAML::Mark& mark) {
    return {mark.line + 1, mark.column + 1, static_cast<std::size_t>(std::max(0, mark.pos))};
  }
  static YamlNode nodeAt(const YAML::Mark& mark) {
    YamlNode node;
    node.position = positionOf(mark);
    return node;
  }

  void open(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    YamlNode node = nodeAt(mark);
    bounds_.enter(node.position);
    node.kind = kind;
    node.flow = style == YAML::EmitterStyle::Flow;
    levels_.push_back({std::move(node), anchor, std::nullopt});
  }

  void close() {
    Level done = std::move(levels_.back());
    levels_.pop_back();
    bounds_.leave();
    add(std::move(done.node), done.anchor);
  }

  void add(YamlNode node, YAML::anchor_t anchor) {
    bounds_.count(1, node.position);
    if (anchor) {
      bounds_.count(countNodes(node), node.position);
      anchors_[anchor] = node;
    }
    if (levels_.empty()) {
      root = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == YamlNode::Kind::List) {
      level.node.items.push_back(std::move(node));
    } else if (!level.key) {
      checkKey(level.node, node);
      level.key = std::move(node);
    } else {
      level.node.members.push_back({level.key->text, level.key->position, std::move(node)});
      level.key.reset();
    }
  }

  void checkKey(const YamlNode& map, const YamlNode& key) const {
    if (key.kind != YamlNode::Kind::Scalar) {
      throw usageError("a key must be a word", placeOf(source_, key.position));
    }
    if (const auto* before = map.find(key.text)) {
      throw usageError(fmt::format("the key \"{}\" stands in line {} already", key.text, before->keyPosition.line),
                       placeOf(source_, key.position), "Remove one of the two.");
    }
  }

  const std::string& source_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  YamlBounds bounds_;
};

}  // namespace

const YamlNode::Member* YamlNode::find(std::string_view key) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [key](const Member& member) { return member.key == key; });
  return found == members.end() ? nullptr : &*found;
}

YamlNode readYaml(std::string_view text, const std::string& source) {
  checkYamlText(text, source);
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(source);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& error) {
    const TextPosition position{error.mark.line + 1, error.mark.column + 1, 0};
    throw usageError("is no YAML: " + error.msg, placeOf(source, position));
  }
  return std::move(builder.root);
}

}  // namespace counterpoint
