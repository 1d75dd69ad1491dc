// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a test program again as ranks: real processes over Gloo, as in production.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {

// The body of a rank: gets a scratch folder shared by all ranks and its argument; its return value is the exit status.
using RankBody = std::function<int(const std::filesystem::path& folder, const std::string& argument)>;

// Names of bodies that ranks can be asked to run. A test file registers its own before main().
std::map<std::string, RankBody>& rankBodies();

struct RankBodyName {
  RankBodyName(const std::string& name, RankBody body) { rankBodies()[name] = std::move(body); }
};

// Put into the program's main() before GoogleTest: true (and the exit status) where this process is such a rank.
inline bool isRank(int argc, char** argv, int& status) {
  if (argc != 5 || std::string(argv[1]) != "--rank-body") return false;
  try {
    status = rankBodies().at(argv[2])(argv[3], argv[4]);
  } catch (const std::exception& error) {
    const std::string rank = std::getenv("RANK") ? std::getenv("RANK") : "0";
    writeFileAtomically(std::filesystem::path(argv[3]) / ("error." + rank), describe(error));
    status = exitStatusOf(error);
  }
  return true;
}

// Starts `size` ranks of `body`; `size` 1 runs without any group.
inline std::vector<ChildProcess> startRanks(int size, const std::string& body, const std::filesystem::path& folder,
                                            const std::string& argument = "-") {
  static int starts = 0;
  const auto rendezvous = folder / ("rendezvous." + std::to_string(starts++));
  std::vector<ChildProcess> ranks;
  for (int rank = 0; rank < size; ++rank) {
    ProcessOptions options;
    options.command = {std::filesystem::read_symlink("/proc/self/exe").string(), "--rank-body", body, folder.string(),
                       argument};
    options.environment["OMP_NUM_THREADS"] = "1";
    if (size > 1) {
      options.environment["RANK"] = std::to_string(rank);
      options.environment["WORLD_SIZE"] = std::to_string(size);
      options.environment["LOCAL_RANK"] = std::to_string(rank);
      options.environment["COUNTERPOINT_RENDEZVOUS"] = rendezvous.string();
    }
    ranks.push_back(ChildProcess::start(options));
  }
  return ranks;
}

// Exit statuses; ranks still there after `seconds` are killed and count as 137.
inline std::vector<int> waitForRanks(std::vector<ChildProcess>& ranks, double seconds = 60) {
  std::vector<int> statuses;
  for (auto& rank : ranks) {
    auto status = rank.wait(seconds);
    if (!status) {
      rank.signalGroup(9);
      status = rank.wait(5);
    }
    statuses.push_back(status.value_or(-1));
  }
  return statuses;
}

inline std::vector<int> runRanks(int size, const std::string& body, const std::filesystem::path& folder,
                                 const std::string& argument = "-") {
  auto ranks = startRanks(size, body, folder, argument);
  return waitForRanks(ranks);
}

}  // namespace counterpoint
