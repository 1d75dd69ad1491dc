// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensorio/tensor_files.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <cstring>
#include <optional>

#include "core/base/error.h"

namespace counterpoint {
namespace {

struct KindPair {
  DType ours;
  c10::ScalarType theirs;
};
constexpr KindPair kKinds[] = {
    {DType::F16, c10::ScalarType::Half},  {DType::BF16, c10::ScalarType::BFloat16},
    {DType::F32, c10::ScalarType::Float}, {DType::F64, c10::ScalarType::Double},
    {DType::I8, c10::ScalarType::Char},   {DType::U8, c10::ScalarType::Byte},
    {DType::I16, c10::ScalarType::Short}, {DType::U16, c10::ScalarType::UInt16},
    {DType::I32, c10::ScalarType::Int},   {DType::U32, c10::ScalarType::UInt32},
    {DType::I64, c10::ScalarType::Long},  {DType::U64, c10::ScalarType::UInt64},
    {DType::Bool, c10::ScalarType::Bool},
};

}  // namespace

c10::ScalarType scalarTypeOf(DType dtype) {
  for (const KindPair& kind : kKinds) {
    if (kind.ours == dtype) return kind.theirs;
  }
  throw Error(ErrorKind::Bug, "an element type without a LibTorch counterpart");
}

DType dtypeOf(c10::ScalarType type) {
  for (const KindPair& kind : kKinds) {
    if (kind.theirs == type) return kind.ours;
  }
  throw dataError(std::string("tensors of type ") + c10::toString(type) + " have no place in a safetensors file", {},
                  "Convert them to a plain type first");
}

at::Tensor tensorFrom(const SafetensorsFile& file, const TensorView& view, bool share) {
  const c10::ScalarType type = scalarTypeOf(view.dtype);
  const auto address = reinterpret_cast<std::uintptr_t>(view.bytes.data());
  if (view.bytes.empty() || !share || address % sizeOf(view.dtype) != 0) {
    at::Tensor copy = at::empty(view.shape, type);
    if (!view.bytes.empty()) std::memcpy(copy.mutable_data_ptr(), view.bytes.data(), view.bytes.size());
    return copy;
  }
  // The deleter owns a copy of the file, which keeps the mapping alive.
  return at::from_blob(
      const_cast<std::byte*>(view.bytes.data()), view.shape, [file](void*) {}, type);
}

NamedTensors readTensors(const std::filesystem::path& path) {
  const SafetensorsFile file = SafetensorsFile::open(path);
  NamedTensors tensors;
  for (const TensorView& view : file.tensors()) tensors.emplace_back(view.name, tensorFrom(file, view));
  return tensors;
}

void writeTensors(const std::filesystem::path& path, const NamedTensors& tensors,
                  const std::map<std::string, std::string>& metadata) {
  std::vector<at::Tensor> kept;  // what the views point into
  std::vector<TensorView> views;
  for (const auto& [name, tensor] : tensors) {
    kept.push_back(tensor.detach().cpu().contiguous());
    const at::Tensor& plain = kept.back();
    views.push_back({name,
                     dtypeOf(plain.scalar_type()),
                     plain.sizes().vec(),
                     {static_cast<const std::byte*>(plain.const_data_ptr()), plain.nbytes()}});
  }
  writeSafetensors(path, views, metadata);
}

}  // namespace counterpoint
