// SPDX-License-Identifier: GPL-3.0-or-later
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <cuda_runtime_api.h>
#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "core/base/error.h"
#include "core/cuda/parts.h"

namespace counterpoint {
namespace {

void check(cudaError_t status, const char* doing) {
  if (status != cudaSuccess) throw environmentError(std::string(doing) + ": " + ::cudaGetErrorString(status), "GPU");
}

class Module : public CudaModule {
 public:
  int deviceCount() override { return static_cast<int>(c10::cuda::device_count()); }

  DeviceInfo deviceInfo(int index) override {
    DeviceInfo info;
    info.name = "cuda:" + std::to_string(index);
    cudaDeviceProp properties{};
    check(::cudaGetDeviceProperties(&properties, index), "cannot read the properties");
    info.model = properties.name;
    const auto before = c10::cuda::current_device();
    selectDevice(index);
    std::size_t freeBytes = 0, totalBytes = 0;
    const auto status = ::cudaMemGetInfo(&freeBytes, &totalBytes);
    selectDevice(before);
    check(status, "cannot read the memory in use");
    info.freeBytes = freeBytes;
    info.totalBytes = totalBytes;
    return info;
  }

  void selectDevice(int index) override { c10::cuda::set_device(static_cast<c10::DeviceIndex>(index)); }
  void synchronize() override { c10::cuda::device_synchronize(); }

  std::pair<std::uint64_t, std::uint64_t> memoryUse() override {
    const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(c10::cuda::current_device());
    const auto& bytes = stats.allocated_bytes[0];  // over all pools
    return {static_cast<std::uint64_t>(bytes.current), static_cast<std::uint64_t>(bytes.peak)};
  }

  c10::intrusive_ptr<c10d::Backend> makeNccl(c10::intrusive_ptr<c10d::Store> store, int rank, int size,
                                             double timeoutSeconds) override {
    return makeNcclBackend(std::move(store), rank, size, timeoutSeconds);
  }

  std::unique_ptr<CudaGraph> capture(const std::function<void()>& body, int warmUps) override {
    return captureGraph(body, warmUps);
  }
};

}  // namespace
}  // namespace counterpoint

// The module's one entry point: null, and a line in `whyNot`, where the program was built for another version of it.
extern "C" counterpoint::CudaModule* counterpoint_cuda_entry(int version, const char** whyNot) {
  if (version != counterpoint::kCudaModuleVersion) {
    *whyNot = "counterpoint_cuda.so is of another version than this program; build both together";
    return nullptr;
  }
  static counterpoint::Module module;
  return &module;
}
