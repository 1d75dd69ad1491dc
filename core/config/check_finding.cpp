// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/check_finding.h"

#include <algorithm>

#include "core/base/error.h"

namespace counterpoint {

std::string_view nameOf(CheckSeverity severity) {
  switch (severity) {
    case CheckSeverity::Bad: return "bad";
    case CheckSeverity::Warning: return "warning";
    case CheckSeverity::Info: break;
  }
  return "info";
}

std::string CheckFinding::oneLine() const { return describe(dataError(what, where, cure)); }

Json jsonOf(const CheckFinding& finding) {
  Json mend;
  if (finding.mend) mend = {{"description", finding.mend->description}, {"override", finding.mend->override()}};
  return {{"severity", std::string(nameOf(finding.severity))},
          {"key", finding.key},
          {"what", finding.what},
          {"where", finding.where},
          {"cure", finding.cure},
          {"mend", std::move(mend)},
          {"file", finding.file}};
}

bool anyBad(const std::vector<CheckFinding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const CheckFinding& finding) { return finding.severity == CheckSeverity::Bad; });
}

}  // namespace counterpoint
