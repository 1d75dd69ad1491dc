// SPDX-License-Identifier: GPL-3.0-or-later
// What a file is, by its name alone: for tables and folders of clips that are not opened.
#pragma once

#include <filesystem>

namespace counterpoint {

bool isVideoName(const std::filesystem::path& path);  // ".mp4", ".avi", … in either case
bool isImageName(const std::filesystem::path& path);
bool isArrayName(const std::filesystem::path& path);  // ".npy"
bool isDicomName(const std::filesystem::path& path);  // ".dcm", ".dicom": recognised, and not read yet

}  // namespace counterpoint
