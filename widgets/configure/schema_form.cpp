// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/schema_form.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"
#include "widgets/configure/key_text.h"
#include "widgets/configure/schema_field.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace counterpoint {
namespace {

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
  groups_.clear();
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
    groups_.push_back({QString::fromStdString(group), nullptr, {}});
    column->addWidget(makeHeading(groups_.back()));
    for (const SchemaKey& key : schema.keys()) {
      if (key.group() != group) continue;
      auto* field = new SchemaField(key);
      field->setBase(base_);
      connect(field, &SchemaField::edited, this, &SchemaForm::edited);
      connect(field, &SchemaField::resetAsked, this, &SchemaForm::resetAsked);
      connect(field, &SchemaField::sweepAsked, this, &SchemaForm::sweepAsked);
      connect(field, &SchemaField::focused, this, &SchemaForm::focused);
      fields_.push_back(field);
      groups_.back().fields.push_back(field);
      column->addWidget(field);
    }
  }
  column->addStretch(1);
  setWidget(content);
}

void SchemaForm::setBase(const QString& folder) {
  base_ = folder;
  for (SchemaField* field : fields_) field->setBase(folder);
}

QWidget* SchemaForm::makeHeading(Group& group) {
  auto* heading = new QWidget;
  heading->setAccessibleName(group.name);
  auto* row = new QHBoxLayout(heading);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(measures::kGap);
  auto* label = new QLabel(QString(group.name).replace(QLatin1Char('.'), QStringLiteral(" › ")));
  label->setFont(uiFont(measures::kMedium, true));
  setTextRole(label, "quiet");
  heading->setMinimumHeight(measures::kRow);
  group.reset = new QToolButton;
  group.reset->setIcon(icon(QStringLiteral("reset")));
  group.reset->setAutoRaise(true);
  group.reset->setAccessibleName(tr("Reset all of %1").arg(group.name));
  group.reset->setToolTip(tr("All of %1 back to the defaults").arg(group.name));
  group.reset->hide();
  row->addWidget(label);
  row->addWidget(group.reset);
  row->addStretch(1);
  connect(group.reset, &QToolButton::clicked, this, [this, name = group.name] {
    for (const Group& one : groups_) {
      if (one.name != name) continue;
      QStringList paths;
      for (const SchemaField* field : one.fields) {
        if (field->isChanged()) paths << field->path();
      }
      emit groupResetAsked(name, paths);
    }
  });
  return heading;
}

void SchemaForm::show(const Composition& composition, const QString& file) {
  if (composition.schema && composition.schema != schema_) build(*composition.schema);
  if (widget()) widget()->setEnabled(composition.schema != nullptr);
  if (!composition.schema) return;
  for (SchemaField* field : fields_) {
    const std::string& path = field->key().path;
    field->show(valueAt(composition.values, path), problemText(composition, path));
    const auto origin = composition.origins.find(path);
    field->setOrigin(origin == composition.origins.end() ? ValueOrigin() : origin->second, file);
  }
  for (const Group& group : groups_) {
    group.reset->setVisible(std::any_of(group.fields.begin(), group.fields.end(),
                                        [](const SchemaField* field) { return field->isChanged(); }));
  }
}

SchemaField* SchemaForm::field(const QString& path) const {
  for (SchemaField* field : fields_) {
    if (field->path() == path) return field;
  }
  return nullptr;
}

SchemaField* SchemaForm::best(const QString& search) const {
  const auto found = std::max_element(
      fields_.begin(), fields_.end(),
      [&](const SchemaField* one, const SchemaField* other) { return one->matches(search) < other->matches(search); });
  return found == fields_.end() || (*found)->matches(search) == 0 ? nullptr : *found;
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
