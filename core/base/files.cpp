// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/folders.h"

namespace counterpoint {
namespace {

WriteFault& writeFault() {
  static WriteFault fault;
  return fault;
}

std::filesystem::path folderOf(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// A missing parent is no missing data here: the place does not take folders (/proc, an automounter).
Error folderError(int code, const std::filesystem::path& path) {
  const Error error = systemError(code, "make the folder", path.string());
  if (error.kind() == ErrorKind::Environment) return error;
  return environmentError(error.problem(), error.where(), "Choose a folder that you may write to.");
}

void syncDescriptor(int descriptor, const std::filesystem::path& path) {
  // Some file systems have no fsync for this kind of file; that is no reason to lose the data.
  if (::fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP)
    throw systemError(errno, "flush to disk", path.string());
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    descriptor_ = other.release();
  }
  return *this;
}

void FileDescriptor::reset() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void setWriteFault(WriteFault fault) { writeFault() = std::move(fault); }

void writeAll(int descriptor, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    std::size_t count = content.size();
    if (writeFault()) {
      if (const int code = writeFault()(path, count)) throw systemError(code, "write", path.string());
    }
    const ssize_t written = ::write(descriptor, content.data(), count);
    if (written < 0) {
      if (errno == EINTR) continue;
      throw systemError(errno, "write", path.string());
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string readFile(const std::filesystem::path& path, std::uint64_t limit) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw systemError(errno, "read", path.string());
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw systemError(errno, "read", path.string());
  if (S_ISDIR(status.st_mode)) throw dataError("is a folder, not a file", path.string());
  if (static_cast<std::uint64_t>(status.st_size) > limit)
    throw dataError("has " + std::to_string(status.st_size) + " bytes, more than the limit of " + std::to_string(limit),
                    path.string());
  std::string content;
  content.reserve(static_cast<std::size_t>(status.st_size));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw systemError(errno, "read", path.string());
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > limit) throw dataError("grew past its limit while it was read", path.string());
  }
}

void writeFileAtomically(const std::filesystem::path& path, std::string_view content) {
  writePiecesAtomically(path, {content});
}

void writePiecesAtomically(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
  std::string pattern = path.string() + ".XXXXXX";
  FileDescriptor file(::mkostemp(pattern.data(), O_CLOEXEC));
  if (!file) throw systemError(errno, "write", path.string());
  try {
    for (const std::string_view piece : pieces) writeAll(file.get(), piece, path);
    ::fchmod(file.get(), 0644);
    syncDescriptor(file.get(), path);
    if (::rename(pattern.c_str(), path.c_str()) != 0) throw systemError(errno, "replace", path.string());
  } catch (...) {
    ::unlink(pattern.c_str());
    throw;
  }
  FileDescriptor folder(::open(folderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) syncDescriptor(folder.get(), path);
}

void makeFolder(const std::filesystem::path& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) throw folderError(code.value(), path);
}

std::filesystem::path makeFreshDirectory(const std::filesystem::path& wanted) {
  makeFolder(folderOf(wanted));
  for (int attempt = 1;; ++attempt) {
    std::filesystem::path candidate = wanted;
    if (attempt > 1) candidate += "-" + std::to_string(attempt);
    if (::mkdir(candidate.c_str(), 0755) == 0) return candidate;
    if (errno != EEXIST) throw folderError(errno, candidate);
  }
}

LineWriter::LineWriter(std::filesystem::path path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644)) {
  if (!file_) throw systemError(errno, "write", path_.string());
  // A predecessor that died in the middle of a line leaves a broken tail.
  const off_t size = ::lseek(file_.get(), 0, SEEK_END);
  char last = '\n';
  if (size > 0 && ::pread(file_.get(), &last, 1, size - 1) == 1) brokenTail_ = last != '\n';
}

void LineWriter::append(std::string_view line) {
  std::string whole;
  whole.reserve(line.size() + 2);
  if (brokenTail_) whole += '\n';
  whole.append(line);
  whole += '\n';
  brokenTail_ = true;
  writeAll(file_.get(), whole, path_);
  brokenTail_ = false;
}

void LineWriter::sync() { syncDescriptor(file_.get(), path_); }

std::optional<FileDescriptor> tryLockFile(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file) throw systemError(errno, "open", path.string());
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    throw systemError(errno, "lock", path.string());
  }
  return file;
}

bool isNetworkFileSystem(const std::filesystem::path& path) {
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) return false;
  switch (static_cast<unsigned long>(status.f_type)) {
    case 0x6969:      // NFS
    case 0x517B:      // SMB
    case 0xFE534D42:  // SMB2
    case 0xFF534D42:  // CIFS
    case 0x65735546:  // FUSE
    case 0x01021997:  // 9P
    case 0x0BD00BD0:  // Lustre
    case 0x47504653:  // GPFS
      return true;
    default: return false;
  }
}

}  // namespace counterpoint
