// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import/draft.h"

#include "core/base/error.h"
#include "core/base/secrets.h"
#include "core/base/words.h"
#include "core/config/import/source_system.h"
#include "core/config/tree/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace counterpoint {
namespace {

using Kind = ImportLine::Kind;

std::string joined(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

// "5" and 5, "0" and false: what an argument's text may mean for a key.
ConfigNode fittingNode(const SchemaKey& key, const ConfigNode& node, const std::string* typed) {
  const bool text = key.type == ValueType::Text || key.type == ValueType::Path || key.type == ValueType::Choice;
  if (typed && text && !node.isContainer()) return ConfigScalar(*typed);
  if (key.type == ValueType::Bool && node.kind() == ConfigNode::Kind::Int) {
    const auto number = std::get<std::int64_t>(node.scalar());
    if (number == 0 || number == 1) return ConfigScalar(number == 1);
  }
  if (key.type == ValueType::List && !node.isList() && typed) {
    ConfigNode list = ConfigNode::list();
    list.items().push_back(key.itemType == ValueType::Text ? ConfigNode(ConfigScalar(*typed)) : node);
    return list;
  }
  return node;
}

// The same value, though one may be written as a text, as 0 or 1, or as a list of one.
bool isSame(const Json& theirs, const Json& ours) {
  if (theirs == ours) return true;
  if (ours.is_array() && ours.size() == 1 && !theirs.is_array()) return isSame(theirs, ours[0]);
  if (ours.is_string() && theirs.is_number()) return true;
  return ours.is_boolean() && theirs.is_number() && theirs == Json(ours.get<bool>() ? 1 : 0);
}

Json maskedValue(const std::string& path, const Json& value) {
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    const bool secret = isSecretName(path.substr(path.rfind('.') + 1)) || maskSecrets(text) != text;
    return secret ? Json("***") : value;
  }
  Json copy = value;
  if (value.is_structured()) {
    for (auto& item : copy) item = maskedValue(path, item);
  }
  return copy;
}

}  // namespace

ImportDraft::ImportDraft(const ForeignConfig& config, const SourceSystem& system)
    : config_(config), system_(system), schema_(*schemaOf(system.recipe)) {}

const ConfigNode* ImportDraft::find(const std::string& path) const {
  return taken_.contains(path) || config_.open.contains(path) ? nullptr : select(config_.tree, path);
}

std::string ImportDraft::text(const std::string& path) const {
  const auto* node = find(path);
  return node && !node->isContainer() ? pythonText(node->scalar()) : "";
}

double ImportDraft::number(const std::string& path, double otherwise) const {
  const auto* node = find(path);
  const Json value = node ? toJson(*node) : Json();
  return value.is_number() ? value.get<double>() : otherwise;
}

ImportLine ImportDraft::lineOf(const std::string& path, const ConfigNode& node) const {
  ImportLine line;
  line.from = config_.spelling(path);
  line.was = maskedValue(path, toJson(node));
  line.source = config_.source;
  if (!node.origins.empty()) {
    line.position = node.origins.back().position;
    if (node.origins.back().source) line.source = *node.origins.back().source;
  }
  return line;
}

void ImportDraft::drop(const std::string& path, const std::string& why) {
  const auto* node = select(config_.tree, path);
  if (!node || !taken_.insert(path).second) return;
  ImportLine line = lineOf(path, *node);
  line.kind = Kind::Dropped;
  line.why = why;
  lines_.push_back(std::move(line));
}

void ImportDraft::rename(const std::string& path, const std::string& key, const Json& value, const std::string& why) {
  const auto* node = select(config_.tree, path);
  if (!node || taken_.contains(path)) return;
  const SchemaKey* found = schema_.find(key);
  if (!found) throw Error(ErrorKind::Bug, "an import names no key of " + schema_.recipe(), key);
  if (value.is_null() && !found->nullable) return drop(path, "null: our own default counts");
  Json taken;
  try {
    taken = found->path == key ? valueOf(*found, fromJson(value)) : value;
    if (isSecretName(path.substr(path.rfind('.') + 1)) || maskedValue(key, taken) != taken) {
      return drop(path, "holds a key or token: put it into the workspace's .env");
    }
  } catch (const Error& error) {
    return drop(path, error.problem() + (error.cure().empty() ? "" : ". " + error.cure()));
  }
  if (const auto earlier = given_.find(key); earlier != given_.end() && values_[key] != taken) {
    return drop(path, fmt::format("{} has set {} already", earlier->second, key));
  }
  taken_.insert(path);
  ImportLine line = lineOf(path, *node);
  line.to = key;
  line.value = taken;
  line.why = why;
  const auto typed = config_.typed.find(path);
  const bool same =
      isSame(toJson(*node), taken) || (typed != config_.typed.end() && isSame(Json(typed->second), taken));
  line.kind = !same ? Kind::Fixed : path == key ? Kind::Kept : Kind::Renamed;
  values_[key] = std::move(taken);
  given_[key] = line.from;
  lines_.push_back(std::move(line));
}

void ImportDraft::add(const std::string& key, const Json& value, const std::string& why) {
  if (isSet(key)) return;
  const SchemaKey* found = schema_.find(key);
  if (!found) throw Error(ErrorKind::Bug, "an import names no key of " + schema_.recipe(), key);
  if (found->path == key && found->fallback == value) return;
  ImportLine line;
  line.kind = Kind::Added;
  line.to = key;
  line.value = value;
  line.why = why;
  values_[key] = value;
  added_.push_back(std::move(line));
}

const OldName* ImportDraft::oldName(const std::string& path) const {
  if (const auto* old = schema_.findOldName(path)) return old;
  return system_.byLastWord ? schema_.findOldName(path.substr(path.rfind('.') + 1)) : nullptr;
}

bool ImportDraft::takeByTables(const std::string& path, const ConfigNode& node) {
  for (const auto& dropped : system_.dropped) {
    if (path != dropped.key && !path.starts_with(dropped.key + ".")) continue;
    dropBelow(path, node, dropped.why);
    return true;
  }
  const SchemaKey* key = schema_.find(path);
  const OldName* old = oldName(path);
  // A section of ours with the name of a key there, or the other way round.
  if (old && node.isDict() && schema_.find(old->key)->type != ValueType::Map) old = nullptr;
  if (key && (key->path != path || (node.isDict() && key->type != ValueType::Map))) key = nullptr;
  if (!key && !old) return false;
  if (!key) key = schema_.find(old->key);
  const Json value = jsonOf(path, *key, node);
  try {
    rename(path, key->path, old && old->convert ? old->convert(toJson(node)) : value, old ? old->why : std::string());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Bug) throw;
    drop(path, error.problem() + (error.cure().empty() ? "" : ". " + error.cure()));
  }
  return true;
}

Json ImportDraft::jsonOf(const std::string& path, const SchemaKey& key, const ConfigNode& node) const {
  const auto typed = config_.typed.find(path);
  return toJson(fittingNode(key, node, typed == config_.typed.end() ? nullptr : &typed->second));
}

void ImportDraft::dropBelow(const std::string& path, const ConfigNode& node, const std::string& why) {
  if (!node.isDict() || node.size() == 0) return drop(path, why);
  for (const auto& member : node.members()) dropBelow(joined(path, member.key.text()), member.value, why);
}

// Variables of a script, and those of the ranks' environment.
bool ImportDraft::takeVariable(const std::string& path, const ConfigNode& node) {
  if (!config_.words || schema_.findOldName(path)) return false;
  if (config_.variables.contains(path)) {
    drop(path, "a variable of the script: its value stands where it is used");
    return true;
  }
  for (const char* ours : {"NCCL_", "OMP_", "CUDA_", "PYTORCH_CUDA_"}) {
    if (!path.starts_with(ours) || path == "CUDA_VISIBLE_DEVICES") continue;
    const auto typed = config_.typed.find(path);
    rename(path, "launch.env." + path, typed == config_.typed.end() ? toJson(node) : Json(typed->second));
    return true;
  }
  return false;
}

void ImportDraft::takeLeaf(const std::string& path, const ConfigNode& node) {
  if (node.isMissing()) return drop(path, "??? stands for a value that was never given");
  const std::string near = schema_.nearest(path);
  drop(path, fmt::format("no key of {} that is known here{}", system_.title, near.empty() ? "" : "; near: " + near));
}

void ImportDraft::walk(const ConfigNode& node, const std::string& prefix) {
  for (const auto& member : node.members()) {
    const std::string path = joined(prefix, member.key.text());
    if (taken_.contains(path)) continue;
    if (takeVariable(path, member.value)) continue;
    if (const auto open = config_.open.find(path); open != config_.open.end()) {
      const auto* old = oldName(path);
      drop(path, open->second + (old ? ": set " + old->key + " yourself" : ""));
    } else if (member.key.text().find('.') != std::string::npos) {
      // no path leads to it
      taken_.insert(path);
      ImportLine line = lineOf(path, member.value);
      line.kind = Kind::Dropped;
      line.why = "one key with a point in its name";
      lines_.push_back(std::move(line));
    } else if (takeByTables(path, member.value)) {
      continue;
    } else if (member.value.isDict() && member.value.size() > 0) {
      walk(member.value, path);
    } else {
      takeLeaf(path, member.value);
    }
  }
}

ImportReport ImportDraft::finish() {
  if (system_.adjust) system_.adjust(*this);
  walk(config_.tree, {});
  for (const auto& implied : system_.implied) add(implied.key, implied.value, implied.why);

  ImportReport report;
  report.system = system_.name;
  report.title = system_.title;
  report.recipe = system_.recipe;
  report.values["recipe"] = system_.recipe;
  const auto put = [&report](const std::string& path, const Json& value) {
    Json* node = &report.values;
    for (const auto& part : split(path, '.')) node = &(*node)[part];
    *node = value;
  };
  for (const auto& key : schema_.keys()) {
    if (const auto found = values_.find(key.path); found != values_.end()) put(key.path, found->second);
    for (const auto& [path, value] : values_) {
      if (path.starts_with(key.path + ".") && schema_.find(path) == &key) put(path, value);
    }
  }
  // In the order of the file; what rules took early is put where it stood.
  const auto place = [](const ImportLine& line) {
    return std::tuple(std::string_view(line.source), line.position.line, line.position.column);
  };
  std::stable_sort(lines_.begin(), lines_.end(),
                   [&place](const ImportLine& a, const ImportLine& b) { return place(a) < place(b); });
  report.lines = std::move(lines_);
  report.lines.insert(report.lines.end(), added_.begin(), added_.end());
  report.notes = config_.notes;
  return report;
}

}  // namespace counterpoint
