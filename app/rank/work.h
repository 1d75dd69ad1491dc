// SPDX-License-Identifier: GPL-3.0-or-later
// The work of the verbs that need tensors; each returns the exit status and throws Error.
#pragma once

#include "app/commands/model_options.h"
#include "app/commands/verb.h"

namespace counterpoint {

int runTrain(const TrainOptions& options, const Context& context);
int runEvaluate(const EvaluateOptions& options, const Context& context);
int runCaption(const CaptionOptions& options, const Context& context);
int runEmbed(const EmbedOptions& options, const Context& context);
int runRetrieve(const RetrieveOptions& options, const Context& context);
int runServe(const ServeOptions& options, const Context& context);
int runLoraEmbed(const LoraEmbedOptions& options, const Context& context);
int runBench(const BenchOptions& options, const Context& context);

}  // namespace counterpoint
