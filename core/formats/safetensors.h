// SPDX-License-Identifier: GPL-3.0-or-later
// Weights in the safetensors format (huggingface.co/docs/safetensors): an 8-byte length, a JSON header, raw data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/formats/dtype.h"
#include "core/formats/file_mapping.h"

namespace counterpoint {

// One tensor as it lies in the file: little-endian, C order, no alignment promised.
struct TensorView {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;

  std::vector<float> floats() const;
};

// A memory-mapped file: opening reads the header alone; a tensor's pages are read when they are touched. Views stay
// valid while this or a copy of it lives.
class SafetensorsFile {
 public:
  // Checks everything before it is believed: header length, JSON, duplicate keys, dtype, shape against byte range,
  // ranges within the file, overlaps and holes. Throws Error{Data} naming the file and the tensor.
  static SafetensorsFile open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  // In the order of the header.
  const std::vector<TensorView>& tensors() const { return tensors_; }
  bool contains(const std::string& name) const { return byName_.contains(name); }
  // Throws Error{Data} with the nearest known name.
  const TensorView& tensor(const std::string& name) const;
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  std::filesystem::path path_;
  std::shared_ptr<const FileMapping> file_;
  std::vector<TensorView> tensors_;
  std::map<std::string, std::size_t> byName_;
  std::map<std::string, std::string> metadata_;
};

// Writes the tensors in the order given, the data 64-byte aligned at its begin, atomically with fsync. Names must be
// unique and not "__metadata__"; bytes must fit dtype and shape (else Bug error).
void writeSafetensors(const std::filesystem::path& path, const std::vector<TensorView>& tensors,
                      const std::map<std::string, std::string>& metadata = {});

}  // namespace counterpoint
