// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/yaml_guard.h"

#include "core/config/tree/config_error.h"

#include <fmt/format.h>

#include <cstdint>

namespace counterpoint {
namespace {

// The length of the UTF-8 sequence at `at` and its code point; length 0 where there is none.
struct Decoded {
  std::size_t length = 0;
  std::uint32_t point = 0;
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {1, first};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return {};
  std::uint32_t point = first & (0xFF >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    point = (point << 6) | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return overlong || surrogate || point > 0x10FFFF ? Decoded{} : Decoded{length, point};
}

bool isPrintable(std::uint32_t point) {
  if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
  if (point < 0xA0) return point < 0x7F || point == 0x85;
  return point != 0xFFFE && point != 0xFFFF;
}

[[noreturn]] void refuse(std::string what, const std::string& where, std::string cure = {}) {
  throw ConfigError(ConfigFault::Yaml, std::move(what), where, std::move(cure));
}

}  // namespace

std::string placeOf(const std::string& source, const TextPosition& position) {
  if (position.line == 0) return source;
  return fmt::format("{}, line {}, column {}", source, position.line, position.column);
}

void checkYamlText(std::string_view text, const std::string& source) {
  if (text.size() > kMostYamlBytes) {
    refuse(fmt::format("is larger than {} MB", kMostYamlBytes >> 20), source, "A config is a small file.");
  }
  for (const std::string_view mark : {"\xFF\xFE", "\xFE\xFF"}) {
    if (text.starts_with(mark)) refuse("is UTF-16", source, "Save it as UTF-8.");
  }
  TextPosition position{1, 1, 0};
  std::size_t openers = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto [length, point] = decode(text, at);
    position.offset = at;
    if (length == 0) {
      refuse(fmt::format("the byte 0x{:02X} is no UTF-8", static_cast<unsigned char>(text[at])),
             placeOf(source, position), "Save the file as UTF-8.");
    }
    if (point == 0) refuse("holds zero bytes: it is no text file", placeOf(source, position));
    if (!isPrintable(point)) {
      refuse(fmt::format("the control character U+{:04X} may not stand in a YAML file", point),
             placeOf(source, position), "Remove it, or write it as an escape in double quotes.");
    }
    // yaml-cpp holds a token for each bracket that is open on a line before it tells anything of them.
    if (point == '[' || point == '{') {
      if (++openers > kMostYamlDepth) {
        refuse(fmt::format("more than {} levels", kMostYamlDepth), placeOf(source, position));
      }
    } else if (point != ' ' && point != '\n' && point != '\r' && point != '\t') {
      openers = 0;
    }
    at += length;
    position.column += static_cast<int>(length);
    if (point == '\n') ++position.line, position.column = 1;
  }
}

void YamlBounds::enter(const TextPosition& position) {
  ++depth_;
  checkDepth(0, position);
}

void YamlBounds::count(std::size_t nodes, const TextPosition& position) {
  nodes_ += nodes;
  if (nodes_ > kMostYamlNodes) {
    refuse(fmt::format("more than {} values", kMostYamlNodes), placeOf(source_, position),
           "Aliases count with all that they stand for.");
  }
}

void YamlBounds::checkDepth(std::size_t levels, const TextPosition& position) const {
  if (depth_ + levels > kMostYamlDepth) {
    refuse(fmt::format("more than {} levels", kMostYamlDepth), placeOf(source_, position));
  }
}

}  // namespace counterpoint
