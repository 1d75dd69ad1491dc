// SPDX-License-Identifier: GPL-3.0-or-later
// Every verb_NAME.cpp offers one function; registry.cpp lists them.
#pragma once

#include "app/commands/verb.h"

namespace counterpoint {

std::vector<Verb> configVerbs();  // all of config
Verb configCheckVerb();
Verb configShowVerb();  // Hydra's --cfg and --info
std::vector<Verb> fileVerbs();    // sample, workspace new, inspect; built with the media layers only
std::vector<Verb> loraVerbs();    // lora similarity, lora rank
std::vector<Verb> modelVerbs();   // train, evaluate, caption, embed, retrieve, serve, lora embed, bench

std::vector<Verb> completionVerbs();  // completion, and the hidden complete that its scripts call

Verb configSweepVerb();
Verb configDiffVerb();
Verb configImportVerb();
Verb launchVerb();
Verb resumeVerb();
Verb stopVerb();
std::vector<Verb> sweepVerbs();  // sweep start, status, stop
std::vector<Verb> runVerbs();    // the three above, runs list, show, tail, export

}  // namespace counterpoint
