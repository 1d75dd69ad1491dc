// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/notice.h"

#include "core/base/error.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

namespace counterpoint {
namespace {

constexpr int kInformationMilliseconds = 8000;
constexpr int kMostNotices = 1000;

const struct {
  Severity severity;
  const char *word, *icon, *role;
} kSeverities[] = {
    {Severity::Info, "note", "info", "quiet"},
    {Severity::Good, "done", "check", "good"},
    {Severity::Warning, "warning", "warning", "warn"},
    {Severity::Bad, "error", "error", "bad"},
};

const auto& rowOf(Severity severity) { return kSeverities[static_cast<int>(severity)]; }

}  // namespace

QString severityWord(Severity severity) { return QString::fromLatin1(rowOf(severity).word); }
QString severityIcon(Severity severity) { return QString::fromLatin1(rowOf(severity).icon); }

QString Notice::oneLine() const {
  QString line = where.isEmpty() ? what : where + QStringLiteral(": ") + what;
  if (!cure.isEmpty()) {
    if (!line.endsWith(QLatin1Char('.'))) line += QLatin1Char('.');
    line += QLatin1Char(' ') + cure;
  }
  return line;
}

Notice Notice::of(const std::exception& error) {
  Notice notice;
  notice.severity = Severity::Bad;
  if (const auto* ours = dynamic_cast<const Error*>(&error)) {
    notice.what = QString::fromStdString(ours->problem());
    notice.where = QString::fromStdString(ours->where());
    notice.cure = QString::fromStdString(ours->cure());
  } else {
    notice.what = QString::fromStdString(describe(error));
  }
  return notice;
}

NoticeLog::NoticeLog(QObject* parent) : QAbstractTableModel(parent) {}

void NoticeLog::add(const Notice& notice) {
  beginInsertRows({}, 0, 0);
  notices_.prepend(notice);
  endInsertRows();
  if (notices_.size() > kMostNotices) {
    beginRemoveRows({}, kMostNotices, kMostNotices);
    notices_.removeLast();
    endRemoveRows();
  }
  emit added(notice);
}

int NoticeLog::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(notices_.size());
}

int NoticeLog::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 5; }

QVariant NoticeLog::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Notice& notice = notices_.at(index.row());
  if (role == Qt::DecorationRole && index.column() == 1) return icon(severityIcon(notice.severity));
  if (role == Qt::ToolTipRole) return notice.oneLine();
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case 0: return notice.time.toString(QStringLiteral("HH:mm:ss"));
    case 1: return severityWord(notice.severity);
    case 2: return notice.what;
    case 3: return notice.where;
    default: return notice.cure;
  }
}

QVariant NoticeLog::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  const char* const names[] = {"Time", "Kind", "What", "Where", "What to do"};
  return QString::fromLatin1(names[section]);
}

NoticeBar::NoticeBar(NoticeLog& log, QWidget* parent)
    : QFrame(parent), icon_(new QLabel), text_(new QLabel), dismiss_(new QToolButton), list_(new QPushButton) {
  setObjectName(QStringLiteral("noticeBar"));
  setAccessibleName(tr("Notice"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(measures::kEdge, measures::kGrid, measures::kGap, measures::kGrid);
  row->setSpacing(measures::kGap);
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text_->setAccessibleName(tr("Text of the notice"));
  icon_->setAccessibleName(tr("Kind of notice"));
  list_->setText(tr("All notices"));
  list_->setAccessibleName(tr("Show all notices"));
  list_->setFlat(true);
  dismiss_->setIcon(icon(QStringLiteral("close")));
  dismiss_->setToolTip(tr("Dismiss this notice"));
  dismiss_->setAccessibleName(tr("Dismiss this notice"));
  dismiss_->setAutoRaise(true);
  row->addWidget(icon_);
  row->addWidget(text_, 1);
  row->addWidget(list_);
  row->addWidget(dismiss_);
  connect(dismiss_, &QToolButton::clicked, this, &QWidget::hide);
  connect(list_, &QPushButton::clicked, this, &NoticeBar::listRequested);
  connect(&log, &NoticeLog::added, this, &NoticeBar::show);
  hide();
}

void NoticeBar::show(const Notice& notice) {
  setProperty("severity", QString::fromLatin1(rowOf(notice.severity).role));
  style()->unpolish(this);
  style()->polish(this);
  icon_->setPixmap(iconPixmap(severityIcon(notice.severity), roles().text, measures::kIcon, devicePixelRatioF()));
  icon_->setToolTip(severityWord(notice.severity));
  text_->setText(notice.oneLine());
  setVisible(true);
  if (notice.severity == Severity::Info || notice.severity == Severity::Good) {
    QTimer::singleShot(kInformationMilliseconds, this, [this, shown = notice.oneLine()] {
      if (text_->text() == shown) hide();
    });
  }
}

}  // namespace counterpoint
