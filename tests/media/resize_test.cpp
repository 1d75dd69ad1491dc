// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/resize.h"

#include <gtest/gtest.h>

#include "core/formats/safetensors.h"
#include "tests/support/golden.h"

#include <cmath>

namespace counterpoint {
namespace {

TEST(AntialiasResizer, EqualsTorchvision) {
  const SafetensorsFile golden = SafetensorsFile::open(goldenFolder("media") / "resize.safetensors");
  for (int number = 0; number < 5; ++number) {
    const std::string name = std::to_string(number);
    const auto& shape = golden.tensor(name + ".in").shape;
    const std::vector<float> input = golden.tensor(name + ".in").floats(),
                             expected = golden.tensor(name + ".out").floats();
    const int height = static_cast<int>(shape[0]), width = static_cast<int>(shape[1]);
    const int channels = static_cast<int>(shape[2]);
    const int size = static_cast<int>(golden.tensor(name + ".out").shape[0]);
    const AntialiasResizer resizer({0, 0, width, height}, size, size);
    std::vector<float> output(expected.size());
    resizer.apply(input.data(), width, channels, output.data());
    std::vector<std::uint8_t> bytes(input.begin(), input.end());
    std::vector<float> fromBytes(expected.size());
    resizer.apply(makeFrame(width, height, channels, bytes.data()), fromBytes.data());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(output[i], expected[i], 255 * 1e-6) << "picture " << number << " value " << i;
      ASSERT_EQ(fromBytes[i], output[i]);
    }
  }
}

TEST(AntialiasResizer, ABoxIsThePictureCutOut) {
  std::vector<float> whole(20 * 30), part(10 * 12);
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<float>((i * 37) % 251);
  for (std::size_t y = 0; y < 10; ++y)
    for (std::size_t x = 0; x < 12; ++x) part[y * 12 + x] = whole[(y + 5) * 30 + x + 7];
  std::vector<float> fromBox(49), fromPart(49);
  AntialiasResizer({7, 5, 12, 10}, 7, 7).apply(whole.data(), 30, 1, fromBox.data());
  AntialiasResizer({0, 0, 12, 10}, 7, 7).apply(part.data(), 12, 1, fromPart.data());
  EXPECT_EQ(fromBox, fromPart);
}

}  // namespace
}  // namespace counterpoint
