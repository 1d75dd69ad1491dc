// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/run.h"

#include <optional>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/device/device.h"
#include "core/recipes/echo_text/baselines.h"
#include "core/recipes/echo_text/measure.h"
#include "core/recipes/echo_text/results.h"
#include "core/recipes/echo_text/samples.h"
#include "core/recipes/echo_text/task.h"
#include "core/recipes/run_reporter.h"

namespace counterpoint {
namespace {

// {"data": {"size": 32}} as {"data.size": 32}; lists stay as they are.
Json dotted(const Json& value) {
  Json flat = Json::object();
  for (const auto& [name, member] : value.items()) {
    if (!member.is_object()) {
      flat[name] = member;
      continue;
    }
    const Json inside = dotted(member);
    for (const auto& [inner, leaf] : inside.items()) flat[name + "." + inner] = leaf;
  }
  return flat;
}

std::vector<std::string> reportsOf(const std::vector<ClipSample>& samples) {
  std::vector<std::string> reports;
  for (const auto& sample : samples) reports.push_back(sample.report);
  return reports;
}

// The pixel statistics that all loaders use; measured once by rank 0 and kept beside the run, so that a later
// evaluation feeds the model the same numbers.
void settleStatistics(EchoTextSettings& settings, const StudyTable& table, const RunFolder& folder,
                      const ProcessGroup& group) {
  if (!settings.data.measureStatistics) return;
  const auto file = folder.path() / "statistics.json";
  Json statistics;
  if (group.isMain()) {
    if (std::filesystem::exists(file)) {
      statistics = readJsonFile(file);
    } else {
      const auto measured = measureStatistics(table.rowsOf("train"), settings.data.input, settings.data.workers,
                                              settings.data.csv.string());
      statistics = {
          {"mean", measured.mean}, {"std", measured.deviation}, {"values", measured.values}, {"split", "train"}};
      writeJsonFile(file, statistics);
    }
  }
  statistics = group.broadcastJson(statistics);
  settings.data.input.mean = statistics.at("mean").get<std::vector<double>>();
  settings.data.input.deviation = statistics.at("std").get<std::vector<double>>();
}

LoopOptions loopOptions(const EchoTextSettings& settings, const TrainingRun& run, std::int64_t batchesPerEpoch) {
  LoopOptions options = settings.loop;
  std::int64_t steps = options.epochs * ((batchesPerEpoch + options.accumulation - 1) / options.accumulation);
  if (options.maxSteps > 0) steps = std::min(steps, options.maxSteps);
  options.rate.warmupSteps = static_cast<std::int64_t>(settings.warmupFraction * static_cast<double>(steps));
  options.rate.totalSteps = steps;
  options.device = run.device;
  options.checkpointFolder = run.folder.checkpoints();
  if (run.attempt > 0)
    if (const auto last = CheckpointFolder(run.folder.checkpoints()).last()) options.resumeFrom = *last;
  return options;
}

// The best checkpoint, else the last one; empty where none is kept. Collective: rank 0 writes checkpoints, so it alone
// knows when they are whole.
std::filesystem::path chosenCheckpoint(const TrainingRun& run) {
  std::string path;
  if (run.group.isMain()) {
    const auto checkpoints = CheckpointFolder(run.folder.checkpoints());
    if (const auto found = checkpoints.best() ? checkpoints.best() : checkpoints.last()) path = found->string();
  }
  return run.group.broadcast(path);
}

// Confidence as an observed share of right sentences, from the validation studies and the best weights, whose results
// then take the place of the last validation's.
void calibrate(EchoTextModel& model, const StudyTable& table, const TrainingRun& run, MeasureOptions options) {
  const auto checkpoint = chosenCheckpoint(run);
  if (checkpoint.empty()) return;
  model.load(checkpoint);
  options.step = readPosition(checkpoint).step;
  model.calibration().reset();
  Measured measured = measureSplit(model, samplesOf(model.settings(), table, "val"), run.group, options);
  if (!run.group.isMain()) return;
  if (const auto calibration = fitCalibration(measured)) {
    writeJsonFile(checkpoint / "calibration.json", calibration->toJson());
    applyCalibration(*calibration, measured);
  }
  writeResults(run.folder.results("val"), measured);
}

MeasureOptions measureOptions(const EchoTextModel& model, const StudyTable& table) {
  const auto& settings = model.settings();
  const auto reports = reportsOf(samplesOf(settings, table, "train"));
  MeasureOptions options;
  options.factMeans = meansOfFacts(settings.facts, reports);
  options.wordWeights = contentWordWeights(model.tokenizer(), reports, settings.maxTokens, settings.contentWordWeight);
  if (options.wordWeights.defined()) options.wordWeights = options.wordWeights.to(model.device());
  return options;
}

// Clips that are neither trained on nor measured, because their split has another name.
std::vector<std::string> unusedSplits(const StudyTable& table) {
  std::vector<std::string> unused;
  for (const auto& split : table.splits())
    if (split != "train" && split != "val" && split != "test")
      unused.push_back("\"" + split + "\" (" + std::to_string(table.rowsOf(split).size()) + " clips)");
  return unused;
}

}  // namespace

bool trainEchoText(const TrainingRun& run) {
  auto settings = EchoTextSettings::from(run.config, run.workspace);
  setThreads(settings.threads);
  // Equal on every rank until the weights are made; then each rank draws its own dropout.
  seedTorch(settings.seed);
  const auto table = StudyTable::load(settings.data.csv, settings.data.table);

  std::optional<EventWriter> events;
  std::optional<RunReporter> reporter;
  if (run.group.isMain()) {
    events.emplace(run.folder, run.attempt);
    reporter.emplace(run.folder, *events);
    if (run.attempt == 0) events->hparams(dotted(run.config));
    for (const auto& name : table.missing()) events->log("warning", "clip " + name + " is missing and was left out");
  }
  if (events)
    if (const auto unused = unusedSplits(table); !unused.empty())
      events->log("warning", "not used, for their splits are none of train, val and test: " + join(unused, ", "));
  settleStatistics(settings, table, run.folder, run.group);
  EchoTextModel model(std::move(settings), run.device, run.group);
  if (run.group.isMain()) model.tokenizer().save(run.folder.tokenizer());
  seedTorch(model.settings().seed, run.group.rank());

  EchoTextTask task(model, table, run.group, events ? &*events : nullptr, run.folder.results("val"));
  const LoopOptions options = loopOptions(model.settings(), run, task.batchesPerEpoch());
  if (events && run.attempt > 0) {
    const auto position = options.resumeFrom.empty() ? TrainerPosition{} : readPosition(options.resumeFrom);
    events->resumed(position.step, static_cast<double>(position.epoch));
  }
  StopRequest stop;
  std::optional<StopListener> watch;
  if (reporter) {
    watch.emplace(run.folder, run.stopSignalled, [&](const std::string& text) { events->log("warning", text); });
    stop = [&] { return watch->asked(); };
  }
  TrainingLoop loop(task, run.group, options, reporter ? &*reporter : nullptr, stop);
  loop.onEpochStart([&](std::int64_t epoch) { return task.scheduleTemperature(epoch); });
  try {
    const LoopResult result = loop.run();
    if (reporter) reporter->finish();
    if (result.stopped) return true;
  } catch (const std::exception& error) {
    if (events) events->error(error);
    throw;
  }
  if (model.settings().calibrate) calibrate(model, table, run, measureOptions(model, table));
  return false;
}

std::map<std::string, double> evaluateEchoText(const EvaluationRun& run) {
  auto settings = EchoTextSettings::from(run.config, run.workspace);
  setThreads(settings.threads);
  const auto table = StudyTable::load(settings.data.csv, settings.data.table);
  const auto group = ProcessGroup::single();
  settings.tokenizer = run.folder.tokenizer();
  settleStatistics(settings, table, run.folder, group);
  EchoTextModel model(std::move(settings), run.device, group);
  model.load(run.checkpoint);

  MeasureOptions options = measureOptions(model, table);
  options.split = run.split;
  options.step = readPosition(run.checkpoint).step;
  options.shuffleFrames = run.shuffleFrames;
  options.seed = run.seed;
  options.progress = run.progress;
  // A control is no result: it must not take the place of one.
  if (!run.shuffleFrames) options.folder = run.folder.results(run.split);
  Measured measured = measureSplit(model, samplesOf(model.settings(), table, run.split), group, options);
  if (!run.baselineFact.empty())
    measured.metrics.merge(baselineMetrics(model.settings(), table, run.split, run.baselineFact));
  if (run.shuffleFrames) return measured.metrics;

  Status status;
  try {
    status = readStatus(run.folder);
  } catch (const Error&) {
    // A run made by `train` without a launcher may have none.
  }
  EventWriter events(run.folder, status.attempt);
  const auto position = readPosition(run.checkpoint);
  events.at(position.step, static_cast<double>(position.epoch));
  std::vector<std::pair<std::string, double>> scalars;
  for (const auto& [name, value] : measured.metrics) scalars.emplace_back(run.split + "/" + name, value);
  events.scalars(scalars);
  writeMeasuredEvents(measured, run.split, model.settings(), events);
  return measured.metrics;
}

}  // namespace counterpoint
