// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy's .npy files, versions 1.0 to 3.0 (numpy.lib.format): 0 to 8 dimensions, C or Fortran order, little-endian
// numbers. Big-endian, complex, text, structured and pickled arrays are refused with their cure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/formats/dtype.h"
#include "core/formats/file_mapping.h"

namespace counterpoint {

// A memory-mapped array; copies share the mapping. The header and the size of the file are checked on opening.
class NpyArray {
 public:
  // Throws Error{Data} naming the file and what is wrong in it.
  static NpyArray open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  DType dtype() const { return dtype_; }
  const std::vector<std::int64_t>& shape() const { return shape_; }
  std::int64_t dimensions() const { return static_cast<std::int64_t>(shape_.size()); }
  std::int64_t elementCount() const { return count_; }
  bool isFortranOrder() const { return fortranOrder_; }

  // Elements as they lie in the file, in the order that isFortranOrder() says. 64-byte aligned in files by NumPy.
  std::span<const std::byte> bytes() const { return bytes_; }

  // All elements as float32 in C order.
  std::vector<float> floats() const;
  // Row `row` of a 2-D array, or the whole of a 1-D one (row 0), as float32. Throws Error{Data} when out of range.
  std::vector<float> floatRow(std::int64_t row) const;
  // The elements without a copy where the file holds float32 in C order, well aligned; empty otherwise.
  std::span<const float> floatView() const;
  // All elements in C order, in the dtype of the file.
  std::vector<std::byte> orderedBytes() const;

 private:
  std::filesystem::path path_;
  std::shared_ptr<const FileMapping> file_;
  DType dtype_ = DType::F32;
  std::vector<std::int64_t> shape_;
  std::int64_t count_ = 0;
  bool fortranOrder_ = false;
  std::span<const std::byte> bytes_;
};

// Writes version 1.0, C order, atomically. `raw` holds as many elements of `dtype` as `shape` says (else Bug error).
void writeNpy(const std::filesystem::path& path, DType dtype, std::span<const std::int64_t> shape,
              std::span<const std::byte> raw);
void writeNpy(const std::filesystem::path& path, std::span<const std::int64_t> shape, std::span<const float> values);

}  // namespace counterpoint
