// SPDX-License-Identifier: GPL-3.0-or-later
// Overrides on top of a config, written as after a command in a shell: "optimizer.lr=1e-4 'name=two words'".
#pragma once

#include <QWidget>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/complete.h"

class QLabel;
class QLineEdit;
class QToolButton;

namespace counterpoint {

class CompletionPopup;

class OverridesLine : public QWidget {
  Q_OBJECT

 public:
  using Knowledge = std::function<Completions(std::string_view typed)>;  // of one override

  explicit OverridesLine(QWidget* parent = nullptr);

  QString text() const;
  void setText(const QString& text);  // tells nobody
  // The words without their quotes; an unclosed one is none yet.
  std::vector<std::string> overrides() const;
  QString problem() const;  // of the quoting; empty: none
  // What is wrong with the words, or empty.
  void showProblem(const QString& text);
  // One override for `path`, the last word for it replaced; `yaml` as a config would say it.
  void set(const std::string& path, const std::string& yaml);
  bool remove(const std::string& path);  // all words for it; false: there was none
  void setKnowledge(Knowledge knowledge);
  void complete();

  QLineEdit* field() const { return field_; }
  QToolButton* copyButton() const { return copy_; }
  CompletionPopup* completions() const { return completions_; }

 signals:
  void changed();
  void copyAsked();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void offer(bool asked);
  void accept(const QString& candidate);

  QLineEdit* field_;
  QToolButton* copy_;
  QLabel* problem_;
  CompletionPopup* completions_;
  Knowledge knowledge_;
  int completesFrom_ = 0;  // in the field's text
  bool tells_ = true;
};

}  // namespace counterpoint
