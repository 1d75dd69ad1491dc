// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/run_events.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/common/data_table.h"
#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace counterpoint {
namespace {

constexpr int kStepWidth = 72, kKindWidth = 130;
constexpr int kMostHits = 10;
constexpr std::size_t kSlice = 16;  // events that are read before the window may look

QString generatedWarning() { return QObject::tr("Generated, research use, not for diagnosis"); }

QString textOf(const Json& members, const char* key) {
  const auto found = members.find(key);
  return found != members.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
}

Json child(const Json& members, const char* key) {
  const auto found = members.find(key);
  return found == members.end() ? Json() : *found;
}

QString numberOf(const Json& members, const char* key) {
  const Json value = child(members, key);
  return value.is_number() ? numberText(value.get<double>()) : QString();
}

QString captionSentences(const Json& caption) {
  QStringList lines;
  const Json sentences = child(caption, "sentences");
  for (const Json& sentence : sentences.is_array() ? sentences : Json::array()) {
    const QString confidence = numberOf(sentence, "confidence");
    lines << QStringLiteral("  %1%2").arg(textOf(sentence, "text"),
                                          confidence.isEmpty() ? QString() : QStringLiteral("  [%1]").arg(confidence));
  }
  return lines.isEmpty() ? QStringLiteral("  ") + textOf(caption, "text") : lines.join(u'\n');
}

QString retrievalText(const RunEvent& event) {
  QStringList lines{QObject::tr("Query: %1").arg(textOf(event.members, "query"))};
  QStringList ranks;
  const Json right = child(event.members, "right_ranks");
  for (const Json& rank : right.is_array() ? right : Json::array()) {
    if (rank.is_number_integer()) ranks << countText(rank.get<std::int64_t>());
  }
  lines << QObject::tr("Right answers at rank %1 of %2")
               .arg(ranks.join(QStringLiteral(", ")), numberOf(event.members, "total"));
  const Json hits = child(event.members, "hits");
  int shown = 0;
  for (const Json& hit : hits.is_array() ? hits : Json::array()) {
    if (++shown > kMostHits || !hit.is_object()) break;
    const Json isRight = child(hit, "right");
    const QString mark = isRight.is_boolean() && isRight.get<bool>() ? QStringLiteral("✓") : QStringLiteral(" ");
    lines << QStringLiteral("%1 %2  %3  %4")
                 .arg(mark)
                 .arg(shown, 2)
                 .arg(numberOf(hit, "score"), textOf(hit, "text").isEmpty() ? textOf(hit, "id") : textOf(hit, "text"));
  }
  return lines.join(u'\n');
}

QString checkpointText(const Json& members) {
  QStringList lines{textOf(members, "path"), QString()};
  const Json metrics = child(members, "metrics");
  for (const auto& metric : metrics.items()) {
    const QString name = QString::fromStdString(metric.key());
    lines << QStringLiteral("%1  %2").arg(numberOf(metrics, metric.key().c_str()), name);
  }
  return lines.join(u'\n');
}

}  // namespace

QString eventKindWord(const std::string& kind) {
  static const std::pair<const char*, const char*> kWords[] = {
      {"caption", QT_TRANSLATE_NOOP("QObject", "caption")},
      {"retrieval", QT_TRANSLATE_NOOP("QObject", "retrieval")},
      {"checkpoint", QT_TRANSLATE_NOOP("QObject", "checkpoint")},
      {"error", QT_TRANSLATE_NOOP("QObject", "error")},
      {"log", QT_TRANSLATE_NOOP("QObject", "message")},
      {"text", QT_TRANSLATE_NOOP("QObject", "text")},
      {"hparams", QT_TRANSLATE_NOOP("QObject", "settings")},
      {"image", QT_TRANSLATE_NOOP("QObject", "picture")},
      {"resume", QT_TRANSLATE_NOOP("QObject", "resumed")}};
  for (const auto& [name, word] : kWords) {
    if (kind == name) return QObject::tr(word);
  }
  return QString::fromStdString(kind);
}

QString eventSummary(const RunEvent& event) {
  const Json& members = event.members;
  if (event.kind == "caption") return QObject::tr("generated: %1").arg(textOf(child(members, "caption"), "text"));
  if (event.kind == "retrieval") {
    return QStringLiteral("%1: %2").arg(textOf(members, "name").section(u'/', -1), textOf(members, "query"));
  }
  if (event.kind == "checkpoint") {
    const Json best = child(members, "best");
    return textOf(members, "path") +
           (best.is_boolean() && best.get<bool>() ? QObject::tr(", the best so far") : QString());
  }
  if (event.kind == "error") return textOf(members, "what");
  if (event.kind == "text") return QStringLiteral("%1: %2").arg(textOf(members, "name"), textOf(members, "text"));
  if (event.kind == "log") return textOf(members, "text");
  if (event.kind == "image") return textOf(members, "path");
  return QString::fromStdString(members.dump()).left(300);
}

QString eventText(const RunEvent& event) {
  const Json& members = event.members;
  const QString head = QObject::tr("step %1, epoch %2").arg(countText(event.step), numberText(event.epoch)) + u'\n';
  if (event.kind == "caption") {
    const Json caption = child(members, "caption");
    const Json calibrated = child(caption, "calibrated");
    const bool known = calibrated.is_boolean() && calibrated.get<bool>();
    return head + generatedWarning() +
           QObject::tr("\n\nClip %1\n\nGenerated (confidence %2):\n%3\n\nReference:\n  %4")
               .arg(textOf(members, "clip"), known ? QObject::tr("calibrated") : QObject::tr("uncalibrated"),
                    captionSentences(caption), textOf(members, "reference"));
  }
  if (event.kind == "retrieval") return head + u'\n' + retrievalText(event);
  if (event.kind == "checkpoint") return head + u'\n' + checkpointText(members);
  if (event.kind == "error") {
    return head + QStringLiteral("\n%1\n%2\n%3")
                      .arg(textOf(members, "what"), textOf(members, "where"), textOf(members, "cure"));
  }
  if (event.kind == "text" || event.kind == "log") return head + u'\n' + textOf(members, "text");
  return head + u'\n' + QString::fromStdString(members.dump(2, ' ', false, Json::error_handler_t::replace));
}

void RunEventsReader::open() {
  connect(&feed_, &RunFeed::changed, this, [this](const QStringList&, bool reset, int coming) {
    if (reset || coming > 0) take(reset);
  });
  take(true);
}

void RunEventsReader::take(bool reset) {
  std::size_t next = 0, end = 0;
  feed_.read([&](const EventReader& reader) {
    end = reader.references().size();
    // The reader may be further than the change that is told just now: what counts is what was not taken yet.
    if (reset || end < taken_) {
      reset = true;
      taken_ = 0;
    }
    next = std::max(taken_, end - std::min(end, kMostEvents));
    taken_ = end;
  });
  std::vector<RunEvent> fresh;
  while (next < end) {
    // Only this thread reads on, so that the references stay; between the slices the window has its turn.
    feed_.read([&](const EventReader& reader) {
      for (const std::size_t stop = std::min(end, next + kSlice); next < stop; ++next) {
        try {
          fresh.push_back(reader.read(reader.references()[next]));
        } catch (const std::exception&) {
          continue;  // the file was replaced under us; the reader's next poll says so
        }
      }
    });
  }
  if (reset || !fresh.empty()) emit came(fresh, reset);
}

RunEventsModel::~RunEventsModel() {
  if (reader_) reader_->deleteLater();
}

void RunEventsModel::setFeed(std::shared_ptr<RunFeed> feed) {
  // The reader goes before its feed: both end in the feed's thread, in this order.
  if (reader_) std::exchange(reader_, nullptr)->deleteLater();
  feed_ = std::move(feed);
  ++generation_;
  take({}, true);
  if (!feed_) return;
  reader_ = new RunEventsReader(*feed_);
  reader_->moveToThread(feed_->thread());
  connect(reader_, &RunEventsReader::came, this,
          [this, generation = generation_](const std::vector<RunEvent>& events, bool reset) {
            if (generation == generation_) take(events, reset);
          });
  QMetaObject::invokeMethod(reader_, &RunEventsReader::open, Qt::QueuedConnection);
}

bool RunEventsModel::hasCaption() const {
  return std::any_of(events_.begin(), events_.end(), [](const RunEvent& event) { return event.kind == "caption"; });
}

void RunEventsModel::take(std::vector<RunEvent> fresh, bool reset) {
  if (reset || events_.size() + fresh.size() > 2 * kMostEvents) {
    beginResetModel();
    if (!reset)
      fresh.insert(fresh.begin(), events_.end() - static_cast<std::ptrdiff_t>(std::min(events_.size(), kMostEvents)),
                   events_.end());
    events_ = std::move(fresh);
    endResetModel();
  } else if (!fresh.empty()) {
    beginInsertRows({}, 0, static_cast<int>(fresh.size()) - 1);
    events_.insert(events_.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
    endInsertRows();
  }
}

int RunEventsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(events_.size());
}
int RunEventsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant RunEventsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const RunEvent& shown = event(index.row());
  if (role == KindRole) return QString::fromStdString(shown.kind);
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  switch (index.column()) {
    case Step: return countText(shown.step);
    case Kind: return eventKindWord(shown.kind);
    case Summary: return eventSummary(shown).simplified();
    default: return {};
  }
}

QVariant RunEventsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == Step ? tr("Step") : section == Kind ? tr("Kind") : tr("What");
}

RunEventsView::RunEventsView(QWidget* parent)
    : QWidget(parent),
      model_(new RunEventsModel(this)),
      filter_(new QSortFilterProxyModel(this)),
      kinds_(new QComboBox),
      warning_(new QLabel(generatedWarning())),
      table_(new DataTable(tr("Events of the run"))),
      text_(new QTextBrowser) {
  filter_->setSourceModel(model_);
  filter_->setFilterRole(RunEventsModel::KindRole);
  table_->setModel(filter_);
  table_->setColumnWidth(RunEventsModel::Step, kStepWidth);
  table_->setColumnWidth(RunEventsModel::Kind, kKindWidth);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  text_->setAccessibleName(tr("The event in full"));
  text_->setFrameShape(QFrame::NoFrame);
  text_->setPlaceholderText(tr("Choose an event to read it in full."));
  kinds_->setAccessibleName(tr("Kind of events that is shown"));
  kinds_->addItem(tr("all events"), QString());
  for (const char* kind : {"caption", "retrieval", "checkpoint", "error", "text", "log"}) {
    kinds_->addItem(eventKindWord(kind), QLatin1String(kind));
  }
  auto* row = new QHBoxLayout;
  row->setContentsMargins(measures::kEdge, measures::kGrid, measures::kEdge, measures::kGrid);
  row->setSpacing(measures::kGap);
  row->addWidget(kinds_);
  row->addWidget(warning_);
  row->addStretch(1);
  setTextRole(warning_, "warn");
  warning_->setAccessibleName(warning_->text());
  warning_->hide();
  auto* halves = new QSplitter;
  halves->addWidget(table_);
  halves->addWidget(text_);
  halves->setStretchFactor(0, 3);
  halves->setStretchFactor(1, 2);
  halves->setChildrenCollapsible(false);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(row);
  column->addWidget(halves, 1);
  connect(kinds_, &QComboBox::currentIndexChanged, this, [this] {
    const QString kind = kinds_->currentData().toString();
    filter_->setFilterRegularExpression(kind.isEmpty() ? QString() : QStringLiteral("^%1$").arg(kind));
  });
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RunEventsView::showCurrent);
  connect(model_, &QAbstractItemModel::modelReset, this, &RunEventsView::showCurrent);
  const auto warn = [this] { warning_->setVisible(model_->hasCaption()); };
  connect(model_, &QAbstractItemModel::modelReset, this, warn);
  connect(model_, &QAbstractItemModel::rowsInserted, this, warn);
}

void RunEventsView::setFeed(std::shared_ptr<RunFeed> feed) { model_->setFeed(std::move(feed)); }

void RunEventsView::showCurrent() {
  const QModelIndex index = filter_->mapToSource(table_->currentIndex());
  if (index.isValid()) {
    text_->setPlainText(eventText(model_->event(index.row())));
  } else {
    text_->clear();
  }
}

}  // namespace counterpoint
