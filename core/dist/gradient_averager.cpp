// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dist/gradient_averager.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <torch/csrc/distributed/c10d/logger.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/reducer.hpp>
#include <unordered_map>

#include "core/base/error.h"

namespace counterpoint {

struct GradientAverager::State {
  ProcessGroup group;
  std::shared_ptr<c10d::Reducer> reducer{};  // none for a single process
  std::shared_ptr<c10d::Logger> logger{};
};

namespace {

// The reducer advises once a process not to look for unused parameters; here that is done on purpose.
class WithoutAdvice : public c10::WarningHandler {
 public:
  void process(const c10::Warning& warning) override {
    if (warning.msg().find("find_unused_parameters=True") == std::string::npos) c10::WarningHandler::process(warning);
  }
};

// Ranks that trained different models would add apples to pears without noticing.
void compareShapes(const ProcessGroup& group, const NamedTensors& parameters) {
  Json own = Json::array();
  for (const auto& [name, tensor] : parameters) own.push_back({name, tensor.sizes().vec()});
  const auto text = own.dump();
  const bool differs = group.broadcast(text) != text;
  if (group.allReduce({differs ? 1.0 : 0.0}, Reduction::Max)[0] > 0) {
    throw Error(ErrorKind::Bug, "the ranks have different parameters", "gradient averaging",
                "Give every rank the same config and the same program.");
  }
}

}  // namespace

GradientAverager::GradientAverager(ProcessGroup group, const NamedTensors& parameters,
                                   const std::vector<at::Tensor>& buffers, const AveragingOptions& options)
    : state_(std::make_unique<State>(State{std::move(group)})) {
  if (state_->group.size() == 1) return;
  NamedTensors trained;
  std::vector<at::Tensor> all;
  for (const auto& [name, tensor] : parameters) {
    all.push_back(tensor);
    if (tensor.requires_grad()) trained.emplace_back(name, tensor);
  }
  compareShapes(state_->group, trained);
  all.insert(all.end(), buffers.begin(), buffers.end());
  state_->group.broadcast(all, "broadcast of weights");
  if (trained.empty()) return;

  std::vector<at::Tensor> tensors;
  std::unordered_map<std::size_t, std::string> names;
  for (const auto& [name, tensor] : trained) {
    names.emplace(tensors.size(), name);
    tensors.push_back(tensor);
  }
  const auto count = tensors.size();
  // Backward meets the last parameters first.
  std::vector<at::Tensor> reversed(tensors.rbegin(), tensors.rend());
  auto buckets = std::get<0>(c10d::compute_bucket_assignment_by_size(
      reversed, {static_cast<std::size_t>(options.firstBucketBytes), static_cast<std::size_t>(options.bucketBytes)},
      std::vector<bool>(count, false)));
  for (auto& bucket : buckets) {
    for (auto& index : bucket) index = count - 1 - index;
  }
  // Unused parameters are always looked for: the other mode collects parameters for a rebuilding of buckets that never
  // comes, one entry a parameter and step.
  state_->reducer = std::make_shared<c10d::Reducer>(
      tensors, buckets, state_->group.raw(), std::vector<bool>(count, false), options.bucketBytes,
      /*find_unused_parameters=*/true, /*gradient_as_bucket_view=*/false, names, options.firstBucketBytes,
      /*skip_all_reduce_unused_params=*/false, /*use_python_reducer=*/false, std::vector<std::int64_t>{});
  // The reducer notes in its logger, unchecked, when the set of unused parameters changes.
  state_->logger = std::make_shared<c10d::Logger>(state_->reducer);
  state_->reducer->set_logger(state_->logger);
}

GradientAverager::~GradientAverager() = default;
GradientAverager::GradientAverager(GradientAverager&&) noexcept = default;
GradientAverager& GradientAverager::operator=(GradientAverager&&) noexcept = default;

void GradientAverager::backward(const at::Tensor& loss) {
  if (!state_->reducer) return loss.backward();
  state_->group.guard("gradient averaging", [&] {
    state_->reducer->prepare_for_forward();
    {
      WithoutAdvice handler;
      const c10::WarningUtils::WarningHandlerGuard guard(&handler);
      state_->reducer->prepare_for_backward({loss});
    }
    loss.backward();
  });
}

void GradientAverager::accumulate(const at::Tensor& loss) { loss.backward(); }

}  // namespace counterpoint
