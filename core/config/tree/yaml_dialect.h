// SPDX-License-Identifier: GPL-3.0-or-later
// Where yaml-cpp (YAML 1.2) takes what PyYAML (YAML 1.1) refuses.
#pragma once

#include <string>
#include <string_view>

namespace counterpoint {

// Throws ConfigError{Yaml} at the first place that PyYAML refuses and yaml-cpp would read: tabs as indentation.
void checkYamlDialect(std::string_view text, const std::string& source);

}  // namespace counterpoint
