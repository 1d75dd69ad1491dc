// SPDX-License-Identifier: GPL-3.0-or-later
// Value overrides on a composed config: change, add, force, delete, with Hydra 1.3's refusals.
#pragma once

#include <span>

#include "core/config/interpolation/resolvers.h"
#include "core/config/overrides/override.h"
#include "core/config/tree/node.h"
#include "core/config/tree/types.h"

namespace counterpoint {

// In order, on the whole config (`root` may hold "hydra", whose keys have `hydraType`). Each value carries the override
// as its last origin. Throws ConfigError{Composition} with Hydra's text and a near key.
void applyOverrides(ConfigNode& root, std::span<const Override> overrides, const Resolvers& resolvers,
                    const ConfigType& hydraType);

}  // namespace counterpoint
