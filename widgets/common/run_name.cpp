// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/run_name.h"

#include <QRegularExpression>

#include <algorithm>

namespace counterpoint {
namespace {

QString withoutTime(const QString& folder) {
  static const QRegularExpression kTime(QStringLiteral("^\\d{4}-\\d\\d-\\d\\d_\\d\\d-\\d\\d-\\d\\d_(?=.)"));
  return QString(folder).remove(kTime);
}

}  // namespace

QString shortRunName(const QString& folder, const QStringList& folders) {
  const QString name = withoutTime(folder);
  const auto same = std::count_if(folders.begin(), folders.end(),
                                  [&name](const QString& other) { return withoutTime(other) == name; });
  return same < 2 || name == folder ? name : QStringLiteral("%1 %2").arg(name, folder.mid(11, 8).replace(u'-', u':'));
}

}  // namespace counterpoint
