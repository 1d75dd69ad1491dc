// SPDX-License-Identifier: GPL-3.0-or-later
// Walks over every widget of a tree and reports controls without a name of their own, or out of the keyboard's reach.
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QTabBar>
#include <QWidget>

namespace counterpoint::testing {

inline bool isInner(const QWidget* widget) {
  // Parts of a control that stand for it: a spin box's line, a combo's list, scroll bars, headers, Qt's own buttons.
  for (const QWidget* parent = widget->parentWidget(); parent; parent = parent->parentWidget()) {
    if (qobject_cast<const QAbstractSpinBox*>(parent) || qobject_cast<const QComboBox*>(parent) ||
        qobject_cast<const QLineEdit*>(parent) || qobject_cast<const QTabBar*>(parent)) {
      return true;
    }
  }
  return qobject_cast<const QScrollBar*>(widget) || qobject_cast<const QHeaderView*>(widget) ||
         widget->objectName().startsWith(QStringLiteral("qt_"));
}

// "class objectName: what is wrong", one a control.
inline QStringList unnamedControls(QWidget* root) {
  QStringList wrong;
  for (QWidget* widget : root->findChildren<QWidget*>()) {
    const bool control = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget) ||
                         qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractSpinBox*>(widget) ||
                         qobject_cast<QAbstractSlider*>(widget) || qobject_cast<QAbstractScrollArea*>(widget);
    if (!control || isInner(widget)) continue;
    // An empty state without a button hides it; it has neither text nor name then.
    const auto* button = qobject_cast<QAbstractButton*>(widget);
    if (button && widget->isHidden() && button->text().isEmpty() && button->icon().isNull()) continue;
    const QString who =
        QStringLiteral("%1 %2").arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName());
    QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
    if (!face || face->text(QAccessible::Name).trimmed().isEmpty()) wrong << who + QStringLiteral(": no name");
    const bool view = qobject_cast<QAbstractItemView*>(widget) != nullptr;
    if (!view && qobject_cast<QAbstractScrollArea*>(widget)) continue;
    if (widget->focusPolicy() == Qt::NoFocus) wrong << who + QStringLiteral(": cannot be reached");
  }
  return wrong;
}

}  // namespace counterpoint::testing
