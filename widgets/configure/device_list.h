// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can launch on.
#pragma once

#include <QString>

#include <vector>

namespace counterpoint {

struct DeviceInfo {
  QString id;    // "0", "1" (CUDA) as launch.devices takes it
  QString name;  // "NVIDIA H200"
  qint64 freeBytes = 0, totalBytes = 0;
};

struct DeviceList {
  std::vector<DeviceInfo> gpus;
  int cores = 0;  // 0: not known yet
  QString note;  // "no NVIDIA driver", or empty
};

}  // namespace counterpoint
