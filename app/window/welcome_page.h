// SPDX-License-Identifier: GPL-3.0-or-later
// What a window without a workspace shows: the sample first, then what was open before.
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include "app/window/recent_items.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace counterpoint {

class WelcomePage : public QWidget {
  Q_OBJECT

 public:
  explicit WelcomePage(QWidget* parent = nullptr);

  // Those that are gone are marked and can be removed, one by one or all at once.
  void setRecent(const QList<RecentItem>& items);
  // While the sample is made: `clips` written so far; −1 ends it.
  void setSampleProgress(int clips);
  // What is missing on this machine, as rich text; empty hides it.
  void setHint(const QString& text);
  QPushButton* sampleButton() const { return sample_; }
  QPushButton* ownButton() const { return own_; }

 signals:
  void sampleRequested();
  void openRequested();
  void ownRequested();
  void recentChosen(const QString& path);
  void recentRemoved(counterpoint::RecentKind kind, const QString& path);
  void brokenRemoved();

 private:
  QWidget* makeRow(const RecentItem& item);

  QPushButton *sample_, *own_, *open_;
  QProgressBar* progress_;
  QLabel *progressText_, *hint_;
  QVBoxLayout* recent_;
};

}  // namespace counterpoint
