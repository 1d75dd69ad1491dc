// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/choice_text.h"

#include "core/base/words.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/config_error.h"

#include <fmt/format.h>

#include <vector>

namespace counterpoint {

std::string choiceText(const std::string& text, const ConfigNode& known, const std::string& place) {
  // The text stands one level below the choices, as in Hydra: "${..db}" means the same as "${db}".
  constexpr const char* kHolder = "_entry_";
  ConfigNode root = known;
  root[kHolder] = ConfigNode::dict();
  root[kHolder]["_option_"] = ConfigNode(ConfigScalar(text));
  std::string reason;
  try {
    Resolvers resolvers;
    addHydraResolvers(resolvers);
    const ConfigNode chosen = resolveValue(root, std::string(kHolder) + "._option_", resolvers);
    if (chosen.isText()) return chosen.text();
    reason = ": it is no text";
  } catch (const ConfigError&) {
    // The sentence below says what can be named.
  }
  std::vector<std::string> keys;
  for (const auto& member : known.members()) {
    if (member.key.text() != "defaults") keys.push_back(member.key.text());
  }
  throw ConfigError(ConfigFault::Composition,
                    fmt::format("Error resolving interpolation '{}'{}{}{}", text, reason,
                                keys.empty() ? "" : ", possible interpolation keys: ", join(keys, ", ")),
                    place);
}

}  // namespace counterpoint
