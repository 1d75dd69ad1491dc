// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/media/work.h"

int main(int argc, char** argv) {
  using namespace counterpoint;
  Handlers handlers;
  handlers.on<SampleVerbOptions>(runSample);
  handlers.on<NewWorkspaceOptions>(runNewWorkspace);
  handlers.on<InspectOptions>(runInspect);
  return runProgram("counterpoint-media", argc, argv, handlers);
}
