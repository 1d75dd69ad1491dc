// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dist/group_environment.h"

#include <gmock/gmock.h>

#include <map>

#include "core/base/error.h"

namespace counterpoint {
namespace {

GroupEnvironment read(const std::map<std::string, std::string>& variables) {
  return readGroupEnvironment([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

TEST(GroupEnvironment, IsOneProcessWithoutVariables) {
  EXPECT_EQ(read({}).size, 1);
  // A batch script's own variables: no srun step, so nobody else comes.
  EXPECT_EQ(read({{"SLURM_PROCID", "0"}, {"SLURM_STEP_NUM_TASKS", "4"}}).size, 1);
}

TEST(GroupEnvironment, ReadsOwnLauncher) {
  const auto group = read({{"RANK", "1"},
                           {"WORLD_SIZE", "2"},
                           {"LOCAL_RANK", "1"},
                           {"MASTER_PORT", "29500"},
                           {"COUNTERPOINT_RENDEZVOUS", "/tmp/meet"}});
  EXPECT_EQ(group.rank, 1);
  EXPECT_EQ(group.size, 2);
  EXPECT_EQ(group.masterPort, 0) << "the file says the port";
  EXPECT_EQ(group.rendezvous, "/tmp/meet");
}

TEST(GroupEnvironment, ReadsSlurm) {
  const auto group = read({{"SLURM_PROCID", "5"},
                           {"SLURM_STEP_ID", "0"},
                           {"SLURM_STEP_NUM_TASKS", "8"},
                           {"SLURM_LOCALID", "1"},
                           {"SLURM_STEP_NODELIST", "gpu[07-08]"},
                           {"SLURM_JOB_ID", "4711"},
                           {"SLURM_STEP_TASKS_PER_NODE", "4(x2)"}});
  EXPECT_EQ(group.rank, 5);
  EXPECT_EQ(group.size, 8);
  EXPECT_EQ(group.localRank, 1);
  EXPECT_EQ(group.localSize, 4);
  EXPECT_EQ(group.masterAddress, "gpu07");
  EXPECT_GE(group.masterPort, 20000);
  EXPECT_LT(group.masterPort, 32000) << "below the ports that the system hands out";
}

TEST(GroupEnvironment, ReadsOpenMpi) {
  const auto group = read({{"OMPI_COMM_WORLD_RANK", "2"},
                           {"OMPI_COMM_WORLD_SIZE", "3"},
                           {"OMPI_COMM_WORLD_LOCAL_RANK", "2"},
                           {"MASTER_ADDR", "head"},
                           {"MASTER_PORT", "4000"}});
  EXPECT_EQ(group.rank, 2);
  EXPECT_EQ(group.masterAddress, "head");
  EXPECT_EQ(group.masterPort, 4000);
}

TEST(GroupEnvironment, NamesWhatIsWrong) {
  const auto problem = [](const std::map<std::string, std::string>& variables) {
    try {
      read(variables);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      return describe(error);
    }
    return std::string("no error");
  };
  EXPECT_THAT(problem({{"RANK", "0"}}), testing::HasSubstr("WORLD_SIZE"));
  EXPECT_THAT(problem({{"RANK", "x"}, {"WORLD_SIZE", "2"}}), testing::HasSubstr("RANK"));
  EXPECT_THAT(problem({{"RANK", "2"}, {"WORLD_SIZE", "2"}}), testing::HasSubstr("rank 2"));
  EXPECT_THAT(problem({{"RANK", "0"}, {"WORLD_SIZE", "2"}}), testing::HasSubstr("COUNTERPOINT_RENDEZVOUS"));
}

TEST(GroupEnvironment, ExpandsHostLists) {
  EXPECT_THAT(expandHostList("node[01-03,7],login"),
              testing::ElementsAre("node01", "node02", "node03", "node7", "login"));
  EXPECT_THAT(expandHostList("a,b"), testing::ElementsAre("a", "b"));
}

}  // namespace
}  // namespace counterpoint
