// SPDX-License-Identifier: GPL-3.0-or-later
// One function a recipe; registry.cpp lists them.
#pragma once

#include "core/config/schema.h"

namespace counterpoint {

Schema echoTextSchema();
std::vector<KeyRule> echoTextRules();

}  // namespace counterpoint
