// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/devices.h"

#include <QObject>

#include <dlfcn.h>

#include <array>
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

}  // namespace

DeviceList queryDevices() {
  DeviceList list;
  list.cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const std::unique_ptr<void, CloseLibrary> library(::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL));
  if (!library) {
    list.note = QObject::tr("no NVIDIA driver");
    return list;
  }
  const Nvml nvml(library.get());
  if (!nvml.complete() || nvml.init() != kNvmlSuccess) {
    list.note = QObject::tr("the NVIDIA driver does not answer");
    return list;
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
    list.gpus.push_back({QString::number(i), QString::fromUtf8(name.data()), static_cast<qint64>(memory.free),
                         static_cast<qint64>(memory.total)});
  }
  nvml.shutdown();
  if (list.gpus.empty()) list.note = QObject::tr("no NVIDIA GPU");
  return list;
}

}  // namespace counterpoint
