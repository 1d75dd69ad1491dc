// SPDX-License-Identifier: GPL-3.0-or-later
// What the recipe echo_text learns from: clips or studies, as data.sample says.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/clip_loader.h"
#include "core/dist/process_group.h"
#include "core/recipes/echo_text/settings.h"

namespace counterpoint {

// Of one split ("all": every one). Throws Error{Data} listing the splits when it has none.
std::vector<ClipSample> samplesOf(const EchoTextSettings& settings, const StudyTable& table, const std::string& split);

LoaderOptions loaderOptions(const EchoTextSettings& settings, bool training, c10::Device device);

// Every sample once over all ranks, in batches of the training's size, nothing drawn at random.
std::unique_ptr<ClipLoader> inferenceLoader(const EchoTextSettings& settings, std::vector<ClipSample> samples,
                                            c10::Device device, const ProcessGroup& group = ProcessGroup::single());

}  // namespace counterpoint
