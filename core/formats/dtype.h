// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds of numbers in array files, without LibTorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

enum class DType { F16, BF16, F32, F64, I8, U8, I16, U16, I32, U32, I64, U64, Bool };

std::size_t sizeOf(DType dtype);                // bytes of one element
std::string_view safetensorsName(DType dtype);  // "F32"
std::optional<DType> dtypeOfSafetensorsName(std::string_view name);
// "<f4"; empty for BF16, which .npy does not know.
std::string_view npyName(DType dtype);
// Accepts '<', '=' and '|' as byte order.
std::optional<DType> dtypeOfNpyName(std::string_view name);

float floatFromHalf(std::uint16_t bits);   // IEEE binary16
std::uint16_t halfFromFloat(float value);  // to the nearest, ties to even; too large becomes infinite
float floatFromBfloat16(std::uint16_t bits);

// Converts little-endian elements (any alignment) to float32. `raw` holds output.size() elements of `dtype`.
void convertToFloat(DType dtype, std::span<const std::byte> raw, std::span<float> output);

// Product of the extents; throws Error{Data} naming `where` for a negative extent or more than 2^60 elements.
std::int64_t checkedElementCount(std::span<const std::int64_t> shape, const std::string& where);

std::string shapeInWords(std::span<const std::int64_t> shape);  // "[20, 2048]"

}  // namespace counterpoint
