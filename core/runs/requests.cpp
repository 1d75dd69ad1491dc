// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/requests.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/runs/rank_side.h"

namespace counterpoint {

void appendRequest(const RunFolder& folder, const std::string& command, const std::string& when) {
  LineWriter lines(folder.requests());
  lines.append(Json{{"t", wallSeconds()}, {"command", command}, {"when", when}}.dump());
}

std::uint64_t requestsEnd(const RunFolder& folder) {
  struct stat status {};
  return ::stat(folder.requests().c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

RequestReader RequestReader::ofThisAttempt(const RunFolder& folder) {
  if (const char* from = std::getenv(kRequestsVariable); from && *from)
    return {folder, std::strtoull(from, nullptr, 10)};
  return {folder, requestsEnd(folder)};
}

std::vector<Request> RequestReader::poll() {
  const std::uint64_t end = requestsEnd(folder_);
  if (end <= offset_) return {};
  FileDescriptor file(::open(folder_.requests().c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(end - offset_, 1 << 20)), '\0');
  const ssize_t count = ::pread(file.get(), text.data(), text.size(), static_cast<off_t>(offset_));
  if (count <= 0) return {};
  text.resize(static_cast<std::size_t>(count));
  std::vector<Request> requests;
  std::size_t begin = 0;
  for (std::size_t stop; (stop = text.find('\n', begin)) != std::string::npos; begin = stop + 1) {
    const Json json = Json::parse(text.substr(begin, stop - begin), nullptr, false);
    if (!json.is_object() || !json.contains("command") || !json["command"].is_string()) continue;
    Request request;
    request.command = json["command"].get<std::string>();
    if (json.contains("t") && json["t"].is_number()) request.time = json["t"].get<double>();
    if (json.contains("when") && json["when"].is_string()) request.when = json["when"].get<std::string>();
    requests.push_back(std::move(request));
  }
  offset_ += begin;
  return requests;
}

}  // namespace counterpoint
