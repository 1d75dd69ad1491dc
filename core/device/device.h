// SPDX-License-Identifier: GPL-3.0-or-later
// Where tensors live, how many threads work on them, and where random numbers start.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/device/cuda_module.h"

namespace counterpoint {

// "auto" (the local rank's GPU where there is one), "cpu", "cuda" (the local rank's) or "cuda:N". Throws Error{Usage}
// for any other word and Error{Environment} for a GPU that is not there, saying why.
c10::Device chooseDevice(std::string_view wanted, const OpenedCudaModule& cuda, int localRank = 0);

// The CPU first, then each GPU.
std::vector<DeviceInfo> listDevices(const OpenedCudaModule& cuda);

// Intra-op threads of LibTorch: `wanted`, or one where it is 0. More than one a rank only pays where cores are idle:
// two ranks with two threads each on two cores are twenty times slower than with one.
void setThreads(int wanted);

// Starts LibTorch's generators (CPU and GPU) from `seed`; each rank gets a stream of its own.
void seedTorch(std::uint64_t seed, int rank = 0);

}  // namespace counterpoint
