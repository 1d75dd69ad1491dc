// SPDX-License-Identifier: GPL-3.0-or-later
// The ranks that work on one task, and what they tell each other. Every call here is collective: all ranks make the
// same calls in the same order. A peer that is gone becomes Error{PeerLost} naming the rank and the collective. A group
// of one process answers everything by itself.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/device/cuda_module.h"
#include "core/dist/group_environment.h"

namespace c10d {
class ProcessGroup;
}

namespace counterpoint {

struct JoinOptions {
  c10::Device device{c10::kCPU};    // a GPU: NCCL for its tensors, Gloo for those of the CPU
  CudaModule* cuda = nullptr;       // needed for a GPU
  double joinSeconds = 60;          // until all ranks are there
  double collectiveSeconds = 1800;  // a stalled peer is given up after this; a dead one at once
};

enum class Reduction { Sum, Mean, Max, Min };

// Summed: the gradient of a gathered tensor is the sum over all ranks of what each computed for it (the true gradient
// after averaging over ranks). LocalSlice: only this rank's own part, as DeepCORO has it (spec §22.6): smaller by the
// number of ranks where every rank computes the same loss.
enum class GatherGradient { Summed, LocalSlice };

class ProcessGroup {
 public:
  static ProcessGroup single();
  // The group that the variables describe. With a rendezvous file rank 0 opens a port of its own choice and writes
  // {"port": N} there; the others wait for the file, which must be new for each start.
  static ProcessGroup join(const GroupEnvironment& environment, const JoinOptions& options = {});

  int rank() const;
  int size() const;
  int localRank() const;
  bool isMain() const { return rank() == 0; }

  // In place. `collective` is named in errors.
  void allReduce(at::Tensor& tensor, Reduction reduction, std::string_view collective = "all-reduce") const;
  std::vector<double> allReduce(std::vector<double> values, Reduction reduction,
                                std::string_view collective = "all-reduce of numbers") const;

  // Rows of all ranks, rank 0's first: [n_r, …] → [Σ n_r, …]; ranks may differ in n_r only. Without gradient.
  at::Tensor gatherRows(const at::Tensor& rows) const;
  // The same with gradient; used inside losses.
  at::Tensor gatherRowsWithGradient(const at::Tensor& rows, GatherGradient gradient = GatherGradient::Summed) const;
  // n_r of each rank.
  std::vector<std::int64_t> gatherCounts(std::int64_t count) const;

  // Rank 0's values go to all ranks, in place.
  void broadcast(const std::vector<at::Tensor>& tensors, std::string_view collective = "broadcast of tensors") const;
  std::string broadcast(std::string bytes) const;
  Json broadcastJson(const Json& value) const;
  // Each rank's bytes, on every rank.
  std::vector<std::string> gather(const std::string& bytes) const;

  // All ranks arrive within `seconds`, or Error{PeerLost}. The group cannot be used after that.
  void barrier(double seconds = 60) const;

  // Runs something that communicates over raw() and turns its failures into Error{PeerLost}.
  void guard(std::string_view collective, const std::function<void()>& body) const;

  // Null for a single process.
  const c10::intrusive_ptr<c10d::ProcessGroup>& raw() const;

 private:
  struct State;
  explicit ProcessGroup(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace counterpoint
