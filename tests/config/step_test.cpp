// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/step.h"

#include <gtest/gtest.h>

namespace counterpoint {
namespace {

SchemaKey key(ValueType type, std::optional<double> least, std::optional<double> most, bool above = false) {
  SchemaKey made;
  made.path = "x";
  made.type = type;
  made.least = least;
  made.most = most;
  made.aboveLeast = above;
  return made;
}

std::string walk(const SchemaKey& from, double value, int step, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) {
    value = stepped(from, value, step);
    text += (i ? " " : "") + numberText(value);
  }
  return text;
}

TEST(Step, RatesGoByOneTwoFive) {
  const SchemaKey rate = key(ValueType::Float, 0, {}, true);
  EXPECT_EQ(walk(rate, 3e-4, 1, 4), "5e-4 0.001 0.002 0.005");
  EXPECT_EQ(walk(rate, 3e-4, -1, 4), "2e-4 1e-4 5e-5 2e-5");
  EXPECT_EQ(walk(rate, 1e-4, 3, 2), "0.001 0.01");
  EXPECT_EQ(walk(rate, 5, 1, 4), "10 20 50 100");
  EXPECT_EQ(walk(rate, 1e-6, -1, 2), "5e-7 2e-7");  // never 0, which the range leaves out
}

TEST(Step, ZeroIsReachedWhereItIsAllowed) {
  const SchemaKey decay = key(ValueType::Float, 0, {});
  EXPECT_EQ(walk(decay, 2e-6, -1, 3), "1e-6 0 0");
  EXPECT_EQ(walk(decay, 0, 1, 3), "1e-6 2e-6 5e-6");
  EXPECT_EQ(walk(key(ValueType::Float, {}, {}), 1e-6, -1, 4), "0 -1e-6 -2e-6 -5e-6");
  EXPECT_EQ(walk(key(ValueType::Float, {}, {}), -2, 1, 2), "-1 -0.5");
}

TEST(Step, RangesGoByHundredths) {
  const SchemaKey share = key(ValueType::Float, 0, 1);
  EXPECT_EQ(walk(share, 0.07, 1, 3), "0.08 0.09 0.1");
  EXPECT_EQ(walk(share, 0.99, 1, 3), "1 1 1");
  EXPECT_EQ(walk(share, 0.015, -1, 3), "0.01 0 0");
}

TEST(Step, WholeNumbersGoByOne) {
  EXPECT_EQ(walk(key(ValueType::Int, 1, 3), 2, 1, 3), "3 3 3");
  EXPECT_EQ(walk(key(ValueType::Int, 1, {}), 2, -1, 3), "1 1 1");
}

TEST(Step, NumbersAreWrittenAsPeopleDo) {
  EXPECT_EQ(numberText(3e-4), "3e-4");
  EXPECT_EQ(numberText(2.5e-5), "2.5e-5");
  EXPECT_EQ(numberText(0.05), "0.05");
  EXPECT_EQ(numberText(20), "20");
  EXPECT_EQ(numberText(0), "0");
  EXPECT_EQ(numberText(1e12), "1e12");
}

}  // namespace
}  // namespace counterpoint
