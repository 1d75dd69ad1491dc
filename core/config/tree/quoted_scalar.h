// SPDX-License-Identifier: GPL-3.0-or-later
// A quoted scalar read from the text itself by PyYAML's rules: yaml-cpp folds lines, breaks and escapes otherwise.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace counterpoint {

// The text of the quoted scalar whose tag, anchor or opening quote stands at `offset`; nullopt where none stands there.
// Throws ConfigError{Yaml} without a place for an unknown escape and for a quote that is not closed.
std::optional<std::string> quotedScalarAt(std::string_view text, std::size_t offset);

}  // namespace counterpoint
