// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/workspace.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/partial_folder.h"
#include "core/media/video_writer.h"
#include "core/sample/phantom.h"
#include "core/sample/workspace_files.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

struct ClipJob {
  const SampleStudy* study;
  const SampleClip* clip;
};

void writeClip(const fs::path& root, const ClipJob& job, const CohortOptions& cohort) {
  const PhantomOptions phantomOptions{.framesPerSecond = cohort.framesPerSecond};
  const Phantom phantom(job.clip->view, job.study->heart, job.clip->rWave, job.clip->seed, phantomOptions);
  VideoWriterOptions options;
  options.width = options.height = phantomOptions.size;
  options.framesPerSecond = cohort.framesPerSecond;
  options.quality = 23;
  options.preset = "superfast";
  VideoWriter writer(root / job.clip->file, options);
  for (int index = 0; index < cohort.frames; ++index) {
    const auto pixels = phantom.frame(index);
    writer.write(makeFrame(phantomOptions.size, phantomOptions.size, 1, pixels.data()));
  }
  writer.finish();
}

void writeClips(const fs::path& root, const std::vector<ClipJob>& jobs, const CohortOptions& cohort, int threads,
                const SampleProgress& progress, const std::stop_token& stop) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  int done = 0;
  std::exception_ptr failure;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size() && !stop.stop_requested(); i = next++) {
      try {
        writeClip(root, jobs[i], cohort);
        const std::lock_guard lock(mutex);
        ++done;
        if (progress) progress(done, static_cast<int>(jobs.size()));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = jobs.size();
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < threads; ++i) workers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  if (stop.stop_requested())
    throw Error(ErrorKind::Stopped, "The sample was not finished", {}, "Nothing was left behind");
}

}  // namespace

SampleSummary writeSampleWorkspace(const fs::path& folder, const SampleOptions& options, const SampleProgress& progress,
                                   std::stop_token stop) {
  const double start = steadySeconds();
  PartialFolder partial(folder);
  const CohortOptions cohort{.studies = options.studies, .seed = options.seed};
  const auto studies = planCohort(cohort);

  SampleSummary summary;
  std::vector<ClipJob> jobs;
  for (const SampleStudy& study : studies) {
    ++(study.split == "train" ? summary.trainStudies : study.split == "val" ? summary.valStudies : summary.testStudies);
    for (const SampleClip& clip : study.clips) jobs.push_back({&study, &clip});
  }
  summary.studies = static_cast<int>(studies.size());
  summary.clips = static_cast<int>(jobs.size());

  std::error_code error;
  for (const SampleStudy& study : studies) {
    fs::create_directories(partial.path() / fs::path(study.clips.front().file).parent_path(), error);
    if (error) throw systemError(error.value(), "make a folder for", study.id);
  }
  writeClips(partial.path(), jobs, cohort, std::max(1, options.threads), progress, stop);
  writeWorkspaceFiles(partial.path(), partial.name(), studies);
  partial.moveIntoPlace();
  summary.seconds = steadySeconds() - start;
  return summary;
}

}  // namespace counterpoint
