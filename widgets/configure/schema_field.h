// SPDX-License-Identifier: GPL-3.0-or-later
// One key of the schema as a row: name, control, unit, default, reset. Its value is YAML text.
#pragma once

#include <QWidget>

#include "core/config/config.h"

class QLabel;
class QToolButton;

namespace counterpoint {

class SchemaField : public QWidget {
  Q_OBJECT

 public:
  explicit SchemaField(const SchemaKey& key, QWidget* parent = nullptr);

  const SchemaKey& key() const { return key_; }
  QString path() const { return QString::fromStdString(key_.path); }
  QWidget* control() const { return control_; }
  // Shows a value without telling anyone; `problem` is empty when it is right.
  void show(const Json& value, const QString& problem);
  bool isChanged() const { return changed_; }
  int matches(const QString& search) const;  // 2 by the path, 1 with help and choices, 0 not
  void setDimmed(bool dimmed);

 signals:
  void edited(const QString& path, const QString& yaml);
  void resetAsked(const QString& path);
  void focused(const QString& path);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* makeControl();
  QWidget* makeText();
  void tell(const QString& yaml);
  void setControl(const Json& value);

  SchemaKey key_;
  QWidget* control_ = nullptr;
  QLabel *name_ = nullptr, *default_ = nullptr, *problem_ = nullptr;
  QToolButton* reset_ = nullptr;
  bool changed_ = false, showing_ = false;
};

}  // namespace counterpoint
