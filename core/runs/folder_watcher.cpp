// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/folder_watcher.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>

#include "core/base/error.h"

namespace counterpoint {
namespace {

constexpr std::uint32_t kEvents = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF |
                                  IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR;

}  // namespace

FolderWatcher::FolderWatcher(std::filesystem::path folder, Method method) : folder_(std::move(folder)) {
  std::error_code code;
  if (!std::filesystem::is_directory(folder_, code)) throw dataError("no such folder", folder_.string());
  polls_ = method == Method::Polling || (method == Method::Automatic && isNetworkFileSystem(folder_));
  if (!polls_) {
    descriptor_ = FileDescriptor(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    // The user's limit of watches may be used up: polling still works then.
    if (descriptor_ && ::inotify_add_watch(descriptor_.get(), folder_.c_str(), kEvents) >= 0) return;
    polls_ = true;
  }
  descriptor_ = FileDescriptor(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!descriptor_) throw systemError(errno, "watch", folder_.string());
  const struct itimerspec every = {{1, 0}, {1, 0}};
  ::timerfd_settime(descriptor_.get(), 0, &every, nullptr);
  seen_ = look();
}

FolderWatcher::Snapshot FolderWatcher::look() const {
  Snapshot found;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, code)) {
    struct stat status {};
    if (::stat(entry.path().c_str(), &status) != 0) continue;
    found[entry.path().filename().string()] = {
        static_cast<std::uint64_t>(status.st_size),
        static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec};
  }
  return found;
}

std::set<std::string> FolderWatcher::changes() {
  std::set<std::string> names;
  if (polls_) {
    std::uint64_t ticks;
    [[maybe_unused]] const auto ignored = ::read(descriptor_.get(), &ticks, sizeof ticks);
    Snapshot now = look();
    for (const auto& [name, state] : now) {
      const auto before = seen_.find(name);
      if (before == seen_.end() || before->second != state) names.insert(name);
    }
    for (const auto& [name, state] : seen_)
      if (!now.contains(name)) names.insert(name);
    seen_ = std::move(now);
    return names;
  }
  alignas(struct inotify_event) char buffer[1 << 14];
  for (;;) {
    const ssize_t count = ::read(descriptor_.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return names;
    for (const char* at = buffer; at < buffer + count;) {
      const auto* event = reinterpret_cast<const struct inotify_event*>(at);
      // A full queue or the end of the folder itself: something happened that no name stands for.
      names.insert(event->len > 0 ? std::string(event->name) : std::string("."));
      at += sizeof(struct inotify_event) + event->len;
    }
  }
}

std::set<std::string> FolderWatcher::wait(double seconds) {
  struct pollfd entry = {descriptor_.get(), POLLIN, 0};
  ::poll(&entry, 1, static_cast<int>(std::ceil(seconds * 1000)));
  return changes();
}

}  // namespace counterpoint
