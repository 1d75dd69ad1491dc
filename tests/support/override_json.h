// SPDX-License-Identifier: GPL-3.0-or-later
// Override values as the makers of tests/golden/config write them: ["int", 1], ["'", "quoted"], ["choice", …].
#pragma once

#include <algorithm>
#include <string>

#include "core/base/json.h"
#include "core/config/overrides/override.h"

namespace counterpoint {

Json typedJson(const OverrideElement& element);

inline Json typedJson(const ConfigScalar& scalar) {
  return std::visit([](const auto& value) { return typedJson(OverrideElement{value}); }, scalar);
}

inline Json typedJson(const OverrideElement::List& list) {
  Json made = Json::array();
  for (const auto& item : list) made.push_back(typedJson(item));
  return made;
}

inline Json typedJson(const OverrideSweep& sweep) {
  const Json tags(sweep.tags);
  switch (sweep.kind) {
    case OverrideSweep::Kind::Choice:
      return Json::array({"choice", sweep.simple, sweep.shuffle, tags, typedJson(sweep.choices)});
    case OverrideSweep::Kind::Range:
      return Json::array(
          {"range", typedJson(sweep.start), typedJson(sweep.stop), typedJson(sweep.step), sweep.shuffle, tags});
    case OverrideSweep::Kind::Interval:
      return Json::array({"interval", typedJson(sweep.start), typedJson(sweep.stop), tags});
    case OverrideSweep::Kind::Glob: break;
  }
  return Json::array({"glob", typedJson(sweep.include), typedJson(sweep.exclude)});
}

inline Json typedJson(const OverrideElement& element) {
  struct Writer {
    OverrideElement::Quote quote;
    Json operator()(std::nullptr_t) const { return Json::array({"null"}); }
    Json operator()(bool value) const { return Json::array({"bool", value}); }
    Json operator()(std::int64_t value) const { return Json::array({"int", value}); }
    Json operator()(double value) const { return Json::array({"float", pythonText(value)}); }
    Json operator()(const std::string& value) const {
      const char* const kinds[] = {"str", "'", "\""};
      return Json::array({kinds[static_cast<int>(quote)], value});
    }
    Json operator()(const OverrideElement::List& list) const { return Json::array({"list", typedJson(list)}); }
    Json operator()(const OverrideElement::Dict& dict) const {
      Json members = Json::array();
      for (const auto& entry : dict) members.push_back(Json::array({typedJson(entry.key), typedJson(entry.value)}));
      return Json::array({"dict", members});
    }
    Json operator()(const OverrideElement::Sweep& sweep) const { return typedJson(*sweep); }
  };
  return std::visit(Writer{element.quote}, element.content);
}

inline std::string withoutOrder(std::string text) {
  std::sort(text.begin(), text.end());
  return text;
}

// With every array and text sorted: what a drawn order leaves the same.
inline Json withoutOrder(const Json& json) {
  if (json.is_string()) return withoutOrder(json.get<std::string>());
  if (!json.is_array()) return json;
  Json made = Json::array();
  for (const auto& item : json) made.push_back(withoutOrder(item));
  std::sort(made.begin(), made.end());
  return made;
}

}  // namespace counterpoint
