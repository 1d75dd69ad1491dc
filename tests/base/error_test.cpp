// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/any_error.h"
#include "core/base/error.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

#include "core/base/files.h"
#include "core/base/folders.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

TEST(ForeignErrors, HaveTheStatusOfWhatHappened) {
  const auto code = [](int number) { return std::error_code(number, std::system_category()); };
  EXPECT_EQ(exitStatusOf(std::bad_alloc()), 4);
  EXPECT_EQ(exitStatusOf(fs::filesystem_error("cannot write", "/a", code(EACCES))), 4);
  EXPECT_EQ(exitStatusOf(fs::filesystem_error("cannot write", "/a", code(ENOSPC))), 4);
  EXPECT_EQ(exitStatusOf(fs::filesystem_error("cannot read", "/a", code(ENOENT))), 3);
  EXPECT_EQ(exitStatusOf(std::system_error(code(EAGAIN), "thread")), 4);
  EXPECT_EQ(exitStatusOf(std::runtime_error("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes")),
            4);
  EXPECT_EQ(exitStatusOf(std::runtime_error("CUDA out of memory. Tried to allocate 9 GiB")), 4);
  EXPECT_EQ(exitStatusOf(std::runtime_error("DefaultCPUAllocator: can't allocate memory: you tried to")), 4);
  EXPECT_EQ(exitStatusOf(std::logic_error("index 3 of 2")), 1);
  EXPECT_EQ(exitStatusOf(dataError("damaged")), 3);
}

TEST(ForeignErrors, AreOneLineWithTheirPlaceAndCure) {
  const auto refused =
      asError(fs::filesystem_error("cannot write", "/a/b", std::error_code(EROFS, std::system_category())));
  EXPECT_EQ(refused.where(), "/a/b");
  EXPECT_NE(refused.cure().find("may write to"), std::string::npos);
  const std::runtime_error torch("out of memory for x\nException raised from f at g.cpp:1\nframe #0: h");
  EXPECT_EQ(describe(torch), "out of memory for x. Use a smaller batch or fewer workers.");
}

TEST(Folders, ThatCannotBeMadeAreOfTheEnvironment) {
  for (const char* place : {"/proc/runs/x", "/dev/null/runs"}) {
    try {
      makeFolder(place);
      FAIL() << place;
    } catch (const Error& error) {
      EXPECT_EQ(error.exitStatus(), 4) << place;
      EXPECT_FALSE(error.cure().empty());
    }
    EXPECT_THROW(makeFreshDirectory(place), Error);
  }
}

}  // namespace
}  // namespace counterpoint
