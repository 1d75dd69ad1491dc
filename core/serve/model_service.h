// SPDX-License-Identifier: GPL-3.0-or-later
// One loaded model and what can be asked of it (methods: ARCHITECTURE.md). Not thread-safe: one thread asks.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/json.h"
#include "core/media/study_table.h"
#include "core/recipes/echo_text/model.h"
#include "core/retrieval/embedding_store.h"

namespace counterpoint {

// Passed with every request: progress goes out through it, and cancelled() is asked between two batches.
struct RequestContext {
  std::function<void(std::int64_t done, std::int64_t total)> progress;
  std::function<bool()> cancelled;
};

// Thrown when cancelled() said so.
class RequestCancelled : public std::exception {
 public:
  const char* what() const noexcept override { return "cancelled"; }
};

struct EmbeddedRows {
  std::int64_t count = 0, dimension = 0;
  std::vector<float> values;  // row-major
};

class ModelService {
 public:
  // `model` as users name it. `config` is that of its run.
  ModelService(const ModelPlace& place, const Json& config, c10::Device device);
  ~ModelService();

  // Throws Error{Usage} for unknown methods and parameters that do not fit, Error{Data} for clips that cannot be read,
  // RequestCancelled.
  Json answer(const std::string& method, const Json& parameters, const RequestContext& context = {});

  // The same as method "embed" without a detour through JSON. `kind` is text or clip; without `normalize` rows keep
  // their length.
  EmbeddedRows embedRows(const std::string& kind, const std::vector<std::string>& inputs, bool normalize,
                         std::size_t batchSize, const RequestContext& context = {}, Json* seen = nullptr);

 private:
  struct SplitIndex;
  Json describe() const;
  Json embed(const Json& parameters, const RequestContext& context);
  Json caption(const Json& parameters);
  Json retrieve(const Json& parameters, const RequestContext& context);

  // [1, T, H, W, C] and what it shows. The start comes from `startSeconds`, else, for models trained from the R wave
  // on, from the clip's row in the table, else it is the first frame.
  ClipInput loadInput(const std::string& clip, std::optional<double> startSeconds) const;
  const SplitIndex& indexOf(const std::string& split, const RequestContext& context);

  ModelPlace place_;
  std::filesystem::path workspace_;
  std::unique_ptr<EchoTextModel> model_;
  std::optional<StudyTable> table_;  // empty where the data is not there
  std::map<std::string, std::unique_ptr<SplitIndex>> indices_;
};

}  // namespace counterpoint
