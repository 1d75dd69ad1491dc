// SPDX-License-Identifier: GPL-3.0-or-later
// YAML as a tree that remembers where everything stands. Read from the parser's events, because yaml-cpp's own tree
// keeps neither repeated keys nor the order of keys.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace counterpoint {

struct TextPosition {
  int line = 0;    // from 1; 0: nowhere
  int column = 0;  // from 1, in bytes
  std::size_t offset = 0;
};

struct YamlNode {
  enum class Kind { Null, Scalar, List, Map };
  struct Member;

  Kind kind = Kind::Null;
  std::string text;     // of a scalar
  bool quoted = false;  // a quoted or block scalar is text, whatever it looks like
  bool flow = false;    // [a, b] or {a: b}
  TextPosition position;
  std::vector<YamlNode> items;
  std::vector<Member> members;

  const Member* find(std::string_view key) const;
};

struct YamlNode::Member {
  std::string key;
  TextPosition keyPosition;
  YamlNode value;
};

// Bounds against hostile files: those of tree/yaml_guard.h.
// Throws Error{Usage} "SOURCE, line L, column C" for what is no YAML, a key twice in one map, a key that is no scalar,
// or a bound that is passed. Empty text is a Null node.
YamlNode readYaml(std::string_view text, const std::string& source);

}  // namespace counterpoint
