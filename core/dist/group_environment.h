// SPDX-License-Identifier: GPL-3.0-or-later
// Which rank of how many this process is, read from the variables that launchers set.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace counterpoint {

struct GroupEnvironment {
  int rank = 0, size = 1;
  int localRank = 0, localSize = 1;
  std::string masterAddress = "127.0.0.1";
  int masterPort = 0;                // 0: the port is in the rendezvous file
  std::filesystem::path rendezvous;  // COUNTERPOINT_RENDEZVOUS
  std::string source;                // "RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK" or empty
};

using Variables = std::function<std::optional<std::string>(const std::string& name)>;
std::optional<std::string> environmentVariable(const std::string& name);

// RANK and WORLD_SIZE first, then Slurm's (inside an srun step only: a batch script's own variables say rank 0 of many
// where nobody else comes), then Open MPI's; without any, one process. Throws Error{Usage} naming the variable that is
// missing or wrong.
GroupEnvironment readGroupEnvironment(const Variables& variable = environmentVariable);

// "node[01-03,7],login" → node01 node02 node03 node7 login (Slurm's notation, one bracket a name).
std::vector<std::string> expandHostList(const std::string& list);

}  // namespace counterpoint
