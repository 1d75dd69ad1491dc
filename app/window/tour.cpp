// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/tour.h"

#include "app/window/main_window.h"
#include "widgets/common/pane.h"

#include <QApplication>
#include <QCursor>
#include <QDialog>
#include <QDir>
#include <QPainter>
#include <QPixmap>
#include <QTimer>

namespace counterpoint {
namespace {

constexpr int kTickMilliseconds = 50, kSettleMilliseconds = 150, kPatienceMilliseconds = 60'000;

}  // namespace

Tour::Tour(MainWindow& window, QString folder, QObject* parent)
    : QObject(parent), window_(window), folder_(std::move(folder)) {}

void Tour::plan() {
  if (!window_.workspace()) stops_.push_back({QStringLiteral("welcome"), [this] { window_.showWelcome(); }, {}});
  for (Perspective* perspective : window_.perspectives()) {
    if (perspective->panes().empty() || !window_.workspace()) continue;
    const QString room = perspective->identifier();
    stops_.push_back({room, [this, room] { window_.showPerspective(room); }, {}});
    for (Pane* pane : perspective->panes()) {
      const QString name = pane->identifier();
      for (const TourStep& step : pane->tourSteps()) {
        stops_.push_back({room + QLatin1Char('_') + name + QLatin1Char('_') + step.name,
                          [this, name, act = step.act] {
                            window_.showPane(name);
                            if (act) act();
                          },
                          step.ready});
      }
    }
  }
  const auto dialog = [this](const char* action) {
    return [this, action] { window_.actions().action(QString::fromLatin1(action))->trigger(); };
  };
  stops_.push_back({QStringLiteral("palette"), dialog("help.palette"), {}});
  stops_.push_back({QStringLiteral("keys"), dialog("help.keys"), {}});
}

void Tour::start() {
  QDir().mkpath(folder_);
  // Nothing is hovered in the pictures.
  QCursor::setPos(window_.mapToGlobal(QPoint(window_.width() - 1, window_.height() - 1)));
  plan();
  QTimer::singleShot(kSettleMilliseconds, this, &Tour::next);
}

void Tour::next() {
  if (at_ >= stops_.size()) {
    emit finished(complete_);
    return;
  }
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    if (qobject_cast<QDialog*>(widget)) widget->close();
  }
  if (stops_[at_].act) stops_[at_].act();
  waitFor(0);
}

void Tour::waitFor(int milliseconds) {
  const Stop& stop = stops_[at_];
  const bool ready = !stop.ready || stop.ready();
  if (!ready && milliseconds < kPatienceMilliseconds) {
    QTimer::singleShot(kTickMilliseconds, this, [this, milliseconds] { waitFor(milliseconds + kTickMilliseconds); });
    return;
  }
  if (!ready) {
    complete_ = false;
    window_.notify({Severity::Warning, tr("The tour waited in vain"), stop.name, {}});
  }
  QTimer::singleShot(kSettleMilliseconds, this, &Tour::take);
}

void Tour::take() {
  QWidget* shown = &window_;
  QPixmap picture = shown->grab();
  // Dialogs and popups lie in windows of their own: they are drawn where they stand.
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    if (!qobject_cast<QDialog*>(widget) || !widget->isVisible()) continue;
    QPainter painter(&picture);
    painter.drawPixmap(window_.mapFromGlobal(widget->mapToGlobal(QPoint(0, 0))), widget->grab());
  }
  const QString file =
      QStringLiteral("%1/%2_%3.png").arg(folder_).arg(at_ + 1, 2, 10, QLatin1Char('0')).arg(stops_[at_].name);
  if (picture.save(file)) {
    pictures_ << file;
  } else {
    complete_ = false;
    window_.notify({Severity::Bad, tr("cannot be written"), file, {}});
  }
  ++at_;
  next();
}

}  // namespace counterpoint
