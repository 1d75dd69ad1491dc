// SPDX-License-Identifier: GPL-3.0-or-later
// A file seen as memory: pages are read when they are touched.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace counterpoint {

// Read-only and private. The content stays valid while this lives, also when the file is replaced by a rename (that is
// how all files of ours are written); a file that is cut short in place by others ends the program with SIGBUS.
class FileMapping {
 public:
  // Throws Error{Data} when missing or a folder, Error{Environment} when it cannot be mapped. Empty files are fine.
  explicit FileMapping(const std::filesystem::path& path);
  FileMapping(const FileMapping&) = delete;
  FileMapping& operator=(const FileMapping&) = delete;
  ~FileMapping();

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace counterpoint
