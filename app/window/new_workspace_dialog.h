// SPDX-License-Identifier: GPL-3.0-or-later
// "New workspace from my folder": a table or a folder of somebody's clips, its columns mapped, its rows and splits
// seen, and a workspace made around it. The clips stay where they are; reading and writing go on in a thread.
#pragma once

#include <QDialog>
#include <QThreadPool>

#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "core/media/own_table.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QSpinBox;
class QStandardItemModel;

namespace counterpoint {

class DataTable;
class FindingList;

class NewWorkspaceDialog : public QDialog {
  Q_OBJECT

 public:
  // `home`: where the new workspace is offered to lie.
  explicit NewWorkspaceDialog(const QString& home, QWidget* parent = nullptr);
  ~NewWorkspaceDialog() override;  // waits for the thread

  void setSource(const QString& path);
  bool isBusy() const { return busy_; }
  const OwnTable& table() const { return table_; }

  QLineEdit* sourceField() const { return source_; }
  QLineEdit* targetField() const { return target_; }
  QComboBox* column(const std::string& role) const { return columns_.at(role); }
  QCheckBox* dealBox() const { return deal_; }
  DataTable* preview() const { return preview_; }
  FindingList* findings() const { return findings_; }
  QPushButton* makeButton() const { return make_; }
  QString state() const;  // the line of counts, or what is wrong

 signals:
  void made(const QString& folder);

 private:
  struct Job;
  struct Answer;

  QWidget* makeSource();
  QWidget* makeColumns();
  QWidget* makeSplits();
  QWidget* makeTarget();
  void ask(bool read);
  void take(const Answer& answer);
  void showColumns();
  void showTable();
  void mend(const QString& key, const QString& value);
  void write();
  void setBusy(bool busy, const QString& doing = {});
  OwnTableOptions options() const;

  QString home_;
  QThreadPool pool_;  // one thread
  std::stop_source stop_;
  quint64 asked_ = 0;  // of the latest
  bool busy_ = false, filling_ = false, targetTyped_ = false;
  std::shared_ptr<const OwnSource> read_;
  OwnTable table_;

  QLineEdit *source_, *target_;
  std::map<std::string, QComboBox*> columns_;  // by ColumnRole::key
  QCheckBox* deal_;
  QSpinBox *shares_[3], *seed_;
  DataTable* preview_;
  QStandardItemModel* rows_;
  QScrollArea* area_;
  FindingList* findings_;
  QLabel* state_;
  QPushButton *make_, *close_;
};

}  // namespace counterpoint
