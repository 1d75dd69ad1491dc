// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/baselines.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/cdist.h>

#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "core/eval/text_metrics.h"
#include "core/recipes/echo_text/samples.h"
#include "core/retrieval/metrics.h"

namespace counterpoint {
namespace {

constexpr std::int64_t kRecallAt[] = {1, 5, 10};

const Fact& factNamed(const EchoTextSettings& settings, const std::string& name) {
  for (const auto& fact : settings.facts)
    if (fact.name == name) return fact;
  throw usageError("there is no fact \"" + name + "\"", "--baseline", "Name one of caption.facts.");
}

// P(at least one of `right` things is among the first `k` places of a group of `count` in random order).
double chanceOfHit(std::size_t count, std::size_t right, std::size_t k) {
  if (k >= count) return right > 0 ? 1 : 0;
  double miss = 1;
  for (std::size_t i = 0; i < k; ++i)
    miss *= std::max(0.0, static_cast<double>(count - right) - static_cast<double>(i)) / static_cast<double>(count - i);
  return 1 - miss;
}

// Everything the model gets of each row, flattened: [rows, values].
at::Tensor pixelsOf(const EchoTextSettings& settings, const std::vector<ClipRow>& rows) {
  const auto loader = inferenceLoader(settings, clipSamples(rows), at::kCPU);
  std::vector<at::Tensor> parts;
  loader->start(0);
  while (const auto batch = loader->next()) parts.push_back(batch->clips.flatten(1));
  return at::cat(parts);
}

}  // namespace

std::map<std::string, double> baselineMetrics(const EchoTextSettings& settings, const StudyTable& table,
                                              const std::string& split, const std::string& factName) {
  const Fact& fact = factNamed(settings, factName);
  if (settings.data.clipsPerStudy > 0)
    throw usageError("compares single clips; this model was trained on studies", "--baseline",
                     "Leave it out, or train with data.sample=clip.");
  const auto rows = table.rowsOf(split);
  const auto training = table.rowsOf("train");
  std::vector<std::string> reports, values;
  std::map<std::string, std::size_t> sizes;
  for (const auto& row : rows) {
    reports.push_back(row.report);
    values.push_back(factIn(fact, row.report));
    ++sizes[values.back()];
  }
  const TextGroups groups = groupEqualTexts(reports);
  std::map<std::string, double> metrics;
  for (const std::int64_t k : kRecallAt) {
    double sum = 0;
    for (const auto& right : groups.clipsOf)
      sum += chanceOfHit(sizes.at(values[static_cast<std::size_t>(right.front())]), right.size(),
                         static_cast<std::size_t>(k));
    metrics["baseline/oracle/recall@" + std::to_string(k)] = sum / static_cast<double>(groups.texts.size());
  }

  const at::Tensor distances = at::cdist(pixelsOf(settings, rows), pixelsOf(settings, training)).contiguous();
  const float* distance = distances.data_ptr<float>();
  const std::size_t width = training.size();
  std::vector<std::string> trainingValues;
  for (const auto& row : training) trainingValues.push_back(factIn(fact, row.report));
  std::vector<RankedQuery> rankings;
  for (std::size_t q = 0; q < groups.texts.size(); ++q) {
    std::vector<std::size_t> examples;
    for (std::size_t j = 0; j < width; ++j)
      if (training[j].report == groups.texts[q]) examples.push_back(j);
    if (examples.empty())
      for (std::size_t j = 0; j < width; ++j)
        if (trainingValues[j] == factIn(fact, groups.texts[q])) examples.push_back(j);
    std::vector<float> scores(rows.size(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      float nearest = std::numeric_limits<float>::infinity();
      for (const std::size_t j : examples) nearest = std::min(nearest, distance[i * width + j]);
      scores[i] = -nearest;
    }
    rankings.push_back({ranksOfRight(scores, groups.clipsOf[q]), static_cast<std::int64_t>(rows.size())});
  }
  for (const auto& [name, value] : retrievalMetrics(rankings, kRecallAt))
    if (name.rfind("recall", 0) == 0) metrics["baseline/pixels/" + name] = value;

  std::vector<std::string> copied;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float* begin = distance + i * width;
    copied.push_back(training[static_cast<std::size_t>(std::min_element(begin, begin + width) - begin)].report);
  }
  for (const auto& [name, value] : captionMetrics(copied, reports, settings.facts))
    if (name.rfind("fact/", 0) == 0) metrics["baseline/pixels/" + name] = value;
  return metrics;
}

}  // namespace counterpoint
