// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/config_error.h"
#include "core/config/tree/reader.h"

namespace counterpoint {

ReadOptions::Dialect dialectOf(std::string_view text, const std::string& source) {
  using enum ReadOptions::Dialect;
  if (text.find(kPipelineProject) == std::string_view::npos) return OmegaConf;
  try {
    ReadOptions options;
    options.dialect = LastWins;
    const ConfigNode root = readConfig(text, source, options);
    return root.isDict() && root.find(ConfigKey(kPipelineProject)) ? LastWins : OmegaConf;
  } catch (const ConfigError&) {
    return OmegaConf;  // the caller's own reading says what is wrong
  }
}

}  // namespace counterpoint
