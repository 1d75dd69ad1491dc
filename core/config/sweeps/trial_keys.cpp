// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/sweeps/trial_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/config/overrides/override.h"
#include "core/config/tree/node.h"

namespace counterpoint {
namespace {

// DeepCORO's own names where they mean the same here.
constexpr std::pair<std::string_view, std::string_view> kDeepcoroKeys[] = {
    {"lr", "optimizer.lr"},
    {"optimizer", "optimizer.name"},
    {"max_grad_norm", "optimizer.clip_norm"},
    {"scheduler_name", "schedule.name"},
    {"num_warmup_percent", "schedule.warmup_fraction"},
    {"batch_size", "train.batch_size"},
    {"epochs", "train.epochs"},
    {"gradient_accumulation_steps", "train.accumulation"},
    {"frames", "data.frames"},
    {"stride", "data.stride"},
    {"resize", "data.size"},
    {"num_videos", "data.clips_per_study"},
    {"shuffle_videos", "data.shuffle_clips"},
    {"dropout", "model.video.dropout"},
    {"num_heads", "model.video.heads"},
    {"aggregator_depth", "model.video.depth"},
    {"video_pooling_mode", "model.video.pooling"},
    {"attention_pool_heads", "model.video.pool_heads"},
    {"attention_pool_dropout", "model.video.pool_dropout"},
    {"decoder_layers", "model.decoder.layers"},
    {"decoder_heads", "model.decoder.heads"},
    {"decoder_intermediate_size", "model.decoder.feed_forward"},
    {"temperature", "loss.temperature"},
    {"temperature_start", "loss.temperature"},
    {"temperature_end", "loss.temperature_end"},
    {"temperature_schedule", "loss.temperature_schedule"},
    {"learnable_temperature", "loss.learnable_temperature"},
    {"label_smoothing", "loss.label_smoothing"},
    {"loss_weights.contrastive", "loss.weights.contrastive"},
    {"loss_weights.captioning", "loss.weights.caption"},
};
constexpr std::pair<std::string_view, std::string_view> kDeepcoroMetrics[] = {{"best_val_loss", "val/loss"},
                                                                              {"val/total_loss", "val/loss"}};

// What is wrong with `value` for the key, or empty.
std::string refusal(const SchemaKey& key, const Json& value) {
  try {
    valueOf(key, fromJson(value));
    return {};
  } catch (const Error& error) {
    return error.problem();
  }
}

// The ends of a range, or what is likely where it has none.
std::vector<Json> probesOf(const Distribution& distribution) {
  return {draw(distribution, 1e-4), draw(distribution, 0.5), draw(distribution, 1 - 1e-4)};
}

class Fitter {
 public:
  Fitter(SweepFile file, const Schema& schema) : schema_(schema), parameters_(std::move(file.parameters)) {
    fit_.file = std::move(file);
    fit_.file.parameters.clear();
  }

  SweepFit fit() {
    for (auto& parameter : parameters_) take(std::move(parameter));
    if (fit_.file.metric)
      for (const auto& [theirs, ours] : kDeepcoroMetrics)
        if (fit_.file.metric->name == theirs) {
          fit_.renamed.push_back(fmt::format("the metric {} is {} here", theirs, ours));
          fit_.file.metric->name = ours;
        }
    return std::move(fit_);
  }

 private:
  void problem(const SweepParameter& parameter, std::string what, std::string cure) {
    fit_.problems.push_back({parameter.key(), fit_.file.where(parameter), std::move(what), std::move(cure)});
  }

  void take(SweepParameter parameter) {
    const std::string given = parameter.key();
    const SchemaKey* key = schema_.find(given);
    if (!key) {
      const auto* known = std::find_if(std::begin(kDeepcoroKeys), std::end(kDeepcoroKeys),
                                       [&](const auto& pair) { return pair.first == given; });
      if (known != std::end(kDeepcoroKeys) && (key = schema_.find(known->second))) {
        fit_.renamed.push_back(fmt::format("{} is {} here", given, known->second));
        parameter.path = split(std::string(known->second), '.');
      }
    }
    if (!key) {
      const auto near = schema_.nearest(given);
      return problem(parameter, "there is no key " + given, near.empty() ? "" : "Did you mean " + near + "?");
    }
    const auto taken = std::find_if(fit_.file.parameters.begin(), fit_.file.parameters.end(),
                                    [&](const auto& other) { return other.key() == parameter.key(); });
    if (taken != fit_.file.parameters.end())
      return problem(parameter, given + " sets " + parameter.key() + ", as another parameter does", "Keep one.");
    if (dropValues(parameter, *key)) fit_.file.parameters.push_back(std::move(parameter));
  }

  // False where nothing of the parameter is left.
  bool dropValues(SweepParameter& parameter, const SchemaKey& key) {
    Distribution& distribution = parameter.distribution;
    if (distribution.kind != DistributionKind::Categorical) {
      const auto probes = distribution.isConstant()      ? std::vector<Json>{distribution.value}
                          : !distribution.values.empty() ? distribution.values
                                                         : probesOf(distribution);
      for (const auto& value : probes)
        if (const auto what = refusal(key, value); !what.empty()) {
          problem(parameter, fmt::format("{} cannot be {}: {}", key.path, yamlText(value), what), {});
          return false;
        }
      return true;
    }
    std::vector<Json> kept;
    for (const auto& value : distribution.values) {
      auto what = refusal(key, value);
      if (what.empty()) {
        kept.push_back(value);
        continue;
      }
      // "AdamW" of torch is adamw here.
      const Json lower = value.is_string() ? Json(lowerAscii(value.get<std::string>())) : value;
      if (lower != value && refusal(key, lower).empty()) {
        fit_.renamed.push_back(fmt::format("{}: {} is {} here", key.path, yamlText(value), yamlText(lower)));
        kept.push_back(lower);
      } else {
        problem(parameter, fmt::format("{} cannot be {}: {}", key.path, yamlText(value), what), {});
      }
    }
    distribution.values = std::move(kept);
    return !distribution.values.empty();
  }

  const Schema& schema_;
  std::vector<SweepParameter> parameters_;
  SweepFit fit_;
};

}  // namespace

std::string SweepProblem::line() const { return where + ": " + what + (cure.empty() ? "" : ". " + cure); }

SweepFit fitToSchema(SweepFile file, const Schema& schema) { return Fitter(std::move(file), schema).fit(); }

std::vector<std::string> overridesOf(const SweepFile& file, const TrialValues& values) {
  std::vector<std::string> overrides;
  for (std::size_t i = 0; i < file.parameters.size(); ++i)
    overrides.push_back(file.parameters[i].key() + "=" + elementOf(fromJson(values[i])).text());
  return overrides;
}

}  // namespace counterpoint
