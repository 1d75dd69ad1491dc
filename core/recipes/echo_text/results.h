// SPDX-License-Identifier: GPL-3.0-or-later
// RUN/results/SPLIT as ARCHITECTURE.md lays it down.
#pragma once

#include <filesystem>

#include "core/recipes/echo_text/measure.h"

namespace counterpoint {

// A line of clips.jsonl: what is known of the sample whose first clip is `seen`.
Json resultItem(const std::string& id, const std::string& study, const std::string& report, const std::string& view,
                const Seen& seen);

void writeResults(const std::filesystem::path& folder, const Measured& measured);

}  // namespace counterpoint
