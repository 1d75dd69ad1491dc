// SPDX-License-Identifier: GPL-3.0-or-later
// A file mapped for reading. Files of .counterpoint are replaced or appended to, never cut, so a map stays valid.
#pragma once

#include <cstddef>
#include <filesystem>

namespace counterpoint {

class MappedFile {
 public:
  MappedFile() = default;
  // Maps the first `size` bytes. Throws Error{Data} when the file is shorter.
  MappedFile(const std::filesystem::path& path, std::size_t size);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  const std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace counterpoint
