// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "tests/support/golden.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::filesystem::path golden(const std::string& name) { return goldenFolder("formats") / (name + ".npy"); }

void expectCounted(const NpyArray& array, bool whole) {
  const std::vector<float> values = array.floats();
  ASSERT_EQ(values.size(), static_cast<std::size_t>(array.elementCount()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto counted = static_cast<float>(i % 50);
    ASSERT_EQ(values[i], whole ? counted : counted / 4) << array.path() << " element " << i;
  }
}

std::string problemOf(const std::filesystem::path& path) {
  try {
    NpyArray::open(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Data);
    EXPECT_THAT(describe(error), HasSubstr(path.filename().string()));
    return describe(error);
  }
  return "no error";
}

class NpyOfKind : public ::testing::TestWithParam<const char*> {};

TEST_P(NpyOfKind, IsReadInBothOrders) {
  const std::string code = GetParam();
  const NpyArray plain = NpyArray::open(golden("c_" + code));
  EXPECT_THAT(plain.shape(), ElementsAre(5, 7));
  EXPECT_FALSE(plain.isFortranOrder());
  EXPECT_EQ(npyName(plain.dtype()).substr(1), code);
  expectCounted(plain, code[0] != 'f');
  const NpyArray fortran = NpyArray::open(golden("fortran_" + code));
  EXPECT_THAT(fortran.shape(), ElementsAre(3, 4, 5));
  EXPECT_TRUE(fortran.isFortranOrder());
  expectCounted(fortran, code[0] != 'f');
}

INSTANTIATE_TEST_SUITE_P(Npy, NpyOfKind, ::testing::Values("f2", "f4", "f8", "i1", "u1", "i2", "i4", "i8"));

TEST(Npy, ReadsNoneToFourDimensionsAndAllVersions) {
  EXPECT_TRUE(NpyArray::open(golden("scalar")).shape().empty());
  EXPECT_EQ(NpyArray::open(golden("scalar")).elementCount(), 1);
  EXPECT_THAT(NpyArray::open(golden("empty")).shape(), ElementsAre(0, 8));
  EXPECT_TRUE(NpyArray::open(golden("empty")).floats().empty());
  for (const char* name : {"scalar", "line", "four", "four_fortran", "version2", "version3"})
    expectCounted(NpyArray::open(golden(name)), false);
}

TEST(Npy, GivesRowsAndViewsWithoutACopy) {
  const NpyArray array = NpyArray::open(golden("c_f4"));
  const std::vector<float> all = array.floats();
  EXPECT_EQ(array.floatRow(2), std::vector<float>(all.begin() + 14, all.begin() + 21));
  ASSERT_EQ(array.floatView().size(), 35u);
  EXPECT_EQ(static_cast<const void*>(array.floatView().data()), static_cast<const void*>(array.bytes().data()));
  EXPECT_TRUE(NpyArray::open(golden("c_f2")).floatView().empty());
  EXPECT_THROW(array.floatRow(5), Error);
  EXPECT_THROW(array.floatRow(-1), Error);
  EXPECT_THROW(NpyArray::open(golden("four")).floatRow(0), Error);
}

TEST(Npy, FortranRowsAreThoseOfTheOrderedArray) {
  TemporaryFolder folder;
  std::string file = readFile(golden("c_f4"));
  file.replace(file.find("'fortran_order': False"), 22, "'fortran_order': True ");
  writeFileAtomically(folder / "t.npy", file);
  const NpyArray array = NpyArray::open(folder / "t.npy");
  const std::vector<float> all = array.floats();
  EXPECT_EQ(all[1], 1.25f);  // the second column begins after the five rows of the first
  for (std::int64_t row = 0; row < 5; ++row)
    EXPECT_EQ(array.floatRow(row), std::vector<float>(all.begin() + row * 7, all.begin() + row * 7 + 7));
}

TEST(Npy, HalvesAreThoseOfNumpy) {
  const std::vector<float> read = NpyArray::open(golden("halves")).floats();
  const std::vector<float> expected = NpyArray::open(golden("halves_f4")).floats();
  ASSERT_EQ(read.size(), expected.size());
  EXPECT_EQ(std::memcmp(read.data(), expected.data(), read.size() * 4), 0);
  const std::vector<float> floats = NpyArray::open(golden("rounding_f4")).floats();
  const NpyArray rounded = NpyArray::open(golden("rounding_f2"));
  for (std::size_t i = 0; i < floats.size(); ++i) {
    std::uint16_t bits;
    std::memcpy(&bits, rounded.bytes().data() + 2 * i, 2);
    EXPECT_EQ(halfFromFloat(floats[i]), bits) << floats[i];
  }
}

TEST(Npy, EveryHalfSurvivesTheWayThroughFloat) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = floatFromHalf(static_cast<std::uint16_t>(bits));
    if (std::isnan(value)) continue;
    ASSERT_EQ(halfFromFloat(value), bits);
  }
}

TEST(Npy, WritesWhatItReads) {
  TemporaryFolder folder;
  for (const char* name : {"c_f2", "c_f8", "c_u1", "c_i8", "scalar", "line", "four", "empty"}) {
    const NpyArray array = NpyArray::open(golden(name));
    writeNpy(folder / "again.npy", array.dtype(), array.shape(), array.bytes());
    const NpyArray again = NpyArray::open(folder / "again.npy");
    EXPECT_EQ(again.shape(), array.shape());
    EXPECT_EQ(again.dtype(), array.dtype());
    EXPECT_EQ(again.floats(), array.floats());
    // NumPy writes the same bytes, so what we write can be read by it.
    EXPECT_EQ(readFile(folder / "again.npy").substr(0, 60), readFile(golden(name)).substr(0, 60)) << name;
    EXPECT_EQ(readFile(folder / "again.npy").size() % 64, array.bytes().size() % 64);
  }
}

TEST(Npy, RefusesKindsItCannotRead) {
  EXPECT_THAT(problemOf(golden("big_endian")), HasSubstr("astype('<f4')"));
  EXPECT_THAT(problemOf(golden("complex")), HasSubstr("'<c8'"));
  EXPECT_THAT(problemOf(golden("none")), HasSubstr("none.npy"));
}

TEST(Npy, RefusesDamage) {
  TemporaryFolder folder;
  const auto path = folder / "broken.npy";
  const std::string good = readFile(golden("c_f4"));
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string file = good;
    file.replace(file.find(from), from.size(), to);
    writeFileAtomically(path, file);
    return problemOf(path);
  };
  EXPECT_THAT(replaced("(5, 7)", "(5, 8)"), HasSubstr("needs 40 elements"));
  EXPECT_THAT(replaced("(5, 7), }", "(9223372036854775807,9)}"), HasSubstr("impossibly large"));
  EXPECT_THAT(replaced("(5, 7), }        ", "(4294967296,1073741825)}"), HasSubstr("impossibly large"));
  EXPECT_THAT(replaced("(5, 7)", "(-5,7)"), HasSubstr("something else than sizes"));
  EXPECT_THAT(replaced("'<f4'", "'|O4'"), HasSubstr("pickled"));
  EXPECT_THAT(replaced("False", "Maybe"), HasSubstr("neither True nor False"));
  EXPECT_THAT(replaced("'shape'", "'descr'"), HasSubstr("unexpected key"));
  EXPECT_THAT(replaced("NUMPY\x01", "NUMPY\x09"), HasSubstr("version 9"));
  EXPECT_THAT(replaced("}", "{"), HasSubstr("header"));
  // Every shorter file is an error, none a crash.
  for (std::size_t size = 0; size < good.size(); ++size) {
    std::ofstream(path, std::ios::binary) << good.substr(0, size);  // no fsync: there are many
    EXPECT_THAT(problemOf(path), HasSubstr("broken.npy")) << size;
  }
}

TEST(Npy, AFullDiskLeavesTheOldArray) {
  TemporaryFolder folder;
  const std::vector<float> values{1, 2, 3};
  const std::vector<std::int64_t> shape{3};
  writeNpy(folder / "a.npy", shape, values);
  setWriteFault([](const auto&, std::size_t& count) { return count < 64 ? ENOSPC : 0; });
  EXPECT_THROW(writeNpy(folder / "a.npy", shape, std::vector<float>{4, 5, 6}), Error);
  setWriteFault(nullptr);
  EXPECT_EQ(NpyArray::open(folder / "a.npy").floats(), values);
}

}  // namespace
}  // namespace counterpoint
