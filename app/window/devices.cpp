// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/devices.h"

#include "core/base/machine.h"

#include <QObject>

namespace counterpoint {

DeviceList queryDevices() {
  const MachineFacts facts = queryMachine();
  DeviceList list;
  list.cores = facts.cores;
  if (!facts.gpuNote.empty()) list.note = QObject::tr(facts.gpuNote.c_str());
  for (const GpuFacts& gpu : facts.gpus) {
    list.gpus.push_back({QString::fromStdString(gpu.id), QString::fromStdString(gpu.name),
                         static_cast<qint64>(gpu.freeBytes), static_cast<qint64>(gpu.totalBytes)});
  }
  return list;
}

}  // namespace counterpoint
