// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/compose.h"

#include "core/base/files.h"
#include "core/base/words.h"
#include "core/config/compose/apply_overrides.h"
#include "core/config/compose/builtin.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/reader.h"
#include "core/config/tree/types.h"
#include "core/config/tree/yaml_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

ConfigNode textNode(std::string text) { return ConfigNode(ConfigScalar(std::move(text))); }

void setLayer(ConfigNode& node, ConfigOrigin::Layer layer) {
  for (auto& origin : node.origins) origin.layer = layer;
  if (node.isList()) {
    for (auto& item : node.items()) setLayer(item, layer);
  } else if (node.isDict()) {
    for (const auto& member : node.members()) setLayer(*node.find(member.key), layer);
  }
}

class Composer {
 public:
  explicit Composer(const ComposeRequest& request)
      : request_(request),
        repository_(request.configDirectories, request.versionBase, request.cache),
        hydraType_(hydraNodeType()) {}

  Composed run() {
    made_.version = request_.versionBase;
    made_.secondsSinceEpoch = request_.secondsSinceEpoch;
    std::vector<std::string> texts = request_.overrides;
    if (request_.mode == ComposeRequest::Mode::Run) texts.push_back("hydra.mode=RUN");
    if (request_.mode == ComposeRequest::Mode::Multirun) texts.push_back("hydra.mode=MULTIRUN");
    overrides_ = parseOverrides(texts);
    if (!request_.configDirectories.empty() && !fs::is_directory(request_.configDirectories.front())) {
      throw ConfigError(ConfigFault::MissingConfig,
                        fmt::format("Primary config directory not found.\nCheck that the config directory '{}' exists "
                                    "and readable",
                                    request_.configDirectories.front().string()));
    }
    if (request_.primaryText) {
      repository_.replace(request_.configName, readConfigText(*request_.primaryText, request_.primarySource));
    }
    readSearchPath();
    const bool isMultirun = request_.mode == ComposeRequest::Mode::Multirun;
    checkSweepsAllowed(overrides_, isMultirun);
    made_.defaults = createDefaultsList(repository_, request_.configName, overrides_, {true, isMultirun});
    for (const auto& one : made_.defaults.defaults) mergeOne(one);
    Resolvers resolvers;
    addHydraResolvers(resolvers, {request_.secondsSinceEpoch, nullptr});
    root_.structFlag = true;
    applyOverrides(root_, made_.defaults.valueOverrides, resolvers, hydraType_);
    fillHydra(resolvers);
    if (const ConfigNode* hydra = root_.find("hydra")) made_.hydra = *hydra;
    root_.erase("hydra");
    made_.task = std::move(root_);
    made_.sources = repository_.sources();
    made_.warnings.insert(made_.warnings.begin(), repository_.warnings().begin(), repository_.warnings().end());
    return std::move(made_);
  }

 private:
  // hydra.searchpath counts in the primary config and on the command line only.
  void readSearchPath() {
    ConfigNode wanted;
    std::string provider = "hydra.searchpath in main";
    if (!request_.configName.empty()) {
      if (const auto* primary = repository_.load(request_.configName)) {
        const ConfigNode& content = primary->loaded->content;
        if (!content.isDict()) {
          throw ConfigError(ConfigFault::Composition,
                            fmt::format("primary config '{}' must be a DictConfig, got {}", request_.configName,
                                        pythonTypeOf(content)),
                            primary->loaded->file);
        }
        Resolvers resolvers;
        if (auto found = selectResolved(content, "hydra.searchpath", resolvers)) wanted = resolveItems(*found, content);
      }
    }
    for (const auto& override : overrides_) {
      if (override.keyElement() != "hydra.searchpath") continue;
      wanted = override.node();
      provider = "hydra.searchpath in command-line";
      break;
    }
    if (wanted.isNull() || wanted.isMissing()) return;
    std::vector<std::string> entries;
    const bool isTexts = wanted.isList() && std::all_of(wanted.items().begin(), wanted.items().end(),
                                                        [](const ConfigNode& item) { return item.isText(); });
    if (!isTexts) {
      throw ConfigError(ConfigFault::Composition,
                        fmt::format("hydra.searchpath must be a list of strings. Got: {}", pythonStr(wanted)),
                        placeOf(wanted), "Write hydra.searchpath=[FOLDER].");
    }
    for (const auto& item : wanted.items()) entries.push_back(item.text());
    repository_.addSearchPath(entries, provider, workingDirectory());
  }

  static ConfigNode resolveItems(const ConfigNode& list, const ConfigNode& root) {
    if (!list.isList()) return list;
    ConfigNode resolved = list;
    Resolvers resolvers;
    for (auto& item : resolved.items()) {
      if (item.isInterpolation()) item = resolveText(root, item.text(), resolvers);
    }
    return resolved;
  }

  fs::path workingDirectory() const {
    return request_.workingDirectory.empty() ? fs::current_path() : request_.workingDirectory;
  }

  void mergeOne(const ResultDefault& one) {
    const auto& loaded = *repository_.load(one.configPath)->loaded;
    ConfigNode content = loaded.content;
    const bool isBuiltin = loaded.file.starts_with("builtin ");
    setLayer(content, isBuiltin     ? ConfigOrigin::Layer::Default
                      : one.primary ? ConfigOrigin::Layer::File
                                    : ConfigOrigin::Layer::Group);
    ConfigNode embedded = ConfigNode::dict();
    if (one.package.empty()) {
      embedded = std::move(content);
    } else {
      update(embedded, one.package, std::move(content), {.merge = false});
    }
    if (!one.primary && one.configPath != "hydra/config" && embedded.isDict()) {
      const ConfigNode* searchPath = select(std::as_const(embedded), "hydra.searchpath");
      if (searchPath && !searchPath->isNull()) {
        throw ConfigError(ConfigFault::Composition,
                          fmt::format("In '{}': Overriding hydra.searchpath is only supported from the primary config",
                                      one.configPath),
                          placeOf(*searchPath), "Move it there, or give it as hydra.searchpath=[FOLDER].");
      }
    }
    try {
      mergeInto(std::move(embedded));
    } catch (const ConfigError& error) {
      throw ConfigError(ConfigFault::Composition,
                        fmt::format("In '{}': {} raised while composing config:\n{}", one.configPath,
                                    pythonNameOf(error.fault()), error.problem()),
                        error.where().empty() ? loaded.file : error.where(), error.cure());
    }
    hydraIsTyped_ = hydraIsTyped_ || one.configPath == "hydra/config";
  }

  // The hydra node has types from hydra/config on.
  void mergeInto(ConfigNode embedded) {
    const ConfigNode* hydra = embedded.isDict() && hydraIsTyped_ ? embedded.find("hydra") : nullptr;
    if (hydra) {
      if (hydra->isDict()) {
        mergeTyped(root_["hydra"], *hydra, hydraType_);
        embedded.erase("hydra");
      } else {
        converted(*hydra, hydraType_, "hydra");
      }
    }
    merge(root_, embedded);
  }

  void fillHydra(const Resolvers& resolvers) {
    ConfigNode& hydra = root_["hydra"];
    std::vector<Override> task;
    for (const auto& override : overrides_) {
      (override.isHydra() ? made_.hydraOverrides : made_.taskOverrides).push_back(override.inputLine);
      if (!override.isHydra()) task.push_back(override);
    }
    append(hydra, "overrides.hydra", made_.hydraOverrides);
    append(hydra, "overrides.task", made_.taskOverrides);
    ConfigNode& choices = hydra["runtime"]["choices"];
    for (const auto& [key, option] : made_.defaults.choices) choices[key] = option ? textNode(*option) : ConfigNode();
    ConfigNode& job = hydra["job"];
    for (const auto& name : textsAt("hydra.job.env_copy", resolvers)) {
      const char* value = std::getenv(name.c_str());
      if (!value) {
        throw ConfigError(ConfigFault::Composition,
                          fmt::format("hydra.job.env_copy names {}, which is not set in the environment", name));
      }
      job["env_set"][name] = textNode(value);
    }
    ConfigNode& runtime = hydra["runtime"];
    runtime["version"] = textNode(std::string(kHydraVersion));
    runtime["version_base"] = textNode(request_.versionBase.text());
    runtime["cwd"] = textNode(workingDirectory().string());
    runtime["config_sources"] = sourcesNode();
    if (request_.outputDirectory) runtime["output_dir"] = textNode(fs::absolute(*request_.outputDirectory).string());
    if (!job.find("name") || job["name"].isMissing()) job["name"] = textNode(request_.jobName);
    job["override_dirname"] = textNode(overrideDirname(task, resolvers));
    job["config_name"] = request_.configName.empty() ? ConfigNode() : textNode(request_.configName);
    if (request_.jobNumber) {
      job["num"] = ConfigNode(ConfigScalar(*request_.jobNumber));
      job["id"] = textNode(std::to_string(*request_.jobNumber));
    }
  }

  static void append(ConfigNode& hydra, std::string_view path, const std::vector<std::string>& texts) {
    ConfigNode* list = select(hydra, path);
    if (!list || !list->isList()) throw ConfigError(ConfigFault::Composition, fmt::format("hydra.{} is no list", path));
    for (const auto& text : texts) list->items().push_back(textNode(text));
  }

  ConfigNode sourcesNode() const {
    ConfigNode list = ConfigNode::list();
    for (const auto& source : repository_.sources()) {
      ConfigNode item = ConfigNode::dict();
      item["path"] = textNode(source.path);
      item["schema"] = textNode(source.scheme);
      item["provider"] = textNode(source.provider);
      list.items().push_back(std::move(item));
    }
    return list;
  }

  std::vector<std::string> textsAt(std::string_view path, const Resolvers& resolvers) const {
    std::vector<std::string> texts;
    const auto found = selectResolved(root_, path, resolvers);
    if (!found || !found->isList()) return texts;
    for (const auto& item : found->items()) texts.push_back(pythonStr(item));
    return texts;
  }

  std::string textAt(std::string_view path, const Resolvers& resolvers) const {
    const auto found = selectResolved(root_, path, resolvers);
    return found ? pythonStr(*found) : std::string();
  }

  std::string overrideDirname(const std::vector<Override>& task, const Resolvers& resolvers) const {
    const std::string at = "hydra.job.config.override_dirname.";
    const auto excluded = textsAt(at + "exclude_keys", resolvers);
    std::vector<std::string> lines;
    for (const auto& override : task) {
      if (std::find(excluded.begin(), excluded.end(), override.keyOrGroup) == excluded.end()) {
        lines.push_back(override.inputLine);
      }
    }
    std::sort(lines.begin(), lines.end());
    std::string name;
    const std::string separator = textAt(at + "kv_sep", resolvers);
    for (const char letter : join(lines, textAt(at + "item_sep", resolvers))) {
      if (letter == '=') {
        name += separator;
      } else {
        name += letter;
      }
    }
    return name;
  }

  const ComposeRequest& request_;
  ConfigRepository repository_;
  ConfigType hydraType_;
  std::vector<Override> overrides_;
  ConfigNode root_ = ConfigNode::dict();
  bool hydraIsTyped_ = false;
  Composed made_;
};

}  // namespace

Composed compose(const ComposeRequest& request) { return Composer(request).run(); }

ComposeRequest requestOfFile(const fs::path& file, std::vector<std::string> overrides) {
  ComposeRequest request;
  const fs::path whole = fs::absolute(file).lexically_normal();
  request.configDirectories = {whole.parent_path()};
  request.primarySource = file.string();
  request.configName = whole.extension() == ".yaml" ? whole.stem().string() : whole.filename().string();
  if (whole.extension() == ".yml") request.primaryText = readFile(whole, kMostYamlBytes);
  request.overrides = std::move(overrides);
  return request;
}

}  // namespace counterpoint
