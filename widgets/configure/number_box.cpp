// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/number_box.h"

#include "core/config/step.h"
#include "widgets/common/theme.h"

#include <QLineEdit>

namespace counterpoint {

NumberBox::NumberBox(const SchemaKey& key, QWidget* parent) : QAbstractSpinBox(parent), key_(key) {
  if (key_.required) lineEdit()->setPlaceholderText(tr("required"));
  if (key_.nullable) lineEdit()->setPlaceholderText(tr("automatic"));
  lineEdit()->setFont(tabularFont());
  connect(this, &QAbstractSpinBox::editingFinished, this, &NumberBox::tell);
}

void NumberBox::showValue(const Json& value) {
  if (lineEdit()->isModified()) return;
  const QString text = value.is_null()     ? QString()
                       : value.is_string() ? QString::fromStdString(value.get<std::string>())
                                           : QString::fromStdString(yamlText(value));
  told_ = text;
  if (lineEdit()->text() == text) return;
  lineEdit()->setText(text);
  lineEdit()->setCursorPosition(0);
}

void NumberBox::tell() {
  const QString typed = lineEdit()->text().trimmed();
  lineEdit()->setModified(false);
  if (typed == told_) return;
  told_ = typed;
  emit changed(!typed.isEmpty() ? typed : key_.nullable ? QStringLiteral("null") : QStringLiteral("\"\""));
}

void NumberBox::stepBy(int steps) {
  bool number = false;
  double value = lineEdit()->text().trimmed().toDouble(&number);
  // From "automatic" it goes on at the lowest value that is allowed.
  if (!number) {
    if (!lineEdit()->text().trimmed().isEmpty()) return;
    value = key_.least.value_or(0) + (key_.aboveLeast || !key_.least ? 1 : 0);
  } else {
    value = stepped(key_, value, steps);
  }
  lineEdit()->setText(QString::fromStdString(numberText(value)));
  selectAll();
  tell();
}

QAbstractSpinBox::StepEnabled NumberBox::stepEnabled() const {
  bool number = false;
  const double value = lineEdit()->text().trimmed().toDouble(&number);
  StepEnabled enabled = StepUpEnabled | StepDownEnabled;
  if (number && key_.most && value >= *key_.most) enabled &= ~StepEnabled(StepUpEnabled);
  if (number && key_.least && value <= *key_.least) enabled &= ~StepEnabled(StepDownEnabled);
  return enabled;
}

void NumberBox::focusOutEvent(QFocusEvent* event) {
  QAbstractSpinBox::focusOutEvent(event);
  lineEdit()->setCursorPosition(0);
}

}  // namespace counterpoint
