// SPDX-License-Identifier: GPL-3.0-or-later
// What a plain word means. Two rules stand side by side, as in the originals: files follow YAML 1.1 as OmegaConf's
// loader reads it, the command line and resolver arguments follow ANTLR grammars of their own.
#pragma once

#include <optional>
#include <string_view>

#include "core/config/tree/node.h"

namespace counterpoint {

// An unquoted scalar of a YAML file (OmegaConf 2.3's loader: PyYAML's YAML 1.1 with a wider float, no dates). Throws
// ConfigError{Yaml} for a whole number beyond 64 bits.
ConfigScalar yamlScalar(std::string_view text);

// One token of the override or interpolation grammar: int, float, bool, null; nullopt for any other word.
// Throws ConfigError{OverrideSyntax} for a whole number beyond 64 bits.
std::optional<ConfigScalar> grammarScalar(std::string_view token);

}  // namespace counterpoint
