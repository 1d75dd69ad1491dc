// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/csv.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/words.h"

#include <array>

namespace counterpoint {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, std::string_view separator, const std::string& where)
      : text_(text), separator_(separator), where_(where) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  std::vector<CsvRecord> read() {
    std::vector<CsvRecord> records;
    while (at_ < text_.size()) {
      CsvRecord record = readRecord();
      const bool blank = record.fields.size() == 1 && record.fields.front().empty();
      if (!blank) records.push_back(std::move(record));
    }
    return records;
  }

 private:
  bool atSeparator() const { return text_.substr(at_, separator_.size()) == separator_; }
  bool atLineEnd() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

  // LF, CRLF or CR.
  void skipLineEnd() {
    if (at_ >= text_.size()) return;
    const bool two = text_.substr(at_, 2) == "\r\n";
    at_ += two ? 2 : 1;
    ++line_;
  }

  CsvRecord readRecord() {
    CsvRecord record{line_, {}};
    for (;;) {
      record.fields.push_back(at_ < text_.size() && text_[at_] == '"' ? quotedField() : plainField());
      if (atLineEnd()) break;
      at_ += separator_.size();
    }
    skipLineEnd();
    return record;
  }

  std::string plainField() {
    const std::size_t begin = at_;
    while (!atLineEnd() && !atSeparator()) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string quotedField() {
    const std::size_t opened = line_;
    std::string field;
    for (++at_;; ++at_) {
      if (at_ >= text_.size())
        throw dataError("a quote is never closed", fmt::format("{}, line {}", where_, opened),
                        "Close it, or double the quotes inside the field");
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      if (text_[at_] == '\n') ++line_;
      field += text_[at_];
    }
    ++at_;
    if (!atLineEnd() && !atSeparator())
      throw dataError("text after a closing quote", fmt::format("{}, line {}", where_, line_),
                      "Double the quotes inside the field");
    return field;
  }

  std::string_view text_, separator_;
  const std::string& where_;
  std::size_t at_ = 0, line_ = 1;
};

constexpr std::array<std::string_view, 3> kSeparators{"\xCE\xB1", ",", "\t"};  // α first: reports hold commas

// The first line alone, so that a wrong separator costs nothing; one with a broken quote has no columns by it.
std::vector<std::string> headingOf(std::string_view text, std::string_view separator) {
  const std::string nowhere;
  try {
    const auto records = CsvReader(text.substr(0, text.find_first_of("\r\n")), separator, nowhere).read();
    return records.empty() ? std::vector<std::string>() : records.front().fields;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::vector<CsvRecord> parseCsv(std::string_view text, std::string_view separator, const std::string& where) {
  return CsvReader(text, separator, where).read();
}

std::optional<std::string_view> separatorWith(std::string_view text, std::string_view name) {
  for (const std::string_view separator : kSeparators)
    for (const std::string& column : headingOf(text, separator))
      if (trim(column) == name) return separator;
  return {};
}

std::vector<std::string> likelyColumns(std::string_view text) {
  std::vector<std::string> known;
  for (const std::string_view separator : kSeparators) {
    auto columns = headingOf(text, separator);
    if (columns.size() > known.size()) known = std::move(columns);
  }
  return known;
}

std::string csvField(std::string_view value, std::string_view separator) {
  const bool plain =
      value.find(separator) == std::string_view::npos && value.find_first_of("\"\r\n") == std::string_view::npos;
  if (plain) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace counterpoint
