// SPDX-License-Identifier: GPL-3.0-or-later
// Walks over every widget of a tree and reports controls without a name of their own or out of the keyboard's reach,
// names that stand twice in a pane, charts without a table, and actions that are not in the registry.
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QTabBar>
#include <QToolButton>
#include <QWidget>

#include <map>

#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/common/pane.h"

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

inline bool isControl(const QWidget* widget) {
  return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QLineEdit*>(widget) ||
         qobject_cast<const QComboBox*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
         qobject_cast<const QAbstractSlider*>(widget) || qobject_cast<const QAbstractScrollArea*>(widget);
}

inline bool isOf(const QWidget* widget, std::initializer_list<const char*> classes) {
  return std::any_of(classes.begin(), classes.end(), [widget](const char* name) { return widget->inherits(name); });
}

// What we paint ourselves: the program that reads the screen knows nothing of it but the name.
inline bool isPainted(const QWidget* widget) {
  return isOf(widget, {"counterpoint::ClipView", "counterpoint::SentenceRow", "counterpoint::MetricChart",
                       "counterpoint::RankingBars", "counterpoint::MatrixMap", "counterpoint::TimeLine"});
}

inline QString nameOf(QWidget* widget) {
  QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
  return face ? face->text(QAccessible::Name).trimmed() : QString();
}

inline QString described(const QWidget* widget) {
  return QStringLiteral("%1 %2").arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName());
}

// "class objectName: what is wrong", one a control.
inline QStringList unnamedControls(QWidget* root) {
  QStringList wrong;
  for (QWidget* widget : root->findChildren<QWidget*>()) {
    const bool focusable = (widget->focusPolicy() & Qt::StrongFocus) == Qt::StrongFocus && !widget->focusProxy();
    if ((!isControl(widget) && !isPainted(widget) && !focusable) || isInner(widget)) continue;
    // An empty state without a button hides it; it has neither text nor name then.
    const auto* button = qobject_cast<QAbstractButton*>(widget);
    if (button && widget->isHidden() && button->text().isEmpty() && button->icon().isNull()) continue;
    if (nameOf(widget).isEmpty()) wrong << described(widget) + QStringLiteral(": no name");
    const bool view = qobject_cast<QAbstractItemView*>(widget) != nullptr;
    if (!isControl(widget) || (!view && qobject_cast<QAbstractScrollArea*>(widget))) continue;
    if (widget->focusPolicy() == Qt::NoFocus) wrong << described(widget) + QStringLiteral(": cannot be reached");
  }
  return wrong;
}

// Two controls of one pane that are seen at once and are called the same.
inline QStringList namesTwice(Pane* pane) {
  std::map<QString, QWidget*> known;
  QStringList wrong;
  for (QWidget* widget : pane->findChildren<QWidget*>()) {
    if (!widget->isVisible() || isInner(widget) || (!isControl(widget) && !isPainted(widget))) continue;
    const QString name = nameOf(widget);
    if (name.isEmpty()) continue;
    const auto [other, fresh] = known.emplace(name, widget);
    if (!fresh) {
      wrong << QStringLiteral("%1: %2 and %3 are both called %4")
                   .arg(pane->identifier(), described(other->second), described(widget), name);
    }
  }
  return wrong;
}

inline QStringList chartsWithoutTable(QWidget* root) {
  QStringList wrong;
  for (QWidget* widget : root->findChildren<QWidget*>()) {
    if (!isOf(widget, {"counterpoint::MetricChart", "counterpoint::RankingBars", "counterpoint::MatrixMap"})) continue;
    QWidget* parent = widget->parentWidget();
    while (parent && !qobject_cast<ChartWithTable*>(parent)) parent = parent->parentWidget();
    if (!parent) wrong << described(widget) + QStringLiteral(": has no table");
  }
  return wrong;
}

// Of a menu as it opens, with what lies below it. Graphics cards and configs to compare with are data, not commands.
inline QStringList foreignActions(QMenu* menu, const ActionRegistry& registry) {
  emit menu->aboutToShow();
  QStringList wrong;
  for (QAction* action : menu->actions()) {
    if (action->menu()) {
      wrong << foreignActions(action->menu(), registry);
    } else if (!action->isSeparator() && registry.action(action->objectName()) != action &&
               !action->objectName().startsWith(QStringLiteral("configure.device.")) &&
               !action->objectName().startsWith(QStringLiteral("configure.with."))) {
      wrong << QStringLiteral("%1: “%2” is in no registry").arg(described(menu), action->text());
    }
  }
  return wrong;
}

// Of all menus below `root`, of buttons, and of the context menus of what is seen.
inline QStringList foreignActions(QWidget* root, const ActionRegistry& registry) {
  QStringList wrong;
  for (auto* button : root->findChildren<QToolButton*>()) {
    if (button->menu()) wrong << foreignActions(button->menu(), registry);
    QAction* own = isInner(button) ? nullptr : button->defaultAction();
    if (own && registry.action(own->objectName()) != own) wrong << described(button) + QStringLiteral(": own action");
  }
  for (QWidget* widget : root->findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->contextMenuPolicy() != Qt::CustomContextMenu) continue;
    emit widget->customContextMenuRequested(QPoint(5, 5));
    if (auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) {
      wrong << foreignActions(menu, registry);
      menu->close();
    }
  }
  return wrong;
}

}  // namespace counterpoint::testing
