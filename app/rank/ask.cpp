// SPDX-License-Identifier: GPL-3.0-or-later
// caption, embed, retrieve: the questions that serve answers too, asked once.
#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "app/rank/model_place.h"
#include "app/rank/progress_line.h"
#include "app/rank/work.h"
#include "core/base/error.h"
#include "core/formats/npy.h"

namespace counterpoint {
namespace {

std::vector<std::string> linesOf(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw dataError("cannot be read", path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  if (lines.empty()) throw dataError("holds no line", path);
  return lines;
}

}  // namespace

int runCaption(const CaptionOptions& options, const Context& context) {
  const auto service = openService(options.model, options.device);
  Json answers = Json::array();
  for (const auto& clip : options.clips) {
    Json parameters = {
        {"clip", clip}, {"sample", options.sample}, {"temperature", options.temperature}, {"seed", options.seed}};
    if (options.startSeconds) parameters["start_seconds"] = *options.startSeconds;
    if (options.maxTokens > 0) parameters["max_tokens"] = options.maxTokens;
    const Json answer = service->answer("caption", parameters);
    if (context.json) {
      answers.push_back(answer);
      continue;
    }
    const Caption caption = captionFromJson(answer.at("caption"));
    std::cout << clip << "\n  generated, research use, not for diagnosis\n";
    for (const auto& sentence : caption.sentences)
      std::cout << fmt::format("  {:.2f}{}  {}\n", sentence.confidence, caption.calibrated ? "" : " (uncalibrated)",
                               sentence.text);
  }
  if (context.json) std::cout << answers.dump(2) << "\n";
  return 0;
}

int runEmbed(const EmbedOptions& options, const Context&) {
  const auto service = openService(options.model, options.device);
  const auto lines = linesOf(options.input);
  ProgressLine progress("embed");
  const auto rows = service->embedRows(
      options.kind == "video" ? "clip" : "text", lines, options.normalize, static_cast<std::size_t>(options.batchSize),
      {[&](std::int64_t done, std::int64_t total) {
         progress.show(static_cast<std::size_t>(done), static_cast<std::size_t>(total));
       },
       {}});
  const std::int64_t shape[] = {rows.count, rows.dimension};
  writeNpy(options.output, shape, rows.values);
  return 0;
}

int runRetrieve(const RetrieveOptions& options, const Context& context) {
  const auto service = openService(options.model, options.device);
  Json parameters = {{"split", options.split}, {"k", options.most}};
  if (options.text.empty())
    parameters["clip"] = options.clip;
  else
    parameters["text"] = options.text;
  ProgressLine progress("retrieve");
  const Json answer = service->answer("retrieve", parameters,
                                      {[&](std::int64_t done, std::int64_t total) {
                                         progress.show(static_cast<std::size_t>(done), static_cast<std::size_t>(total));
                                       },
                                       {}});
  if (context.json) {
    std::cout << answer.dump(2) << "\n";
    return 0;
  }
  for (const auto& hit : hitsFromJson(answer.at("hits")))
    std::cout << fmt::format("{:>4} {} {:.4f}  {}  {}\n", hit.rank, hit.right ? "right" : "     ", hit.score, hit.clip,
                             hit.text);
  const auto ranks = answer.at("right_ranks").get<std::vector<std::int64_t>>();
  if (!ranks.empty())
    std::cout << fmt::format("right answers at {} of {}\n", fmt::join(ranks, ", "),
                             answer.at("total").get<std::int64_t>());
  return 0;
}

}  // namespace counterpoint
