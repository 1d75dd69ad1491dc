// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace as a person has it after a first training, made by the programs of this build: phantoms, a run of a few
// steps, its results on the test split, and adapters. Made at the first call, for all tests of the program.
#pragma once

#include <filesystem>

namespace counterpoint {

// False in a build without LibTorch: nothing can be trained then.
bool canTrain();

// Throws Error with what a program said. Its run is called "trained".
const std::filesystem::path& trainedWorkspace();

// A copy that a test may change.
void copyTrainedWorkspace(const std::filesystem::path& to);

// The one run of it, or of a copy.
std::filesystem::path runOf(const std::filesystem::path& workspace);

}  // namespace counterpoint
