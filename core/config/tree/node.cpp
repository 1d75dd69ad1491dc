// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace counterpoint {
namespace {

// Below this many members a walk is faster than a table.
constexpr std::size_t kIndexFrom = 9;

[[noreturn]] void wrongKind(std::string_view wanted) {
  throw Error(ErrorKind::Bug, fmt::format("a config node was read as {}", wanted));
}

// A bool as a number, as Python compares keys.
std::optional<double> numberOf(const ConfigScalar& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1.0 : 0.0;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

std::string indexText(const ConfigKey& key) {
  const auto number = numberOf(key.scalar());
  return number ? fmt::format("#{}", *number) : "\"" + key.text();
}

}  // namespace

std::string pythonText(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  // fmt's default is the shortest text that reads back, with Python's bounds for the exponent.
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string pythonText(const ConfigScalar& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "True" : "False";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return pythonText(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "None";
}

ConfigKey::ConfigKey(const ConfigScalar& scalar) : value_(scalar) {
  if (std::holds_alternative<std::nullptr_t>(value_)) throw Error(ErrorKind::Bug, "null is no key of a dict");
}

bool ConfigKey::operator==(const ConfigKey& other) const {
  if (isText() || other.isText()) return value_ == other.value_;
  return numberOf(value_) == numberOf(other.value_);
}

ConfigNode::ConfigNode() = default;
ConfigNode::ConfigNode(ConfigScalar scalar) : content_(toContent(std::move(scalar))) {}
ConfigNode::ConfigNode(const char* text) : content_(std::string(text)) {}
ConfigNode::ConfigNode(Items items) : content_(std::move(items)) {}
ConfigNode::ConfigNode(Members members) : content_(std::move(members)) {}
ConfigNode::ConfigNode(const ConfigNode& other) = default;
ConfigNode::ConfigNode(ConfigNode&& other) noexcept = default;
ConfigNode& ConfigNode::operator=(const ConfigNode& other) = default;
ConfigNode& ConfigNode::operator=(ConfigNode&& other) noexcept = default;
ConfigNode::~ConfigNode() = default;
ConfigNode ConfigNode::list() { return ConfigNode(Items{}); }
ConfigNode ConfigNode::dict() { return ConfigNode(Members{}); }

ConfigNode::Content ConfigNode::toContent(ConfigScalar scalar) {
  return std::visit([](auto& value) -> Content { return std::move(value); }, scalar);
}

bool ConfigNode::isInterpolation() const {
  if (!isText()) return false;
  // An even run of backslashes escapes itself, an odd one the brace.
  const std::string& value = text();
  for (auto at = value.find("${"); at != std::string::npos; at = value.find("${", at + 2)) {
    std::size_t slashes = 0;
    while (slashes < at && value[at - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return true;
  }
  return false;
}

ConfigScalar ConfigNode::scalar() const {
  switch (kind()) {
    case Kind::Null: return nullptr;
    case Kind::Bool: return std::get<bool>(content_);
    case Kind::Int: return std::get<std::int64_t>(content_);
    case Kind::Float: return std::get<double>(content_);
    case Kind::Text: return std::get<std::string>(content_);
    default: wrongKind("a leaf");
  }
}

const std::string& ConfigNode::text() const {
  if (!isText()) wrongKind("text");
  return std::get<std::string>(content_);
}

const std::vector<ConfigNode>& ConfigNode::items() const {
  if (!isList()) wrongKind("a list");
  return std::get<Items>(content_);
}

std::vector<ConfigNode>& ConfigNode::items() {
  if (!isList()) wrongKind("a list");
  return std::get<Items>(content_);
}

const std::vector<ConfigNode::Member>& ConfigNode::members() const {
  if (!isDict()) wrongKind("a dict");
  return std::get<Members>(content_).list;
}

std::size_t ConfigNode::Members::find(const ConfigKey& key) const {
  if (!index.empty()) {
    const auto found = index.find(indexText(key));
    return found == index.end() ? list.size() : found->second;
  }
  const auto found = std::find_if(list.begin(), list.end(), [&](const Member& member) { return member.key == key; });
  return static_cast<std::size_t>(found - list.begin());
}

void ConfigNode::Members::reindex() {
  index.clear();
  if (list.size() < kIndexFrom) return;
  for (std::size_t i = 0; i < list.size(); ++i) index.emplace(indexText(list[i].key), i);
}

const ConfigNode* ConfigNode::find(const ConfigKey& key) const {
  if (!isDict()) wrongKind("a dict");
  const auto& members = std::get<Members>(content_);
  const std::size_t at = members.find(key);
  return at < members.list.size() ? &members.list[at].value : nullptr;
}

ConfigNode* ConfigNode::find(const ConfigKey& key) {
  return const_cast<ConfigNode*>(static_cast<const ConfigNode&>(*this).find(key));
}

ConfigNode& ConfigNode::operator[](const ConfigKey& key) {
  if (auto* found = find(key)) return *found;
  auto& members = std::get<Members>(content_);
  members.list.push_back({key, {}});
  if (!members.index.empty()) {
    members.index.emplace(indexText(key), members.list.size() - 1);
  } else {
    members.reindex();
  }
  return members.list.back().value;
}

bool ConfigNode::erase(const ConfigKey& key) {
  if (!isDict()) wrongKind("a dict");
  auto& members = std::get<Members>(content_);
  const std::size_t at = members.find(key);
  if (at == members.list.size()) return false;
  members.list.erase(members.list.begin() + static_cast<std::ptrdiff_t>(at));
  members.reindex();
  return true;
}

std::size_t ConfigNode::size() const {
  if (isList()) return items().size();
  return isDict() ? members().size() : 0;
}

bool ConfigNode::operator==(const ConfigNode& other) const {
  if (kind() != other.kind() || size() != other.size()) return false;
  switch (kind()) {
    case Kind::List: return items() == other.items();
    case Kind::Dict:
      return std::all_of(members().begin(), members().end(), [&](const Member& member) {
        const auto* same = other.find(member.key);
        return same && *same == member.value;
      });
    case Kind::Float: {
      const double a = std::get<double>(content_), b = std::get<double>(other.content_);
      return a == b || (std::isnan(a) && std::isnan(b));
    }
    default: return scalar() == other.scalar();
  }
}

Json toJson(const ConfigNode& node) {
  switch (node.kind()) {
    case ConfigNode::Kind::List: {
      Json list = Json::array();
      for (const auto& item : node.items()) list.push_back(toJson(item));
      return list;
    }
    case ConfigNode::Kind::Dict: {
      Json map = Json::object();
      for (const auto& member : node.members()) map[member.key.text()] = toJson(member.value);
      return map;
    }
    default: break;
  }
  const ConfigScalar scalar = node.scalar();
  if (const auto* number = std::get_if<double>(&scalar); number && !std::isfinite(*number)) {
    return std::isnan(*number) ? ".nan" : *number < 0 ? "-.inf" : ".inf";
  }
  return std::visit([](const auto& value) { return Json(value); }, scalar);
}

ConfigNode fromJson(const Json& json) {
  switch (json.type()) {
    case Json::value_t::array: {
      ConfigNode list = ConfigNode::list();
      for (const auto& item : json) list.items().push_back(fromJson(item));
      return list;
    }
    case Json::value_t::object: {
      ConfigNode dict = ConfigNode::dict();
      for (const auto& [name, value] : json.items()) dict[name] = fromJson(value);
      return dict;
    }
    case Json::value_t::boolean: return ConfigScalar(json.get<bool>());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return ConfigScalar(json.get<std::int64_t>());
    case Json::value_t::number_float: return ConfigScalar(json.get<double>());
    case Json::value_t::string: return ConfigScalar(json.get<std::string>());
    default: return {};
  }
}

}  // namespace counterpoint
