// SPDX-License-Identifier: GPL-3.0-or-later
// How GoogleTest shows config trees, and the typed values of tests/golden/config.
#pragma once

#include "core/base/json.h"
#include "core/config/tree/node.h"
#include "core/config/tree/writer.h"

#include <cstdint>
#include <ostream>
#include <string>

namespace counterpoint {

inline void PrintTo(const ConfigNode& node, std::ostream* stream) { *stream << "\n" << writeConfig(node); }

// ["i", 1], ["l", [...]], ["d", [[key, value], ...]] as the makers write them.
inline ConfigNode typedNode(const Json& typed) {
  const std::string type = typed.at(0);
  if (type == "n") return {};
  const Json& value = typed.at(1);
  if (type == "b") return ConfigScalar(value.get<bool>());
  if (type == "i") return ConfigScalar(value.get<std::int64_t>());
  if (type == "f") return ConfigScalar(std::stod(value.get<std::string>()));
  if (type == "s") return ConfigScalar(value.get<std::string>());
  if (type == "l") {
    ConfigNode list = ConfigNode::list();
    for (const auto& item : value) list.items().push_back(typedNode(item));
    return list;
  }
  ConfigNode dict = ConfigNode::dict();
  for (const auto& pair : value) dict[ConfigKey(typedNode(pair.at(0)).scalar())] = typedNode(pair.at(1));
  return dict;
}

}  // namespace counterpoint
