// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/own_workspace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/folders.h"
#include "core/base/json.h"
#include "core/base/partial_folder.h"
#include "core/base/words.h"
#include "core/media/clip.h"
#include "core/media/clip_names.h"
#include "core/text/vocabulary.h"
#include "core/text/wordpiece.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr int kFrames = 16;
constexpr std::size_t kBatch = 16, kSteps = 400, kMostEpochs = 100, kLeastEpochs = 5, kMostTokens = 128;
constexpr double kReportsCovered = 0.95;  // longer ones are cut

constexpr std::string_view kReadme = R"(A workspace around your own clips. They stay where they are; nothing was copied.

data/studies.csv       one line a clip, made from {}
                       Lines without a split are not trained on: no report, or a clip that cannot be read yet.
data/tokenizer         the words of your reports
configs/echo_text.yaml a small model for the first try: raise model and data.size once it runs

Check:    counterpoint-worker config check echo_text --data --memory
Train:    counterpoint-worker launch echo_text
)";

// YAML in double quotes: a JSON string is one.
std::string quoted(const std::string& text) { return Json(text).dump(); }

bool everyClipHasRWave(const OwnTable& table) {
  return std::all_of(table.rows.begin(), table.rows.end(),
                     [](const OwnRow& row) { return row.split.empty() || !row.rWave.empty(); });
}

std::vector<std::string> reportsOf(const OwnTable& table) {
  std::set<std::string> reports;
  for (const OwnRow& row : table.rows)
    if (!row.split.empty()) reports.insert(row.report);
  return {reports.begin(), reports.end()};
}

std::size_t longestOf(const std::vector<std::string>& reports, const std::vector<std::string>& vocabulary) {
  const auto tokenizer = WordPieceTokenizer::fromVocabulary(vocabulary);
  std::vector<std::size_t> lengths;
  for (const auto& report : reports) lengths.push_back(tokenizer.encode(report, kMostTokens).ids.size());
  std::sort(lengths.begin(), lengths.end());
  const auto place = static_cast<std::size_t>(kReportsCovered * static_cast<double>(lengths.size() - 1) + 0.5);
  return lengths[std::min(place, lengths.size() - 1)];
}

std::string description(const std::string& name) {
  return fmt::format(
      "version: 1\n"
      "name: {}\n"
      "synthetic: false\n"
      "runs: runs\n"
      "configs: configs\n"
      "models: models\n"
      "data: data\n"
      "studies: data/studies.csv\n"
      "adapters: []\n",
      quoted(name));
}

}  // namespace

OwnClipFacts lookAtOwnClips(const OwnTable& table, int most, const std::stop_token& stop) {
  std::vector<const OwnRow*> there;
  for (const OwnRow& row : table.rows)
    if (row.there && !isDicomName(row.file)) there.push_back(&row);
  OwnClipFacts facts;
  std::vector<double> rates;
  const auto step = std::max<std::size_t>(1, there.size() / static_cast<std::size_t>(std::max(1, most)));
  for (std::size_t i = 0; i < there.size() && facts.looked < most && !stop.stop_requested(); i += step) {
    try {
      const Clip clip = Clip::open(table.root / there[i]->file, {.cacheBytes = 0});
      const ClipInfo& info = clip.info();
      facts.leastFrames = facts.looked == 0 ? info.frameCount : std::min(facts.leastFrames, info.frameCount);
      ++facts.looked;
      rates.push_back(info.framesPerSecond);
    } catch (const std::exception& error) {
      if (facts.trouble.empty()) facts.trouble = describe(error);
    }
  }
  if (!rates.empty()) {
    std::sort(rates.begin(), rates.end());
    facts.framesPerSecond = rates[rates.size() / 2];
  }
  return facts;
}

std::string ownConfig(const OwnTable& table, const OwnClipFacts& clips, std::size_t longestReport) {
  const std::size_t train = std::max<std::size_t>(1, table.clipsOf("train"));
  const std::size_t batch = std::min(kBatch, train);
  const std::size_t epochs = std::clamp(kSteps / (train / batch), kLeastEpochs, kMostEpochs);
  const std::size_t tokens = std::clamp<std::size_t>((longestReport + 7) / 8 * 8, 16, kMostTokens);
  // About a heartbeat, where the clips are that long.
  const int wanted = clips.framesPerSecond > 0 ? static_cast<int>(std::lround(clips.framesPerSecond / kFrames)) : 1;
  const int stride = std::clamp(wanted, 1, std::max(1, (clips.leastFrames - 1) / (kFrames - 1)));
  const std::size_t every = std::max<std::size_t>(1, epochs / 8);
  return fmt::format(
      R"(# A small video-text model for a first try on your own clips, made for two cores and some minutes.
recipe: echo_text
name: own-clips
seed: 0
threads: 2

data:
  csv: data/studies.csv
  root: {root}   # file names in the table start here
  on_missing: {missing}
  start: {start}
  frames: {frames}
  stride: {stride}         # {span}
  size: 64          # pixels: 112 or 224 show more, and take longer
  channels: grey_difference
  workers: 1
  cache_mb: 1024    # every clip is decoded once

text:
  tokenizer: data/tokenizer/vocab.txt
  max_tokens: {tokens}

model:
  dimension: 64
  video:
    backbone: r3d
    heads: 4
    depth: 1
    pooling: mean
    r3d:
      stem_width: 16
      stem_kernel: [3, 5, 5]
      stem_stride: [1, 2, 2]
      stages:
        - {{width: 24, blocks: 1, stride: [2, 2, 2]}}
        - {{width: 48, blocks: 1, stride: [2, 2, 2]}}
        - {{width: 96, blocks: 1, stride: [1, 2, 2]}}
      norm_groups: 8   # batches may be small
      tokens: grid
  text:
    layers: 2
    hidden: 64
    heads: 4
    feed_forward: 128
    positions: {positions}
    dropout: 0.0
    initializer_range: 0.07
  decoder:
    layers: 2
    heads: 4
    feed_forward: 128
    positions: {positions}
    dropout: 0.0
    initializer_range: 0.07

loss:
  contrastive: contrastive
  weights: {{contrastive: 1.0, caption: 2.0}}
  temperature: 0.1
  learnable_temperature: true
  content_word_weight: 4.0

optimizer:
  lr: 0.002
  weight_decay: 0.05
  betas: [0.9, 0.999]
  clip_norm: 1.0

schedule:
  name: cosine_with_warmup
  warmup_fraction: 0.05

train:
  epochs: {epochs}
  batch_size: {batch}
  validate_every: {every}
  checkpoint_every: {every}

caption:
  max_tokens: {tokens}

launch:
  ranks: 1
)",
      fmt::arg("root", quoted(table.root.string())), fmt::arg("missing", table.missing > 0 ? "skip" : "error"),
      fmt::arg("start", everyClipHasRWave(table) ? "r_wave" : "first"), fmt::arg("frames", kFrames),
      fmt::arg("stride", stride),
      fmt::arg("span", clips.framesPerSecond > 0
                           ? fmt::format("{:.1f} s of clips of {:.0f} frames a second",
                                         (kFrames - 1) * stride / clips.framesPerSecond, clips.framesPerSecond)
                           : std::string("of the frames in the file")),
      fmt::arg("tokens", tokens), fmt::arg("positions", std::max<std::size_t>(64, tokens)), fmt::arg("epochs", epochs),
      fmt::arg("batch", batch), fmt::arg("every", every));
}

OwnWorkspaceSummary writeOwnWorkspace(const fs::path& folder, const OwnTable& table, const OwnClipFacts& clips,
                                      const std::string& name) {
  PartialFolder partial(folder);
  OwnWorkspaceSummary summary;
  summary.folder = partial.wanted();
  summary.clips = table.rows.size();
  summary.train = table.clipsOf("train");
  summary.val = table.clipsOf("val");
  summary.test = table.clipsOf("test");
  const fs::path& root = partial.path();
  for (const char* part : {"configs", "data/tokenizer", "runs", "models"}) makeFolder(root / part);
  writeFileAtomically(root / "data/studies.csv", ownStudiesCsv(table));
  if (table.canTrain()) {
    const auto reports = reportsOf(table);
    const auto vocabulary = vocabularyFromTexts(reports);
    summary.words = vocabulary.size();
    summary.config = summary.folder / "configs/echo_text.yaml";
    writeFileAtomically(root / "data/tokenizer/vocab.txt", join(vocabulary, "\n") + '\n');
    writeFileAtomically(root / "configs/echo_text.yaml", ownConfig(table, clips, longestOf(reports, vocabulary)));
  }
  writeFileAtomically(root / "README.txt", fmt::format(kReadme, table.source.string()));
  writeFileAtomically(root / "counterpoint.yaml", description(name.empty() ? partial.name() : name));
  partial.moveIntoPlace();
  return summary;
}

}  // namespace counterpoint
