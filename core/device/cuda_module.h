// SPDX-License-Identifier: GPL-3.0-or-later
// What the module counterpoint_cuda offers. The module is the only code that links LibTorch's CUDA side; everything
// else reaches it through this interface, so that the same program runs on a machine without a GPU.
#pragma once

#include <c10/util/intrusive_ptr.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace c10d {
class Backend;
class Store;
}  // namespace c10d

namespace counterpoint {

struct DeviceInfo {
  std::string name;   // "cpu", "cuda:0"
  std::string model;  // "NVIDIA H200"; the processor's name for "cpu"
  std::uint64_t freeBytes = 0, totalBytes = 0;
};

// A recorded sequence of kernels that is launched as one. Inputs and outputs keep their addresses: copy new values into
// the tensors that were captured.
class CudaGraph {
 public:
  virtual ~CudaGraph() = default;
  virtual void replay() = 0;
};

class CudaModule {
 public:
  virtual ~CudaModule() = default;

  virtual int deviceCount() = 0;  // 0 where no GPU can be used
  virtual DeviceInfo deviceInfo(int index) = 0;
  virtual void selectDevice(int index) = 0;  // current device of this thread
  virtual void synchronize() = 0;            // waits for the current device

  // Bytes of the current device that tensors hold now and held at most.
  virtual std::pair<std::uint64_t, std::uint64_t> memoryUse() = 0;

  // A NCCL process group over `store`. Throws Error{Environment} where NCCL was not found when this was built.
  virtual c10::intrusive_ptr<c10d::Backend> makeNccl(c10::intrusive_ptr<c10d::Store> store, int rank, int size,
                                                     double timeoutSeconds) = 0;

  // Runs `body` `warmUps` times on a side stream, then records it.
  virtual std::unique_ptr<CudaGraph> capture(const std::function<void()>& body, int warmUps) = 0;
};

// Grows with every change of this file; module and program must agree.
inline constexpr int kCudaModuleVersion = 1;

struct OpenedCudaModule {
  CudaModule* module = nullptr;  // lives as long as the process; null: CPU only
  std::string whyNot;            // one line where `module` is null
};

// Opens the module where an NVIDIA driver is present. Call it as the very first thing in main(): LibTorch decides once,
// at its first use, whether there is a CUDA side. Later calls return the same module at no cost.
// COUNTERPOINT_CUDA_MODULE names another file; "off" leaves it closed.
OpenedCudaModule openCudaModule();

}  // namespace counterpoint
