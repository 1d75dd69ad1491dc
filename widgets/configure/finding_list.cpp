// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/finding_list.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/quiet_button.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace counterpoint {
namespace {

// The path as seen from where a person works; in full in the tooltip.
QString shortened(const CheckFinding& finding) {
  const QString where = QString::fromStdString(finding.where);
  const QString file = where.section(QLatin1String(", "), 0, 0);
  if (!file.startsWith(QLatin1Char('/'))) return where;
  return QFileInfo(file).fileName() + where.mid(file.size());
}

}  // namespace

FindingLook lookOf(CheckSeverity severity) {
  if (severity == CheckSeverity::Bad) return {"error", "Stops the run", &ThemeRoles::bad};
  if (severity == CheckSeverity::Warning) return {"warning", "Warning", &ThemeRoles::warn};
  return {"info", "Fact", &ThemeRoles::quiet};
}

FindingList::FindingList(bool leadsToKeys, QWidget* parent)
    : QWidget(parent), leadsToKeys_(leadsToKeys), rows_(new QVBoxLayout(this)) {
  rows_->setContentsMargins(0, 0, 0, measures::kGrid);
  rows_->setSpacing(0);
}

void FindingList::setFindings(const std::vector<CheckFinding>& findings) {
  while (QLayoutItem* item = rows_->takeAt(0)) {
    if (QWidget* row = item->widget()) {
      row->hide();
      row->deleteLater();
    }
    delete item;
  }
  for (const CheckFinding& finding : findings) {
    QWidget* row = makeRow(finding);
    rows_->addWidget(row);
    row->show();  // the layout counts it at once
  }
  rows_->addStretch(1);
}

int FindingList::heightFor(int width) const {
  rows_->activate();
  const int wide = std::max(width, minimumSizeHint().width());
  const int wanted = rows_->hasHeightForWidth() ? rows_->totalHeightForWidth(wide) : rows_->sizeHint().height();
  return std::max(wanted, measures::kRow);
}

QWidget* FindingList::makeRow(const CheckFinding& finding) {
  const FindingLook look = lookOf(finding.severity);
  const QString whole = QString::fromStdString(finding.oneLine());
  auto* row = new QWidget;
  row->setAccessibleName(QStringLiteral("%1: %2").arg(tr(look.word), whole));
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, measures::kGrid / 2, 0, measures::kGrid / 2);
  line->setSpacing(measures::kGap);
  auto* mark = new QLabel;
  mark->setPixmap(
      iconPixmap(QString::fromLatin1(look.icon), roles().*look.colour, measures::kIcon, devicePixelRatioF()));
  mark->setFixedHeight(measures::kRow);
  mark->setAccessibleName(tr(look.word));
  mark->setToolTip(tr(look.word));
  line->addWidget(mark, 0, Qt::AlignTop);
  CheckFinding shown = finding;
  shown.where = shortened(finding).toStdString();
  auto* text = new QLabel(QString::fromStdString(shown.oneLine()));
  text->setTextFormat(Qt::PlainText);
  text->setWordWrap(true);
  text->setMinimumHeight(measures::kRow);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text->setAccessibleName(whole);
  text->setToolTip(whole);
  if (finding.severity == CheckSeverity::Info) setTextRole(text, "quiet");
  line->addWidget(text, 1);
  if (finding.mend) {
    auto* button = new QPushButton(QString::fromStdString(finding.mend->description));
    const QString key = QString::fromStdString(finding.mend->key), value = QString::fromStdString(finding.mend->value);
    button->setObjectName(QStringLiteral("mend"));
    if (leadsToKeys_) button->setToolTip(tr("Sets %1").arg(QString::fromStdString(finding.mend->override())));
    button->setAutoDefault(false);
    button->setAccessibleName(QStringLiteral("%1: %2").arg(button->text(), whole));
    connect(button, &QPushButton::clicked, this, [this, key, value] { emit mendAsked(key, value); });
    line->addWidget(button, 0, Qt::AlignTop);
  }
  if (leadsToKeys_ && !finding.key.empty()) {
    const QString key = QString::fromStdString(finding.key);
    QToolButton* button = quietButton(QStringLiteral("edit"), tr("Go to %1").arg(key));
    button->setObjectName(QStringLiteral("goToKey"));
    button->setAccessibleName(QStringLiteral("%1: %2").arg(button->toolTip(), whole));
    connect(button, &QToolButton::clicked, this, [this, key] { emit keyAsked(key); });
    line->addWidget(button, 0, Qt::AlignTop);
  }
  if (!finding.file.empty() && finding.severity != CheckSeverity::Info) {
    const QFileInfo file(QString::fromStdString(finding.file));
    const QString folder = file.isDir() ? file.absoluteFilePath() : file.absolutePath();
    QToolButton* button = quietButton(QStringLiteral("open"), tr("Open the folder %1").arg(folder));
    button->setAccessibleName(QStringLiteral("%1: %2").arg(button->toolTip(), whole));
    connect(button, &QToolButton::clicked, this, [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
    line->addWidget(button, 0, Qt::AlignTop);
  }
  return row;
}

}  // namespace counterpoint
