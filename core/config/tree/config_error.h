// SPDX-License-Identifier: GPL-3.0-or-later
// What can be wrong with a config, by the names that OmegaConf 2.3 and Hydra 1.3 give it. Tests compare kinds with
// theirs; people read the sentence.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace counterpoint {

enum class ConfigFault {
  Yaml,                     // yaml.YAMLError: no YAML, a key twice, a bound passed
  Key,                      // ConfigKeyError: no such key (struct mode)
  Attribute,                // ConfigAttributeError
  Index,                    // ListConfig index out of range
  Type,                     // ConfigTypeError, a container where a leaf must be
  KeyValidation,            // KeyValidationError: null as a key
  Validation,               // ValidationError: not of the declared type
  Missing,                  // MissingMandatoryValue
  Readonly,                 // ReadonlyConfigError
  Grammar,                  // GrammarParseError of an interpolation
  InterpolationKey,         // InterpolationKeyError
  InterpolationToMissing,   // InterpolationToMissingValueError
  InterpolationResolution,  // InterpolationResolutionError
  UnsupportedResolver,      // UnsupportedInterpolationType
  OverrideSyntax,           // OverrideParseException
  Composition,              // ConfigCompositionException
  MissingConfig,            // MissingConfigException
  Sweep,                    // HydraException of a sweep
  Instantiate,              // InstantiationException
};

// The Python class that stands for it ("InterpolationKeyError").
std::string_view pythonNameOf(ConfigFault fault);

// An Error{Usage} that knows its fault. `where` names file and line, or the override, or the full key.
class ConfigError : public Error {
 public:
  ConfigError(ConfigFault fault, std::string what, std::string where = {}, std::string cure = {})
      : Error(ErrorKind::Usage, std::move(what), std::move(where), std::move(cure)), fault_(fault) {}

  ConfigFault fault() const { return fault_; }

 private:
  ConfigFault fault_;
};

}  // namespace counterpoint
