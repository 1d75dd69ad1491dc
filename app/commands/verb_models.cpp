// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs that need a model: their options, words and examples.
#include "app/commands/model_options.h"
#include "app/commands/verbs.h"
#include "core/base/error.h"

namespace counterpoint {
namespace {

constexpr const char* kModelHelp = "Run folder, or one of its checkpoints";

void addModel(CLI::App& command, std::string& model) { command.add_option("--model", model, kModelHelp)->required(); }

void addDevice(CLI::App& command, std::string& device) {
  command.add_option("--device", device, "auto, cpu or cuda:N")->capture_default_str();
}

void addTrain(CLI::App& command, TrainOptions& options) {
  command.add_option("config", options.config, "Name of a config, or a file; left out inside a launched run");
  command.add_option("overrides", options.overrides, "KEY=VALUE on top of it");
  command.add_option("--config-dir", options.configDirectory, "The only folder where names are looked up");
}

void addEvaluate(CLI::App& command, EvaluateOptions& options) {
  command.add_option("model", options.model, kModelHelp)->required();
  command.add_option("overrides", options.overrides, "KEY=VALUE on top of the run's config, for data on another path");
  command.add_option("--split", options.split, "Split of the studies to measure on")->capture_default_str();
  command.add_option(
      "--baseline", options.baselineFact,
      "Also score an oracle that knows only this fact (caption.facts), and nearest neighbours on pixels");
  command.add_flag("--shuffle-frames", options.shuffleFrames,
                   "Control: give the model each clip's frames in random order");
  command.add_option("--seed", options.seed, "Of the shuffling")->capture_default_str();
  addDevice(command, options.device);
}

void addCaption(CLI::App& command, CaptionOptions& options) {
  addModel(command, options.model);
  command.add_option("clips", options.clips, "Clips to describe")->required();
  command.add_option("--start", options.startSeconds, "Seconds of the R wave, or of the first frame to use");
  command.add_option("--max-tokens", options.maxTokens, "Longest caption (0: as the run's config says)");
  command.add_flag("--sample", options.sample, "Draw from the model instead of taking the likeliest word");
  command.add_option("--temperature", options.temperature, "Of sampling")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Of sampling")->capture_default_str();
  addDevice(command, options.device);
}

void addEmbed(CLI::App& command, EmbedOptions& options) {
  addModel(command, options.model);
  command.add_option("--kind", options.kind, "What the list holds")
      ->required()
      ->check(CLI::IsMember({"text", "video"}));
  command.add_option("--input", options.input, "A file: one text or one path a line")->required();
  command.add_option("--output", options.output, "Array to write: float32 [N, D], row i answers line i")->required();
  command.add_flag("--normalize,!--no-normalize", options.normalize, "Rows of length 1");
  command.add_option("--batch-size", options.batchSize, "Lines at a time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  addDevice(command, options.device);
}

void addRetrieve(CLI::App& command, RetrieveOptions& options) {
  addModel(command, options.model);
  auto* text = command.add_option("--text", options.text, "Ask in words");
  command.add_option("--clip", options.clip, "Ask with a clip")->excludes(text);
  command.add_option("--split", options.split, "Split to search; evaluate it first")->capture_default_str();
  command.add_option("-k", options.most, "How many answers")->check(CLI::PositiveNumber)->capture_default_str();
  addDevice(command, options.device);
}

void checkRetrieve(const RetrieveOptions& options) {
  if (options.text.empty() == options.clip.empty())
    throw usageError("needs a question", "retrieve", "Give --text or --clip.");
}

void addServe(CLI::App& command, ServeOptions& options) {
  addModel(command, options.model);
  command.add_option("--socket", options.socket, "Where to listen (default: a name of its own in the runtime folder)");
  command.add_option("--threads", options.threads, "Threads of each computation")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  addDevice(command, options.device);
}

void addBench(CLI::App& command, BenchOptions& options) {
  command.add_option("name", options.name, "One measurement (default: all)");
  command.add_option("--rounds", options.rounds, "Interleaved rounds")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

void addLoraEmbed(CLI::App& command, LoraEmbedOptions& options) {
  addModel(command, options.model);
  command.add_option("list", options.list, "LoRA list whose prompts lie beside it in prompts/NAME.jsonl");
  command.add_option("--prompts", options.prompts,
                     "One file of prompts instead: a JSON object with \"text\" or \"query\" a line");
  command.add_option("--root", options.root, "Folder that the list's relative paths start from (default: this one)");
  command.add_option("--output", options.output, "With --prompts: prefix of the arrays to write");
  addDevice(command, options.device);
}

void checkLoraEmbed(const LoraEmbedOptions& options) {
  const bool one = !options.prompts.empty() && !options.output.empty() && options.list.empty();
  const bool list = !options.list.empty() && options.prompts.empty();
  if (!one && !list) throw usageError("needs a LoRA list, or --prompts with --output", "lora embed");
}

}  // namespace

std::vector<Verb> modelVerbs() {
  return {
      tensorVerb<TrainOptions>(
          {"train", "Runs", "Trains in this process; joins a group of ranks when RANK or SLURM_* is set",
           "train echo_text train.epochs=2"},
          addTrain),
      tensorVerb<EvaluateOptions>({"evaluate", "Models", "Measures a model on a split; results go into the run folder",
                                   "evaluate runs/2026-11-20_14-03-22_echo_text --split test", true},
                                  addEvaluate),
      tensorVerb<CaptionOptions>(
          {"caption", "Models", "Describes clips in generated words (research use, not for diagnosis)",
           "caption --model runs/2026-11-20_14-03-22_echo_text data/clips/s0001_a4c.mp4", true},
          addCaption),
      tensorVerb<EmbedOptions>({"embed", "Models", "Turns texts or clips into vectors",
                                "embed --model RUN --kind text --input prompts.txt --output prompts.npy"},
                               addEmbed),
      tensorVerb<RetrieveOptions>({"retrieve", "Models", "Searches the clips of an evaluated split",
                                   "retrieve --model RUN --text \"severely reduced function\" -k 5", true},
                                  addRetrieve, checkRetrieve),
      tensorVerb<ServeOptions>(
          {"serve", "Models", "Keeps one model loaded and answers the window over a local socket", "serve --model RUN"},
          addServe),
      tensorVerb<LoraEmbedOptions>(
          {"lora embed", "Adapters", "Makes the embedding sets of a LoRA list from its prompts",
           "lora embed --model RUN adapters/list.json"},
          addLoraEmbed, checkLoraEmbed),
      tensorVerb<BenchOptions>(
          {"bench", "Measure", "Measures and prints a table of medians and spreads", "bench decode", true}, addBench),
  };
}

}  // namespace counterpoint
