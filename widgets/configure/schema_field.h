// SPDX-License-Identifier: GPL-3.0-or-later
// One key of the schema as a row: name, control, unit, default, who set it, reset. Its value is YAML text.
#pragma once

#include <QWidget>

#include "core/config/config.h"

class QAction;
class QLabel;
class QLineEdit;
class QToolButton;

namespace counterpoint {

class EntriesEditor;

class SchemaField : public QWidget {
  Q_OBJECT

 public:
  explicit SchemaField(const SchemaKey& key, QWidget* parent = nullptr);

  const SchemaKey& key() const { return key_; }
  QString path() const { return QString::fromStdString(key_.path); }
  QWidget* control() const { return control_; }
  // Shows a value without telling anyone; `problem` is empty when it is right.
  void show(const Json& value, const QString& problem);
  // Where relative paths begin.
  void setBase(const QString& folder) { base_ = folder; }
  EntriesEditor* entries() const { return entries_; }  // of a list or map
  // Who set it, seen from `file`: a place in the config, or an override.
  void setOrigin(const ValueOrigin& origin, const QString& file);
  bool isChanged() const { return changed_; }
  int matches(const QString& search) const;  // 2 by the path, 1 with help and choices, 0 not
  void setDimmed(bool dimmed);

 signals:
  void edited(const QString& path, const QString& yaml);
  void resetAsked(const QString& path);
  void sweepAsked(const QString& path);  // its values are to be tried, one after the other
  void focused(const QString& path);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* makeControl();
  QWidget* makeText();
  QWidget* makeChoice();
  QWidget* makePath();
  QWidget* makeEntries();
  void pickPath();
  void showNote(const Json& value);
  void tell(const QString& yaml);
  void setControl(const Json& value);

  SchemaKey key_;
  QWidget* control_ = nullptr;
  QLabel *name_ = nullptr, *default_ = nullptr, *problem_ = nullptr, *note_ = nullptr;
  QToolButton* reset_ = nullptr;
  EntriesEditor* entries_ = nullptr;
  QAction* exists_ = nullptr;  // of a path
  QString base_;
  QString was_;  // the default, where it is another value
  bool changed_ = false, showing_ = false;
};

}  // namespace counterpoint
