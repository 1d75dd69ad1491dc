// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/media/clip_source.h"
#include "core/media/video_decoder.h"

#include <algorithm>
#include <map>

namespace counterpoint {
namespace {

std::uint64_t bytesOf(const AVFrame& frame) {
  std::uint64_t bytes = 0;
  for (const AVBufferRef* buffer : frame.buf)
    if (buffer) bytes += buffer->size;
  return bytes;
}

bool isColour(AVPixelFormat format) {
  const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(format);
  return !descriptor || descriptor->nb_components >= 3 || (descriptor->flags & AV_PIX_FMT_FLAG_PAL);
}

// The decoded frames are kept as the codec made them (half the bytes of RGB) and converted when asked for.
class VideoSource final : public Clip::Source {
 public:
  VideoSource(const std::filesystem::path& path, const ClipOptions& options)
      : options_(options), decoder_(path, options) {
    makeTable(path);
  }

  Frame read(int index, Colour colour) override {
    const Frame frame = converter_.convert(decoded(index));
    return colour == Colour::Grey ? toColour(frame, Colour::Grey) : frame;
  }

 private:
  void makeTable(const std::filesystem::path& path) {
    info.path = path;
    info.format = decoder_.container().name;
    info.codec = avcodec_get_name(decoder_.codec().codec_id);
    const double unit = av_q2d(decoder_.stream().time_base);
    const AVRational stated = decoder_.stream().avg_frame_rate;
    const double statedRate = stated.num > 0 && stated.den > 0 ? av_q2d(stated) : 0;
    int inPart = 0;
    while (const AVFrame* frame = decoder_.next()) {
      const int index = static_cast<int>(table_.size());
      if (index >= options_.frameLimit)
        throw dataError(fmt::format("more than {} frames", options_.frameLimit), path.string(), "Cut it into parts");
      std::int64_t pts = frame->best_effort_timestamp;
      if (pts == AV_NOPTS_VALUE) {
        timed_ = false;
        pts = index;
      }
      if (!table_.empty() && pts <= table_.back().pts) ordered_ = false;
      table_.push_back({pts, frame->key_frame != 0});
      if (index == 0) describeFirst(*frame);
      if (cachedBytes_ + bytesOf(*frame) <= options_.cacheBytes) keep(index, *frame);
      if (!options_.part) continue;
      const double time = static_cast<double>(pts - table_.front().pts) * unit;
      if (timed_ && time >= options_.part->seconds && ++inPart >= options_.part->frames) break;
    }
    position_ = static_cast<int>(table_.size());
    if (table_.empty())
      throw dataError("no frame decodes" + (decoder_.damage().empty() ? "" : " " + decoder_.damage()), path.string(),
                      "Check that the file is whole and a video that FFmpeg reads");
    info.frameCount = static_cast<int>(table_.size());
    if (!decoder_.damage().empty())
      info.damage = fmt::format("{}; {} of {} frames are good", decoder_.damage(), info.frameCount,
                                std::max(decoder_.framesPromised(), info.frameCount + decoder_.framesLeftOut()));
    if (!timed_) {
      ordered_ = false;
      assumeTimes(info, statedRate > 0 ? statedRate : options_.assumedFramesPerSecond);
      return;
    }
    info.times.reserve(table_.size());
    for (const Entry& entry : table_) {
      const double time = static_cast<double>(entry.pts - table_.front().pts) * unit;
      info.times.push_back(info.times.empty() ? time : std::max(time, info.times.back()));
    }
    const double length = info.times.back();
    info.framesPerSecond = length > 0 ? (info.frameCount - 1) / length : statedRate;
    if (info.framesPerSecond <= 0) {
      info.timesKnown = false;
      info.framesPerSecond = options_.assumedFramesPerSecond;
    }
  }

  void describeFirst(const AVFrame& frame) {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    info.width = frame.width;
    info.height = frame.height;
    info.pixelFormat = av_get_pix_fmt_name(format) ? av_get_pix_fmt_name(format) : "unknown";
    info.colour = isColour(format);
  }

  void keep(int index, const AVFrame& frame) {
    ffmpeg::FramePointer copy(av_frame_clone(&frame));
    if (!copy) throw std::bad_alloc();
    if (cache_.emplace(index, std::move(copy)).second) cachedBytes_ += bytesOf(frame);
  }

  // The frames farthest from `index` make room.
  void makeRoom(std::uint64_t bytes, int index) {
    while (!cache_.empty() && cachedBytes_ + bytes > options_.cacheBytes) {
      const auto first = cache_.begin();
      const auto last = std::prev(cache_.end());
      const auto farthest = std::abs(first->first - index) > std::abs(last->first - index) ? first : last;
      cachedBytes_ -= bytesOf(*farthest->second);
      cache_.erase(farthest);
    }
  }

  const AVFrame& decoded(int index) {
    if (const auto found = cache_.find(index); found != cache_.end()) return *found->second;
    if (const AVFrame* frame = decodeTo(index, false)) return *frame;
    if (const AVFrame* frame = decodeTo(index, true)) return *frame;
    throw dataError(fmt::format("frame {} no longer decodes", index), info.path.string(),
                    "The file has changed since it was opened; open it again");
  }

  // Null when the frame was passed over (a seek that came down too late): then only the start helps.
  const AVFrame* decodeTo(int index, bool fromStart) {
    const int key = lastKeyFrame(index);
    const bool goOn = !fromStart && position_ <= index && position_ >= key;
    if (!goOn) {
      position_ = fromStart || !ordered_ || key == 0 ? 0 : key;
      if (position_ == 0)
        decoder_.rewind();
      else if (!decoder_.seek(table_[static_cast<std::size_t>(key)].pts))
        return nullptr;
    }
    while (const AVFrame* frame = decoder_.next()) {
      const int number = numberOf(*frame);
      if (number < 0) continue;
      position_ = number + 1;
      if (number > index) return nullptr;
      // Of the frames on the way only the nearest are worth their memory.
      if (!cache_.contains(number)) {
        makeRoom(bytesOf(*frame), index);
        keep(number, *frame);
      }
      if (number == index) return cache_.at(index).get();
    }
    position_ = info.frameCount;
    return nullptr;
  }

  int lastKeyFrame(int index) const {
    if (!ordered_) return 0;
    while (index > 0 && !table_[static_cast<std::size_t>(index)].key) --index;
    return index;
  }

  // By time where times tell frames apart, else by counting from the start.
  int numberOf(const AVFrame& frame) const {
    if (!ordered_) return position_;
    const auto found = std::lower_bound(table_.begin(), table_.end(), frame.best_effort_timestamp,
                                        [](const Entry& entry, std::int64_t pts) { return entry.pts < pts; });
    if (found == table_.end() || found->pts != frame.best_effort_timestamp) return -1;
    return static_cast<int>(found - table_.begin());
  }

  struct Entry {
    std::int64_t pts;
    bool key;
  };
  ClipOptions options_;
  VideoDecoder decoder_;
  RgbConverter converter_;
  std::vector<Entry> table_;
  bool timed_ = true;    // every frame has a time
  bool ordered_ = true;  // and each is later than the one before
  std::map<int, ffmpeg::FramePointer> cache_;
  std::uint64_t cachedBytes_ = 0;
  int position_ = 0;  // the frame that the decoder gives next
};

}  // namespace

std::unique_ptr<Clip::Source> openVideo(const std::filesystem::path& path, const ClipOptions& options) {
  return std::make_unique<VideoSource>(path, options);
}

}  // namespace counterpoint
