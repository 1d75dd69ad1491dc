// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/memory_estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/amounts.h"

namespace counterpoint {
namespace {

using Extent = std::array<std::int64_t, 3>;

constexpr double kFloat = 4, kMegabyte = 1 << 20;
constexpr int kBatchesAhead = 2;           // LoaderOptions::prefetch
constexpr double kLibTorchOnHost = 190e6;  // a rank before its model: LibTorch's pages, measured on the CPU
constexpr double kCudaContext = 600e6;     // context, kernels and library handles of one process
constexpr double kHostOfCuda = 1.5e9;      // what they take beside it in main memory
constexpr double kDecoder = 24e6;          // a thread that decodes
constexpr double kMixedBytes = 3;          // a kept number under autocast: matrix products 2, norms 4
constexpr std::int64_t kTokenTypes = 2;    // of BERT
const std::string kFixed[] = {"weights", "gradients", "optimizer state", "program"};

std::int64_t volumeOf(const Extent& extent) { return extent[0] * extent[1] * extent[2]; }

Extent extentOf(const Json& list) {
  Extent extent{1, 1, 1};
  for (std::size_t axis = 0; axis < 3 && axis < list.size(); ++axis) extent[axis] = list[axis].get<std::int64_t>();
  return extent;
}

// Padded by half the kernel, as every convolution here is.
Extent after(Extent size, const Extent& kernel, const Extent& stride) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    size[axis] = (size[axis] + 2 * (kernel[axis] / 2) - kernel[axis]) / std::max<std::int64_t>(1, stride[axis]) + 1;
    size[axis] = std::max<std::int64_t>(1, size[axis]);
  }
  return size;
}

// Parameters in the order of registration, and numbers that a forward pass keeps, of one clip or one text.
struct Part {
  std::vector<std::int64_t> tensors;
  double kept = 0;
  double largest = 0;  // one layer's output
  std::int64_t tokens = 0, features = 0;

  std::int64_t parameters() const { return std::accumulate(tensors.begin(), tensors.end(), std::int64_t{0}); }
  void add(std::initializer_list<std::int64_t> sizes) { tensors.insert(tensors.end(), sizes); }
  void linear(std::int64_t in, std::int64_t out) { add({in * out, out}); }
  void norm(std::int64_t width) { add({width, width}); }
  void keep(double numbers) { kept += numbers; }
  void output(double numbers) { largest = std::max(largest, numbers); }

  // Of the last share of the tensors, as setTrainableFraction chooses them.
  std::int64_t trainable(double share) const {
    const auto count = static_cast<std::size_t>(share * static_cast<double>(tensors.size()));
    return std::accumulate(tensors.end() - static_cast<std::ptrdiff_t>(count), tensors.end(), std::int64_t{0});
  }
};

// ReLU's result and the norm's input are kept of each convolution.
void convolutionNorm(Part& part, std::int64_t in, std::int64_t out, const Extent& kernel, const Extent& size,
                     bool relu) {
  part.add({in * out * volumeOf(kernel)});
  part.norm(out);
  const auto numbers = static_cast<double>(out * volumeOf(size));
  part.keep(relu ? 2 * numbers : numbers);
  part.output(numbers);
}

Part r3d(const Json& settings, std::int64_t channels, Extent size) {
  constexpr Extent kKernel{3, 3, 3}, kOne{1, 1, 1};
  Part part;
  std::int64_t width = settings.at("stem_width").get<std::int64_t>();
  const Extent stemKernel = extentOf(settings.at("stem_kernel"));
  size = after(size, stemKernel, extentOf(settings.at("stem_stride")));
  convolutionNorm(part, channels, width, stemKernel, size, true);
  for (const Json& stage : settings.at("stages")) {
    const auto out = stage.value("width", std::int64_t{64});
    Extent stride = stage.contains("stride") ? extentOf(stage.at("stride")) : kOne;
    for (std::int64_t block = 0; block < stage.value("blocks", std::int64_t{1}); ++block) {
      const bool changes = width != out || stride != kOne;
      size = after(size, kKernel, stride);
      convolutionNorm(part, width, out, kKernel, size, true);
      convolutionNorm(part, out, out, kKernel, size, true);  // its ReLU comes after the sum
      if (changes) convolutionNorm(part, width, out, kOne, size, false);
      width = out;
      stride = kOne;
    }
  }
  part.tokens = settings.at("tokens") == "grid" ? volumeOf(size) : 1;
  part.features = width;
  return part;
}

// One block of MViTv2 (core/models/mvit).
void mvitBlock(Part& part, std::int64_t in, std::int64_t out, std::int64_t heads, const Extent& queryStride,
               const Extent& keyStride, Extent& grid, const Extent& tableGrid) {
  constexpr Extent kPool{3, 3, 3};
  const Extent before = grid, keys = after(grid, kPool, keyStride);
  grid = after(grid, kPool, queryStride);
  const std::int64_t head = out / heads;
  const std::int64_t side = std::max(tableGrid[1], tableGrid[2]);
  const std::int64_t table =
      std::max<std::int64_t>(1, 2 * std::max(side / queryStride[1], side / keyStride[1]) - 1) * head;
  part.norm(in);
  part.norm(out);
  part.add({table, table, (2 * tableGrid[0] - 1) * head});
  part.linear(in, 3 * out);
  part.linear(out, out);
  for (int pool = 0; pool < 3; ++pool) {
    part.add({head * volumeOf(kPool)});
    part.norm(head);
  }
  part.linear(out, 4 * out);
  part.linear(4 * out, out);
  if (in != out) part.linear(in, out);
  const auto from = static_cast<double>(1 + volumeOf(before)), to = static_cast<double>(1 + volumeOf(grid)),
             source = static_cast<double>(1 + volumeOf(keys));
  const auto wide = static_cast<double>(out), narrow = static_cast<double>(in);
  // Positions are appended to queries, keys and values: they grow by a row of each axis.
  const double longer =
      static_cast<double>((head + keys[0] + keys[1] + keys[2] + 7) / 8 * 8) / static_cast<double>(head) * wide;
  part.keep(2 * from * narrow);                           // norm: input and output
  part.keep(2 * 3 * from * wide);                         // queries, keys, values, and their volumes for the pools
  part.keep(2 * (to + 2 * source) * wide);                // pooled, normed
  part.keep((2 * to + 2 * source) * longer + to * wide);  // attention, and what it is projected from
  part.keep((in != out ? 2 : 1) * to * wide);             // the skip
  part.keep(2 * to * wide + 8 * to * wide);               // norm and inner layers
  part.output(std::max(4 * to, 3 * from) * wide);
}

Part mvit(const Json& settings, std::int64_t channels, Extent size) {
  constexpr Extent kStay{1, 1, 1}, kHalve{1, 2, 2};
  const auto width = settings.at("width").get<std::int64_t>();
  Part part;
  part.add({channels * width * 3 * 7 * 7, width, width});
  Extent grid = after(size, {3, 7, 7}, {2, 4, 4}), table = grid;
  const auto block = [&](std::int64_t in, std::int64_t out, std::int64_t heads, const Extent& query,
                         const Extent& key) {
    mvitBlock(part, in, out, heads, query, key, grid, table);
    for (std::size_t axis = 0; axis < 3; ++axis) table[axis] = std::max<std::int64_t>(1, table[axis] / query[axis]);
  };
  block(width, width, 1, kStay, {1, 8, 8});
  block(width, 2 * width, 2, kHalve, {1, 4, 4});
  block(2 * width, 2 * width, 2, kStay, {1, 4, 4});
  block(2 * width, 4 * width, 4, kHalve, {1, 2, 2});
  for (int i = 4; i < 14; ++i) block(4 * width, 4 * width, 4, kStay, {1, 2, 2});
  block(4 * width, 8 * width, 8, kHalve, kStay);
  block(8 * width, 8 * width, 8, kStay, kStay);
  part.norm(8 * width);
  part.tokens = 1 + volumeOf(grid);
  part.features = 8 * width;
  return part;
}

// Pre-norm, as aggregator and mixer have them: norms, packed queries/keys/values, attention, inner layer.
void transformerBlock(Part& part, std::int64_t width, std::int64_t inner, std::int64_t tokens) {
  part.norm(width);
  part.add({3 * width * width, 3 * width});
  part.linear(width, width);
  part.norm(width);
  part.linear(width, inner);
  part.linear(inner, width);
  part.keep(static_cast<double>(tokens * (8 * width + 2 * inner)));
}

// What stands behind the backbone: projection, mixer, pool; of one clip.
Part videoHead(const Json& video, std::int64_t dimension, const Part& backbone) {
  Part part;
  part.linear(backbone.features, dimension);
  part.keep(static_cast<double>(backbone.tokens * (backbone.features + 2 * dimension)));
  const auto inner = std::llround(static_cast<double>(dimension) * video.at("mlp_ratio").get<double>());
  if (const auto depth = video.at("mixer_depth").get<std::int64_t>(); depth > 0) {
    part.add({video.at("mixer_tokens").get<std::int64_t>() * dimension});
    for (std::int64_t i = 0; i < depth; ++i) transformerBlock(part, dimension, inner, backbone.tokens);
  }
  if (const auto pooling = video.at("pooling").get<std::string>(); pooling != "mean") {
    part.add({dimension, 3 * dimension * dimension, 3 * dimension});
    part.linear(dimension, dimension);
    part.norm(dimension);
    if (pooling == "cls_token") {
      part.linear(dimension, 4 * dimension);
      part.linear(4 * dimension, dimension);
      part.norm(dimension);
      part.norm(dimension);
    }
    part.keep(static_cast<double>(3 * backbone.tokens * dimension));
  }
  return part;
}

Part aggregator(const Json& video, std::int64_t dimension, std::int64_t clips) {
  Part part;
  part.add({video.at("max_clips").get<std::int64_t>() * dimension, dimension});
  const auto inner = std::llround(static_cast<double>(dimension) * video.at("mlp_ratio").get<double>());
  for (std::int64_t i = 0; i < video.at("depth").get<std::int64_t>(); ++i)
    transformerBlock(part, dimension, inner, clips);
  part.norm(dimension);
  return part;
}

Part bert(const Json& text, std::int64_t vocabulary, std::int64_t tokens) {
  const auto width = text.at("hidden").get<std::int64_t>(), inner = text.at("feed_forward").get<std::int64_t>();
  Part part;
  part.add({vocabulary * width, text.at("positions").get<std::int64_t>() * width, kTokenTypes * width});
  part.norm(width);
  part.keep(static_cast<double>(2 * tokens * width));
  for (std::int64_t i = 0; i < text.at("layers").get<std::int64_t>(); ++i) {
    for (int linear = 0; linear < 4; ++linear) part.linear(width, width);
    part.norm(width);
    part.linear(width, inner);
    part.linear(inner, width);
    part.norm(width);
    part.keep(static_cast<double>(tokens * (8 * width + 2 * inner)));
  }
  return part;
}

Part decoder(const Json& settings, std::int64_t dimension, std::int64_t vocabulary, std::int64_t tokens,
             std::int64_t videoTokens) {
  const auto inner = settings.at("feed_forward").get<std::int64_t>();
  Part part;
  part.add({vocabulary * dimension, settings.at("positions").get<std::int64_t>() * dimension});
  part.norm(dimension);
  part.keep(static_cast<double>(2 * tokens * dimension));
  for (std::int64_t i = 0; i < settings.at("layers").get<std::int64_t>(); ++i) {
    for (int attention = 0; attention < 2; ++attention) {
      part.add({3 * dimension * dimension, 3 * dimension});
      part.linear(dimension, dimension);
      part.norm(dimension);
    }
    part.linear(dimension, inner);
    part.linear(inner, dimension);
    part.norm(dimension);
    part.keep(static_cast<double>(tokens * (13 * dimension + 2 * inner) + 2 * videoTokens * dimension));
  }
  part.norm(dimension);
  part.add({dimension * vocabulary});
  part.keep(static_cast<double>(3 * tokens * vocabulary));  // logits, their softmax, and the gradient that meets it
  return part;
}

std::int64_t channelsOf(const std::string& name) { return name == "rgb" ? 3 : name == "grey" ? 1 : 2; }

double sum(const std::vector<MemoryPart>& parts) {
  return std::accumulate(parts.begin(), parts.end(), 0.0,
                         [](double so, const MemoryPart& part) { return so + part.bytes; });
}

}  // namespace

double MemoryEstimate::deviceBytes() const { return sum(device); }
double MemoryEstimate::hostBytes() const { return sum(host); }

double MemoryEstimate::fixedBytes() const {
  double bytes = 0;
  for (const MemoryPart& part : device)
    if (std::find(std::begin(kFixed), std::end(kFixed), part.name) != std::end(kFixed)) bytes += part.bytes;
  return bytes;
}

MemoryEstimate estimateMemory(const Json& values, const MemoryQuestion& question) {
  const Json &data = values.at("data"), &model = values.at("model"), &video = model.at("video");
  const auto dimension = model.at("dimension").get<std::int64_t>();
  const auto frames = data.at("frames").get<std::int64_t>(), edge = data.at("size").get<std::int64_t>();
  const std::int64_t channels = channelsOf(data.at("channels").get<std::string>());
  const std::int64_t clips =
      data.at("sample") == "study" ? data.at("clips_per_study").get<std::int64_t>() : std::int64_t{1};
  const std::int64_t ranks = std::max<std::int64_t>(
      1, question.ranks > 0 ? question.ranks : values.at("launch").at("ranks").get<std::int64_t>());
  const auto words = values.at("text").at("max_tokens").get<std::int64_t>();

  MemoryEstimate estimate;
  estimate.samples = std::max<std::int64_t>(1, values.at("train").at("batch_size").get<std::int64_t>() / ranks);
  const Extent size{frames, edge, edge};
  const Part backbone =
      video.at("backbone") == "mvit" ? mvit(video.at("mvit"), channels, size) : r3d(video.at("r3d"), channels, size);
  const Part head = videoHead(video, dimension, backbone), study = aggregator(video, dimension, clips);
  const Part texts = bert(model.at("text"), question.vocabulary, words);
  Part textHead;
  textHead.linear(model.at("text").at("hidden").get<std::int64_t>(), dimension);
  const Part captions = decoder(model.at("decoder"), dimension, question.vocabulary, words, clips * backbone.tokens);
  estimate.videoTokens = backbone.tokens;

  const double videoShare = video.at("trainable").get<double>(),
               textShare = model.at("text").at("trainable").get<double>();
  estimate.modules = {{"video backbone", backbone.parameters()},
                      {"video heads", head.parameters() + study.parameters()},
                      {"text encoder", texts.parameters() + textHead.parameters()},
                      {"captioning decoder", captions.parameters()}};
  const std::int64_t others =
      head.parameters() + study.parameters() + textHead.parameters() + captions.parameters() + 1;  // the temperature
  estimate.parameters = backbone.parameters() + texts.parameters() + others;
  estimate.trainable = backbone.trainable(videoShare) + texts.trainable(textShare) + others;

  const bool mixed = values.at("precision") == "bfloat16";
  const double kept = mixed ? kMixedBytes : kFloat;
  const double keptBackbone = mixed && !video.at("full_precision_backbone").get<bool>() ? kMixedBytes : kFloat;
  const auto batch = static_cast<double>(estimate.samples), many = static_cast<double>(clips);
  const auto trainable = static_cast<double>(estimate.trainable), all = static_cast<double>(estimate.parameters);
  const bool adam = values.at("optimizer").at("name") == "adamw";
  const double clipBytes = static_cast<double>(frames * edge * edge * channels) * kFloat;
  const double batchBytes = batch * many * clipBytes;
  const bool texting = values.at("loss").at("weights").at("contrastive").get<double>() > 0,
             captioning = values.at("loss").at("weights").at("caption").get<double>() > 0;
  // A frozen layer keeps nothing; of a partly frozen backbone about its trained share.
  const double backboneBytes = batch * many * backbone.kept * videoShare * keptBackbone;
  double other = many * head.kept + study.kept;
  if (texting) other += texts.kept * textShare;
  if (captioning) other += captions.kept;

  estimate.device = {
      {"weights", all * (mixed ? kFloat + 2 : kFloat),
       countInWords(static_cast<std::uint64_t>(estimate.parameters)) + " parameters"},
      {"gradients", trainable * kFloat,
       countInWords(static_cast<std::uint64_t>(estimate.trainable)) + " of them are trained"},
      {"optimizer state", trainable * kFloat * (adam ? 2 : 1), adam ? "two moments each (AdamW)" : "one momentum each"},
      {"activations", backboneBytes + batch * other * kept,
       fmt::format("{} of {} frames, {} × {} pixels{}, kept for the backward pass",
                   countOf(static_cast<std::uint64_t>(estimate.samples * clips), "clip", "clips"), frames, edge, edge,
                   clips > 1 ? fmt::format(" ({} studies)", estimate.samples) : "")},
      {"gradients on the way", 2 * batch * many * backbone.largest * keptBackbone, "of the backbone's largest layer"},
  };
  if (!question.onCpu) {
    estimate.device.push_back({"batch", batchBytes, "the one that is computed on"});
    estimate.device.push_back({"program", kCudaContext, "CUDA's context and libraries, about"});
  }
  const auto ahead =
      std::min(kBatchesAhead * batchBytes, std::max(batchBytes, data.at("memory_mb").get<double>() * kMegabyte));
  const bool drawn = data.at("start") == "random" || data.at("random_stride").get<bool>();
  const double cacheLimit = data.at("cache_mb").get<double>() * kMegabyte;
  const double cached =
      question.trainClips > 0 ? std::min(cacheLimit, static_cast<double>(question.trainClips) * clipBytes) : cacheLimit;
  estimate.host = {
      {"program", question.onCpu ? kLibTorchOnHost : kHostOfCuda, "LibTorch and what it loads, about"},
      {"batches in the loader", ahead + batchBytes, fmt::format("{} ahead and the one in use", kBatchesAhead)},
      {"decoding", data.at("workers").get<double>() * kDecoder, "a decoder for each of data.workers, about"},
      {"cache of decoded clips", drawn ? 0 : cached,
       drawn ? "none: clips are drawn anew each time" : "data.cache_mb at most"},
  };
  return estimate;
}

}  // namespace counterpoint
