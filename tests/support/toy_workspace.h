// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that launch accepts, for runs of the toy rank: a config, a table of two clips and a tokenizer's words.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace counterpoint {

inline void makeToyWorkspace(const std::filesystem::path& root, const std::string& moreConfig = {}) {
  for (const char* folder : {"configs", "runs", "data"}) std::filesystem::create_directories(root / folder);
  std::ofstream(root / "counterpoint.yaml") << "version: 1\nname: toy\n";
  std::ofstream(root / "configs/toy.yaml") << "recipe: echo_text\ndata:\n  csv: data/studies.csv\n" << moreConfig;
  std::ofstream(root / "data/studies.csv") << "FileName,Split,Report\na.mp4,train,one\nb.mp4,val,two\n";
  for (const char* file : {"a.mp4", "b.mp4", "vocab.txt"}) std::ofstream(root / "data" / file) << "[PAD]\n";
}

}  // namespace counterpoint
