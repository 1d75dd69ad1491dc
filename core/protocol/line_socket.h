// SPDX-License-Identifier: GPL-3.0-or-later
// Lines over a Unix-domain socket, for serve and those who ask it.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/files.h"

namespace counterpoint {

// $XDG_RUNTIME_DIR/counterpoint (or /tmp/counterpoint-UID), made with mode 0700; refused when another user owns it.
std::filesystem::path socketDirectory();

// One end of a connection. send() may be called by several threads; receive() by one.
class LineSocket {
 public:
  // Throws Error{Environment} when nobody listens there.
  static LineSocket connect(const std::filesystem::path& path);
  explicit LineSocket(FileDescriptor socket) : socket_(std::move(socket)) {}
  LineSocket(LineSocket&& other) noexcept : socket_(std::move(other.socket_)), buffer_(std::move(other.buffer_)) {}

  // Throws Error{Environment} when the other side is gone.
  void send(const std::string& line);
  // The next whole line; waits at most `seconds` (negative: for ever). Empty when the time is up. Throws
  // Error{PeerLost} at the end of the connection and Error{Data} for a line over kLongestLine.
  std::optional<std::string> receive(double seconds);
  int descriptor() const { return socket_.get(); }
  // Wakes a receive() in another thread, which then throws PeerLost.
  void shutdown();

 private:
  FileDescriptor socket_;
  std::string buffer_;
  std::mutex sending_;
};

// Listens at `path`, removes it at the end. A stale socket of a dead server is replaced; a live one is an error.
class LineListener {
 public:
  explicit LineListener(std::filesystem::path path);
  ~LineListener();
  // Waits at most `seconds`, or until `wakeDescriptor` is readable.
  std::optional<LineSocket> accept(double seconds, int wakeDescriptor = -1);
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  FileDescriptor socket_;
};

}  // namespace counterpoint
