// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/config.h"

#include "core/base/files.h"
#include "core/base/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

Json& slotOf(Json& values, std::string_view path) {
  Json* node = &values;
  for (const auto& part : split(path, '.')) node = &(*node)[part];
  return *node;
}

class Composer {
 public:
  Composer(std::string_view text, const std::string& source) : source_(source) {
    try {
      root_ = readYaml(text, source);
    } catch (const Error& error) {
      broken_ = ConfigProblem{{}, positionIn(error.where()), source, error.problem(), error.cure(), false};
    }
  }

  Composition compose(const std::vector<std::string>& overrides) {
    if (broken_) result_.problems.push_back(*broken_);
    if (root_.kind != YamlNode::Kind::Map && root_.kind != YamlNode::Kind::Null) {
      problem({}, root_.position, "a config is a list of \"key: value\" lines", {});
      root_ = {};
    }
    if (!findSchema(overrides)) return std::move(result_);
    for (const auto& key : result_.schema->keys()) {
      slotOf(result_.values, key.path) = key.fallback;
      result_.origins[key.path] = {};
    }
    walk(root_, {});
    for (const auto& override : overrides) apply(override);
    for (const auto& key : result_.schema->keys()) {
      if (key.required && result_.origins[key.path].kind == ValueOrigin::Kind::Default && !hasProblem(key.path)) {
        problem(key.path, {}, key.path + " is missing", "It has no default: " + key.help);
      }
    }
    for (const auto& rule : result_.schema->rules()) apply(rule, overrides);
    return std::move(result_);
  }

 private:
  // readYaml names the place in words; the editor wants it in numbers.
  static TextPosition positionIn(const std::string& where) {
    TextPosition position;
    const auto line = where.rfind(", line ");
    if (line != std::string::npos) {
      if (std::sscanf(where.c_str() + line, ", line %d, column %d", &position.line, &position.column) < 1) return {};
    }
    return position;
  }

  void problem(const std::string& key, const TextPosition& position, std::string what, std::string cure,
               bool unknown = false) {
    result_.problems.push_back({key, position, source_, std::move(what), std::move(cure), unknown});
  }

  bool hasProblem(const std::string& key) const {
    return std::any_of(result_.problems.begin(), result_.problems.end(),
                       [&key](const ConfigProblem& one) { return one.key == key; });
  }

  bool findSchema(const std::vector<std::string>& overrides) {
    std::string recipe;
    TextPosition position;
    if (const auto* member = root_.find("recipe")) {
      recipe = member->value.text;
      position = member->value.position;
    }
    for (const auto& override : overrides) {
      if (override.starts_with("recipe=")) recipe = override.substr(7);
    }
    std::vector<std::string> known;
    for (const auto& schema : allSchemas()) known.push_back(schema.recipe());
    result_.schema = schemaOf(recipe);
    if (result_.schema) return true;
    if (recipe.empty() && broken_) return false;
    const auto near = nearestWord(recipe, known);
    if (recipe.empty()) {
      problem("recipe", {}, "recipe is missing", "Add a line \"recipe: " + known.front() + "\".");
    } else {
      problem("recipe", position, "there is no recipe " + recipe,
              near.empty() ? "Known: " + join(known, ", ") + "." : "Did you mean " + near + "?");
    }
    return false;
  }

  void walk(const YamlNode& node, const std::string& prefix) {
    for (const auto& member : node.members) {
      const std::string path = prefix.empty() ? member.key : prefix + "." + member.key;
      const SchemaKey* key = result_.schema->find(path);
      if (key && key->path == path) {
        set(*key, member.value, {ValueOrigin::Kind::File, member.keyPosition});
      } else if (result_.schema->isSection(path)) {
        if (member.value.kind == YamlNode::Kind::Map) {
          walk(member.value, path);
        } else if (member.value.kind != YamlNode::Kind::Null) {
          problem(path, member.keyPosition, path + " is a section, not a value", "Indent its keys below it.");
        }
      } else {
        unknown(path, member.keyPosition);
      }
    }
  }

  void unknown(const std::string& path, const TextPosition& position) {
    const auto near = result_.schema->nearest(path);
    problem(path, position, "there is no key " + path, near.empty() ? "" : "Did you mean " + near + "?", true);
  }

  void set(const SchemaKey& key, const YamlNode& node, const ValueOrigin& origin) {
    try {
      slotOf(result_.values, key.path) = valueOf(key, node);
      result_.origins[key.path] = origin;
    } catch (const Error& error) {
      problem(key.path, origin.position, error.problem(), error.cure());
    }
  }

  void apply(const std::string& override) {
    const auto equals = override.find('=');
    const std::string file = source_;
    source_ = "override " + override;
    if (equals == std::string::npos || equals == 0) {
      problem({}, {}, "an override is written key=value", {});
    } else {
      applyTo(override.substr(0, equals), override.substr(equals + 1));
    }
    source_ = file;
  }

  // A broken rule stands at the key that somebody set, the rule's own first.
  void apply(const KeyRule& rule, const std::vector<std::string>& overrides) {
    if (hasProblem(rule.key) || hasProblem(rule.other) || hasProblem(rule.when)) return;
    const auto broken = check(rule, result_.values);
    if (!broken) return;
    const bool own = result_.origins[rule.key].kind != ValueOrigin::Kind::Default;
    const std::string& blamed = own ? rule.key : rule.other;
    const std::string file = source_;
    if (result_.origins[blamed].kind == ValueOrigin::Kind::Override)
      for (const auto& override : overrides)
        if (override.starts_with(blamed + "=")) source_ = "override " + override;
    problem(blamed, result_.origins[blamed].position, broken->what, broken->cure);
    source_ = file;
  }

  void applyTo(const std::string& path, const std::string& text) {
    const SchemaKey* key = result_.schema->find(path);
    if (!key) return unknown(path, {});
    YamlNode node;
    const bool entry = key->path != path;  // of a map
    const ValueType type = entry ? key->itemType : key->type;
    if (type == ValueType::Text || type == ValueType::Path) {
      node.kind = YamlNode::Kind::Scalar;
      node.text = unquoted(text);
      node.quoted = !key->nullable || text != "null";
    } else {
      try {
        node = readYaml(text, source_);
      } catch (const Error& error) {
        return problem(path, {}, error.problem(), error.cure());
      }
    }
    if (!entry) return set(*key, node, {ValueOrigin::Kind::Override, {}});
    SchemaKey item = *key;
    item.path = path;
    item.type = key->itemType;
    try {
      slotOf(result_.values, key->path)[path.substr(key->path.size() + 1)] = valueOf(item, node);
      result_.origins[key->path] = {ValueOrigin::Kind::Override, {}};
    } catch (const Error& error) {
      problem(path, {}, error.problem(), error.cure());
    }
  }

  static std::string unquoted(const std::string& text) {
    const bool pair = text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
    return pair ? text.substr(1, text.size() - 2) : text;
  }

  std::string source_;
  YamlNode root_;
  std::optional<ConfigProblem> broken_;
  Composition result_;
};

void appendYaml(std::string& text, const Json& values, int indent) {
  for (const auto& [name, value] : values.items()) {
    text += std::string(static_cast<std::size_t>(indent), ' ') + yamlText(name) + ":";
    if (value.is_object() && !value.empty()) {
      text += "\n";
      appendYaml(text, value, indent + 2);
    } else {
      text += " " + yamlText(value) + "\n";
    }
  }
}

}  // namespace

std::string ConfigProblem::where() const {
  return position.line > 0 ? fmt::format("{}, line {}", source, position.line) : source;
}

Error errorOf(const ConfigProblem& problem) { return usageError(problem.what, problem.where(), problem.cure); }

Composition composeText(std::string_view text, const std::string& source, const std::vector<std::string>& overrides) {
  return Composer(text, source).compose(overrides);
}

Config Config::fromText(std::string_view text, const std::string& source, const std::vector<std::string>& overrides) {
  Composition composition = composeText(text, source, overrides);
  if (!composition.problems.empty()) throw errorOf(composition.problems.front());
  return Config(std::move(composition));
}

Config Config::fromFile(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  return fromText(readFile(file, 1 << 20), file.string(), overrides);
}

std::string Config::yaml() const { return yamlOf(values()); }

std::string yamlOf(const Json& values) {
  std::string text;
  appendYaml(text, values, 0);
  return text;
}

const Json& Config::at(std::string_view path) const {
  const Json* node = &values();
  for (const auto& part : split(path, '.')) {
    if (!node->is_object() || !node->contains(part)) {
      throw Error(ErrorKind::Bug, "is no key of " + recipe(), std::string(path));
    }
    node = &node->at(part);
  }
  return *node;
}

ValueOrigin Config::originOf(const std::string& path) const {
  const auto found = composition_.origins.find(path);
  return found == composition_.origins.end() ? ValueOrigin{} : found->second;
}

}  // namespace counterpoint
