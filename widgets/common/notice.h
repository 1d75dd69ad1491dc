// SPDX-License-Identifier: GPL-3.0-or-later
// Notices never interrupt: one line above the status bar, and a list of all of them.
#pragma once

#include <QAbstractTableModel>
#include <QDateTime>
#include <QFrame>
#include <QList>
#include <QString>

#include <exception>

class QLabel;
class QPushButton;
class QToolButton;

namespace counterpoint {

enum class Severity { Info, Good, Warning, Bad };

struct Notice {
  Severity severity = Severity::Info;
  QString what;
  QString where;
  QString cure;
  QDateTime time = QDateTime::currentDateTime();

  QString oneLine() const;  // "where: what. cure"
  // Error's what, where and cure; any other exception as Bad with its text.
  static Notice of(const std::exception& error);
};

QString severityWord(Severity severity);  // "note", "done", "warning", "error"
QString severityIcon(Severity severity);

// All notices of the session, newest first. Columns: time, kind, text, where, cure.
class NoticeLog : public QAbstractTableModel {
  Q_OBJECT

 public:
  explicit NoticeLog(QObject* parent = nullptr);

  void add(const Notice& notice);
  const QList<Notice>& notices() const { return notices_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 signals:
  void added(const counterpoint::Notice& notice);

 private:
  QList<Notice> notices_;
};

// Shows the newest notice until it is dismissed; information goes by itself after some seconds.
class NoticeBar : public QFrame {
  Q_OBJECT

 public:
  explicit NoticeBar(NoticeLog& log, QWidget* parent = nullptr);

 signals:
  void listRequested();

 private:
  void show(const Notice& notice);

  QLabel* icon_;
  QLabel* text_;
  QToolButton* dismiss_;
  QPushButton* list_;
};

}  // namespace counterpoint
