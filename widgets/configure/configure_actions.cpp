// SPDX-License-Identifier: GPL-3.0-or-later
// Actions of the text: search, problems, comments, completion, facts, overrides.
#include "widgets/common/action_registry.h"
#include "widgets/configure/compare_view.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/find_bar.h"
#include "widgets/configure/overrides_line.h"
#include "widgets/configure/yaml_editor.h"

#include <QLineEdit>

namespace counterpoint {

void ConfigurePane::registerTextActions(ActionRegistry& actions) {
  const auto hasFile = [this] { return !file_.isEmpty(); };
  const auto inText = [this] {
    const QWidget* focus = focusWidget();
    return focus && (focus == editor_ || text_->isAncestorOf(focus));
  };
  const auto jump = [this](bool forward) {
    if (!editor_->isVisible()) setView(View::Both);
    if (!editor_->jumpToProblem(forward) && problems_->count() > 0) jumpToProblem(problems_->item(0));
  };
  const struct {
    const char *id, *text, *key, *icon, *help;
    std::function<void()> run;
  } table[] = {
      {"search", "Find", "Ctrl+F", "search", "In the text where the focus is there, else among the keys",
       [this, inText] { inText() ? find_->open() : search_->setFocus(Qt::ShortcutFocusReason); }},
      {"find.next", "Next match", "F3", "down", "", [this] { find_->next(); }},
      {"find.previous", "Previous match", "Shift+F3", "up", "", [this] { find_->previous(); }},
      {"key", "Go to a key", "Ctrl+G", "search", "Type a part of its name, then Return",
       [this] {
         search_->setFocus(Qt::ShortcutFocusReason);
         search_->selectAll();
       }},
      {"problem.next", "Next problem", "F8", "error", "", [jump] { jump(true); }},
      {"problem.previous", "Previous problem", "Shift+F8", "error", "", [jump] { jump(false); }},
      {"comment", "Comment lines out, or in again", "Ctrl+/", "text", "", [this] { editor_->toggleComment(); }},
      {"complete", "Complete what is typed", "Ctrl+Space", "edit", "Keys and choices that may stand at the cursor",
       [this] { overrides_->field()->hasFocus() ? overrides_->complete() : editor_->complete(); }},
      {"describe", "Describe the key at the cursor", "Ctrl+I", "info", "Its help, its value, and who set it",
       [this] { editor_->describe(); }},
      {"clone", "Clone the config", "", "copy", "A copy of what is shown, in the workspace", [this] { cloneFile(); }},
      {"rename", "Rename the config", "", "edit", "In the list; Return takes the name, Escape leaves it",
       [this] { list_->editName(file_); }},
      {"revert", "Revert to what is saved", "", "reset", "Undo brings back what was typed", [this] { revert(); }},
      {"compare", "Compare with others", "", "compare", "Other configs and runs beside this one",
       [this] { setView(View::Compare); }},
      {"compare.folder", "Compare with a run's folder…", "", "runs", "", [this] { compare_->chooseRun(); }},
      {"compare.none", "Compare with nothing", "", "remove", "", [this] { compare_->clear(); }},
      {"sweep", "Sweep keys of the config", "", "plots", "Try several values, one run after the other",
       [this] { setView(View::Sweep); }},
      {"overrides", "Go to the overrides", "Ctrl+Shift+O", "edit", "Set keys for this launch alone",
       [this] { overrides_->field()->setFocus(Qt::ShortcutFocusReason); }},
      {"copy_command", "Copy as command", "", "copy", "The command line that launches this config so",
       [this] { emit overrides_->copyAsked(); }},
  };
  for (const auto& entry : table) {
    ActionSpec spec;
    spec.id = QStringLiteral("configure.%1").arg(QLatin1String(entry.id));
    spec.text = tr(entry.text);
    spec.category = title();
    spec.key = QLatin1String(entry.key);
    spec.icon = QLatin1String(entry.icon);
    spec.help = *entry.help ? tr(entry.help) : QString();
    spec.run = entry.run;
    spec.enabled = hasFile;
    spec.scope = this;
    actions.add(std::move(spec));
  }
  compare_->setCommands({actions.action(QStringLiteral("configure.compare.folder")),
                         actions.action(QStringLiteral("configure.compare.none"))});
}

}  // namespace counterpoint
