// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace counterpoint {

// Python's fnmatch on a system that tells cases apart: * ? [a-z] [!a]; by character, not byte.
bool matchesGlob(std::string_view text, std::string_view pattern);

}  // namespace counterpoint
