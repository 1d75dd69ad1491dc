// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked at before yaml-cpp sees a text, and the bounds that readers keep while it is parsed: hostile files end
// in an error in well under a second. One guard for every reader of YAML here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/config/yaml_reader.h"

namespace counterpoint {

// A config is a small file. Callers that read from disk pass it to readFile.
inline constexpr std::size_t kMostYamlBytes = 1 << 20;
// Of lists and maps inside one another.
inline constexpr std::size_t kMostYamlDepth = 100;
// Values and keys, with aliases written out.
inline constexpr std::size_t kMostYamlNodes = 200'000;

// "SOURCE, line L, column C", or the source alone for line 0.
std::string placeOf(const std::string& source, const TextPosition& position);

// Throws ConfigError{Yaml} for what no config holds: too many bytes, NUL bytes, UTF-16 or UTF-32, invalid UTF-8,
// control characters. Tells the place of the first one.
void checkYamlText(std::string_view text, const std::string& source);

// Counts what a reader has made; throws ConfigError{Yaml} when a bound is passed.
class YamlBounds {
 public:
  explicit YamlBounds(const std::string& source) : source_(source) {}
  void enter(const TextPosition& position);
  void leave() { --depth_; }
  void count(std::size_t nodes, const TextPosition& position);
  // A copy of an aliased node, `levels` deep, must fit at the present depth.
  void checkDepth(std::size_t levels, const TextPosition& position) const;

 private:
  const std::string& source_;
  std::size_t depth_ = 0, nodes_ = 0;
};

}  // namespace counterpoint
