// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/parser.h"

#include <fmt/format.h>

#include <initializer_list>

namespace counterpoint {
namespace {

using Kind = OverrideTokenKind;

constexpr std::string_view kElementStarts =
    "':', BRACKET_OPEN, BRACE_OPEN, FLOAT, INT, BOOL, NULL, UNQUOTED_CHAR, ID, ESC, WS, QUOTED_VALUE, INTERPOLATION";

bool isKeyPart(Kind kind) {
  switch (kind) {
    case Kind::Id:
    case Kind::Null:
    case Kind::Int:
    case Kind::Float:
    case Kind::Bool:
    case Kind::UnquotedCharacter:
    case Kind::Escape:
    case Kind::Blanks: return true;
    default: return false;
  }
}

bool isPrimitivePart(Kind kind) { return isKeyPart(kind) || kind == Kind::Colon || kind == Kind::Interpolation; }

bool startsElement(Kind kind) {
  return isPrimitivePart(kind) || kind == Kind::Quoted || kind == Kind::BracketOpen || kind == Kind::BraceOpen;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(lexOverride(text)) {}

  ParsedOverride run() {
    ParsedOverride parsed;
    Override& head = parsed.head;
    head.inputLine = text_;
    if (take(Kind::Tilde)) {
      head.kind = Override::Kind::Delete;
    } else if (take(Kind::Plus)) {
      head.kind = take(Kind::Plus) ? Override::Kind::ForceAdd : Override::Kind::Add;
    }
    readKey(head);
    if (head.isDelete() && is(Kind::End)) return parsed;
    expectEqual();
    parsed.equals = true;
    if (!is(Kind::End)) parsed.value = value();
    return parsed;
  }

 private:
  const OverrideToken& token(std::size_t at) const {
    const auto& token = tokens_[std::min(at, tokens_.size() - 1)];
    if (token.kind == Kind::Bad) refuseBad(token);
    return token;
  }
  bool is(Kind kind) const { return token(at_).kind == kind; }
  bool take(Kind kind) {
    if (!is(kind)) return false;
    ++at_;
    return true;
  }

  static std::string shown(const OverrideToken& token) {
    return token.kind == Kind::End ? "<EOF>" : visible(token.text);
  }
  static std::string visible(std::string_view text) {
    std::string made;
    for (const char c : text) {
      const auto place = std::string_view("\n\r\t").find(c);
      made += place == std::string_view::npos ? std::string(1, c) : std::string(1, '\\') + "nrt"[place];
    }
    return made;
  }

  [[noreturn]] void fail(std::string what, std::string cure = {}) const {
    throw overrideError(text_, token(at_).offset, std::move(what), std::move(cure));
  }

  [[noreturn]] void refuseBad(const OverrideToken& bad) const {
    const bool inKey = bad.offset < text_.find('=');
    std::string cure = "Put the value into quotes: key='…'.";
    if (inKey && bad.text.ends_with('[')) {
      cure = "Name an item of a list with a point: a.0=1.";
    } else if (inKey) {
      cure = "A key is made of letters, digits, _, - and $, with points or slashes between its words.";
    } else if (bad.text[0] == '\'' || bad.text[0] == '"') {
      cure = fmt::format("Close the quote, or write \\{} for a quote inside it.", bad.text[0]);
    }
    throw overrideError(text_, bad.offset, fmt::format("token recognition error at: '{}'", visible(bad.text)),
                        std::move(cure));
  }

  // The original reads on to the end for this message: what is no token there comes first.
  std::string noAlternative(std::size_t first, std::size_t last) const {
    token(tokens_.size() - 1);
    const auto& end = token(last);
    const std::size_t start = token(first).offset;
    return fmt::format("no viable alternative at input '{}'",
                       visible(text_.substr(start, end.offset + end.text.size() - start)));
  }

  // What ANTLR says where one token too many stands, and where it cannot tell.
  [[noreturn]] void unexpected(std::string_view expected, bool wouldFit, std::string cure) const {
    fail(fmt::format("{} input '{}' expecting {}", wouldFit ? "extraneous" : "mismatched", shown(token(at_)), expected),
         std::move(cure));
  }

  void readKey(Override& head) {
    const auto name = [&]() -> std::string {
      if (is(Kind::Id) || is(Kind::KeySpecial) || is(Kind::DotPath)) return std::string(token(at_++).text);
      return {};
    };
    const auto startsKey = [&](std::size_t at) {
      const Kind kind = token(at).kind;
      return kind == Kind::Equal || kind == Kind::At || kind == Kind::Id || kind == Kind::KeySpecial ||
             kind == Kind::DotPath || (kind == Kind::End && head.isDelete()) ||
             (kind == Kind::End && head.isForceAdd());
    };
    const bool mayBeGroup = is(Kind::Id);
    if (!startsKey(at_)) {
      const std::string_view expected = at_ == 0 ? "{EQUAL, '~', '+', '@', KEY_SPECIAL, DOT_PATH, ID}"
                                                 : "{EQUAL, '+', '@', KEY_SPECIAL, DOT_PATH, ID}";
      if (head.isDelete() || head.isForceAdd()) fail(noAlternative(at_, at_), "Write ~key, +key=value or ++key=value.");
      unexpected(expected, !is(Kind::End) && startsKey(at_ + 1), "Write key=value.");
    }
    head.keyOrGroup = name();
    if (mayBeGroup) {
      while (take(Kind::Slash)) {
        if (!is(Kind::Id)) {
          const std::string cure = "A group is words with slashes between: group/sub=option.";
          if (!is(Kind::End) && token(at_ + 1).kind == Kind::Id) unexpected("ID", true, cure);
          if (is(Kind::Equal) || is(Kind::At) || is(Kind::Slash) || (is(Kind::End) && head.isDelete())) {
            fail(fmt::format("missing ID at '{}'", shown(token(at_))), cure);
          }
          unexpected("ID", false, cure);
        }
        head.keyOrGroup += "/" + std::string(token(at_++).text);
      }
    }
    if (!take(Kind::At)) return;
    if (!startsKey(at_) && !is(Kind::End)) fail(noAlternative(at_, at_), "A package is words with points between.");
    head.package = name();
  }

  void expectEqual() {
    if (take(Kind::Equal)) return;
    const std::string cure = "Write key=value, +key=value, ++key=value or ~key.";
    if (!is(Kind::End) && token(at_ + 1).kind == Kind::Equal) unexpected("EQUAL", true, cure);
    if (is(Kind::End) || startsElement(token(at_).kind)) {
      fail(fmt::format("missing EQUAL at '{}'", shown(token(at_))), cure);
    }
    unexpected("EQUAL", false, cure);
  }

  // --- values ---

  OverrideSyntax value() {
    if (!startsElement(token(at_).kind)) {
      const Kind next = token(at_ + 1).kind;
      unexpected(fmt::format("{{<EOF>, {}}}", kElementStarts), next == Kind::End || startsElement(next), valueCure());
    }
    start_ = at_;
    predicting_ = true;
    OverrideSyntax first = element();
    predicting_ = false;
    if (!is(Kind::Comma)) {
      expectEnd();
      return first;
    }
    OverrideSyntax choice;
    choice.kind = OverrideSyntax::Kind::SimpleChoice;
    choice.offset = first.offset;
    choice.parts.push_back({{}, {}, std::move(first)});
    while (take(Kind::Comma)) choice.parts.push_back({{}, {}, element()});
    expectEnd();
    return finished(std::move(choice));
  }

  void expectEnd() const {
    if (!is(Kind::End)) unexpected("<EOF>", token(at_ + 1).kind == Kind::End, valueCure());
  }

  std::string valueCure() const {
    switch (token(at_).kind) {
      case Kind::Equal: return "Write \\= or put the value into quotes: key='a=b'.";
      case Kind::Comma: return "Write \\, or put the value into quotes: key='a,b'.";
      case Kind::Quoted: return "Quote the whole value, not a part of it.";
      case Kind::Blanks: return "Nothing may follow a closed quote or bracket.";
      case Kind::End: return "Close what is open, or put the value into quotes: key='…'.";
      default: return "Escape it with a backslash, or put the value into quotes: key='…'.";
    }
  }

  // ANTLR decides between a value and a list of choices by reading the whole first element; what is wrong in it is
  // told of all that was read. Later elements are told by their token.
  [[noreturn]] void refuse(std::string_view expected, bool wouldFit) const {
    if (predicting_) fail(noAlternative(start_, at_), valueCure());
    unexpected(expected, wouldFit, valueCure());
  }

  void expect(Kind kind, std::string_view expected) {
    if (take(kind)) return;
    const Kind next = predicting_ ? Kind::End : token(at_ + 1).kind;
    refuse(expected, next == kind || (next == Kind::Comma && kind != Kind::Colon));
  }

  OverrideSyntax finished(OverrideSyntax syntax) const {
    const auto& last = tokens_[at_ - 1];
    syntax.text = text_.substr(syntax.offset, last.offset + last.text.size() - syntax.offset);
    return syntax;
  }

  OverrideSyntax element() {
    if (++depth_ > kMaxOverrideDepth) {
      fail(fmt::format("lists, dicts and functions are nested more than {} deep", kMaxOverrideDepth),
           "Put it into a config file, flatter.");
    }
    OverrideSyntax made = anyElement();
    --depth_;
    return made;
  }

  OverrideSyntax anyElement() {
    const OverrideToken& first = token(at_);
    OverrideSyntax syntax;
    syntax.offset = first.offset;
    switch (first.kind) {
      case Kind::BracketOpen: return list(std::move(syntax));
      case Kind::BraceOpen: return dict(std::move(syntax));
      case Kind::Quoted: syntax.tokens.push_back(first); break;
      case Kind::Id:
        if (token(at_ + 1).kind == Kind::ParenthesisOpen) return function(std::move(syntax));
        [[fallthrough]];
      default:
        if (!isPrimitivePart(first.kind)) {
          refuse(fmt::format("{{{}}}", kElementStarts), !predicting_ && startsElement(token(at_ + 1).kind));
        }
        while (isPrimitivePart(token(at_).kind)) syntax.tokens.push_back(token(at_++));
        return finished(std::move(syntax));
    }
    ++at_;
    return finished(std::move(syntax));
  }

  OverrideSyntax list(OverrideSyntax syntax) {
    syntax.kind = OverrideSyntax::Kind::List;
    ++at_;
    if (!is(Kind::BracketClose)) {
      do syntax.parts.push_back({{}, {}, element()});
      while (take(Kind::Comma));
    }
    expect(Kind::BracketClose, "{COMMA, BRACKET_CLOSE}");
    return finished(std::move(syntax));
  }

  OverrideSyntax dict(OverrideSyntax syntax) {
    syntax.kind = OverrideSyntax::Kind::Dict;
    ++at_;
    if (!is(Kind::BraceClose)) {
      do {
        std::vector<OverrideToken> key;
        while (isKeyPart(token(at_).kind)) key.push_back(token(at_++));
        if (key.empty()) {
          const Kind next = predicting_ ? Kind::End : token(at_ + 1).kind;
          refuse("{BRACE_CLOSE, FLOAT, INT, BOOL, NULL, UNQUOTED_CHAR, ID, ESC, WS}",
                 isKeyPart(next) || next == Kind::BraceClose);
        }
        expect(Kind::Colon, "':'");
        syntax.parts.push_back({std::move(key), {}, element()});
      } while (take(Kind::Comma));
    }
    expect(Kind::BraceClose, "{COMMA, BRACE_CLOSE}");
    return finished(std::move(syntax));
  }

  OverrideSyntax function(OverrideSyntax syntax) {
    syntax.kind = OverrideSyntax::Kind::Function;
    syntax.name = token(at_).text;
    at_ += 2;
    if (!is(Kind::ParenthesisClose)) {
      do {
        std::optional<std::string_view> name;
        if (is(Kind::Id) && token(at_ + 1).kind == Kind::Equal) {
          name = token(at_).text;
          at_ += 2;
        }
        syntax.parts.push_back({{}, name, element()});
      } while (take(Kind::Comma));
    }
    expect(Kind::ParenthesisClose, "{COMMA, PCLOSE}");
    return finished(std::move(syntax));
  }

  std::string_view text_;
  std::vector<OverrideToken> tokens_;
  std::size_t at_ = 0, start_ = 0;
  bool predicting_ = false;
  int depth_ = 0;
};

}  // namespace

ParsedOverride parseOverrideSyntax(std::string_view text) { return Parser(text).run(); }

}  // namespace counterpoint
