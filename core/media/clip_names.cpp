// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/clip_names.h"

#include <algorithm>
#include <array>

#include "core/base/words.h"

namespace counterpoint {
namespace {

constexpr std::array kVideoEndings{".mp4", ".m4v", ".mov",  ".avi", ".mkv", ".webm", ".gif",
                                   ".wmv", ".mpg", ".mpeg", ".flv", ".ogv", ".3gp",  ".ts"};
constexpr std::array kImageEndings{".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm"};

bool endsWithOneOf(const std::filesystem::path& path, const auto& endings) {
  const std::string ending = lowerAscii(path.extension().string());
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

}  // namespace

bool isVideoName(const std::filesystem::path& path) { return endsWithOneOf(path, kVideoEndings); }
bool isImageName(const std::filesystem::path& path) { return endsWithOneOf(path, kImageEndings); }
bool isArrayName(const std::filesystem::path& path) { return endsWithOneOf(path, std::array{".npy"}); }
bool isDicomName(const std::filesystem::path& path) { return endsWithOneOf(path, std::array{".dcm", ".dicom"}); }

}  // namespace counterpoint
