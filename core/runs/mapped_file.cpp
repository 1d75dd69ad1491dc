// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "core/base/error.h"
#include "core/base/files.h"

namespace counterpoint {

MappedFile::MappedFile(const std::filesystem::path& path, std::size_t size) : size_(size) {
  if (size == 0) return;
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw systemError(errno, "read", path.string());
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw systemError(errno, "read", path.string());
  if (static_cast<std::size_t>(status.st_size) < size)
    throw dataError("holds " + std::to_string(status.st_size) + " bytes, " + std::to_string(size) + " expected",
                    path.string());
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (data == MAP_FAILED) throw systemError(errno, "map", path.string());
  data_ = static_cast<std::byte*>(data);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(data_, size_);
}

}  // namespace counterpoint
