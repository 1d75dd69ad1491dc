// SPDX-License-Identifier: GPL-3.0-or-later
// Log lines go to stderr as "LEVEL text"; results go to stdout and never through here.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace counterpoint {

enum class LogLevel { Debug, Info, Warning, Error };

// Lowest level that is written; Info unless --verbose.
void setLogLevel(LogLevel level);

// Thread-safe. Values of keys that look like secrets (see secrets.h) are masked.
void writeLog(LogLevel level, std::string_view text);

template <typename... Values>
void logInfo(fmt::format_string<Values...> format, Values&&... values) {
  writeLog(LogLevel::Info, fmt::format(format, std::forward<Values>(values)...));
}
template <typename... Values>
void logWarning(fmt::format_string<Values...> format, Values&&... values) {
  writeLog(LogLevel::Warning, fmt::format(format, std::forward<Values>(values)...));
}
template <typename... Values>
void logError(fmt::format_string<Values...> format, Values&&... values) {
  writeLog(LogLevel::Error, fmt::format(format, std::forward<Values>(values)...));
}
template <typename... Values>
void logDebug(fmt::format_string<Values...> format, Values&&... values) {
  writeLog(LogLevel::Debug, fmt::format(format, std::forward<Values>(values)...));
}

}  // namespace counterpoint
