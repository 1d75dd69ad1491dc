// SPDX-License-Identifier: GPL-3.0-or-later
// RUN/results/SPLIT as ARCHITECTURE.md lays it down.
#pragma once

#include <filesystem>

#include "core/recipes/echo_text/measure.h"

namespace counterpoint {

void writeResults(const std::filesystem::path& folder, const Measured& measured);

}  // namespace counterpoint
