// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interpolation/evaluate.h"

#include <fmt/format.h>

namespace counterpoint {
namespace {

// Python's repr() of a text.
std::string quoted(const std::string& text) {
  const char quote = text.find('\'') != std::string::npos && text.find('"') == std::string::npos ? '"' : '\'';
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') {
      result += '\\', result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else if (c == '\t') {
      result += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result + quote;
}

std::string represented(const ConfigScalar& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? quoted(*text) : pythonText(value);
}

void represent(const ConfigNode& node, std::string& into) {
  const char* comma = "";
  if (node.isList()) {
    into += '[';
    for (const auto& item : node.items()) {
      into += comma, comma = ", ";
      represent(item, into);
    }
    into += ']';
  } else if (node.isDict()) {
    into += '{';
    for (const auto& member : node.members()) {
      into += comma, comma = ", ";
      into += represented(member.key.scalar());
      into += ": ";
      represent(member.value, into);
    }
    into += '}';
  } else {
    into += represented(node.scalar());
  }
}

}  // namespace

std::string pythonStr(const ConfigNode& node) {
  if (!node.isContainer()) return pythonText(node.scalar());
  std::string text;
  represent(node, text);
  return text;
}

}  // namespace counterpoint
