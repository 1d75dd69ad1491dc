// SPDX-License-Identifier: GPL-3.0-or-later
// From a config's text to complete, checked values.
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/config/compose/compose.h"
#include "core/config/config.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/interpolation/resolvers.h"
#include "core/config/overrides/override.h"
#include "core/config/tree/access.h"
#include "core/config/tree/reader.h"
#include "core/config/tree/yaml_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace counterpoint {
namespace {

Json& slotOf(Json& values, std::string_view path) {
  Json* node = &values;
  for (const auto& part : split(path, '.')) node = &(*node)[part];
  return *node;
}

constexpr std::string_view kOverride = "override ";

class Composer {
 public:
  // `read` gives the tree and what its reader put up with; what it throws is the first problem.
  Composer(const std::string& source, const ConfigNode* hydra,
           const std::function<ConfigNode(std::vector<ReadNote>&)>& read)
      : source_(source) {
    try {
      std::vector<ReadNote> notes;
      tree_ = read(notes);
      for (auto& note : notes) result_.notes.push_back({{}, note.position, source, std::move(note.text)});
    } catch (const Error& error) {
      const auto position = positionIn(error.where());
      broken_ = true;
      result_.problems.push_back(
          {{}, position, position.line > 0 ? fileIn(error.where()) : source, error.problem(), error.cure(), false});
    }
    HydraResolverOptions options;
    options.hydra = hydra;
    addHydraResolvers(resolvers_, options);
  }

  // With the overrides, once composed.
  const ConfigNode& tree() const { return tree_; }

  Composition compose(const std::vector<std::string>& overrides) {
    if (!tree_.isDict()) {
      problem({}, tree_, "a config is a list of \"key: value\" lines", {});
      tree_ = ConfigNode::dict();
    }
    const auto parsed = parse(overrides);
    if (!findSchema(parsed)) return std::move(result_);
    for (const auto& key : result_.schema->keys()) {
      slotOf(result_.values, key.path) = key.fallback;
      result_.origins[key.path] = {};
    }
    noteDialect();
    renameOldNames();
    for (const auto& override : parsed) apply(override);
    walk(tree_, {});
    for (const auto& key : result_.schema->keys()) {
      if (key.required && result_.origins[key.path].kind == ValueOrigin::Kind::Default && !hasProblem(key.path)) {
        problem(key.path, {}, key.path + " is missing", "It has no default: " + key.help);
      }
    }
    for (const auto& rule : result_.schema->rules()) apply(rule);
    return std::move(result_);
  }

 private:
  // readConfig names the place in words; the editor wants it in numbers.
  static TextPosition positionIn(const std::string& where) {
    TextPosition position;
    const auto line = where.rfind(", line ");
    if (line != std::string::npos) {
      if (std::sscanf(where.c_str() + line, ", line %d, column %d", &position.line, &position.column) < 1) return {};
    }
    return position;
  }
  static std::string fileIn(const std::string& where) { return where.substr(0, where.rfind(", line ")); }

  // At the last place that set `node`; the file as a whole for one that nothing set.
  void problem(const std::string& key, const ConfigNode& node, std::string what, std::string cure,
               bool unknown = false) {
    const auto origin = originOf(node);
    result_.problems.push_back({key, origin.position, origin.source, std::move(what), std::move(cure), unknown});
  }

  ValueOrigin originOf(const ConfigNode& node) const {
    if (node.origins.empty() || !node.origins.back().source) return {ValueOrigin::Kind::File, {}, source_};
    const auto& origin = node.origins.back();
    if (origin.layer == ConfigOrigin::Layer::Override) {
      return {ValueOrigin::Kind::Override, origin.position, std::string(kOverride) + *origin.source};
    }
    return {ValueOrigin::Kind::File, origin.position, *origin.source};
  }

  bool hasProblem(const std::string& key) const {
    return std::any_of(result_.problems.begin(), result_.problems.end(),
                       [&key](const ConfigProblem& one) { return one.key == key; });
  }

  std::vector<Override> parse(const std::vector<std::string>& overrides) {
    std::vector<Override> parsed;
    for (const auto& text : overrides) {
      try {
        const auto override = parseOverride(text);
        checkSweepsAllowed({&override, 1}, false);
        parsed.push_back(override);
      } catch (const Error& error) {
        result_.problems.push_back({{}, {}, std::string(kOverride) + text, error.problem(), error.cure(), false});
      }
    }
    return parsed;
  }

  bool findSchema(const std::vector<Override>& overrides) {
    ConfigNode recipe;
    if (const auto* found = tree_.find("recipe"); found && !found->isContainer()) recipe = *found;
    for (const auto& override : overrides) {
      if (override.keyOrGroup == "recipe" && !override.isDelete()) recipe = valueOfOverride(override, nullptr);
    }
    const std::string name = recipe.isNull() || recipe.isContainer() ? "" : pythonText(recipe.scalar());
    std::vector<std::string> known;
    for (const auto& schema : allSchemas()) known.push_back(schema.recipe());
    result_.schema = schemaOf(name);
    if (result_.schema) return true;
    if (name.empty() && broken_) return false;
    const auto near = nearestWord(name, known);
    if (name.empty()) {
      problem("recipe", {}, "recipe is missing", "Add a line \"recipe: " + known.front() + "\".");
    } else {
      problem("recipe", recipe, "there is no recipe " + name,
              near.empty() ? "Known: " + join(known, ", ") + "." : "Did you mean " + near + "?");
    }
    return false;
  }

  void noteDialect() {
    if (!result_.schema->trainable()) {
      result_.notes.push_back(
          {"recipe", {}, source_, "this version cannot train " + result_.schema->recipe() + " yet"});
    }
    if (const auto* project = tree_.find(ConfigKey(kPipelineProject))) {
      const auto origin = originOf(*project);
      result_.notes.push_back({{},
                               origin.position,
                               origin.source,
                               std::string(kPipelineProject) + " has the file read as DeepCORO reads it"});
      tree_.erase(ConfigKey(kPipelineProject));
    }
  }

  // Puts what stands under an old name under ours. The old place refers to the new one, so that interpolations to it
  // stay right; walk() passes over it.
  void renameOldNames() {
    std::vector<std::pair<const OldName*, ConfigNode>> found;
    findOldNames(tree_, {}, found);
    const UpdateOptions force{true, true, &resolvers_};
    for (const auto& [old, value] : found) {
      if (result_.schema->isSection(old->name)) {
        erase(tree_, old->name);
      } else {
        update(tree_, old->name, ConfigNode(ConfigScalar("${" + old->key + "}")), force);
        passedOver_.insert(old->name);
      }
    }
    for (auto& [old, value] : found) update(tree_, old->key, std::move(value), force);
  }

  void findOldNames(const ConfigNode& node, const std::string& prefix,
                    std::vector<std::pair<const OldName*, ConfigNode>>& found) {
    for (const auto& member : node.members()) {
      const std::string name = member.key.text();
      const std::string path = prefix.empty() ? name : prefix + "." + name;
      if (name.find('.') != std::string::npos) continue;
      if (const auto* old = oldNameAt(path, member.value)) {
        if (auto value = renamed(*old, member.value)) found.emplace_back(old, std::move(*value));
      } else if (member.value.isDict() && !result_.schema->find(path)) {
        findOldNames(member.value, path, found);
      }
    }
  }

  std::optional<ConfigNode> renamed(const OldName& old, const ConfigNode& node) {
    const auto earlier = readAs_.find(old.key);
    if (earlier != readAs_.end() || select(tree_, old.key)) {
      problem(old.key, node,
              fmt::format("{} and {} are one key", old.name, earlier != readAs_.end() ? earlier->second : old.key),
              "Keep one of the two.");
      passedOver_.insert(old.name);
      return {};
    }
    readAs_[old.key] = old.name;
    note(old, node);
    if (!old.convert || node.isMissing()) return node;
    try {
      ConfigNode value = fromJson(old.convert(toJson(resolveValue(tree_, old.name, resolvers_))));
      value.origins = node.origins;
      return value;
    } catch (const Error& error) {
      problem(old.key, node, error.problem(), error.cure());
      passedOver_.insert(old.name);
      return {};
    }
  }

  // A section of ours may have the name of somebody's key ("optimizer: AdamW").
  const OldName* oldNameAt(const std::string& path, const ConfigNode& value) const {
    const auto* old = result_.schema->findOldName(path);
    if (!old || !(result_.schema->isSection(path) || result_.schema->isOldSection(path))) return old;
    return value.isText() ? old : nullptr;
  }

  void note(const OldName& old, const ConfigNode& node) {
    const auto origin = originOf(node);
    const std::string from = old.system.empty() ? "" : fmt::format(" ({})", old.system);
    const std::string why = old.why.empty() ? "" : ": " + old.why;
    result_.notes.push_back(
        {old.key, origin.position, origin.source, fmt::format("{}{} is read as {}{}", old.name, from, old.key, why)});
  }

  void walk(const ConfigNode& node, const std::string& prefix) {
    for (const auto& member : node.members()) {
      const std::string name = member.key.text();
      const std::string path = prefix.empty() ? name : prefix + "." + name;
      if (passedOver_.contains(path)) continue;
      const SchemaKey* key = result_.schema->find(path);
      if (name.find('.') != std::string::npos) {
        problem(path, member.value, fmt::format("{} is one key with a point in its name", path),
                "Write sections as nested keys.", true);
      } else if (key && key->path == path) {
        set(*key, member.value);
      } else if (result_.schema->isSection(path)) {
        if (member.value.isDict()) {
          walk(member.value, path);
        } else if (!member.value.isNull()) {
          problem(path, member.value, path + " is a section, not a value", "Indent its keys below it.");
        }
      } else if (member.value.isDict() && result_.schema->isOldSection(path)) {
        walk(member.value, path);
      } else {
        unknown(path, member.value);
      }
    }
  }

  void unknown(const std::string& path, const ConfigNode& node) {
    const auto near = result_.schema->nearest(path);
    problem(path, node, "there is no key " + path, near.empty() ? "" : "Did you mean " + near + "?", true);
  }

  void set(const SchemaKey& key, const ConfigNode& node) {
    try {
      if (node.isMissing()) {
        return problem(key.path, node, key.path + " is ??? and must be given", "Set it, or add " + key.path + "=….");
      }
      slotOf(result_.values, key.path) = valueOf(key, resolveValue(tree_, key.path, resolvers_));
      result_.origins[key.path] = originOf(node);
    } catch (const Error& error) {
      problem(key.path, node, error.problem(), error.cure());
    }
  }

  // A number for a text is what was typed, not what a number looks like when it is written anew.
  static ConfigNode valueOfOverride(const Override& override, const SchemaKey* key) {
    ConfigNode node = override.node();
    const bool text = key && (key->type == ValueType::Text || key->type == ValueType::Path ||
                              (key->type == ValueType::Map && key->itemType == ValueType::Text));
    if (text && !node.isContainer() && !node.isNull() && !node.isText()) {
      node = ConfigNode(ConfigScalar(std::string(trim(override.valueText()))));
    }
    addOrigin(node, {ConfigOrigin::Layer::Override, std::make_shared<const std::string>(override.inputLine), {}});
    return node;
  }

  // A key's path; of an old name ours, noted.
  std::string pathOf(const Override& override, const ConfigNode& value) {
    const auto* old = oldNameAt(override.keyOrGroup, value);
    if (!old) return override.keyOrGroup;
    note(*old, value);
    return old->key;
  }

  void apply(const Override& override) {
    std::string path = override.keyOrGroup;
    const SchemaKey* key = result_.schema->find(path);
    try {
      ConfigNode value = valueOfOverride(override, key);
      if (const std::string ours = pathOf(override, value); ours != path) {
        const auto* old = result_.schema->findOldName(path);
        path = ours;
        key = result_.schema->find(path);
        value = valueOfOverride(override, key);
        if (old->convert && !override.isDelete()) {
          const auto origins = value.origins;
          value = fromJson(old->convert(toJson(value)));
          value.origins = origins;
        }
      }
      if (!key && !result_.schema->isSection(path)) return unknown(path, value);
      if (override.isDelete()) {
        const auto* there = select(tree_, path);
        if (override.value && (!there || !(resolveValue(tree_, path, resolvers_) == override.node()))) {
          return problem(path, value, fmt::format("{} is not {}", path, override.valueElementText()), {});
        }
        if (there) erase(tree_, path);
      } else {
        update(tree_, path, value, {true, true, &resolvers_});
      }
    } catch (const Error& error) {
      result_.problems.push_back(
          {path, {}, std::string(kOverride) + override.inputLine, error.problem(), error.cure(), false});
    }
  }

  // A broken rule stands at the key that somebody set, the rule's own first.
  void apply(const KeyRule& rule) {
    if (hasProblem(rule.key) || hasProblem(rule.other) || hasProblem(rule.when)) return;
    const auto broken = check(rule, result_.values);
    if (!broken) return;
    const bool own = result_.origins[rule.key].kind != ValueOrigin::Kind::Default;
    const std::string& blamed = own ? rule.key : rule.other;
    const auto& origin = result_.origins[blamed];
    result_.problems.push_back(
        {blamed, origin.position, origin.source.empty() ? source_ : origin.source, broken->what, broken->cure, false});
  }

  std::string source_;
  ConfigNode tree_ = ConfigNode::dict();
  Resolvers resolvers_;
  bool broken_ = false;
  std::map<std::string, std::string> readAs_;  // our key and the old name that it stands under
  std::set<std::string> passedOver_;           // old names that were read
  Composition result_;
};

// What composition itself must apply: choices of groups and what lies below hydra. Keys of the schema are ours.
bool isForHydra(const std::string& text, const ConfigRepository& repository) {
  try {
    const Override override = parseOverride(text);
    return override.isHydra() || override.package || override.keyOrGroup.find('/') != std::string::npos ||
           repository.groupExists(override.keyOrGroup);
  } catch (const Error&) {
    return false;  // the schema's side says what is wrong with it
  }
}

ConfigNode readOwn(std::string_view text, const std::string& source, std::vector<ReadNote>& notes) {
  ReadOptions options;
  options.dialect = dialectOf(text, source);
  options.notes = &notes;
  return readConfig(text, source, options);
}

}  // namespace

Composition composeText(std::string_view text, const std::string& source, const std::vector<std::string>& overrides) {
  return Composer(source, nullptr, [&](auto& notes) { return readOwn(text, source, notes); }).compose(overrides);
}

Composition composeFile(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                        const std::optional<std::string>& editedText) {
  const std::string text = editedText ? *editedText : readFile(file, kMostYamlBytes);
  const auto composed = std::make_shared<Composed>();
  bool isComposed = false;
  std::vector<std::string> ours;
  const auto read = [&](std::vector<ReadNote>& notes) {
    ConfigNode tree = readOwn(text, file.string(), notes);
    if (!tree.isDict() || !tree.find("defaults")) {
      ours = overrides;
      return tree;
    }
    ComposeRequest request = requestOfFile(file);
    request.primaryText = text;
    const ConfigRepository repository(request.configDirectories, request.versionBase, request.cache);
    for (const auto& override : overrides)
      (isForHydra(override, repository) ? request.overrides : ours).push_back(override);
    *composed = compose(request);
    isComposed = true;
    return composed->task;
  };
  Composer composer(file.string(), &composed->hydra, read);
  Composition made = composer.compose(ours);
  if (isComposed) {
    // What the schema took goes into what the run's .hydra says, as if Hydra had taken it.
    composed->task = composer.tree();
    composed->taskOverrides.clear();
    for (const auto& override : overrides)
      if (std::find(composed->hydraOverrides.begin(), composed->hydraOverrides.end(), override) ==
          composed->hydraOverrides.end())
        composed->taskOverrides.push_back(override);
    made.composed = composed;
  }
  return made;
}

}  // namespace counterpoint
