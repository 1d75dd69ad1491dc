// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/any_error.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

namespace counterpoint {
namespace {

constexpr const char* kMemoryCure = "Use a smaller batch or fewer workers.";

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

Error asError(const std::exception& error) {
  if (const auto* own = dynamic_cast<const Error*>(&error)) return *own;
  if (dynamic_cast<const std::bad_alloc*>(&error)) return environmentError("out of memory", {}, kMemoryCure);
  if (const auto* refused = dynamic_cast<const std::filesystem::filesystem_error*>(&error))
    return systemError(refused->code().value(), "use", refused->path1().string());
  if (const auto* refused = dynamic_cast<const std::system_error*>(&error);
      refused &&
      (refused->code().category() == std::generic_category() || refused->code().category() == std::system_category()))
    return systemError(refused->code().value(), "go on", {});
  std::string text = error.what();
  for (const char* mark : {"\nException raised from", "\nC++ CapturedTraceback"}) {
    const auto frames = text.find(mark);
    if (frames != std::string::npos) text.resize(frames);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  // The words of c10's allocators, which throw no std::bad_alloc.
  for (const char* words : {"not enough memory", "can't allocate memory", "out of memory"})
    if (text.find(words) != std::string::npos) return environmentError(text, {}, kMemoryCure);
  return {ErrorKind::Bug, text};
}

std::string describe(const std::exception& error) { return asError(error).what(); }

int exitStatusOf(const std::exception& error) { return asError(error).exitStatus(); }

}  // namespace counterpoint
