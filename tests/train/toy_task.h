// SPDX-License-Identifier: GPL-3.0-or-later
// A small regression with everything that makes ranks and resuming hard: shuffled epochs, dropout, running statistics,
// and a branch that only some batches (of some ranks) use.
#pragma once

#include <ATen/ops/dropout.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/TensorOperators.h>
#include <torch/nn/modules/linear.h>

#include <numeric>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/train/loop.h"

namespace counterpoint {

struct ToyOptions {
  bool useDouble = true;
  bool branch = false;  // used by the first quarter of every second batch: never by the last rank
  double dropout = 0;
  int width = 16;
  std::int64_t batch = 12, batches = 7;  // of all ranks together; an epoch
  std::int64_t nanAt = -1, dieAt = -1;   // batch counted from the start, on the last rank
};

class ToyNet : public torch::nn::Module {
 public:
  ToyNet(int width, bool withBranch) : torch::nn::Module("ToyNet") {
    first = register_module("first", torch::nn::Linear(8, width));
    middle = register_module("middle", torch::nn::Linear(width, width));
    last = register_module("last", torch::nn::Linear(width, 1));
    if (withBranch) branch = register_module("branch", torch::nn::Linear(8, 1));
    seen = register_buffer("seen", at::zeros({}, at::kLong));
  }
  torch::nn::Linear first{nullptr}, middle{nullptr}, last{nullptr}, branch{nullptr};
  at::Tensor seen;
};

class ToyTask : public TrainingTask {
 public:
  ToyTask(const ToyOptions& options, const ProcessGroup& group)
      : options_(options), group_(group), net_(options.width, options.branch) {
    if (options.useDouble) net_.to(at::kDouble);
  }

  std::vector<std::pair<std::string, torch::nn::Module*>> stateModules() override { return {{"net", &net_}}; }

  std::vector<ParameterGroup> parameterGroups() override {
    ParameterGroup first{"first", 2e-2, 0.01, true, {}}, rest{"rest", 1e-2, 0.0, true, {}};
    for (const auto& entry : net_.named_parameters()) {
      auto& group = entry.key().starts_with("first") ? first : rest;
      group.parameters.emplace_back("net." + entry.key(), entry.value());
    }
    return {first, rest};
  }

  std::int64_t batchesPerEpoch() override { return options_.batches; }

  void startEpoch(std::int64_t epoch, std::int64_t position) override {
    order_.resize(static_cast<std::size_t>(options_.batch * options_.batches));
    std::iota(order_.begin(), order_.end(), 0);
    Random(deriveSeed(5, "shuffle", static_cast<std::uint64_t>(epoch))).shuffle(order_);
    epoch_ = epoch;
    next_ = position;
  }

  void nextBatch() override {
    const auto own = options_.batch / group_.size(), start = next_ * options_.batch + group_.rank() * own;
    std::vector<double> inputs, targets;
    samples_.clear();
    for (auto i = start; i < start + own; ++i) {
      const int sample = order_[static_cast<std::size_t>(i)];
      samples_.push_back(sample);
      Random random(deriveSeed(6, "sample", static_cast<std::uint64_t>(sample)));
      double sum = 0;
      for (int k = 0; k < 8; ++k) {
        inputs.push_back(random.normal());
        sum += inputs.back() * (k + 1);
      }
      targets.push_back(std::sin(sum / 8));
    }
    const auto type = options_.useDouble ? at::kDouble : at::kFloat;
    inputs_ = at::tensor(inputs, at::kDouble).reshape({own, 8}).to(type);
    targets_ = at::tensor(targets, at::kDouble).unsqueeze(1).to(type);
    count_ = epoch_ * options_.batches + next_;
    // The same samples whatever the number of ranks: those at the batch's begin.
    branchRows_ = count_ % 2 == 1 ? std::clamp<std::int64_t>(options_.batch / 4 - group_.rank() * own, 0, own) : 0;
    ++next_;
  }

  StepLosses step() override {
    const bool last = group_.rank() == group_.size() - 1;
    if (last && count_ == options_.dieAt) std::raise(SIGKILL);
    net_.seen += 1;
    auto hidden = net_.first->forward(inputs_).tanh();
    hidden = net_.middle->forward(at::dropout(hidden, options_.dropout, net_.is_training())).tanh();
    const auto error = net_.last->forward(hidden) - targets_;
    auto square = (error * error).mean();
    if (last && count_ == options_.nanAt) square = square * std::nan("");
    auto total = square;
    if (options_.branch && branchRows_ > 0) {
      total = total + net_.branch->forward(inputs_.narrow(0, 0, branchRows_)).pow(2).sum() /
                          static_cast<double>(inputs_.size(0));
    }
    return {total, {{"square", square}}, inputs_.size(0)};
  }

  std::string batchNames() override {
    std::string names;
    for (const int sample : samples_) names += (names.empty() ? "sample " : ", sample ") + std::to_string(sample);
    return names;
  }

  Scalars validate(const TrainerPosition& position) override {
    return {{"val/loss", 1.0 / static_cast<double>(position.step)}};
  }

  ToyNet& net() { return net_; }

 private:
  ToyOptions options_;
  ProcessGroup group_;
  ToyNet net_;
  std::vector<int> order_, samples_;
  std::int64_t epoch_ = 0, next_ = 0, count_ = 0, branchRows_ = 0;
  at::Tensor inputs_, targets_;
};

}  // namespace counterpoint
