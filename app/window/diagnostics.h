// SPDX-License-Identifier: GPL-3.0-or-later
// What a report of a fault needs and nothing that says whose machine it is: no names of persons, hosts, files, folders,
// workspaces, runs or studies, no addresses, no serial numbers.
#pragma once

#include <QList>
#include <QPair>
#include <QString>

#include "widgets/common/notice.h"
#include "widgets/configure/device_list.h"

namespace counterpoint {

using NamedFacts = QList<QPair<QString, QString>>;

// Programs and libraries with their versions, in the order in which a person asks.
NamedFacts versionFacts();

struct ReportSubject {
  DeviceList devices;
  QString rank;      // what counterpoint-rank --version said, or why it did not
  QString libTorch;  // version at the chosen place; empty: as built
  QString theme;
  double scale = 1;
  bool safe = false, workspaceOpen = false, synthetic = false;
  int ownKeys = 0;
  QList<Notice> notices;  // only their number by kind is told
};

// "name: value" lines, plain text.
QString diagnosticReport(const ReportSubject& subject);

// `text` without this person's name, home folder and host, wherever they stand.
QString withoutIdentifiers(QString text);

}  // namespace counterpoint
