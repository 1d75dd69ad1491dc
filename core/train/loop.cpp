// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loop.h"

#include <ATen/ops/from_blob.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>
#include <torch/nn/module.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/dist/gradient_averager.h"
#include "core/tensorio/module_weights.h"
#include "core/train/pace.h"
#include "core/train/random_state.h"

namespace counterpoint {
namespace {

class StopWatch {
 public:
  // Seconds since the last call.
  double lap() {
    const double now = steadySeconds();
    return now - std::exchange(last_, now);
  }

 private:
  double last_ = steadySeconds();
};

// What all ranks agree on after backward, in one exchange.
struct StepVerdict {
  std::vector<double> losses;  // total, then parts: averages over ranks
  std::int64_t samples = 0;    // of all ranks
  StopWish stop = StopWish::None;
  std::vector<int> badRanks;  // whose loss is not finite
};

}  // namespace

struct TrainingLoop::State {
  TrainingTask& task;
  ProcessGroup group;
  LoopOptions options;
  EventSink* sink;
  StopRequest stop;
  std::function<bool(std::int64_t)> epochHook{};

  std::vector<std::pair<std::string, torch::nn::Module*>> modules{};
  std::unique_ptr<Optimizer> optimizer{};
  std::unique_ptr<GradientAverager> averager{};
  TrainerPosition position{};
  std::int64_t perEpoch = 0, totalSteps = 0;
  Scalars metrics{};
  Json notes = Json::object();
  Pace pace{};

  void prepare();
  void resume();
  void makeAverager();
  StopWish stopping = StopWish::None;  // as all ranks know it

  bool trainEpoch();  // true: it was broken off, for the run shall stop after this step
  void trainStep();
  StepVerdict agree(const std::vector<std::pair<std::string, double>>& losses, std::int64_t samples);
  [[noreturn]] void reportNonFinite(const std::string& what, const std::vector<int>& ranks);
  bool validate();  // true: the best so far
  void writeCheckpoint(bool best);
  void report(const std::vector<std::pair<std::string, double>>& names, const StepVerdict& verdict, double norm,
              double factor, const StepTimes& times);
  void reportProgress();
  bool isDone() const { return position.epoch >= options.epochs || position.step >= totalSteps; }
  double epochNow() const {
    return static_cast<double>(position.epoch) +
           static_cast<double>(position.position) / static_cast<double>(std::max<std::int64_t>(perEpoch, 1));
  }
  NamedTensors weights() const;
  EventSink* events() const { return group.isMain() ? sink : nullptr; }
};

NamedTensors TrainingLoop::State::weights() const {
  NamedTensors all;
  for (const auto& [prefix, module] : modules) {
    for (auto& entry : stateOf(*module, prefix + ".")) all.push_back(std::move(entry));
  }
  return all;
}

void TrainingLoop::State::prepare() {
  modules = task.stateModules();
  optimizer = std::make_unique<Optimizer>(task.parameterGroups(), options.optimizer);
  perEpoch = task.batchesPerEpoch();
  if (perEpoch < 1) throw dataError("there is no batch to train on", "train split", "Add studies or lower batch_size.");
  const auto stepsPerEpoch = (perEpoch + options.accumulation - 1) / options.accumulation;
  totalSteps = options.epochs * stepsPerEpoch;
  if (options.maxSteps > 0) totalSteps = std::min(totalSteps, options.maxSteps);
  if (options.rate.totalSteps <= 1) options.rate.totalSteps = totalSteps;
  if (!options.resumeFrom.empty()) resume();
}

void TrainingLoop::State::resume() {
  auto checkpoint = readCheckpoint(options.resumeFrom);
  copyInto(weights(), checkpoint.model, (options.resumeFrom / "model.safetensors").string());
  optimizer->loadState(checkpoint.optimizer);
  task.loadExtraState(checkpoint.extra);
  position = checkpoint.position;
  metrics = checkpoint.metrics;
  notes = checkpoint.notes;
  if (checkpoint.randomStates.size() == static_cast<std::size_t>(group.size())) {
    setRandomState(options.device, checkpoint.randomStates[static_cast<std::size_t>(group.rank())]);
  } else if (group.isMain()) {
    logWarning("{} was written by {} ranks, now there are {}: random numbers start afresh", options.resumeFrom.string(),
               checkpoint.randomStates.size(), group.size());
  }
}

void TrainingLoop::State::makeAverager() {
  NamedTensors parameters;
  std::vector<at::Tensor> buffers;
  for (const auto& [prefix, module] : modules) {
    for (const auto& entry : module->named_parameters())
      parameters.emplace_back(prefix + "." + entry.key(), entry.value());
    for (const auto& buffer : module->buffers()) buffers.push_back(buffer);
  }
  averager.reset();  // the old one's hooks must be gone before new ones are set
  averager = std::make_unique<GradientAverager>(group, parameters, buffers);
}

StepVerdict TrainingLoop::State::agree(const std::vector<std::pair<std::string, double>>& losses,
                                       std::int64_t samples) {
  const auto size = static_cast<std::size_t>(group.size());
  std::vector<double> values;
  for (const auto& [name, value] : losses) values.push_back(value);
  const auto count = values.size();
  values.push_back(static_cast<double>(samples));
  values.push_back(group.isMain() && stop ? static_cast<double>(stop()) : 0);
  values.resize(count + 2 + size, 0);
  const bool finite =
      std::all_of(losses.begin(), losses.end(), [](const auto& loss) { return std::isfinite(loss.second); });
  if (!finite) values[count + 2 + static_cast<std::size_t>(group.rank())] = 1;
  values = group.allReduce(std::move(values), Reduction::Sum, "agreement after backward");

  StepVerdict verdict;
  verdict.losses.assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
  for (auto& loss : verdict.losses) loss /= static_cast<double>(size);
  verdict.samples = static_cast<std::int64_t>(values[count]);
  verdict.stop = static_cast<StopWish>(static_cast<int>(values[count + 1]));
  for (std::size_t i = 0; i < size; ++i) {
    if (values[count + 2 + i] > 0) verdict.badRanks.push_back(static_cast<int>(i));
  }
  return verdict;
}

void TrainingLoop::State::reportNonFinite(const std::string& what, const std::vector<int>& ranks) {
  const auto names = group.gather(task.batchNames());
  std::string where = "step " + std::to_string(position.step);
  for (const int rank : ranks) where += fmt::format("; rank {}: {}", rank, names[static_cast<std::size_t>(rank)]);
  throw Error(ErrorKind::NonFinite, what, where,
              "Lower the learning rate, clip the norm of the gradients, or look at these samples.");
}

void TrainingLoop::State::trainStep() {
  StepTimes times;
  StopWatch watch;
  const double start = steadySeconds();
  optimizer->zeroGradients();
  const auto batches = std::min(options.accumulation, perEpoch - position.position);
  const double share = 1.0 / static_cast<double>(batches);
  std::vector<std::pair<std::string, double>> losses;
  std::int64_t samples = 0;
  watch.lap();
  for (std::int64_t i = 0; i < batches; ++i) {
    task.nextBatch();
    times.data += watch.lap();
    StepLosses step;
    {
      const Autocast autocast(options.device.type(), options.precision);
      step = task.step();
    }
    times.forward += watch.lap();
    const auto total = step.total * share;
    if (i + 1 < batches)
      averager->accumulate(total);
    else
      averager->backward(total);
    // Read after backward: on a GPU the value is waited for once the whole step is on its way.
    std::vector<std::pair<std::string, double>> now{{"loss", step.total.item<double>()}};
    for (const auto& [name, value] : step.parts) now.emplace_back(name, value.item<double>());
    if (losses.empty()) losses.resize(now.size());
    for (std::size_t k = 0; k < now.size(); ++k)
      losses.at(k) = {now[k].first, losses.at(k).second + now[k].second * share};
    samples += step.samples;
    times.backward += watch.lap();
  }
  const auto verdict = agree(losses, samples);
  if (!verdict.badRanks.empty()) reportNonFinite("the loss is not finite", verdict.badRanks);
  const double norm = optimizer->clipGradients(options.maxGradientNorm);
  if (!std::isfinite(norm)) {
    std::vector<int> all(static_cast<std::size_t>(group.size()));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
    reportNonFinite("the gradient is not finite", all);
  }
  const double factor = options.rate.factor(position.step);
  optimizer->step(factor);
  times.update = watch.lap();
  times.total = steadySeconds() - start;
  ++position.step;
  position.position += batches;
  pace.step(times.total, verdict.samples);
  if (position.step % std::max<std::int64_t>(options.logEvery, 1) == 0) report(losses, verdict, norm, factor, times);
  if (verdict.stop != StopWish::None) stopping = verdict.stop;
}

void TrainingLoop::State::report(const std::vector<std::pair<std::string, double>>& names, const StepVerdict& verdict,
                                 double norm, double factor, const StepTimes& times) {
  if (!events()) return;
  Scalars values;
  for (std::size_t i = 0; i < names.size(); ++i) values["train/" + names[i].first] = verdict.losses[i];
  values["train/grad_norm"] = norm;
  values["train/samples_per_second"] = static_cast<double>(verdict.samples) / times.total;
  for (const auto& group_ : optimizer->groups()) values["lr/" + group_.name] = group_.learningRate * factor;
  values["time/data"] = times.data;
  values["time/forward"] = times.forward;
  values["time/backward"] = times.backward;
  values["time/update"] = times.update;
  values["time/step"] = times.total;
  events()->scalars(position.step, epochNow(), values);
  reportProgress();
}

void TrainingLoop::State::reportProgress() {
  if (!events()) return;
  const auto every = options.validateEvery;
  const auto validations = every > 0 ? (options.epochs - position.epoch + every - 1) / every : 0;
  events()->progress({position.step, totalSteps, epochNow(), static_cast<double>(options.epochs),
                      pace.samplesPerSecond(), pace.remaining(totalSteps - position.step, validations)});
}

bool TrainingLoop::State::trainEpoch() {
  if ((epochHook && epochHook(position.epoch)) || !averager) makeAverager();
  for (const auto& [prefix, module] : modules) module->train();
  if (position.position < perEpoch) task.startEpoch(position.epoch, position.position);
  while (position.position < perEpoch && position.step < totalSteps) {
    // After the very last step there is nothing left to stop.
    trainStep();
    if (stopping == StopWish::AfterStep && position.step < totalSteps) return true;
    if (options.checkpointSteps > 0 && position.step % options.checkpointSteps == 0) writeCheckpoint(false);
  }
  return false;
}

bool TrainingLoop::State::validate() {
  const double start = steadySeconds();
  // Running statistics differ between ranks; what is measured must be what is saved.
  std::vector<at::Tensor> buffers;
  for (const auto& [prefix, module] : modules) {
    module->eval();
    for (const auto& buffer : module->buffers()) buffers.push_back(buffer);
  }
  group.broadcast(buffers, "broadcast of buffers");
  Json values = Json::object();
  {
    const c10::NoGradGuard noGradients;
    const Autocast autocast(options.device.type(), options.precision);
    for (const auto& [name, value] : task.validate(position)) values[name] = numberToJson(value);
  }
  for (const auto& [prefix, module] : modules) module->train();
  values = group.broadcastJson(values);
  metrics.clear();
  for (const auto& [name, value] : values.items()) metrics[name] = numberFromJson(value);
  pace.validation(steadySeconds() - start);
  if (events() && !metrics.empty()) events()->scalars(position.step, epochNow(), metrics);

  const auto found = metrics.find(options.bestMetric);
  if (found == metrics.end() || !std::isfinite(found->second)) return false;
  const bool first = !notes.contains("best");
  const double before = first ? 0 : numberFromJson(notes["best"]);
  if (!first && !(options.bestIsLowest ? found->second < before : found->second > before)) return false;
  notes["best"] = numberToJson(found->second);
  notes["best_step"] = position.step;
  notes["best_metric"] = options.bestMetric;
  return true;
}

void TrainingLoop::State::writeCheckpoint(bool best) {
  if (options.checkpointFolder.empty()) return;
  const auto own = randomState(options.device);
  const auto* bytes = reinterpret_cast<const char*>(own.const_data_ptr<std::uint8_t>());
  const auto states = group.gather(std::string(bytes, bytes + own.numel()));
  if (!group.isMain()) return;
  Checkpoint checkpoint;
  checkpoint.model = weights();
  for (const auto& [name, tensor] : optimizer->state()) checkpoint.optimizer.emplace(name, tensor);
  for (const auto& state : states) {
    auto copy = state;
    checkpoint.randomStates.push_back(
        at::from_blob(copy.data(), {static_cast<std::int64_t>(copy.size())}, at::kByte).clone());
  }
  checkpoint.extra = task.extraState();
  checkpoint.position = position;
  checkpoint.metrics = metrics;
  checkpoint.notes = notes;
  const CheckpointFolder folder(options.checkpointFolder);
  const auto path = folder.write(checkpoint, best);
  folder.prune(options.keepCheckpoints);
  if (sink) sink->checkpoint(position.step, epochNow(), path, best, metrics);
}

TrainingLoop::TrainingLoop(TrainingTask& task, ProcessGroup group, LoopOptions options, EventSink* sink,
                           StopRequest stop)
    : state_(new State{task, std::move(group), std::move(options), sink, std::move(stop)}) {}

TrainingLoop::~TrainingLoop() = default;

void TrainingLoop::onEpochStart(std::function<bool(std::int64_t)> hook) { state_->epochHook = std::move(hook); }

LoopResult TrainingLoop::run() {
  auto& state = *state_;
  const auto& options = state.options;
  state.prepare();
  while (!state.isDone()) {
    if (state.trainEpoch()) {
      state.writeCheckpoint(false);
      state.reportProgress();
      return {true, state.position, state.metrics};
    }
    if (state.position.position >= state.perEpoch) state.position = {state.position.step, state.position.epoch + 1, 0};
    const auto epoch = state.position.epoch;
    const bool last = state.isDone();
    const auto due = [&](std::int64_t every) { return every > 0 && (last || epoch % every == 0); };
    const bool best = due(options.validateEvery) && state.validate();
    const bool stops = state.stopping == StopWish::AfterEpoch && !last;
    if (best || last || stops || due(options.checkpointEvery)) state.writeCheckpoint(best);
    state.reportProgress();
    if (stops) return {true, state.position, state.metrics};
  }
  return {false, state.position, state.metrics};
}

}  // namespace counterpoint
