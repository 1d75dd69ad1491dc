// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace counterpoint {
namespace {

std::string compose(const std::string& problem, const std::string& where, const std::string& cure) {
  std::string line = where.empty() ? problem : where + ": " + problem;
  if (!cure.empty()) {
    if (!line.empty() && line.back() != '.') line += '.';
    line += ' ' + cure;
  }
  return line;
}

}  // namespace

Error::Error(ErrorKind kind, std::string what, std::string where, std::string cure)
    : std::runtime_error(compose(what, where, cure)),
      kind_(kind),
      problem_(std::move(what)),
      where_(std::move(where)),
      cure_(std::move(cure)) {}

Error usageError(std::string what, std::string where, std::string cure) {
  return {ErrorKind::Usage, std::move(what), std::move(where), std::move(cure)};
}

Error dataError(std::string what, std::string where, std::string cure) {
  return {ErrorKind::Data, std::move(what), std::move(where), std::move(cure)};
}

Error environmentError(std::string what, std::string where, std::string cure) {
  return {ErrorKind::Environment, std::move(what), std::move(where), std::move(cure)};
}

Error systemError(int code, const std::string& doing, const std::string& path) {
  const std::string problem = "cannot " + doing + ": " + std::strerror(code);
  switch (code) {
    case ENOENT:
    case ENOTDIR: return dataError(problem, path);
    case ENOSPC:
    case EDQUOT: return environmentError(problem, path, "Free some space on that disk and run again.");
    case EACCES:
    case EPERM:
    case EROFS:
      return environmentError(problem, path, "Choose a folder that you may write to, or change its permissions.");
    default: return environmentError(problem, path);
  }
}

std::string describe(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) return "out of memory. Use a smaller batch or fewer workers.";
  std::string text = error.what();
  for (const char* mark : {"\nException raised from", "\nC++ CapturedTraceback"}) {
    const auto frames = text.find(mark);
    if (frames != std::string::npos) text.resize(frames);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

int exitStatusOf(const std::exception& error) {
  if (const auto* own = dynamic_cast<const Error*>(&error)) return own->exitStatus();
  if (dynamic_cast<const std::bad_alloc*>(&error)) return static_cast<int>(ErrorKind::Environment);
  return static_cast<int>(ErrorKind::Bug);
}

}  // namespace counterpoint
