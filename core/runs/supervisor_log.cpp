// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/supervisor_log.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/secrets.h"

namespace counterpoint {

SupervisorLog::SupervisorLog(const RunFolder& folder, int attempt) : lines_(folder.supervisor()), attempt_(attempt) {}

void SupervisorLog::write(const std::string& kind, const Json& members) {
  Json json = {{"t", wallSeconds()}, {"attempt", attempt_}, {"kind", kind}};
  for (const auto& [name, member] : members.items())
    json[name] = member.is_string() ? Json(maskSecrets(member.get<std::string>())) : member;
  try {
    lines_.append(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  } catch (const Error& error) {
    logDebug("{}", error.what());
  }
}

}  // namespace counterpoint
