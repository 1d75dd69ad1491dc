// SPDX-License-Identifier: GPL-3.0-or-later
// Every speed that we claim, measured: interleaved rounds, median and spread.
#include <ATen/ops/rand.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <limits>
#include <thread>

#include "app/rank/bench_training.h"
#include "app/rank/work.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/base/random.h"
#include "core/base/words.h"
#include "core/data/clip_loader.h"
#include "core/device/device.h"
#include "core/media/video_writer.h"
#include "core/models/registry.h"
#include "core/runs/event_reader.h"
#include "core/runs/folder_watcher.h"
#include "core/train/optimizer.h"

namespace counterpoint {
namespace {

// One thing that is measured. `measure` gives one value a round.
struct Measurement {
  std::string name, unit, what;
  std::function<double()> measure;
};

struct Figures {
  double median = 0, low = 0, high = 0;
};

Figures figuresOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return {n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2, values.front(), values.back()};
}

class Workshop {
 public:
  Workshop() {
    std::string pattern = (std::filesystem::temp_directory_path() / "counterpoint-bench-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw systemError(errno, "make the folder", pattern);
    folder_ = pattern;
  }
  ~Workshop() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  const std::filesystem::path& folder() const { return folder_; }

  // Clips of noise that moves: 64 frames of 112 × 112 at 50 a second.
  const std::vector<ClipRow>& clips() {
    constexpr int kClips = 32, kFrames = 64, kSide = 112;
    if (!rows_.empty()) return rows_;
    Random random(1);
    std::vector<std::uint8_t> noise(kSide * kSide * 2);
    for (auto& value : noise) value = static_cast<std::uint8_t>(random.below(256));
    for (int clip = 0; clip < kClips; ++clip) {
      ClipRow row;
      row.file = fmt::format("clip_{}.mp4", clip);
      row.path = folder_ / row.file;
      row.study = row.file;
      row.report = "none";
      row.rWave = 0.1;
      VideoWriterOptions options;
      options.width = options.height = kSide;
      options.framesPerSecond = 50;
      VideoWriter writer(row.path, options);
      for (int frame = 0; frame < kFrames; ++frame)
        writer.write(makeFrame(kSide, kSide, 1, noise.data() + (frame * 7 + clip) % kSide * kSide));
      writer.finish();
      rows_.push_back(std::move(row));
    }
    return rows_;
  }

 private:
  std::filesystem::path folder_;
  std::vector<ClipRow> rows_;
};

double secondsOf(const std::function<void()>& body) {
  const double start = steadySeconds();
  body();
  return steadySeconds() - start;
}

double startTime(const std::filesystem::path& program, const std::filesystem::path& log) {
  return 1000 * secondsOf([&] {
           ProcessOptions options;
           options.command = {program.string(), "--version"};
           options.outputFile = log;
           auto child = ChildProcess::start(options);
           if (child.wait(60) != 0) throw environmentError("does not start", program.string());
         });
}

// What `counterpoint --measure-start` says; not a number where the window is not built.
double firstPicture(const std::filesystem::path& window, const std::filesystem::path& log) {
  if (!std::filesystem::exists(window)) return std::numeric_limits<double>::quiet_NaN();
  ProcessOptions options;
  options.command = {window, "--measure-start"};
  options.environment = {{"QT_QPA_PLATFORM", "offscreen"}};
  options.outputFile = log;
  std::filesystem::remove(log);
  auto child = ChildProcess::start(options);
  const bool ended = child.wait(60) == 0;
  const std::string said = readFile(log);
  const auto line = said.find("first picture");  // Qt may have said something before
  double milliseconds = 0;
  if (!ended || line == std::string::npos ||
      std::sscanf(said.c_str() + line, "first picture after %lf", &milliseconds) != 1)
    throw environmentError("does not start", window.string(), said);
  return milliseconds;
}

ClipInputOptions sampleInput() {
  ClipInputOptions input;
  input.frames = 16;
  input.stride = 2;
  input.size = 32;
  input.channels = ClipChannels::GreyDifference;
  input.start = ClipStart::RWave;
  input.mean = {128};
  input.deviation = {64};
  return input;
}

double loadedClipsASecond(Workshop& workshop, int workers) {
  SamplerOptions sampler;
  sampler.count = workshop.clips().size();
  sampler.batchSize = 8;
  LoaderOptions loading;
  loading.input = sampleInput();
  loading.workers = workers;
  ClipLoader loader(clipSamples(workshop.clips()), sampler, loading);
  const double seconds = secondsOf([&] {
    loader.start(0);
    while (loader.next()) {
    }
  });
  return static_cast<double>(workshop.clips().size()) / seconds;
}

double decodedFramesASecond(Workshop& workshop) {
  std::size_t frames = 0;
  const double seconds = secondsOf([&] {
    for (const auto& row : workshop.clips()) {
      auto clip = Clip::open(row.path);
      frames += clip.decodeAll(std::uint64_t{1} << 30).size();
    }
  });
  return static_cast<double>(frames) / seconds;
}

// From the call that writes an event to the moment when a reader that waits for it has it.
double eventLatency(const std::filesystem::path& folder) {
  const auto run = RunFolder::create(folder, "latency");
  EventWriter writer(run, 0);
  EventReader reader(run);
  reader.poll();
  FolderWatcher watcher(run.path());
  double written = 0;
  std::thread writing([&] {
    written = steadySeconds();
    writer.scalar("train/loss", 1);
  });
  double seen = 0;
  while (seen == 0) {
    watcher.wait(5);
    if (reader.poll().any()) seen = steadySeconds();
  }
  writing.join();
  return 1000 * (seen - written);
}

double trainingStep(torch::nn::Module& module, VideoEncoder& encoder, const at::Tensor& clips) {
  return 1000 * secondsOf([&] {
           encoder.tokens(clips).study.pow(2).sum().backward();
           for (auto& parameter : module.parameters()) parameter.mutable_grad().reset();
         });
}

std::vector<Measurement> measurements(Workshop& workshop) {
  const auto worker = programDirectory().parent_path() / "bin" / "counterpoint-worker";
  const auto rank = programDirectory() / "counterpoint-rank";
  const auto window = worker.parent_path() / "counterpoint";
  const auto log = workshop.folder() / "log";
  const auto sample = workshop.folder() / "sample";
  const auto waiting = std::make_shared<double>(0);
  const auto encoder =
      std::make_shared<VideoEncoder>(videoEncoderOptions({{"backbone", "r3d"},
                                                          {"dimension", 64},
                                                          {"heads", 4},
                                                          {"depth", 1},
                                                          {"r3d",
                                                           {{"channels", 2},
                                                            {"stem_width", 16},
                                                            {"stem_kernel", {3, 3, 3}},
                                                            {"stem_stride", {1, 2, 2}},
                                                            {"stages",
                                                             {{{"width", 16}, {"blocks", 1}, {"stride", {1, 1, 1}}},
                                                              {{"width", 32}, {"blocks", 1}, {"stride", {2, 2, 2}}},
                                                              {{"width", 64}, {"blocks", 1}, {"stride", {2, 2, 2}}}}},
                                                            {"tokens", "grid"}}}}));
  const auto clips = at::rand({8, 16, 32, 32, 2});
  return {
      {"start_worker", "ms", "counterpoint-worker --version", [=] { return startTime(worker, log); }},
      {"start_rank", "ms", "counterpoint-rank --version", [=] { return startTime(rank, log); }},
      {"decode", "frames/s", "H.264 112×112, one thread", [&] { return decodedFramesASecond(workshop); }},
      {"loader_1", "clips/s", "decode, crop, resize, normalise; 1 worker",
       [&] { return loadedClipsASecond(workshop, 1); }},
      {"loader_2", "clips/s", "the same with 2 workers", [&] { return loadedClipsASecond(workshop, 2); }},
      {"event_to_reader", "ms", "scalar written to scalar read", [&] { return eventLatency(workshop.folder()); }},
      {"window", "ms", "counterpoint without a workspace, offscreen: to its first picture",
       [=] { return firstPicture(window, log); }},
      {"train_1", "clips/s", "the sample's recipe, one rank",
       [=] { return measureTraining(worker, sample, 1).clipsPerSecond; }},
      {"train_2", "clips/s", "the sample's recipe, two ranks",
       [=] {
         const auto pace = measureTraining(worker, sample, 2);
         *waiting = 100 * pace.waiting;
         return pace.clipsPerSecond;
       }},
      {"train_2_waiting", "%", "of the steps of train_2: waiting for clips", [=] { return *waiting; }},
      {"step", "ms", "small video encoder forward and backward, 8 clips, one thread",
       [=] { return trainingStep(*encoder, *encoder, clips); }},
  };
}

}  // namespace

int runBench(const BenchOptions& options, const Context& context) {
  setThreads(1);
  Workshop workshop;
  auto chosen = measurements(workshop);
  std::vector<std::string> names;
  for (const auto& entry : chosen) names.push_back(entry.name);
  if (!options.name.empty()) {
    std::erase_if(chosen, [&](const Measurement& entry) { return entry.name.rfind(options.name, 0) != 0; });
    if (chosen.empty())
      throw usageError("there is no measurement \"" + options.name + "\"", "bench",
                       "There are: " + join(names, ", ") + ".");
  }
  std::vector<std::vector<double>> values(chosen.size());
  for (auto& entry : chosen) entry.measure();  // first uses fill caches
  for (int round = 0; round < options.rounds; ++round)
    for (std::size_t i = 0; i < chosen.size(); ++i) values[i].push_back(chosen[i].measure());
  Json answer = Json::array();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const Figures figures = figuresOf(values[i]);
    answer.push_back({{"name", chosen[i].name},
                      {"unit", chosen[i].unit},
                      {"what", chosen[i].what},
                      {"median", figures.median},
                      {"least", figures.low},
                      {"most", figures.high},
                      {"rounds", options.rounds}});
    if (!context.json)
      std::cout << fmt::format("{:<16} {:>10.2f} {:<9} {:>10.2f} – {:<10.2f} {}\n", chosen[i].name, figures.median,
                               chosen[i].unit, figures.low, figures.high, chosen[i].what);
  }
  if (context.json) std::cout << answer.dump(2) << "\n";
  return 0;
}

}  // namespace counterpoint
