// SPDX-License-Identifier: GPL-3.0-or-later
// The form that a schema makes: a section a group, a row a key.
#pragma once

#include <QScrollArea>

#include <vector>

#include "core/config/config.h"

class QVBoxLayout;

namespace counterpoint {

class SchemaField;

class SchemaForm : public QScrollArea {
  Q_OBJECT

 public:
  explicit SchemaForm(QWidget* parent = nullptr);

  // Builds the rows for the composition's schema when it is another one, then shows the values.
  void show(const Composition& composition);
  // Rows that do not match are dimmed; the first that does is brought into sight. Returns how many match.
  int search(const QString& text);
  void jumpTo(const QString& path);
  SchemaField* field(const QString& path) const;  // null when there is none
  const std::vector<SchemaField*>& fields() const { return fields_; }

 signals:
  void edited(const QString& path, const QString& yaml);
  void resetAsked(const QString& path);
  void focused(const QString& path);

 private:
  void build(const Schema& schema);

  const Schema* schema_ = nullptr;
  std::vector<SchemaField*> fields_;
};

}  // namespace counterpoint
