// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/cuda_module.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "core/base/process.h"

namespace counterpoint {
namespace {

using Entry = CudaModule* (*)(int version, const char** whyNot);

std::filesystem::path moduleFile() {
  if (const char* named = std::getenv("COUNTERPOINT_CUDA_MODULE")) return named;
  const auto here = programDirectory();
  for (const auto& folder :
       {here, here.parent_path() / "lib" / "counterpoint", here.parent_path().parent_path() / "lib" / "counterpoint"}) {
    if (const auto file = folder / "counterpoint_cuda.so"; std::filesystem::exists(file)) return file;
  }
  return {};
}

}  // namespace

OpenedCudaModule openCudaModule() {
  const auto file = moduleFile();
  if (file == "off") return {nullptr, "the CUDA module is switched off by COUNTERPOINT_CUDA_MODULE"};
  // Only a driver's own library tells whether there is one; without it the module's 0.2 GB would be mapped for nothing.
  if (!::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL)) return {nullptr, "no NVIDIA driver (libcuda.so.1) here"};
  if (file.empty()) return {nullptr, "counterpoint_cuda.so was not built (no nvcc) or is not beside the program"};
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!library) return {nullptr, std::string("the CUDA module does not open: ") + ::dlerror()};
  const auto entry = reinterpret_cast<Entry>(::dlsym(library, "counterpoint_cuda_entry"));
  if (!entry) return {nullptr, file.string() + " is no CUDA module of Counterpoint"};
  const char* whyNot = "";
  CudaModule* module = entry(kCudaModuleVersion, &whyNot);
  return {module, module ? "" : whyNot};
}

}  // namespace counterpoint
