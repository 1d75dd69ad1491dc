// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/media/clip_names.h"
#include "core/media/clip_source.h"
#include "core/media/video_decoder.h"

#include <algorithm>
#include <cctype>
#include <list>

namespace counterpoint {
namespace {

// Runs of digits compare as numbers, so that frame_2 comes before frame_10.
bool naturalLess(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const auto skipZeros = [](const std::string& text, std::size_t at) {
    while (at < text.size() && text[at] == '0') ++at;
    return at;
  };
  while (i < a.size() && j < b.size()) {
    if (!digit(a[i]) || !digit(b[j])) {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i, ++j;
      continue;
    }
    i = skipZeros(a, i);
    j = skipZeros(b, j);
    const std::size_t startA = i, startB = j;
    while (i < a.size() && digit(a[i])) ++i;
    while (j < b.size() && digit(b[j])) ++j;
    if (i - startA != j - startB) return i - startA < j - startB;
    const int order = a.compare(startA, i - startA, b, startB, j - startB);
    if (order != 0) return order < 0;
  }
  if (a.size() - i != b.size() - j) return a.size() - i < b.size() - j;
  return a < b;
}

class ImageFolder final : public Clip::Source {
 public:
  ImageFolder(const std::filesystem::path& path, const ClipOptions& options) : options_(options) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (isImageName(entry.path())) names.push_back(entry.path().filename().string());
    }
    if (names.empty())
      throw dataError("the folder holds no images", path.string(), "Name a folder of PNG or JPEG files");
    if (names.size() > static_cast<std::size_t>(options.frameLimit))
      throw dataError(fmt::format("more than {} images", options.frameLimit), path.string(), "Cut it into parts");
    std::sort(names.begin(), names.end(), naturalLess);
    info.path = path;
    info.format = "folder of images";
    info.colour = false;
    std::string firstProblem;
    int leftOut = 0;
    for (const std::string& name : names) {
      try {
        keep(path / name);
      } catch (const Error& error) {
        if (leftOut++ == 0) firstProblem = fmt::format("{}: {}", name, error.problem());
      }
    }
    if (files_.empty()) throw dataError("no image of the folder can be read: " + firstProblem, path.string());
    if (leftOut > 0) info.damage = fmt::format("{}; {} of {} images left out", firstProblem, leftOut, names.size());
    info.frameCount = static_cast<int>(files_.size());
    assumeTimes(info, options.assumedFramesPerSecond);
  }

  Frame read(int index, Colour colour) override {
    return toColour(load(files_[static_cast<std::size_t>(index)]), colour);
  }

 private:
  // Every image is decoded once: a table that lists what cannot be shown would be no table.
  void keep(const std::filesystem::path& file) {
    VideoDecoder decoder(file, options_);
    const AVFrame* frame = decoder.next();
    if (!frame) throw dataError(decoder.damage().empty() ? "holds no image" : decoder.damage(), file.string());
    if (files_.empty()) {
      info.width = frame->width;
      info.height = frame->height;
      info.codec = avcodec_get_name(decoder.codec().codec_id);
      info.pixelFormat = av_get_pix_fmt_name(static_cast<AVPixelFormat>(frame->format));
    } else if (frame->width != info.width || frame->height != info.height) {
      throw dataError(
          fmt::format("is {}x{} where the first image is {}x{}", frame->width, frame->height, info.width, info.height),
          file.string());
    }
    const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame->format));
    if (!descriptor || descriptor->nb_components >= 3 || (descriptor->flags & AV_PIX_FMT_FLAG_PAL)) info.colour = true;
    files_.push_back(file);
    remember(file, converter_.convert(*frame));
  }

  Frame load(const std::filesystem::path& file) {
    for (auto found = recent_.begin(); found != recent_.end(); ++found) {
      if (found->first != file) continue;
      recent_.splice(recent_.begin(), recent_, found);
      return found->second;
    }
    VideoDecoder decoder(file, options_);
    const AVFrame* frame = decoder.next();
    if (!frame || frame->width != info.width || frame->height != info.height)
      throw dataError("the image has changed since the folder was opened", file.string(), "Open the folder again");
    Frame picture = converter_.convert(*frame);
    remember(file, picture);
    return picture;
  }

  void remember(const std::filesystem::path& file, Frame picture) {
    recentBytes_ += picture.bytes();
    recent_.emplace_front(file, std::move(picture));
    while (recentBytes_ > options_.cacheBytes && recent_.size() > 1) {
      recentBytes_ -= recent_.back().second.bytes();
      recent_.pop_back();
    }
  }

  ClipOptions options_;
  RgbConverter converter_;
  std::vector<std::filesystem::path> files_;
  std::list<std::pair<std::filesystem::path, Frame>> recent_;  // newest first
  std::uint64_t recentBytes_ = 0;
};

}  // namespace

std::unique_ptr<Clip::Source> openImageFolder(const std::filesystem::path& path, const ClipOptions& options) {
  return std::make_unique<ImageFolder>(path, options);
}

}  // namespace counterpoint
