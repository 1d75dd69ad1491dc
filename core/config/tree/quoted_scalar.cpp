// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/quoted_scalar.h"

#include "core/config/tree/config_error.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace counterpoint {
namespace {

[[noreturn]] void refuse(std::string what, std::string cure) {
  throw ConfigError(ConfigFault::Yaml, std::move(what), {}, std::move(cure));
}

// UTF-8 of what may break a line in YAML 1.1.
constexpr std::string_view kNextLine = "\xC2\x85", kLineSeparator = "\xE2\x80\xA8",
                           kParagraphSeparator = "\xE2\x80\xA9";

constexpr std::array<std::pair<char, std::string_view>, 18> kEscapes = {{
    {'0', std::string_view("\0", 1)},
    {'a', "\x07"},
    {'b', "\x08"},
    {'t', "\t"},
    {'\t', "\t"},
    {'n', "\n"},
    {'v', "\x0B"},
    {'f', "\x0C"},
    {'r', "\r"},
    {'e', "\x1B"},
    {' ', " "},
    {'"', "\""},
    {'\\', "\\"},
    {'/', "/"},
    {'N', kNextLine},
    {'_', "\xC2\xA0"},
    {'L', kLineSeparator},
    {'P', kParagraphSeparator},
}};

std::string utf8(std::uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    refuse(fmt::format("the escape U+{:X} is no character", code), "Write the character itself.");
  }
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | (code >> 6)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

class Scanner {
 public:
  Scanner(std::string_view rest, char quote) : rest_(rest), quote_(quote) {}

  std::string scan() {
    solid();
    while (!rest_.starts_with(quote_)) {
      blanks();
      solid();
    }
    return std::move(out_);
  }

 private:
  static bool isBlank(char c) { return c == ' ' || c == '\t'; }

  // The break at the front as it is read, empty where none stands.
  std::string_view takeBreak() {
    for (const auto& [mark, meaning] : {std::pair<std::string_view, std::string_view>{"\r\n", "\n"},
                                        {"\n", "\n"},
                                        {"\r", "\n"},
                                        {kNextLine, "\n"},
                                        {kLineSeparator, kLineSeparator},
                                        {kParagraphSeparator, kParagraphSeparator}}) {
      if (!rest_.starts_with(mark)) continue;
      rest_.remove_prefix(mark.size());
      return meaning;
    }
    return {};
  }
  bool atBreak() const {
    return rest_.starts_with('\n') || rest_.starts_with('\r') || rest_.starts_with(kNextLine) ||
           rest_.starts_with(kLineSeparator) || rest_.starts_with(kParagraphSeparator);
  }

  void solid() {
    while (!rest_.empty() && !isBlank(rest_[0]) && !atBreak()) {
      if (quote_ == '\'' && rest_.starts_with("''")) {
        out_ += '\'';
        rest_.remove_prefix(2);
      } else if (rest_[0] == quote_) {
        return;
      } else if (quote_ == '"' && rest_[0] == '\\') {
        rest_.remove_prefix(1);
        escape();
      } else {
        out_ += rest_[0];
        rest_.remove_prefix(1);
      }
    }
  }

  void escape() {
    if (atBreak()) {
      takeBreak();
      out_ += breaks();
      return;
    }
    const char letter = rest_.empty() ? '\0' : rest_[0];
    if (!rest_.empty()) rest_.remove_prefix(1);
    for (const auto& [name, meaning] : kEscapes) {
      if (name == letter) {
        out_ += meaning;
        return;
      }
    }
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    std::uint32_t code = 0;
    if (digits == 0 || rest_.size() < digits ||
        std::from_chars(rest_.data(), rest_.data() + digits, code, 16).ptr != rest_.data() + digits) {
      refuse(fmt::format("\\{} is no escape", letter), "Write \\\\ for a backslash, or use single quotes.");
    }
    out_ += utf8(code);
    rest_.remove_prefix(digits);
  }

  void blanks() {
    std::size_t run = 0;
    while (run < rest_.size() && isBlank(rest_[run])) ++run;
    const std::string_view blank = rest_.substr(0, run);
    rest_.remove_prefix(run);
    if (rest_.empty()) refuse("found unexpected end of stream: a quote is not closed", "Close it.");
    const std::string_view first = takeBreak();
    if (first.empty()) {
      out_ += blank;
      return;
    }
    const std::string more = breaks();
    if (first != "\n") {
      out_ += first;
    } else if (more.empty()) {
      out_ += ' ';
    }
    out_ += more;
  }

  std::string breaks() {
    std::string result;
    for (;;) {
      if (rest_.starts_with("---") || rest_.starts_with("...")) {
        if (rest_.size() == 3 || isBlank(rest_[3]) || rest_[3] == '\n' || rest_[3] == '\r') {
          refuse("a document ends inside of quotes", "Close them.");
        }
      }
      while (!rest_.empty() && isBlank(rest_[0])) rest_.remove_prefix(1);
      const std::string_view next = takeBreak();
      if (next.empty()) return result;
      result += next;
    }
  }

  std::string_view rest_;
  char quote_;
  std::string out_;
};

}  // namespace

std::optional<std::string> quotedScalarAt(std::string_view text, std::size_t offset) {
  std::size_t at = offset;
  while (at < text.size() && (text[at] == '!' || text[at] == '&')) {
    at = std::min(text.find_first_of(" \t\r\n", at), text.size());
    at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
  }
  if (at >= text.size() || (text[at] != '\'' && text[at] != '"')) return std::nullopt;
  return Scanner(text.substr(at + 1), text[at]).scan();
}

}  // namespace counterpoint
