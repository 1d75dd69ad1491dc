// SPDX-License-Identifier: GPL-3.0-or-later
// A Configure pane over a workspace of one config.
#pragma once

#include <gtest/gtest.h>

#include <QTemporaryDir>

#include <filesystem>

#include "core/base/files.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/schema_field.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

namespace counterpoint {

class ConfigureFixture : public ::testing::Test {
 protected:
  ConfigureFixture() {
    root_ = folder_.path().toStdString();
    workspace_ = root_ / "configs";
    std::filesystem::create_directories(workspace_);
    writeFileAtomically(root_ / "counterpoint.yaml", "version: 1\nname: test\n");
    pane_.setRoots({{QStringLiteral("Workspace"), workspace_, true}});
    QObject::connect(&pane_, &Pane::noticed, [this](const Notice& notice) { notices_ << notice.oneLine(); });
    pane_.resize(1280, 860);
    pane_.show();
  }

  // Opens a config of this text.
  void open(const std::string& text, const char* name = "mine.yaml") {
    writeFileAtomically(workspace_ / name, text);
    ASSERT_TRUE(pane_.open(file(name)));
  }
  QString file(const char* name = "mine.yaml") const { return QString::fromStdString((workspace_ / name).string()); }
  SchemaField& field(const char* path) { return *pane_.form()->field(QString::fromLatin1(path)); }
  YamlEditor& editor() { return *pane_.editor(); }

  QTemporaryDir folder_;
  std::filesystem::path root_, workspace_;
  QStringList notices_;
  ConfigurePane pane_;
};

}  // namespace counterpoint
