// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipes/echo_text/run.h"

#include <optional>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/device/device.h"
#include "core/recipes/echo_text/baselines.h"
#include "core/recipes/echo_text/measure.h"
#include "core/recipes/echo_text/task.h"
#include "core/recipes/run_reporter.h"

namespace counterpoint {
namespace {

std::vector<std::string> reportsOf(const std::vector<ClipRow>& rows) {
  std::vector<std::string> reports;
  for (const auto& row : rows) reports.push_back(row.report);
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

// Confidence as an observed share of right sentences, from the validation studies and the best weights.
void calibrate(EchoTextModel& model, const StudyTable& table, const TrainingRun& run, const MeasureOptions& options) {
  const auto checkpoints = CheckpointFolder(run.folder.checkpoints());
  const auto checkpoint = checkpoints.best() ? checkpoints.best() : checkpoints.last();
  if (!checkpoint) return;
  model.load(*checkpoint);
  model.calibration().reset();
  const Measured measured = measureSplit(model, table.rowsOf("val"), run.group, options);
  if (!run.group.isMain()) return;
  if (const auto calibration = fitCalibration(measured))
    writeJsonFile(*checkpoint / "calibration.json", calibration->toJson());
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
    for (const auto& name : table.missing()) events->log("warning", "clip " + name + " is missing and was left out");
  }
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
  std::optional<StopWatch> watch;
  if (reporter) {
    watch.emplace(run.folder, run.stopSignalled, [&] { return reporter->epoch(); });
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
  if (model.settings().calibrate) {
    MeasureOptions measuring;
    measuring.factMeans = meansOfFacts(model.settings().facts, reportsOf(table.rowsOf("train")));
    calibrate(model, table, run, measuring);
  }
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

  const auto trainReports = reportsOf(table.rowsOf("train"));
  MeasureOptions options;
  options.split = run.split;
  options.factMeans = meansOfFacts(model.settings().facts, trainReports);
  options.wordWeights = contentWordWeights(model.tokenizer(), trainReports, model.settings().maxTokens,
                                           model.settings().contentWordWeight);
  if (options.wordWeights.defined()) options.wordWeights = options.wordWeights.to(run.device);
  options.shuffleFrames = run.shuffleFrames;
  options.seed = run.seed;
  options.progress = run.progress;
  // A control is no result: it must not take the place of one.
  if (!run.shuffleFrames) options.folder = run.folder.results(run.split);
  Measured measured = measureSplit(model, table.rowsOf(run.split), group, options);
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
