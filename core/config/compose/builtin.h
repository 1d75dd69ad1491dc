// SPDX-License-Identifier: GPL-3.0-or-later
// The "hydra" configs that every tree starts from, and the types of the hydra node.
#pragma once

#include <string_view>
#include <vector>

#include "core/config/tree/types.h"

namespace counterpoint {

struct BuiltinConfig {
  std::string_view path;    // "hydra/output/default"
  std::string_view source;  // "hydra": found first; "schema": after all folders
  std::string_view text;
};

const std::vector<BuiltinConfig>& builtinConfigs();

// The version that we answer as: ${hydra:runtime.version}.
constexpr std::string_view kHydraVersion = "1.3.2";

// The types of the hydra node's keys.
ConfigType hydraNodeType();

}  // namespace counterpoint
