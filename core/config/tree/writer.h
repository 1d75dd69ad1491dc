// SPDX-License-Identifier: GPL-3.0-or-later
// A config tree as text, byte for byte as OmegaConf.to_yaml writes it.
#pragma once

#include <string>

#include "core/config/tree/node.h"

namespace counterpoint {

// Block style, keys in order, lines folded at 80 columns, interpolations and "???" as they stand. A scalar alone ends
// with PyYAML's "..." line where PyYAML writes one.
std::string writeConfig(const ConfigNode& node);

}  // namespace counterpoint
