// SPDX-License-Identifier: GPL-3.0-or-later
// What a window without a workspace shows: the sample first, then what was open before.
#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace counterpoint {

class WelcomePage : public QWidget {
  Q_OBJECT

 public:
  explicit WelcomePage(QWidget* parent = nullptr);

  // Recent workspaces, newest first; those that are gone are marked and can be removed from the list.
  void setRecent(const QStringList& paths);
  // While the sample is made: `clips` written so far; −1 ends it.
  void setSampleProgress(int clips);
  // What is missing on this machine, as rich text; empty hides it.
  void setHint(const QString& text);
  QPushButton* sampleButton() const { return sample_; }

 signals:
  void sampleRequested();
  void openRequested();
  void recentChosen(const QString& path);
  void recentRemoved(const QString& path);

 private:
  QPushButton *sample_, *open_;
  QProgressBar* progress_;
  QLabel *progressText_, *hint_, *recentHeading_;
  QVBoxLayout* recent_;
};

}  // namespace counterpoint
