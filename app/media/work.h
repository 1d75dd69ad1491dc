// SPDX-License-Identifier: GPL-3.0-or-later
// The work of the verbs that read or write clips; each returns the exit status and throws Error.
#pragma once

#include "app/commands/model_options.h"
#include "app/commands/verb.h"

namespace counterpoint {

int runSample(const SampleVerbOptions& options, const Context& context);
int runNewWorkspace(const NewWorkspaceOptions& options, const Context& context);
int runInspect(const InspectOptions& options, const Context& context);

}  // namespace counterpoint
