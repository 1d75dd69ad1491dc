// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interpolation/lexer.h"

#include "core/base/words.h"
#include "core/config/tree/config_error.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

using Kind = InterpolationToken::Kind;
enum class Mode { Plain, Value, Interpolation, SingleQuoted, DoubleQuoted };

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isBlank(char c) { return c == ' ' || c == '\t'; }

// Lengths of what stands at the front of `rest`; 0: not there.
std::size_t runOf(std::string_view rest, auto test) {
  return static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), test) - rest.begin());
}
std::size_t blanksOf(std::string_view rest) { return runOf(rest, isBlank); }
std::size_t slashesOf(std::string_view rest) {
  return runOf(rest, [](char c) { return c == '\\'; });
}

// (('_')? DIGIT)* from `at` on.
std::size_t groupedEnd(std::string_view rest, std::size_t at) {
  for (;;) {
    std::size_t next = at;
    if (next < rest.size() && rest[next] == '_') ++next;
    if (next >= rest.size() || !isDigit(rest[next])) return at;
    at = next + 1;
  }
}
std::size_t wholeEnd(std::string_view rest, std::size_t at) {
  if (at >= rest.size() || !isDigit(rest[at])) return at;
  return rest[at] == '0' ? at + 1 : groupedEnd(rest, at + 1);
}
std::size_t signEnd(std::string_view rest) { return !rest.empty() && (rest[0] == '+' || rest[0] == '-') ? 1 : 0; }
std::size_t exponentEnd(std::string_view rest, std::size_t at) {
  if (at >= rest.size() || (rest[at] != 'e' && rest[at] != 'E')) return at;
  std::size_t end = at + 1;
  if (end < rest.size() && (rest[end] == '+' || rest[end] == '-')) ++end;
  if (end >= rest.size() || !isDigit(rest[end])) return at;
  return groupedEnd(rest, end + 1);
}
std::size_t intOf(std::string_view rest) {
  const std::size_t sign = signEnd(rest), end = wholeEnd(rest, sign);
  return end > sign ? end : 0;
}
std::size_t floatOf(std::string_view rest) {
  const std::size_t sign = signEnd(rest);
  const std::string word = lowerAscii(rest.substr(sign, 3));
  if (word == "inf" || word == "nan") return sign + 3;
  const std::size_t whole = wholeEnd(rest, sign);
  std::size_t best = 0;
  if (whole > sign && exponentEnd(rest, whole) > whole) best = exponentEnd(rest, whole);
  if (whole < rest.size() && rest[whole] == '.') {
    std::size_t point = whole > sign ? whole + 1 : 0;
    if (whole + 1 < rest.size() && isDigit(rest[whole + 1])) point = groupedEnd(rest, whole + 2);
    if (point) best = std::max(best, exponentEnd(rest, point));
  }
  return best;
}
std::size_t idOf(std::string_view rest) {
  if (rest.empty() || !(isLetter(rest[0]) || rest[0] == '_')) return 0;
  return runOf(rest, [](char c) { return isLetter(c) || isDigit(c) || c == '_' || c == '-'; });
}
std::size_t wordOf(std::string_view rest, std::string_view word) {
  return lowerAscii(rest.substr(0, word.size())) == word ? word.size() : 0;
}
std::size_t escapeOf(std::string_view rest) {
  std::size_t end = 0;
  while (end + 1 < rest.size() && rest[end] == '\\' &&
         std::string_view("\\()[]{}:=, \t").find(rest[end + 1]) != std::string_view::npos) {
    end += 2;
  }
  return end;
}
// `mark` with blanks on the sides asked for.
std::size_t markOf(std::string_view rest, char mark, bool before, bool behind) {
  std::size_t end = before ? blanksOf(rest) : 0;
  if (end >= rest.size() || rest[end] != mark) return 0;
  ++end;
  return behind ? end + blanksOf(rest.substr(end)) : end;
}
// "${" and blanks.
std::size_t openOf(std::string_view rest) { return rest.starts_with("${") ? 2 + blanksOf(rest.substr(2)) : 0; }

class Lexer {
 public:
  Lexer(std::string_view text, InterpolationMode mode)
      : text_(text), modes_{mode == InterpolationMode::Plain ? Mode::Plain : Mode::Value} {}

  std::vector<InterpolationToken> run() {
    while (at_ < text_.size()) step();
    tokens_.push_back({Kind::End, text_.substr(text_.size()), text_.size()});
    return std::move(tokens_);
  }

 private:
  void step() {
    best_ = 0;
    switch (modes_.back()) {
      case Mode::Plain: plain('\0'); break;
      case Mode::SingleQuoted: plain('\''); break;
      case Mode::DoubleQuoted: plain('"'); break;
      case Mode::Value: value(); break;
      case Mode::Interpolation: interpolation(); break;
    }
    if (best_ == 0) refuse("cannot be read here");
    take();
  }

  std::string_view rest() const { return text_.substr(at_); }
  void offer(Kind kind, std::size_t length) {
    if (length > best_) best_ = length, kind_ = kind;
  }

  void plain(char quote) {
    offer(Kind::InterOpen, openOf(rest()));
    if (quote && rest()[0] == quote) offer(Kind::QuoteClose, 1);
    // The longest run without "$" (and the quote) that does not end with a backslash.
    std::size_t run = runOf(rest(), [quote](char c) { return c != '$' && (!quote || c != quote); });
    while (run > 0 && rest()[run - 1] == '\\') --run;
    offer(Kind::AnyText, run);
    const std::size_t slashes = slashesOf(rest());
    if (slashes % 2 == 1 && rest().substr(slashes).starts_with("${")) offer(Kind::EscapedInter, slashes + 2);
    if (quote && slashes % 2 == 1 && slashes < rest().size() && rest()[slashes] == quote) {
      offer(Kind::Escape, slashes + 1);
    }
    offer(quote ? Kind::QuotedEscape : Kind::TopEscape, slashes / 2 * 2);
    offer(Kind::AnyText, slashes);
    if (rest()[0] == '$') offer(Kind::AnyText, 1);
  }

  void value() {
    const std::string_view rest = this->rest();
    offer(Kind::InterOpen, openOf(rest));
    offer(Kind::BraceOpen, markOf(rest, '{', false, true));
    offer(Kind::BraceClose, markOf(rest, '}', true, false));
    if (rest[0] == '\'' || rest[0] == '"') offer(Kind::QuoteOpen, 1);
    offer(Kind::Comma, markOf(rest, ',', true, true));
    offer(Kind::BracketOpen, markOf(rest, '[', false, true));
    offer(Kind::BracketClose, markOf(rest, ']', true, false));
    offer(Kind::Colon, markOf(rest, ':', true, true));
    offer(Kind::Float, floatOf(rest));
    offer(Kind::Int, intOf(rest));
    offer(Kind::Bool, std::max(wordOf(rest, "true"), wordOf(rest, "false")));
    offer(Kind::Null, wordOf(rest, "null"));
    if (std::string_view("/-\\+.$%*@?|").find(rest[0]) != std::string_view::npos) offer(Kind::UnquotedChar, 1);
    offer(Kind::Id, idOf(rest));
    offer(Kind::Escape, escapeOf(rest));
    offer(Kind::Blanks, blanksOf(rest));
  }

  void interpolation() {
    const std::string_view rest = this->rest();
    offer(Kind::InterOpen, openOf(rest));
    offer(Kind::Colon, markOf(rest, ':', true, true));
    offer(Kind::InterClose, markOf(rest, '}', true, false));
    if (rest[0] == '.') offer(Kind::Dot, 1);
    if (rest[0] == '[') offer(Kind::BracketOpen, 1);
    if (rest[0] == ']') offer(Kind::BracketClose, 1);
    offer(Kind::Id, idOf(rest));
    offer(Kind::Key,
          runOf(rest, [](char c) { return std::string_view("\\{}()[]:. \t'\"").find(c) == std::string_view::npos; }));
  }

  void take() {
    tokens_.push_back({kind_, text_.substr(at_, best_), at_});
    const char first = text_[at_];
    switch (kind_) {
      case Kind::InterOpen: modes_.push_back(Mode::Interpolation); break;
      case Kind::BraceOpen: modes_.push_back(Mode::Value); break;
      case Kind::QuoteOpen: modes_.push_back(first == '\'' ? Mode::SingleQuoted : Mode::DoubleQuoted); break;
      case Kind::Colon:
        if (modes_.back() == Mode::Interpolation) modes_.back() = Mode::Value;
        break;
      case Kind::BraceClose:
      case Kind::InterClose:
      case Kind::QuoteClose:
        if (modes_.size() == 1) refuse("closes nothing");
        modes_.pop_back();
        break;
      default: break;
    }
    at_ += best_;
  }

  [[noreturn]] void refuse(std::string_view why) const {
    throw ConfigError(
        ConfigFault::Grammar,
        fmt::format("\"{}\": column {} (\"{}\") {}", text_.substr(0, 200), at_ + 1, text_.substr(at_, 1), why), {},
        "Put the text in quotes, or a backslash before the character.");
  }

  std::string_view text_;
  std::size_t at_ = 0, best_ = 0;
  Kind kind_ = Kind::End;
  std::vector<Mode> modes_;
  std::vector<InterpolationToken> tokens_;
};

}  // namespace

std::vector<InterpolationToken> lexInterpolation(std::string_view text, InterpolationMode mode) {
  return Lexer(text, mode).run();
}

}  // namespace counterpoint
