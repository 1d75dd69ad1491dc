// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/config/yaml_reader.h"
#include "core/runs/folder_watcher.h"
#include "widgets/runs/runs_model.h"

#include <QSocketNotifier>
#include <QTimer>

namespace counterpoint {
namespace {

constexpr int kLivelyMilliseconds = 1000;  // while a run is going on
constexpr int kQuietMilliseconds = 3000;
constexpr std::size_t kLongestConfig = 1 << 20;

// train.best_metric of a run's config.
std::string bestMetricOf(const RunFolder& run) {
  try {
    const YamlNode root = readYaml(readFile(run.config(), kLongestConfig), run.config().string());
    const auto* train = root.find("train");
    const auto* metric = train ? train->value.find("best_metric") : nullptr;
    return metric ? metric->value.text : std::string();
  } catch (const Error&) {
    return {};  // without a config, the run has no such choice
  }
}

}  // namespace

struct RunsReader::Watch {
  std::unique_ptr<FolderWatcher> folder;
  std::unique_ptr<QSocketNotifier> notifier;
  QTimer timer;
};

RunsReader::RunsReader() = default;
RunsReader::~RunsReader() = default;

void RunsReader::watch(const QString& folder) {
  folder_ = folder.toStdString();
  watch_ = std::make_unique<Watch>();
  connect(&watch_->timer, &QTimer::timeout, this, &RunsReader::look);
  watch_->timer.start(kLivelyMilliseconds);
  look();
}

void RunsReader::watchFolder() {
  std::error_code ignored;
  if (watch_->folder || folder_.empty() || !std::filesystem::is_directory(folder_, ignored)) return;
  watch_->folder = std::make_unique<FolderWatcher>(folder_);
  watch_->notifier = std::make_unique<QSocketNotifier>(watch_->folder->descriptor(), QSocketNotifier::Read);
  connect(watch_->notifier.get(), &QSocketNotifier::activated, this, [this] {
    if (!watch_->folder->changes().empty()) look();
  });
}

RunTraits RunsReader::traitsOf(const std::filesystem::path& run) {
  const RunFolder folder(run);
  auto known = bestMetrics_.find(run);
  if (known == bestMetrics_.end() || known->second.empty()) {
    known = bestMetrics_.insert_or_assign(run, bestMetricOf(folder)).first;
  }
  std::error_code ignored;
  return {std::filesystem::exists(folder.checkpoints() / "last", ignored) ||
              std::filesystem::exists(folder.checkpoints() / "best", ignored),
          known->second};
}

void RunsReader::look() {
  if (!watch_) return;
  std::vector<RunSummary> runs;
  RunTraitsByPath traits;
  try {
    watchFolder();
    std::error_code ignored;
    if (!folder_.empty() && std::filesystem::is_directory(folder_, ignored)) runs = listRuns(folder_);
    for (const RunSummary& run : runs) traits[run.path] = traitsOf(run.path);
  } catch (const std::exception& error) {
    logWarning("{}", describe(error));  // the folder went while it was read: the next look tells
  }
  const bool lively =
      std::any_of(runs.begin(), runs.end(), [](const RunSummary& run) { return !run.status.hasEnded(); });
  // A run that a shell starts is announced by the folder; its first status.json comes a moment later.
  watch_->timer.setInterval(lively || runs.empty() ? kLivelyMilliseconds : kQuietMilliseconds);
  emit listed(QString::fromStdString(folder_.string()), runs, traits);
}

}  // namespace counterpoint
