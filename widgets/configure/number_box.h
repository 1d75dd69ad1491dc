// SPDX-License-Identifier: GPL-3.0-or-later
// A number as it is typed ("3e-4" stays "3e-4"), stepped by arrows and wheel as its key says (core/config/step.h).
// Empty stands for null where the key allows it.
#pragma once

#include <QAbstractSpinBox>

#include "core/config/schema.h"

namespace counterpoint {

class NumberBox : public QAbstractSpinBox {
  Q_OBJECT

 public:
  explicit NumberBox(const SchemaKey& key, QWidget* parent = nullptr);

  QString text() const { return QAbstractSpinBox::text(); }
  // Without telling; what is being typed stays.
  void showValue(const Json& value);

  void stepBy(int steps) override;

 signals:
  void changed(const QString& yaml);

 protected:
  StepEnabled stepEnabled() const override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void tell();

  SchemaKey key_;
  QString told_;
};

}  // namespace counterpoint
