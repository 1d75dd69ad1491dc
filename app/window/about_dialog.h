// SPDX-License-Identifier: GPL-3.0-or-later
// About: what this is, versions, and the report that a person can copy.
#pragma once

#include <QDialog>

#include "app/window/diagnostics.h"

class QPlainTextEdit;
class QPushButton;

namespace counterpoint {

class AboutDialog : public QDialog {
  Q_OBJECT

 public:
  explicit AboutDialog(ReportSubject subject, QWidget* parent = nullptr);
  // Devices and the rank program are asked elsewhere, off the event loop.
  void setDevices(const DeviceList& devices);
  void setRank(const QString& answer);
  QPlainTextEdit* report() const { return report_; }
  QPushButton* copyButton() const { return copy_; }

 private:
  void fill();

  ReportSubject subject_;
  QPlainTextEdit* report_;
  QPushButton* copy_;
};

}  // namespace counterpoint
