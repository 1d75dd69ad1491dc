// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints as ARCHITECTURE.md lays them out: a folder that is whole or not there.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// Where a run stands.
struct TrainerPosition {
  std::int64_t step = 0;      // optimizer steps done
  std::int64_t epoch = 0;     // epoch under way
  std::int64_t position = 0;  // batches of it that every rank has consumed
};

struct Checkpoint {
  NamedTensors model;  // model.safetensors, on any device
  std::map<std::string, at::Tensor> optimizer;
  std::vector<at::Tensor> randomStates;  // per rank, uint8: LibTorch's CPU generator, then its GPU's where there is one
  std::map<std::string, at::Tensor> extra;  // what the task wants to keep
  TrainerPosition position;
  std::map<std::string, double> metrics;
  Json notes = Json::object();  // further members of trainer.json: best metrics, ranks, versions
};

class CheckpointFolder {
 public:
  // `folder` is RUN/checkpoints; made at the first write.
  explicit CheckpointFolder(std::filesystem::path folder);

  // Writes step_NNNNNN (replacing one of that name), moves `last`, and `best` where asked. Written beside, flushed and
  // renamed: breaking off at any moment leaves the earlier checkpoints and links as they were. Only one rank writes.
  std::filesystem::path write(const Checkpoint& checkpoint, bool best) const;

  // Removes all but the newest `keep` and those that links point to; also what broken-off writes left.
  void prune(std::size_t keep) const;

  std::optional<std::filesystem::path> last() const;  // the folder behind the link
  std::optional<std::filesystem::path> best() const;

 private:
  std::filesystem::path folder_;
};

// Everything back, on the CPU. Throws Error{Data} naming the file that is missing or damaged.
Checkpoint readCheckpoint(const std::filesystem::path& folder);
// trainer.json alone.
TrainerPosition readPosition(const std::filesystem::path& folder);

// Copies values into equally named tensors. Throws Error{Data} naming keys that are missing, surplus or of another
// shape.
void copyInto(const NamedTensors& targets, const NamedTensors& values, const std::string& where);

}  // namespace counterpoint
