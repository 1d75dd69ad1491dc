// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/csrc/distributed/c10d/Backend.hpp>

#include "core/base/error.h"
#include "core/cuda/parts.h"

namespace counterpoint {

c10::intrusive_ptr<c10d::Backend> makeNcclBackend(c10::intrusive_ptr<c10d::Store>, int, int, double) {
  throw environmentError("NCCL was not found when the CUDA module was built", "several ranks on GPUs",
                         "Install nvidia-nccl-cu13 beside LibTorch and build again, or use --device cpu.");
}

}  // namespace counterpoint
