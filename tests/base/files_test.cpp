// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <fstream>

#include "core/base/error.h"
#include "core/base/json.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

class WithFaults : public ::testing::Test {
 protected:
  void TearDown() override { setWriteFault(nullptr); }
  TemporaryFolder folder_;
};

TEST_F(WithFaults, AFullDiskLeavesTheOldFileWhole) {
  const auto path = folder_ / "status.json";
  writeFileAtomically(path, "old");
  setWriteFault([](const auto&, std::size_t&) { return ENOSPC; });
  try {
    writeFileAtomically(path, "new");
    FAIL() << "a full disk must be reported";
  } catch (const Error& error) {
    EXPECT_EQ(error.exitStatus(), 4);
    EXPECT_NE(error.cure().find("Free some space"), std::string::npos);
  }
  setWriteFault(nullptr);
  EXPECT_EQ(readFile(path), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(WithFaults, ShortWritesAreContinued) {
  setWriteFault([](const auto&, std::size_t& count) {
    count = std::min<std::size_t>(count, 3);
    return 0;
  });
  writeFileAtomically(folder_ / "a", "a longer text");
  EXPECT_EQ(readFile(folder_ / "a"), "a longer text");
}

TEST_F(WithFaults, ALineCutShortNeverSwallowsTheNext) {
  LineWriter writer(folder_ / "events.jsonl");
  writer.append("{\"a\":1}");
  bool first = true;
  setWriteFault([&](const auto&, std::size_t& count) {
    if (!first) return ENOSPC;
    first = false;
    count = 4;
    return 0;
  });
  EXPECT_THROW(writer.append("{\"b\":2}"), Error);
  setWriteFault(nullptr);
  writer.append("{\"c\":3}");
  EXPECT_EQ(readFile(folder_ / "events.jsonl"), "{\"a\":1}\n{\"b\"\n{\"c\":3}\n");
}

TEST_F(WithFaults, FreshDirectoriesNeverCollide) {
  EXPECT_EQ(makeFreshDirectory(folder_ / "runs/x"), folder_ / "runs/x");
  EXPECT_EQ(makeFreshDirectory(folder_ / "runs/x"), folder_ / "runs/x-2");
}

TEST_F(WithFaults, BrokenJsonNamesItsLine) {
  writeFileAtomically(folder_ / "a.json", "{\n\"a\": 1,\n oops }");
  try {
    readJsonFile(folder_ / "a.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.where().find("line 3"), std::string::npos) << error.where();
    EXPECT_EQ(error.exitStatus(), 3);
  }
}

}  // namespace
}  // namespace counterpoint
