// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/retrieval/retrieval_results.h"

#include "core/base/error.h"
#include "widgets/common/number_text.h"
#include "widgets/common/run_captions.h"
#include "widgets/common/theme.h"

#include <QStringList>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kShownRanks = 12;

// Lines of a .jsonl file; 0 where there is none.
qint64 linesOf(const fs::path& file) {
  std::ifstream stream(file);
  return std::count(std::istreambuf_iterator<char>(stream), {}, '\n');
}

QVariant numberAlignment() { return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter); }

}  // namespace

RetrievalRecord recordFromJson(const QString& query, const Json& answer) {
  RetrievalRecord record;
  record.query = query;
  try {
    record.rightRanks = answer.value("right_ranks", std::vector<int>());
    record.total = answer.value("total", std::int64_t{0});
  } catch (const Json::exception&) {
    throw dataError("\"right_ranks\" or \"total\" are no whole numbers");
  }
  if (!answer.contains("hits")) throw dataError("member \"hits\" is missing");
  record.hits = hitsFromJson(answer["hits"]);
  std::sort(record.rightRanks.begin(), record.rightRanks.end());
  return record;
}

SplitResults readSplitResults(const fs::path& run, const std::string& split) {
  SplitResults all;
  all.split = split;
  const fs::path folder = run / "results" / split;
  std::error_code error;
  if (fs::exists(folder / "metrics.json", error)) {
    try {
      all.metrics = readJsonFile(folder / "metrics.json");
    } catch (const std::exception& problem) {
      all.problems.push_back(describe(problem));
    }
  }
  readJsonLines(
      folder / "retrieval.jsonl",
      [&](const Json& line) {
        all.queries.push_back(recordFromJson(QString::fromStdString(line.value("query", std::string())), line));
      },
      all.problems);
  all.clips = linesOf(folder / "clips.jsonl");
  all.texts = linesOf(folder / "texts.jsonl");
  if (all.clips == 0 && !all.queries.empty()) all.clips = all.queries.front().total;
  if (all.texts == 0) all.texts = std::ssize(all.queries);
  return all;
}

QString metricsText(const SplitResults& results) {
  constexpr struct {
    const char* key;
    const char* name;
    bool isShare = true;
  } kShown[] = {{"recall@1", "R@1"}, {"recall@5", "R@5"},  {"recall@10", "R@10"},
                {"mrr", "MRR"},      {"ndcg@5", "NDCG@5"}, {"median_rank", "median rank", false}};
  const struct {
    const char* key;
    QString name;
  } directions[] = {{"text_to_clip", QObject::tr("text to clip, of %1 clips").arg(countText(results.clips))},
                    {"clip_to_text", QObject::tr("clip to text, of %1 texts").arg(countText(results.texts))}};
  QStringList lines;
  if (!results.metrics.is_object()) return {};
  for (const auto& direction : directions) {
    QStringList parts = {direction.name};
    for (const auto& one : kShown) {
      const std::string key = std::string(direction.key) + "/" + one.key;
      const Json value =
          results.metrics.contains(key) ? results.metrics[key] : results.metrics.value("retrieval/" + key, Json());
      if (!value.is_number()) continue;
      const double number = value.get<double>();
      // Shares line up with three decimals; a rank is a count.
      parts << QStringLiteral("%1 %2").arg(QLatin1String(one.name),
                                           one.isShare ? QString::number(number, 'f', 3) : numberText(number));
    }
    if (parts.size() > 1) lines << parts.join(QStringLiteral("    "));
  }
  return lines.join(QLatin1Char('\n'));
}

QString ranksText(const RetrievalRecord& record) {
  if (record.rightRanks.empty()) return QObject::tr("no right answer is known; %1 ranked").arg(countText(record.total));
  QStringList ranks;
  for (const int rank : record.rightRanks) ranks << countText(rank);
  QString text = ranks.mid(0, kShownRanks).join(QStringLiteral(", "));
  if (ranks.size() > kShownRanks) {
    text += QObject::tr(" … and %1 more down to %2").arg(ranks.size() - kShownRanks).arg(ranks.last());
  }
  return QObject::tr("right at %1 of %2").arg(text, countText(record.total));
}

void QueriesModel::set(std::vector<RetrievalRecord> queries) {
  beginResetModel();
  queries_ = std::move(queries);
  endResetModel();
}

int QueriesModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(queries_.size());
}

int QueriesModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant QueriesModel::data(const QModelIndex& index, int role) const {
  const RetrievalRecord& one = record(index.row());
  const int column = index.column();
  if (role == Qt::TextAlignmentRole && column != Query) return numberAlignment();
  if (role == Qt::ToolTipRole) return one.query + QLatin1Char('\n') + ranksText(one);
  if (role != Qt::DisplayRole) return {};
  if (column == Query) return one.query;
  if (column == Count) return static_cast<int>(one.rightRanks.size());
  if (one.rightRanks.empty()) return {};
  return column == Worst ? one.rightRanks.back() : one.rightRanks.front();
}

QVariant QueriesModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section != Query) return numberAlignment();
  if (role == Qt::ToolTipRole && section == Worst) return tr("Rank of the right answer that stands farthest down");
  if (role == Qt::ToolTipRole && section == Best) return tr("Rank of the first right answer");
  if (role != Qt::DisplayRole) return {};
  const QString names[] = {tr("Worst"), tr("Best"), tr("Right"), tr("Query")};
  return names[section];
}

void HitsModel::set(std::vector<Row> rows) {
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

void HitsModel::redraw() {
  if (!rows_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, 0), {Qt::DecorationRole});
}

int HitsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int HitsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant HitsModel::data(const QModelIndex& index, int role) const {
  const Row& row = at(index.row());
  const QString text = QString::fromStdString(row.hit.text);
  if (role == ClipRole) return row.path;
  if (role == RightRole) return row.hit.right;
  if (role == ViewRole) return row.view;
  if (role == Qt::ToolTipRole) return text;
  if (role == Qt::ForegroundRole && index.column() == Right && row.hit.right) return roles().good;
  if (role == Qt::AccessibleTextRole && index.column() == Rank) {
    return tr("rank %1, score %2, %3. %4")
        .arg(row.hit.rank)
        .arg(QString::number(row.hit.score, 'f', 3), row.hit.right ? tr("right") : tr("not right"), text);
  }
  if (role == Qt::TextAlignmentRole && (index.column() == Rank || index.column() == Score)) return numberAlignment();
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case Rank: return row.hit.rank;
    case Right: return row.hit.right ? tr("✓ right") : QString();
    case Score: return QString::number(row.hit.score, 'f', 3);
    case View: return row.view;
    case StudyId: return QString::fromStdString(row.hit.study);
    case Text: return text;
    default: return QString::fromStdString(row.hit.clip);
  }
}

QVariant HitsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && (section == Rank || section == Score)) return numberAlignment();
  if (role != Qt::DisplayRole) return {};
  const QString names[] = {tr("Rank"), tr("Right"), tr("Score"), tr("View"), tr("Study"), tr("Text"), tr("Clip")};
  return names[section];
}

}  // namespace counterpoint
