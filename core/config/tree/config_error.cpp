// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tree/config_error.h"

namespace counterpoint {

std::string_view pythonNameOf(ConfigFault fault) {
  switch (fault) {
    case ConfigFault::Yaml: return "YAMLError";
    case ConfigFault::Key: return "ConfigKeyError";
    case ConfigFault::Attribute: return "ConfigAttributeError";
    case ConfigFault::Index: return "ConfigIndexError";
    case ConfigFault::Type: return "ConfigTypeError";
    case ConfigFault::KeyValidation: return "KeyValidationError";
    case ConfigFault::Validation: return "ValidationError";
    case ConfigFault::Missing: return "MissingMandatoryValue";
    case ConfigFault::Readonly: return "ReadonlyConfigError";
    case ConfigFault::Grammar: return "GrammarParseError";
    case ConfigFault::InterpolationKey: return "InterpolationKeyError";
    case ConfigFault::InterpolationToMissing: return "InterpolationToMissingValueError";
    case ConfigFault::InterpolationResolution: return "InterpolationResolutionError";
    case ConfigFault::UnsupportedResolver: return "UnsupportedInterpolationType";
    case ConfigFault::OverrideSyntax: return "OverrideParseException";
    case ConfigFault::Composition: return "ConfigCompositionException";
    case ConfigFault::MissingConfig: return "MissingConfigException";
    case ConfigFault::Sweep: return "HydraException";
    case ConfigFault::Instantiate: return "InstantiationException";
  }
  return {};
}

}  // namespace counterpoint
