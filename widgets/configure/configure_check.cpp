// SPDX-License-Identifier: GPL-3.0-or-later
// The pane's check before a start: what is asked, and where its findings lead.
#include "core/config/document.h"
#include "widgets/configure/check_panel.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

namespace counterpoint {

void ConfigurePane::wireChecks() {
  connect(checks_, &CheckPanel::mendAsked, this, &ConfigurePane::applyForm);
  connect(checks_, &CheckPanel::keyAsked, this, [this](const QString& key) {
    int line = 0;
    try {
      line = ConfigDocument(editor_->bytes()).lineOf(key.toStdString());
    } catch (const std::exception&) {
      // Text that is no YAML has no lines of keys; the form has the key all the same.
    }
    if (line > 0 && editor_->isVisible()) {
      editor_->jumpToLine(line);
    } else {
      if (!form_->isVisible()) setView(View::Both);
      form_->jumpTo(key);
    }
  });
  connect(checks_, &CheckPanel::changed, this, [this] { launch_->setWarning(checks_->obstacle()); });
  connect(launch_, &LaunchBar::planChanged, this, &ConfigurePane::checkBeforeStart);
}

// A config with problems of its own is not looked at: these come first.
void ConfigurePane::checkBeforeStart() {
  StartSubject subject;
  if (!file_.isEmpty() && composition_.schema && composition_.problems.empty()) {
    const ConfigRoot* own = ownRoot();
    subject.schema = composition_.schema;
    subject.values = composition_.values;
    subject.folder = own ? own->folder : std::filesystem::path(file_.toStdString()).parent_path();
    subject.ranks = launch_->ranks();
    subject.devices = launch_->devices();
  }
  checks_->look(subject);
}

}  // namespace counterpoint
