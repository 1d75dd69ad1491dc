// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of modules: named, saved, loaded, and everything that does not fit told at once.
#pragma once

#include <torch/nn/module.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/tensorio/tensor_files.h"

namespace counterpoint {

// Parameters and buffers in the order of PyTorch's state_dict within each module, each name after `prefix`. They share
// storage with the module.
NamedTensors stateOf(const torch::nn::Module& module, const std::string& prefix = {});

struct LoadOptions {
  std::string prefix;                // only names that begin with it, taken off ("video_encoder.")
  bool strict = true;                // false: missing keys keep their values, unexpected ones are left; shapes must fit
  std::vector<std::string> ignored;  // names (after the prefix) that begin so are passed over on both sides ("head.")
};

struct LoadReport {
  std::vector<std::string> loaded, missing, unexpected;
};

// Copies into the module (its own dtype and device; bf16, f16, f32 and f64 convert). On missing, unexpected or
// misshapen keys throws one Error{Data} that lists them all, grouped, shapes and nearest names beside them; the module
// is then untouched. `where` names the source in messages.
LoadReport loadState(torch::nn::Module& module, const NamedTensors& state, const std::string& where,
                     const LoadOptions& options = {});
LoadReport loadModule(torch::nn::Module& module, const std::filesystem::path& path, const LoadOptions& options = {});

void saveModule(const torch::nn::Module& module, const std::filesystem::path& path, const std::string& prefix = {},
                const std::map<std::string, std::string>& metadata = {});

}  // namespace counterpoint
