// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/sweeps/parameter_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/words.h"
#include "core/config/tree/scalars.h"

namespace counterpoint {
namespace {

using Kind = DistributionKind;

// The keys that a distribution takes beside `distribution`, the required ones first.
struct Form {
  std::vector<Kind> kinds;
  std::size_t required;
  std::vector<std::string> keys;
};

const std::vector<Form>& forms() {
  static const std::vector<Form> all = {
      {{Kind::Beta}, 0, {"a", "b"}},
      {{Kind::QBeta}, 0, {"a", "b", "q"}},
      {{Kind::Categorical}, 1, {"values"}},
      {{Kind::CategoricalWithProbabilities}, 2, {"values", "probabilities"}},
      {{Kind::Constant}, 1, {"value"}},
      {{Kind::Normal, Kind::LogNormal}, 0, {"mu", "sigma"}},
      {{Kind::QNormal, Kind::QLogNormal}, 0, {"mu", "sigma", "q"}},
      {{Kind::QUniform, Kind::QLogUniform, Kind::QLogUniformValues}, 2, {"min", "max", "q"}},
      {{Kind::IntUniform, Kind::Uniform, Kind::LogUniform, Kind::InvLogUniform, Kind::LogUniformValues,
        Kind::InvLogUniformValues},
       2,
       {"min", "max"}},
  };
  return all;
}

const Form& formOf(Kind kind) {
  for (const auto& form : forms())
    if (std::find(form.kinds.begin(), form.kinds.end(), kind) != form.kinds.end()) return form;
  throw Error(ErrorKind::Bug, "a distribution without a form", std::string(nameOf(kind)));
}

bool isLogarithmOfValues(Kind kind) {
  return kind == Kind::LogUniformValues || kind == Kind::InvLogUniformValues || kind == Kind::QLogUniformValues;
}

bool isParameterName(const std::string& name) {
  const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && isLetter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

// For messages about a value that is not what it should be.
std::string inWords(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Null: return "nothing";
    case YamlNode::Kind::List: return "a list";
    case YamlNode::Kind::Map: return "a group of keys";
    default: return node.text.size() > 40 ? fmt::format("{}…", node.text.substr(0, 40)) : node.text;
  }
}

}  // namespace

std::string SweepNodeReader::where(const TextPosition& position) const {
  return position.line > 0 ? fmt::format("{}, line {}", source_, position.line) : source_;
}

void SweepNodeReader::refuse(const TextPosition& position, std::string what, std::string cure) const {
  throw usageError(std::move(what), where(position), std::move(cure));
}

void SweepNodeReader::checkKeys(const YamlNode& node, const std::string& what,
                                const std::vector<std::string>& known) const {
  if (node.kind != YamlNode::Kind::Map) refuse(node.position, what + " is " + inWords(node) + ", not a group of keys");
  for (const auto& member : node.members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    const auto near = nearestWord(member.key, known);
    refuse(member.keyPosition, fmt::format("{} has no key {}", what, member.key),
           near.empty() ? "Known are " + join(known, ", ") + "." : "Did you mean " + near + "?");
  }
}

Json SweepNodeReader::json(const YamlNode& node) const {
  switch (node.kind) {
    case YamlNode::Kind::Null: return nullptr;
    case YamlNode::Kind::List: {
      Json list = Json::array();
      for (const auto& item : node.items) list.push_back(json(item));
      return list;
    }
    case YamlNode::Kind::Map: {
      Json map = Json::object();
      for (const auto& member : node.members) map[member.key] = json(member.value);
      return map;
    }
    default: break;
  }
  if (node.quoted) return node.text;
  try {
    return std::visit([](const auto& value) { return Json(value); }, yamlScalar(node.text));
  } catch (const Error& error) {
    refuse(node.position, error.problem(), error.cure());
  }
}

double SweepNodeReader::number(const YamlNode& node, const std::string& what) const {
  const Json value = json(node);
  if (!value.is_number() || !std::isfinite(value.get<double>()))
    refuse(node.position, fmt::format("{} is {}, not a finite number", what, inWords(node)));
  return value.get<double>();
}

std::int64_t SweepNodeReader::wholeNumber(const YamlNode& node, const std::string& what) const {
  const Json value = json(node);
  if (!value.is_number_integer())
    refuse(node.position, fmt::format("{} is {}, not a whole number", what, inWords(node)));
  return value.get<std::int64_t>();
}

bool SweepNodeReader::boolean(const YamlNode& node, const std::string& what) const {
  const Json value = json(node);
  if (!value.is_boolean()) refuse(node.position, fmt::format("{} is {}, not true or false", what, inWords(node)));
  return value.get<bool>();
}

std::string SweepNodeReader::text(const YamlNode& node, const std::string& what) const {
  const Json value = json(node);
  if (!value.is_string()) refuse(node.position, fmt::format("{} is {}, not a text", what, inWords(node)));
  return value.get<std::string>();
}

std::size_t SweepNodeReader::choice(const YamlNode& node, const std::string& what,
                                    const std::vector<std::string>& choices) const {
  const auto found =
      node.kind == YamlNode::Kind::Scalar ? std::find(choices.begin(), choices.end(), node.text) : choices.end();
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  const auto near = nearestWord(node.text, choices);
  refuse(node.position, fmt::format("{} cannot be {}", what, inWords(node)),
         near.empty() ? "It is one of " + join(choices, ", ") + "." : "Did you mean " + near + "?");
}

std::vector<SweepParameter> SweepNodeReader::parameters(const YamlNode& node) const {
  std::vector<SweepParameter> all;
  addParameters(node, {}, all);
  return all;
}

void SweepNodeReader::addParameters(const YamlNode& node, const std::vector<std::string>& path,
                                    std::vector<SweepParameter>& all) const {
  if (node.kind != YamlNode::Kind::Map || node.members.empty())
    refuse(node.position, "parameters is " + inWords(node) + ", not a group of named parameters");
  std::vector<const YamlNode::Member*> sorted;
  for (const auto& member : node.members) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  for (const auto* member : sorted) {
    if (!isParameterName(member->key))
      refuse(member->keyPosition, member->key + " is no name of a parameter",
             "Begin with a letter; letters, digits, \"_\", \".\" and \"-\" may follow.");
    auto inner = path;
    inner.push_back(member->key);
    const std::string name = join(inner, ".");
    if (member->value.kind != YamlNode::Kind::Map)
      refuse(member->keyPosition, fmt::format("{} is {}, not a group of keys", name, inWords(member->value)),
             fmt::format("Write {}: {{value: …}} for one value, {{values: […]}} for several.", member->key));
    if (member->value.find("parameters") && member->value.members.size() == 1) {
      addParameters(member->value.find("parameters")->value, inner, all);
    } else {
      TextPosition position = member->keyPosition;
      all.push_back({std::move(inner), distribution(member->value, name), position});
    }
  }
}

// Names fit where every key is known and the required ones are there; min and max alone are whole or not.
DistributionKind SweepNodeReader::kindOf(const YamlNode& node, const std::string& name) const {
  if (const auto* member = node.find("distribution")) {
    const std::string given = text(member->value, name + ".distribution");
    if (const auto kind = distributionNamed(given)) return *kind;
    std::vector<std::string> known;
    for (int i = 0; i <= static_cast<int>(Kind::QLogUniformValues); ++i)
      known.emplace_back(nameOf(static_cast<Kind>(i)));
    const auto near = nearestWord(given, known);
    refuse(member->value.position, fmt::format("{}: there is no distribution {}", name, given),
           near.empty() ? "Known are " + join(known, ", ") + "." : "Did you mean " + near + "?");
  }
  if (node.find("values")) return node.find("probabilities") ? Kind::CategoricalWithProbabilities : Kind::Categorical;
  if (node.find("value")) return Kind::Constant;
  const auto* min = node.find("min");
  const auto* max = node.find("max");
  if (min && max)
    return json(min->value).is_number_integer() && json(max->value).is_number_integer() ? Kind::IntUniform
                                                                                        : Kind::Uniform;
  const bool half = min || max;
  refuse(node.position, fmt::format("{} says neither its values nor a range", name),
         half              ? "Give both min and max."
         : node.find("q")  ? "Name its distribution, as in distribution: q_uniform."
         : node.find("mu") ? "Name its distribution, as in distribution: normal."
                           : "Give value, values, min and max, a distribution, or nested parameters.");
}

Distribution SweepNodeReader::distribution(const YamlNode& node, const std::string& name) const {
  Distribution result;
  result.kind = kindOf(node, name);
  const Form& form = formOf(result.kind);
  auto known = form.keys;
  known.push_back("distribution");
  checkKeys(node, fmt::format("{} ({})", name, nameOf(result.kind)), known);
  for (std::size_t i = 0; i < form.required; ++i)
    if (!node.find(form.keys[i]))
      refuse(node.position, fmt::format("{} ({}) lacks {}", name, nameOf(result.kind), form.keys[i]));
  for (const auto& member : node.members) {
    const std::string what = name + "." + member.key;
    const auto& value = member.value;
    if (member.key == "value") result.value = json(value);
    if (member.key == "values" || member.key == "probabilities") {
      if (value.kind != YamlNode::Kind::List || value.items.empty())
        refuse(value.position, what + " is " + inWords(value) + ", not a list of at least one");
      for (const auto& item : value.items) {
        if (member.key == "values") {
          result.values.push_back(json(item));
        } else {
          result.probabilities.push_back(number(item, what));
        }
      }
    }
    const std::pair<const char*, double*> numbers[] = {
        {"min", &result.min}, {"max", &result.max}, {"mu", &result.mu}, {"sigma", &result.sigma},
        {"a", &result.a},     {"b", &result.b},     {"q", &result.q}};
    for (const auto& [key, target] : numbers)
      if (member.key == key)
        *target = result.kind == Kind::IntUniform ? static_cast<double>(wholeNumber(value, what)) : number(value, what);
    if (member.key == "q") result.wholeQ = json(value).is_number_integer();
  }
  checkBounds(node, name, result);
  return result;
}

void SweepNodeReader::checkBounds(const YamlNode& node, const std::string& name, const Distribution& d) const {
  const auto at = [&](const char* key) { return node.find(key) ? node.find(key)->value.position : node.position; };
  if (node.find("min") && node.find("max") && !(d.min < d.max))
    refuse(at("min"), fmt::format("{}: min {} is not less than max {}", name, d.min, d.max));
  if (isLogarithmOfValues(d.kind) && !(d.min > 0))
    refuse(at("min"), fmt::format("{}: min {} has no logarithm", name, d.min), "Begin above 0.");
  for (const auto& [key, value] : {std::pair{"sigma", d.sigma}, {"q", d.q}, {"a", d.a}, {"b", d.b}})
    if (!(value > 0)) refuse(at(key), fmt::format("{}.{} is {}, not above 0", name, key, value));
  if (d.kind != Kind::CategoricalWithProbabilities) return;
  if (d.probabilities.size() != d.values.size())
    refuse(at("probabilities"),
           fmt::format("{} has {} values and {} probabilities", name, d.values.size(), d.probabilities.size()));
  double sum = 0;
  for (const double probability : d.probabilities) {
    if (probability < 0) refuse(at("probabilities"), fmt::format("{}: a probability below 0", name));
    sum += probability;
  }
  if (std::abs(sum - 1) > 1e-8 + 1e-5)
    refuse(at("probabilities"), fmt::format("{}: the probabilities sum to {}, not to 1", name, sum));
}

}  // namespace counterpoint
