// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/dtype.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/base/error.h"

namespace counterpoint {
namespace {

static_assert(std::endian::native == std::endian::little, "array files are little-endian");

struct DTypeRow {
  DType dtype;
  std::size_t size;
  std::string_view safetensors;
  std::string_view npy;
};

constexpr std::array kRows{DTypeRow{DType::F16, 2, "F16", "<f2"},  DTypeRow{DType::BF16, 2, "BF16", ""},
                           DTypeRow{DType::F32, 4, "F32", "<f4"},  DTypeRow{DType::F64, 8, "F64", "<f8"},
                           DTypeRow{DType::I8, 1, "I8", "|i1"},    DTypeRow{DType::U8, 1, "U8", "|u1"},
                           DTypeRow{DType::I16, 2, "I16", "<i2"},  DTypeRow{DType::U16, 2, "U16", "<u2"},
                           DTypeRow{DType::I32, 4, "I32", "<i4"},  DTypeRow{DType::U32, 4, "U32", "<u4"},
                           DTypeRow{DType::I64, 8, "I64", "<i8"},  DTypeRow{DType::U64, 8, "U64", "<u8"},
                           DTypeRow{DType::Bool, 1, "BOOL", "|b1"}};

const DTypeRow& rowOf(DType dtype) {
  for (const DTypeRow& row : kRows)
    if (row.dtype == dtype) return row;
  throw Error(ErrorKind::Bug, "unknown DType");
}

template <typename Element>
void convertElements(const std::byte* raw, std::span<float> output) {
  for (std::size_t i = 0; i < output.size(); ++i) {
    Element element;
    std::memcpy(&element, raw + i * sizeof(Element), sizeof(Element));
    output[i] = static_cast<float>(element);
  }
}

template <float (*convert)(std::uint16_t)>
void convertHalves(const std::byte* raw, std::span<float> output) {
  for (std::size_t i = 0; i < output.size(); ++i) {
    std::uint16_t bits;
    std::memcpy(&bits, raw + i * 2, 2);
    output[i] = convert(bits);
  }
}

}  // namespace

std::size_t sizeOf(DType dtype) { return rowOf(dtype).size; }
std::string_view safetensorsName(DType dtype) { return rowOf(dtype).safetensors; }
std::string_view npyName(DType dtype) { return rowOf(dtype).npy; }

std::optional<DType> dtypeOfSafetensorsName(std::string_view name) {
  for (const DTypeRow& row : kRows)
    if (row.safetensors == name) return row.dtype;
  return std::nullopt;
}

std::optional<DType> dtypeOfNpyName(std::string_view name) {
  if (name.size() < 3) return std::nullopt;
  for (const DTypeRow& row : kRows) {
    if (row.npy.empty() || name.substr(1) != row.npy.substr(1)) continue;
    if (name[0] == '<' || name[0] == '=' || (name[0] == '|' && row.size == 1)) return row.dtype;
    if (name[0] == '>' && row.size == 1) return row.dtype;
  }
  return std::nullopt;
}

float floatFromHalf(std::uint16_t bits) {
  const float sign = (bits & 0x8000u) ? -1.0f : 1.0f;
  const int exponent = (bits >> 10) & 0x1f;
  const int fraction = bits & 0x3ff;
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  const std::uint32_t signBit = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
  if (exponent == 31) return std::bit_cast<float>(signBit | 0x7f800000u | (static_cast<std::uint32_t>(fraction) << 13));
  return std::bit_cast<float>(signBit | (static_cast<std::uint32_t>(exponent + 112) << 23) |
                              (static_cast<std::uint32_t>(fraction) << 13));
}

std::uint16_t halfFromFloat(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint16_t sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  const float magnitude = std::fabs(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7e00u);
  if (magnitude >= 65520.0f) return static_cast<std::uint16_t>(sign | 0x7c00u);
  // Below the normal range the step is 2^-24; above it, 2^(exponent - 10). Rounding is the processor's, to even.
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  const int scale = magnitude < 0x1p-14f ? -24 : exponent - 11;
  const auto steps = static_cast<std::uint32_t>(std::nearbyint(std::ldexp(magnitude, -scale)));
  if (scale == -24) return static_cast<std::uint16_t>(sign | steps);
  return static_cast<std::uint16_t>(sign | (static_cast<std::uint32_t>(scale + 24) * 1024u + steps));
}

float floatFromBfloat16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

void convertToFloat(DType dtype, std::span<const std::byte> raw, std::span<float> output) {
  if (raw.size() != output.size() * sizeOf(dtype)) throw Error(ErrorKind::Bug, "convertToFloat: sizes do not fit");
  const std::byte* bytes = raw.data();
  switch (dtype) {
    case DType::F32:
      if (!output.empty()) std::memcpy(output.data(), bytes, raw.size());
      return;
    case DType::F16: return convertHalves<floatFromHalf>(bytes, output);
    case DType::BF16: return convertHalves<floatFromBfloat16>(bytes, output);
    case DType::F64: return convertElements<double>(bytes, output);
    case DType::I8: return convertElements<std::int8_t>(bytes, output);
    case DType::U8:
    case DType::Bool: return convertElements<std::uint8_t>(bytes, output);
    case DType::I16: return convertElements<std::int16_t>(bytes, output);
    case DType::U16: return convertElements<std::uint16_t>(bytes, output);
    case DType::I32: return convertElements<std::int32_t>(bytes, output);
    case DType::U32: return convertElements<std::uint32_t>(bytes, output);
    case DType::I64: return convertElements<std::int64_t>(bytes, output);
    case DType::U64: return convertElements<std::uint64_t>(bytes, output);
  }
}

std::int64_t checkedElementCount(std::span<const std::int64_t> shape, const std::string& where) {
  constexpr std::int64_t kMost = std::int64_t{1} << 60;
  std::int64_t count = 1;
  bool empty = false;
  // The product runs over the extents that are not zero, so that [2^40, 2^40, 0] is refused as well.
  for (const std::int64_t extent : shape) {
    if (extent < 0) throw dataError("shape " + shapeInWords(shape) + " has a negative extent", where);
    if (extent == 0) {
      empty = true;
      continue;
    }
    if (extent > kMost / count) throw dataError("shape " + shapeInWords(shape) + " is impossibly large", where);
    count *= extent;
  }
  return empty ? 0 : count;
}

std::string shapeInWords(std::span<const std::int64_t> shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

}  // namespace counterpoint
