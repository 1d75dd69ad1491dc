// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/sweeps/sweep_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/files.h"
#include "core/base/words.h"
#include "core/config/sweeps/parameter_reader.h"
#include "core/config/tree/yaml_guard.h"

namespace counterpoint {
namespace {

const std::vector<std::string> kMethods = {"grid", "random", "bayes", "custom"};
const std::vector<std::string> kTopKeys = {"method",    "metric",     "metrics",    "parameters", "early_terminate",
                                           "run_cap",   "program",    "command",    "name",       "description",
                                           "project",   "entity",     "controller", "job",        "image_uri",
                                           "scheduler", "apiVersion", "kind"};
const std::vector<std::string> kImputations = {"worst", "best", "latest"};

SweepMetric metricOf(const SweepNodeReader& reader, const YamlNode& node) {
  SweepMetric metric;
  reader.checkKeys(node, "metric", {"name", "goal", "target", "impute", "impute_while_running"});
  if (!node.find("name")) reader.refuse(node.position, "metric has no name", "Add a line name: val/loss.");
  for (const auto& member : node.members) {
    const std::string what = "metric." + member.key;
    if (member.key == "name") metric.name = reader.text(member.value, what);
    if (member.key == "goal") metric.maximize = reader.choice(member.value, what, {"minimize", "maximize"}) == 1;
    if (member.key == "target") metric.target = reader.number(member.value, what);
    if (member.key == "impute")
      metric.impute = static_cast<Imputation>(reader.choice(member.value, what, kImputations));
    if (member.key == "impute_while_running") {
      const auto choice = reader.choice(member.value, what, {"worst", "best", "latest", "false"});
      if (choice < kImputations.size()) metric.imputeWhileRunning = static_cast<Imputation>(choice);
    }
  }
  return metric;
}

HyperbandRule hyperbandOf(const SweepNodeReader& reader, const YamlNode& node, std::vector<std::string>& notes) {
  HyperbandRule rule;
  if (node.kind != YamlNode::Kind::Map || !node.find("type"))
    reader.refuse(node.position, "early_terminate has no type", "Add a line type: hyperband.");
  for (const auto& member : node.members) {
    const std::string what = "early_terminate." + member.key;
    if (member.key == "type") {
      reader.choice(member.value, what, {"hyperband"});
    } else if (member.key == "max_iter") {
      rule.maxIterations = static_cast<double>(reader.wholeNumber(member.value, what));
    } else if (member.key == "min_iter") {
      rule.minIterations = static_cast<double>(reader.wholeNumber(member.value, what));
      if (*rule.minIterations < 1) reader.refuse(member.value.position, what + " is below 1");
    } else if (member.key == "s") {
      rule.rounds = reader.number(member.value, what);
    } else if (member.key == "eta") {
      rule.eta = reader.number(member.value, what);
      if (!(rule.eta > 1)) reader.refuse(member.value.position, what + " is not above 1");
    } else if (member.key == "strict") {
      rule.strict = reader.boolean(member.value, what);
    } else {
      notes.push_back(reader.where(member.keyPosition) + ": " + what + " means nothing and is left out");
    }
  }
  if (!(rule.maxIterations && node.find("s")) && !rule.minIterations)
    reader.refuse(node.position, "early_terminate needs min_iter, or max_iter and s");
  if (rule.maxIterations && !node.find("s")) rule.maxIterations.reset();  // min_iter is there
  return rule;
}

void readTop(const SweepNodeReader& reader, const YamlNode::Member& member, SweepFile& file) {
  const std::string& key = member.key;
  const std::map<std::string, std::string*> texts = {{"program", &file.program},
                                                     {"name", &file.name},
                                                     {"description", &file.description},
                                                     {"project", &file.project},
                                                     {"entity", &file.entity}};
  if (const auto text = texts.find(key); text != texts.end()) {
    if (member.value.kind != YamlNode::Kind::Null) *text->second = reader.text(member.value, key);
  } else if (key == "method") {
    file.method = static_cast<SweepMethod>(reader.choice(member.value, key, kMethods));
  } else if (key == "metric") {
    file.metric = metricOf(reader, member.value);
  } else if (key == "metrics") {
    if (member.value.kind != YamlNode::Kind::List || member.value.items.size() < 2)
      reader.refuse(member.value.position, "metrics is not a list of at least two", "For one, write metric.");
    for (const auto& item : member.value.items) file.metrics.push_back(metricOf(reader, item));
  } else if (key == "parameters") {
    file.parameters = reader.parameters(member.value);
  } else if (key == "early_terminate") {
    file.hyperband = hyperbandOf(reader, member.value, file.notes);
  } else if (key == "run_cap") {
    file.runCap = reader.wholeNumber(member.value, key);
    if (*file.runCap < 1) reader.refuse(member.value.position, "run_cap is below 1");
  } else if (key == "command") {
    if (member.value.kind != YamlNode::Kind::List) reader.refuse(member.value.position, "command is not a list");
    for (const auto& item : member.value.items) file.command.push_back(item.text);
  } else {
    if (key == "kind") reader.choice(member.value, key, {"sweep"});
    file.others[key] = reader.json(member.value);
  }
}

}  // namespace

std::string_view nameOf(SweepMethod method) { return kMethods[static_cast<std::size_t>(method)]; }

std::string SweepParameter::key() const { return join(path, "."); }

std::string SweepFile::where(const SweepParameter& parameter) const {
  return SweepNodeReader(source).where(parameter.position);
}

SweepFile readSweepText(std::string_view text, const std::string& source) {
  const YamlNode root = readYaml(text, source);
  const SweepNodeReader reader(source);
  SweepFile file;
  file.source = source;
  reader.checkKeys(root, "a sweep file", kTopKeys);
  if (!root.find("method"))
    reader.refuse(root.position, "method is missing", "Add a line method: random (or grid, bayes).");
  for (const auto& member : root.members) readTop(reader, member, file);
  const auto at = [&](const char* key) { return root.find(key)->keyPosition; };
  if (file.method == SweepMethod::Custom)
    reader.refuse(at("method"), "method custom needs a scheduler written in Python, which cannot run here",
                  "Use grid, random or bayes.");
  if (!file.metrics.empty()) reader.refuse(at("metrics"), "several metrics need method custom", "Write one metric.");
  if (root.find("scheduler")) reader.refuse(at("scheduler"), "a scheduler needs method custom");
  if (file.method == SweepMethod::Bayes && !file.metric)
    reader.refuse(at("method"), "method bayes needs a metric", "Add metric: {name: val/loss, goal: minimize}.");
  if (file.hyperband && !file.metric)
    reader.refuse(at("early_terminate"), "early_terminate needs a metric", "Add metric: {name: val/loss}.");
  if (file.parameters.empty()) reader.refuse(root.position, "parameters is missing", "Name at least one parameter.");
  for (const auto& parameter : file.parameters) {
    if (file.method == SweepMethod::Grid && !gridValues(parameter.distribution))
      reader.refuse(
          parameter.position,
          fmt::format("a grid cannot go through {} ({})", parameter.key(), nameOf(parameter.distribution.kind)),
          "Give it values, whole min and max, or distribution: q_uniform.");
  }
  if (file.method == SweepMethod::Bayes && std::all_of(file.parameters.begin(), file.parameters.end(),
                                                       [](const auto& one) { return one.distribution.isConstant(); }))
    reader.refuse(at("parameters"), "method bayes needs a parameter that varies");
  return file;
}

SweepFile readSweepFile(const std::filesystem::path& file) {
  return readSweepText(readFile(file, kMostYamlBytes), file.string());
}

bool looksLikeSweepFile(std::string_view text) {
  try {
    const YamlNode root = readYaml(text, {});
    return root.find("method") && root.find("parameters");
  } catch (const Error&) {
    return false;
  }
}

Json trialConfig(const SweepFile& file, const TrialValues& values) {
  Json config = Json::object();
  for (std::size_t i = 0; i < file.parameters.size(); ++i) {
    const auto& path = file.parameters[i].path;
    Json* place = &config[path[0]]["value"];
    for (std::size_t level = 1; level < path.size(); ++level) place = &(*place)[path[level]];
    *place = values[i];
  }
  return config;
}

}  // namespace counterpoint
