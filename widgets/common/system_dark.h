// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterpoint {

// A property of the application, bool: what the desktop said last. Not set where it says nothing.
inline constexpr const char* kSystemDarkProperty = "counterpointSystemDark";

}  // namespace counterpoint
