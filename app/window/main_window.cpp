// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/main_window.h"

#include "app/window/welcome_page.h"
#include "app/window/worker_process.h"
#include "core/base/error.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/common/pane.h"

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kWidth = 1440, kHeight = 900;
constexpr int kSessionMilliseconds = 2000;

const struct {
  const char *identifier, *title, *icon;
} kPerspectives[] = {
    {"train", "Train", "plots"},          {"review", "Review", "clips"},     {"retrieve", "Retrieve", "retrieve"},
    {"adapters", "Adapters", "adapters"}, {"inspect", "Inspect", "inspect"},
};

}  // namespace

MainWindow::MainWindow(Theme& theme, bool safe) : theme_(theme), preferences_(safe), recent_(preferences_) {
  setObjectName(QStringLiteral("mainWindow"));
  const QByteArray forced = qgetenv("QT_SCALE_FACTOR");
  scale_ = forced.isEmpty() ? preferences_.scale() : forced.toDouble();
  setAccessibleName(tr("Counterpoint"));
  setAcceptDrops(true);
  setAutoFillBackground(true);
  stack_ = new QStackedWidget;
  stack_->setAccessibleName(tr("Perspectives"));
  welcome_ = new WelcomePage;
  stack_->addWidget(welcome_);
  for (const auto& row : kPerspectives) {
    auto* perspective =
        new Perspective(QString::fromLatin1(row.identifier), tr(row.title), QString::fromLatin1(row.icon));
    perspectives_.push_back(perspective);
    connect(perspective, &Perspective::layoutRefused, this, [this, perspective] {
      notify(
          {Severity::Info, tr("The layout of %1 cannot be used; it is as shipped").arg(perspective->title()), {}, {}});
    });
    stack_->addWidget(perspective);
  }
  connect(&actions_, &ActionRegistry::added, this, [this](const QString& id) {
    for (const ActionSpec& spec : actions_.specs()) {
      if (spec.id == id && !spec.scope) addAction(actions_.action(id));
    }
  });
  registerActions();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* bar = new NoticeBar(notices_);
  connect(bar, &NoticeBar::listRequested, this, &MainWindow::showNotices);
  questions_ = new QuestionBar;
  column->addWidget(makeTopBar());
  column->addWidget(questions_);
  column->addWidget(stack_, 1);
  column->addWidget(bar);
  column->addWidget(makeStatusStrip());
  connect(welcome_, &WelcomePage::sampleRequested, this, &MainWindow::chooseSampleFolder);
  connect(welcome_, &WelcomePage::openRequested, this, &MainWindow::chooseWorkspace);
  connect(welcome_, &WelcomePage::ownRequested, this, [this] { showNewWorkspace(); });
  connect(welcome_, &WelcomePage::recentChosen, this, &MainWindow::requestPath);
  connect(welcome_, &WelcomePage::recentRemoved, &recent_, &RecentItems::remove);
  connect(welcome_, &WelcomePage::brokenRemoved, &recent_, &RecentItems::removeBroken);
  connect(&recent_, &RecentItems::changed, this, &MainWindow::offerRecent);
  connect(this, &MainWindow::runOpenRequested, this,
          [this](const QString& folder) { recent_.add(RecentKind::Run, folder); });
  offerRecent();
  connect(&notices_, &NoticeLog::added, this, [this] {
    const int count = notices_.rowCount();
    noticeStatus_->setText(count == 1 ? tr("1 notice") : tr("%1 notices").arg(count));
    noticeStatus_->setVisible(true);
  });
  sessionWriter_.setMaxThreadCount(1);
  connect(&sessionTimer_, &QTimer::timeout, this, &MainWindow::saveIfChanged);
  sessionTimer_.start(kSessionMilliseconds);
  resize(kWidth, kHeight);
  showWelcome();
  updateTitle();
  // After the window is there: nothing that a probe finds may delay it.
  connect(this, &MainWindow::firstPainted, this, &MainWindow::probeRankProgram, Qt::QueuedConnection);
  connect(this, &MainWindow::firstPainted, &recent_, &RecentItems::look, Qt::QueuedConnection);
}

MainWindow::~MainWindow() { sessionWriter_.waitForDone(); }

QWidget* MainWindow::makeTopBar() {
  auto* bar = new QWidget;
  bar->setObjectName(QStringLiteral("topBar"));
  bar->setAttribute(Qt::WA_StyledBackground);
  bar->setAccessibleName(tr("Perspectives and commands"));
  bar->setFixedHeight(measures::kTabs);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(measures::kGap, 0, measures::kGap, 0);
  row->setSpacing(0);
  auto* main = new QToolButton;
  main->setIcon(icon(QStringLiteral("counterpoint")));
  main->setText(tr("Counterpoint"));
  main->setFont(uiFont(measures::kMedium, true));
  main->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  main->setPopupMode(QToolButton::InstantPopup);
  main->setAccessibleName(tr("Main menu"));
  actions_.keepToolTip(main, QStringLiteral("help.menu"), tr("Main menu"));
  main->setObjectName(QStringLiteral("mainMenu"));
  menu_ = new QMenu(main);
  main->setMenu(menu_);
  connect(menu_, &QMenu::aboutToShow, this, &MainWindow::rebuildMenu);
  row->addWidget(main);
  row->addSpacing(measures::kGroupGap);
  for (Perspective* perspective : perspectives_) {
    auto* tab = new QToolButton;
    tab->setDefaultAction(actions_.action(QStringLiteral("view.%1").arg(perspective->identifier())));
    tab->setToolButtonStyle(Qt::ToolButtonTextOnly);
    tab->setText(perspective->title());
    tab->setProperty("perspective", true);
    tab->setAccessibleName(tr("Perspective %1").arg(perspective->title()));
    tab->setVisible(false);
    tabs_[perspective->identifier()] = tab;
    row->addWidget(tab);
  }
  row->addStretch(1);
  auto* search = new QPushButton(icon(QStringLiteral("search")), tr("Search or command"));
  search->setFlat(true);
  search->setAccessibleName(tr("Search or command"));
  actions_.keepToolTip(search, QStringLiteral("help.palette"));
  connect(search, &QPushButton::clicked, actions_.action(QStringLiteral("help.palette")), &QAction::trigger);
  row->addWidget(search);
  return bar;
}

QWidget* MainWindow::makeStatusStrip() {
  auto* strip = new QWidget;
  strip->setAccessibleName(tr("Status"));
  strip->setFixedHeight(measures::kRow);
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(measures::kEdge, 0, measures::kGap, 0);
  row->setSpacing(2 * measures::kGroupGap);
  const auto label = [row](const QString& name) {
    auto* made = new QLabel;
    made->setAccessibleName(name);
    made->setFont(tabularFont());
    setTextRole(made, "quiet");
    row->addWidget(made);
    return made;
  };
  workspaceStatus_ = label(tr("Workspace"));
  runStatus_ = label(tr("Runs"));
  modelStatus_ = label(tr("Model"));
  taskStatus_ = label(tr("Task"));
  row->addStretch(1);
  noticeStatus_ = new QPushButton;
  noticeStatus_->setFlat(true);
  noticeStatus_->setAccessibleName(tr("Show all notices"));
  actions_.keepToolTip(noticeStatus_, QStringLiteral("help.notices"));
  noticeStatus_->hide();
  connect(noticeStatus_, &QPushButton::clicked, this, &MainWindow::showNotices);
  row->addWidget(noticeStatus_);
  return strip;
}

Perspective* MainWindow::find(const QString& identifier) const {
  for (Perspective* perspective : perspectives_) {
    if (perspective->identifier() == identifier) return perspective;
  }
  return nullptr;
}

Pane* MainWindow::pane(const QString& identifier) const {
  for (const Perspective* perspective : perspectives_) {
    for (Pane* pane : perspective->panes()) {
      if (pane->identifier() == identifier) return pane;
    }
  }
  return nullptr;
}

void MainWindow::addPane(const QString& perspective, Pane* pane, PanePlace place, double share, bool tabbed) {
  Perspective* room = find(perspective);
  if (!room) throw Error(ErrorKind::Bug, "there is no perspective " + perspective.toStdString());
  room->addPane(pane, place, share, tabbed);
  connect(pane, &Pane::noticed, this, &MainWindow::notify);
  pane->registerActions(actions_);
  const QString identifier = pane->identifier();
  actions_.add({QStringLiteral("view.pane.%1").arg(identifier),
                tr("Show %1").arg(pane->title()),
                tr("View"),
                {},
                {},
                {},
                tr("Go to the pane %1").arg(pane->title()),
                false,
                [this, identifier] { showPane(identifier); },
                [this] { return session_ != nullptr; }});
  tabs_[perspective]->setVisible(session_ != nullptr);
}

void MainWindow::showPerspective(const QString& identifier) {
  Perspective* room = find(identifier);
  if (!room || room->panes().empty() || !session_) return;
  stack_->setCurrentWidget(room);
  for (const auto& [name, tab] : tabs_) tab->defaultAction()->setChecked(name == identifier);
  room->panes().front()->setFocus(Qt::OtherFocusReason);
  actions_.refresh();
  emit perspectiveChanged(identifier);
}

void MainWindow::showWelcome() {
  stack_->setCurrentWidget(welcome_);
  recent_.look();
  welcome_->sampleButton()->setFocus(Qt::OtherFocusReason);
}

void MainWindow::showPane(const QString& identifier) {
  for (Perspective* perspective : perspectives_) {
    for (Pane* pane : perspective->panes()) {
      if (pane->identifier() != identifier) continue;
      showPerspective(perspective->identifier());
      perspective->reveal(pane);
    }
  }
}

void MainWindow::setRunStatus(const QString& text, const QString& tip) {
  runStatus_->setText(text);
  runStatus_->setToolTip(tip);
}

void MainWindow::setModelStatus(const QString& text, const QString& tip) {
  modelStatus_->setText(text);
  modelStatus_->setToolTip(tip);
}

void MainWindow::setTaskStatus(const QString& text) { taskStatus_->setText(text); }

void MainWindow::updateTitle() {
  const QString program = preferences_.isSafe() ? tr("Counterpoint, safe mode") : tr("Counterpoint");
  if (!session_) {
    setWindowTitle(program);
    workspaceStatus_->setText(tr("No workspace open"));
    return;
  }
  const QString given = QString::fromStdString(workspace()->name);
  const QString name = workspace()->synthetic ? tr("%1 (synthetic)").arg(given) : given;
  setWindowTitle(tr("%1 – %2").arg(name, program));
  workspaceStatus_->setText(name);
  workspaceStatus_->setToolTip(workspacePath());
}

void MainWindow::setTheme(const QString& name) {
  preferences_.setTheme(name);
  theme_.apply(Theme::byName(name));
}

void MainWindow::applyKeys() {
  if (keysApplied_) return;
  keysApplied_ = true;
  for (const QString& id : actions_.setOwnKeys(preferences_.keys())) {
    notify({Severity::Warning,
            tr("The key that you gave to “%1” is taken; it has the one as shipped").arg(actions_.action(id)->text()),
            {},
            tr("Give it another one in the preferences.")});
  }
  connect(&actions_, &ActionRegistry::keysChanged, this, [this] {
    if (!preferences_.isSafe()) preferences_.setKeys(actions_.ownKeys());
  });
}

void MainWindow::showEvent(QShowEvent* event) {
  applyKeys();  // all panes have brought their actions by now
  QWidget::showEvent(event);
}

void MainWindow::comeForward() {
  if (isMinimized()) showNormal();
  show();
  raise();
  activateWindow();
  QApplication::alert(this);
}

void MainWindow::paintEvent(QPaintEvent* event) {
  QWidget::paintEvent(event);
  if (painted_) return;
  painted_ = true;
  emit firstPainted();
}

void MainWindow::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  // The desktop changed its colours: follow it where the person asked for that.
  if (event->type() == QEvent::ThemeChange && theme_.name() == ThemeName::System) theme_.apply(ThemeName::System);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  bool mayClose = true;
  emit closeAsked(&mayClose);
  if (!mayClose) {
    event->ignore();
    return;
  }
  saveSession();
  event->accept();
}

}  // namespace counterpoint
