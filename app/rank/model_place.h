// SPDX-License-Identifier: GPL-3.0-or-later
// From what a person typed to a loaded model.
#pragma once

#include <memory>
#include <string>

#include "core/config/config.h"
#include "core/serve/model_service.h"

namespace counterpoint {

struct ChosenModel {
  ModelPlace place;
  Config config;
  c10::Device device;
};

// `model` is a run folder or a checkpoint; `overrides` go on top of the run's config.
ChosenModel chooseModel(const std::string& model, const std::string& device,
                        const std::vector<std::string>& overrides = {});

std::unique_ptr<ModelService> openService(const std::string& model, const std::string& device);

}  // namespace counterpoint
