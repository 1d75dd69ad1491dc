// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/scalar_line.h"

#include <charconv>
#include <limits>

namespace counterpoint {
namespace {

class Cursor {
 public:
  explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool take(char wanted) {
    skipBlanks();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool text(std::string_view& result) {
    if (!take('"')) return false;
    const char* const begin = at_;
    while (at_ != end_ && *at_ != '"' && *at_ != '\\') ++at_;
    if (at_ == end_ || *at_ == '\\') return false;
    result = {begin, static_cast<std::size_t>(at_ - begin)};
    ++at_;
    return true;
  }

  template <typename Number>
  bool integer(Number& result) {
    skipBlanks();
    const auto [next, code] = std::from_chars(at_, end_, result);
    if (code != std::errc()) return false;
    at_ = next;
    return at_ != end_ && *at_ != '.' && *at_ != 'e' && *at_ != 'E';
  }

  // Also the strings "nan", "inf" and "-inf". JSON has no bare nan or inf, nor numbers like ".5" or "+1".
  bool number(double& result) {
    skipBlanks();
    if (at_ == end_) return false;
    if (*at_ == '"') {
      std::string_view word;
      if (!text(word)) return false;
      if (word == "nan") {
        result = std::numeric_limits<double>::quiet_NaN();
      } else if (word == "inf" || word == "-inf") {
        result = (word[0] == '-' ? -1 : 1) * std::numeric_limits<double>::infinity();
      } else {
        return false;
      }
      return true;
    }
    const char first = *at_ == '-' && at_ + 1 != end_ ? at_[1] : *at_;
    if (first < '0' || first > '9') return false;
    const auto [next, code] = std::from_chars(at_, end_, result);
    if (code != std::errc()) return false;
    at_ = next;
    return true;
  }

  bool atEnd() {
    skipBlanks();
    return at_ == end_;
  }

 private:
  void skipBlanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }

  const char* at_;
  const char* end_;
};

bool parseValues(Cursor& cursor, ScalarLine& result) {
  if (!cursor.take('{')) return false;
  if (cursor.take('}')) return true;
  do {
    std::string_view name;
    double value;
    if (!cursor.text(name) || !cursor.take(':') || !cursor.number(value)) return false;
    result.values.emplace_back(name, value);
  } while (cursor.take(','));
  return cursor.take('}');
}

}  // namespace

bool parseScalarLine(std::string_view line, ScalarLine& result) {
  result.values.clear();
  result.time = result.epoch = 0;
  result.attempt = 0;
  result.step = 0;
  Cursor cursor(line);
  bool scalar = false, values = false;
  if (!cursor.take('{')) return false;
  do {
    std::string_view key;
    if (!cursor.text(key) || !cursor.take(':')) return false;
    if (key == "t") {
      if (!cursor.number(result.time)) return false;
    } else if (key == "attempt") {
      if (!cursor.integer(result.attempt)) return false;
    } else if (key == "step") {
      if (!cursor.integer(result.step)) return false;
    } else if (key == "epoch") {
      if (!cursor.number(result.epoch)) return false;
    } else if (key == "kind") {
      std::string_view kind;
      if (!cursor.text(kind) || kind != "scalar") return false;
      scalar = true;
    } else if (key == "values") {
      if (!parseValues(cursor, result)) return false;
      values = true;
    } else {
      return false;
    }
  } while (cursor.take(','));
  return cursor.take('}') && cursor.atEnd() && scalar && values;
}

}  // namespace counterpoint
