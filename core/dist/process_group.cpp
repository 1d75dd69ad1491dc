// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dist/process_group.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>

#include "core/base/error.h"
#include "core/dist/backends.h"
#include "core/dist/peers.h"
#include "core/dist/rendezvous.h"

namespace counterpoint {

struct ProcessGroup::State {
  int rank = 0, size = 1, localRank = 0;
  c10::intrusive_ptr<c10d::Store> store;
  std::optional<Peers> peers;
  // Averaging has a group of its own: backward sends buckets and gathered gradients in an order that may differ between
  // ranks when one of them leaves parameters unused.
  c10::intrusive_ptr<c10d::ProcessGroup> calls, averaging;
};

namespace {

c10d::ReduceOp::RedOpType operationOf(Reduction reduction) {
  switch (reduction) {
    case Reduction::Max: return c10d::ReduceOp::MAX;
    case Reduction::Min: return c10d::ReduceOp::MIN;
    default: return c10d::ReduceOp::SUM;
  }
}

at::Tensor bytesTensor(const std::string& bytes, std::int64_t length) {
  auto tensor = at::zeros({std::max<std::int64_t>(length, 1)}, at::kByte);
  std::copy(bytes.begin(), bytes.end(), tensor.data_ptr<std::uint8_t>());
  return tensor;
}

std::string bytesOf(const at::Tensor& tensor, std::int64_t length) {
  const auto* data = tensor.const_data_ptr<std::uint8_t>();
  return std::string(data, data + length);
}

}  // namespace

ProcessGroup ProcessGroup::single() { return ProcessGroup(std::make_shared<State>()); }

ProcessGroup ProcessGroup::join(const GroupEnvironment& environment, const JoinOptions& options) {
  auto state = std::make_shared<State>();
  state->rank = environment.rank;
  state->size = environment.size;
  state->localRank = environment.localRank;
  if (state->size == 1) return ProcessGroup(std::move(state));
  state->store = openStore(environment, options.joinSeconds);
  state->peers.emplace(*state->store, state->rank, state->size, options.joinSeconds);
  const BackendOptions backend{state->rank,    state->size, environment.masterAddress, options.collectiveSeconds,
                               options.device, options.cuda};
  const ProcessGroup group(state);
  group.guard("joining the group", [&] {
    state->calls = makeGroup(state->store, "calls", backend);
    state->averaging = makeGroup(state->store, "averaging", backend);
  });
  return group;
}

int ProcessGroup::rank() const { return state_->rank; }
int ProcessGroup::size() const { return state_->size; }
int ProcessGroup::localRank() const { return state_->localRank; }
const c10::intrusive_ptr<c10d::ProcessGroup>& ProcessGroup::raw() const { return state_->averaging; }

void ProcessGroup::guard(std::string_view collective, const std::function<void()>& body) const {
  try {
    body();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    if (!state_->peers) throw;
    state_->peers->explain(error, collective);
  }
}

void ProcessGroup::allReduce(at::Tensor& tensor, Reduction reduction, std::string_view collective) const {
  if (size() == 1) return;
  guard(collective, [&] {
    std::vector<at::Tensor> tensors{tensor};
    c10d::AllreduceOptions options;
    options.reduceOp = operationOf(reduction);
    state_->calls->allreduce(tensors, options)->wait();
    if (reduction == Reduction::Mean) tensor.div_(size());
  });
}

std::vector<double> ProcessGroup::allReduce(std::vector<double> values, Reduction reduction,
                                            std::string_view collective) const {
  if (size() == 1 || values.empty()) return values;
  auto tensor = at::tensor(values, at::kDouble);
  allReduce(tensor, reduction, collective);
  std::copy_n(tensor.const_data_ptr<double>(), values.size(), values.begin());
  return values;
}

std::vector<std::int64_t> ProcessGroup::gatherCounts(std::int64_t count) const {
  auto counts = at::zeros({size()}, at::kLong);
  counts.data_ptr<std::int64_t>()[rank()] = count;
  allReduce(counts, Reduction::Sum, "gather of counts");
  return {counts.const_data_ptr<std::int64_t>(), counts.const_data_ptr<std::int64_t>() + size()};
}

at::Tensor ProcessGroup::gatherRows(const at::Tensor& rows) const {
  if (size() == 1) return rows;
  const auto counts = gatherCounts(rows.size(0));
  const auto most = *std::max_element(counts.begin(), counts.end());
  auto padded = rows.contiguous();
  if (rows.size(0) < most) {
    auto shape = rows.sizes().vec();
    shape[0] = most - rows.size(0);
    padded = at::cat({padded, at::zeros(shape, rows.options())});
  }
  std::vector<std::vector<at::Tensor>> parts(1);
  for (int i = 0; i < size(); ++i) parts[0].push_back(at::empty(padded.sizes(), padded.options()));
  guard("gather of rows", [&] {
    std::vector<at::Tensor> input{padded};
    state_->calls->allgather(parts, input)->wait();
  });
  for (std::size_t i = 0; i < parts[0].size(); ++i) parts[0][i] = parts[0][i].narrow(0, 0, counts[i]);
  return at::cat(parts[0]);
}

void ProcessGroup::broadcast(const std::vector<at::Tensor>& tensors, std::string_view collective) const {
  if (size() == 1) return;
  guard(collective, [&] {
    for (const auto& tensor : tensors) {
      auto values = tensor.detach();  // shares memory; leaves that take gradients may not be written through autograd
      const auto whole = values.contiguous();
      std::vector<at::Tensor> list{whole};
      state_->calls->broadcast(list)->wait();
      if (!whole.is_same(values)) values.copy_(whole);
    }
  });
}

std::string ProcessGroup::broadcast(std::string bytes) const {
  if (size() == 1) return bytes;
  auto length = at::full({1}, static_cast<std::int64_t>(bytes.size()), at::kLong);
  broadcast({length}, "broadcast of bytes");
  const auto count = length.item<std::int64_t>();
  const auto tensor = isMain() ? bytesTensor(bytes, count) : bytesTensor("", count);
  broadcast({tensor}, "broadcast of bytes");
  return bytesOf(tensor, count);
}

Json ProcessGroup::broadcastJson(const Json& value) const {
  if (size() == 1) return value;
  return Json::parse(broadcast(isMain() ? value.dump() : std::string()));
}

std::vector<std::string> ProcessGroup::gather(const std::string& bytes) const {
  if (size() == 1) return {bytes};
  const auto length = static_cast<std::int64_t>(bytes.size());
  const auto counts = gatherCounts(length);
  const auto rows = gatherRows(bytesTensor(bytes, length).narrow(0, 0, length));
  std::vector<std::string> all;
  std::int64_t start = 0;
  for (const auto count : counts) {
    all.push_back(bytesOf(rows.narrow(0, start, count).contiguous(), count));
    start += count;
  }
  return all;
}

void ProcessGroup::barrier(double seconds) const {
  if (size() == 1) return;
  guard("barrier", [&] {
    std::vector<at::Tensor> token{at::zeros({1})};
    c10d::AllreduceOptions options;
    options.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    state_->calls->allreduce(token, options)->wait();
  });
}

}  // namespace counterpoint
