// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/override.h"

#include "core/config/overrides/functions.h"
#include "core/config/overrides/parser.h"
#include "core/config/tree/scalars.h"

#include <fmt/format.h>

#include <unordered_map>

namespace counterpoint {
namespace {

using Element = OverrideElement;
using Kind = OverrideTokenKind;

constexpr std::size_t kShownCall = 120;

std::string unescaped(std::string_view pairs) {
  std::string made;
  for (std::size_t i = 1; i < pairs.size(); i += 2) made += pairs[i];
  return made;
}

Element unquoted(std::string_view token) {
  const char quote = token[0];
  const std::string_view inner = token.substr(1, token.size() - 2);
  std::string made;
  made.reserve(inner.size());
  std::size_t slashes = 0;
  const auto halve = [&] {
    made.resize(made.size() - slashes + slashes / 2);
    slashes = 0;
  };
  for (const char c : inner) {
    if (c == quote) halve();
    slashes = c == '\\' ? slashes + 1 : 0;
    made += c;
  }
  halve();
  return {made, quote == '\'' ? Element::Quote::Single : Element::Quote::Double};
}

// Keys that Python holds equal have one text here. nan is equal to nothing, itself included.
std::string identityOf(const Element& key, std::size_t place) {
  if (const auto* text = key.as<std::string>()) return "s" + *text;
  if (key.isNull()) return "n";
  const auto number = key.as<double>();
  if (!number) return "i" + std::to_string(key.as<bool>() ? *key.as<bool>() : *key.as<std::int64_t>());
  if (*number != *number) return "nan" + std::to_string(place);
  const bool whole =
      *number >= -0x1p63 && *number < 0x1p63 && *number == static_cast<double>(static_cast<std::int64_t>(*number));
  return whole ? "i" + std::to_string(static_cast<std::int64_t>(*number)) : "f" + pythonText(*number);
}

class Evaluator {
 public:
  Evaluator(std::string_view text, std::uint64_t seed) : text_(text), random_(seed) {}

  Element element(const OverrideSyntax& syntax) {
    switch (syntax.kind) {
      case OverrideSyntax::Kind::Primitive: return primitive(syntax.tokens);
      case OverrideSyntax::Kind::List: return {items(syntax)};
      case OverrideSyntax::Kind::Dict: return dict(syntax);
      case OverrideSyntax::Kind::Function: return function(syntax);
      case OverrideSyntax::Kind::SimpleChoice: break;
    }
    OverrideSweep sweep;
    sweep.simple = true;
    sweep.choices = items(syntax);
    return {std::make_shared<const OverrideSweep>(std::move(sweep))};
  }

 private:
  Element::List items(const OverrideSyntax& syntax) {
    Element::List made;
    made.reserve(syntax.parts.size());
    for (const auto& part : syntax.parts) made.push_back(element(part.value));
    return made;
  }

  Element dict(const OverrideSyntax& syntax) {
    Element::Dict made;
    std::unordered_map<std::string, std::size_t> places;
    for (const auto& part : syntax.parts) {
      Element key = primitive(part.key);
      Element value = element(part.value);
      const auto [place, fresh] = places.emplace(identityOf(key, made.size()), made.size());
      if (fresh) {
        made.push_back({std::move(key), std::move(value)});
      } else {
        made[place->second].value = std::move(value);
      }
    }
    return {std::move(made)};
  }

  Element function(const OverrideSyntax& syntax) {
    OverrideCall call{std::string(syntax.name)};
    for (const auto& part : syntax.parts) {
      if (!part.name && !call.named.empty()) {
        throw overrideError(text_, part.value.offset, "positional argument follows keyword argument",
                            "Put named arguments last.");
      }
      Element value = element(part.value);
      if (part.name) {
        call.named.emplace_back(*part.name, std::move(value));
      } else {
        call.positional.push_back(std::move(value));
      }
    }
    try {
      return callOverrideFunction(std::move(call), random_);
    } catch (const PythonFault& fault) {
      const bool cut = syntax.text.size() > kShownCall;
      throw overrideError(text_, syntax.offset,
                          fmt::format("{} while evaluating '{}{}': {}", fault.type, syntax.text.substr(0, kShownCall),
                                      cut ? "…" : "", fault.what),
                          fault.cure);
    }
  }

  Element primitive(std::span<const OverrideToken> tokens) {
    const std::size_t offset = tokens.front().offset;
    if (tokens.front().kind == Kind::Blanks) {
      if (tokens.size() == 1) {
        throw overrideError(text_, offset, "Trying to parse a primitive that is all whitespaces",
                            "Write '' for an empty text.");
      }
      tokens = tokens.subspan(1);
    }
    if (tokens.back().kind == Kind::Blanks) tokens = tokens.first(tokens.size() - 1);
    if (tokens.size() > 1) {
      std::string made;
      for (const auto& token : tokens) made += token.kind == Kind::Escape ? unescaped(token.text) : token.text;
      return {made};
    }
    const auto& token = tokens.front();
    switch (token.kind) {
      case Kind::Quoted: return unquoted(token.text);
      case Kind::Escape: return {unescaped(token.text)};
      case Kind::Int:
      case Kind::Float:
      case Kind::Null:
      case Kind::Bool: return scalar(token);
      default: return {std::string(token.text)};
    }
  }

  Element scalar(const OverrideToken& token) const {
    try {
      const auto value = grammarScalar(token.text);
      return std::visit([](const auto& known) { return Element{known}; }, value.value());
    } catch (const ConfigError& error) {
      throw overrideError(text_, token.offset, error.problem(), error.cure());
    }
  }

  std::string_view text_;
  Random random_;
};

void checkText(std::string_view text) {
  if (text.size() > kMaxOverrideLength) {
    throw overrideError(text, 0,
                        fmt::format("an override of {} bytes is longer than {}", text.size(), kMaxOverrideLength),
                        "Put the value into a config file.");
  }
}

}  // namespace

Override parseOverride(std::string_view text, std::uint64_t shuffleSeed) {
  checkText(text);
  ParsedOverride parsed = parseOverrideSyntax(text);
  Override made = std::move(parsed.head);
  if (parsed.value) {
    made.value = Evaluator(text, shuffleSeed).element(*parsed.value);
  } else if (parsed.equals) {
    made.value = Element{std::string()};
  }
  return made;
}

std::vector<Override> parseOverrides(std::span<const std::string> texts, std::uint64_t shuffleSeed) {
  std::vector<Override> made;
  made.reserve(texts.size());
  for (const auto& text : texts) made.push_back(parseOverride(text, shuffleSeed));
  return made;
}

}  // namespace counterpoint
