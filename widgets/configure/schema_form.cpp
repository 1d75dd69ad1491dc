// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/schema_form.h"

#include "core/base/words.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/configure/schema_field.h"

#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

const Json& valueAt(const Json& values, const std::string& path) {
  const Json* node = &values;
  for (const auto& part : split(path, '.')) node = &node->at(part);
  return *node;
}

QString problemText(const Composition& composition, const std::string& key) {
  for (const auto& problem : composition.problems) {
    // An entry of a map is shown at the map.
    const bool here = problem.key == key || (problem.key.starts_with(key + ".") && !problem.unknownKey);
    if (here) return QString::fromStdString(problem.cure.empty() ? problem.what : problem.what + ". " + problem.cure);
  }
  return {};
}

}  // namespace

SchemaForm::SchemaForm(QWidget* parent) : QScrollArea(parent) {
  // Bringing a field into view may not push the labels out of it: there is no bar to come back with.
  connect(horizontalScrollBar(), &QScrollBar::valueChanged, this, [this] { horizontalScrollBar()->setValue(0); });
  setAccessibleName(tr("Form"));
  setObjectName(QStringLiteral("schemaForm"));
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void SchemaForm::build(const Schema& schema) {
  schema_ = &schema;
  fields_.clear();
  auto* content = new QWidget;
  content->setProperty("surface", "panel");
  content->setAttribute(Qt::WA_StyledBackground);
  content->setAccessibleName(tr("Keys of %1").arg(QString::fromStdString(schema.recipe())));
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(measures::kEdge, measures::kGap, measures::kEdge, measures::kEdge);
  column->setSpacing(0);
  bool first = true;
  for (const std::string& group : schema.groups()) {
    if (!first) column->addSpacing(measures::kGroupGap);
    first = false;
    auto* heading = new QLabel(QString::fromStdString(group).replace(QLatin1Char('.'), QStringLiteral(" › ")));
    heading->setFont(uiFont(measures::kMedium, true));
    setTextRole(heading, "quiet");
    heading->setMinimumHeight(measures::kRow);
    column->addWidget(heading);
    for (const SchemaKey& key : schema.keys()) {
      if (key.group() != group) continue;
      auto* field = new SchemaField(key);
      connect(field, &SchemaField::edited, this, &SchemaForm::edited);
      connect(field, &SchemaField::resetAsked, this, &SchemaForm::resetAsked);
      connect(field, &SchemaField::focused, this, &SchemaForm::focused);
      fields_.push_back(field);
      column->addWidget(field);
    }
  }
  column->addStretch(1);
  setWidget(content);
}

void SchemaForm::show(const Composition& composition) {
  if (composition.schema && composition.schema != schema_) build(*composition.schema);
  if (widget()) widget()->setEnabled(composition.schema != nullptr);
  if (!composition.schema) return;
  for (SchemaField* field : fields_) {
    field->show(valueAt(composition.values, field->key().path), problemText(composition, field->key().path));
  }
}

SchemaField* SchemaForm::field(const QString& path) const {
  for (SchemaField* field : fields_) {
    if (field->path() == path) return field;
  }
  return nullptr;
}

int SchemaForm::search(const QString& text) {
  const bool all = text.trimmed().isEmpty();
  int found = 0, best = 0;
  SchemaField* first = nullptr;
  for (SchemaField* field : fields_) {
    const int match = all ? 1 : field->matches(text);
    field->setDimmed(match == 0);
    if (match > 0) ++found;
    if (match > best) {
      best = match;
      first = field;
    }
  }
  if (!all && first) ensureWidgetVisible(first, 0, 2 * measures::kRow);
  return found;
}

void SchemaForm::jumpTo(const QString& path) {
  SchemaField* wanted = field(path);
  if (!wanted) return;
  ensureWidgetVisible(wanted, 0, 2 * measures::kRow);
  wanted->control()->setFocus(Qt::OtherFocusReason);
}

}  // namespace counterpoint
