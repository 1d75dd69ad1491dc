// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors to and from safetensors files.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/formats/safetensors.h"

namespace counterpoint {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

c10::ScalarType scalarTypeOf(DType dtype);
DType dtypeOf(c10::ScalarType type);  // Error{Data} for complex, quantised and float8

// Every tensor of the file, on the CPU. Those that lie aligned are the file's own read-only pages, which stay mapped as
// long as any of them lives: never write into them, clone first.
NamedTensors readTensors(const std::filesystem::path& path);
// One of them; without `share`, a copy.
at::Tensor tensorFrom(const SafetensorsFile& file, const TensorView& view, bool share = true);

// Copies to the CPU where needed and writes in the order given, as a whole or not at all.
void writeTensors(const std::filesystem::path& path, const NamedTensors& tensors,
                  const std::map<std::string, std::string>& metadata = {});

}  // namespace counterpoint
