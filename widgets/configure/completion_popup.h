// SPDX-License-Identifier: GPL-3.0-or-later
// The list of candidates below a cursor, each with its help. Keys go on to the widget that is typed in.
#pragma once

#include <QCompleter>

#include "core/config/complete.h"

class QListView;
class QStandardItemModel;

namespace counterpoint {

class CompletionPopup : public QCompleter {
  Q_OBJECT

 public:
  explicit CompletionPopup(QWidget* typedIn);

  // Below `cursor` (in the widget's coordinates); no candidates hide it. `select`: the first one is taken by Return.
  void offer(const Completions& completions, const QRect& cursor, bool select);
  void close();
  bool isOpen() const;
  QStringList texts() const;  // of what is offered

 signals:
  void chosen(const QString& text);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QStandardItemModel* model_;
  QListView* list_;
};

}  // namespace counterpoint
