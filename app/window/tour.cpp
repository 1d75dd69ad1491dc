// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/tour.h"

#include "app/window/main_window.h"
#include "app/window/preferences_dialog.h"
#include "widgets/common/keys_editor.h"
#include "widgets/common/pane.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QCursor>
#include <QDialog>
#include <QDir>
#include <QPainter>
#include <QPixmap>
#include <QTimer>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kTickMilliseconds = 50, kSettleMilliseconds = 150, kPatienceMilliseconds = 60'000;

// The pointer may stand anywhere when the window comes up: nothing is hovered in the pictures.
void leaveAll(QWidget& window) {
  for (auto* widget : window.findChildren<QWidget*>()) {
    if (!widget->underMouse()) continue;
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(widget, &leave);
    widget->setAttribute(Qt::WA_UnderMouse, false);
    widget->update();
  }
}

}  // namespace

Tour::Tour(MainWindow& window, QString folder, QObject* parent)
    : QObject(parent), window_(window), folder_(std::move(folder)) {}

void Tour::plan() {
  if (!window_.workspace()) stops_.push_back({QStringLiteral("welcome"), [this] { window_.showWelcome(); }});
  for (Perspective* perspective : window_.perspectives()) {
    if (perspective->panes().empty() || !window_.workspace()) continue;
    const QString room = perspective->identifier();
    stops_.push_back({room, [this, room] { window_.showPerspective(room); }, {}, perspective});
  }
  const auto dialog = [this](const char* action) {
    return [this, action] { window_.actions().action(QString::fromLatin1(action))->trigger(); };
  };
  stops_.push_back({QStringLiteral("palette"), dialog("help.palette")});
  stops_.push_back({QStringLiteral("keys"), dialog("help.keys")});
  stops_.push_back({QStringLiteral("notices"), dialog("help.notices")});
  stops_.push_back({QStringLiteral("about"), dialog("help.about")});
  const auto preferences = [this](PreferencesDialog::Page page) {
    return [this, page] {
      window_.actions().action(QStringLiteral("workspace.preferences"))->trigger();
      for (auto* shown : window_.findChildren<PreferencesDialog*>()) {
        if (!shown->isVisible()) continue;
        shown->showPage(page);
        if (page != PreferencesDialog::Keys) continue;
        // A key that is taken.
        shown->keys()->choose(QStringLiteral("help.about"));
        shown->keys()->tryKey(QStringLiteral("Ctrl+O"));
      }
    };
  };
  stops_.push_back({QStringLiteral("preferences_look"), preferences(PreferencesDialog::Look)});
  stops_.push_back({QStringLiteral("preferences_keys"), preferences(PreferencesDialog::Keys)});
  stops_.push_back({QStringLiteral("preferences_training"), preferences(PreferencesDialog::Training)});
}

// Only now, when the panes have read what they can show.
void Tour::planPanes(const Perspective& room) {
  auto after = static_cast<std::ptrdiff_t>(at_) + 1;
  for (Pane* pane : room.panes()) {
    const QString name = pane->identifier();
    for (const TourStep& step : pane->tourSteps()) {
      const auto act = [this, name, act = step.act] {
        window_.showPane(name);
        if (act) act();
      };
      stops_.insert(stops_.begin() + after++,
                    {room.identifier() + QLatin1Char('_') + name + QLatin1Char('_') + step.name, act, step.ready});
    }
  }
}

void Tour::start() {
  QDir().mkpath(folder_);
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
  const Stop stop = stops_[at_];
  leaveAll(window_);
  QPixmap picture = window_.grab();
  // Dialogs and popups lie in windows of their own: they are drawn where they stand.
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    if (!qobject_cast<QDialog*>(widget) || !widget->isVisible()) continue;
    QPainter painter(&picture);
    const QPoint place = window_.mapFromGlobal(widget->mapToGlobal(QPoint(0, 0)));
    painter.drawPixmap(place, widget->grab());
    painter.setPen(roles().edge);  // the frame is the desktop's to draw
    painter.drawRect(QRect(place, widget->size()).adjusted(-1, -1, 0, 0));
  }
  const QString file =
      QStringLiteral("%1/%2_%3.png").arg(folder_).arg(pictures_.size() + 1, 2, 10, QLatin1Char('0')).arg(stop.name);
  const QImage image = picture.toImage();
  if (std::find(taken_.begin(), taken_.end(), image) != taken_.end()) {
    // Nothing new to see.
  } else if (picture.save(file)) {
    pictures_ << file;
    taken_.push_back(image);
  } else {
    complete_ = false;
    window_.notify({Severity::Bad, tr("cannot be written"), file, {}});
  }
  if (stop.room) planPanes(*stop.room);
  ++at_;
  next();
}

}  // namespace counterpoint
