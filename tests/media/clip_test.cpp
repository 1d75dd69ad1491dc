// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/clip.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/random.h"
#include "core/formats/npy.h"
#include "tests/support/golden.h"
#include "tests/support/numbered_clip.h"

#include "tests/support/temporary_folder.h"

#include <cstdio>
#include <map>

namespace counterpoint {
namespace {

using testing::HasSubstr;

std::uint64_t hashOf(const Frame& frame) {
  std::uint64_t value = 0xCBF29CE484222325U;
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width * frame.channels; ++x) value = (value ^ frame.row(y)[x]) * 0x100000001B3U;
  return value;
}

std::string messageOf(const std::filesystem::path& path, const ClipOptions& options = {}) {
  try {
    Clip::open(path, options);
  } catch (const Error& error) {
    return describe(error);
  }
  return "opened";
}

class NumberedClip : public testing::TestWithParam<std::tuple<const char*, int, std::uint64_t>> {};

TEST_P(NumberedClip, EveryFrameComesByItsNumberInAnyOrder) {
  const auto& [name, keyFrameEvery, cacheBytes] = GetParam();
  const TemporaryFolder folder;
  writeNumberedClip(folder / name, 90, 25, keyFrameEvery);
  const Clip clip = Clip::open(folder / name, {.cacheBytes = cacheBytes});
  ASSERT_EQ(clip.info().frameCount, 90);
  EXPECT_EQ(clip.info().width, kNumberedWidth);
  EXPECT_EQ(clip.info().height, kNumberedHeight);
  EXPECT_EQ(clip.info().damage, "");
  EXPECT_NEAR(clip.info().framesPerSecond, 25, 1e-6);
  for (int i = 0; i < 90; ++i) EXPECT_NEAR(clip.info().times[static_cast<std::size_t>(i)], i / 25.0, 1e-6);
  std::vector<std::uint64_t> hashes;
  for (int i = 0; i < 90; ++i) {
    const Frame frame = clip.frame(i);
    ASSERT_EQ(numberOf(frame), i);
    hashes.push_back(hashOf(frame));
  }
  Random random(7);
  for (int trial = 0; trial < 60; ++trial) {
    const int i = static_cast<int>(random.below(90));
    // Not only the right frame: the same pixels as when it came in order.
    ASSERT_EQ(hashOf(clip.frame(i)), hashes[static_cast<std::size_t>(i)]) << "frame " << i;
  }
  for (int i = 89; i >= 0; --i) ASSERT_EQ(numberOf(clip.frame(i, Colour::Grey)), i);
}

INSTANTIATE_TEST_SUITE_P(Kinds, NumberedClip,
                         testing::Values(std::make_tuple("one_key.mp4", 250, std::uint64_t{1} << 28),
                                         std::make_tuple("many_keys.mp4", 10, std::uint64_t{0}),
                                         std::make_tuple("one_key_small_cache.mp4", 250, std::uint64_t{60'000}),
                                         std::make_tuple("many_keys.mkv", 10, std::uint64_t{60'000}),
                                         std::make_tuple("motion.avi", 1, std::uint64_t{0})));

TEST(Clip, PixelsAreThoseOfOpenCv) {
  const std::filesystem::path folder = goldenFolder("media");
  const Json golden = readJsonFile(folder / "media.json");
  ASSERT_EQ(golden.at("clips").size(), 4U);
  for (const Json& expected : golden.at("clips")) {
    SCOPED_TRACE(expected.at("file").get<std::string>());
    const Clip clip = Clip::open(folder / expected.at("file").get<std::string>());
    ASSERT_EQ(clip.info().frameCount, expected.at("frames").get<int>());
    ASSERT_EQ(clip.info().width, expected.at("width").get<int>());
    for (int i = 0; i < clip.info().frameCount; ++i) {
      const Frame frame = clip.frame(i);
      const std::size_t at = static_cast<std::size_t>(i);
      const std::uint8_t* last = frame.row(7) + (frame.width - 1) * 3;
      EXPECT_EQ(expected["last_column"][at].get<std::vector<int>>(), (std::vector<int>{last[0], last[1], last[2]}));
      EXPECT_EQ(fmt::format("{:016x}", hashOf(frame)), expected["rgb"][at].get<std::string>()) << "frame " << i;
      EXPECT_EQ(fmt::format("{:016x}", hashOf(clip.frame(i, Colour::Grey))), expected["grey"][at].get<std::string>());
    }
  }
}

TEST(Clip, RealClipsHaveTheFramesOfTheirTable) {
  const std::filesystem::path folder = sharedFolder("data/echo");
  if (folder.empty()) GTEST_SKIP() << "no real clips: ../shared/data/echo is absent";
  const std::map<std::string, int> counts{
      {"0X10A28877E97DF540.mp4", 211}, {"0X1167650B8BEFF863.mp4", 217}, {"0X148FFCBF4D0C398F.mp4", 189},
      {"0X129133A90A61A59D.mp4", 133}, {"0X13CE2039E2D706A.mp4", 215},  {"0X16FC9AA0AD5D8136.mp4", 183},
      {"0X132C1E8DBB715D1D.mp4", 223}, {"0X18BA5512BE5D6FFA.mp4", 129}, {"0X1E12EEE43FD913E5.mp4", 145},
      {"0X10A28877E97DF540.gif", 211}, {"Example1.mp4", 120},           {"example_small.mp4", 120}};
  int frames = 0;
  const double start = steadySeconds();
  for (const auto& [name, count] : counts) {
    const Clip clip = Clip::open(folder / name);
    EXPECT_EQ(clip.info().frameCount, count) << name;
    EXPECT_EQ(clip.info().damage, "") << name;
    EXPECT_NEAR(clip.info().framesPerSecond, name[0] == '0' ? 50 : 30, 1e-3) << name;
    EXPECT_EQ(clip.decodeAll(std::uint64_t{1} << 30).size(), static_cast<std::size_t>(count));
    frames += count;
  }
  std::printf("[ figure   ] %d frames to RGB in %.2f s\n", frames, steadySeconds() - start);
}

TEST(Clip, ArraysOfBytesAndNumbers) {
  const TemporaryFolder folder;
  const std::vector<std::int64_t> shape{2, 3, 4};
  std::vector<float> values(24);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) * 12.4F - 5;
  writeNpy(folder / "numbers.npy", shape, values);
  const Clip numbers = Clip::open(folder / "numbers.npy");
  EXPECT_EQ(numbers.info().frameCount, 2);
  EXPECT_EQ(numbers.info().width, 4);
  EXPECT_FALSE(numbers.info().timesKnown);
  const Frame first = numbers.frame(0, Colour::Grey);
  EXPECT_EQ(first.row(0)[0], 0);                                    // −5 is clamped
  EXPECT_EQ(first.row(1)[1], 57);                                   // 5 · 12.4 − 5
  EXPECT_EQ(numbers.frame(1, Colour::Grey).row(2)[3], 255);         // 280.2 is clamped
  EXPECT_EQ(numbers.frame(1, Colour::Rgb).row(0)[3 * 1 + 2], 156);  // 13 · 12.4 − 5 = 156.2, repeated

  writeNpy(folder / "flat.npy", std::vector<std::int64_t>{6, 4}, values);
  EXPECT_THAT(messageOf(folder / "flat.npy"), HasSubstr("[6, 4]"));
}

TEST(Clip, FoldersOfImagesComeInNaturalOrder) {
  const TemporaryFolder folder;
  const auto makeImage = [&](const std::string& name, int number, int width) {
    // Portable grey maps need no encoder.
    std::string text = fmt::format("P5 {} 8 255\n", width);
    text.append(static_cast<std::size_t>(width) * 8, static_cast<char>(number));
    writeFileAtomically(folder / name, text);
  };
  for (const int number : {10, 9, 2, 1}) makeImage(fmt::format("frame_{}.pgm", number), number * 10, 8);
  writeFileAtomically(folder / "notes.txt", "no image");
  const Clip clip = Clip::open(folder.path());
  ASSERT_EQ(clip.info().frameCount, 4);
  EXPECT_EQ(clip.info().damage, "");
  EXPECT_FALSE(clip.info().colour);
  const std::vector<int> expected{10, 20, 90, 100};
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(clip.frame(i, Colour::Grey).row(3)[3], expected[static_cast<std::size_t>(i)]) << i;

  makeImage("frame_3.pgm", 30, 6);
  const Clip mixed = Clip::open(folder.path());
  EXPECT_EQ(mixed.info().frameCount, 4);
  EXPECT_THAT(mixed.info().damage, HasSubstr("frame_3.pgm"));
}

TEST(Clip, MessagesNameFileAndCure) {
  const TemporaryFolder folder;
  EXPECT_THAT(messageOf(folder / "none.mp4"), HasSubstr("none.mp4"));
  writeFileAtomically(folder / "empty.mp4", "");
  EXPECT_THAT(messageOf(folder / "empty.mp4"), HasSubstr("empty"));
  writeFileAtomically(folder / "words.mp4", std::string(5000, 'w'));
  EXPECT_THAT(messageOf(folder / "words.mp4"), HasSubstr("words.mp4"));
  std::string dicom(200, '\0');
  dicom.replace(128, 4, "DICM");
  writeFileAtomically(folder / "scan.bin", dicom);
  EXPECT_THAT(messageOf(folder / "scan.bin"), HasSubstr("DICOM"));
  // A playlist must not reach out of the file.
  writeFileAtomically(folder / "list.mp4", "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n");
  EXPECT_NE(messageOf(folder / "list.mp4"), "opened");
  writeNumberedClip(folder / "good.mp4", 5);
  EXPECT_THAT(messageOf(folder / "good.mp4", {.pixelLimit = 1000}), HasSubstr("over the limit"));
  EXPECT_THAT(messageOf(folder / "good.mp4", {.frameLimit = 4}), HasSubstr("more than 4 frames"));
  EXPECT_THROW(Clip::open(folder / "good.mp4").decodeAll(1000), Error);
}

TEST(Clip, ATruncatedFileOffersItsGoodFrames) {
  const TemporaryFolder folder;
  writeNumberedClip(folder / "whole.avi", 60);
  const std::string bytes = readFile(folder / "whole.avi");
  writeFileAtomically(folder / "cut.avi", bytes.substr(0, bytes.size() / 2));
  const Clip clip = Clip::open(folder / "cut.avi");
  EXPECT_THAT(clip.info().damage, HasSubstr("of 60 frames"));
  EXPECT_GT(clip.info().frameCount, 20);
  EXPECT_LT(clip.info().frameCount, 40);
  for (int i = 0; i < clip.info().frameCount; ++i) EXPECT_EQ(numberOf(clip.frame(i)), i);
  EXPECT_THAT(describeMedia(folder / "cut.avi").at("damage").get<std::string>(), HasSubstr("of 60 frames"));
}

TEST(Clip, DamagedBytesNeverCrash) {
  const TemporaryFolder folder;
  writeNumberedClip(folder / "whole.mp4", 60, 30, 12);
  const std::string whole = readFile(folder / "whole.mp4");
  Random random(3);
  int opened = 0, damaged = 0, refused = 0;
  for (int trial = 0; trial < 150; ++trial) {
    std::string bytes = whole;
    if (trial % 3 == 0) {
      bytes.resize(static_cast<std::size_t>(random.below(bytes.size())));
    } else {
      for (int flips = 0; flips < 8; ++flips)
        bytes[static_cast<std::size_t>(random.below(bytes.size()))] ^= static_cast<char>(1 << random.below(8));
    }
    writeFileAtomically(folder / "bent.mp4", bytes);
    try {
      const Clip clip = Clip::open(folder / "bent.mp4", {.cacheBytes = trial % 2 == 0 ? std::uint64_t{1} << 26 : 0});
      ++opened;
      if (!clip.info().damage.empty()) ++damaged;
      for (const int i : {clip.info().frameCount - 1, 0, clip.info().frameCount / 2}) {
        const Frame frame = clip.frame(i);
        ASSERT_EQ(frame.width, clip.info().width);
      }
    } catch (const Error& error) {
      ++refused;
      EXPECT_THAT(describe(error), HasSubstr("bent.mp4"));
    }
  }
  std::printf("[ figure   ] %d opened, of them %d named as damaged, %d refused\n", opened, damaged, refused);
  EXPECT_GT(damaged, 20);
  EXPECT_GT(refused, 20);
}

TEST(Clip, APartEndsTheTableEarlyWithTheSameFrames) {
  const TemporaryFolder folder;
  writeNumberedClip(folder / "clip.mp4", 50, 10);
  const Clip part = Clip::open(folder / "clip.mp4", {.part = ClipPart{1.95, 4}});
  EXPECT_EQ(part.info().frameCount, 24);  // frame 20 at 2.0 s and three more
  EXPECT_EQ(part.info().damage, "");
  for (const int i : {23, 0, 20}) EXPECT_EQ(numberOf(part.frame(i)), i);
  EXPECT_EQ(Clip::open(folder / "clip.mp4", {.part = ClipPart{4.5, 40}}).info().frameCount, 50);
}

TEST(Clip, NearestFrame) {
  const TemporaryFolder folder;
  writeNumberedClip(folder / "clip.mp4", 20, 10);
  const Clip clip = Clip::open(folder / "clip.mp4");
  EXPECT_EQ(clip.nearestFrame(-1), 0);
  EXPECT_EQ(clip.nearestFrame(0.34), 3);
  EXPECT_EQ(clip.nearestFrame(0.36), 4);
  EXPECT_EQ(clip.nearestFrame(99), 19);
}

TEST(VideoWriter, LeavesNothingUnlessFinished) {
  const TemporaryFolder folder;
  {
    VideoWriter writer(folder / "a.mp4", {.width = kNumberedWidth, .height = kNumberedHeight});
    writer.write(numberedFrame(1));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_THROW(VideoWriter(folder / "odd.mp4", {.width = 95, .height = 48}), Error);
  EXPECT_THROW(VideoWriter(folder / "a.txt", {.width = 96, .height = 48}), Error);
  EXPECT_THROW(VideoWriter(folder / "none/a.mp4", {.width = 96, .height = 48}), Error);
}

TEST(VideoWriter, GreyFramesComeBackGrey) {
  const TemporaryFolder folder;
  VideoWriter writer(folder / "grey.mp4", {.width = 64, .height = 64, .framesPerSecond = 29.97, .quality = 10});
  std::vector<std::uint8_t> pixels(64 * 64);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i % 64 * 4);
  for (int i = 0; i < 10; ++i) writer.write(makeFrame(64, 64, 1, pixels.data()));
  writer.finish();
  const Clip clip = Clip::open(folder / "grey.mp4");
  ASSERT_EQ(clip.info().frameCount, 10);
  EXPECT_NEAR(clip.info().framesPerSecond, 29.97, 1e-2);
  const Frame frame = clip.frame(9);
  for (int x = 2; x < 62; ++x) {
    EXPECT_NEAR(frame.row(30)[x * 3], x * 4, 8);
    EXPECT_NEAR(frame.row(30)[x * 3], frame.row(30)[x * 3 + 2], 3);
  }
}

}  // namespace
}  // namespace counterpoint
