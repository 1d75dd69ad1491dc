// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/action_registry.h"

#include "core/base/error.h"
#include "widgets/common/icons.h"

#include <QKeySequence>
#include <QWidget>

#include <algorithm>

namespace counterpoint {
namespace {

QKeySequence sequenceOf(const QString& key) { return QKeySequence::fromString(key, QKeySequence::PortableText); }

// Whether one key press could reach both.
bool meet(const ActionSpec& first, const ActionSpec& second) {
  if (!first.scope || !second.scope || first.scope == second.scope) return true;
  return first.scope->isAncestorOf(second.scope) || second.scope->isAncestorOf(first.scope);
}

}  // namespace

ActionRegistry::ActionRegistry(QObject* parent) : QObject(parent) {}

QAction* ActionRegistry::add(ActionSpec spec) {
  for (const ActionSpec& other : specs_) {
    if (other.id == spec.id) throw Error(ErrorKind::Bug, "action added twice", spec.id.toStdString());
    if (!spec.key.isEmpty() && other.key == spec.key && meet(other, spec)) {
      throw Error(ErrorKind::Bug, "key " + spec.key.toStdString() + " is taken by " + other.id.toStdString(),
                  spec.id.toStdString());
    }
  }
  auto* action = new QAction(spec.text, this);
  action->setObjectName(spec.id);
  action->setCheckable(spec.checkable);
  if (!spec.icon.isEmpty()) action->setIcon(icon(spec.icon));
  action->setShortcutContext(spec.scope ? Qt::WidgetWithChildrenShortcut : Qt::WindowShortcut);
  if (spec.run) {
    connect(action, &QAction::triggered, this, [run = spec.run] { run(); });
  }
  if (spec.enabled) action->setEnabled(spec.enabled());
  if (spec.scope) spec.scope->addAction(action);
  actions_.insert(spec.id, action);
  const QString id = spec.id;
  specs_.append(std::move(spec));
  // The shipped key, unless a person gave it away or chose another one.
  const ActionSpec& kept = specs_.constLast();
  const QString key = own_.value(id, kept.key);
  apply(kept, conflicts(id, key).isEmpty() ? key : QString());
  emit added(id);
  return action;
}

void ActionRegistry::remove(const QString& id) {
  const auto at = std::find_if(specs_.begin(), specs_.end(), [&](const ActionSpec& spec) { return spec.id == id; });
  if (at == specs_.end()) return;
  specs_.erase(at);
  QAction* action = actions_.take(id);
  action->setObjectName({});
  action->deleteLater();  // it may be the one that is just triggered
  emit removed(id);
}

const ActionSpec* ActionRegistry::spec(const QString& id) const {
  const auto at = std::find_if(specs_.begin(), specs_.end(), [&](const ActionSpec& spec) { return spec.id == id; });
  return at == specs_.end() ? nullptr : &*at;
}

void ActionRegistry::apply(const ActionSpec& spec, const QString& key) {
  QAction* action = actions_.value(spec.id);
  action->setShortcut(sequenceOf(key));
  const QString help = spec.help.isEmpty() ? spec.text : spec.help;
  action->setToolTip(key.isEmpty()
                         ? help
                         : QStringLiteral("%1 (%2)").arg(help, action->shortcut().toString(QKeySequence::NativeText)));
}

QAction* ActionRegistry::action(const QString& id) const { return actions_.value(id, nullptr); }

QStringList ActionRegistry::categories() const {
  QStringList found;
  for (const ActionSpec& spec : specs_) {
    if (!found.contains(spec.category)) found << spec.category;
  }
  return found;
}

QString ActionRegistry::key(const QString& id) const {
  const QAction* action = actions_.value(id);
  return action ? action->shortcut().toString(QKeySequence::PortableText) : QString();
}

QStringList ActionRegistry::conflicts(const QString& id, const QString& key) const {
  const ActionSpec* asked = spec(id);
  const QKeySequence wanted = sequenceOf(key);
  QStringList found;
  if (!asked || wanted.isEmpty()) return found;
  for (const ActionSpec& other : specs_) {
    if (other.id != id && meet(*asked, other) && actions_.value(other.id)->shortcut() == wanted) found << other.id;
  }
  return found;
}

bool ActionRegistry::setKey(const QString& id, const QString& key) {
  const ActionSpec* asked = spec(id);
  if (!asked || !keyProblem(key).isEmpty() || !conflicts(id, key).isEmpty()) return false;
  if (sequenceOf(key) == sequenceOf(asked->key)) {
    own_.remove(id);
  } else {
    own_.insert(id, key);
  }
  apply(*asked, key);
  emit keysChanged();
  return true;
}

QStringList ActionRegistry::setOwnKeys(const QMap<QString, QString>& keys) {
  own_ = keys;
  QStringList refused;
  for (const ActionSpec& spec : specs_) apply(spec, {});
  // Own keys come first; what was shipped takes what is left.
  for (auto own = keys.begin(); own != keys.end(); ++own) {
    const ActionSpec* asked = spec(own.key());
    if (!asked) continue;
    if (keyProblem(own.value()).isEmpty() && conflicts(own.key(), own.value()).isEmpty()) {
      apply(*asked, own.value());
    } else {
      refused << own.key();
      own_.remove(own.key());
    }
  }
  for (const ActionSpec& spec : specs_) {
    if (!own_.contains(spec.id) && conflicts(spec.id, spec.key).isEmpty()) apply(spec, spec.key);
  }
  emit keysChanged();
  return refused;
}

QMap<QString, QString> ActionRegistry::ownKeys() const { return own_; }

QString ActionRegistry::keyProblem(const QString& key) {
  if (key.isEmpty()) return {};
  const QKeySequence sequence = sequenceOf(key);
  if (sequence.isEmpty() || sequence[0].key() == Qt::Key_unknown) return tr("This is no key.");
  const QKeyCombination pressed = sequence[0];
  switch (pressed.key()) {
    case Qt::Key_Tab:
    case Qt::Key_Backtab: return tr("Tab moves between controls.");
    case Qt::Key_Escape: return tr("Escape leaves what is open.");
    default: return {};
  }
}

void ActionRegistry::keepToolTip(QWidget* widget, const QString& id, const QString& text) {
  QAction* followed = action(id);
  if (!followed) return;
  const auto tell = [widget, followed, text] {
    const QString key = followed->shortcut().toString(QKeySequence::NativeText);
    if (text.isEmpty()) {
      widget->setToolTip(followed->toolTip());
    } else {
      widget->setToolTip(key.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, key));
    }
  };
  tell();
  connect(followed, &QAction::changed, widget, tell);
}

void ActionRegistry::refresh() {
  for (const ActionSpec& spec : specs_) {
    if (spec.enabled) actions_.value(spec.id)->setEnabled(spec.enabled());
  }
}

}  // namespace counterpoint
