// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/lexer.h"

#include "core/base/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

using Kind = OverrideTokenKind;

constexpr std::string_view kUnquotedCharacters = "/-\\+.$%*@?|";
constexpr std::string_view kEscaped = "\\()[]{}:=, \t";
constexpr std::size_t kShownLength = 80;

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isBlank(char c) { return c == ' ' || c == '\t'; }
bool continuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<OverrideToken> run() {
    bool key = true;
    while (at_ < text_.size()) {
      const auto token = key ? keyToken() : valueToken();
      tokens_.push_back(token);
      if (token.kind == Kind::Bad) return tokens_;
      at_ += token.text.size();
      if (token.kind == Kind::Equal) key = false;
    }
    tokens_.push_back({Kind::End, text_.size(), {}});
    return tokens_;
  }

 private:
  char look(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  OverrideToken token(Kind kind, std::size_t end) const { return {kind, at_, text_.substr(at_, end - at_)}; }

  // Everything read up to the character at `failing`, that one too.
  OverrideToken bad(std::size_t failing) const {
    std::size_t end = std::min(failing + 1, text_.size());
    while (end < text_.size() && continuesCharacter(text_[end])) ++end;
    return token(Kind::Bad, end);
  }

  template <typename Test>
  std::size_t endOfRun(std::size_t at, const Test& test) const {
    while (at < text_.size() && test(text_[at])) ++at;
    return at;
  }
  std::size_t endOfBlanks(std::size_t at) const { return endOfRun(at, isBlank); }

  // DIGIT ('_'? DIGIT)*; `at` itself where there is none.
  std::size_t endOfDigits(std::size_t at) const {
    while (isDigit(look(at)) || (look(at) == '_' && at > 0 && isDigit(look(at - 1)) && isDigit(look(at + 1)))) ++at;
    return at;
  }
  std::size_t endOfWhole(std::size_t at) const { return look(at) == '0' ? at + 1 : endOfDigits(at); }

  std::size_t endOfKeyPart(std::size_t at, bool dollar) const {
    const char first = look(at);
    if (!isLetter(first) && first != '_' && !(dollar && first == '$')) return at;
    return endOfRun(at,
                    [&](char c) { return isLetter(c) || isDigit(c) || c == '_' || c == '-' || (dollar && c == '$'); });
  }

  OverrideToken keyToken() const {
    switch (text_[at_]) {
      case '=': return token(Kind::Equal, endOfBlanks(at_ + 1));
      case '~': return token(Kind::Tilde, at_ + 1);
      case '+': return token(Kind::Plus, at_ + 1);
      case '@': return token(Kind::At, at_ + 1);
      case ':': return token(Kind::Colon, at_ + 1);
      case '/': return token(Kind::Slash, at_ + 1);
      default: break;
    }
    const auto endOfPart = [&](std::size_t at) { return isDigit(look(at)) ? endOfWhole(at) : endOfKeyPart(at, true); };
    const std::size_t first = endOfPart(at_);
    if (first == at_) return bad(at_);
    std::size_t end = first;
    while (look(end) == '.' && endOfPart(end + 1) > end + 1) end = endOfPart(end + 1);
    if (end > first) return token(Kind::DotPath, end);
    if (isDigit(text_[at_])) return bad(first);
    return token(endOfKeyPart(at_, false) == first ? Kind::Id : Kind::KeySpecial, first);
  }

  OverrideToken valueToken() const {
    const std::size_t mark = endOfBlanks(at_);
    switch (look(mark)) {
      case '(': return token(Kind::ParenthesisOpen, endOfBlanks(mark + 1));
      case ',': return token(Kind::Comma, endOfBlanks(mark + 1));
      case ')': return token(Kind::ParenthesisClose, mark + 1);
      case ']': return token(Kind::BracketClose, mark + 1);
      case '}': return token(Kind::BraceClose, mark + 1);
      case ':': return token(Kind::Colon, endOfBlanks(mark + 1));
      case '=': return token(Kind::Equal, endOfBlanks(mark + 1));
      default: break;
    }
    if (mark > at_) return token(Kind::Blanks, mark);
    switch (text_[at_]) {
      case '[': return token(Kind::BracketOpen, endOfBlanks(at_ + 1));
      case '{': return token(Kind::BraceOpen, endOfBlanks(at_ + 1));
      case '"':
      case '\'': return quoted();
      case '$': {
        const auto close = look(at_ + 1) == '{' ? text_.find('}', at_ + 2) : std::string_view::npos;
        return close == std::string_view::npos || close == at_ + 2 ? token(Kind::UnquotedCharacter, at_ + 1)
                                                                   : token(Kind::Interpolation, close + 1);
      }
      case '\\': {
        std::size_t end = at_;
        while (look(end) == '\\' && end + 1 < text_.size() && kEscaped.find(text_[end + 1]) != kEscaped.npos) end += 2;
        return end > at_ ? token(Kind::Escape, end) : token(Kind::UnquotedCharacter, at_ + 1);
      }
      default: return word();
    }
  }

  // Ends at the first such quote with an even run of backslashes before it.
  OverrideToken quoted() const {
    std::size_t slashes = 0;
    for (std::size_t at = at_ + 1; at < text_.size(); ++at) {
      if (text_[at] == text_[at_] && slashes % 2 == 0) return token(Kind::Quoted, at + 1);
      slashes = text_[at] == '\\' ? slashes + 1 : 0;
    }
    return bad(text_.size());
  }

  OverrideToken word() const {
    OverrideToken best = token(Kind::Bad, at_);
    const auto offer = [&](Kind kind, std::size_t end) {
      if (end - at_ > best.text.size()) best = token(kind, end);
    };
    offer(Kind::Float, endOfFloat());
    const std::size_t digits = at_ + (look(at_) == '+' || look(at_) == '-' ? 1 : 0);
    if (isDigit(look(digits))) offer(Kind::Int, endOfWhole(digits));
    const auto offerWord = [&](Kind kind, std::string_view word) {
      if (lowerAscii(text_.substr(at_, word.size())) == word) offer(kind, at_ + word.size());
    };
    offerWord(Kind::Bool, "true");
    offerWord(Kind::Bool, "false");
    offerWord(Kind::Null, "null");
    if (kUnquotedCharacters.find(text_[at_]) != kUnquotedCharacters.npos) offer(Kind::UnquotedCharacter, at_ + 1);
    offer(Kind::Id, endOfKeyPart(at_, false));
    return best.kind == Kind::Bad ? bad(at_) : best;
  }

  // `at_` where there is none.
  std::size_t endOfFloat() const {
    const std::size_t start = at_ + (look(at_) == '+' || look(at_) == '-' ? 1 : 0);
    const std::string name = lowerAscii(text_.substr(start, 3));
    if (name == "inf" || name == "nan") return start + 3;
    const std::size_t whole = isDigit(look(start)) ? endOfWhole(start) : start;
    std::size_t base = whole;
    bool number = false;
    if (look(whole) == '.' && (whole > start || isDigit(look(whole + 1)))) {
      base = endOfDigits(whole + 1);
      number = true;
    }
    if (base > start && (look(base) == 'e' || look(base) == 'E')) {
      const std::size_t digits = base + (look(base + 1) == '+' || look(base + 1) == '-' ? 2 : 1);
      if (isDigit(look(digits))) return endOfDigits(digits);
    }
    return number ? base : at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<OverrideToken> tokens_;
};

}  // namespace

std::vector<OverrideToken> lexOverride(std::string_view text) { return Lexer(text).run(); }

ConfigError overrideError(std::string_view text, std::size_t offset, std::string what, std::string cure) {
  const auto before = text.substr(0, offset);
  const auto column = 1 + std::count_if(before.begin(), before.end(), [](char c) { return !continuesCharacter(c); });
  std::size_t shown = std::min(text.size(), kShownLength);
  while (shown < text.size() && continuesCharacter(text[shown])) --shown;
  return {ConfigFault::OverrideSyntax, std::move(what),
          fmt::format("override {}{}, column {}", text.substr(0, shown), shown < text.size() ? "…" : "", column),
          std::move(cure)};
}

}  // namespace counterpoint
