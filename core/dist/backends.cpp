// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dist/backends.h"

#include <chrono>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "core/base/error.h"
#include "core/dist/group_environment.h"

namespace counterpoint {
namespace {

using Gloo = c10d::ProcessGroupGloo;

std::shared_ptr<gloo::transport::Device> networkDevice(const std::string& masterAddress) {
  if (const auto interface = environmentVariable("GLOO_SOCKET_IFNAME"))
    return Gloo::createDeviceForInterface(*interface);
  const bool here = masterAddress == "localhost" || masterAddress.starts_with("127.");
  return here ? Gloo::createDeviceForHostname("127.0.0.1") : Gloo::createDefaultDevice();
}

}  // namespace

c10::intrusive_ptr<c10d::ProcessGroup> makeGroup(const c10::intrusive_ptr<c10d::Store>& store, const std::string& name,
                                                 const BackendOptions& options) {
  const auto milliseconds = std::chrono::milliseconds(static_cast<std::int64_t>(options.seconds * 1000));
  const c10::intrusive_ptr<c10d::Store> own = c10::make_intrusive<c10d::PrefixStore>(name, store);
  auto glooOptions = Gloo::Options::create(milliseconds);
  glooOptions->devices.push_back(networkDevice(options.masterAddress));
  const auto gloo = c10::make_intrusive<Gloo>(own, options.rank, options.size, glooOptions);
  auto group = c10::make_intrusive<c10d::ProcessGroup>(own, options.rank, options.size);
  group->setBackend(c10::kCPU, c10d::ProcessGroup::BackendType::GLOO, c10::intrusive_ptr<c10d::Backend>(gloo));
  group->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
  if (options.device.is_cuda()) {
    if (!options.cuda) throw Error(ErrorKind::Bug, "a group on a GPU was asked for without the CUDA module");
    const auto nccl = options.cuda->makeNccl(own, options.rank, options.size, options.seconds);
    group->setBackend(c10::kCUDA, c10d::ProcessGroup::BackendType::NCCL, nccl);
    group->setDefaultBackend(c10d::ProcessGroup::BackendType::NCCL);
  }
  return group;
}

}  // namespace counterpoint
