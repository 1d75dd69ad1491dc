// SPDX-License-Identifier: GPL-3.0-or-later
// The verb table as a tree of commands.
#pragma once

#include <string>

#include "app/commands/verb.h"

namespace counterpoint {

// The command of this name right below `place`; null: none.
CLI::App* below(const CLI::App& place, const std::string& name);

// The command for "runs list" below the command for "runs", made where it is missing. A verb without a group is hidden.
CLI::App* commandFor(CLI::App& root, const Verb& verb);

}  // namespace counterpoint
