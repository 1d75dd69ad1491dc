// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/video_decoder.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace counterpoint {
namespace {

constexpr const char* kCure = "Check that the file is whole and a video that FFmpeg reads";

}  // namespace

VideoDecoder::VideoDecoder(std::filesystem::path path, const ClipOptions& options)
    : path_(std::move(path)), options_(options) {
  open();
}

void VideoDecoder::open() {
  ffmpeg::quietLog();
  codec_.reset();
  format_.reset();
  // Only files: a playlist inside a data set must not reach the network.
  AVDictionary* dictionary = nullptr;
  av_dict_set(&dictionary, "protocol_whitelist", "file", 0);
  AVFormatContext* raw = nullptr;
  const int opened = avformat_open_input(&raw, ("file:" + path_.string()).c_str(), nullptr, &dictionary);
  av_dict_free(&dictionary);
  if (opened < 0) throw dataError("cannot be opened as a video: " + ffmpeg::errorText(opened), path_.string(), kCure);
  format_.reset(raw);
  if (const int code = avformat_find_stream_info(raw, nullptr); code < 0)
    throw dataError("no stream can be read: " + ffmpeg::errorText(code), path_.string(), kCure);
  const AVCodec* decoder = nullptr;
  const int index = av_find_best_stream(raw, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
  if (index < 0 || !decoder) throw dataError("holds no video that FFmpeg decodes", path_.string(), kCure);
  stream_ = raw->streams[index];
  for (unsigned i = 0; i < raw->nb_streams; ++i)
    if (static_cast<int>(i) != index) raw->streams[i]->discard = AVDISCARD_ALL;
  const auto pixels = static_cast<std::uint64_t>(std::max(stream_->codecpar->width, 0)) *
                      static_cast<std::uint64_t>(std::max(stream_->codecpar->height, 0));
  if (pixels > options_.pixelLimit)
    throw dataError(fmt::format("frames of {}x{} pixels are over the limit of {} pixels", stream_->codecpar->width,
                                stream_->codecpar->height, options_.pixelLimit),
                    path_.string(), "Reduce the video first");
  codec_.reset(avcodec_alloc_context3(decoder));
  packet_.reset(av_packet_alloc());
  frame_.reset(av_frame_alloc());
  if (!codec_ || !packet_ || !frame_) throw std::bad_alloc();
  if (avcodec_parameters_to_context(codec_.get(), stream_->codecpar) < 0) throw std::bad_alloc();
  codec_->pkt_timebase = stream_->time_base;
  codec_->max_pixels = static_cast<std::int64_t>(options_.pixelLimit);
  codec_->thread_count = 1;  // loaders run one decoder a thread; more threads gain nothing on clips of this size
  if (const int code = avcodec_open2(codec_.get(), decoder, nullptr); code < 0)
    throw dataError(fmt::format("the decoder {} refuses it: {}", decoder->name, ffmpeg::errorText(code)),
                    path_.string(), kCure);
  // Indexes written by the maker of the file tell how many packets there should be.
  const std::string container = format_->iformat->name;
  expectedPackets_ = 0;
  if (container.find("mov") != std::string::npos) expectedPackets_ = avformat_index_get_entries_count(stream_);
  if (container == "avi") expectedPackets_ = stream_->nb_frames;
  packets_ = 0;
  width_ = height_ = 0;
  ended_ = false;
  whole_ = sequential_ = true;
  lastTime_ = 0;
  leftOut_ = 0;
  damage_.clear();
}

void VideoDecoder::rewind() { open(); }

void VideoDecoder::note(const std::string& problem) {
  whole_ = false;
  if (damage_.empty()) damage_ = fmt::format("after {:.3f} s: {}", lastTime_, problem);
}

bool VideoDecoder::feed() {
  for (;;) {
    const int code = av_read_frame(format_.get(), packet_.get());
    if (code < 0) {
      if (code != AVERROR_EOF) note("the file breaks off (" + ffmpeg::errorText(code) + ")");
      if (sequential_ && packets_ < expectedPackets_)
        note(fmt::format("the file ends after {} of {} frames", packets_, expectedPackets_));
      avcodec_send_packet(codec_.get(), nullptr);
      return false;
    }
    if (packet_->stream_index != stream_->index) {
      av_packet_unref(packet_.get());
      continue;
    }
    ++packets_;
    if (packet_->flags & AV_PKT_FLAG_CORRUPT) note(fmt::format("packet {} is cut short", packets_ - 1));
    const int sent = avcodec_send_packet(codec_.get(), packet_.get());
    av_packet_unref(packet_.get());
    if (sent == AVERROR(ENOMEM)) throw std::bad_alloc();
    if (sent < 0) note(fmt::format("packet {}: {}", packets_ - 1, ffmpeg::errorText(sent)));
    return true;
  }
}

const AVFrame* VideoDecoder::next() {
  for (;;) {
    const int code = avcodec_receive_frame(codec_.get(), frame_.get());
    if (code == AVERROR_EOF) return nullptr;
    if (code == AVERROR(EAGAIN)) {
      if (ended_) return nullptr;
      ended_ = !feed();
      continue;
    }
    if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
    if (code < 0) {
      note(ffmpeg::errorText(code));
      ++leftOut_;
      continue;
    }
    const bool faulty = frame_->decode_error_flags != 0 || (frame_->flags & AV_FRAME_FLAG_CORRUPT);
    if (faulty) note("a frame is damaged");
    if (width_ == 0) {
      width_ = frame_->width;
      height_ = frame_->height;
    }
    if (frame_->width != width_ || frame_->height != height_) {
      note(fmt::format("a frame of {}x{} in a video of {}x{}", frame_->width, frame_->height, width_, height_));
      ++leftOut_;
      continue;
    }
    if (frame_->key_frame && !faulty) whole_ = true;
    if (!whole_) {
      ++leftOut_;
      continue;
    }
    if (frame_->best_effort_timestamp != AV_NOPTS_VALUE) {
      const std::int64_t start = stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
      lastTime_ = static_cast<double>(frame_->best_effort_timestamp - start) * av_q2d(stream_->time_base);
    }
    return frame_.get();
  }
}

bool VideoDecoder::seek(std::int64_t pts) {
  if (av_seek_frame(format_.get(), stream_->index, pts, AVSEEK_FLAG_BACKWARD) < 0) return false;
  avcodec_flush_buffers(codec_.get());
  ended_ = false;
  whole_ = true;
  sequential_ = false;
  return true;
}

Frame RgbConverter::convert(const AVFrame& source) {
  if (!scaler_ || width_ != source.width || height_ != source.height || format_ != source.format) {
    // No further flags: OpenCV's VideoCapture sets none, and each changes the pixels.
    scaler_.reset(sws_getContext(source.width, source.height, static_cast<AVPixelFormat>(source.format), source.width,
                                 source.height, AV_PIX_FMT_RGB24, SWS_BICUBIC, nullptr, nullptr, nullptr));
    if (!scaler_) throw dataError("no conversion from this pixel format to RGB");
    width_ = source.width;
    height_ = source.height;
    format_ = source.format;
  }
  Frame frame{source.width, source.height, 3, paddedStride(source.width, 3), nullptr};
  auto pixels = makePixels(frame.bytes());
  std::uint8_t* target[4] = {pixels.get(), nullptr, nullptr, nullptr};
  const int stride[4] = {static_cast<int>(frame.stride), 0, 0, 0};
  sws_scale(scaler_.get(), source.data, source.linesize, 0, source.height, target, stride);
  frame.pixels = std::move(pixels);
  return frame;
}

}  // namespace counterpoint
