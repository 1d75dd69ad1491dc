// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

// A file with this header and `dataBytes` zeros; `length` replaces the true header length.
std::string fileOf(const std::string& header, std::size_t dataBytes, std::uint64_t length = 0) {
  std::string file(8, '\0');
  if (length == 0) length = header.size();
  std::memcpy(file.data(), &length, 8);
  return file + header + std::string(dataBytes, '\0');
}

class SafetensorsDamage : public ::testing::Test {
 protected:
  std::string problemOf(const std::string& content) {
    const auto path = folder_ / "weights.safetensors";
    std::ofstream(path, std::ios::binary) << content;
    try {
      SafetensorsFile::open(path);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Data);
      EXPECT_THAT(describe(error), HasSubstr("weights.safetensors"));
      return describe(error);
    }
    return "no error";
  }
  TemporaryFolder folder_;
};

TEST(Safetensors, ReadsTheReferenceFile) {
  const SafetensorsFile file = SafetensorsFile::open(goldenFolder("formats") / "reference.safetensors");
  EXPECT_EQ(file.tensors().size(), 5u);
  EXPECT_THAT(file.tensor("b.weight").shape, ElementsAre(2, 3));
  EXPECT_THAT(file.tensor("b.weight").floats(), ElementsAre(1, 2.5, -3, 0, 4, 5));
  EXPECT_EQ(file.tensor("a.half").dtype, DType::F16);
  EXPECT_THAT(file.tensor("a.half").floats(), ElementsAre(1, -0.5));
  EXPECT_EQ(file.tensor("a.brain").dtype, DType::BF16);
  EXPECT_THAT(file.tensor("a.brain").floats(), ElementsAre(3, -2, 0.125));
  EXPECT_TRUE(file.tensor("steps").shape.empty());
  EXPECT_THAT(file.tensor("steps").floats(), ElementsAre(7));
  EXPECT_THAT(file.tensor("none").shape, ElementsAre(0, 4));
  EXPECT_EQ(file.metadata().at("note"), "κ");
  try {
    file.tensor("b.weigth");
    FAIL() << "an unknown name must be an error";
  } catch (const Error& error) {
    EXPECT_THAT(describe(error), HasSubstr("nearest is 'b.weight'"));
  }
}

TEST(Safetensors, WritesWhatItReads) {
  TemporaryFolder folder;
  const SafetensorsFile file = SafetensorsFile::open(goldenFolder("formats") / "reference.safetensors");
  writeSafetensors(folder / "again.safetensors", file.tensors(), file.metadata());
  const SafetensorsFile again = SafetensorsFile::open(folder / "again.safetensors");
  ASSERT_EQ(again.tensors().size(), file.tensors().size());
  for (std::size_t i = 0; i < file.tensors().size(); ++i) {
    const TensorView &a = file.tensors()[i], &b = again.tensors()[i];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.dtype, b.dtype);
    EXPECT_EQ(a.shape, b.shape);
    ASSERT_EQ(a.bytes.size(), b.bytes.size());
    EXPECT_TRUE(std::equal(a.bytes.begin(), a.bytes.end(), b.bytes.begin()));
  }
  EXPECT_EQ(again.metadata(), file.metadata());
  std::uint64_t length = 0;
  std::memcpy(&length, readFile(folder / "again.safetensors").data(), 8);
  EXPECT_EQ((8 + length) % 64, 0u);
}

TEST(Safetensors, AnEmptyFileOfTensorsIsFine) {
  TemporaryFolder folder;
  writeSafetensors(folder / "none.safetensors", {});
  EXPECT_TRUE(SafetensorsFile::open(folder / "none.safetensors").tensors().empty());
}

TEST(Safetensors, AFullDiskLeavesTheOldFile) {
  TemporaryFolder folder;
  const std::vector<float> values{1, 2};
  const TensorView view{"x", DType::F32, {2}, std::as_bytes(std::span(values))};
  writeSafetensors(folder / "a.safetensors", {view});
  const std::string before = readFile(folder / "a.safetensors");
  setWriteFault([](const auto&, std::size_t& count) { return count < 64 ? ENOSPC : 0; });
  EXPECT_THROW(writeSafetensors(folder / "a.safetensors", {{"y", DType::F32, {2}, view.bytes}}), Error);
  setWriteFault(nullptr);
  EXPECT_EQ(readFile(folder / "a.safetensors"), before);
  EXPECT_THROW(writeSafetensors(folder / "b.safetensors", {view, view}), Error);
  EXPECT_THROW(writeSafetensors(folder / "b.safetensors", {{"y", DType::F32, {3}, view.bytes}}), Error);
}

TEST_F(SafetensorsDamage, IsRefusedByName) {
  const std::string x = R"("x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  EXPECT_EQ(problemOf(fileOf("{" + x + "}", 8)), "no error");
  const auto entry = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"x":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  EXPECT_THAT(problemOf("short"), HasSubstr("too short"));
  EXPECT_THAT(problemOf(fileOf("{" + x + "}", 8, 1000)), HasSubstr("claims a header of 1000 bytes"));
  EXPECT_THAT(problemOf(fileOf("{" + x + "}", 8, ~std::uint64_t{0})), HasSubstr("claims a header"));
  EXPECT_THAT(problemOf(fileOf("{" + x, 8)), HasSubstr("no valid JSON"));
  EXPECT_THAT(problemOf(fileOf("[1]", 0)), HasSubstr("no JSON object"));
  EXPECT_THAT(problemOf(fileOf("{" + x + "," + x + "}", 8)), HasSubstr("'x' twice"));
  EXPECT_THAT(problemOf(fileOf("{" + x + "}", 9)), HasSubstr("1 bytes after"));
  EXPECT_THAT(problemOf(fileOf("{" + x + "}", 7)), HasSubstr("lies at bytes 0 to 8 of 7"));
  EXPECT_THAT(problemOf(fileOf(entry("F32", "[3]", "[0,8]"), 8)), HasSubstr("needs 3 elements"));
  EXPECT_THAT(problemOf(fileOf(entry("F32", "[2]", "[8,0]"), 8)), HasSubstr("lies at bytes 8 to 0"));
  EXPECT_THAT(problemOf(fileOf(entry("F8_E4M3", "[8]", "[0,8]"), 8)), HasSubstr("F8_E4M3"));
  EXPECT_THAT(problemOf(fileOf(entry("F32", "[1152921504606846976,4]", "[0,8]"), 8)), HasSubstr("impossibly large"));
  EXPECT_THAT(problemOf(fileOf(entry("F32", "[18446744073709551615]", "[0,8]"), 8)), HasSubstr("extent of"));
  EXPECT_THAT(problemOf(fileOf(entry("F32", "[1152921504606846976]", "[0,0]"), 0)), HasSubstr("needs"));
  EXPECT_THAT(problemOf(fileOf(entry("F32", "[-2]", "[0,8]"), 8)), HasSubstr("-2"));
  EXPECT_THAT(problemOf(fileOf(entry("F32", "[2.0]", "[0,8]"), 8)), HasSubstr("2.0"));
  EXPECT_THAT(problemOf(fileOf(R"({"x":{"dtype":"F32","shape":[2]}})", 8)), HasSubstr("needs exactly"));
  EXPECT_THAT(problemOf(fileOf(R"({"__metadata__":{"a":1}})", 0)), HasSubstr("no string"));
}

TEST_F(SafetensorsDamage, OverlapsAndHolesAreRefused) {
  const auto two = [](const std::string& offsets) {
    return R"({"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":)" +
           offsets + "}}";
  };
  EXPECT_EQ(problemOf(fileOf(two("[4,8]"), 8)), "no error");
  EXPECT_THAT(problemOf(fileOf(two("[2,6]"), 6)), HasSubstr("overlaps"));
  EXPECT_THAT(problemOf(fileOf(two("[0,4]"), 4)), HasSubstr("overlaps"));
  EXPECT_THAT(problemOf(fileOf(two("[5,9]"), 9)), HasSubstr("hole"));
}

TEST_F(SafetensorsDamage, EveryShorterFileIsAnErrorAndNoCrash) {
  const std::string good = readFile(goldenFolder("formats") / "reference.safetensors");
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_NE(problemOf(good.substr(0, size)), "no error") << size;
}

}  // namespace
}  // namespace counterpoint
