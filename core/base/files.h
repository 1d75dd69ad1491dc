// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are whole or not there: every write is checked, flushed to disk and renamed into place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace counterpoint {

// Whole content. Throws Error{Data} when missing; refuses files over `limit` bytes.
std::string readFile(const std::filesystem::path& path, std::uint64_t limit = std::uint64_t{1} << 31);

// write to a neighbour, fsync, rename, fsync the folder. On any failure the old file stays as it was.
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);
// The same for content that lies in several pieces, so that large arrays need not be joined first.
void writePiecesAtomically(const std::filesystem::path& path, const std::vector<std::string_view>& pieces);

// Makes a new folder, "NAME", "NAME-2", … : the first that did not exist. Returns its path. Parents are made.
std::filesystem::path makeFreshDirectory(const std::filesystem::path& wanted);

// One open file descriptor, closed at the end of its life.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { reset(); }

  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }
  int release() { return std::exchange(descriptor_, -1); }
  void reset();

 private:
  int descriptor_ = -1;
};

// A file that only grows, one whole line at a time. Each line is one write(2) to an O_APPEND descriptor, so that
// several processes may append to one file.
class LineWriter {
 public:
  explicit LineWriter(std::filesystem::path path);
  // `line` without its newline. Throws on a full disk; a line that was cut short is completed by a later one only
  // after a newline of its own, so readers lose at most the broken line.
  void append(std::string_view line);
  void sync();

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
  bool brokenTail_ = false;
};

// An exclusive lock on a file, held as long as this lives. Empty when another process holds it.
std::optional<FileDescriptor> tryLockFile(const std::filesystem::path& path);

// True where changes made by other machines are not announced (NFS, SMB, FUSE): poll there.
bool isNetworkFileSystem(const std::filesystem::path& path);

// Faults for tests: called before every write with the path and the wanted byte count. Returns an errno to fail with,
// or 0; may lower `count` to cut a write short. Null: no faults. Not thread-safe: set it before threads start.
using WriteFault = std::function<int(const std::filesystem::path& path, std::size_t& count)>;
void setWriteFault(WriteFault fault);

// write(2) until all is written; goes through the faults above. Throws Error{Environment}.
void writeAll(int descriptor, std::string_view content, const std::filesystem::path& path);

}  // namespace counterpoint
