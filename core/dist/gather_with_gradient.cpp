// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/csrc/autograd/custom_function.h>

#include "core/dist/process_group.h"

namespace counterpoint {
namespace {

// Functions take tensors and plain values; the group travels in a holder that autograd's saved data can keep.
struct GroupHolder : torch::CustomClassHolder {
  explicit GroupHolder(ProcessGroup held) : group(std::move(held)) {}
  ProcessGroup group;
};

class GatherRows : public torch::autograd::Function<GatherRows> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& rows,
                            const std::shared_ptr<GroupHolder>& holder, bool summed) {
    const auto& group = holder->group;
    const auto counts = group.gatherCounts(rows.size(0));
    std::int64_t start = 0;
    for (int i = 0; i < group.rank(); ++i) start += counts[static_cast<std::size_t>(i)];
    context->saved_data["start"] = start;
    context->saved_data["count"] = rows.size(0);
    context->saved_data["summed"] = summed;
    context->saved_data["group"] = c10::IValue::make_capsule(c10::make_intrusive<GroupHolder>(group));
    return group.gatherRows(rows);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto holder = c10::static_intrusive_pointer_cast<GroupHolder>(context->saved_data["group"].toCapsule());
    auto gradient = gradients[0].contiguous();
    if (context->saved_data["summed"].toBool()) {
      gradient = gradient.clone();
      holder->group.allReduce(gradient, Reduction::Sum, "gradient of gathered rows");
    }
    const auto own = gradient.narrow(0, context->saved_data["start"].toInt(), context->saved_data["count"].toInt());
    return {own.contiguous(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor ProcessGroup::gatherRowsWithGradient(const at::Tensor& rows, GatherGradient gradient) const {
  if (size() == 1) return rows;
  return GatherRows::apply(rows, std::make_shared<GroupHolder>(*this), gradient == GatherGradient::Summed);
}

}  // namespace counterpoint
