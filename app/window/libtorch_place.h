// SPDX-License-Identifier: GPL-3.0-or-later
// Where LibTorch lies. The window never loads it; the programs that it starts find it by LD_LIBRARY_PATH.
#pragma once

#include <QString>
#include <QStringList>

namespace counterpoint {

struct LibTorchPlace {
  QString version;             // "2.11.0+cu130", or empty where the folder does not say
  QStringList libraryFolders;  // empty: there is no LibTorch
  QString problem;             // what is wrong and what to choose, or empty
};

// `folder` is one that holds torch/lib/libtorch_cpu.so (as packaging/setup.sh makes it), or lib/libtorch_cpu.so (as a
// downloaded LibTorch does).
LibTorchPlace lookForLibTorch(const QString& folder);

// Programs that are started from now on take LibTorch from there; empty: the one that they were built with.
void useLibTorch(const QString& folder);

}  // namespace counterpoint
