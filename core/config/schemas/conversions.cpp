// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/schemas/conversions.h"

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/config/schema.h"
#include "core/config/tree/scalars.h"

#include <string>
#include <vector>

namespace counterpoint::schema {
namespace {

std::string textOf(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

bool isTrue(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  throw usageError(textOf(value) + " is neither true nor false", {}, "Write true or false.");
}

// The items of "(0.8, 1.0)", "a b", "a,b".
std::vector<std::string> itemsOf(const std::string& text) {
  std::vector<std::string> items(1);
  for (const char c : text) {
    if (std::string_view(",; \t()[]").find(c) == std::string_view::npos) {
      items.back() += c;
    } else if (!items.back().empty()) {
      items.emplace_back();
    }
  }
  if (items.back().empty()) items.pop_back();
  return items;
}

Json numberIn(const std::string& text) {
  const Json value = toJson(ConfigNode(yamlScalar(text)));
  if (!value.is_number()) throw usageError(text + " is no number", {}, "Write numbers.");
  return value;
}

}  // namespace

Json wordFrom(const Json& value, Words words) {
  const std::string text = lowerAscii(textOf(value));
  std::vector<std::string> known;
  for (const auto& [theirs, ours] : words) {
    if (lowerAscii(theirs) == text) return ours;
    known.emplace_back(theirs);
  }
  throw usageError(textOf(value) + " has no like here", {}, "Known: " + join(known, ", ") + ".");
}

Json studyIfTrue(const Json& value) { return isTrue(value) ? "study" : "clip"; }
Json float16IfTrue(const Json& value) { return isTrue(value) ? "float16" : "float32"; }
Json bfloat16IfTrue(const Json& value) { return isTrue(value) ? "bfloat16" : "float32"; }
Json skipIfTrue(const Json& value) { return isTrue(value) ? "skip" : "error"; }

Json optimizerName(const Json& value) { return wordFrom(value, {{"AdamW", "adamw"}, {"SGD", "sgd"}}); }

Json lowerCase(const Json& value) { return lowerAscii(textOf(value)); }

Json numberOfText(const Json& value) {
  if (value.is_number()) return value;
  const Json numbers = numbersOfText(value);
  for (const auto& number : numbers) {
    if (number != numbers[0]) throw usageError(textOf(value) + " is no square", {}, "Choose one edge.");
  }
  if (numbers.empty()) throw usageError("no number", {}, "Write one.");
  return numbers[0];
}

Json numbersOfText(const Json& value) {
  if (!value.is_string()) return value.is_number() ? Json::array({value}) : value;
  Json numbers = Json::array();
  for (const auto& item : itemsOf(value.get<std::string>())) numbers.push_back(numberIn(item));
  return numbers;
}

Json wordsOfText(const Json& value) {
  if (!value.is_string()) return value;
  Json words = Json::array();
  for (const auto& item : itemsOf(value.get<std::string>())) words.push_back(item);
  return words;
}

Json emptyIfNull(const Json& value) {
  if (value.is_null() || value == Json(false)) return "";
  return value.is_string() && lowerAscii(value.get<std::string>()) == "none" ? Json("") : value;
}

Json zeroIfFalse(const Json& value) { return value.is_null() || value == Json(false) ? Json(0) : value; }

Json zeroIfNegative(const Json& value) {
  if (value.is_null()) return 0;
  return value.is_number() && value.get<double>() < 0 ? Json(0) : value;
}

}  // namespace counterpoint::schema
