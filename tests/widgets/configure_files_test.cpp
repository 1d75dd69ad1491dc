// SPDX-License-Identifier: GPL-3.0-or-later
// Configs cloned, renamed and reverted in the Configure pane.
#include <gtest/gtest.h>

#include <QStandardItemModel>
#include <QTest>
#include <QTreeView>

#include "tests/widgets/configure_fixture.h"
#include "widgets/configure/config_list.h"

namespace counterpoint {
namespace {

const std::string kText = "recipe: echo_text\ndata:\n  csv: data/studies.csv  # the table\n";

class ConfigureFiles : public ConfigureFixture {
 protected:
  void SetUp() override {
    open(kText, "echo_text.yaml");
    pane_.setRoots({{QStringLiteral("Workspace"), workspace_, true}});
  }
  QString file(const char* name = "echo_text.yaml") const { return ConfigureFixture::file(name); }
};

TEST_F(ConfigureFiles, ACloneIsACopyOfWhatIsShown) {
  ASSERT_TRUE(pane_.open(file()));
  pane_.editor()->append(QStringLiteral("seed: 5\n"));
  const QString clone = pane_.cloneFile();
  EXPECT_EQ(pane_.file(), clone);
  EXPECT_EQ(clone, file("echo_text-copy.yaml"));
  EXPECT_EQ(readFile(clone.toStdString()), kText + "seed: 5\n");
  EXPECT_EQ(readFile(file().toStdString()), kText);
  ASSERT_TRUE(pane_.open(file()));
  EXPECT_TRUE(pane_.isDirty()) << "what was typed is lost";
  EXPECT_EQ(pane_.cloneFile(), file("echo_text-copy-2.yaml"));
}

TEST_F(ConfigureFiles, ARenamedConfigKeepsWhatIsTypedAndItsUndo) {
  ASSERT_TRUE(pane_.open(file()));
  QTest::keyClick(pane_.editor(), '#');
  ASSERT_EQ(pane_.editor()->bytes(), "#" + kText);
  EXPECT_FALSE(pane_.renameFile(file(), QStringLiteral("a/b")));
  EXPECT_FALSE(pane_.renameFile(file(), QStringLiteral(" ")));
  EXPECT_EQ(notices_.size(), 2);
  auto* tree = pane_.findChild<ConfigList*>()->tree();
  const QModelIndex row = tree->currentIndex();
  ASSERT_TRUE(row.flags().testFlag(Qt::ItemIsEditable));
  tree->model()->setData(row, QStringLiteral("night"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return pane_.file() == file("night.yaml"); }));
  EXPECT_FALSE(std::filesystem::exists(file().toStdString()));
  EXPECT_EQ(readFile(file("night.yaml").toStdString()), kText);
  EXPECT_TRUE(pane_.isDirty());
  EXPECT_EQ(pane_.editor()->undoName(), QStringLiteral("Typing"));
  pane_.editor()->undo();
  EXPECT_EQ(pane_.editor()->bytes(), kText);
  EXPECT_TRUE(pane_.save());
}

TEST_F(ConfigureFiles, ANameThatIsTakenStaysAndSaysSo) {
  ASSERT_TRUE(pane_.open(file()));
  const QString clone = pane_.cloneFile();
  EXPECT_FALSE(pane_.renameFile(clone, QStringLiteral("echo_text")));
  EXPECT_EQ(pane_.file(), clone);
  ASSERT_EQ(notices_.size(), 1);
  EXPECT_TRUE(notices_[0].contains(QStringLiteral("already"))) << notices_[0].toStdString();
}

TEST_F(ConfigureFiles, ReadyMadeConfigsCannotBeRenamed) {
  const auto ours = root_ / "ours";
  std::filesystem::create_directories(ours);
  writeFileAtomically(ours / "ready.yaml", kText);
  pane_.setRoots({{QStringLiteral("Workspace"), workspace_, true}, {QStringLiteral("Ready-made"), ours, false}});
  ASSERT_TRUE(pane_.open(QString::fromStdString((ours / "ready.yaml").string())));
  EXPECT_FALSE(pane_.findChild<ConfigList*>()->tree()->currentIndex().flags().testFlag(Qt::ItemIsEditable));
}

TEST_F(ConfigureFiles, RevertIsOneStepBack) {
  ASSERT_TRUE(pane_.open(file()));
  pane_.editor()->append(QStringLiteral("seed: 5\n"));
  pane_.revert();
  EXPECT_EQ(pane_.editor()->bytes(), kText);
  pane_.editor()->undo();
  EXPECT_EQ(pane_.editor()->bytes(), kText + "seed: 5\n");
}

}  // namespace
}  // namespace counterpoint
