// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runs/run_log.h"

#include <algorithm>
#include <array>

#include "core/runs/folder_watcher.h"
#include "core/runs/run_folder.h"
#include "widgets/common/theme.h"

#include <QFile>
#include <QSocketNotifier>
#include <QTimer>

namespace counterpoint {
namespace {

constexpr std::int64_t kSliceBytes = std::int64_t{256} << 10;
constexpr int kSafetyMilliseconds = 1000;
constexpr int kMostRanks = 4096;
constexpr qsizetype kClock = 9;  // "14:03:22 ", which core/base/log puts before the level

struct LevelName {
  const char* word;
  LineLevel level;
};
constexpr std::array<LevelName, 5> kLevels = {{{"DEBUG", LineLevel::Debug},
                                               {"INFO", LineLevel::Info},
                                               {"WARNING", LineLevel::Warning},
                                               {"ERROR", LineLevel::Error},
                                               {"counterpoint-error", LineLevel::Error}}};

QString levelWord(LineLevel level) {
  switch (level) {
    case LineLevel::Debug: return QObject::tr("debug");
    case LineLevel::Info: return QObject::tr("info");
    case LineLevel::Warning: return QObject::tr("warning");
    case LineLevel::Error: return QObject::tr("error");
  }
  return {};
}

}  // namespace

RankLine rankLine(int rank, const QString& line, LineLevel before) {
  const bool timed = line.size() > kClock && line[2] == u':' && line[5] == u':' && line[kClock - 1] == u' ';
  const qsizetype start = timed ? kClock : 0;
  for (const LevelName& name : kLevels) {
    const QLatin1String word(name.word);
    const qsizetype end = start + word.size();
    if (line.size() > end && QStringLiteral(" :\t").contains(line[end]) &&
        QStringView(line).mid(start, word.size()).compare(word, Qt::CaseInsensitive) == 0) {
      return {rank, name.level, line.left(start) + line.mid(end + 1).trimmed()};
    }
  }
  // Lines of LibTorch's own logger: "[W1121 13:10:20.1 reducer.cpp:332] Warning: ...".
  if (line.size() > 2 && line[0] == u'[' && line[2].isDigit() && line.contains(u']')) {
    if (line[1] == u'W') return {rank, LineLevel::Warning, line};
    if (line[1] == u'E' || line[1] == u'F') return {rank, LineLevel::Error, line};
  }
  // A stack trace and the like belongs to what it follows, but only while it is indented.
  const bool continued = line.startsWith(u' ') || line.startsWith(u'\t');
  return {rank, continued ? before : LineLevel::Info, line};
}

struct RankLogReader::Watch {
  std::unique_ptr<FolderWatcher> folder;
  std::unique_ptr<QSocketNotifier> notifier;
  QTimer safety;
};

RankLogReader::RankLogReader(std::filesystem::path run) : run_(std::move(run)) {}
RankLogReader::~RankLogReader() = default;

void RankLogReader::open() {
  watch_ = std::make_unique<Watch>();
  try {
    watch_->folder = std::make_unique<FolderWatcher>(run_);
    watch_->notifier = std::make_unique<QSocketNotifier>(watch_->folder->descriptor(), QSocketNotifier::Read);
    connect(watch_->notifier.get(), &QSocketNotifier::activated, this, [this] {
      if (!watch_->folder->changes().empty()) look();
    });
  } catch (const std::exception&) {
    watch_->folder.reset();  // no such folder yet: the timer looks again
  }
  connect(&watch_->safety, &QTimer::timeout, this, &RankLogReader::look);
  watch_->safety.start(kSafetyMilliseconds);
  look();
}

bool RankLogReader::readSome(int rank, File& file, std::vector<RankLine>& lines) {
  QFile log(QString::fromStdString(RunFolder(run_).rankLog(rank).string()));
  if (!log.open(QIODevice::ReadOnly)) return false;
  if (file.offset < 0) {
    file.offset = std::max<std::int64_t>(0, log.size() - kTailBytes);
    if (file.offset > 0) {
      log.seek(file.offset);
      file.offset += log.readLine(kTailBytes).size();  // begins in the middle of a line
    }
  }
  if (log.size() < file.offset) file = File{0, {}, LineLevel::Info};  // begun anew
  log.seek(file.offset);
  const QByteArray bytes = log.read(kSliceBytes);
  if (bytes.isEmpty()) return false;
  file.offset += bytes.size();
  file.rest.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
  std::size_t start = 0;
  for (std::size_t end = file.rest.find('\n'); end != std::string::npos; end = file.rest.find('\n', start)) {
    lines.push_back(
        rankLine(rank, QString::fromUtf8(file.rest.data() + start, static_cast<qsizetype>(end - start)), file.level));
    file.level = lines.back().level;
    start = end + 1;
  }
  file.rest.erase(0, start);
  if (file.rest.size() > static_cast<std::size_t>(kSliceBytes)) file.rest.clear();  // no text: a binary without lines
  return file.offset < log.size();
}

void RankLogReader::look() {
  std::vector<RankLine> found;
  bool more = false;
  for (int rank = 0; rank < kMostRanks; ++rank) {
    std::error_code ignored;
    if (!std::filesystem::exists(RunFolder(run_).rankLog(rank), ignored)) break;
    more = readSome(rank, files_[rank], found) || more;
  }
  if (!found.empty()) emit lines(found);
  if (more) QMetaObject::invokeMethod(this, &RankLogReader::look, Qt::QueuedConnection);
}

void RankLogModel::clear() {
  beginResetModel();
  lines_.clear();
  dropped_ = 0;
  endResetModel();
}

void RankLogModel::append(const std::vector<RankLine>& lines) {
  if (lines.empty()) return;
  const std::size_t skip = lines.size() > kMostLines ? lines.size() - kMostLines : 0;
  const std::size_t coming = lines.size() - skip;
  dropped_ += skip;
  if (lines_.size() + coming > kMostLines) {
    const auto going = static_cast<std::ptrdiff_t>(lines_.size() + coming - kMostLines);
    beginRemoveRows({}, 0, static_cast<int>(going) - 1);
    lines_.erase(lines_.begin(), lines_.begin() + going);
    dropped_ += static_cast<std::uint64_t>(going);
    endRemoveRows();
  }
  const int first = static_cast<int>(lines_.size());
  beginInsertRows({}, first, first + static_cast<int>(coming) - 1);
  lines_.insert(lines_.end(), lines.begin() + static_cast<std::ptrdiff_t>(skip), lines.end());
  endInsertRows();
}

int RankLogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(lines_.size());
}
int RankLogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant RankLogModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const RankLine& line = lines_[static_cast<std::size_t>(index.row())];
  if (role == Qt::DisplayRole) {
    switch (index.column()) {
      case Rank: return QString::number(line.rank);
      case Level: return levelWord(line.level);
      case Text: return line.text;
      default: return {};
    }
  }
  if (role == Qt::ToolTipRole && index.column() == Text) return line.text;
  if (role == Qt::FontRole && index.column() == Text) return codeFont();
  if (role == Qt::ForegroundRole) {
    if (line.level == LineLevel::Error) return roles().bad;
    if (line.level == LineLevel::Warning) return roles().warn;
    if (line.level == LineLevel::Debug || index.column() != Text) return roles().quiet;
  }
  return {};
}

QVariant RankLogModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == Rank ? tr("Rank") : section == Level ? tr("Level") : tr("Line");
}

RankLogFilter::RankLogFilter(RankLogModel& model, QObject* parent) : QSortFilterProxyModel(parent), model_(model) {
  setSourceModel(&model);
}

void RankLogFilter::choose(LineLevel least, int rank, const QString& text) {
  least_ = least;
  rank_ = rank;
  text_ = text;
  invalidateFilter();
}

bool RankLogFilter::filterAcceptsRow(int row, const QModelIndex&) const {
  const RankLine& line = model_.line(row);
  return line.level >= least_ && (rank_ < 0 || line.rank == rank_) &&
         (text_.isEmpty() || line.text.contains(text_, Qt::CaseInsensitive));
}

}  // namespace counterpoint
