// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/video_writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/media/ffmpeg.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <array>
#include <cmath>

namespace counterpoint {
namespace {

struct FileKind {
  const char* ending;
  const char* muxer;
  std::array<const char*, 2> encoders;  // the first that this FFmpeg has
  AVPixelFormat pixelFormat;
};

constexpr std::array kKinds{
    FileKind{".mp4", "mp4", {"libx264", "mpeg4"}, AV_PIX_FMT_YUV420P},
    FileKind{".mov", "mov", {"libx264", "mpeg4"}, AV_PIX_FMT_YUV420P},
    FileKind{".mkv", "matroska", {"libx264", "mpeg4"}, AV_PIX_FMT_YUV420P},
    FileKind{".avi", "avi", {"mjpeg", nullptr}, AV_PIX_FMT_YUVJ420P},
};

const FileKind& kindOf(const std::filesystem::path& path) {
  const std::string ending = lowerAscii(path.extension().string());
  for (const FileKind& kind : kKinds)
    if (ending == kind.ending) return kind;
  throw usageError(fmt::format("cannot write a video of the kind \"{}\"", ending), path.string(),
                   "Use .mp4, .mov, .mkv or .avi");
}

const AVCodec* encoderOf(const FileKind& kind, const std::string& path) {
  for (const char* name : kind.encoders) {
    const AVCodec* codec = name ? avcodec_find_encoder_by_name(name) : nullptr;
    if (codec) return codec;
  }
  throw environmentError(fmt::format("this FFmpeg has no encoder for {} files", kind.ending), path,
                         "Install an FFmpeg with libx264");
}

}  // namespace

struct VideoWriter::State {
  std::filesystem::path path, partPath;
  VideoWriterOptions options;
  ffmpeg::Output output;
  ffmpeg::Codec codec;
  ffmpeg::FramePointer frame;
  ffmpeg::Packet packet;
  ffmpeg::Scaler scaler;
  AVStream* stream = nullptr;
  int scalerChannels = 0;
  std::int64_t next = 0;
  bool finished = false;

  ~State() {
    if (finished) return;
    output.reset();
    std::error_code ignored;
    std::filesystem::remove(partPath, ignored);
  }

  void check(int code, const char* doing) const {
    if (code >= 0) return;
    if (code == AVERROR(ENOSPC) || code == AVERROR(EACCES) || code == AVERROR(ENOENT) || code == AVERROR(EROFS))
      throw systemError(AVUNERROR(code), doing, path.string());
    throw environmentError(fmt::format("cannot {}: {}", doing, ffmpeg::errorText(code)), path.string());
  }

  void open() {
    ffmpeg::quietLog();
    const FileKind& kind = kindOf(path);
    const AVCodec* encoder = encoderOf(kind, path.string());
    AVFormatContext* raw = nullptr;
    check(avformat_alloc_output_context2(&raw, nullptr, kind.muxer, nullptr), "make the video file");
    output.reset(raw);
    codec.reset(avcodec_alloc_context3(encoder));
    frame.reset(av_frame_alloc());
    packet.reset(av_packet_alloc());
    if (!codec || !frame || !packet) throw std::bad_alloc();
    codec->width = options.width;
    codec->height = options.height;
    codec->pix_fmt = kind.pixelFormat;
    codec->framerate = av_d2q(options.framesPerSecond, 100'000);
    codec->time_base = av_inv_q(codec->framerate);
    codec->gop_size = options.keyFrameEvery;
    codec->thread_count = 1;
    if (options.betweenFrames >= 0 && encoder->id != AV_CODEC_ID_MJPEG) codec->max_b_frames = options.betweenFrames;
    if (encoder->id == AV_CODEC_ID_H264) {
      av_opt_set_int(codec->priv_data, "crf", options.quality, 0);
      av_opt_set(codec->priv_data, "preset", options.preset.c_str(), 0);
    } else {
      codec->flags |= AV_CODEC_FLAG_QSCALE;
      codec->global_quality = FF_QP2LAMBDA * std::clamp(options.quality, 2, 31);
    }
    if (output->oformat->flags & AVFMT_GLOBALHEADER) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (const int code = avcodec_open2(codec.get(), encoder, nullptr); code < 0)
      throw usageError(fmt::format("the encoder {} refuses {}x{} at {} frames per second: {}", encoder->name,
                                   options.width, options.height, options.framesPerSecond, ffmpeg::errorText(code)),
                       path.string());
    stream = avformat_new_stream(output.get(), nullptr);
    if (!stream) throw std::bad_alloc();
    stream->time_base = codec->time_base;
    stream->avg_frame_rate = codec->framerate;
    check(avcodec_parameters_from_context(stream->codecpar, codec.get()), "describe the video");
    check(avio_open(&output->pb, ("file:" + partPath.string()).c_str(), AVIO_FLAG_WRITE), "write");
    check(avformat_write_header(output.get(), nullptr), "write the header");
    frame->format = codec->pix_fmt;
    frame->width = codec->width;
    frame->height = codec->height;
    check(av_frame_get_buffer(frame.get(), 0), "allocate a frame");
  }

  void drainPackets() {
    for (;;) {
      const int code = avcodec_receive_packet(codec.get(), packet.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
      check(code, "encode a frame");
      packet->duration = 1;
      av_packet_rescale_ts(packet.get(), codec->time_base, stream->time_base);
      packet->stream_index = stream->index;
      check(av_interleaved_write_frame(output.get(), packet.get()), "write a frame");
      if (output->pb->error < 0) check(output->pb->error, "write a frame");
    }
  }
};

VideoWriter::VideoWriter(std::filesystem::path path, const VideoWriterOptions& options)
    : state_(std::make_unique<State>()) {
  const bool sizeFits = options.width > 0 && options.height > 0 && options.width % 2 == 0 && options.height % 2 == 0 &&
                        options.width <= 16384 && options.height <= 16384;
  if (!sizeFits)
    throw usageError(fmt::format("cannot write a video of {}x{} pixels", options.width, options.height), path.string(),
                     "Both must be even and at most 16384");
  if (!(options.framesPerSecond > 0 && options.framesPerSecond <= 1000))
    throw usageError(fmt::format("cannot write {} frames per second", options.framesPerSecond), path.string(),
                     "Choose a rate above 0 and up to 1000");
  state_->path = std::move(path);
  state_->partPath = state_->path;
  state_->partPath += fmt::format(".{}.part", ::getpid());
  state_->options = options;
  state_->open();
}

VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;
VideoWriter::~VideoWriter() = default;

void VideoWriter::write(const Frame& picture) {
  State& state = *state_;
  if (picture.width != state.options.width || picture.height != state.options.height)
    throw Error(ErrorKind::Bug,
                fmt::format("a frame of {}x{} in a video of {}x{}", picture.width, picture.height, state.options.width,
                            state.options.height),
                state.path.string());
  if (!state.scaler || state.scalerChannels != picture.channels) {
    const AVPixelFormat from = picture.channels == 3 ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_GRAY8;
    state.scaler.reset(sws_getContext(picture.width, picture.height, from, picture.width, picture.height,
                                      state.codec->pix_fmt, SWS_BICUBIC, nullptr, nullptr, nullptr));
    if (!state.scaler) throw std::bad_alloc();
    state.scalerChannels = picture.channels;
  }
  state.check(av_frame_make_writable(state.frame.get()), "encode a frame");
  const std::uint8_t* source[4] = {picture.pixels.get(), nullptr, nullptr, nullptr};
  const int stride[4] = {static_cast<int>(picture.stride), 0, 0, 0};
  sws_scale(state.scaler.get(), source, stride, 0, picture.height, state.frame->data, state.frame->linesize);
  state.frame->pts = state.next++;
  state.frame->quality = state.codec->global_quality;
  state.check(avcodec_send_frame(state.codec.get(), state.frame.get()), "encode a frame");
  state.drainPackets();
}

void VideoWriter::finish() {
  State& state = *state_;
  if (state.finished) throw Error(ErrorKind::Bug, "finish() called twice", state.path.string());
  state.check(avcodec_send_frame(state.codec.get(), nullptr), "encode the last frames");
  state.drainPackets();
  state.check(av_write_trailer(state.output.get()), "write the trailer");
  state.check(avio_closep(&state.output->pb), "write");
  std::error_code code;
  std::filesystem::rename(state.partPath, state.path, code);
  if (code) throw systemError(code.value(), "rename into place", state.path.string());
  state.finished = true;
}

}  // namespace counterpoint
