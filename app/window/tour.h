// SPDX-License-Identifier: GPL-3.0-or-later
// --tour FOLDER: drives the real window through every pane and saves a picture of each.
#pragma once

#include <QImage>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace counterpoint {

class MainWindow;
class Perspective;

class Tour : public QObject {
  Q_OBJECT

 public:
  // Pictures go to `folder`, made if missing: 01_train.png, 02_train_configure_form.png, … One that would show the same
  // as one before is left out.
  Tour(MainWindow& window, QString folder, QObject* parent = nullptr);
  void start();
  const QStringList& pictures() const { return pictures_; }

 signals:
  void finished(bool complete);

 private:
  struct Stop {
    QString name;
    std::function<void()> act;
    std::function<bool()> ready{};
    Perspective* room = nullptr;  // whose panes' steps come next
  };
  void plan();
  void planPanes(const Perspective& room);
  void next();
  void waitFor(int milliseconds);
  void take();

  MainWindow& window_;
  QString folder_;
  std::vector<Stop> stops_;
  std::size_t at_ = 0;
  bool complete_ = true;
  QStringList pictures_;
  std::vector<QImage> taken_;
};

}  // namespace counterpoint
