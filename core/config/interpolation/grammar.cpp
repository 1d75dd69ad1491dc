// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interpolation/grammar.h"

#include "core/base/words.h"
#include "core/config/interpolation/lexer.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/scalars.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

using Kind = InterpolationToken::Kind;
using Syntax = InterpolationSyntax;

// Of brackets, braces and interpolations inside one another.
constexpr int kMostNesting = 100;

bool isPrimitive(Kind kind, bool inKey) {
  switch (kind) {
    case Kind::Id:
    case Kind::Null:
    case Kind::Int:
    case Kind::Float:
    case Kind::Bool:
    case Kind::UnquotedChar:
    case Kind::Escape:
    case Kind::Blanks: return true;
    case Kind::Colon:
    case Kind::InterOpen: return !inKey;
    default: return false;
  }
}

class Parser {
 public:
  Parser(std::string_view text, InterpolationMode mode) : text_(text), tokens_(lexInterpolation(text, mode)) {}

  Syntax wholeText() {
    Syntax text = textUntil(Syntax::Kind::Text);
    if (text.parts.empty()) refuse("a value");
    expect(Kind::End, "the end");
    return text;
  }
  Syntax wholeElement() {
    Syntax element = this->element();
    expect(Kind::End, "the end");
    return element;
  }

 private:
  const InterpolationToken& now() const { return tokens_[at_]; }
  bool is(Kind kind) const { return now().kind == kind; }
  bool take(Kind kind) {
    if (!is(kind)) return false;
    ++at_;
    return true;
  }
  void expect(Kind kind, std::string_view what) {
    if (!take(kind)) refuse(what);
  }
  [[noreturn]] void refuse(std::string_view wanted) const {
    const std::string found = is(Kind::End) ? "the text ends" : fmt::format("\"{}\" stands", now().text.substr(0, 40));
    throw ConfigError(ConfigFault::Grammar,
                      fmt::format("\"{}\": {} in column {} where {} is wanted", text_.substr(0, 200), found,
                                  now().offset + 1, wanted),
                      {}, "Close each ${ with }; write \\${ for the characters themselves.");
  }
  // Counts how deep the parser is in itself.
  struct Nesting {
    explicit Nesting(Parser& parser) : parser_(parser) {
      if (++parser_.nesting_ > kMostNesting) parser_.refuse(fmt::format("no more than {} levels", kMostNesting));
    }
    ~Nesting() { --parser_.nesting_; }
    Parser& parser_;
  };

  // (interpolation | ANY_STR | ESC | ESC_INTER | TOP_ESC | QUOTED_ESC)*
  Syntax textUntil(Syntax::Kind kind) {
    Syntax result{.kind = kind};
    for (;;) {
      if (is(Kind::InterOpen)) {
        result.parts.push_back(interpolation());
        continue;
      }
      if (!is(Kind::AnyText) && !is(Kind::Escape) && !is(Kind::EscapedInter) && !is(Kind::TopEscape) &&
          !is(Kind::QuotedEscape)) {
        break;
      }
      const InterpolationToken token = now();
      ++at_;
      appendLiteral(result, unescaped(token));
    }
    return result;
  }

  std::string unescaped(const InterpolationToken& token) const {
    const std::string_view text = token.text;
    const auto halved = [&] {
      std::string half;
      for (std::size_t i = 1; i < text.size(); i += 2) half += text[i];
      return half;
    };
    const bool textFollows = is(Kind::AnyText) || is(Kind::Escape) || is(Kind::EscapedInter) || is(Kind::TopEscape) ||
                             is(Kind::QuotedEscape);
    switch (token.kind) {
      case Kind::EscapedInter: return std::string(text.substr(text.size() - (text.size() / 2 + 1)));
      case Kind::Escape: return halved();
      // Backslashes are halved where they stand before an interpolation, and at the end of a quoted text.
      case Kind::TopEscape: return is(Kind::InterOpen) ? halved() : std::string(text);
      case Kind::QuotedEscape: return is(Kind::InterOpen) || !textFollows ? halved() : std::string(text);
      default: return std::string(text);
    }
  }

  static void appendLiteral(Syntax& into, std::string text) {
    if (!into.parts.empty() && into.parts.back().kind == Syntax::Kind::Literal) {
      std::get<std::string>(into.parts.back().value) += text;
    } else {
      into.parts.push_back({.kind = Syntax::Kind::Literal, .value = std::move(text)});
    }
  }

  Syntax interpolation() {
    const Nesting nesting(*this);
    const std::size_t begin = now().offset;
    expect(Kind::InterOpen, "${");
    Syntax result = isResolver() ? resolver() : nodePath();
    result.source = std::string(text_.substr(begin, tokens_[at_ - 1].offset + tokens_[at_ - 1].text.size() - begin));
    return result;
  }

  // A resolver has a ":" behind its name, on its own level.
  bool isResolver() const {
    int depth = 0;
    for (std::size_t i = at_; i < tokens_.size(); ++i) {
      const Kind kind = tokens_[i].kind;
      if (kind == Kind::InterOpen || kind == Kind::BraceOpen) ++depth;
      if (depth == 0 && kind == Kind::Colon) return true;
      if (depth == 0 && (kind == Kind::InterClose || kind == Kind::BraceClose || kind == Kind::BracketOpen))
        return false;
      if (kind == Kind::InterClose || kind == Kind::BraceClose) --depth;
    }
    return false;
  }

  Syntax configKey() {
    if (is(Kind::InterOpen)) return interpolation();
    if (!is(Kind::Id) && !is(Kind::Key)) refuse("a key");
    return {.kind = Syntax::Kind::Literal, .value = std::string(tokens_[at_++].text)};
  }

  Syntax nodePath() {
    Syntax node{.kind = Syntax::Kind::Node};
    std::string join;
    while (take(Kind::Dot)) join += '.';
    bool first = true;
    while (first || is(Kind::Dot) || is(Kind::BracketOpen)) {
      if (!first && take(Kind::Dot))
        join += '.';
      else if (take(Kind::BracketOpen)) {
        node.joins.push_back(std::string(join).append("["));
        node.parts.push_back(configKey());
        expect(Kind::BracketClose, "]");
        join.assign(1, ']');
        first = false;
        continue;
      }
      node.joins.push_back(join);
      node.parts.push_back(configKey());
      join.clear();
      first = false;
    }
    node.joins.push_back(join);
    expect(Kind::InterClose, "}");
    return node;
  }

  Syntax resolver() {
    Syntax call{.kind = Syntax::Kind::Resolver};
    do {
      if (!is(Kind::Id) && !is(Kind::InterOpen)) refuse("the name of a resolver");
      call.parts.push_back(configKey());
    } while (take(Kind::Dot));
    expect(Kind::Colon, "\":\"");
    if (!is(Kind::BraceClose)) sequence(call, Kind::BraceClose);
    expect(Kind::BraceClose, "}");
    return call;
  }

  // (element (COMMA element?)*) | (COMMA element?)+; an empty position is the empty text.
  void sequence(Syntax& into, Kind end) {
    bool wanted = true;
    for (;;) {
      if (is(Kind::Comma)) {
        if (wanted) into.arguments.push_back(emptyText());
        ++at_;
        wanted = true;
      } else if (is(end)) {
        if (wanted) into.arguments.push_back(emptyText());
        return;
      } else if (wanted) {
        into.arguments.push_back(element());
        wanted = false;
      } else {
        refuse("a comma");
      }
    }
  }
  static Syntax emptyText() { return {.kind = Syntax::Kind::Literal, .value = std::string()}; }

  Syntax element() {
    const Nesting nesting(*this);
    const std::size_t begin = at_;
    Syntax result;
    if (take(Kind::BracketOpen)) {
      result.kind = Syntax::Kind::List;
      if (!is(Kind::BracketClose)) sequence(result, Kind::BracketClose);
      expect(Kind::BracketClose, "]");
    } else if (take(Kind::BraceOpen)) {
      result.kind = Syntax::Kind::Dict;
      while (!is(Kind::BraceClose)) {
        if (!result.keys.empty()) expect(Kind::Comma, "a comma");
        result.keys.push_back(primitive(true));
        expect(Kind::Colon, "\":\"");
        result.arguments.push_back(element());
      }
      expect(Kind::BraceClose, "}");
    } else if (take(Kind::QuoteOpen)) {
      result = textUntil(Syntax::Kind::Quoted);
      expect(Kind::QuoteClose, "the closing quote");
    } else {
      result = primitive(false);
    }
    for (std::size_t i = begin; i < at_; ++i) result.source += tokens_[i].text;
    return result;
  }

  Syntax primitive(bool inKey) {
    const std::size_t begin = at_;
    if (!isPrimitive(now().kind, inKey)) refuse(inKey ? "a key" : "a value");
    Syntax result{.kind = Syntax::Kind::Text};
    while (isPrimitive(now().kind, inKey)) {
      if (is(Kind::InterOpen)) {
        result.parts.push_back(interpolation());
      } else {
        const InterpolationToken token = tokens_[at_++];
        appendLiteral(result, token.kind == Kind::Escape ? unescaped(token) : std::string(token.text));
      }
    }
    const InterpolationToken& only = tokens_[begin];
    if (at_ == begin + 1 &&
        (only.kind == Kind::Null || only.kind == Kind::Bool || only.kind == Kind::Int || only.kind == Kind::Float)) {
      return {.kind = Syntax::Kind::Literal, .value = typed(only)};
    }
    if (result.parts.size() == 1 && result.parts[0].kind == Syntax::Kind::Literal) return std::move(result.parts[0]);
    return result;
  }

  static ConfigScalar typed(const InterpolationToken& token) {
    try {
      if (auto scalar = grammarScalar(token.text)) return *scalar;
    } catch (const ConfigError& error) {
      throw ConfigError(ConfigFault::Grammar, error.problem(), {}, error.cure());
    }
    return std::string(token.text);
  }

  std::string_view text_;
  std::vector<InterpolationToken> tokens_;
  std::size_t at_ = 0;
  int nesting_ = 0;
};

}  // namespace

bool needsEvaluation(std::string_view text) { return text.find("${") != std::string_view::npos; }

InterpolationSyntax parseInterpolation(std::string_view text) {
  return Parser(text, InterpolationMode::Plain).wholeText();
}

InterpolationSyntax parseElement(std::string_view text) {
  return Parser(text, InterpolationMode::Value).wholeElement();
}

}  // namespace counterpoint
