// SPDX-License-Identifier: GPL-3.0-or-later
// What a run is called where there is little room.
#pragma once

#include <QString>
#include <QStringList>

namespace counterpoint {

// "2026-11-21_13-03-31_toy" -> "toy"; with the time of day where another of `folders` has the same name.
QString shortRunName(const QString& folder, const QStringList& folders = {});

}  // namespace counterpoint
