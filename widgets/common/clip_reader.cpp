// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/clip_reader.h"

#include "core/base/error.h"

#include <QFileInfo>
#include <QThread>

#include <atomic>
#include <map>
#include <mutex>
#include <optional>

namespace counterpoint {
namespace {

constexpr int kAhead = 64;                                        // frames decoded before they are asked for
constexpr std::uint64_t kDecoderBytes = std::uint64_t{16} << 20;  // pictures are kept here, not in the decoder

}  // namespace

QImage imageOf(const Frame& frame) {
  auto* keep = new Frame(frame);
  return QImage(
      frame.pixels.get(), frame.width, frame.height, static_cast<qsizetype>(frame.stride),
      frame.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888,
      [](void* held) { delete static_cast<Frame*>(held); }, keep);
}

// What both threads see. The worker reads `wanted` between two frames, so that a jump never waits for more than one.
struct ClipReader::Shared {
  explicit Shared(qint64 limit) : limit(limit) {}

  const qint64 limit;
  std::atomic<int> wanted{0};
  std::atomic<quint64> generation{0};
  std::atomic<bool> busy{false};
  mutable std::mutex lock;
  std::map<int, QImage> pictures;
  std::map<int, QString> problems;
  qint64 bytes = 0;

  void clear() {
    const std::lock_guard guard(lock);
    pictures.clear();
    problems.clear();
    bytes = 0;
  }
  bool has(int frame) const {
    const std::lock_guard guard(lock);
    return pictures.contains(frame) || problems.contains(frame);
  }
  // Keeps it; the pictures farthest from the wanted one go first. False where it would be the first to go.
  bool put(int frame, const QImage& picture) {
    const std::lock_guard guard(lock);
    const int centre = wanted;
    const auto distance = [centre](int index) { return index >= centre ? index - centre : 2 * (centre - index); };
    while (bytes + picture.sizeInBytes() > limit && !pictures.empty()) {
      const auto first = pictures.begin(), last = std::prev(pictures.end());
      const auto farthest = distance(first->first) > distance(last->first) ? first : last;
      if (frame != centre && distance(farthest->first) <= distance(frame)) return false;
      bytes -= farthest->second.sizeInBytes();
      pictures.erase(farthest);
    }
    pictures[frame] = picture;
    bytes += picture.sizeInBytes();
    return true;
  }
};

class ClipReader::Worker : public QObject {
 public:
  Worker(ClipReader* reader, std::shared_ptr<Shared> shared) : reader_(reader), shared_(std::move(shared)) {}

  void open(const QString& path, quint64 generation) {
    clip_.reset();
    if (generation != shared_->generation) return;
    try {
      ClipOptions options;
      options.cacheBytes = kDecoderBytes;
      clip_.emplace(Clip::open(path.toStdString(), options));
      QMetaObject::invokeMethod(reader_, [reader = reader_, generation, info = clip_->info()] {
        if (generation != reader->generation_) return;
        reader->info_ = info;
        reader->opened_ = true;
        emit reader->opened();
      });
    } catch (const std::exception& error) {
      QMetaObject::invokeMethod(reader_, [reader = reader_, generation, notice = Notice::of(error)] {
        if (generation == reader->generation_) emit reader->failed(notice);
      });
    }
  }

  void close() { clip_.reset(); }

  void fill(quint64 generation) {
    shared_->busy = false;  // a wish from here on starts another round
    if (!clip_) return;
    const int count = clip_->info().frameCount;
    for (int step = 0, from = shared_->wanted; step < std::min(kAhead, count) && generation == shared_->generation;) {
      if (const int now = shared_->wanted; now != from) {
        from = now;
        step = 0;
      }
      const int index = (from + step++) % count;  // ahead of the end lies the start: clips are played in loops
      if (!shared_->has(index) && !decode(index, generation)) return;
    }
  }

 private:
  bool decode(int index, quint64 generation) {
    bool kept = true;
    try {
      const QImage picture = imageOf(clip_->frame(index));
      if (generation != shared_->generation) return false;
      kept = shared_->put(index, picture);
    } catch (const std::exception& error) {
      const std::lock_guard guard(shared_->lock);
      shared_->problems[index] = QString::fromStdString(describe(error));
    }
    if (kept) {
      QMetaObject::invokeMethod(reader_, [reader = reader_, generation, index] {
        if (generation == reader->generation_) emit reader->arrived(index);
      });
    }
    return kept;
  }

  ClipReader* reader_;
  std::shared_ptr<Shared> shared_;
  std::optional<Clip> clip_;
};

ClipReader::ClipReader(qint64 cacheBytes, QObject* parent)
    : QObject(parent),
      shared_(std::make_shared<Shared>(cacheBytes)),
      thread_(new QThread(this)),
      worker_(new Worker(this, shared_)) {
  worker_->moveToThread(thread_);
  connect(thread_, &QThread::finished, worker_, &QObject::deleteLater);
  thread_->setObjectName(QStringLiteral("clip"));
  thread_->start();
}

ClipReader::~ClipReader() {
  ++shared_->generation;
  thread_->quit();
  thread_->wait();
}

void ClipReader::open(const QString& path) {
  close();
  path_ = path;
  shared_->wanted = 0;
  QMetaObject::invokeMethod(worker_, [this, path, generation = generation_] { worker_->open(path, generation); });
}

void ClipReader::close() {
  shared_->generation = ++generation_;
  shared_->clear();
  path_.clear();
  info_ = {};
  opened_ = false;
  QMetaObject::invokeMethod(worker_, [this] { worker_->close(); });
}

QImage ClipReader::image(int frame) {
  if (!opened_ || frame < 0 || frame >= info_.frameCount) return {};
  shared_->wanted = frame;
  QImage picture;
  bool enough = false;
  {
    const std::lock_guard guard(shared_->lock);
    const auto found = shared_->pictures.find(frame);
    if (found != shared_->pictures.end()) picture = found->second;
    // Half of what is decoded ahead may be used up before the worker is woken again.
    const int probe = (frame + kAhead / 2) % info_.frameCount;
    enough = !picture.isNull() && (shared_->pictures.contains(probe) || shared_->problems.contains(probe) ||
                                   shared_->bytes + picture.sizeInBytes() > shared_->limit);
  }
  if (!enough && !shared_->busy.exchange(true)) {
    QMetaObject::invokeMethod(worker_, [this, generation = generation_] { worker_->fill(generation); });
  }
  return picture;
}

qint64 ClipReader::cachedBytes() const {
  const std::lock_guard guard(shared_->lock);
  return shared_->bytes;
}

QString ClipReader::frameProblem(int frame) const {
  const std::lock_guard guard(shared_->lock);
  const auto found = shared_->problems.find(frame);
  return found == shared_->problems.end() ? QString() : found->second;
}

}  // namespace counterpoint
