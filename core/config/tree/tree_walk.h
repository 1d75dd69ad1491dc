// SPDX-License-Identifier: GPL-3.0-or-later
// Steps from a container to what it holds, shared by reading, changing and evaluating.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/words.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/node.h"

namespace counterpoint {

// Flags as they hold at a node, taken along from the root.
struct Flags {
  bool isStruct = false, isReadonly = false;
  void enter(const ConfigNode& node);
};

std::string extendedKey(const std::string& parent, const std::string& key);  // "a" + "b" -> "a.b"
std::string whereOf(const std::string& fullKey, const ConfigNode* node);     // "FILE, line L, column C, a.b"

// As Python's int(): "1_0" is 10, "-1" is -1; nullopt for what is no number.
std::optional<std::int64_t> listIndex(std::string_view key);
// A member by its text key, an item by its index from 0; nullptr when it is not there or the node is a leaf.
const ConfigNode* childOf(const ConfigNode& parent, std::string_view key);
// An index that may count from the end. Throws ConfigError Type, Index.
std::size_t checkedIndex(const ConfigNode& list, std::string_view key, const std::string& fullKey);
// Throws the error of struct mode, with the nearest key.
[[noreturn]] void refuseUnknown(const std::string& key, const std::string& fullKey, const ConfigNode& parent,
                                ConfigFault fault);

}  // namespace counterpoint
