// SPDX-License-Identifier: GPL-3.0-or-later
// Our own icons: SVG files in resources/icons on a 16 px grid, drawn in the text colour of the moment.
#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

namespace counterpoint {

// The icon resources/icons/NAME.svg. It follows the theme by itself and is sharp at every scale. An unknown name gives
// an empty icon (a test compares all names that are used with the files).
QIcon icon(const QString& name);

QStringList iconNames();

// The same as a picture, in a given colour, at a device ratio; for models and painters.
QPixmap iconPixmap(const QString& name, const QColor& colour, int size, double ratio);

}  // namespace counterpoint
