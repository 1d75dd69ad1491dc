// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/new_workspace_dialog.h"

#include "core/base/error.h"
#include "core/media/column_guess.h"
#include "core/sample/own_workspace.h"
#include "widgets/common/data_table.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"
#include "widgets/configure/finding_list.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <optional>
#include <utility>

namespace counterpoint {
namespace {

constexpr int kWidth = 880, kHeight = 660, kFindingsHeight = 4 * measures::kRow;
constexpr std::size_t kShownRows = 100;
constexpr int kRoleColumns = 3;
const char* const kSplitNames[] = {"train", "val", "test"};

QLabel* headingOf(const QString& text, QWidget* buddy = nullptr) {
  auto* label = new QLabel(text);
  label->setFont(uiFont(measures::kMedium, true));
  label->setBuddy(buddy);
  return label;
}

QPushButton* plainButton(const QString& text, const QString& name) {
  auto* button = new QPushButton(text);
  button->setAccessibleName(name);
  button->setAutoDefault(false);
  return button;
}

QVBoxLayout* columnOf(QWidget* box) {
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(measures::kGrid);
  return column;
}

}  // namespace

struct NewWorkspaceDialog::Job {
  QString source;
  std::shared_ptr<const OwnSource> read;   // null: to be read
  std::optional<OwnTableOptions> options;  // without: as guessed
};

struct NewWorkspaceDialog::Answer {
  std::shared_ptr<const OwnSource> read;
  OwnTableOptions options;
  OwnTable table;
  QString trouble;
};

NewWorkspaceDialog::NewWorkspaceDialog(const QString& home, QWidget* parent)
    : QDialog(parent),
      home_(home),
      source_(new QLineEdit),
      target_(new QLineEdit),
      deal_(new QCheckBox(tr("Deal them anew"))),
      shares_{new QSpinBox, new QSpinBox, new QSpinBox},
      seed_(new QSpinBox),
      preview_(new DataTable(tr("First clips as they will stand in the workspace"))),
      rows_(new QStandardItemModel(this)),
      area_(new QScrollArea),
      findings_(new FindingList(false)),
      state_(new QLabel),
      make_(new QPushButton(tr("Make and open"))),
      close_(plainButton(tr("Cancel"), tr("Cancel"))) {
  setObjectName(QStringLiteral("newWorkspace"));
  setWindowTitle(tr("New workspace from my folder"));
  setAccessibleName(windowTitle());
  setAttribute(Qt::WA_DeleteOnClose);
  pool_.setMaxThreadCount(1);
  pool_.setObjectName(QStringLiteral("own clips"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(measures::kGroupGap, measures::kGroupGap, measures::kGroupGap, measures::kGroupGap);
  column->setSpacing(measures::kEdge);
  column->addWidget(makeSource());
  column->addWidget(makeColumns());
  preview_->setModel(rows_);
  preview_->setSortingEnabled(false);
  preview_->horizontalHeader()->setStretchLastSection(false);
  column->addWidget(preview_, 1);
  column->addWidget(makeSplits());
  area_->setAccessibleName(tr("What was found"));
  findings_->setAccessibleName(tr("What was found"));
  area_->setWidget(findings_);
  area_->setWidgetResizable(true);
  area_->setFrameShape(QFrame::NoFrame);
  area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area_->setFocusPolicy(Qt::NoFocus);
  area_->hide();
  column->addWidget(area_);
  column->addWidget(makeTarget());
  connect(findings_, &FindingList::mendAsked, this, &NewWorkspaceDialog::mend);
  showTable();
  resize(kWidth, kHeight);
}

NewWorkspaceDialog::~NewWorkspaceDialog() {
  // Hiding takes the focus from a field, which then says that it was edited.
  for (QObject* part : findChildren<QObject*>()) part->disconnect(this);
  stop_.request_stop();
  pool_.clear();
  pool_.waitForDone();
}

QWidget* NewWorkspaceDialog::makeSource() {
  auto* box = new QWidget;
  box->setAccessibleName(tr("Your clips"));
  auto* column = columnOf(box);
  source_->setAccessibleName(tr("Your table or folder of clips"));
  source_->setPlaceholderText(tr("A table with one line a clip (.csv, .tsv), or a folder of clips"));
  auto* table = plainButton(tr("Table…"), tr("Choose your table of clips"));
  auto* folder = plainButton(tr("Folder…"), tr("Choose your folder of clips"));
  column->addWidget(headingOf(tr("Your &clips"), source_));
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  row->addWidget(source_, 1);
  row->addWidget(table);
  row->addWidget(folder);
  column->addLayout(row);
  auto* note = new QLabel(tr("They are only read, and stay where they are."));
  setTextRole(note, "quiet");
  note->setFont(uiFont(measures::kSmall));
  column->addWidget(note);
  connect(source_, &QLineEdit::editingFinished, this, [this] { setSource(source_->text()); });
  const auto start = [this] { return source_->text().isEmpty() ? home_ : QFileInfo(source_->text()).absolutePath(); };
  connect(table, &QPushButton::clicked, this, [this, start] {
    const QString file = QFileDialog::getOpenFileName(this, tr("Your table of clips"), start(),
                                                      tr("Tables (*.csv *.tsv *.tab *.txt);;All files (*)"));
    if (!file.isEmpty()) setSource(file);
  });
  connect(folder, &QPushButton::clicked, this, [this, start] {
    const QString chosen = QFileDialog::getExistingDirectory(this, tr("Your folder of clips"), start());
    if (!chosen.isEmpty()) setSource(chosen);
  });
  return box;
}

QWidget* NewWorkspaceDialog::makeColumns() {
  auto* box = new QWidget;
  box->setAccessibleName(tr("Columns"));
  auto* column = columnOf(box);
  column->addWidget(headingOf(tr("Which column is what")));
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(measures::kGroupGap);
  grid->setVerticalSpacing(measures::kGrid);
  int number = 0;
  for (const ColumnRole& role : kColumnRoles) {
    auto* choice = new QComboBox;
    choice->setAccessibleName(tr("Column of: %1").arg(tr(role.title)));
    choice->setToolTip(tr(role.meaning));
    choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    choice->setMinimumContentsLength(12);
    choice->setEnabled(false);
    auto* label = new QLabel(tr(role.title));
    label->setBuddy(choice);
    label->setToolTip(tr(role.meaning));
    const int row = number / kRoleColumns, place = 2 * (number % kRoleColumns);
    grid->addWidget(label, row, place);
    grid->addWidget(choice, row, place + 1);
    grid->setColumnStretch(place + 1, 1);
    columns_[role.key] = choice;
    connect(choice, &QComboBox::currentIndexChanged, this, [this] {
      if (!filling_) ask(false);
    });
    ++number;
  }
  column->addLayout(grid);
  return box;
}

QWidget* NewWorkspaceDialog::makeSplits() {
  auto* box = new QWidget;
  box->setAccessibleName(tr("Splits"));
  auto* column = columnOf(box);
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  row->addWidget(headingOf(tr("Splits, by study")));
  row->addSpacing(measures::kGroupGap);
  deal_->setAccessibleName(tr("Deal the studies anew, whatever the column says"));
  deal_->setToolTip(deal_->accessibleName());
  row->addWidget(deal_);
  constexpr int kShares[] = {80, 10, 10};
  for (int i = 0; i < 3; ++i) {
    shares_[i]->setRange(i == 0 ? 1 : 0, 100);
    shares_[i]->setValue(kShares[i]);
    shares_[i]->setSuffix(tr(" %"));
    shares_[i]->setAccessibleName(tr("Share of %1").arg(QLatin1String(kSplitNames[i])));
    shares_[i]->setKeyboardTracking(false);
    auto* label = new QLabel(QLatin1String(kSplitNames[i]));
    label->setBuddy(shares_[i]);
    row->addWidget(label);
    row->addWidget(shares_[i]);
    connect(shares_[i], &QSpinBox::valueChanged, this, [this] { ask(false); });
  }
  seed_->setRange(0, 1'000'000);
  seed_->setAccessibleName(tr("Seed of the deal"));
  seed_->setToolTip(tr("The same seed deals the same"));
  seed_->setKeyboardTracking(false);
  auto* seedLabel = new QLabel(tr("seed"));
  seedLabel->setBuddy(seed_);
  row->addWidget(seedLabel);
  row->addWidget(seed_);
  row->addStretch(1);
  column->addLayout(row);
  state_->setWordWrap(true);
  state_->setTextFormat(Qt::PlainText);
  state_->setAccessibleName(tr("What the workspace will hold"));
  column->addWidget(state_);
  connect(deal_, &QCheckBox::toggled, this, [this] {
    if (!filling_) ask(false);
  });
  connect(seed_, &QSpinBox::valueChanged, this, [this] { ask(false); });
  return box;
}

QWidget* NewWorkspaceDialog::makeTarget() {
  auto* box = new QWidget;
  box->setAccessibleName(tr("The new workspace"));
  auto* column = columnOf(box);
  target_->setAccessibleName(tr("Folder of the new workspace"));
  target_->setPlaceholderText(tr("A folder that does not exist yet"));
  column->addWidget(headingOf(tr("&Save as"), target_));
  auto* row = new QHBoxLayout;
  row->setSpacing(measures::kGap);
  auto* choose = plainButton(tr("Choose…"), tr("Choose where the new workspace lies"));
  make_->setProperty("primary", true);
  make_->setAutoDefault(false);  // Enter in a field takes the field
  row->addWidget(target_, 1);
  row->addWidget(choose);
  row->addSpacing(measures::kGroupGap);
  row->addWidget(close_);
  row->addWidget(make_);
  column->addLayout(row);
  connect(target_, &QLineEdit::textEdited, this, [this] {
    targetTyped_ = true;
    showTable();
  });
  connect(choose, &QPushButton::clicked, this, [this] {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Where the new workspace lies"), home_);
    if (folder.isEmpty()) return;
    // An empty folder is it; in another one it gets a folder of its own.
    const QString name = QFileInfo(target_->text()).fileName();
    target_->setText(QDir(folder).isEmpty() || name.isEmpty() ? folder : QDir(folder).filePath(name));
    targetTyped_ = true;
    showTable();
  });
  connect(close_, &QPushButton::clicked, this, &QDialog::close);
  connect(make_, &QPushButton::clicked, this, &NewWorkspaceDialog::write);
  return box;
}

void NewWorkspaceDialog::setSource(const QString& path) {
  QString whole = path.trimmed();
  if (whole.startsWith(QLatin1String("~/"))) whole = QDir::homePath() + whole.mid(1);
  if (whole.isEmpty() || (read_ && QString::fromStdString(read_->path.string()) == whole)) return;
  source_->setText(whole);
  if (!targetTyped_) {
    const QFileInfo info(whole);
    const QString name = QStringLiteral("%1-workspace").arg(info.isDir() ? info.fileName() : info.completeBaseName());
    QString folder = QDir(home_).filePath(name);
    for (int number = 2; QFileInfo::exists(folder); ++number)
      folder = QDir(home_).filePath(QStringLiteral("%1-%2").arg(name).arg(number));
    target_->setText(folder);
  }
  ask(true);
}

OwnTableOptions NewWorkspaceDialog::options() const {
  OwnTableOptions options;
  for (const ColumnRole& role : kColumnRoles)
    options.columns.*role.column = columns_.at(role.key)->currentData().toString().toStdString();
  options.dealSplits = deal_->isChecked();
  for (std::size_t i = 0; i < options.shares.size(); ++i) options.shares[i] = shares_[i]->value();
  options.seed = static_cast<std::uint64_t>(seed_->value());
  return options;
}

void NewWorkspaceDialog::ask(bool read) {
  if (!read && !read_) return;
  Job job{source_->text(), read ? nullptr : read_, {}};
  if (!read) job.options = options();
  stop_.request_stop();
  stop_ = std::stop_source();
  setBusy(true, read ? tr("Reading…") : tr("Looking…"));
  pool_.clear();
  pool_.start([this, job = std::move(job), token = stop_.get_token(), number = ++asked_] {
    auto answer = std::make_shared<Answer>();
    try {
      answer->read =
          job.read ? job.read : std::make_shared<const OwnSource>(readOwnSource(job.source.toStdString(), token));
      answer->options = job.options.value_or(OwnTableOptions{guessColumns(*answer->read)});
      answer->table = makeOwnTable(*answer->read, answer->options);
    } catch (const std::exception& error) {
      answer->trouble = QString::fromStdString(describe(error));
    }
    QMetaObject::invokeMethod(
        this,
        [this, answer, number] {
          if (number == asked_) take(*answer);
        },
        Qt::QueuedConnection);
  });
}

void NewWorkspaceDialog::take(const Answer& answer) {
  const bool other = read_ != answer.read;
  read_ = answer.read;
  table_ = answer.table;
  if (other && read_) {
    filling_ = true;
    showColumns();
    for (const ColumnRole& role : kColumnRoles) {
      QComboBox* choice = columns_.at(role.key);
      choice->setCurrentIndex(
          std::max(0, choice->findData(QString::fromStdString(answer.options.columns.*role.column))));
    }
    deal_->setChecked(answer.options.dealSplits);
    filling_ = false;
  }
  setBusy(false);
  if (!answer.trouble.isEmpty()) {
    setTextRole(state_, "bad");
    state_->setText(answer.trouble);
  }
}

void NewWorkspaceDialog::showColumns() {
  for (const ColumnRole& role : kColumnRoles) {
    QComboBox* choice = columns_.at(role.key);
    choice->clear();
    choice->addItem(role.column == &StudyColumns::file ? tr("Choose…") : tr("(none)"), QString());
    for (const auto& name : read_->columns) {
      const QString text = QString::fromStdString(name);
      if (!text.isEmpty()) choice->addItem(text, text);
    }
  }
}

QString NewWorkspaceDialog::state() const { return state_->text(); }

void NewWorkspaceDialog::setBusy(bool busy, const QString& doing) {
  busy_ = busy;
  for (auto& [role, choice] : columns_) choice->setEnabled(read_ != nullptr);
  showTable();
  if (!busy) return;
  setTextRole(state_, "quiet");
  state_->setText(doing);
}

void NewWorkspaceDialog::showTable() {
  rows_->clear();
  QStringList titles;
  for (const ColumnRole& role : kColumnRoles) titles << tr(role.title);
  rows_->setHorizontalHeaderLabels(titles);
  for (std::size_t i = 0; i < std::min(kShownRows, table_.rows.size()); ++i) {
    const OwnRow& row = table_.rows[i];
    QList<QStandardItem*> items;
    for (const std::string* field : {&row.file, &row.study, &row.split, &row.report, &row.view, &row.rWave}) {
      auto* item = new QStandardItem(QString::fromStdString(*field).simplified());
      item->setEditable(false);
      item->setToolTip(QString::fromStdString(*field));
      items << item;
    }
    if (!row.there) {
      items[0]->setText(tr("%1 (not there)").arg(items[0]->text()));
      items[0]->setForeground(roles().bad);
    }
    if (row.split.empty()) items[2]->setText(tr("not used"));
    rows_->appendRow(items);
  }
  constexpr int kWidths[] = {190, 120, 70, 270, 90, 80};
  for (int i = 0; i < 6; ++i) preview_->horizontalHeader()->resizeSection(i, kWidths[i]);

  findings_->setFindings(table_.findings);
  area_->setVisible(!table_.findings.empty());
  area_->setFixedHeight(std::min(kFindingsHeight, findings_->heightFor(area_->width())));
  const bool column = read_ && !columns_.at("split")->currentData().toString().isEmpty();
  const bool dealing = read_ && (!column || deal_->isChecked());
  deal_->setEnabled(column);
  for (QSpinBox* share : shares_) share->setEnabled(dealing);
  seed_->setEnabled(dealing);

  QStringList counts;
  for (const char* name : {"train", "val", "test", ""}) {
    for (const auto& split : table_.splits) {
      if (split.split != name) continue;
      const QString clips =
          split.clips == 1 ? tr("1 clip") : tr("%1 clips").arg(countText(static_cast<qint64>(split.clips)));
      const QString studies =
          split.studies == 1 ? tr("1 study") : tr("%1 studies").arg(countText(static_cast<qint64>(split.studies)));
      counts << tr("%1: %2 of %3").arg(*name ? QString::fromLatin1(name) : tr("not used"), clips, studies);
    }
  }
  setTextRole(state_, "quiet");
  state_->setText(counts.isEmpty() ? tr("Choose a table or a folder first.") : counts.join(QStringLiteral("   ")));
  const QFileInfo target(target_->text());
  const bool taken = target.exists() && !(target.isDir() && QDir(target.filePath()).isEmpty());
  const bool some = !table_.rows.empty() && table_.missing < table_.rows.size();
  make_->setText(some && !table_.canTrain() ? tr("Make without training") : tr("Make and open"));
  make_->setAccessibleName(make_->text());
  make_->setEnabled(!busy_ && some && !taken && !target_->text().isEmpty());
  make_->setToolTip(taken   ? tr("%1 is there already and not empty").arg(target_->text())
                    : !some ? tr("No clip was found yet")
                            : tr("Writes the table, a vocabulary and a first config, and opens them"));
}

void NewWorkspaceDialog::mend(const QString& key, const QString& value) {
  if (key == QLatin1String("split") && value == QLatin1String("deal")) deal_->setChecked(true);
}

void NewWorkspaceDialog::write() {
  if (busy_) return;
  setBusy(true, tr("Making the workspace…"));
  pool_.start([this, table = table_, folder = target_->text().toStdString(), number = ++asked_] {
    QString place, trouble;
    try {
      place = QString::fromStdString(writeOwnWorkspace(folder, table, lookAtOwnClips(table)).folder.string());
    } catch (const std::exception& error) {
      trouble = QString::fromStdString(describe(error));
    }
    QMetaObject::invokeMethod(
        this,
        [this, place, trouble, number] {
          if (number != asked_) return;
          setBusy(false);
          if (trouble.isEmpty()) {
            emit made(place);
            close();
          } else {
            setTextRole(state_, "bad");
            state_->setText(trouble);
          }
        },
        Qt::QueuedConnection);
  });
}

}  // namespace counterpoint
