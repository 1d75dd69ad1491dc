// SPDX-License-Identifier: GPL-3.0-or-later
// "Before start": what the check of data and memory found, each with a way to mend it. One line while all is well.
#pragma once

#include <QWidget>

#include <vector>

#include "core/config/check_finding.h"
#include "widgets/configure/start_check.h"

class QLabel;
class QScrollArea;
class QToolButton;

namespace counterpoint {

class FindingList;

class CheckPanel : public QWidget {
  Q_OBJECT

 public:
  explicit CheckPanel(QWidget* parent = nullptr);

  // Checked on a thread as soon as nothing more is typed. A subject without schema empties and hides the panel.
  void look(const StartSubject& subject);
  void lookAgain();
  bool isBusy() const { return check_->isBusy(); }

  const std::vector<CheckFinding>& findings() const { return findings_; }
  // The first finding that would stop the run, in one line; empty where there is none.
  QString obstacle() const;
  QString summary() const;

  bool isOpen() const;
  void setOpen(bool open);

 signals:
  void mendAsked(const QString& key, const QString& yaml);
  void keyAsked(const QString& key);
  void changed();  // obstacle() may be another

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void take(const StartFindings& found);
  void describe();
  void fit();

  StartCheck* check_;
  StartSubject subject_;
  StartFindings last_;
  std::vector<CheckFinding> findings_;  // that have a row
  QString facts_;
  QLabel *mark_, *summary_;
  QToolButton *toggle_, *again_;
  QScrollArea* area_;
  FindingList* list_;
};

}  // namespace counterpoint
