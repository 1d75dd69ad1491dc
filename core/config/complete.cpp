// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/complete.h"

#include "core/base/words.h"
#include "core/config/compose/search_path.h"
#include "core/config/lookup.h"

#include <algorithm>
#include <optional>
#include <set>

namespace counterpoint {
namespace {

using Candidate = CompletionCandidate;
using Kind = CompletionCandidate::Kind;

constexpr auto kNowhere = std::string_view::npos;

bool isBlank(char c) { return c == ' ' || c == '\t'; }

std::size_t skipBlanks(std::string_view text, std::size_t at) {
  while (at < text.size() && isBlank(text[at])) ++at;
  return at;
}

// Where a comment begins; the end of the line without one.
std::size_t commentAt(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote) {
      if (quote == '"' && c == '\\') ++i;
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') && (i == 0 || std::string_view(" \t[{,:").find(line[i - 1]) != kNowhere)) {
      quote = c;
    } else if (c == '#' && (i == 0 || isBlank(line[i - 1]))) {
      return i;
    }
  }
  return line.size();
}

// A line by its indentation: "    - name: value".
struct Shape {
  bool blank = false, item = false;
  std::size_t indent = 0;        // of the first "-" or of the key
  std::size_t begin = 0;         // of the key or value, behind all "-"
  std::size_t value = kNowhere;  // behind the colon
  std::string key;               // only where `value` is
};

Shape shapeOf(std::string_view whole) {
  Shape shape;
  const std::string_view line = whole.substr(0, commentAt(whole));
  shape.indent = shape.begin = skipBlanks(line, 0);
  shape.blank = shape.begin == line.size() || line.starts_with("---") || line.starts_with("...");
  while (shape.begin < line.size() && line[shape.begin] == '-' &&
         (shape.begin + 1 == line.size() || isBlank(line[shape.begin + 1]))) {
    shape.item = true;
    shape.begin = skipBlanks(line, shape.begin + 1);
  }
  std::size_t at = shape.begin;
  if (at < line.size() && (line[at] == '[' || line[at] == '{')) return shape;
  const bool quoted = at < line.size() && (line[at] == '"' || line[at] == '\'');
  if (quoted) {
    at = line.find(line[at], at + 1);
    if (at == kNowhere) return shape;
  }
  for (; at < line.size(); ++at) {
    if (line[at] != ':' || (at + 1 < line.size() && !isBlank(line[at + 1]))) continue;
    shape.key = std::string(trim(line.substr(shape.begin, at - shape.begin)));
    if (quoted) shape.key = shape.key.substr(1, shape.key.size() - 2);
    shape.value = at + 1;
    break;
  }
  return shape;
}

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0;;) {
    const auto end = text.find('\n', begin);
    std::string_view line = text.substr(begin, end == kNowhere ? end : end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    if (end == kNowhere) return lines;
    begin = end + 1;
  }
}

struct Above {
  std::vector<std::string> path;  // of the keys that a place lies below; below a list: that of the list
  bool inList = false, inBlock = false;
};

// The keys above line `index` for what is indented by less than `limit`.
Above above(const std::vector<std::string_view>& lines, std::size_t index, std::size_t limit, bool inList) {
  Above found;
  found.inList = inList;
  for (std::size_t i = index; i-- > 0 && limit > 0;) {
    if (lines[i].find_first_not_of(" \t") >= limit) continue;  // deeper, or blank
    const Shape shape = shapeOf(lines[i]);
    if (shape.blank) continue;
    if (shape.item && shape.begin < limit && shape.value != kNowhere) {
      found.inBlock = found.inBlock || lines[i].find_first_of("|>", skipBlanks(lines[i], shape.value)) ==
                                           skipBlanks(lines[i], shape.value);
    }
    if (shape.item) {
      found.inList = true;
      found.path.clear();
      limit = shape.indent + 1;
    } else if (shape.value != kNowhere) {
      const std::size_t value = skipBlanks(lines[i], shape.value);
      if (value < lines[i].size() && (lines[i][value] == '|' || lines[i][value] == '>')) found.inBlock = true;
      found.path.insert(found.path.begin(), shape.key);
      limit = shape.indent;
    }
  }
  return found;
}

std::set<std::string> siblings(const std::vector<std::string_view>& lines, std::size_t index, std::size_t indent) {
  std::set<std::string> found;
  const auto take = [&](std::size_t i) {
    const std::size_t at = lines[i].find_first_not_of(" \t");
    if (at == kNowhere || at > indent || lines[i][at] == '#') return true;
    if (at < indent) return false;
    Shape shape = shapeOf(lines[i]);
    if (!shape.item && shape.value != kNowhere) found.insert(std::move(shape.key));
    return true;
  };
  for (std::size_t i = index; i-- > 0;) {
    if (!take(i)) break;
  }
  for (std::size_t i = index + 1; i < lines.size(); ++i) {
    if (!take(i)) break;
  }
  return found;
}

std::string joined(const std::vector<std::string>& path, const std::string& more = {}) {
  const std::string front = join(path, ".");
  return front.empty() ? more : more.empty() ? front : front + "." + more;
}

// "/db@pkg" and "override db" name the group db.
std::string groupNamed(std::string_view text) {
  for (const std::string_view word : {"optional ", "override "}) {
    if (text.starts_with(word)) text.remove_prefix(word.size());
  }
  if (text.starts_with('/')) text.remove_prefix(1);
  return std::string(trim(text.substr(0, text.find('@'))));
}

class Finder {
 public:
  explicit Finder(const CompletionKnowledge& knowledge) : knowledge_(knowledge) {}

  Completions take(std::size_t from) { return {from, std::move(found_)}; }

  void offer(Kind kind, std::string text, std::string help) {
    found_.push_back({kind, std::move(text), std::move(help)});
  }
  void offerStarting(std::string_view typed, Kind kind, std::string text, std::string help) {
    if (text.starts_with(typed)) offer(kind, std::move(text), std::move(help));
  }

  // The keys and sections right below `section`.
  void below(const std::string& section, std::string_view typed, const std::set<std::string>& there, bool colon) {
    if (section.empty() && !there.contains("defaults") && !groups().empty()) {
      offerStarting(typed, Kind::Section, colon ? "defaults:" : "defaults", "configs of groups that come first");
    }
    if (!knowledge_.schema) {
      if (section.empty() && !there.contains("recipe")) {
        offerStarting(typed, Kind::Key, colon ? "recipe: " : "recipe", "what is trained");
      }
      return;
    }
    const std::string prefix = section.empty() ? "" : section + ".";
    std::set<std::string> offered = there;
    for (const SchemaKey& key : knowledge_.schema->keys()) {
      if (!key.path.starts_with(prefix)) continue;
      const std::string rest = key.path.substr(prefix.size());
      const std::string name = rest.substr(0, rest.find('.'));
      if (!offered.insert(name).second) continue;
      const bool leaf = name.size() == rest.size();
      const std::string suffix = !colon ? "" : leaf && key.type != ValueType::Map ? ": " : ":";
      offerStarting(typed, leaf ? Kind::Key : Kind::Section, name + suffix, leaf ? key.help : keysOf(prefix + name));
    }
  }

  void values(const std::string& path, std::string_view typed, const std::string& before = {}) {
    const auto value = [&](Kind kind, const std::string& text, const std::string& help) {
      if (text.starts_with(typed)) offer(kind, before + text, help);
    };
    const SchemaKey* key = knowledge_.schema ? knowledge_.schema->find(path) : nullptr;
    const bool entry = key && key->path != path;  // of a map
    if (key && !entry) {
      for (const SchemaChoice& choice : key->choices) value(Kind::Choice, choice.name, choice.meaning);
    }
    if (path == "recipe") {
      for (const Schema& schema : allSchemas()) {
        const bool told = key && std::any_of(key->choices.begin(), key->choices.end(),
                                             [&](const SchemaChoice& one) { return one.name == schema.recipe(); });
        if (!told) value(Kind::Choice, schema.recipe(), schema.title());
      }
    }
    if (!key) return;
    const bool many = key->type == ValueType::List || key->type == ValueType::Map;
    if ((many && (entry || key->type == ValueType::List) ? key->itemType : key->type) == ValueType::Bool) {
      const bool on = key->fallback.is_boolean() && key->fallback.get<bool>();
      value(Kind::Choice, "true", on ? "the default" : "");
      value(Kind::Choice, "false", on ? "" : "the default");
    }
    if (key->nullable && !entry) value(Kind::Choice, "null", "automatic");
  }

  void interpolation(std::string_view typed) {
    if (typed.find(':') != kNowhere) return;
    if (knowledge_.schema) {
      for (const SchemaKey& key : knowledge_.schema->keys()) offerStarting(typed, Kind::Key, key.path + "}", key.help);
    }
    offerStarting(typed, Kind::Key, "oc.env:", "a variable of the environment");
  }

  // An item of a defaults list, without its dash.
  void defaultsItem(std::string_view typed, const Shape& shape, std::string_view line) {
    if (shape.value == kNowhere) {
      const bool plain = typed.find(' ') == kNowhere;
      if (plain) offerStarting(typed, Kind::Config, "_self_", "this file's own keys come here");
      for (const std::string& group : groups()) {
        std::string_view name = typed;
        std::string front;
        for (const std::string_view word : {"optional ", "override "}) {
          if (!name.starts_with(word)) continue;
          front += word;
          name.remove_prefix(word.size());
        }
        offerStarting(typed, Kind::Group, front + group + ": ", "one of " + join(options(group), ", "));
      }
      if (plain) {
        for (const auto& root : knowledge_.roots) {
          for (const std::string& name : configNames(root)) {
            if (name.find('/') == name.npos) offerStarting(typed, Kind::Config, name, "a config of " + root.string());
          }
        }
      }
      return;
    }
    const std::size_t at = skipBlanks(line, shape.value);
    const std::string lead = at == shape.value ? " " : "";
    for (const std::string& option : options(groupNamed(shape.key))) {
      if (option.starts_with(line.substr(at))) offer(Kind::Option, lead + option, {});
    }
  }

  const std::vector<std::string>& groups() {
    if (groups_) return *groups_;
    std::set<std::string> found;
    for (const auto& root : knowledge_.roots) {
      for (const std::string& name : configNames(root)) {
        if (const auto slash = name.rfind('/'); slash != name.npos) found.insert(name.substr(0, slash));
      }
    }
    groups_.emplace(found.begin(), found.end());
    return *groups_;
  }

  std::vector<std::string> options(const std::string& group) const {
    return ConfigRepository(knowledge_.roots, VersionBase::parse(""), nullptr).options(group);
  }

 private:
  // "lr, name, betas…": what a section is about.
  std::string keysOf(const std::string& section) const {
    std::vector<std::string> names;
    for (const SchemaKey& key : knowledge_.schema->keys()) {
      if (key.path.starts_with(section + ".")) names.push_back(key.path.substr(section.size() + 1));
    }
    constexpr std::size_t kMost = 5;
    const bool more = names.size() > kMost;
    if (more) names.resize(kMost);
    return join(names, ", ") + (more ? "…" : "");
  }

  const CompletionKnowledge& knowledge_;
  std::optional<std::vector<std::string>> groups_;
  std::vector<Candidate> found_;
};

// Inside a value in one line: "{a: 1, b" and "[x, y".
struct Flow {
  std::vector<std::string> path;  // below the key's own
  std::size_t piece = 0;          // where the word that is being typed begins
  bool wantsKey = false, closed = false;
};

Flow flowOf(std::string_view value) {
  Flow flow;
  std::vector<bool> maps;           // of the open brackets, whether it is a map
  std::vector<std::size_t> depths;  // of `path` before each
  char quote = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '{' || c == '[') {
      if (i > 0 && value[i - 1] == '$') continue;
      maps.push_back(c == '{');
      depths.push_back(flow.path.size());
      flow.wantsKey = c == '{';
      flow.piece = i + 1;
    } else if (!maps.empty() && c == ',') {
      flow.path.resize(depths.back());
      flow.wantsKey = maps.back();
      flow.piece = i + 1;
    } else if (!maps.empty() && c == ':' && flow.wantsKey && (i + 1 == value.size() || isBlank(value[i + 1]))) {
      flow.path.emplace_back(trim(value.substr(flow.piece, i - flow.piece)));
      flow.wantsKey = false;
      flow.piece = i + 1;
    } else if (!maps.empty() && (c == '}' || c == ']')) {
      flow.path.resize(depths.back());
      maps.pop_back();
      depths.pop_back();
      flow.wantsKey = false;
      flow.closed = maps.empty();
    }
  }
  flow.piece = skipBlanks(value, flow.piece);
  return flow;
}

}  // namespace

Completions completeYaml(std::string_view text, int line, std::size_t column, const CompletionKnowledge& knowledge) {
  const auto lines = linesOf(text);
  const auto index = static_cast<std::size_t>(std::clamp<std::int64_t>(line, 1, std::ssize(lines))) - 1;
  column = std::min(column, lines[index].size());
  const std::string_view typed = lines[index].substr(0, column);
  if (commentAt(typed) < typed.size()) return {column, {}};
  const Shape shape = shapeOf(typed);
  const Above place = above(lines, index, shape.item ? shape.indent + 1 : shape.indent, shape.item);
  if (place.inBlock) return {column, {}};
  Finder finder(knowledge);
  if (const auto open = typed.rfind("${"); open != kNowhere && typed.find('}', open) == kNowhere) {
    finder.interpolation(typed.substr(open + 2));
    return finder.take(open + 2);
  }
  if (place.inList && place.path == std::vector<std::string>{"defaults"}) {
    finder.defaultsItem(typed.substr(shape.begin), shape, typed);
    return finder.take(shape.value == kNowhere ? shape.begin : skipBlanks(typed, shape.value));
  }
  if (shape.value == kNowhere && !place.inList) {
    const std::string_view rest = lines[index].substr(column);
    const bool colon = rest.find(':') == kNowhere;
    const std::string section = joined(place.path);
    // Who fills a map with names of their own is offered nothing.
    const bool offers = section.empty() || (knowledge.schema && knowledge.schema->isSection(section));
    const auto there = offers ? siblings(lines, index, shape.indent) : std::set<std::string>();
    finder.below(section, typed.substr(shape.begin), there, colon);
    return finder.take(shape.begin);
  }
  const std::size_t begin = shape.value == kNowhere ? shape.begin : skipBlanks(typed, shape.value);
  const std::string_view value = typed.substr(begin);
  const Flow flow = flowOf(value);
  if (flow.closed) return {column, {}};
  std::string path = place.inList ? joined(place.path) : joined(place.path, shape.key);
  path = joined({path}, joined(flow.path));
  const std::string_view piece = value.substr(flow.piece);
  if (flow.wantsKey) {
    finder.below(path, piece, {}, true);
  } else {
    finder.values(path, piece, begin == shape.value ? " " : "");
  }
  return finder.take(begin + flow.piece);
}

Completions completeOverride(std::string_view typed, const CompletionKnowledge& knowledge) {
  Finder finder(knowledge);
  const std::size_t sign = std::min(typed.find_first_not_of("+~"), typed.size());
  const auto equal = typed.find('=');
  if (equal == kNowhere) {
    const std::string_view word = typed.substr(sign);
    const std::string suffix = typed.starts_with('~') ? "" : "=";
    // What begins so comes first; "lr" also finds optimizer.lr.
    for (const bool starting : {true, false}) {
      const auto offer = [&](Kind kind, const std::string& name, const std::string& help) {
        const auto at = name.find(word);
        if (at != name.npos && (at == 0) == starting) finder.offer(kind, name + suffix, help);
      };
      if (knowledge.schema) {
        for (const SchemaKey& key : knowledge.schema->keys()) offer(Kind::Key, key.path, key.help);
      }
      for (const std::string& group : finder.groups()) {
        offer(Kind::Group, group, "one of " + join(finder.options(group), ", "));
      }
    }
    return finder.take(sign);
  }
  const std::string path(typed.substr(sign, equal - sign));
  // Of "key=a,b" and "key=choice(a,b" the last value is still open.
  const std::size_t from = typed.find_last_of("=,([") + 1;
  for (const std::string& option : finder.options(groupNamed(path))) {
    finder.offerStarting(typed.substr(from), Kind::Option, option, {});
  }
  finder.values(path, typed.substr(from));
  return finder.take(from);
}

std::string yamlPathAt(std::string_view text, int line) {
  const auto lines = linesOf(text);
  if (line < 1 || line > std::ssize(lines)) return {};
  const auto index = static_cast<std::size_t>(line) - 1;
  const Shape shape = shapeOf(lines[index]);
  if (shape.blank) return {};
  const Above place = above(lines, index, shape.item ? shape.indent + 1 : shape.indent, shape.item);
  return place.inList || place.inBlock ? joined(place.path) : joined(place.path, shape.key);
}

std::string limitsText(const SchemaKey& key) {
  std::string text(wordOf(key.type));
  if (!key.unit.empty()) text += " of " + key.unit;
  if (const auto range = key.rangeText(); !range.empty()) text += ", " + range;
  return text + (key.required ? "; required" : "; default " + yamlText(key.fallback));
}

}  // namespace counterpoint
