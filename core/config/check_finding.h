// SPDX-License-Identifier: GPL-3.0-or-later
// What `config check --data --memory` finds: the same in the shell, as JSON, and in the window before a start.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

// Bad: the run would stop. Warning: it runs, and its result may not be what was meant. Info: a fact.
enum class CheckSeverity { Bad, Warning, Info };

std::string_view nameOf(CheckSeverity severity);  // "bad", "warning", "info"

// An override that removes the finding; `value` is YAML text in one line.
struct CheckMend {
  std::string description;  // what a button says: "Skip them"
  std::string key, value;

  std::string override() const { return key + "=" + value; }
  bool operator==(const CheckMend&) const = default;
};

struct CheckFinding {
  CheckSeverity severity = CheckSeverity::Info;
  std::string key;                     // of the config, or empty
  std::string what, where, cure;       // as of an Error
  std::optional<CheckMend> mend = {};  // where the config alone can mend it
  std::string file = {};               // the file or folder to look at, or empty

  std::string oneLine() const;  // "where: what. cure"
  bool operator==(const CheckFinding&) const = default;
};

Json jsonOf(const CheckFinding& finding);
bool anyBad(const std::vector<CheckFinding>& findings);

}  // namespace counterpoint
