// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/machine.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <memory>
#include <thread>

namespace counterpoint {
namespace {

// The part of NVML's interface that is used here; its header is not packaged.
struct NvmlMemory {
  unsigned long long total, free, used;
};
using NvmlDevice = void*;
constexpr int kNvmlSuccess = 0;

struct Nvml {
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  int (*count)(unsigned*) = nullptr;
  int (*handle)(unsigned, NvmlDevice*) = nullptr;
  int (*name)(NvmlDevice, char*, unsigned) = nullptr;
  int (*memory)(NvmlDevice, NvmlMemory*) = nullptr;

  explicit Nvml(void* library) {
    const auto find = [library](auto& function, const char* symbol) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, symbol));
    };
    find(init, "nvmlInit_v2");
    find(shutdown, "nvmlShutdown");
    find(count, "nvmlDeviceGetCount_v2");
    find(handle, "nvmlDeviceGetHandleByIndex_v2");
    find(name, "nvmlDeviceGetName");
    find(memory, "nvmlDeviceGetMemoryInfo");
  }
  bool complete() const { return init && shutdown && count && handle && name && memory; }
};

struct CloseLibrary {
  void operator()(void* library) const { ::dlclose(library); }
};

void readGpus(MachineFacts& facts) {
  const std::unique_ptr<void, CloseLibrary> library(::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL));
  if (!library) {
    facts.gpuNote = "no NVIDIA driver";
    return;
  }
  const Nvml nvml(library.get());
  if (!nvml.complete() || nvml.init() != kNvmlSuccess) {
    facts.gpuNote = "the NVIDIA driver does not answer";
    return;
  }
  unsigned count = 0;
  if (nvml.count(&count) != kNvmlSuccess) count = 0;
  for (unsigned i = 0; i < count; ++i) {
    NvmlDevice device = nullptr;
    std::array<char, 128> name{};
    NvmlMemory memory{};
    if (nvml.handle(i, &device) != kNvmlSuccess) continue;
    if (nvml.name(device, name.data(), name.size() - 1) != kNvmlSuccess) continue;
    if (nvml.memory(device, &memory) != kNvmlSuccess) memory = {};
    facts.gpus.push_back({std::to_string(i), name.data(), memory.free, memory.total});
  }
  nvml.shutdown();
  if (facts.gpus.empty()) facts.gpuNote = "no NVIDIA GPU";
}

void readMainMemory(MachineFacts& facts) {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::uint64_t kilobytes = 0;
  while (file >> name >> kilobytes) {
    if (name == "MemTotal:") facts.totalBytes = kilobytes << 10;
    if (name == "MemAvailable:") facts.freeBytes = kilobytes << 10;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
}

}  // namespace

MachineFacts queryMachine() {
  MachineFacts facts;
  facts.cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  readMainMemory(facts);
  readGpus(facts);
  return facts;
}

}  // namespace counterpoint
