// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "core/cuda/parts.h"

namespace counterpoint {
namespace {

class Graph : public CudaGraph {
 public:
  void replay() override { graph_.replay(); }
  at::cuda::CUDAGraph& graph() { return graph_; }

 private:
  at::cuda::CUDAGraph graph_;
};

}  // namespace

std::unique_ptr<CudaGraph> captureGraph(const std::function<void()>& body, int warmUps) {
  auto recorded = std::make_unique<Graph>();
  const auto before = c10::cuda::getCurrentCUDAStream();
  const auto side = c10::cuda::getStreamFromPool();  // the default stream cannot be captured
  before.synchronize();
  {
    const c10::cuda::CUDAStreamGuard guard(side);
    for (int i = 0; i < warmUps; ++i) body();
    side.synchronize();
    recorded->graph().capture_begin();
    body();
    recorded->graph().capture_end();
  }
  side.synchronize();
  return recorded;
}

}  // namespace counterpoint
