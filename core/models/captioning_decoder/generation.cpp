// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/captioning_decoder/generation.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/topk.h>
#include <ATen/ops/where.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/base/random.h"

namespace counterpoint {
namespace {

class EvalMode {
 public:
  explicit EvalMode(torch::nn::Module& module) : module_(module), training_(module.is_training()) { module_.eval(); }
  EvalMode(const EvalMode&) = delete;
  EvalMode& operator=(const EvalMode&) = delete;
  ~EvalMode() { module_.train(training_); }

 private:
  torch::nn::Module& module_;
  bool training_;
};

void check(const GenerationOptions& options, std::int64_t vocabulary) {
  const auto require = [](bool good, const char* key, const char* cure) {
    if (!good) throw usageError("the value is out of range", key, cure);
  };
  require(options.maxTokens > 0, "max_tokens", "Choose 1 or more");
  require(options.temperature > 0, "temperature", "Choose a positive number; for the likeliest token do not sample");
  require(options.topK >= 0, "top_k", "Choose 1 or more, or 0 for all");
  require(options.topP > 0 && options.topP <= 1, "top_p", "Choose more than 0 and at most 1");
  require(options.repetitionPenalty > 0, "repetition_penalty", "Choose a positive number; 1 is none");
  require(options.beginId >= 0 && options.beginId < vocabulary, "begin_id", "Take it from the model's own tokenizer");
  require(options.endId >= 0 && options.endId < vocabulary, "end_id", "Take it from the model's own tokenizer");
}

// Tokens that are there already become less likely: the rule minds the sign, and counts a token once.
at::Tensor penalised(const at::Tensor& logits, const at::Tensor& seen, double penalty) {
  if (penalty == 1) return logits;
  const at::Tensor before = logits.gather(1, seen);
  return logits.scatter(1, seen, at::where(before > 0, before / penalty, before * penalty));
}

// Index into `sorted`, logits of the candidates in falling order.
std::size_t draw(const float* sorted, std::size_t count, double temperature, double topP, double uniform) {
  std::vector<double> weights(count);
  double total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    weights[i] = std::exp((static_cast<double>(sorted[i]) - static_cast<double>(sorted[0])) / temperature);
    total += weights[i];
  }
  std::size_t kept = 0;
  double mass = 0;
  while (kept < count && mass < topP * total) mass += weights[kept++];
  double rest = uniform * mass;
  for (std::size_t i = 0; i + 1 < kept; ++i) {
    if (rest < weights[i]) return i;
    rest -= weights[i];
  }
  return kept > 0 ? kept - 1 : 0;
}

}  // namespace

std::vector<GeneratedCaption> generateCaptions(CaptioningDecoder& decoder, const at::Tensor& videoTokens,
                                               const GenerationOptions& options,
                                               const std::optional<at::Tensor>& videoMask) {
  const std::int64_t vocabulary = decoder.options().vocabulary;
  check(options, vocabulary);
  const c10::NoGradGuard noGrad;
  const EvalMode evalMode(decoder);
  const std::int64_t rows = videoTokens.size(0);
  const std::int64_t steps = std::min(options.maxTokens, decoder.options().positions);
  std::vector<GeneratedCaption> captions(static_cast<std::size_t>(rows));
  std::vector<Random> streams;
  for (std::int64_t row = 0; row < rows; ++row) {
    streams.emplace_back(deriveSeed(options.seed, "caption", static_cast<std::uint64_t>(row)));
  }
  const at::TensorOptions idOptions = at::TensorOptions(at::kLong).device(videoTokens.device());
  at::Tensor ids = at::full({rows}, options.beginId, idOptions);
  at::Tensor seen = ids.unsqueeze(1);
  DecoderCache cache = decoder.startCache(videoTokens, steps, videoMask);
  for (std::int64_t step = 0; step < steps; ++step) {
    const at::Tensor logits = decoder.step(ids, cache).to(at::kFloat);
    const at::Tensor altered = penalised(logits, seen, options.repetitionPenalty);
    if (options.sample) {
      const std::int64_t candidates = options.topK == 0 ? vocabulary : std::min(options.topK, vocabulary);
      const auto [values, indices] = at::topk(altered, candidates);
      const at::Tensor sorted = values.cpu().contiguous();
      std::vector<std::int64_t> places;
      for (std::int64_t row = 0; row < rows; ++row) {
        places.push_back(static_cast<std::int64_t>(
            draw(sorted.const_data_ptr<float>() + row * candidates, static_cast<std::size_t>(candidates),
                 options.temperature, options.topP, streams[static_cast<std::size_t>(row)].uniform())));
      }
      ids = indices.gather(1, at::tensor(places, at::kLong).to(videoTokens.device()).unsqueeze(1)).squeeze(1);
    } else {
      ids = altered.argmax(1);
    }
    const at::Tensor own = at::softmax(logits, 1).gather(1, ids.unsqueeze(1)).squeeze(1).cpu();
    const at::Tensor chosen = ids.cpu();
    bool going = false;
    for (std::int64_t row = 0; row < rows; ++row) {
      GeneratedCaption& caption = captions[static_cast<std::size_t>(row)];
      if (caption.ended) continue;
      caption.tokens.push_back(chosen.const_data_ptr<std::int64_t>()[row]);
      caption.probabilities.push_back(own.const_data_ptr<float>()[row]);
      caption.ended = caption.tokens.back() == options.endId;
      going = going || !caption.ended;
    }
    if (!going) break;
    seen = at::cat({seen, ids.unsqueeze(1)}, 1);
  }
  return captions;
}

}  // namespace counterpoint
