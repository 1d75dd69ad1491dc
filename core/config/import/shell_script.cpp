// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import/shell_script.h"

#include "core/base/error.h"
#include "core/config/tree/yaml_guard.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace counterpoint {
namespace {

// Variables that hold variables grow without end.
constexpr std::size_t kMostWordBytes = 64 << 10;

bool isNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool isNamePart(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

class ShellReader {
 public:
  ShellReader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  ShellScript read() {
    while (at_ < text_.size()) step();
    endCommand();
    return std::move(script_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void advance() {
    if (text_[at_] == '\n') {
      ++line_;
      lineStart_ = at_ + 1;
    }
    ++at_;
  }

  void step() {
    const char c = peek();
    if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
      advance();
      while (peek() == '\r') advance();
      advance();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      advance();
    } else if (c == '#') {
      while (at_ < text_.size() && peek() != '\n') advance();
    } else if (std::string_view("\n;&|()").find(c) != std::string_view::npos) {
      advance();
      endCommand();
    } else if (c == '<' || c == '>') {
      redirect();
    } else {
      word();
    }
  }

  // ">log", "2>&1", "<file": what they name is no argument.
  void redirect() {
    auto& words = command_.words;
    if (!words.empty() && at_ > 0 && wordEnd_ == at_ &&
        std::all_of(words.back().text.begin(), words.back().text.end(),
                    [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; })) {
      words.pop_back();
    }
    while (std::string_view("<>&").find(peek()) != std::string_view::npos && at_ < text_.size()) advance();
    while (peek() == ' ' || peek() == '\t') advance();
    if (at_ < text_.size() && peek() != '\n') readWord();
  }

  void word() {
    const std::size_t begin = at_;
    const auto found = assignmentName();
    if (found && (command_.words.empty() || isExport(command_.words.front().text))) {
      assign(*found);
    } else {
      at_ = begin;
      if (const auto* items = arrayHere()) {
        command_.words.insert(command_.words.end(), items->begin(), items->end());
      } else {
        ScriptWord read = readWord();
        if (read.text.empty() && !read.open && !quoted_) return;
        command_.words.push_back(std::move(read));
      }
      wordEnd_ = at_;
    }
  }

  static bool isExport(const std::string& word) {
    return word == "export" || word == "set" || word == "env" || word == "declare" || word == "local";
  }

  // NAME of "NAME=", with the place set behind the "=".
  std::optional<std::string> assignmentName() {
    if (!isNameStart(peek())) return {};
    std::string name;
    std::size_t at = at_;
    while (at < text_.size() && isNamePart(text_[at])) name += text_[at++];
    if (at >= text_.size() || text_[at] != '=') return {};
    at_ = at + 1;
    return name;
  }

  void assign(const std::string& name) {
    if (peek() == '(') {
      advance();
      auto& items = arrays_[name];
      items.clear();
      while (at_ < text_.size() && peek() != ')') {
        if (std::isspace(static_cast<unsigned char>(peek())) || peek() == '\\') {
          advance();
        } else if (peek() == '#') {
          while (at_ < text_.size() && peek() != '\n') advance();
        } else {
          items.push_back(readWord());
        }
      }
      if (at_ < text_.size()) advance();
      return;
    }
    ScriptWord value = readWord();
    variables_[name] = value;
    command_.assignments.push_back({name, std::move(value)});
  }

  // The words of "${NAME[@]}".
  const std::vector<ScriptWord>* arrayHere() {
    for (const auto& [name, items] : arrays_) {
      for (const std::string& spelling : {"\"${" + name + "[@]}\"", "${" + name + "[@]}"}) {
        if (text_.substr(at_).starts_with(spelling)) {
          at_ += spelling.size();
          script_.used.insert(name);
          return &items;
        }
      }
    }
    return nullptr;
  }

  ScriptWord readWord() {
    ScriptWord word;
    word.position = {line_, static_cast<int>(at_ - lineStart_) + 1, at_};
    quoted_ = false;
    while (at_ < text_.size()) {
      const char c = peek();
      if (std::isspace(static_cast<unsigned char>(c)) ||
          std::string_view(";&|<>()").find(c) != std::string_view::npos) {
        break;
      }
      if (c == '\\') {
        if (peek(1) == '\n' || peek(1) == '\r') break;
        advance();
        if (at_ < text_.size()) word.text += peek(), advance();
      } else if (c == '\'' || c == '"') {
        quote(word, c);
      } else if (c == '$') {
        expand(word);
      } else {
        word.text += c;
        advance();
      }
    }
    return word;
  }

  void quote(ScriptWord& word, char mark) {
    const TextPosition begin{line_, static_cast<int>(at_ - lineStart_) + 1, at_};
    quoted_ = true;
    advance();
    while (at_ < text_.size() && peek() != mark) {
      if (mark == '"' && peek() == '\\' && std::string_view("\"\\$`\n").find(peek(1)) != std::string_view::npos) {
        advance();
        if (peek() != '\n') word.text += peek();
        advance();
      } else if (mark == '"' && peek() == '$') {
        expand(word);
      } else {
        word.text += peek();
        advance();
      }
    }
    if (at_ >= text_.size()) {
      throw usageError("a quote does not end", placeOf(source_, begin), "Close it.");
    }
    advance();
  }

  // "$NAME", "${NAME}", "${NAME:-default}"; all else stays as written, for a shell alone knows it.
  void expand(ScriptWord& word) {
    const std::size_t begin = at_;
    advance();
    if (peek() == '(') return keepBalanced(word, begin, '(', ')');
    const bool braces = peek() == '{';
    if (braces) advance();
    std::string name;
    while (isNamePart(peek())) name += peek(), advance();
    const auto found = variables_.find(name);
    if (!braces) {
      if (name.empty() && at_ < text_.size()) advance();  // $@, $?
      return put(word, found, name, text_.substr(begin, at_ - begin));
    }
    const std::size_t rest = at_;
    int depth = 1;
    while (at_ < text_.size() && depth > 0) {
      depth += peek() == '{' ? 1 : peek() == '}' ? -1 : 0;
      advance();
    }
    std::string_view inside = text_.substr(rest, at_ - rest);
    if (inside.ends_with('}')) inside.remove_suffix(1);
    if (found == variables_.end() && (inside.starts_with(":-") || inside.starts_with("-"))) {
      word.text += std::string(inside.substr(inside.find('-') + 1));
      return;
    }
    put(word, inside.empty() || inside.front() == ':' || inside.front() == '-' ? found : variables_.end(), name,
        text_.substr(begin, at_ - begin));
  }

  void put(ScriptWord& word, std::map<std::string, ScriptWord>::const_iterator found, const std::string& name,
           std::string_view written) {
    if (found == variables_.end()) {
      word.text += written;
      word.open = true;
      return;
    }
    script_.used.insert(name);
    if (word.text.size() + found->second.text.size() > kMostWordBytes) {
      throw usageError("a word is too long with its variables put in", placeOf(source_, word.position),
                       "Give the arguments without variables.");
    }
    word.text += found->second.text;
    word.open = word.open || found->second.open;
  }

  void keepBalanced(ScriptWord& word, std::size_t begin, char open, char close) {
    int depth = 0;
    while (at_ < text_.size()) {
      depth += peek() == open ? 1 : peek() == close ? -1 : 0;
      advance();
      if (depth == 0) break;
    }
    word.text += std::string(text_.substr(begin, at_ - begin));
    word.open = true;
  }

  void endCommand() {
    if (!command_.words.empty() && isExport(command_.words.front().text)) {
      command_.words.erase(command_.words.begin());
    }
    if (!command_.words.empty() || !command_.assignments.empty()) script_.commands.push_back(std::move(command_));
    command_ = {};
  }

  std::string_view text_;
  std::string source_;
  std::size_t at_ = 0, lineStart_ = 0, wordEnd_ = 0;
  int line_ = 1;
  bool quoted_ = false;
  std::map<std::string, ScriptWord> variables_;
  std::map<std::string, std::vector<ScriptWord>> arrays_;
  ScriptCommand command_;
  ShellScript script_;
};

}  // namespace

ShellScript readShell(std::string_view text, const std::string& source) { return ShellReader(text, source).read(); }

}  // namespace counterpoint
