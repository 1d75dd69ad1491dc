// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/override.h"

#include "core/config/tree/scalars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace counterpoint {
namespace {

constexpr std::string_view kSpecial = "\\()[]{}:=, \t";

std::string escaped(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (const char c : text) {
    if (kSpecial.find(c) != kSpecial.npos) made += '\\';
    made += c;
  }
  return made;
}

// Backslashes count only before a quote of the kind, the closing one included.
std::string withQuotes(std::string_view text, char quote) {
  std::string made(1, quote);
  std::size_t slashes = 0;
  for (const char c : text) {
    if (c == '\\') {
      ++slashes;
    } else {
      if (c == quote) made.append(slashes + 1, '\\');
      slashes = 0;
    }
    made += c;
  }
  made.append(slashes, '\\');
  return made + quote;
}

// Hydra writes one inside a list as its dataclass, never spaced: {include:[…],exclude:[…]}.
std::string globText(const OverrideSweep& glob) {
  const auto patterns = [&](const OverrideElement::List& list) {
    OverrideElement::List plain;
    for (const auto& pattern : list) {
      if (pattern.quote != OverrideElement::Quote::None || pattern.as<OverrideElement::List>() ||
          pattern.as<OverrideElement::Dict>() || pattern.isNull()) {
        throw ConfigError(ConfigFault::Sweep, "a pattern of glob is no plain text", {}, "Write glob([a*,b*]).");
      }
      plain.push_back(pattern);
    }
    return OverrideElement{std::move(plain)}.text();
  };
  return fmt::format("{{include:{},exclude:{}}}", patterns(glob.include), patterns(glob.exclude));
}

[[noreturn]] void refuseSweep() {
  throw ConfigError(ConfigFault::Sweep, "Cannot convert sweep to str", {},
                    "Sweep over whole values: key=choice([a,b],[c,d]).");
}

}  // namespace

std::string OverrideElement::text(bool spaced) const {
  struct Writer {
    bool spaced;
    Quote quote;
    std::string_view comma() const { return spaced ? ", " : ","; }

    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(const std::string& value) const {
      if (quote == Quote::None) return escaped(value);
      return withQuotes(value, quote == Quote::Single ? '\'' : '"');
    }
    std::string operator()(const List& list) const {
      std::string made = "[";
      for (const auto& item : list) {
        if (made.size() > 1) made += comma();
        made += item.text(spaced);
      }
      return made + "]";
    }
    std::string operator()(const Dict& dict) const {
      std::string made = "{";
      for (const auto& entry : dict) {
        if (made.size() > 1) made += comma();
        made += entry.key.text() + (spaced ? ": " : ":") + entry.value.text(spaced);
      }
      return made + "}";
    }
    std::string operator()(const Sweep& sweep) const {
      if (sweep->kind == OverrideSweep::Kind::Glob) return globText(*sweep);
      refuseSweep();
    }
    std::string operator()(bool value) const { return pythonText(ConfigScalar(value)); }
    std::string operator()(std::int64_t value) const { return pythonText(ConfigScalar(value)); }
    std::string operator()(double value) const { return pythonText(value); }
  };
  return std::visit(Writer{spaced, quote}, content);
}

ConfigNode OverrideElement::node() const {
  struct Maker {
    ConfigNode operator()(const List& list) const {
      ConfigNode made = ConfigNode::list();
      for (const auto& item : list) made.items().push_back(item.node());
      return made;
    }
    ConfigNode operator()(const Dict& dict) const {
      ConfigNode made = ConfigNode::dict();
      for (const auto& entry : dict) {
        if (entry.key.isNull()) {
          throw ConfigError(ConfigFault::KeyValidation, "null cannot be a key of a dict", {}, "Name the key.");
        }
        made[ConfigKey(entry.key.node().scalar())] = entry.value.node();
      }
      return made;
    }
    ConfigNode operator()(const Sweep&) const { refuseSweep(); }
    ConfigNode operator()(std::nullptr_t) const { return {}; }
    ConfigNode operator()(const std::string& text) const { return ConfigScalar(text); }
    ConfigNode operator()(bool value) const { return ConfigScalar(value); }
    ConfigNode operator()(std::int64_t value) const { return ConfigScalar(value); }
    ConfigNode operator()(double value) const { return ConfigScalar(value); }
  };
  return std::visit(Maker{}, content);
}

OverrideElement elementOf(const ConfigNode& node) {
  if (node.isList()) {
    OverrideElement::List list;
    for (const auto& item : node.items()) list.push_back(elementOf(item));
    return {list};
  }
  if (node.isDict()) {
    OverrideElement::Dict dict;
    for (const auto& [key, value] : node.members()) dict.push_back({elementOf(key.scalar()), elementOf(value)});
    return {dict};
  }
  OverrideElement element;
  std::visit([&](auto&& value) { element.content = value; }, node.scalar());
  const bool isWord = node.isText() && !node.text().empty() && !grammarScalar(node.text()) &&
                      std::all_of(node.text().begin(), node.text().end(), [](unsigned char c) {
                        return std::isalnum(c) || std::string_view("_-./").find(static_cast<char>(c)) != std::string_view::npos;
                      });
  if (node.isText() && !isWord) element.quote = OverrideElement::Quote::Single;
  return element;
}

const OverrideSweep* Override::sweep() const {
  const auto* sweep = value ? value->as<OverrideElement::Sweep>() : nullptr;
  return sweep ? sweep->get() : nullptr;
}

namespace {

bool isOf(const OverrideSweep* sweep, OverrideSweep::Kind kind) { return sweep && sweep->kind == kind; }

}  // namespace

bool Override::isSimpleChoice() const { return isOf(sweep(), OverrideSweep::Kind::Choice) && sweep()->simple; }
bool Override::isChoiceSweep() const { return isOf(sweep(), OverrideSweep::Kind::Choice) || isGlob(); }
bool Override::isRangeSweep() const { return isOf(sweep(), OverrideSweep::Kind::Range); }
bool Override::isIntervalSweep() const { return isOf(sweep(), OverrideSweep::Kind::Interval); }
bool Override::isGlob() const { return isOf(sweep(), OverrideSweep::Kind::Glob); }

std::string Override::key() const { return package ? keyOrGroup + "@" + *package : keyOrGroup; }

std::string Override::keyElement() const {
  switch (kind) {
    case Kind::Add: return "+" + key();
    case Kind::ForceAdd: return "++" + key();
    case Kind::Delete: return "~" + key();
    case Kind::Change: break;
  }
  return key();
}

ConfigNode Override::node() const { return value ? value->node() : ConfigNode(); }

std::string Override::valueElementText(bool spaced) const { return value ? value->text(spaced) : "null"; }

std::string_view Override::valueText() const {
  const auto equal = inputLine.find('=');
  return equal == std::string::npos ? std::string_view() : std::string_view(inputLine).substr(equal + 1);
}

void checkSweepsAllowed(std::span<const Override> overrides, bool multirun) {
  for (const auto& override : overrides) {
    if (!override.isSweep()) continue;
    const auto refuse = [&](std::string what, std::string cure) {
      throw ConfigError(ConfigFault::Composition, std::move(what), {}, std::move(cure));
    };
    const auto& line = override.inputLine;
    if (multirun) {
      if (override.isHydra()) {
        refuse(fmt::format("Sweeping over Hydra's configuration is not supported : '{}'", line),
               "Give it one value; sweep over keys of the config.");
      }
    } else if (override.isSimpleChoice()) {
      refuse(fmt::format("Ambiguous value for argument '{}'", line),
             "1. To use it as a list, use key=[value1,value2] 2. To use it as string, quote the value: "
             "key=\\'value1,value2\\' 3. To sweep over it, add --multirun to your command line");
    } else {
      refuse(fmt::format("Sweep parameters '{}' requires --multirun", line),
             "Add --multirun, or give the key one value.");
    }
  }
}

}  // namespace counterpoint
