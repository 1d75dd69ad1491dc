// SPDX-License-Identifier: GPL-3.0-or-later
// What every pane is: a titled widget with a content, an empty state, actions, and a part of the session.
#pragma once

#include <QIcon>
#include <QJsonObject>
#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

#include "widgets/common/notice.h"

class QLabel;
class QPushButton;
class QStackedLayout;

namespace counterpoint {

class ActionRegistry;

// An empty pane says what it is for and has the one button that fills it.
class EmptyState : public QWidget {
  Q_OBJECT

 public:
  explicit EmptyState(QWidget* parent = nullptr);
  // `button` may be empty where nothing can be pressed yet; `icon` is a name of resources/icons.
  void set(const QString& icon, const QString& heading, const QString& text, const QString& button);
  QPushButton* button() const { return button_; }

 signals:
  void pressed();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void drawIcon();

  QString iconName_;
  QLabel *icon_, *heading_, *text_;
  QPushButton* button_;
};

// One picture of the tour: `act` brings the pane there, `ready` says when it may be taken (null: at once).
struct TourStep {
  QString name;  // part of the file name: "runs-logs"
  std::function<void()> act;
  std::function<bool()> ready;
};

class Pane : public QWidget {
  Q_OBJECT

 public:
  // `identifier` is stable (object name of the dock, key in session.json): "runs".
  Pane(const QString& identifier, const QString& title, QWidget* parent = nullptr);

  QString identifier() const { return objectName(); }
  QString title() const { return windowTitle(); }

  EmptyState* emptyState() const { return empty_; }
  // Which of the two is seen. A pane starts empty.
  void showEmpty(bool empty);
  bool isShowingEmpty() const;

  // Adds this pane's actions, with keys in the scope of this pane unless they make sense everywhere.
  virtual void registerActions(ActionRegistry&) {}
  // What the session keeps: selections, splitter states, settings. Unknown or missing members are ignored.
  virtual QJsonObject saveState() const { return {}; }
  virtual void restoreState(const QJsonObject&) {}
  // The part of a state that is somebody's unsaved work: all that safe mode gives to restoreState.
  virtual QJsonObject unsavedState(const QJsonObject&) const { return {}; }
  // The states that --tour takes pictures of, in order; none: one picture of the pane as it is.
  virtual std::vector<TourStep> tourSteps() { return {}; }

 signals:
  void noticed(const counterpoint::Notice& notice);

 protected:
  // The pane's own widget; call once from the constructor.
  void setContent(QWidget* content);

 private:
  EmptyState* empty_;
  QWidget* content_ = nullptr;
  QStackedLayout* stack_;
};

}  // namespace counterpoint
