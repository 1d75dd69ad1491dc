// SPDX-License-Identifier: GPL-3.0-or-later
// Colours by role, one table a theme. A theme is a palette and a style sheet on the application; widgets that paint
// themselves ask for roles() when they paint, and repaint by themselves when the palette changes.
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>
#include <QStringList>

class QApplication;
class QLabel;

namespace counterpoint {

enum class ThemeName { System, Light, Dark, HighContrastLight, HighContrastDark };

struct ThemeRoles {
  QColor window, panel, raised, text, quiet, line, accent, select, good, warn, bad;
  QColor edge;  // the border of a control, at least 3:1 on panel and window
  bool dark = false;
};

// The table behind a theme. System resolves by what the desktop says (see systemPrefersDark).
const ThemeRoles& themeRoles(ThemeName name);

// The roles that the application shows now (found by its palette: there is no state of ours to keep in step).
const ThemeRoles& roles();

QPalette paletteOf(const ThemeRoles& roles);
QString styleSheetOf(const ThemeRoles& roles);

// What the desktop portal or the platform's own palette says; false where neither says.
bool systemPrefersDark();

// Sets and switches the look of a whole application. Lives as long as the application.
class Theme : public QObject {
  Q_OBJECT

 public:
  explicit Theme(QApplication& application);

  ThemeName name() const { return name_; }
  void apply(ThemeName name);

  static QStringList names();  // "system", "light", … as preferences store them
  static QString nameOf(ThemeName name);
  static ThemeName byName(const QString& name);  // System for an unknown one

 signals:
  void changed();

 private:
  QApplication& application_;
  ThemeName name_ = ThemeName::System;
};

// The application's font at a size of measures.h; weight 400 or 600.
QFont uiFont(double size, bool strong = false);
// Same, with digits that keep their place when they change.
QFont tabularFont(double size = 1.0);
QFont codeFont();

// Text that is secondary: sets the role "quiet" that the style sheet colours. Other roles: good, warn, bad, heading.
void setTextRole(QLabel* label, const char* role);

// Contrast ratio of two opaque colours (WCAG 2.1).
double contrastRatio(const QColor& first, const QColor& second);

}  // namespace counterpoint
