// SPDX-License-Identifier: GPL-3.0-or-later
// The Python names that users' files hold under _target_, and what they are called here ("optimizer/adamw").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

struct TargetAlias {
  std::string_view python;  // "torch.optim.AdamW"
  std::string_view ours;    // "optimizer/adamw"
};

// Every alias; names without a module ("AdamW") are no part of it.
const std::vector<TargetAlias>& targetAliases();

// Our word for a Python name; one of our words stands for itself; nothing for any other.
std::optional<std::string> ourTarget(std::string_view name);

// The known name nearest to it: by its whole text, else by its last part. Empty: none is near.
std::string nearestTarget(std::string_view name);

}  // namespace counterpoint
