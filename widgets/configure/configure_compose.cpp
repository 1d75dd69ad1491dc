// SPDX-License-Identifier: GPL-3.0-or-later
// From the text to values, problems and a launch.
#include "core/base/error.h"
#include "core/base/shell_words.h"
#include "core/config/complete.h"
#include "core/config/lookup.h"
#include "widgets/common/icons.h"
#include "widgets/common/measures.h"
#include "widgets/configure/compose_worker.h"
#include "widgets/configure/configure_pane.h"
#include "widgets/configure/key_text.h"
#include "widgets/configure/launch_bar.h"
#include "widgets/configure/overrides_line.h"
#include "widgets/configure/schema_field.h"
#include "widgets/configure/schema_form.h"
#include "widgets/configure/yaml_editor.h"

#include <QClipboard>
#include <QDateTime>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kMostProblemRows = 4;
constexpr int kKeyRole = Qt::UserRole, kLineRole = Qt::UserRole + 1;

bool isOverridden(const Composition& composition, const std::string& path) {
  const auto origin = composition.origins.find(path);
  return origin != composition.origins.end() && origin->second.kind == ValueOrigin::Kind::Override;
}

}  // namespace

// Typing never waits for a composition; what a control or a button did shows at once.
void ConfigurePane::wireEditor() {
  connect(&compose_, &QTimer::timeout, this, [this] { worker_->ask(job()); });
  connect(worker_, &ComposeWorker::done, this,
          [this](const std::shared_ptr<ComposedConfig>& config) { showComposed(std::move(*config)); });
  connect(editor_, &QsciScintilla::textChanged, &compose_, qOverload<>(&QTimer::start));
  connect(editor_, &QsciScintilla::textChanged, this, [this] { editedAt_ = QDateTime::currentSecsSinceEpoch(); });
  connect(editor_, &YamlEditor::stepsChanged, this, &ConfigurePane::updateHeader);
  connect(editor_, &QsciScintilla::modificationChanged, this, &ConfigurePane::updateHeader);
  const auto knowledge = [this] {
    return CompletionKnowledge{composition_.schema, {std::filesystem::path(file_.toStdString()).parent_path()}};
  };
  editor_->setKnowledge([knowledge](std::string_view text, int line, std::size_t column) {
    return completeYaml(text, line, column, knowledge());
  });
  editor_->setFacts([this](int line) { return factsOf(composition_, yamlPathAt(editor_->bytes(), line), file_); });
  overrides_->setKnowledge([knowledge](std::string_view typed) { return completeOverride(typed, knowledge()); });
  connect(overrides_, &OverridesLine::changed, this, [this] {
    overridesOf_[file_] = overrides_->text();
    compose_.start();
  });
  connect(overrides_, &OverridesLine::copyAsked, this, [this] {
    QGuiApplication::clipboard()->setText(command());
    emit noticed({Severity::Info, tr("The command is copied"), {}, {}});
  });
}

ComposeJob ConfigurePane::job() const { return {file_.toStdString(), overrides_->overrides(), editor_->bytes()}; }

void ConfigurePane::takeText() {
  compose_.stop();
  worker_->forget();
  showComposed(composed(job()));
}

void ConfigurePane::showComposed(ComposedConfig config) {
  composition_ = std::move(config.composition);
  // Its folder stands above already. Of a composed config, a line may be that of a group's file.
  const std::string name = QFileInfo(file_).fileName().toStdString();
  for (ConfigProblem& problem : composition_.problems)
    if (problem.source == file_.toStdString()) problem.source = name;
  for (ConfigNote& note : composition_.notes)
    if (note.source == file_.toStdString()) note.source = name;
  form_->show(composition_, file_);
  if (!search_->text().isEmpty()) form_->search(search_->text());
  showProblems();
  showViews();
  const bool whole = composition_.schema && composition_.problems.empty() && overrides_->problem().isEmpty();
  resolvedText_ = whole ? std::move(config.resolved) : "# There are problems to solve first.\n";
  if (!resolved_->isHidden()) showResolved();
  if (whole && !ranksChosen_) {
    launch_->setRanks(composition_.values["launch"]["ranks"].get<int>());
    ranksChosen_ = true;
  }
  const bool trains = composition_.schema && composition_.schema->trainable();
  launch_->setObstacle(
      file_.isEmpty() ? tr("Choose a config first")
      : !whole        ? tr("Solve the problems first")
      : !trains ? tr("This version cannot train %1 yet").arg(QString::fromStdString(composition_.schema->recipe()))
                : QString());
}

// Only where it is seen: it may be as long as the text.
void ConfigurePane::showResolved() {
  if (resolvedText_ == resolved_->bytes()) return;
  resolved_->setReadOnly(false);
  resolved_->setBytes(resolvedText_);
  resolved_->setReadOnly(true);
}

void ConfigurePane::showProblems() {
  problems_->clear();
  std::map<int, QString> marks;
  QString overridden = overrides_->problem();
  for (const ConfigProblem& problem : composition_.problems) {
    if (overridden.isEmpty() && problem.source.starts_with("override ")) {
      overridden = QString::fromStdString(describe(errorOf(problem)));
    }
    const QString text = QString::fromStdString(describe(errorOf(problem)));
    auto* item = new QListWidgetItem(icon(QStringLiteral("error")), text, problems_);
    item->setData(kKeyRole, QString::fromStdString(problem.key));
    item->setToolTip(text);
    const bool here = problem.source == QFileInfo(file_).fileName().toStdString();
    item->setData(kLineRole, here ? problem.position.line : 0);
    if (here && problem.position.line > 0) marks[problem.position.line] = text;
  }
  // No problems, but worth knowing: names that were read as others.
  for (const ConfigNote& note : composition_.notes) {
    const QString text = QString::fromStdString(note.where() + ": " + note.text);
    auto* item = new QListWidgetItem(icon(QStringLiteral("info")), text, problems_);
    item->setData(kKeyRole, QString::fromStdString(note.key));
    item->setToolTip(text);
    const bool here = note.source == QFileInfo(file_).fileName().toStdString();
    item->setData(kLineRole, here ? note.position.line : 0);
  }
  editor_->setProblems(marks);
  overrides_->showProblem(overridden);
  const int rows = std::min(kMostProblemRows, problems_->count());
  problems_->setFixedHeight(rows * measures::kRow + measures::kGrid);
  problems_->setVisible(rows > 0);
  checkBeforeStart();
}

void ConfigurePane::jumpToProblem(QListWidgetItem* item) {
  const int line = item->data(kLineRole).toInt();
  if (line > 0 && editor_->isVisible()) {
    editor_->jumpToLine(line);
  } else {
    form_->jumpTo(item->data(kKeyRole).toString());
  }
}

// A key that is overridden shows what the override says: that is what changes.
void ConfigurePane::applyForm(const QString& path, const QString& yaml) {
  try {
    if (isOverridden(composition_, path.toStdString())) {
      overrides_->set(path.toStdString(), yaml.toStdString());
    } else {
      const ConfigDocument document(editor_->bytes(), QFileInfo(file_).fileName().toStdString());
      editor_->apply(document.setText(path.toStdString(), yaml.toStdString(), composition_.schema),
                     tr("Set %1 to %2").arg(path, yaml));
    }
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
  }
  takeText();
}

// All in one step. What another file set gets its default here.
void ConfigurePane::resetKeys(const QStringList& paths, const QString& name) {
  const std::string source = QFileInfo(file_).fileName().toStdString();
  try {
    std::string text = editor_->bytes();
    for (const QString& one : paths) {
      const std::string path = one.toStdString();
      if (overrides_->remove(path)) continue;
      const ConfigDocument document(text, source);
      const SchemaKey* key = composition_.schema ? composition_.schema->find(path) : nullptr;
      if (document.contains(path)) {
        text = document.remove(path).applyTo(text);
        // A section without keys says nothing.
        for (auto point = path.rfind('.'); point != path.npos; point = point ? path.rfind('.', point - 1) : path.npos) {
          const std::string section = path.substr(0, point);
          const ConfigDocument left(text, source);
          if (!left.contains(section) || !left.valueText(section).empty()) break;
          text = left.remove(section).applyTo(text);
        }
      } else if (key && composition_.origins[path].kind == ValueOrigin::Kind::File) {
        text = document.set(path, key->fallback, composition_.schema).applyTo(text);
      }
    }
    editor_->applyText(text, name);
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
  }
  takeText();
}

void ConfigurePane::goToKey(const QString& typed) {
  const QString path = typed.trimmed();
  if (path.isEmpty() || !composition_.schema) return;
  SchemaField* found = form_->field(path);
  if (!found) found = form_->best(path);
  if (!found) return;
  try {
    const ConfigDocument document(editor_->bytes(), QFileInfo(file_).fileName().toStdString());
    const int line = document.lineOf(found->path().toStdString());
    if (line > 0 && editor_->isVisible()) return editor_->jumpToLine(line);
  } catch (const std::exception&) {
    // Half-written text has no lines of keys: the form still has its fields.
  }
  form_->jumpTo(found->path());
}

QString ConfigurePane::command() const {
  // By its name where that leads to it, as a person would write it.
  std::string config = file_.toStdString();
  std::vector<std::filesystem::path> folders;
  for (const ConfigRoot& root : roots_) folders.push_back(root.folder);
  for (const auto& folder : folders) {
    const auto inside = std::filesystem::path(config).lexically_relative(folder);
    if (inside.empty() || *inside.begin() == "..") continue;
    const std::string name = std::filesystem::path(inside).replace_extension().generic_string();
    if (findConfig(name, folders) == std::filesystem::path(config)) config = name;
    break;
  }
  std::vector<std::string> words = {"counterpoint-worker", "launch", "--ranks", std::to_string(launch_->ranks())};
  if (const QStringList devices = launch_->devices(); !devices.isEmpty()) {
    words.insert(words.end(), {"--devices", devices.join(QLatin1Char(',')).toStdString()});
  }
  words.push_back(config);
  for (const auto& override : overrides_->overrides()) words.push_back(override);
  return QString::fromStdString(shellLine(words));
}

void ConfigurePane::launch() {
  takeText();
  if (!launch_->button()->isEnabled()) return;
  if (isDirty() && !save()) return;
  QStringList overrides;
  for (const auto& one : overrides_->overrides()) overrides << QString::fromStdString(one);
  emit launchRequested(file_, launch_->ranks(), launch_->devices(), overrides);
}

void ConfigurePane::train() {
  const QString config = ownConfig();
  if (config.isEmpty() || (config != file_ && !open(config))) return;
  launch();
  if (!composition_.problems.empty()) {
    emit noticed({Severity::Bad, tr("has problems to solve first"), file_, tr("They stand below the config.")});
  }
}

}  // namespace counterpoint
