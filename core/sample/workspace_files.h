// SPDX-License-Identifier: GPL-3.0-or-later
// The sample's small files: table of studies, vocabulary, config, adapters.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/sample/cohort.h"

namespace counterpoint {

// counterpoint.yaml, README.txt, data/studies.csv, data/tokenizer/vocab.txt, configs/echo_text.yaml, adapters/list.json
// and adapters/prompts/NAME.jsonl below `root`, which exists.
void writeWorkspaceFiles(const std::filesystem::path& root, const std::string& name,
                         const std::vector<SampleStudy>& studies);

// data/studies.csv: FileName,StudyInstanceUID,Split,View,Report,RWave,EjectionFraction,HeartRate; one line a clip.
std::string studiesTable(const std::vector<SampleStudy>& studies);

// configs/echo_text.yaml: sized for two ranks on two CPU cores.
std::string sampleConfig();

}  // namespace counterpoint
