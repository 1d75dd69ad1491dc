// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/config.h"

#include "core/base/files.h"
#include "core/base/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

// Values are final: a "${" that is left in one is text, and must be read back as text.
Json escaped(const Json& value) {
  if (value.is_string()) {
    std::string text;
    std::size_t slashes = 0;
    for (const char c : value.get<std::string>()) {
      text += c;
      if (c == '{' && text.size() > 1 && text[text.size() - 2] == '$') {
        text.insert(text.size() - 2, slashes + 1, '\\');
      }
      if (c != '$') slashes = c == '\\' ? slashes + 1 : 0;
    }
    return text;
  }
  Json copy = value;
  if (value.is_structured())
    for (auto& item : copy) item = escaped(item);
  return copy;
}

void appendYaml(std::string& text, const Json& values, int indent) {
  for (const auto& [name, value] : values.items()) {
    text += std::string(static_cast<std::size_t>(indent), ' ') + yamlText(name) + ":";
    if (value.is_object() && !value.empty()) {
      text += "\n";
      appendYaml(text, value, indent + 2);
    } else {
      text += " " + yamlText(escaped(value)) + "\n";
    }
  }
}

}  // namespace

std::string ConfigProblem::where() const {
  return position.line > 0 ? fmt::format("{}, line {}", source, position.line) : source;
}

std::string ConfigNote::where() const {
  return position.line > 0 ? fmt::format("{}, line {}", source, position.line) : source;
}

Error errorOf(const ConfigProblem& problem) { return usageError(problem.what, problem.where(), problem.cure); }

Config Config::fromText(std::string_view text, const std::string& source, const std::vector<std::string>& overrides) {
  return checked(composeText(text, source, overrides));
}

Config Config::fromFile(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  return checked(composeFile(file, overrides));
}

Config Config::checked(Composition composition) {
  if (!composition.problems.empty()) throw errorOf(composition.problems.front());
  return Config(std::move(composition));
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
