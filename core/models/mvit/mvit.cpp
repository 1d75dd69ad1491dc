// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/mvit/mvit.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/max_pool3d.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/models/mvit/attention.h"
#include "core/nn/initialise.h"
#include "core/nn/naming.h"

namespace counterpoint {
namespace {

std::shared_ptr<torch::nn::LayerNormImpl> norm(std::int64_t dimension) {
  return std::make_shared<torch::nn::LayerNormImpl>(torch::nn::LayerNormOptions({dimension}).eps(1e-6));
}

// Whole residual branches left out, clip by clip (Huang et al. 2016).
at::Tensor stochasticDepth(const at::Tensor& branch, double probability, bool training) {
  if (!training || probability <= 0) return branch;
  const double kept = 1 - probability;
  std::vector<std::int64_t> shape(static_cast<std::size_t>(branch.dim()), 1);
  shape[0] = branch.size(0);
  at::Tensor noise = at::empty(shape, branch.options()).bernoulli_(kept);
  if (kept > 0) noise.div_(kept);
  return branch * noise;
}

class Block : public torch::nn::Module {
 public:
  Block(const MvitBlockOptions& options, const Extent3& inputGrid, const Extent3& poolKernel, double depthProbability)
      : stride_(options.strideQuery), depthProbability_(depthProbability) {
    norm1_ = register_module("norm1", norm(options.in));
    norm2_ = register_module("norm2", norm(options.out));
    attention_ = register_module("attn", std::make_shared<MvitAttention>(options, inputGrid, poolKernel));
    widen_ = registerAt(*this, "mlp.0", std::make_shared<torch::nn::LinearImpl>(options.out, 4 * options.out));
    narrow_ = registerAt(*this, "mlp.3", std::make_shared<torch::nn::LinearImpl>(4 * options.out, options.out));
    if (options.in != options.out) {
      project_ = register_module("project", std::make_shared<torch::nn::LinearImpl>(options.in, options.out));
    }
  }

  at::Tensor forward(const at::Tensor& x, Extent3& grid) {
    const at::Tensor normed = norm1_->forward(x);
    const at::Tensor skip = poolSkip(project_ ? project_->forward(normed) : x, grid);
    const at::Tensor y = skip + stochasticDepth(attention_->forward(normed, grid), depthProbability_, is_training());
    const at::Tensor mlp = narrow_->forward(at::gelu(widen_->forward(norm2_->forward(y))));
    return y + stochasticDepth(mlp, depthProbability_, is_training());
  }

 private:
  at::Tensor poolSkip(const at::Tensor& x, const Extent3& grid) const {
    if (stride_ == Extent3{1, 1, 1}) return x;
    Extent3 kernel{}, padding{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      kernel[axis] = stride_[axis] > 1 ? stride_[axis] + 1 : 1;
      padding[axis] = kernel[axis] / 2;
    }
    const std::int64_t batch = x.size(0), width = x.size(2);
    const at::Tensor volume =
        x.narrow(1, 1, x.size(1) - 1).transpose(1, 2).reshape({batch, width, grid[0], grid[1], grid[2]});
    const at::Tensor pooled = at::max_pool3d(volume, kernel, stride_, padding);
    return at::cat({x.narrow(1, 0, 1), pooled.reshape({batch, width, -1}).transpose(1, 2)}, 1);
  }

  Extent3 stride_;
  double depthProbability_;
  std::shared_ptr<torch::nn::LayerNormImpl> norm1_, norm2_;
  std::shared_ptr<MvitAttention> attention_;
  std::shared_ptr<torch::nn::LinearImpl> widen_, narrow_, project_;
};

void check(bool good, const std::string& what, const std::string& cure) {
  if (!good) throw usageError(what, "mvit", cure);
}

std::string words(std::int64_t t, std::int64_t h, std::int64_t w) {
  return std::to_string(t) + " × " + std::to_string(h) + " × " + std::to_string(w);
}

}  // namespace

MvitOptions mvitV2SOfWidth(std::int64_t width) {
  MvitOptions options;
  const Extent3 stay{1, 1, 1}, halve{1, 2, 2};
  options.blocks.push_back({width, width, 1, stay, {1, 8, 8}});
  options.blocks.push_back({width, 2 * width, 2, halve, {1, 4, 4}});
  options.blocks.push_back({2 * width, 2 * width, 2, stay, {1, 4, 4}});
  options.blocks.push_back({2 * width, 4 * width, 4, halve, {1, 2, 2}});
  for (int i = 4; i < 14; ++i) options.blocks.push_back({4 * width, 4 * width, 4, stay, {1, 2, 2}});
  options.blocks.push_back({4 * width, 8 * width, 8, halve, stay});
  options.blocks.push_back({8 * width, 8 * width, 8, stay, stay});
  return options;
}

MvitOptions mvitV2S() { return mvitV2SOfWidth(96); }

struct Mvit::Parts {
  std::shared_ptr<torch::nn::Conv3dImpl> stem;
  at::Tensor classToken;
  std::vector<std::shared_ptr<Block>> blocks;
  std::shared_ptr<torch::nn::LayerNormImpl> norm;
};

Mvit::Mvit(const MvitOptions& options) : options_(options), parts_(std::make_unique<Parts>()) {
  check(!options.blocks.empty(), "no blocks", "Give at least one block");
  const Extent3 kernel = options.stemKernel;
  const std::int64_t width = options.blocks.front().in;
  parts_->stem =
      register_module("conv_proj", makeConvolution(options.channels, width, kernel, options.stemStride, true));
  auto encoding = register_module("pos_encoding", std::make_shared<NamedGroup>());
  parts_->classToken = encoding->register_parameter("class_token", at::zeros({width}));

  const Extent3 input{options.frames, options.size[0], options.size[1]};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    check(options.stemStride[axis] > 0 && input[axis] + 2 * (kernel[axis] / 2) >= kernel[axis],
          "clips of " + words(input[0], input[1], input[2]) + " are smaller than the stem",
          "Choose larger clips or a smaller stem");
    grid_[axis] = lengthAfter(input[axis], kernel[axis], options.stemStride[axis]);
  }
  Extent3 grid = grid_;
  std::int64_t before = width;
  const double last = std::max<double>(static_cast<double>(options.blocks.size()) - 1, 1);
  for (std::size_t i = 0; i < options.blocks.size(); ++i) {
    const MvitBlockOptions& block = options.blocks[i];
    check(block.in == before,
          "block " + std::to_string(i) + " takes width " + std::to_string(block.in) + " but gets " +
              std::to_string(before),
          "Give each block the width before it as `in`");
    for (std::size_t axis = 0; axis < 3; ++axis) {
      check(block.strideQuery[axis] > 0 && block.strideKeyValue[axis] > 0 && grid[axis] >= block.strideQuery[axis] &&
                grid[axis] >= block.strideKeyValue[axis],
            "the strides of block " + std::to_string(i) + " exceed its grid of " + words(grid[0], grid[1], grid[2]),
            "Choose larger clips or smaller strides");
    }
    parts_->blocks.push_back(std::make_shared<Block>(block, grid, options.poolKernel,
                                                     options.stochasticDepth * static_cast<double>(i) / last));
    registerAt(*this, "blocks." + std::to_string(i), parts_->blocks.back());
    // Rounded down, as torchvision sizes its position tables; a grid that comes out larger interpolates them.
    for (std::size_t axis = 0; axis < 3; ++axis) grid[axis] /= block.strideQuery[axis];
    before = block.out;
  }
  parts_->norm = register_module("norm", norm(before));
  initialiseLinears(*this, LinearInit::TruncatedNormal, 0.02);
  truncatedNormal(parts_->classToken, 0.02);
}

Mvit::~Mvit() = default;

std::int64_t Mvit::features() const { return options_.blocks.back().out; }

std::int64_t Mvit::tokenCount(std::int64_t, std::int64_t, std::int64_t) const {
  Extent3 grid = grid_;
  for (const MvitBlockOptions& block : options_.blocks) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      grid[axis] = lengthAfter(grid[axis], options_.poolKernel[axis], block.strideQuery[axis]);
    }
  }
  return 1 + grid[0] * grid[1] * grid[2];
}

at::Tensor Mvit::forward(const at::Tensor& clips, LayerOutputs* layers) {
  check(clips.dim() == 5 && clips.size(1) == options_.channels && clips.size(2) == options_.frames &&
            clips.size(3) == options_.size[0] && clips.size(4) == options_.size[1],
        "clips of " +
            (clips.dim() == 5
                 ? std::to_string(clips.size(1)) + " channels and " + words(clips.size(2), clips.size(3), clips.size(4))
                 : std::to_string(clips.dim()) + " dimensions") +
            "; the network is built for " + std::to_string(options_.channels) + " channels and " +
            words(options_.frames, options_.size[0], options_.size[1]),
        "Set the network's frames and size to those of the clips");
  const at::Tensor patches = parts_->stem->forward(clips).flatten(2).transpose(1, 2);
  const at::Tensor token = parts_->classToken.to(patches.scalar_type()).expand({clips.size(0), 1, -1});
  at::Tensor x = at::cat({token, patches}, 1);
  Extent3 grid = grid_;
  if (layers) layers->push_back(x);
  for (const auto& block : parts_->blocks) {
    x = block->forward(x, grid);
    if (layers) layers->push_back(x);
  }
  return parts_->norm->forward(x);
}

}  // namespace counterpoint
