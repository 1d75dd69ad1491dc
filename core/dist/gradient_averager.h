// SPDX-License-Identifier: GPL-3.0-or-later
// Averages gradients over ranks while backward still runs (c10d::Reducer). Parameters that a rank's batch did not use
// count as zero there; those that no rank used keep no gradient.
//
// The buckets are cut once from the order of the parameters and never rebuilt, so that a resumed run adds in the same
// order as one that was not broken off.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/dist/process_group.h"

namespace counterpoint {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

struct AveragingOptions {
  std::int64_t firstBucketBytes = 1 << 20;  // the last layers' gradients leave early
  std::int64_t bucketBytes = 25 << 20;
};

class GradientAverager {
 public:
  // Copies rank 0's values into `parameters` and `buffers`, after checking that all ranks have the same shapes. Takes
  // the parameters that require gradients at this moment; make a new one after freezing or thawing some.
  GradientAverager(ProcessGroup group, const NamedTensors& parameters, const std::vector<at::Tensor>& buffers = {},
                   const AveragingOptions& options = {});
  ~GradientAverager();
  GradientAverager(GradientAverager&&) noexcept;
  GradientAverager& operator=(GradientAverager&&) noexcept;

  // loss.backward() whose gradients, this and the accumulated ones, are averages over ranks when it returns.
  void backward(const at::Tensor& loss);
  // loss.backward() without talking to anyone; the gradients add up until the next backward().
  void accumulate(const at::Tensor& loss);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace counterpoint
