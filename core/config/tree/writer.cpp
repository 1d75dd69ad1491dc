// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/writer.h"

#include "core/config/tree/scalar_style.h"

#include <fmt/format.h>

#include <cmath>

namespace counterpoint {
namespace {

constexpr int kWidth = 80, kIndent = 2;
// A key on one line with its value is shorter than this, with its tag ("!!str").
constexpr std::size_t kSimpleKey = 128;

std::u32string pointsOf(std::string_view text) {
  std::u32string points;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    char32_t point = length == 1 ? first : first & (0xFF >> (length + 1));
    for (std::size_t j = 1; j < length && i + j < text.size(); ++j) {
      point = (point << 6) | (static_cast<unsigned char>(text[i + j]) & 0x3F);
    }
    points += point;
    i += length;
  }
  return points;
}

// A scalar that is no text, as PyYAML represents it.
std::string representation(const ConfigScalar& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) {
    if (std::isnan(*number)) return ".nan";
    if (std::isinf(*number)) return *number < 0 ? "-.inf" : ".inf";
    std::string text = pythonText(*number);
    if (text.find('.') == std::string::npos) text.insert(text.find('e'), ".0");
    return text;
  }
  return "null";
}

class Emitter {
 public:
  std::string write(const ConfigNode& node) {
    emit(node, -1, false);
    writeIndent(0);
    if (openEnded_) out_ += "...\n";
    return std::move(out_);
  }

 private:
  // `indent` is that of the container; -1 at the root.
  void emit(const ConfigNode& node, int indent, bool inMap) {
    if (node.isContainer() && node.size() == 0) {
      indicator(node.isList() ? "[" : "{", true, true);
      indicator(node.isList() ? "]" : "}", false);
    } else if (node.isList()) {
      const bool indentless = inMap && !indention_;
      const int own = indent < 0 ? 0 : indentless ? indent : indent + kIndent;
      for (const auto& item : node.items()) {
        writeIndent(own);
        indicator("-", true, false, true);
        emit(item, own, false);
      }
    } else if (node.isDict()) {
      const int own = indent < 0 ? 0 : indent + kIndent;
      for (const auto& member : node.members()) emitMember(member, own);
    } else {
      scalar(node.scalar(), indent < 0 ? kIndent : indent + kIndent, false);
      openEnded_ = indent < 0 && plain_;
    }
  }

  void emitMember(const ConfigNode::Member& member, int own) {
    writeIndent(own);
    const ConfigScalar& key = member.key.scalar();
    if (isSimple(key)) {
      scalar(key, own + kIndent, true);
      indicator(":", false);
    } else {
      indicator("?", true, false, true);
      scalar(key, own + kIndent, false);
      writeIndent(own);
      indicator(":", true, false, true);
    }
    emit(member.value, own, true);
  }

  static bool isSimple(const ConfigScalar& key) {
    const auto* text = std::get_if<std::string>(&key);
    if (!text) return true;
    const std::u32string points = pointsOf(*text);
    constexpr std::size_t kTag = 5;
    return points.size() + kTag < kSimpleKey && !points.empty() && !analyzeScalar(points).multiline;
  }

  void scalar(const ConfigScalar& value, int indent, bool key) {
    indent_ = indent;
    const auto* text = std::get_if<std::string>(&value);
    plain_ = true;
    if (!text) return plain(pointsOf(representation(value)), !key);
    const std::u32string points = pointsOf(*text);
    const ScalarStyle style = styleOf(*text, points, key);
    plain_ = style == ScalarStyle::Plain;
    switch (style) {
      case ScalarStyle::Plain: return plain(points, !key);
      case ScalarStyle::SingleQuoted: return singleQuoted(points, !key);
      case ScalarStyle::DoubleQuoted: return doubleQuoted(points, !key);
    }
  }

  void put(std::u32string_view points) {
    for (const char32_t c : points) {
      if (c < 0x80) {
        out_ += static_cast<char>(c);
      } else if (c < 0x800) {
        out_ += {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
      } else if (c < 0x10000) {
        out_ += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
                 static_cast<char>(0x80 | (c & 0x3F))};
      } else {
        out_ += {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F)),
                 static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
      }
    }
    column_ += static_cast<int>(points.size());
  }

  void indicator(std::string_view mark, bool needBlank, bool whitespace = false, bool indention = false) {
    if (!whitespace_ && needBlank) out_ += ' ', ++column_;
    out_ += mark;
    column_ += static_cast<int>(mark.size());
    whitespace_ = whitespace;
    indention_ = indention_ && indention;
  }

  void lineBreak(char32_t c = '\n') {
    put(std::u32string_view(&c, 1));
    whitespace_ = indention_ = true;
    column_ = 0;
  }

  void writeIndent(int indent) {
    if (!indention_ || column_ > indent || (column_ == indent && !whitespace_)) lineBreak();
    if (column_ < indent) {
      whitespace_ = true;
      out_.append(static_cast<std::size_t>(indent - column_), ' ');
      column_ = indent;
    }
  }

  void plain(const std::u32string& text, bool split) {
    if (text.empty()) return;
    if (!whitespace_) put(U" ");
    whitespace_ = indention_ = false;
    std::size_t start = 0;
    bool spaces = false;
    for (std::size_t end = 0; end <= text.size(); ++end) {
      const bool last = end == text.size();
      const bool blank = !last && text[end] == ' ';
      if (spaces && !blank) {
        if (start + 1 == end && column_ > kWidth && split) {
          writeIndent(indent_);
          whitespace_ = indention_ = false;
        } else {
          put(std::u32string_view(text).substr(start, end - start));
        }
        start = end;
      } else if (!spaces && (last || blank)) {
        put(std::u32string_view(text).substr(start, end - start));
        start = end;
      }
      spaces = blank;
    }
  }

  void singleQuoted(const std::u32string& text, bool split) {
    indicator("'", true);
    const std::u32string_view view = text;
    std::size_t start = 0;
    bool spaces = false, breaks = false;
    for (std::size_t end = 0; end <= text.size(); ++end) {
      const bool last = end == text.size();
      const char32_t c = last ? U'\0' : text[end];
      const bool blank = !last && c == ' ', isBreak = !last && isYamlBreak(c), quote = !last && c == '\'';
      if (spaces) {
        if (!blank) {
          if (start + 1 == end && column_ > kWidth && split && start != 0 && !last) {
            writeIndent(indent_);
          } else {
            put(view.substr(start, end - start));
          }
          start = end;
        }
      } else if (breaks) {
        if (!isBreak) {
          if (text[start] == '\n') lineBreak();
          for (const char32_t one : view.substr(start, end - start)) lineBreak(one);
          writeIndent(indent_);
          start = end;
        }
      } else if (last || blank || isBreak || quote) {
        put(view.substr(start, end - start));
        start = end;
      }
      if (quote) {
        put(U"''");
        start = end + 1;
      }
      spaces = blank;
      breaks = isBreak;
    }
    indicator("'", false);
  }

  static std::u32string escaped(char32_t c) {
    constexpr std::u32string_view kLetters = U"0abtnvfre\"\\N_LP";
    constexpr std::u32string_view kFrom(U"\0\x07\x08\x09\x0A\x0B\x0C\x0D\x1B\"\\\x85\xA0\u2028\u2029", 15);
    if (const auto at = kFrom.find(c); at != std::u32string_view::npos) return {U'\\', kLetters[at]};
    const auto code = static_cast<std::uint32_t>(c);
    return pointsOf(code <= 0xFF     ? fmt::format("\\x{:02X}", code)
                    : code <= 0xFFFF ? fmt::format("\\u{:04X}", code)
                                     : fmt::format("\\U{:08X}", code));
  }

  void doubleQuoted(const std::u32string& text, bool split) {
    indicator("\"", true);
    const std::u32string_view view = text;
    const auto needsEscape = [](char32_t c) {
      if (c == '"' || c == '\\' || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xFEFF) return true;
      return !((c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD));
    };
    std::size_t start = 0;
    for (std::size_t end = 0; end <= text.size(); ++end) {
      const bool last = end == text.size();
      if (last || needsEscape(text[end])) {
        if (start < end) {
          put(view.substr(start, end - start));
          start = end;
        }
        if (!last) {
          put(escaped(text[end]));
          start = end + 1;
        }
      }
      const bool inside = end > 0 && end + 1 < text.size();
      const int ahead = static_cast<int>(end) - static_cast<int>(start);
      if (inside && (text[end] == ' ' || start >= end) && column_ + ahead > kWidth && split) {
        if (start < end) {
          put(view.substr(start, end - start));
          start = end;
        }
        put(U"\\");
        writeIndent(indent_);
        whitespace_ = indention_ = false;
        if (text[start] == ' ') put(U"\\");
      }
    }
    indicator("\"", false);
  }

  std::string out_;
  int column_ = 0, indent_ = 0;
  bool whitespace_ = true, indention_ = true, plain_ = false, openEnded_ = false;
};

}  // namespace

std::string writeConfig(const ConfigNode& node) { return Emitter().write(node); }

}  // namespace counterpoint
