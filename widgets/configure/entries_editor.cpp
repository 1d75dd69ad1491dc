// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/entries_editor.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kMostRows = 8;

QString words(const std::string& text) { return QString::fromStdString(text); }

}  // namespace

EntriesEditor::EntriesEditor(const SchemaKey& key, QWidget* parent)
    : QWidget(parent), key_(key), table_(new QTableWidget), add_(new QToolButton), remove_(new QToolButton) {
  const QString path = words(key.path);
  setAccessibleName(tr("Entries of %1").arg(path));
  table_->setAccessibleName(tr("Entries of %1").arg(path));
  table_->setColumnCount(isMap() ? 2 : 1);
  table_->setHorizontalHeaderLabels(isMap() ? QStringList{tr("Name"), tr("Value")} : QStringList{tr("Value")});
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->horizontalHeader()->setVisible(isMap());
  table_->verticalHeader()->setDefaultSectionSize(measures::kRow);
  table_->verticalHeader()->setVisible(!isMap());
  table_->setTabKeyNavigation(false);  // Tab leads on to the next key
  const auto dress = [](QToolButton* button, const QString& name, const QString& text) {
    button->setIcon(icon(name));
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  };
  dress(add_, QStringLiteral("add"), tr("Add"));
  dress(remove_, QStringLiteral("remove"), tr("Remove"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, measures::kGrid, 0, measures::kGrid);
  column->setSpacing(measures::kGrid);
  column->addWidget(table_);
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGrid);
  row->addWidget(add_);
  row->addWidget(remove_);
  row->addStretch(1);
  column->addLayout(row);
  // As many as the key wants, where it wants a number of them.
  add_->setVisible(key.listSize == 0);
  remove_->setVisible(key.listSize == 0);
  connect(table_, &QTableWidget::cellChanged, this, &EntriesEditor::tell);
  connect(add_, &QToolButton::clicked, this, [this] {
    showing_ = true;
    appendRow({}, {});
    showing_ = false;
    fit();
    table_->setCurrentCell(table_->rowCount() - 1, 0);
    table_->setFocus(Qt::OtherFocusReason);
    table_->editItem(table_->currentItem());
  });
  connect(remove_, &QToolButton::clicked, this, [this] {
    if (table_->rowCount() == 0) return;
    table_->removeRow(table_->currentRow() < 0 ? table_->rowCount() - 1 : table_->currentRow());
    fit();
    tell();
  });
  fit();
}

void EntriesEditor::appendRow(const QString& name, const QString& value) {
  const int row = table_->rowCount();
  table_->insertRow(row);
  if (isMap()) table_->setItem(row, 0, new QTableWidgetItem(name));
  table_->setItem(row, isMap() ? 1 : 0, new QTableWidgetItem(value));
}

void EntriesEditor::showValue(const Json& value) {
  // The form shows every composition: what is already here stays, with the row that is being filled.
  std::vector<std::pair<QString, QString>> rows;
  const auto text = [](const Json& one) {
    return words(one.is_string() ? one.get<std::string>() : one.is_null() ? "" : yamlText(one));
  };
  if (value.is_object()) {
    for (const auto& [name, one] : value.items()) rows.emplace_back(words(name), text(one));
  } else if (value.is_array()) {
    for (const auto& one : value) rows.emplace_back(QString(), text(one));
  }
  std::vector<std::pair<QString, QString>> there;
  for (int row = 0; row < table_->rowCount(); ++row) {
    const QString name = isMap() ? table_->item(row, 0)->text() : QString();
    const QString shown = table_->item(row, isMap() ? 1 : 0)->text();
    if (isMap() ? !name.isEmpty() : !shown.isEmpty()) there.emplace_back(name, shown);
  }
  if (there == rows) return;
  showing_ = true;
  table_->setRowCount(0);
  for (const auto& [name, shown] : rows) appendRow(name, shown);
  showing_ = false;
  fit();
}

void EntriesEditor::tell() {
  if (showing_) return;
  const bool texts = key_.itemType == ValueType::Text || key_.itemType == ValueType::Path;
  QStringList parts;
  for (int row = 0; row < table_->rowCount(); ++row) {
    const QString value = table_->item(row, isMap() ? 1 : 0)->text().trimmed();
    const QString name = isMap() ? table_->item(row, 0)->text().trimmed() : QString();
    if (isMap() ? name.isEmpty() : value.isEmpty()) continue;  // still to be filled
    const QString yaml = texts || value.isEmpty() ? words(yamlText(value.toStdString())) : value;
    parts << (isMap() ? words(yamlText(name.toStdString())) + QStringLiteral(": ") + yaml : yaml);
  }
  const QString all = parts.join(QStringLiteral(", "));
  emit changed(isMap() ? QLatin1Char('{') + all + QLatin1Char('}') : QLatin1Char('[') + all + QLatin1Char(']'));
}

void EntriesEditor::fit() {
  remove_->setEnabled(table_->rowCount() > 0);
  const int header = isMap() ? table_->horizontalHeader()->sizeHint().height() : 0;
  table_->setFixedHeight(header + std::clamp(table_->rowCount(), 1, kMostRows) * measures::kRow + 2);
}

}  // namespace counterpoint
