// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <unistd.h>

#include <charconv>
#include <fstream>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

DeviceInfo processor() {
  DeviceInfo info{"cpu", "processor", 0, 0};
  std::ifstream description("/proc/cpuinfo");
  for (std::string line; std::getline(description, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    info.model = trim(std::string_view(line).substr(line.find(':') + 1));
    break;
  }
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  info.totalBytes = page * static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
  info.freeBytes = page * static_cast<std::uint64_t>(::sysconf(_SC_AVPHYS_PAGES));
  return info;
}

}  // namespace

c10::Device chooseDevice(std::string_view wanted, const OpenedCudaModule& cuda, int localRank) {
  if (wanted == "cpu") return c10::kCPU;
  const int count = cuda.module ? cuda.module->deviceCount() : 0;
  int index = localRank;
  if (wanted == "auto") {
    if (count == 0) return c10::kCPU;
    index = localRank % count;
  } else if (wanted.starts_with("cuda:")) {
    const auto digits = wanted.substr(5);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error != std::errc() || end != digits.data() + digits.size() || index < 0) {
      throw usageError("\"" + std::string(wanted) + "\" is no device", "device", "Use auto, cpu or cuda:N.");
    }
  } else if (wanted != "cuda") {
    throw usageError("\"" + std::string(wanted) + "\" is no device", "device", "Use auto, cpu or cuda:N.");
  }
  if (count == 0) {
    const auto reason = cuda.module ? "the driver reports no GPU" : cuda.whyNot;
    throw environmentError("no GPU can be used: " + reason, "device " + std::string(wanted), "Use --device cpu.");
  }
  if (index >= count) {
    throw environmentError("there is no GPU " + std::to_string(index) + ", only " + std::to_string(count),
                           "device " + std::string(wanted), "Start at most one rank a GPU.");
  }
  cuda.module->selectDevice(index);
  return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

std::vector<DeviceInfo> listDevices(const OpenedCudaModule& cuda) {
  std::vector<DeviceInfo> devices{processor()};
  const int count = cuda.module ? cuda.module->deviceCount() : 0;
  for (int i = 0; i < count; ++i) devices.push_back(cuda.module->deviceInfo(i));
  return devices;
}

void setThreads(int wanted) { at::set_num_threads(wanted > 0 ? wanted : 1); }

void seedTorch(std::uint64_t seed, int rank) {
  at::manual_seed(deriveSeed(seed, "torch", static_cast<std::uint64_t>(rank)));
}

}  // namespace counterpoint
