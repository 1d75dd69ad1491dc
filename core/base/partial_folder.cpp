// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/partial_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/base/error.h"
#include "core/base/folders.h"

namespace counterpoint {

namespace fs = std::filesystem;

PartialFolder::PartialFolder(const fs::path& wanted) : wanted_(fs::absolute(wanted).lexically_normal()) {
  if (!wanted_.has_filename()) wanted_ = wanted_.parent_path();
  std::error_code error;
  if (fs::exists(wanted_, error) && !(fs::is_directory(wanted_, error) && fs::is_empty(wanted_, error))) {
    throw usageError("The folder is there already and not empty", wanted_.string(),
                     "Name a folder that does not exist");
  }
  makeFolder(wanted_.parent_path());
  const fs::path partial = wanted_.parent_path() / fmt::format(".{}.partial-{}", name(), ::getpid());
  if (!fs::create_directory(partial, error)) {
    throw systemError(error ? error.value() : EEXIST, "make the folder", partial.string());
  }
  path_ = partial;
}

PartialFolder::~PartialFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

void PartialFolder::moveIntoPlace() {
  std::error_code error;
  fs::rename(path_, wanted_, error);  // over an empty folder is fine, over any other an error
  if (error) throw systemError(error.value(), "move what was made to", wanted_.string());
  path_.clear();
}

}  // namespace counterpoint
