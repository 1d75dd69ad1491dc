// SPDX-License-Identifier: GPL-3.0-or-later
// Findings of a check as rows: what, and a button that mends it, leads to its key or opens its folder.
#pragma once

#include <QColor>
#include <QWidget>

#include <vector>

#include "core/config/check_finding.h"
#include "widgets/common/theme.h"

class QVBoxLayout;

namespace counterpoint {

struct FindingLook {
  const char *icon, *word;
  QColor ThemeRoles::*colour;
};
FindingLook lookOf(CheckSeverity severity);

class FindingList : public QWidget {
  Q_OBJECT

 public:
  // Without keys the mends are options of a dialog, and no row leads to a key.
  explicit FindingList(bool leadsToKeys = true, QWidget* parent = nullptr);

  void setFindings(const std::vector<CheckFinding>& findings);
  int heightFor(int width) const;

 signals:
  void mendAsked(const QString& key, const QString& yaml);
  void keyAsked(const QString& key);

 private:
  QWidget* makeRow(const CheckFinding& finding);

  bool leadsToKeys_;
  QVBoxLayout* rows_;
};

}  // namespace counterpoint
