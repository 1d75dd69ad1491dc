// SPDX-License-Identifier: GPL-3.0-or-later
// Values of interpolations. Bounded: a chain of more than kMostInterpolationDepth references and more than
// kMostInterpolationNodes made values end with ConfigError{InterpolationResolution}.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/config/interpolation/resolvers.h"
#include "core/config/tree/node.h"

namespace counterpoint {

inline constexpr std::size_t kMostInterpolationDepth = 100;
inline constexpr std::size_t kMostInterpolationNodes = 200'000;
inline constexpr std::size_t kMostInterpolationBytes = 16 << 20;

struct ResolveOptions {
  bool throwOnMissing = false;        // a "???" is ConfigError{Missing}
  bool throwOnMissingTarget = false;  // an interpolation to "???" is an error, not itself "???"
};

// cfg.a.b with all interpolations below it resolved. Throws as access.h's get, and ConfigError InterpolationKey,
// InterpolationToMissing, InterpolationResolution, UnsupportedResolver, Grammar, with the full key and the place.
ConfigNode resolveValue(const ConfigNode& root, std::string_view path, const Resolvers& resolvers,
                        const ResolveOptions& options = {});

// OmegaConf.resolve: the whole tree without interpolations; missing stays "???".
ConfigNode resolveAll(const ConfigNode& root, const Resolvers& resolvers, const ResolveOptions& options = {});

// OmegaConf.select through interpolations; nullopt when it is not there. Not resolved below the node itself.
std::optional<ConfigNode> selectResolved(const ConfigNode& root, std::string_view path, const Resolvers& resolvers);

// What a text means where no config is around it, or at the root of one: for defaults lists and run folders.
ConfigNode resolveText(const ConfigNode& root, std::string_view text, const Resolvers& resolvers);

// Text of a value as Python's str() writes it: "None", "1e-05", "[1, 'a']", "{'a': 1}".
std::string pythonStr(const ConfigNode& node);

// Throws ConfigError{Grammar}, with full key and place, for the first text below that does not parse.
void checkInterpolations(const ConfigNode& root, const std::string& fullKey = {});

}  // namespace counterpoint
