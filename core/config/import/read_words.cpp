// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import/foreign_config.h"
#include "core/config/import/shell_script.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/scalars.h"

#include <algorithm>
#include <cctype>

namespace counterpoint {
namespace {

bool isFlag(const ScriptWord& word) {
  return word.text.size() > 2 && word.text.starts_with("--") && word.text[2] != '-' && word.text[2] != '=';
}

bool isScript(const std::string& text) { return text.ends_with(".py") || text.ends_with(".sh"); }

bool isVariableName(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || std::isupper(static_cast<unsigned char>(c)) || std::isdigit(static_cast<unsigned char>(c));
  });
}

ConfigNode valueOfWord(const ScriptWord& word) {
  if (word.open) return ConfigScalar(word.text);
  try {
    const ConfigScalar scalar = yamlScalar(word.text);
    if (!std::holds_alternative<std::string>(scalar) && !word.text.empty()) return scalar;
  } catch (const ConfigError&) {
    // a number too long for us stays what was typed
  }
  return ConfigScalar(word.text);
}

class Words {
 public:
  explicit Words(const std::string& source) : source_(source) {
    config_.words = true;
    config_.source = source;
  }

  void setVariable(const ScriptAssignment& assignment, bool used) {
    if (!isVariableName(assignment.name) && !used) return;
    const std::string path = isVariableName(assignment.name) ? assignment.name : "variable." + assignment.name;
    set(path, assignment.name, {assignment.value}, assignment.value.position);
    if (used) config_.variables.insert(path);
  }

  // Flags before the script are its launcher's.
  void setCommand(const std::vector<ScriptWord>& words) {
    const std::size_t script = scriptOf(words);
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!isFlag(words[i])) {
        const bool module = i > 0 && words[i - 1].text == "-m";
        if (i <= script && (module || isScript(words[i].text) || i == 0)) config_.programs.push_back(words[i].text);
        continue;
      }
      const bool launcher = script < words.size() && i < script;
      std::string name = words[i].text.substr(2);
      std::vector<ScriptWord> values;
      if (const auto equals = name.find('='); equals != std::string::npos) {
        ScriptWord value = words[i];
        value.text = name.substr(equals + 1);
        name.resize(equals);
        values.push_back(std::move(value));
      } else {
        const std::size_t end = launcher ? script : words.size();
        const TextPosition position = words[i].position;
        while (i + 1 < end && !isFlag(words[i + 1]) && words[i + 1].text != "-m") values.push_back(words[++i]);
        setFlag(launcher, name, values, position);
        continue;
      }
      setFlag(launcher, name, values, words[i].position);
    }
  }

  ForeignConfig take() { return std::move(config_); }
  bool empty() const { return config_.tree.size() == 0; }

 private:
  static std::size_t scriptOf(const std::vector<ScriptWord>& words) {
    std::size_t found = words.size();
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (isScript(words[i].text) && !(i > 0 && isFlag(words[i - 1]) && found < words.size())) found = i;
    }
    for (std::size_t i = 1; found == words.size() && i < words.size(); ++i) {
      if (words[i - 1].text == "-m") found = i;
    }
    return found;
  }

  void setFlag(bool launcher, std::string name, const std::vector<ScriptWord>& values, const TextPosition& position) {
    const std::string spelled = "--" + name;
    std::replace(name.begin(), name.end(), '-', '_');
    std::replace(name.begin(), name.end(), '.', '_');
    const std::string path = (launcher ? "launcher." : "") + name;
    if (config_.has(path))
      config_.notes.push_back({{}, position, source_, spelled + " is given twice; this one counts"});
    if (values.empty()) {
      ScriptWord yes;
      yes.text = "true";
      return set(path, spelled, {yes}, position);
    }
    set(path, spelled, values, position);
  }

  void set(const std::string& path, const std::string& spelled, const std::vector<ScriptWord>& values,
           const TextPosition& position) {
    ConfigNode node;
    if (values.size() == 1) {
      node = valueOfWord(values[0]);
      config_.typed[path] = values[0].text;
      if (values[0].open) config_.open[path] = values[0].text + " is known to the shell alone";
    } else if (!values.empty()) {
      node = ConfigNode::list();
      for (const auto& value : values) node.items().push_back(valueOfWord(value));
    }
    node.origins = {{ConfigOrigin::Layer::File, std::make_shared<const std::string>(source_), position}};
    const auto point = path.find('.');
    if (point == std::string::npos) {
      config_.tree[path] = std::move(node);
    } else {
      auto& section = config_.tree[path.substr(0, point)];
      if (!section.isDict()) section = ConfigNode::dict();
      section[path.substr(point + 1)] = std::move(node);
    }
    config_.spelled[path] = spelled;
  }

  std::string source_;
  ForeignConfig config_;
};

}  // namespace

std::vector<ForeignConfig> readForeignWords(std::string_view text, const std::string& source) {
  const ShellScript script = readShell(text, source);
  std::vector<ForeignConfig> found;
  std::vector<ScriptAssignment> variables;
  const auto add = [&](const std::vector<ScriptWord>& words, const std::vector<ScriptAssignment>& own) {
    Words all(source);
    for (const auto& variable : variables) all.setVariable(variable, script.used.contains(variable.name));
    for (const auto& variable : own) all.setVariable(variable, script.used.contains(variable.name));
    all.setCommand(words);
    if (!all.empty()) found.push_back(all.take());
  };
  std::vector<ScriptWord> loose;  // lines of arguments alone
  for (const auto& command : script.commands) {
    const bool flags = std::any_of(command.words.begin(), command.words.end(), isFlag);
    if (command.words.empty()) {
      variables.insert(variables.end(), command.assignments.begin(), command.assignments.end());
    } else if (isFlag(command.words.front())) {
      loose.insert(loose.end(), command.words.begin(), command.words.end());
    } else if (flags) {
      add(command.words, command.assignments);
    }
  }
  if (!loose.empty()) add(loose, {});
  if (found.empty()) add({}, {});
  return found;
}

}  // namespace counterpoint
