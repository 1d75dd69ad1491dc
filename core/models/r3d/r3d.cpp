// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/r3d/r3d.h"

#include <ATen/ops/adaptive_avg_pool3d.h>
#include <ATen/ops/relu.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>

#include <string>

#include "core/base/error.h"
#include "core/nn/naming.h"

namespace counterpoint {
namespace {

// Convolution without bias, then norm: keys PREFIX.0.weight and PREFIX.1.*.
class ConvolutionNorm {
 public:
  ConvolutionNorm() = default;
  ConvolutionNorm(torch::nn::Module& parent, const std::string& prefix, std::int64_t in, std::int64_t out,
                  const Extent3& kernel, const Extent3& stride, std::int64_t groups) {
    convolution_ = registerAt(parent, prefix + ".0", makeConvolution(in, out, kernel, stride, false));
    torch::nn::init::kaiming_normal_(convolution_->weight, 0, torch::kFanOut, torch::kReLU);
    if (groups > 0) {
      groupNorm_ = registerAt(parent, prefix + ".1",
                              std::make_shared<torch::nn::GroupNormImpl>(torch::nn::GroupNormOptions(groups, out)));
    } else {
      batchNorm_ = registerAt(parent, prefix + ".1",
                              std::make_shared<torch::nn::BatchNorm3dImpl>(torch::nn::BatchNormOptions(out)));
    }
  }

  at::Tensor operator()(const at::Tensor& x) const {
    const at::Tensor y = convolution_->forward(x);
    return batchNorm_ ? batchNorm_->forward(y) : groupNorm_->forward(y);
  }

 private:
  std::shared_ptr<torch::nn::Conv3dImpl> convolution_;
  std::shared_ptr<torch::nn::BatchNorm3dImpl> batchNorm_;
  std::shared_ptr<torch::nn::GroupNormImpl> groupNorm_;
};

class BasicBlock : public torch::nn::Module {
 public:
  BasicBlock(std::int64_t in, std::int64_t out, const Extent3& stride, std::int64_t groups)
      : first_(*this, "conv1", in, out, {3, 3, 3}, stride, groups),
        second_(*this, "conv2", out, out, {3, 3, 3}, {1, 1, 1}, groups),
        changes_(in != out || stride != Extent3{1, 1, 1}) {
    if (changes_) downsample_ = ConvolutionNorm(*this, "downsample", in, out, {1, 1, 1}, stride, groups);
  }

  at::Tensor forward(const at::Tensor& x) {
    const at::Tensor y = second_(at::relu(first_(x)));
    return at::relu(y + (changes_ ? downsample_(x) : x));
  }

 private:
  ConvolutionNorm first_, second_, downsample_;
  bool changes_;
};

void check(bool good, const std::string& what, const std::string& where, const std::string& cure) {
  if (!good) throw usageError(what, where, cure);
}

}  // namespace

struct R3d::Parts {
  ConvolutionNorm stem;
  std::vector<std::vector<std::shared_ptr<BasicBlock>>> stages;
};

R3d::R3d(const R3dOptions& options) : options_(options), parts_(std::make_unique<Parts>()) {
  check(!options.stages.empty(), "no stages", "r3d.stages", "Give at least one stage");
  check(options.tokens == "pooled" || options.tokens == "grid", "\"" + options.tokens + "\" is unknown", "r3d.tokens",
        "Choose pooled or grid");
  const auto checkStride = [](const Extent3& stride, const std::string& where) {
    for (const std::int64_t step : stride) check(step > 0, "a stride is not positive", where, "Choose 1 or more");
  };
  const auto checkWidth = [&](std::int64_t width, const std::string& where) {
    check(width > 0 && (options.normGroups <= 0 || width % options.normGroups == 0),
          "width " + std::to_string(width) + " does not divide into " + std::to_string(options.normGroups) + " groups",
          where, "Choose widths that are multiples of norm_groups");
  };
  checkStride(options.stemStride, "r3d.stem_stride");
  checkWidth(options.stemWidth, "r3d.stem_width");
  parts_->stem = ConvolutionNorm(*this, "stem", options.channels, options.stemWidth, options.stemKernel,
                                 options.stemStride, options.normGroups);
  std::int64_t width = options.stemWidth;
  for (std::size_t stage = 0; stage < options.stages.size(); ++stage) {
    const R3dStageOptions& settings = options.stages[stage];
    const std::string where = "r3d.stages[" + std::to_string(stage) + "]";
    checkStride(settings.stride, where);
    checkWidth(settings.width, where);
    check(settings.blocks > 0, "no blocks", where, "Choose 1 or more");
    auto& blocks = parts_->stages.emplace_back();
    for (std::int64_t block = 0; block < settings.blocks; ++block) {
      blocks.push_back(std::make_shared<BasicBlock>(
          width, settings.width, block == 0 ? settings.stride : Extent3{1, 1, 1}, options.normGroups));
      registerAt(*this, "layer" + std::to_string(stage + 1) + "." + std::to_string(block), blocks.back());
      width = settings.width;
    }
  }
}

R3d::~R3d() = default;

std::int64_t R3d::features() const { return options_.stages.back().width; }

std::int64_t R3d::tokenCount(std::int64_t frames, std::int64_t height, std::int64_t width) const {
  if (options_.tokens == "pooled") return 1;
  Extent3 size{frames, height, width};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    size[axis] = lengthAfter(size[axis], options_.stemKernel[axis], options_.stemStride[axis]);
    for (const R3dStageOptions& stage : options_.stages) size[axis] = lengthAfter(size[axis], 3, stage.stride[axis]);
  }
  return size[0] * size[1] * size[2];
}

at::Tensor R3d::forward(const at::Tensor& clips, LayerOutputs* layers) {
  check(clips.dim() == 5 && clips.size(1) == options_.channels,
        "clips of shape with " + std::to_string(clips.dim() == 5 ? clips.size(1) : clips.dim()) +
            (clips.dim() == 5 ? " channels" : " dimensions") + "; the network takes 5 dimensions, " +
            std::to_string(options_.channels) + " channels",
        "r3d", "Set r3d.channels to that of the clips");
  at::Tensor x = at::relu(parts_->stem(clips));
  if (layers) layers->push_back(x);
  for (const auto& stage : parts_->stages) {
    for (const auto& block : stage) x = block->forward(x);
    if (layers) layers->push_back(x);
  }
  if (options_.tokens == "grid") return x.flatten(2).transpose(1, 2);
  return at::adaptive_avg_pool3d(x, {1, 1, 1}).flatten(2).transpose(1, 2);
}

}  // namespace counterpoint
