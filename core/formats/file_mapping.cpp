// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/file_mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

#include "core/base/error.h"
#include "core/base/files.h"

namespace counterpoint {

FileMapping::FileMapping(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw systemError(errno, "read", path.string());
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw systemError(errno, "read", path.string());
  if (!S_ISREG(status.st_mode)) throw dataError("is no regular file", path.string());
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (mapped == MAP_FAILED) throw systemError(errno, "map into memory", path.string());
  data_ = static_cast<const std::byte*>(mapped);
}

FileMapping::~FileMapping() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace counterpoint
