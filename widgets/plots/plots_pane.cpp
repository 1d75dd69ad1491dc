// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plots_pane.h"

#include <algorithm>

#include "core/base/clock.h"
#include "widgets/common/action_registry.h"
#include "widgets/plots/chart_card.h"
#include "widgets/plots/chart_grid.h"
#include "widgets/plots/metric_chart.h"
#include "widgets/plots/plots_bar.h"

#include <QApplication>
#include <QJsonArray>
#include <QLineEdit>
#include <QMenu>
#include <QRegularExpression>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kCardsAtOnce = 8;
constexpr int kTickMilliseconds = 33;
constexpr double kDrawingBudget = 0.012;  // seconds of one tick; what is left waits for the next one

// What is looked at first stands first: losses and scores before learning rates and times.
int groupOrder(const QString& group) {
  static const QStringList kFirst = {QStringLiteral("train"), QStringLiteral("val"), QStringLiteral("test")};
  static const QStringList kLast = {QStringLiteral("lr"), QStringLiteral("time")};
  const auto first = kFirst.indexOf(group), last = kLast.indexOf(group), others = kFirst.size();
  return static_cast<int>(first >= 0 ? first : last >= 0 ? others + 1 + last : others);
}

bool matches(const QString& metric, const QString& pattern) {
  if (pattern.isEmpty()) return true;
  const QRegularExpression expression(pattern, QRegularExpression::CaseInsensitiveOption);
  return expression.isValid() ? expression.match(metric).hasMatch() : metric.contains(pattern, Qt::CaseInsensitive);
}

}  // namespace

struct PlotsPane::Run {
  PlottedRun what;
  std::shared_ptr<RunFeed> feed;
  QSet<QString> metrics;
  QMetaObject::Connection changes, failure;

  ~Run() {
    QObject::disconnect(changes);
    QObject::disconnect(failure);
  }
};

PlotsPane::PlotsPane(RunFeeds& feeds, QWidget* parent)
    : Pane(QStringLiteral("plots"), tr("Plots"), parent),
      feeds_(feeds),
      bar_(new PlotsBar),
      grid_(new ChartGrid),
      scroll_(new QScrollArea) {
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(bar_);
  column->addWidget(scroll_, 1);
  scroll_->setWidget(grid_);
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setAccessibleName(tr("Charts"));
  scroll_->setFocusPolicy(Qt::NoFocus);
  setContent(content);

  tick_.setSingleShot(true);
  tick_.setInterval(kTickMilliseconds);
  connect(&tick_, &QTimer::timeout, this, &PlotsPane::draw);
  connect(bar_, &PlotsBar::settingsChanged, this, &PlotsPane::applySettings);
  connect(bar_, &PlotsBar::patternChanged, this, &PlotsPane::arrange);
  connect(bar_, &PlotsBar::resetRequested, this, [this] { resetZoom(nullptr); });
  connect(scroll_->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
    if (!dirty_.isEmpty() && !tick_.isActive()) tick_.start();
  });
  connect(grid_, &ChartGrid::placed, this, [this] {
    grid_->setViewportHeight(scroll_->viewport()->height());
    if (!dirty_.isEmpty() && !tick_.isActive()) tick_.start();
  });
  auto* exports = new QMenu(bar_->exportButton());
  exports->setAccessibleName(tr("Export charts"));
  bar_->exportButton()->setMenu(exports);
  connect(exports, &QMenu::aboutToShow, this, [this, exports] {
    exports->clear();
    fillExportMenu(exports);
  });
  connect(emptyState(), &EmptyState::pressed, this, [this] {
    if (!bar_->pattern().isEmpty() && !cards_.empty()) {
      bar_->setPattern({});
    } else if (workspaceHasRuns_) {
      emit showNewestRequested();
    } else {
      emit trainRequested();
    }
  });
  setTrainOffer(tr("Choose a config"));
}

PlotsPane::~PlotsPane() = default;

void PlotsPane::setTrainOffer(const QString& button) {
  trainOffer_ = button;
  showEmptyState();
}

void PlotsPane::setRuns(const std::vector<PlottedRun>& runs, bool workspaceHasRuns) {
  workspaceHasRuns_ = workspaceHasRuns;
  std::vector<std::unique_ptr<Run>> next;
  bool changed = runs.size() != runs_.size();
  for (const PlottedRun& what : runs) {
    const auto known =
        std::find_if(runs_.begin(), runs_.end(), [&](const auto& run) { return run && run->what.path == what.path; });
    if (known != runs_.end()) {
      changed = changed || (*known)->what.name != what.name || (*known)->what.style.colour != what.style.colour ||
                known - runs_.begin() != static_cast<std::ptrdiff_t>(next.size());
      (*known)->what = what;
      next.push_back(std::move(*known));
      continue;
    }
    changed = true;
    auto run = std::make_unique<Run>();
    run->what = what;
    run->feed = feeds_.feed(what.path);
    Run* raw = run.get();
    run->changes = connect(run->feed.get(), &RunFeed::changed, this,
                           [this, raw](const QStringList& names, bool reset, int) { takeChange(*raw, names, reset); });
    run->failure = connect(run->feed.get(), &RunFeed::failed, this, [this](const QString& failure) {
      emit noticed(Notice{Severity::Warning, failure, {}, {}});
    });
    next.push_back(std::move(run));
  }
  runs_ = std::move(next);
  if (!changed) {
    showEmptyState();
    return;
  }
  // A feed that another pane opened earlier has told its curves already.
  for (auto& run : runs_) {
    for (const QString& name : run->feed->read([](const EventReader& events) {
           QStringList names;
           for (const auto& [name, series] : events.series()) names << QString::fromStdString(name);
           return names;
         })) {
      run->metrics.insert(name);
    }
  }
  noteMetrics();
  for (auto& [metric, card] : cards_) giveCurves(card);
  touchAll();
}

void PlotsPane::takeChange(Run& run, const QStringList& names, bool reset) {
  const bool fresh =
      std::any_of(names.begin(), names.end(), [&](const QString& name) { return !run.metrics.contains(name); });
  if (fresh) {
    for (const QString& name : names) run.metrics.insert(name);
    QStringList changed = noteMetrics() + names;
    changed.removeDuplicates();
    for (const QString& name : changed)
      if (const auto card = cards_.find(name); card != cards_.end()) giveCurves(card->second);
  }
  if (reset) {
    for (auto& [metric, card] : cards_) card->chart()->forget();
    touchAll();
    return;
  }
  for (const QString& name : names)
    if (const auto card = cards_.find(name); card != cards_.end()) touch(card->second);
}

QStringList PlotsPane::noteMetrics() {
  QSet<QString> wanted;
  for (const auto& run : runs_) wanted.unite(run->metrics);
  for (auto entry = cards_.begin(); entry != cards_.end();) {
    if (wanted.contains(entry->first)) {
      ++entry;
      continue;
    }
    if (grid_->alone() == entry->second) grid_->setAlone(nullptr);
    dirty_.remove(entry->second);
    entry->second->hide();
    entry->second->deleteLater();
    entry->second->setParent(nullptr);
    entry = cards_.erase(entry);
  }
  QStringList missing;
  for (const QString& metric : wanted) {
    if (cards_.find(metric) == cards_.end()) missing.append(metric);
  }
  missing.sort();
  // A hundred charts take a second to make: the first ones are shown before the others are there.
  const QStringList made = missing.mid(0, kCardsAtOnce);
  for (const QString& metric : made) makeCard(metric);
  if (missing.size() > kCardsAtOnce && !makingCards_) {
    makingCards_ = true;
    QTimer::singleShot(0, this, [this] {
      makingCards_ = false;
      for (const QString& metric : noteMetrics()) giveCurves(cards_.at(metric));
    });
  }
  if (registry_) registry_->refresh();
  arrange();
  return made;
}

void PlotsPane::makeCard(const QString& metric) {
  auto* card = new ChartCard(metric, grid_);
  cards_[metric] = card;
  card->setSettings(bar_->settings());
  const QJsonObject known = remembered_.value(metric);
  if (known.contains(u"log_x")) card->setOwnLogX(known[u"log_x"].toBool());
  if (known.contains(u"log_y")) card->setOwnLogY(known[u"log_y"].toBool());
  card->setPinned(pinned_.contains(metric));
  connect(card, &ChartCard::pinToggled, this, [this, metric](bool pinned) {
    if (pinned) {
      pinned_.insert(metric);
    } else {
      pinned_.remove(metric);
    }
    arrange();
  });
  connect(card, &ChartCard::expandToggled, this, [this, card] {
    grid_->setViewportHeight(scroll_->viewport()->height());
    grid_->setAlone(grid_->alone() == card ? nullptr : card);
    touchAll();
  });
  connect(card, &ChartCard::menuRequested, this, [this, card](const QPoint& position) { cardMenu(card, position); });
  connect(card->chart(), &MetricChart::windowChosen, this, [this, card](double lower, double upper) {
    if (!bar_->linked()) return;
    for (auto& [name, other] : cards_) {
      if (other == card) continue;
      other->chart()->setWindow(std::pair(lower, upper));
      touch(other);
    }
  });
  connect(card->chart(), &MetricChart::resetRequested, this,
          [this, card] { resetZoom(bar_->linked() ? nullptr : card); });
  connect(card->chart(), &MetricChart::crosshairMoved, this, [this, card](bool shown, double x) {
    for (auto& [name, other] : cards_) {
      if (other == card || !other->isVisible() || other->visibleRegion().isEmpty()) continue;
      other->chart()->setCrosshair(shown ? std::optional(x) : std::nullopt);
      other->showValues();
    }
  });
}

void PlotsPane::giveCurves(ChartCard* card) {
  std::vector<ChartCurve> curves;
  for (const auto& run : runs_) {
    if (run->metrics.contains(card->metric())) curves.push_back({run->feed, run->what.name, run->what.style});
  }
  card->setCurves(curves);
  touch(card);
}

void PlotsPane::arrange() {
  std::map<QString, ChartSection> groups;
  ChartSection pinned{tr("pinned"), {}};
  for (auto& [metric, card] : cards_) {
    if (!matches(metric, bar_->pattern())) continue;
    if (pinned_.contains(metric)) {
      pinned.cards << card;
    } else {
      auto& group = groups[card->group()];
      group.name = card->group();
      group.cards << card;
    }
  }
  QList<ChartSection> sections;
  if (!pinned.cards.isEmpty()) sections << pinned;
  for (auto& [name, group] : groups) {
    std::stable_partition(group.cards.begin(), group.cards.end(), [](const ChartCard* card) {
      return card->metric().section(QLatin1Char('/'), -1) == QStringLiteral("loss");
    });
    sections << group;
  }
  std::stable_sort(
      sections.begin() + (pinned.cards.isEmpty() ? 0 : 1), sections.end(),
      [](const ChartSection& a, const ChartSection& b) { return groupOrder(a.name) < groupOrder(b.name); });
  grid_->setSections(sections);
  showEmptyState();
}

void PlotsPane::showEmptyState() {
  if (!workspaceHasRuns_ && runs_.empty()) {
    emptyState()->set(QStringLiteral("plots"), tr("No runs yet"),
                      tr("Curves appear here as soon as a run writes its first numbers."), trainOffer_);
  } else if (runs_.empty()) {
    emptyState()->set(QStringLiteral("plots"), tr("No run is chosen"),
                      tr("Tick runs in the list of runs to draw their curves."), tr("Show the newest run"));
  } else if (cards_.empty()) {
    emptyState()->set(QStringLiteral("plots"), tr("Waiting for the first numbers"),
                      tr("The chosen runs have written none so far. Their curves will appear by themselves."), {});
  }
  showEmpty(cards_.empty());
}

void PlotsPane::touch(ChartCard* card) {
  dirty_.insert(card);
  if (!tick_.isActive()) tick_.start();
}

void PlotsPane::touchAll() {
  for (auto& [metric, card] : cards_) dirty_.insert(card);
  if (!tick_.isActive()) tick_.start();
}

void PlotsPane::draw() {
  const double started = steadySeconds();
  const QSet<ChartCard*> wanted = dirty_;
  for (ChartCard* card : wanted) {
    if (card->refresh()) dirty_.remove(card);
    if (steadySeconds() - started > kDrawingBudget) {
      tick_.start();
      return;
    }
  }
}

void PlotsPane::applySettings() {
  for (auto& [metric, card] : cards_) card->setSettings(bar_->settings());
  touchAll();
}

void PlotsPane::resetZoom(ChartCard* from) {
  for (auto& [metric, card] : cards_) {
    if (from && card != from) continue;
    card->chart()->reset();
    touch(card);
  }
}

QList<ChartCard*> PlotsPane::cards() const {
  QList<ChartCard*> cards;
  for (const auto& [metric, card] : cards_) cards << card;
  return cards;
}

ChartCard* PlotsPane::card(const QString& metric) const {
  const auto found = cards_.find(metric);
  return found == cards_.end() ? nullptr : found->second;
}

ChartCard* PlotsPane::currentCard() const {
  for (QWidget* widget = QApplication::focusWidget(); widget; widget = widget->parentWidget()) {
    if (auto* card = qobject_cast<ChartCard*>(widget)) {
      if (this->card(card->metric()) == card) return card;
    }
  }
  if (grid_->alone()) return grid_->alone();
  if (chosen_ && chosen_->isVisible() && card(chosen_->metric()) == chosen_) return chosen_;
  for (const ChartSection& section : grid_->sections()) {
    for (ChartCard* card : section.cards) {
      if (!card->visibleRegion().isEmpty()) return card;
    }
  }
  return cards_.empty() ? nullptr : cards_.begin()->second;
}

QJsonObject PlotsPane::saveState() const {
  const ChartSettings settings = bar_->settings();
  QJsonObject charts = {};
  for (const auto& [metric, card] : cards_) {
    QJsonObject own;
    if (card->ownLogX()) own[u"log_x"] = *card->ownLogX();
    if (card->ownLogY()) own[u"log_y"] = *card->ownLogY();
    if (!own.isEmpty()) charts[metric] = own;
  }
  QStringList pinned(pinned_.begin(), pinned_.end());
  pinned.sort();
  return {{QStringLiteral("axis"), static_cast<int>(settings.axis)},
          {QStringLiteral("smoothing"), settings.smoothing},
          {QStringLiteral("log_x"), settings.logX},
          {QStringLiteral("log_y"), settings.logY},
          {QStringLiteral("robust"), settings.robust},
          {QStringLiteral("linked"), bar_->linked()},
          {QStringLiteral("pattern"), bar_->pattern()},
          {QStringLiteral("pinned"), QJsonArray::fromStringList(pinned)},
          {QStringLiteral("folded"), QJsonArray::fromStringList(grid_->folded())},
          {QStringLiteral("charts"), charts}};
}

void PlotsPane::restoreState(const QJsonObject& state) {
  ChartSettings settings = bar_->settings();
  settings.axis = static_cast<XAxis>(std::clamp(state[u"axis"].toInt(0), 0, static_cast<int>(xAxisNames().size()) - 1));
  settings.smoothing = std::clamp(state[u"smoothing"].toDouble(settings.smoothing), 0.0, 0.999);
  settings.logX = state[u"log_x"].toBool(settings.logX);
  settings.logY = state[u"log_y"].toBool(settings.logY);
  settings.robust = state[u"robust"].toBool(settings.robust);
  bar_->setSettings(settings);
  bar_->setLinked(state[u"linked"].toBool(true));
  bar_->setPattern(state[u"pattern"].toString());
  const auto names = [](const QJsonValue& value) {
    QStringList list;
    for (const QJsonValue& name : value.toArray()) list << name.toString();
    return list;
  };
  const QStringList pinned = names(state[u"pinned"]);
  pinned_ = QSet<QString>(pinned.begin(), pinned.end());
  grid_->setFolded(names(state[u"folded"]));
  const QJsonObject charts = state[u"charts"].toObject();
  for (auto chart = charts.begin(); chart != charts.end(); ++chart) remembered_[chart.key()] = chart.value().toObject();
  for (auto& [metric, card] : cards_) card->setPinned(pinned_.contains(metric));
  arrange();
}

}  // namespace counterpoint
