// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/action_registry.h"

#include "core/base/error.h"
#include "widgets/common/icons.h"

#include <QKeySequence>
#include <QWidget>

namespace counterpoint {

ActionRegistry::ActionRegistry(QObject* parent) : QObject(parent) {}

QAction* ActionRegistry::add(ActionSpec spec) {
  for (const ActionSpec& other : specs_) {
    if (other.id == spec.id) throw Error(ErrorKind::Bug, "action added twice", spec.id.toStdString());
    const bool meets = !other.scope || !spec.scope || other.scope == spec.scope;
    if (!spec.key.isEmpty() && other.key == spec.key && meets) {
      throw Error(ErrorKind::Bug, "key " + spec.key.toStdString() + " is taken by " + other.id.toStdString(),
                  spec.id.toStdString());
    }
  }
  auto* action = new QAction(spec.text, this);
  action->setObjectName(spec.id);
  action->setCheckable(spec.checkable);
  if (!spec.icon.isEmpty()) action->setIcon(icon(spec.icon));
  if (!spec.key.isEmpty()) {
    const QKeySequence keys = QKeySequence::fromString(spec.key, QKeySequence::PortableText);
    action->setShortcut(keys);
    action->setShortcutContext(spec.scope ? Qt::WidgetWithChildrenShortcut : Qt::WindowShortcut);
  }
  const QString help = spec.help.isEmpty() ? spec.text : spec.help;
  action->setToolTip(spec.key.isEmpty() ? help : QStringLiteral("%1 (%2)").arg(help, action->shortcut().toString()));
  if (spec.run) {
    connect(action, &QAction::triggered, this, [run = spec.run] { run(); });
  }
  if (spec.enabled) action->setEnabled(spec.enabled());
  if (spec.scope) spec.scope->addAction(action);
  actions_.insert(spec.id, action);
  const QString id = spec.id;
  specs_.append(std::move(spec));
  emit added(id);
  return action;
}

QAction* ActionRegistry::action(const QString& id) const { return actions_.value(id, nullptr); }

QStringList ActionRegistry::categories() const {
  QStringList found;
  for (const ActionSpec& spec : specs_) {
    if (!found.contains(spec.category)) found << spec.category;
  }
  return found;
}

void ActionRegistry::refresh() {
  for (const ActionSpec& spec : specs_) {
    if (spec.enabled) actions_.value(spec.id)->setEnabled(spec.enabled());
  }
}

}  // namespace counterpoint
