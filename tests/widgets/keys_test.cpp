// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that a person changes: conflicts are shown and refused, gone keys come back, texts follow.
#include <gtest/gtest.h>

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "tests/support/accessible_walk.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/command_palette.h"
#include "widgets/common/data_table.h"
#include "widgets/common/keys_editor.h"
#include "widgets/common/question_bar.h"

namespace counterpoint {
namespace {

class Keys : public ::testing::Test {
 protected:
  Keys() {
    add("file.open", "Open", "Ctrl+O");
    add("file.save", "Save", "Ctrl+S");
    add("left.find", "Find left", "Ctrl+F", &left_);
    add("right.find", "Find right", "Ctrl+F", &right_);
    add("help.none", "Without a key", "");
    window_.show();
    window_.activateWindow();
  }
  void add(const char* id, const char* text, const char* key, QWidget* scope = nullptr) {
    ActionSpec spec{QString::fromLatin1(id), QString::fromLatin1(text), QStringLiteral("Test"),
                    QString::fromLatin1(key)};
    spec.scope = scope;
    spec.run = [this, id] { ran_ << QString::fromLatin1(id); };
    QAction* action = registry_.add(spec);
    if (!scope) window_.addAction(action);
  }

  QWidget window_;
  QWidget left_{&window_}, right_{&window_};
  ActionRegistry registry_;
  QStringList ran_;
};

TEST_F(Keys, AKeyThatIsTakenIsRefusedUntilItIsFree) {
  const QString none = QStringLiteral("help.none"), key = QStringLiteral("Ctrl+S");
  EXPECT_EQ(registry_.conflicts(none, key), QStringList{"file.save"});
  EXPECT_FALSE(registry_.setKey(none, key));
  EXPECT_EQ(registry_.key(none), QString());
  ASSERT_TRUE(registry_.setKey(QStringLiteral("file.save"), {}));
  EXPECT_TRUE(registry_.setKey(none, key));
  EXPECT_EQ(registry_.ownKeys(), (QMap<QString, QString>{{"file.save", ""}, {"help.none", "Ctrl+S"}}));
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window_));
  QTest::keyClick(&window_, Qt::Key_S, Qt::ControlModifier);
  EXPECT_EQ(ran_, QStringList{"help.none"});
}

TEST_F(Keys, ScopesThatNeverMeetMayShareAKeyAndAWindowWideOneMeetsAll) {
  EXPECT_TRUE(registry_.conflicts(QStringLiteral("left.find"), QStringLiteral("Ctrl+F")).isEmpty());
  EXPECT_EQ(registry_.conflicts(QStringLiteral("help.none"), QStringLiteral("Ctrl+F")),
            (QStringList{"left.find", "right.find"}));
  EXPECT_TRUE(registry_.setKey(QStringLiteral("left.find"), QStringLiteral("Ctrl+G")));
  EXPECT_TRUE(registry_.setKey(QStringLiteral("right.find"), QStringLiteral("Ctrl+G")));
  EXPECT_FALSE(registry_.setKey(QStringLiteral("file.open"), QStringLiteral("Ctrl+G")));
}

TEST_F(Keys, OwnKeysComeBeforeShippedOnesAlsoForActionsThatComeLater) {
  ActionRegistry later;
  const QMap<QString, QString> own{{"new.one", "Ctrl+O"}, {"gone.one", "Ctrl+Q"}};
  EXPECT_TRUE(later.setOwnKeys(own).isEmpty());
  later.add({QStringLiteral("old.one"), QStringLiteral("Old"), QStringLiteral("Test"), QStringLiteral("Ctrl+O")});
  later.add({QStringLiteral("new.one"), QStringLiteral("New"), QStringLiteral("Test")});
  EXPECT_TRUE(later.setOwnKeys(own).isEmpty());  // as the window does once all panes are there
  EXPECT_EQ(later.key(QStringLiteral("new.one")), QStringLiteral("Ctrl+O"));
  EXPECT_EQ(later.key(QStringLiteral("old.one")), QString());
  EXPECT_EQ(later.ownKeys(), own);  // an action of another version keeps its key
  EXPECT_EQ(later.setOwnKeys({{"new.one", "Ctrl+K"}, {"old.one", "Ctrl+K"}}).size(), 1);
}

TEST_F(Keys, WhatLeavesAControlIsNoKey) {
  for (const char* key : {"Tab", "Shift+Tab", "Esc"}) {
    EXPECT_FALSE(ActionRegistry::keyProblem(QString::fromLatin1(key)).isEmpty()) << key;
    EXPECT_FALSE(registry_.setKey(QStringLiteral("help.none"), QString::fromLatin1(key))) << key;
  }
}

TEST_F(Keys, TooltipsAndTheSheetFollow) {
  QToolButton button;
  registry_.keepToolTip(&button, QStringLiteral("file.save"), QStringLiteral("Save it"));
  EXPECT_EQ(button.toolTip(), QStringLiteral("Save it (Ctrl+S)"));
  ASSERT_TRUE(registry_.setKey(QStringLiteral("file.save"), QStringLiteral("Alt+W")));
  EXPECT_EQ(button.toolTip(), QStringLiteral("Save it (Alt+W)"));
  EXPECT_EQ(registry_.action(QStringLiteral("file.save"))->toolTip(), QStringLiteral("Save (Alt+W)"));
  ShortcutSheet sheet(registry_, nullptr);
  QStringList texts;
  for (const auto* label : sheet.findChildren<QLabel*>()) texts << label->text();
  sheet.setAttribute(Qt::WA_DeleteOnClose, false);
  EXPECT_TRUE(texts.contains(QStringLiteral("Alt+W")));
  EXPECT_FALSE(texts.contains(QStringLiteral("Ctrl+S")));
}

TEST_F(Keys, TheEditorShowsTheConflictAndSolvesIt) {
  KeysEditor editor(registry_);
  editor.show();
  EXPECT_EQ(testing::unnamedControls(&editor).join(QLatin1Char('\n')).toStdString(), "");
  EXPECT_FALSE(editor.field()->isEnabled());
  editor.choose(QStringLiteral("help.none"));
  ASSERT_EQ(editor.chosen(), QStringLiteral("help.none"));
  editor.field()->setFocus();
  QTest::keyClick(editor.field(), Qt::Key_Control, Qt::ControlModifier);
  EXPECT_TRUE(editor.field()->key().isEmpty());
  QTest::keyClick(editor.field(), Qt::Key_O, Qt::ControlModifier);
  EXPECT_EQ(editor.field()->key(), QStringLiteral("Ctrl+O"));
  EXPECT_TRUE(ran_.isEmpty()) << "the key ran its action while it was typed";
  EXPECT_TRUE(editor.problem()->text().contains(QStringLiteral("“Open”"))) << editor.problem()->text().toStdString();
  EXPECT_FALSE(editor.setButton()->isEnabled());
  ASSERT_TRUE(editor.takeButton()->isVisible());
  QTest::mouseClick(editor.takeButton(), Qt::LeftButton);
  EXPECT_EQ(registry_.key(QStringLiteral("help.none")), QStringLiteral("Ctrl+O"));
  EXPECT_EQ(registry_.key(QStringLiteral("file.open")), QString());
  // The other's row says where its key went, and does not get it back while it is taken.
  editor.choose(QStringLiteral("file.open"));
  const auto* model = editor.table()->model();
  EXPECT_EQ(model->index(editor.table()->currentIndex().row(), 4).data().toString(),
            QStringLiteral("Ctrl+O went to “Without a key”"));
  QTest::mouseClick(editor.resetButton(), Qt::LeftButton);
  EXPECT_EQ(registry_.key(QStringLiteral("file.open")), QString());
  EXPECT_TRUE(editor.problem()->text().contains(QStringLiteral("“Without a key”")));
  QTest::mouseClick(editor.resetAllButton(), Qt::LeftButton);
  EXPECT_EQ(registry_.key(QStringLiteral("file.open")), QStringLiteral("Ctrl+O"));
  EXPECT_EQ(registry_.key(QStringLiteral("help.none")), QString());
  EXPECT_FALSE(editor.resetAllButton()->isEnabled());
}

TEST_F(Keys, TheEditorFindsCommandsByWordsAndKeys) {
  KeysEditor editor(registry_);
  editor.search()->setText(QStringLiteral("ctrl+f"));
  EXPECT_EQ(editor.table()->model()->rowCount(), 2);
  editor.search()->setText(QStringLiteral("find right"));
  EXPECT_EQ(editor.table()->model()->rowCount(), 1);
  editor.search()->clear();
  EXPECT_EQ(editor.table()->model()->rowCount(), 5);
  ActionSpec passing{QStringLiteral("recent.1"), QStringLiteral("Open this"), QStringLiteral("Recent")};
  passing.passing = true;
  registry_.add(passing);
  EXPECT_EQ(editor.table()->model()->rowCount(), 5);
  registry_.remove(QStringLiteral("file.open"));
  EXPECT_EQ(registry_.action(QStringLiteral("file.open")), nullptr);
  EXPECT_EQ(editor.table()->model()->rowCount(), 4);
}

TEST(QuestionBar, WaitsForItsAnswerAndLeaves) {
  QuestionBar bar;
  int first = 0;
  bar.ask({QStringLiteral("a"),
           QStringLiteral("Which?"),
           {{QStringLiteral("This"), {}, [&] { ++first; }}, {QStringLiteral("That"), {}, {}}}});
  bar.ask({QStringLiteral("b"), QStringLiteral("And?"), {{QStringLiteral("Yes"), {}, {}}}});
  EXPECT_TRUE(bar.isVisible());
  EXPECT_EQ(testing::unnamedControls(&bar).join(QLatin1Char('\n')).toStdString(), "");
  EXPECT_EQ(bar.asked(), (QStringList{"a", "b"}));
  QTest::mouseClick(bar.button(QStringLiteral("a"), 0), Qt::LeftButton);
  EXPECT_EQ(first, 1);
  EXPECT_EQ(bar.asked(), QStringList{"b"});
  QTest::keyClick(bar.button(QStringLiteral("b"), 0), Qt::Key_Space);
  EXPECT_TRUE(bar.asked().isEmpty());
  EXPECT_FALSE(bar.isVisible());
}

}  // namespace
}  // namespace counterpoint
