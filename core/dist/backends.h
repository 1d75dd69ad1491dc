// SPDX-License-Identifier: GPL-3.0-or-later
// Makes c10d process groups. The only place that sees Gloo's headers.
#pragma once

#include <c10/core/Device.h>
#include <c10/util/intrusive_ptr.h>

#include <string>

#include "core/device/cuda_module.h"

namespace c10d {
class ProcessGroup;
class Store;
}  // namespace c10d

namespace counterpoint {

struct BackendOptions {
  int rank = 0, size = 1;
  std::string masterAddress;
  double seconds = 1800;  // of a collective
  c10::Device device{c10::kCPU};
  CudaModule* cuda = nullptr;
};

// Gloo for CPU tensors, and NCCL for those of `device` where it is a GPU. `name` keeps the groups of one store apart.
c10::intrusive_ptr<c10d::ProcessGroup> makeGroup(const c10::intrusive_ptr<c10d::Store>& store, const std::string& name,
                                                 const BackendOptions& options);

}  // namespace counterpoint
