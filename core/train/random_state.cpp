// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/random_state.h"

#include <ATen/Context.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/cat.h>

#include <mutex>

#include "core/base/error.h"

namespace counterpoint {
namespace {

at::Tensor stateOfGenerator(at::Generator generator) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return generator.get_state();
}

void setGenerator(at::Generator generator, const at::Tensor& state) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_state(state);
}

}  // namespace

at::Tensor randomState(c10::Device device) {
  auto state = stateOfGenerator(at::detail::getDefaultCPUGenerator());
  if (!device.is_cuda()) return state;
  return at::cat({state, stateOfGenerator(at::globalContext().defaultGenerator(device))});
}

void setRandomState(c10::Device device, const at::Tensor& state) {
  const auto own = stateOfGenerator(at::detail::getDefaultCPUGenerator()).numel();
  if (state.scalar_type() != at::kByte || state.numel() < own) {
    throw dataError("the state of the random numbers is damaged", "trainer.pt");
  }
  setGenerator(at::detail::getDefaultCPUGenerator(), state.narrow(0, 0, own).clone());
  if (device.is_cuda() && state.numel() > own) {
    setGenerator(at::globalContext().defaultGenerator(device), state.narrow(0, own, state.numel() - own).clone());
  }
}

}  // namespace counterpoint
