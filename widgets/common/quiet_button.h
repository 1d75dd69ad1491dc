// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QString;
class QToolButton;

namespace counterpoint {

// A button that is an icon alone; `name` is its tooltip and what a screen reader says.
QToolButton* quietButton(const QString& iconName, const QString& name);

}  // namespace counterpoint
