// SPDX-License-Identifier: GPL-3.0-or-later
// The style sheet is a file in resources/style whose @roles and @measures are filled in from the tables.
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QColor>
#include <QFile>

namespace counterpoint {
namespace {

QColor mix(const QColor& first, const QColor& second) {
  return QColor((first.red() + second.red()) / 2, (first.green() + second.green()) / 2,
                (first.blue() + second.blue()) / 2);
}

}  // namespace

QString styleSheetOf(const ThemeRoles& roles) {
  QFile file(QStringLiteral(":/style/counterpoint.qss"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  QString sheet = QString::fromUtf8(file.readAll());
  const struct {
    const char* name;
    QString value;
  } values[] = {
      {"@accenthover", (roles.dark ? roles.accent.lighter(112) : roles.accent.darker(112)).name()},
      {"@shade", roles.dark ? QStringLiteral("dark") : QStringLiteral("light")},
      {"@scroll", mix(roles.quiet, roles.window).name()},
      {"@window", roles.window.name()},
      {"@panel", roles.panel.name()},
      {"@raised", roles.raised.name()},
      {"@text", roles.text.name()},
      {"@quiet", roles.quiet.name()},
      {"@line", roles.line.name()},
      {"@accent", roles.accent.name()},
      {"@select", roles.select.name()},
      {"@good", roles.good.name()},
      {"@warn", roles.warn.name()},
      {"@bad", roles.bad.name()},
      {"@edge", roles.edge.name()},
      {"@onaccent", contrastRatio(roles.accent, Qt::white) >= 4.5 ? QStringLiteral("#FFFFFF") : roles.window.name()},
      {"@gap", QString::number(measures::kGap)},
      {"@corner", QString::number(measures::kCorner)},
      {"@row", QString::number(measures::kRow)},
      {"@toolbar", QString::number(measures::kToolBar)},
      {"@tabs", QString::number(measures::kTabs)},
  };
  for (const auto& value : values) sheet.replace(QLatin1String(value.name), value.value);
  return sheet;
}

}  // namespace counterpoint
