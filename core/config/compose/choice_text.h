// SPDX-License-Identifier: GPL-3.0-or-later
// Interpolations in defaults lists.
#pragma once

#include <string>

#include "core/config/tree/node.h"

namespace counterpoint {

// `text` with its interpolations taken from `known` (override keys and the list "defaults"). `place` is the entry's.
// Throws ConfigError{Composition} naming the known keys.
std::string choiceText(const std::string& text, const ConfigNode& known, const std::string& place);

}  // namespace counterpoint
