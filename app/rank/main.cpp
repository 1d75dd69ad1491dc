// SPDX-License-Identifier: GPL-3.0-or-later
// counterpoint-rank: everything that needs tensors.
#include "app/rank/work.h"
#include "core/device/cuda_module.h"

int main(int argc, char** argv) {
  using namespace counterpoint;
  // Before LibTorch is first used: it decides once whether there is a CUDA side.
  openCudaModule();
  Handlers handlers;
  handlers.on<TrainOptions>(runTrain);
  handlers.on<EvaluateOptions>(runEvaluate);
  handlers.on<CaptionOptions>(runCaption);
  handlers.on<EmbedOptions>(runEmbed);
  handlers.on<RetrieveOptions>(runRetrieve);
  handlers.on<ServeOptions>(runServe);
  handlers.on<LoraEmbedOptions>(runLoraEmbed);
  handlers.on<BenchOptions>(runBench);
  return runProgram("counterpoint-rank", argc, argv, handlers);
}
