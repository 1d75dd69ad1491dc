// SPDX-License-Identifier: GPL-3.0-or-later
// The measures of the look, in device-independent pixels. Nothing else in the window names a gap or a height.
#pragma once

namespace counterpoint::measures {

constexpr int kGrid = 4;
constexpr int kGap = 8;        // inside a group
constexpr int kGroupGap = 16;  // between groups
constexpr int kEdge = 12;      // a panel's edge
constexpr int kRow = 28;       // rows of lists, tables and forms
constexpr int kToolBar = 36;
constexpr int kTabs = 40;
constexpr int kCorner = 4;
constexpr int kIcon = 16;
constexpr int kFocusRing = 2;

// Type sizes as factors of the system's UI font.
constexpr double kSmall = 0.85;
constexpr double kMedium = 1.0;
constexpr double kLarge = 1.25;
constexpr double kExtraLarge = 1.6;

constexpr int kMotionMilliseconds = 120;

}  // namespace counterpoint::measures
