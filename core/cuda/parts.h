// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the module, a translation unit each: their headers are the most expensive ones there are.
#pragma once

#include "core/device/cuda_module.h"

namespace counterpoint {

c10::intrusive_ptr<c10d::Backend> makeNcclBackend(c10::intrusive_ptr<c10d::Store> store, int rank, int size,
                                                  double timeoutSeconds);
std::unique_ptr<CudaGraph> captureGraph(const std::function<void()>& body, int warmUps);

}  // namespace counterpoint
