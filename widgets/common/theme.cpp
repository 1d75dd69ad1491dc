// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/theme.h"

#include "widgets/common/measures.h"
#include "widgets/common/system_dark.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QLabel>
#include <QStyle>
#include <QStyleFactory>

#include <array>
#include <cmath>

namespace counterpoint {
namespace {

struct Row {
  ThemeName name;
  const char* word;
  ThemeRoles roles;
};

ThemeRoles makeRoles(std::array<const char*, 12> colours, bool dark) {
  auto colour = [&](int index) { return QColor(QLatin1String(colours[static_cast<std::size_t>(index)])); };
  return {colour(0), colour(1), colour(2), colour(3),  colour(4),  colour(5), colour(6),
          colour(7), colour(8), colour(9), colour(10), colour(11), dark};
}

// window, panel, raised, text, quiet, line, accent, select, good, warn, bad, edge
const std::array<Row, 4>& table() {
  static const std::array<Row, 4> rows = {{
      {ThemeName::Light, "light",
       makeRoles({"#F6F7F9", "#FFFFFF", "#FFFFFF", "#1A1E24", "#57606B", "#D8DDE3", "#0A6A94", "#D5EAF4", "#1A7A36",
                  "#8F5E00", "#B42318", "#848E99"},
                 false)},
      {ThemeName::Dark, "dark",
       makeRoles({"#14171B", "#1B1F25", "#242932", "#E7EBF0", "#9BA5B1", "#2E353E", "#58B8E0", "#1F4457", "#56D071",
                  "#E2B03F", "#FF8A7D", "#6C7784"},
                 true)},
      {ThemeName::HighContrastLight, "high contrast light",
       makeRoles({"#FFFFFF", "#FFFFFE", "#FFFFFF", "#000000", "#000000", "#000000", "#00468C", "#CCE4FF", "#00501A",
                  "#5C3A00", "#8C0D04", "#000000"},
                 false)},
      {ThemeName::HighContrastDark, "high contrast dark",
       makeRoles({"#000000", "#000001", "#000000", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#7CD3FF", "#00406B", "#7CFF98",
                  "#FFD560", "#FFB0A6", "#FFFFFF"},
                 true)},
  }};
  return rows;
}

}  // namespace

const ThemeRoles& themeRoles(ThemeName name) {
  if (name == ThemeName::System) name = systemPrefersDark() ? ThemeName::Dark : ThemeName::Light;
  for (const Row& row : table()) {
    if (row.name == name) return row.roles;
  }
  return table().front().roles;
}

const ThemeRoles& roles() {
  const QPalette palette = QApplication::palette();
  for (const Row& row : table()) {
    if (palette.color(QPalette::Window) == row.roles.window && palette.color(QPalette::Base) == row.roles.panel) {
      return row.roles;
    }
  }
  return table().front().roles;
}

QPalette paletteOf(const ThemeRoles& roles) {
  QPalette palette;
  const auto set = [&palette](QPalette::ColorRole role, const QColor& colour) { palette.setColor(role, colour); };
  set(QPalette::Window, roles.window);
  set(QPalette::WindowText, roles.text);
  set(QPalette::Base, roles.panel);
  set(QPalette::AlternateBase, roles.window);
  set(QPalette::Text, roles.text);
  set(QPalette::Button, roles.raised);
  set(QPalette::ButtonText, roles.text);
  set(QPalette::BrightText, roles.bad);
  set(QPalette::Highlight, roles.select);
  set(QPalette::HighlightedText, roles.text);
  set(QPalette::ToolTipBase, roles.raised);
  set(QPalette::ToolTipText, roles.text);
  set(QPalette::PlaceholderText, roles.quiet);
  set(QPalette::Link, roles.accent);
  set(QPalette::LinkVisited, roles.accent);
  set(QPalette::Light, roles.raised);
  set(QPalette::Midlight, roles.line);
  set(QPalette::Mid, roles.line);
  set(QPalette::Dark, roles.edge);
  set(QPalette::Shadow, roles.dark ? QColor(Qt::black) : roles.line);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
    palette.setColor(QPalette::Disabled, role, roles.quiet);
  }
  return palette;
}

double contrastRatio(const QColor& first, const QColor& second) {
  const auto luminance = [](const QColor& colour) {
    const auto linear = [](double value) {
      return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
  };
  const double a = luminance(first), b = luminance(second);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

bool systemPrefersDark() {
  if (const QVariant said = qApp ? qApp->property(kSystemDarkProperty) : QVariant(); said.isValid())
    return said.toBool();
  const QPalette standard = QApplication::style() ? QApplication::style()->standardPalette() : QPalette();
  return standard.color(QPalette::Window).lightness() < 128;
}

Theme::Theme(QApplication& application) : QObject(&application), application_(application) {
  application_.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
}

void Theme::apply(ThemeName name) {
  name_ = name;
  const ThemeRoles& wanted = themeRoles(name);
  application_.setPalette(paletteOf(wanted));
  application_.setStyleSheet(styleSheetOf(wanted));
  emit changed();
}

QStringList Theme::names() {
  QStringList words{QStringLiteral("system")};
  for (const Row& row : table()) words << QString::fromLatin1(row.word);
  return words;
}

QString Theme::nameOf(ThemeName name) {
  for (const Row& row : table()) {
    if (row.name == name) return QString::fromLatin1(row.word);
  }
  return QStringLiteral("system");
}

ThemeName Theme::byName(const QString& name) {
  for (const Row& row : table()) {
    if (name == QLatin1String(row.word)) return row.name;
  }
  return ThemeName::System;
}

QFont uiFont(double size, bool strong) {
  QFont font = QApplication::font();
  if (font.pointSizeF() > 0) {
    font.setPointSizeF(font.pointSizeF() * size);
  } else {
    font.setPixelSize(static_cast<int>(std::lround(font.pixelSize() * size)));
  }
  font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
  return font;
}

// Qt 6.4 cannot ask a font for its tabular figures; those that Debian ships as UI fonts have them by default.
QFont tabularFont(double size) { return uiFont(size); }

QFont codeFont() {
  QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  font.setStyleHint(QFont::Monospace);
  font.setFixedPitch(true);
  return font;
}

void setTextRole(QLabel* label, const char* role) {
  label->setProperty("textRole", QString::fromLatin1(role));
  label->style()->unpolish(label);
  label->style()->polish(label);
}

}  // namespace counterpoint
