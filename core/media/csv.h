// SPDX-License-Identifier: GPL-3.0-or-later
// Separated text after RFC 4180: quoted fields may hold separators, quotes (doubled) and line breaks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

struct CsvRecord {
  std::size_t line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
};

// A byte order mark and blank lines are passed over; LF, CRLF and CR end a record; a quote inside an unquoted field is
// plain text. `separator` may be several bytes (UTF-8). Throws Error{Data} with `where` and the line for a quote that
// is never closed and for text after a closing quote.
std::vector<CsvRecord> parseCsv(std::string_view text, std::string_view separator, const std::string& where);

// The separator with which the first line of `text` has the column `name`: α first (reports hold commas), comma, tab;
// nothing where it has none with any.
std::optional<std::string_view> separatorWith(std::string_view text, std::string_view name);
// The columns of the first line, by the separator that gives most of them.
std::vector<std::string> likelyColumns(std::string_view text);

// A field as parseCsv reads it back: quoted where it must be.
std::string csvField(std::string_view value, std::string_view separator);

}  // namespace counterpoint
