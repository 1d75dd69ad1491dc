// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/line_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "core/base/error.h"
#include "core/protocol/rpc.h"

namespace counterpoint {
namespace {

// sun_path holds 108 bytes; the limit leaves room for every system that we know.
constexpr std::size_t kLongestPath = 100;

sockaddr_un addressOf(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= kLongestPath)
    throw environmentError("path of a socket is longer than 100 bytes", path.string(),
                           "Set XDG_RUNTIME_DIR to a shorter folder.");
  std::memcpy(address.sun_path, path.c_str(), path.native().size() + 1);
  return address;
}

FileDescriptor newSocket(const std::filesystem::path& path) {
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) throw systemError(errno, "make a socket", path.string());
  return socket;
}

int milliseconds(double seconds) { return seconds < 0 ? -1 : static_cast<int>(std::ceil(seconds * 1000)); }

}  // namespace

std::filesystem::path socketDirectory() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::filesystem::path folder(runtime && *runtime ? std::string(runtime) + "/counterpoint"
                                                         : "/tmp/counterpoint-" + std::to_string(::getuid()));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw systemError(errno, "make the folder", folder.string());
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0) throw systemError(errno, "read", folder.string());
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::getuid())
    throw environmentError("belongs to another user", folder.string(), "Set XDG_RUNTIME_DIR to a folder of your own.");
  ::chmod(folder.c_str(), 0700);
  return folder;
}

LineSocket LineSocket::connect(const std::filesystem::path& path) {
  const auto address = addressOf(path);
  FileDescriptor socket = newSocket(path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw systemError(errno, "connect", path.string());
  return LineSocket(std::move(socket));
}

void LineSocket::send(const std::string& line) {
  const std::lock_guard lock(sending_);
  std::string whole = line + '\n';
  std::string_view rest = whole;
  while (!rest.empty()) {
    const ssize_t count = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw systemError(errno, "answer", "socket");
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::optional<std::string> LineSocket::receive(double seconds) {
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    if (buffer_.size() > kLongestLine) throw dataError("a line is longer than 16 MiB", "socket");
    pollfd entry = {socket_.get(), POLLIN, 0};
    const int ready = ::poll(&entry, 1, milliseconds(seconds));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return std::nullopt;
    char chunk[1 << 16];
    const ssize_t count = ::recv(socket_.get(), chunk, sizeof chunk, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw Error(ErrorKind::PeerLost, "the other side closed the connection", "socket");
    buffer_.append(chunk, static_cast<std::size_t>(count));
  }
}

void LineSocket::shutdown() { ::shutdown(socket_.get(), SHUT_RDWR); }

LineListener::LineListener(std::filesystem::path path) : path_(std::move(path)) {
  const auto address = addressOf(path_);
  if (std::filesystem::exists(path_)) {
    bool live = true;
    try {
      LineSocket::connect(path_);
    } catch (const Error&) {
      live = false;
    }
    if (live)
      throw environmentError("another server answers there", path_.string(), "Stop it or choose another --socket.");
    ::unlink(path_.c_str());
  }
  socket_ = newSocket(path_);
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw systemError(errno, "listen", path_.string());
  ::chmod(path_.c_str(), 0600);
  if (::listen(socket_.get(), 16) != 0) throw systemError(errno, "listen", path_.string());
}

LineListener::~LineListener() {
  if (socket_) ::unlink(path_.c_str());
}

std::optional<LineSocket> LineListener::accept(double seconds, int wakeDescriptor) {
  pollfd entries[2] = {{socket_.get(), POLLIN, 0}, {wakeDescriptor, POLLIN, 0}};
  const int ready = ::poll(entries, wakeDescriptor >= 0 ? 2 : 1, milliseconds(seconds));
  if (ready <= 0 || !(entries[0].revents & POLLIN)) return std::nullopt;
  FileDescriptor socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket) return std::nullopt;
  return LineSocket(std::move(socket));
}

}  // namespace counterpoint
