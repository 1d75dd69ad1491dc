// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/rank/model_place.h"

#include "core/device/device.h"
#include "core/runs/run_folder.h"

namespace counterpoint {

ChosenModel chooseModel(const std::string& model, const std::string& device,
                        const std::vector<std::string>& overrides) {
  const auto place = ModelPlace::find(model);
  return {place, Config::fromFile(RunFolder(place.run).config(), overrides), chooseDevice(device, openCudaModule())};
}

std::unique_ptr<ModelService> openService(const std::string& model, const std::string& device) {
  const auto chosen = chooseModel(model, device);
  setThreads(chosen.config.get<int>("threads"));
  return std::make_unique<ModelService>(chosen.place, chosen.config.values(), chosen.device);
}

}  // namespace counterpoint
