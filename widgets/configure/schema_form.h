// SPDX-License-Identifier: GPL-3.0-or-later
// The form that a schema makes: a section a group, a row a key.
#pragma once

#include <QScrollArea>

#include <vector>

#include "core/config/config.h"

class QToolButton;

namespace counterpoint {

class SchemaField;

class SchemaForm : public QScrollArea {
  Q_OBJECT

 public:
  explicit SchemaForm(QWidget* parent = nullptr);

  // Builds the rows for the composition's schema when it is another one, then shows the values.
  void show(const Composition& composition, const QString& file);
  void setBase(const QString& folder);  // where relative paths begin
  // Rows that do not match are dimmed; the first that does is brought into sight. Returns how many match.
  int search(const QString& text);
  void jumpTo(const QString& path);
  SchemaField* field(const QString& path) const;   // null when there is none
  SchemaField* best(const QString& search) const;  // the first that matches best; null: none does
  const std::vector<SchemaField*>& fields() const { return fields_; }

 signals:
  void edited(const QString& path, const QString& yaml);
  void resetAsked(const QString& path);
  void groupResetAsked(const QString& group, const QStringList& paths);  // of the changed ones
  void sweepAsked(const QString& path);
  void focused(const QString& path);

 private:
  struct Group {
    QString name;
    QToolButton* reset;
    std::vector<SchemaField*> fields;
  };

  void build(const Schema& schema);
  QWidget* makeHeading(Group& group);

  const Schema* schema_ = nullptr;
  std::vector<SchemaField*> fields_;
  std::vector<Group> groups_;
  QString base_;
};

}  // namespace counterpoint
