// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/keys_editor.h"

#include "widgets/common/action_registry.h"
#include "widgets/common/command_palette.h"
#include "widgets/common/data_table.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

enum Column { kCommand, kSubject, kKey, kShipped, kRemark, kColumns };
constexpr int kCommandWidth = 240, kSubjectWidth = 84, kKeyWidth = 100;

QString nativeText(const QString& key) {
  return QKeySequence::fromString(key, QKeySequence::PortableText).toString(QKeySequence::NativeText);
}

QString textOf(const ActionRegistry& registry, const QString& id) { return registry.action(id)->text(); }

class WordFilter : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  void setWords(const QString& words) {
    words_ = words;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    QStringList texts;
    for (int column = 0; column < sourceModel()->columnCount(); ++column) {
      texts << sourceModel()->index(row, column, parent).data().toString();
    }
    return paletteScore(words_, texts.join(QLatin1Char(' '))) > 0;
  }

 private:
  QString words_;
};

}  // namespace

KeyField::KeyField(QWidget* parent) : QLineEdit(parent) {
  setReadOnly(true);
  setPlaceholderText(tr("Press the new key"));
  setAccessibleName(tr("New key"));
  setAccessibleDescription(tr("The next key that you press here is taken; Tab leaves"));
}

void KeyField::setKey(const QString& key) {
  key_ = key;
  setText(nativeText(key));
}

bool KeyField::event(QEvent* event) {
  // What is pressed here is meant for this field, not for the action that has it.
  if (event->type() == QEvent::ShortcutOverride) {
    event->accept();
    return true;
  }
  return QLineEdit::event(event);
}

void KeyField::keyPressEvent(QKeyEvent* event) {
  const auto key = static_cast<Qt::Key>(event->key());
  switch (key) {
    case Qt::Key_Control:
    case Qt::Key_Shift:
    case Qt::Key_Alt:
    case Qt::Key_AltGr:
    case Qt::Key_Meta:
    case Qt::Key_Super_L:
    case Qt::Key_Super_R:
    case Qt::Key_CapsLock:
    case Qt::Key_unknown: return;
    case Qt::Key_Escape:
      if (event->modifiers() == Qt::NoModifier) {
        event->ignore();
        return;
      }
      break;
    default: break;
  }
  Qt::KeyboardModifiers modifiers = event->modifiers() & ~(Qt::KeypadModifier | Qt::GroupSwitchModifier);
  // Shift is already in a sign such as "?"; with letters it counts.
  if (const QString text = event->text();
      !text.isEmpty() && text[0].isPrint() && !text[0].isLetter() && !text[0].isSpace()) {
    modifiers &= ~Qt::ShiftModifier;
  }
  setKey(QKeySequence(QKeyCombination(modifiers, key)).toString(QKeySequence::PortableText));
  emit pressed(key_);
}

KeysModel::KeysModel(ActionRegistry& registry, QObject* parent) : QAbstractTableModel(parent), registry_(registry) {
  read();
  // What only passes moves rows of the registry; what is shown here stays the same then.
  const auto renew = [this] {
    if (lasting() == ids_) {
      read();
      return;
    }
    beginResetModel();
    read();
    endResetModel();
  };
  connect(&registry, &ActionRegistry::added, this, renew);
  connect(&registry, &ActionRegistry::removed, this, renew);
  connect(&registry, &ActionRegistry::keysChanged, this, [this] {
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
  });
}

QStringList KeysModel::lasting() const {
  QStringList ids;
  for (const ActionSpec& spec : registry_.specs()) {
    if (!spec.passing) ids << spec.id;
  }
  return ids;
}

void KeysModel::read() {
  ids_ = lasting();
  rows_.clear();
  for (int row = 0; row < registry_.specs().size(); ++row) {
    if (!registry_.specs()[row].passing) rows_ << row;
  }
}

QString KeysModel::idAt(int row) const {
  return row < 0 || row >= rowCount() ? QString() : registry_.specs()[rows_[row]].id;
}
int KeysModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}
int KeysModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QString KeysModel::remark(const ActionSpec& spec) const {
  const QString key = registry_.key(spec.id);
  const QString shipped = nativeText(spec.key);
  if (nativeText(key) == shipped) return {};
  const QStringList others = registry_.conflicts(spec.id, spec.key);
  if (key.isEmpty() && !others.isEmpty()) return tr("%1 went to “%2”").arg(shipped, textOf(registry_, others.front()));
  return key.isEmpty() ? tr("taken away") : tr("yours");
}

QVariant KeysModel::data(const QModelIndex& index, int role) const {
  const ActionSpec& spec = registry_.specs()[rows_[index.row()]];
  if (role == Qt::ToolTipRole) return spec.help.isEmpty() ? spec.text : spec.help;
  if (role == Qt::ForegroundRole) {
    if (index.column() == kSubject || index.column() == kShipped) return roles().quiet;
    if (index.column() == kRemark && registry_.key(spec.id).isEmpty()) return roles().warn;
    return {};
  }
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case kCommand: return spec.text;
    case kSubject: return spec.category;
    case kKey: return nativeText(registry_.key(spec.id));
    case kShipped: return nativeText(spec.key);
    default: return remark(spec);
  }
}

QVariant KeysModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  const QString names[] = {tr("Command"), tr("Subject"), tr("Key"), tr("As shipped"), tr("Remark")};
  return names[section];
}

KeysEditor::KeysEditor(ActionRegistry& registry, QWidget* parent)
    : QWidget(parent),
      registry_(registry),
      model_(new KeysModel(registry, this)),
      filter_(new WordFilter(this)),
      search_(new QLineEdit),
      table_(new DataTable(tr("Commands and keys"))),
      heading_(new QLabel),
      problem_(new QLabel),
      field_(new KeyField) {
  setAccessibleName(tr("Keys"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(measures::kGap);
  search_->setPlaceholderText(tr("Search commands and keys"));
  search_->setAccessibleName(tr("Search commands and keys"));
  search_->setClearButtonEnabled(true);
  column->addWidget(search_);
  filter_->setSourceModel(model_);
  table_->setModel(filter_);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->horizontalHeader()->resizeSection(kCommand, kCommandWidth);
  table_->horizontalHeader()->resizeSection(kSubject, kSubjectWidth);
  table_->horizontalHeader()->resizeSection(kKey, kKeyWidth);
  table_->horizontalHeader()->resizeSection(kShipped, kKeyWidth);
  column->addWidget(table_, 1);
  heading_->setFont(uiFont(measures::kMedium, true));
  heading_->setWordWrap(true);
  column->addWidget(heading_);
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  row->addWidget(field_, 1);
  set_ = makeButton(tr("Set"), tr("Set the new key"), &KeysEditor::set);
  none_ = makeButton(tr("No key"), tr("Take the key away"), &KeysEditor::none);
  reset_ = makeButton(tr("As shipped"), tr("Give this command the key as shipped"), &KeysEditor::reset);
  set_->setProperty("primary", true);
  for (QPushButton* button : {set_, none_, reset_}) row->addWidget(button);
  column->addLayout(row);
  auto* last = new QHBoxLayout;
  last->setSpacing(measures::kGap);
  problem_->setWordWrap(true);
  problem_->setAccessibleName(tr("Conflict"));
  problem_->setMinimumHeight(measures::kRow);
  setTextRole(problem_, "warn");
  take_ = makeButton(tr("Take it from there"), tr("Take the key from the other command"), &KeysEditor::take);
  resetAll_ = makeButton(tr("All as shipped"), tr("Give all commands their keys as shipped"), &KeysEditor::resetAll);
  last->addWidget(problem_, 1);
  last->addWidget(take_);
  last->addWidget(resetAll_);
  column->addLayout(last);
  connect(search_, &QLineEdit::textChanged, this,
          [this](const QString& words) { static_cast<WordFilter*>(filter_)->setWords(words); });
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
    field_->clearKey();
    describe();
  });
  connect(table_, &QTableView::activated, this, [this] { field_->setFocus(Qt::OtherFocusReason); });
  connect(field_, &KeyField::pressed, this, &KeysEditor::describe);
  connect(&registry, &ActionRegistry::keysChanged, this, &KeysEditor::describe);
  connect(filter_, &QAbstractItemModel::modelReset, this, &KeysEditor::describe);
  connect(filter_, &QAbstractItemModel::rowsRemoved, this, &KeysEditor::describe);
  describe();
}

QPushButton* KeysEditor::makeButton(const QString& text, const QString& name, void (KeysEditor::*does)()) {
  auto* button = new QPushButton(text);
  button->setAccessibleName(name);
  button->setToolTip(name);
  button->setAutoDefault(false);
  connect(button, &QPushButton::clicked, this, does);
  return button;
}

void KeysEditor::choose(const QString& id) {
  search_->clear();
  for (int row = 0; row < model_->rowCount(); ++row) {
    if (model_->idAt(row) != id) continue;
    table_->setCurrentIndex(filter_->mapFromSource(model_->index(row, 0)));
    table_->scrollTo(table_->currentIndex());
  }
}

QString KeysEditor::chosen() const { return model_->idAt(filter_->mapToSource(table_->currentIndex()).row()); }

void KeysEditor::tryKey(const QString& key) {
  field_->setKey(key);
  describe();
}

void KeysEditor::describe() {
  const QString id = chosen(), key = field_->key();
  const bool any = !id.isEmpty();
  const QString now = any ? nativeText(registry_.key(id)) : QString();
  heading_->setText(!any            ? tr("Choose a command to change its key")
                    : now.isEmpty() ? tr("“%1” has no key").arg(textOf(registry_, id))
                                    : tr("“%1” has %2").arg(textOf(registry_, id), now));
  QString problem;
  QStringList others;
  if (any && !key.isEmpty()) {
    problem = ActionRegistry::keyProblem(key);
    others = registry_.conflicts(id, key);
    if (problem.isEmpty() && !others.isEmpty()) {
      QStringList names;
      for (const QString& other : others) names << tr("“%1”").arg(textOf(registry_, other));
      problem = tr("%1 is the key of %2.").arg(nativeText(key), names.join(tr(" and ")));
    }
  }
  problem_->setText(problem);
  field_->setEnabled(any);
  set_->setEnabled(any && !key.isEmpty() && problem.isEmpty());
  take_->setVisible(any && !others.isEmpty());
  none_->setEnabled(any && !now.isEmpty());
  QString shipped;
  for (const ActionSpec& spec : registry_.specs()) {
    if (spec.id == id) shipped = spec.key;
  }
  reset_->setEnabled(any && nativeText(shipped) != now);
  resetAll_->setEnabled(!registry_.ownKeys().isEmpty());
}

void KeysEditor::set() {
  if (registry_.setKey(chosen(), field_->key())) field_->clearKey();
  describe();
}

void KeysEditor::take() {
  const QString id = chosen(), key = field_->key();
  for (const QString& other : registry_.conflicts(id, key)) registry_.setKey(other, {});
  set();
}

void KeysEditor::none() {
  registry_.setKey(chosen(), {});
  field_->clearKey();
  describe();
}

void KeysEditor::reset() {
  for (const ActionSpec& spec : registry_.specs()) {
    if (spec.id != chosen()) continue;
    if (registry_.setKey(spec.id, spec.key)) {
      field_->clearKey();
    } else {
      // Somebody else has it now: say so, as if it had been pressed.
      tryKey(spec.key);
    }
    break;
  }
  describe();
}

void KeysEditor::resetAll() {
  registry_.setOwnKeys({});
  field_->clearKey();
  describe();
}

}  // namespace counterpoint
