// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/about_dialog.h"

#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kWidth = 620, kHeight = 600, kMark = 40;

}  // namespace

AboutDialog::AboutDialog(ReportSubject subject, QWidget* parent)
    : QDialog(parent), subject_(std::move(subject)), report_(new QPlainTextEdit), copy_(new QPushButton) {
  setObjectName(QStringLiteral("about"));
  setWindowTitle(tr("About Counterpoint"));
  setAccessibleName(tr("About Counterpoint"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kGroupGap, measures::kGroupGap, measures::kGroupGap, measures::kGroupGap);
  column->setSpacing(measures::kGap);

  auto* top = new QHBoxLayout;
  top->setSpacing(measures::kEdge);
  auto* mark = new QLabel;
  mark->setPixmap(iconPixmap(QStringLiteral("counterpoint"), roles().accent, kMark, devicePixelRatioF()));
  mark->setAccessibleName(tr("The mark of Counterpoint"));
  top->addWidget(mark, 0, Qt::AlignTop);
  auto* words = new QVBoxLayout;
  words->setSpacing(measures::kGrid);
  auto* name = new QLabel(tr("Counterpoint %1").arg(QCoreApplication::applicationVersion()));
  name->setFont(uiFont(measures::kLarge, true));
  auto* what = new QLabel(
      tr("Trains models on clips and their reports, and shows what they say. For research, not for diagnosis."));
  what->setWordWrap(true);
  auto* licence =
      new QLabel(tr("Free software under the GNU General Public License, version 3 or later, without any "
                    "warranty."));
  licence->setWordWrap(true);
  setTextRole(licence, "quiet");
  words->addWidget(name);
  words->addWidget(what);
  words->addWidget(licence);
  top->addLayout(words, 1);
  column->addLayout(top);
  column->addSpacing(measures::kGap);

  auto* heading = new QLabel(tr("Versions and diagnostics"));
  heading->setFont(uiFont(measures::kMedium, true));
  column->addWidget(heading);
  auto* promise = new QLabel(tr("For a report of a fault. It names no person, host, file, run or study."));
  setTextRole(promise, "quiet");
  promise->setWordWrap(true);
  column->addWidget(promise);
  report_->setReadOnly(true);
  report_->setProperty("field", true);
  report_->setFont(codeFont());
  report_->setTabChangesFocus(true);
  report_->setAccessibleName(tr("Versions and diagnostics"));
  report_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  column->addWidget(report_, 1);

  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  copy_->setText(tr("Copy the report"));
  copy_->setAccessibleName(copy_->text());
  copy_->setProperty("primary", true);
  auto* close = new QPushButton(tr("Close"));
  close->setAccessibleName(tr("Close"));
  auto* done = new QLabel;
  done->setAccessibleName(tr("What was copied"));
  setTextRole(done, "good");
  row->addWidget(copy_);
  row->addWidget(done, 1);
  row->addWidget(close);
  column->addLayout(row);
  connect(copy_, &QPushButton::clicked, this, [this, done] {
    QApplication::clipboard()->setText(report_->toPlainText());
    done->setText(tr("Copied"));
  });
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  fill();
  resize(kWidth, kHeight);
  copy_->setFocus();
}

void AboutDialog::setDevices(const DeviceList& devices) {
  subject_.devices = devices;
  fill();
}

void AboutDialog::setRank(const QString& answer) {
  subject_.rank = answer;
  fill();
}

void AboutDialog::fill() { report_->setPlainText(diagnosticReport(subject_)); }

}  // namespace counterpoint
