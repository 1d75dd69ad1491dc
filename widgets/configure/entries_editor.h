// SPDX-License-Identifier: GPL-3.0-or-later
// A list or map of a config as rows that are added, changed and removed.
#pragma once

#include <QWidget>

#include "core/config/schema.h"

class QTableWidget;
class QToolButton;

namespace counterpoint {

class EntriesEditor : public QWidget {
  Q_OBJECT

 public:
  explicit EntriesEditor(const SchemaKey& key, QWidget* parent = nullptr);

  void showValue(const Json& value);  // without telling
  QTableWidget* table() const { return table_; }
  QToolButton* addButton() const { return add_; }
  QToolButton* removeButton() const { return remove_; }

 signals:
  void changed(const QString& yaml);  // in flow style: "[a, b]", "{a: 1}"

 private:
  bool isMap() const { return key_.type == ValueType::Map; }
  void appendRow(const QString& name, const QString& value);
  void tell();
  void fit();

  SchemaKey key_;
  QTableWidget* table_;
  QToolButton *add_, *remove_;
  bool showing_ = false;
};

}  // namespace counterpoint
