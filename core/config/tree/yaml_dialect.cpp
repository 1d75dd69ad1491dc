// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/yaml_dialect.h"

namespace counterpoint {

void checkYamlDialect(std::string_view, const std::string&) {}

}  // namespace counterpoint
