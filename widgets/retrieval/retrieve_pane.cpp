// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/retrieval/retrieve_pane.h"

#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/review_desk.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QToolButton>

#include <algorithm>
#include <set>

namespace counterpoint {
namespace {

constexpr int kAskedFor = 48;  // hits of one question
constexpr int kPictured = 16;  // hits whose pictures a tour waits for

}  // namespace

RetrievePane::~RetrievePane() { reader_.waitForDone(); }

void RetrievePane::takeRun() {
  // Another run in the list is no reason to take an answer from the screen.
  drawModel();
  if (!desk_.run().empty() && desk_.shownRun().readsAs(taken_)) return;
  taken_ = desk_.shownRun();
  const QSignalBlocker quiet(split_);
  const QString before = wantedSplit_.isEmpty() ? split_->currentText() : wantedSplit_;
  split_->clear();
  if (!desk_.run().empty()) {
    for (const std::string& split : resultSplits(desk_.run())) split_->addItem(QString::fromStdString(split));
  }
  if (split_->count() == 0) {
    for (const char* split : {"test", "val", "train"}) split_->addItem(QLatin1String(split));
  }
  split_->setCurrentIndex(std::max(0, split_->findText(before)));
  if (!desk_.place().workspace.empty()) {
    thumbnails_.setFolder(desk_.place().workspace / ".counterpoint" / "thumbnails");
  }
  takeSplit();
}

void RetrievePane::takeSplit() {
  const quint64 generation = ++generation_;
  const std::filesystem::path run = desk_.run();
  if (run.empty()) return showResults({});
  reading_ = true;
  reader_.start([this, generation, run, split = split_->currentText().toStdString()] {
    SplitResults results = readSplitResults(run, split);
    QMetaObject::invokeMethod(this, [this, generation, results = std::move(results)] {
      if (generation == generation_) showResults(results);
    });
  });
}

void RetrievePane::showResults(const SplitResults& results) {
  reading_ = false;
  queriesModel_->set(results.queries);
  const QString metrics = metricsText(results);
  metrics_->setText(metrics.isEmpty() ? tr("This split was not evaluated yet") : metrics);
  for (const std::string& problem : results.problems) {
    emit noticed(
        {Severity::Warning, QString::fromStdString(problem), QString::fromStdString(desk_.run().string()), {}});
  }
  if (results.queries.empty()) {
    showRecord({});
  } else {
    queries_->selectRow(0);
  }
  drawModel();
}

void RetrievePane::showRecord(const RetrievalRecord& record) {
  std::vector<HitsModel::Row> rows;
  std::set<QString> views;
  for (const Hit& hit : record.hits) {
    const ClipItem* item = desk_.find(hit.clip);
    const QString view = item ? QString::fromStdString(item->view) : QString();
    if (!view.isEmpty()) views.insert(view);
    rows.push_back({hit, view, QString::fromStdString(desk_.pathOf(hit.clip).string())});
  }
  hitsModel_->set(std::move(rows));
  {
    const QSignalBlocker quiet(view_);
    const QString before = view_->currentData().toString();
    view_->clear();
    view_->addItem(tr("every view"), QString());
    for (const QString& view : views) view_->addItem(view, view);
    view_->setCurrentIndex(std::max(0, view_->findData(before)));
  }
  applyChips();
  asked_->setText(record.query);
  asked_->setVisible(!record.query.isEmpty());
  ranks_->setText(record.query.isEmpty() ? QString() : ranksText(record));
  gallery_->setCurrentIndex(shownHits_->index(0, 0));
  showDetail(gallery_->currentIndex().row());
}

void RetrievePane::showDetail(int row) {
  const QModelIndex index = shownHits_->mapToSource(shownHits_->index(row, 0));
  open_->setEnabled(index.isValid());
  if (!index.isValid()) {
    detailClip_.clear();
    detail_->clear();
    drawDetailPicture();
    return;
  }
  const HitsModel::Row& one = hitsModel_->at(index.row());
  detailClip_ = one.path;
  QString text = tr("<b>rank %1, score %2</b>").arg(one.hit.rank).arg(QString::number(one.hit.score, 'f', 3));
  if (one.hit.right) text += QStringLiteral("&emsp;<span style=\"color:%1\">✓ right</span>").arg(roles().good.name());
  const auto line = [&text](const QString& name, const std::string& value) {
    if (!value.empty()) {
      text += QStringLiteral("<br><span style=\"color:%1\">%2</span> %3")
                  .arg(roles().quiet.name(), name, QString::fromStdString(value).toHtmlEscaped());
    }
  };
  line(tr("view"), one.view.toStdString());
  line(tr("study"), one.hit.study);
  line(tr("clip"), one.hit.clip);
  text += QStringLiteral("<p>%1</p>").arg(QString::fromStdString(one.hit.text).toHtmlEscaped());
  detail_->setText(text);
  drawDetailPicture();
}

void RetrievePane::drawDetailPicture() {
  const QImage image = thumbnails_.image(detailClip_);
  if (image.isNull()) {
    picture_->setPixmap({});
    return;
  }
  const double ratio = devicePixelRatioF();
  QPixmap pixmap =
      QPixmap::fromImage(image.scaled(picture_->size() * ratio, Qt::KeepAspectRatio, Qt::SmoothTransformation));
  pixmap.setDevicePixelRatio(ratio);
  picture_->setPixmap(pixmap);
}

void RetrievePane::drawModel() {
  const ModelLink* model = desk_.model();
  const auto state = model ? model->state() : ModelLink::State::Off;
  const bool ready = state == ModelLink::State::Ready;
  question_->setEnabled(ready);
  ask_->setEnabled(ready);
  withClip_->setEnabled(ready);
  ask_->setText(asking_.isOpen() ? tr("Cancel") : tr("Ask"));
  ask_->setAccessibleName(ask_->text());
  load_->setVisible(model && !ready);
  load_->setEnabled(desk_.canLoadModel());
  load_->setText(state == ModelLink::State::Starting ? tr("Loading the model…")
                 : state == ModelLink::State::Lost   ? tr("Load the model again")
                                                     : tr("Load the model of the newest run"));
  load_->setAccessibleName(load_->text());
  QString text;
  if (state == ModelLink::State::Lost) text = tr("The model is gone: %1").arg(model->problem());
  if (state == ModelLink::State::Off) text = tr("Questions need a model. What was evaluated can be browsed without.");
  modelText_->setText(text);
  modelText_->setVisible(!text.isEmpty());

  showEmpty(queriesModel_->rowCount() == 0 && hitsModel_->rowCount() == 0 && !ready);
  fillEmptyState();
}

void RetrievePane::fillEmptyState() {
  const auto say = [this](const QString& heading, const QString& text, const QString& button) {
    emptyState()->set(QStringLiteral("retrieve"), heading, text, button);
  };
  const ModelLink* model = desk_.model();
  if (desk_.place().workspace.empty()) {
    say(tr("Nothing to search yet"), tr("Ask a trained model for clips in words, and see where the right ones stand."),
        tr("Open a workspace"));
  } else if (desk_.wantsTraining()) {
    say(tr("No model yet"), tr("Train one; then clips are found here in words, and its results are listed."),
        desk_.trainText());
  } else if (model && model->state() == ModelLink::State::Starting) {
    say(tr("Loading the model…"), tr("Clips are found here in words, or with a clip, as soon as it is there."), {});
  } else if (model && desk_.canLoadModel()) {
    say(tr("No retrieval results yet"),
        model->state() == ModelLink::State::Lost
            ? tr("The model is gone: %1").arg(model->problem())
            : tr("Load the model of the newest run to ask it, or evaluate a run to browse its queries."),
        tr("Load the model of the newest run"));
  } else {
    say(tr("No model yet"), tr("No run has a checkpoint yet. The first one that is written can be loaded and asked."),
        {});
  }
}

void RetrievePane::loadModel() {
  if (desk_.canLoadModel()) {
    desk_.model()->startNewest();
  } else if (!desk_.model() || desk_.model()->state() == ModelLink::State::Off) {
    emit noticed({Severity::Info, tr("No run has a checkpoint yet"), {}, tr("Train a model first.")});
  }
}

void RetrievePane::ask(const QString& title, Json parameters) {
  if (!desk_.model()) return;
  parameters["split"] = split_->currentText().toStdString();
  parameters["k"] = kAskedFor;
  ModelLink::Callbacks callbacks;
  callbacks.done = [this, title](const Json& answer) {
    RetrievalRecord record = recordFromJson(title, answer);
    queries_->clearSelection();
    showRecord(record);
    drawModel();
  };
  callbacks.failed = [this](const Error& error) {
    ranks_->clear();
    emit noticed(Notice::of(error));
    drawModel();
  };
  callbacks.progress = [this](qint64 done, qint64 total) {
    ranks_->setText(tr("reading clips of the split: %1 of %2").arg(countText(done), countText(total)));
  };
  asking_.ask(*desk_.model(), "retrieve", std::move(parameters), std::move(callbacks));
  asked_->setText(title);
  asked_->setVisible(true);
  ranks_->setText(tr("searching…"));
  drawModel();
}

void RetrievePane::cancelAsking() {
  asking_.cancel();
  ranks_->setText(tr("cancelled"));
  drawModel();
}

void RetrievePane::askText(const QString& text) {
  const std::string words = text.trimmed().toStdString();
  if (words.empty()) return;
  Json parameters = {{"text", words}};
  if (Json right = clipsReported(words, nullptr); !right.empty()) parameters["right"] = std::move(right);
  ask(text.trimmed(), std::move(parameters));
}

Json RetrievePane::clipsReported(const std::string& report, const ClipItem* but) const {
  Json clips = Json::array();
  for (const ClipItem& clip : desk_.clips()) {
    if (&clip != but && clip.report == report) clips.push_back(clip.id);
  }
  return clips;
}

void RetrievePane::askClip(const QString& path) {
  const std::filesystem::path file = desk_.pathOf(path.toStdString());
  Json parameters = desk_.askedWith(file);
  // Right are the other clips with the same report, by the study table.
  const ClipItem* asked = desk_.find(path.toStdString());
  if (asked && !asked->report.empty()) {
    if (Json right = clipsReported(asked->report, asked); !right.empty()) parameters["right"] = std::move(right);
  }
  const QString name = asked ? QString::fromStdString(asked->id) : QString::fromStdString(file.filename().string());
  ask(tr("clip %1").arg(name), std::move(parameters));
}

void RetrievePane::chooseClip() {
  const QString file = QFileDialog::getOpenFileName(this, tr("Ask with a clip"),
                                                    QString::fromStdString(desk_.place().workspace.string()));
  if (!file.isEmpty()) askClip(file);
}

void RetrievePane::openCurrent() {
  if (!detailClip_.isEmpty()) emit clipRequested(detailClip_);
}

QString RetrievePane::metrics() const { return metrics_->text(); }
QString RetrievePane::ranks() const { return ranks_->text(); }

void RetrievePane::registerActions(ActionRegistry& registry) {
  const auto add = [&](const char* id, const QString& text, const char* key, const char* icon,
                       std::function<void()> run) {
    ActionSpec spec{QLatin1String(id), text, tr("Retrieve"), QLatin1String(key), QLatin1String(icon)};
    spec.run = std::move(run);
    spec.scope = this;
    registry.add(std::move(spec));
  };
  add("retrieve.ask", tr("Ask in words"), "Ctrl+L", "search", [this] { question_->setFocus(Qt::ShortcutFocusReason); });
  add("retrieve.ask_review", tr("Ask with the clip in Review"), "", "clips", [this] {
    if (const ClipItem* clip = desk_.currentClip()) askClip(QString::fromStdString(clip->path.string()));
  });
  add("retrieve.ask_chosen", tr("Ask with the clip chosen here"), "", "clips", [this] {
    if (!detailClip_.isEmpty()) askClip(detailClip_);
  });
  add("retrieve.ask_clip", tr("Ask with a clip file"), "", "clips", [this] { chooseClip(); });
  for (const char* id : {"retrieve.ask_review", "retrieve.ask_chosen", "retrieve.ask_clip"}) {
    withClip_->menu()->addAction(registry.action(QLatin1String(id)));
  }
  add("retrieve.cancel", tr("Cancel the question"), "", "", [this] {
    if (asking_.isOpen()) cancelAsking();
  });
  add("retrieve.open", tr("Open the clip in Review"), "", "open", [this] { openCurrent(); });
  add("retrieve.table", tr("Gallery or table"), "", "table", [this] { hits_->showTable(!hits_->showsTable()); });
  add("retrieve.load", tr("Load the model of the newest run"), "", "model", [this] { loadModel(); });
  const auto next = [](QComboBox* box) { box->setCurrentIndex((box->currentIndex() + 1) % std::max(1, box->count())); };
  add("retrieve.next_split", tr("Search the next split"), "", "", [this, next] { next(split_); });
  add("retrieve.next_view", tr("Show the next view alone"), "", "", [this, next] { next(view_); });
  add("retrieve.right", tr("Show or hide right answers"), "", "", [this] { right_->toggle(); });
  add("retrieve.others", tr("Show or hide other answers"), "", "", [this] { wrong_->toggle(); });
}

QJsonObject RetrievePane::saveState() const {
  return {{QStringLiteral("split"), split_->currentText()}, {QStringLiteral("table"), hits_->showsTable()}};
}

void RetrievePane::restoreState(const QJsonObject& state) {
  wantedSplit_ = state.value(QStringLiteral("split")).toString();
  hits_->showTable(state.value(QStringLiteral("table")).toBool());
  if (const int index = split_->findText(wantedSplit_); index >= 0) split_->setCurrentIndex(index);
}

std::vector<TourStep> RetrievePane::tourSteps() {
  std::vector<TourStep> steps = {{QStringLiteral("retrieve"), [this] { hits_->showTable(false); },
                                  [this] { return !desk_.isLoading() && !reading_; }},
                                 {QStringLiteral("retrieve-table"), [this] { hits_->showTable(true); }, {}}};
  if (!desk_.model() || !desk_.model()->canStart()) return steps;
  const auto gallery = [this] { hits_->showTable(false); };
  // The rows of the gallery that are in sight have their pictures.
  const auto answered = [this] {
    if (asking_.isOpen()) return false;
    for (int row = 0; row < std::min(kPictured, shownHits_->rowCount()); ++row) {
      if (thumbnails_.image(shownHits_->index(row, 0).data(HitsModel::ClipRole).toString()).isNull()) return false;
    }
    return true;
  };
  // What the report of a held-out clip says: its right answers are known.
  steps.push_back({QStringLiteral("words"), gallery,
                   whenModelAnswers(
                       *desk_.model(),
                       [this] {
                         const auto held = std::find_if(
                             desk_.clips().begin(), desk_.clips().end(),
                             [](const ClipItem& clip) { return clip.split == "test" && !clip.report.empty(); });
                         const QString words = held == desk_.clips().end() ? tr("Apical four chamber view")
                                                                           : QString::fromStdString(held->report);
                         question_->setText(words);
                         askText(words);
                       },
                       answered)});
  steps.push_back({QStringLiteral("clip"), gallery,
                   whenModelAnswers(
                       *desk_.model(),
                       [this] {
                         question_->clear();
                         if (const ClipItem* clip = desk_.currentClip()) askClip(QString::fromStdString(clip->id));
                       },
                       answered)});
  return steps;
}

}  // namespace counterpoint
