// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/start_check.h"

#include "core/base/error.h"
#include "core/base/machine.h"
#include "core/config/workspace.h"

#include <algorithm>
#include <utility>

namespace counterpoint {
namespace {

constexpr int kPatienceMilliseconds = 400;  // after the last key

std::filesystem::path rootOf(const std::filesystem::path& folder) {
  try {
    if (const auto workspace = Workspace::find(folder)) return workspace->root;
  } catch (const std::exception&) {
    // Of a workspace whose file is broken the usual layout is looked at.
  }
  return folder.parent_path();
}

}  // namespace

StartFindings checkStart(const StartSubject& subject, const std::stop_token& stop) {
  StartFindings all;
  try {
    const auto root = rootOf(subject.folder);
    DataCheck data = checkData(*subject.schema, subject.values, root, stop);
    MemoryPlan plan;
    plan.ranks = subject.ranks;
    for (const QString& device : subject.devices) plan.devices.push_back(device.toStdString());
    plan.trainClips = static_cast<std::int64_t>(data.facts.clipsOf("train"));
    all.memory = checkMemory(subject.values, root, plan, queryMachine());
    all.data = std::move(data.facts);
    all.findings = std::move(data.findings);
    all.findings.insert(all.findings.end(), all.memory.findings.begin(), all.memory.findings.end());
    std::stable_sort(all.findings.begin(), all.findings.end(),
                     [](const CheckFinding& a, const CheckFinding& b) { return a.severity < b.severity; });
  } catch (const std::exception& error) {
    all.trouble = QString::fromStdString(describe(error));
  }
  return all;
}

StartCheck::StartCheck(QObject* parent) : QObject(parent) {
  pool_.setMaxThreadCount(1);
  pool_.setObjectName(QStringLiteral("start check"));
  timer_.setSingleShot(true);
  timer_.setInterval(kPatienceMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &StartCheck::start);
}

StartCheck::~StartCheck() {
  stop_.request_stop();
  pool_.clear();
  pool_.waitForDone();
}

void StartCheck::look(const StartSubject& subject, bool again) {
  if (!again && subject == subject_) return;
  stop_.request_stop();
  ++asked_;
  subject_ = subject;
  const bool idle = !std::exchange(busy_, true);
  timer_.start();
  if (idle) emit began();
}

void StartCheck::forget() {
  stop_.request_stop();
  timer_.stop();
  ++asked_;
  subject_ = {};
  busy_ = false;
}

void StartCheck::start() {
  stop_ = std::stop_source();
  pool_.clear();
  pool_.start([this, subject = subject_, token = stop_.get_token(), number = asked_] {
    auto made = std::make_shared<StartFindings>(checkStart(subject, token));
    QMetaObject::invokeMethod(
        this,
        [this, made = std::move(made), number] {
          if (number != asked_) return;
          busy_ = false;
          emit found(made);
        },
        Qt::QueuedConnection);
  });
}

}  // namespace counterpoint
