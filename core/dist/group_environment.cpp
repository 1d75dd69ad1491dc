// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dist/group_environment.h"

#include <charconv>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

// How one launcher names things; empty: it does not say.
struct Launcher {
  const char *rank, *size, *localRank, *localSize, *inside;
};
constexpr Launcher kLaunchers[] = {
    {"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", ""},
    {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", "", "SLURM_STEP_ID"},
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE", ""},
};

int toNumber(const std::string& name, const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    throw usageError("\"" + text + "\" is no number from 0 on", "environment variable " + name);
  }
  return value;
}

// "4(x2),3" → 4: the tasks of the first node.
int firstCount(const std::string& name, const std::string& text) {
  return toNumber(name, text.substr(0, text.find_first_of("(,")));
}

// Ranks of one Slurm step find one another without being told: the first host, and a port made of the job's number.
void addressFromSlurm(GroupEnvironment& group, const Variables& variable) {
  if (const auto hosts = variable("SLURM_STEP_NODELIST")) {
    const auto names = expandHostList(*hosts);
    if (names.size() > 1) group.masterAddress = names.front();
  }
  const auto job = variable("SLURM_JOB_ID");
  const auto step = variable("SLURM_STEP_ID");
  if (job) group.masterPort = 20000 + (toNumber("SLURM_JOB_ID", *job) * 7 + toNumber("SLURM_STEP_ID", *step)) % 12000;
  if (const auto tasks = variable("SLURM_STEP_TASKS_PER_NODE")) {
    group.localSize = firstCount("SLURM_STEP_TASKS_PER_NODE", *tasks);
  }
}

}  // namespace

std::optional<std::string> environmentVariable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value || !*value) return std::nullopt;
  return value;
}

GroupEnvironment readGroupEnvironment(const Variables& variable) {
  GroupEnvironment group;
  for (const auto& launcher : kLaunchers) {
    const auto rank = variable(launcher.rank);
    if (!rank || (*launcher.inside && !variable(launcher.inside))) continue;
    const auto size = variable(launcher.size);
    if (!size) {
      throw usageError(std::string(launcher.rank) + " is set, but " + launcher.size + " is not", "environment",
                       std::string("Set ") + launcher.size + ", or unset " + launcher.rank + " for one process.");
    }
    group.source = launcher.rank;
    group.rank = toNumber(launcher.rank, *rank);
    group.size = toNumber(launcher.size, *size);
    if (group.rank >= group.size) {
      throw usageError("rank " + *rank + " does not exist among " + *size,
                       std::string("environment variable ") + launcher.rank);
    }
    if (const auto value = variable(launcher.localRank))
      group.localRank = toNumber(launcher.localRank, *value);
    else
      group.localRank = group.rank;
    group.localSize = group.size;
    if (const auto value = variable(launcher.localSize)) group.localSize = toNumber(launcher.localSize, *value);
    if (group.source == "SLURM_PROCID") addressFromSlurm(group, variable);
    break;
  }
  if (group.size == 1) return group;
  if (const auto address = variable("MASTER_ADDR")) group.masterAddress = *address;
  if (const auto port = variable("MASTER_PORT")) group.masterPort = toNumber("MASTER_PORT", *port);
  if (const auto file = variable("COUNTERPOINT_RENDEZVOUS")) {
    group.rendezvous = *file;
    group.masterPort = 0;
  }
  if (group.masterPort == 0 && group.rendezvous.empty()) {
    throw usageError("the ranks do not know where to meet", "environment",
                     "Set MASTER_ADDR and MASTER_PORT, or COUNTERPOINT_RENDEZVOUS to a new file.");
  }
  return group;
}

std::vector<std::string> expandHostList(const std::string& list) {
  std::vector<std::string> hosts;
  std::size_t at = 0;
  while (at < list.size()) {
    const auto comma = list.find(',', at), open = list.find('[', at);
    if (open == std::string::npos || (comma != std::string::npos && comma < open)) {
      const auto end = std::min(comma, list.size());
      if (end > at) hosts.push_back(list.substr(at, end - at));
      at = end + 1;
      continue;
    }
    const auto close = list.find(']', open);
    if (close == std::string::npos) throw usageError("\"" + list + "\" lacks a ]", "list of hosts");
    const auto end = std::min(list.find(',', close), list.size());
    const auto prefix = list.substr(at, open - at), suffix = list.substr(close + 1, end - close - 1);
    for (const auto& part : split(list.substr(open + 1, close - open - 1), ',')) {
      const auto dash = part.find('-');
      const auto first = part.substr(0, dash), last = dash == std::string::npos ? first : part.substr(dash + 1);
      const int from = toNumber("list of hosts", first), to = toNumber("list of hosts", last);
      for (int i = from; i <= to && hosts.size() < 100000; ++i) {
        auto digits = std::to_string(i);
        if (digits.size() < first.size()) digits.insert(0, first.size() - digits.size(), '0');
        hosts.push_back(prefix + digits + suffix);
      }
    }
    at = end + 1;
  }
  return hosts;
}

}  // namespace counterpoint
