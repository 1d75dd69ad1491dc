// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dist/process_group.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/mm.h>
#include <ATen/TensorOperators.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/device/device.h"
#include "tests/support/ranks.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

ProcessGroup joinGroup(double joinSeconds = 30) {
  setThreads(1);
  JoinOptions options;
  options.joinSeconds = joinSeconds;
  return ProcessGroup::join(readGroupEnvironment(), options);
}

std::vector<double> numbers(const at::Tensor& tensor) {
  const auto values = tensor.detach().to(at::kDouble).contiguous();
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

const RankBodyName kCollectives("collectives", [](const fs::path& folder, const std::string&) {
  const auto group = joinGroup();
  const int rank = group.rank();
  Json result;
  auto tensor = at::full({2}, rank + 1.0, at::kFloat);
  group.allReduce(tensor, Reduction::Mean);
  result["mean"] = numbers(tensor);
  result["max"] = group.allReduce({static_cast<double>(rank), -1.0}, Reduction::Max);
  result["rows"] = numbers(group.gatherRows(at::full({rank + 1, 1}, static_cast<double>(rank), at::kDouble)));
  auto weights = at::full({3, 2}, static_cast<double>(rank), at::kFloat).t();
  group.broadcast({weights});
  result["weights"] = numbers(weights);
  result["text"] = group.broadcast(std::string(rank == 0 ? "from zero" : "ignored"));
  result["object"] = group.broadcastJson(Json{{"rank", rank}});
  result["texts"] = group.gather(std::string(static_cast<std::size_t>(rank), 'x'));
  group.barrier();
  writeJsonFile(folder / ("result." + std::to_string(rank)), result);
  return 0;
});

TEST(ProcessGroup, TellsEveryRankTheSame) {
  const TemporaryFolder folder;
  ASSERT_THAT(runRanks(3, "collectives", folder.path()), testing::Each(0));
  for (int rank = 0; rank < 3; ++rank) {
    const auto result = readJsonFile(folder / ("result." + std::to_string(rank)));
    EXPECT_EQ(result["mean"], Json({2.0, 2.0}));
    EXPECT_EQ(result["max"], Json({2.0, -1.0}));
    EXPECT_EQ(result["rows"], Json({0.0, 1.0, 1.0, 2.0, 2.0, 2.0})) << "rank 0's rows first, ranks differ in count";
    EXPECT_EQ(result["weights"], Json({0.0, 0.0, 0.0, 0.0, 0.0, 0.0}));
    EXPECT_EQ(result["text"], "from zero");
    EXPECT_EQ(result["object"]["rank"], 0);
    EXPECT_EQ(result["texts"], Json({"", "x", "xx"}));
  }
}

TEST(ProcessGroup, AnswersByItselfWhenSingle) {
  const auto group = ProcessGroup::single();
  EXPECT_EQ(group.size(), 1);
  EXPECT_EQ(group.broadcast(std::string("x")), "x");
  EXPECT_EQ(group.gatherCounts(3), std::vector<std::int64_t>{3});
  group.barrier(0.1);
}

// loss_r = (r + 1)·Σ c_i·x_i over gathered rows: what each rank contributes to the gradient is known.
const RankBodyName kGather("gather_gradient", [](const fs::path& folder, const std::string&) {
  const auto group = joinGroup();
  Json result;
  for (const bool summed : {true, false}) {
    auto rows = at::full({group.rank() + 1, 1}, 2.0, at::kDouble).set_requires_grad(true);
    const auto all = group.gatherRowsWithGradient(rows, summed ? GatherGradient::Summed : GatherGradient::LocalSlice);
    const auto factors = at::arange(1, 4, at::kDouble).unsqueeze(1);
    ((group.rank() + 1.0) * (factors * all).sum()).backward();
    result[summed ? "summed" : "local"] = numbers(rows.grad());
  }
  writeJsonFile(folder / ("result." + std::to_string(group.rank())), result);
  return 0;
});

TEST(ProcessGroup, GathersWithGradient) {
  const TemporaryFolder folder;
  ASSERT_THAT(runRanks(2, "gather_gradient", folder.path()), testing::Each(0));
  const auto zero = readJsonFile(folder / "result.0"), one = readJsonFile(folder / "result.1");
  EXPECT_EQ(zero["summed"], Json({3.0})) << "(1 + 2)·1";
  EXPECT_EQ(one["summed"], Json({6.0, 9.0})) << "(1 + 2)·2, (1 + 2)·3";
  EXPECT_EQ(zero["local"], Json({1.0}));
  EXPECT_EQ(one["local"], Json({4.0, 6.0}));
}

const RankBodyName kDeath("death", [](const fs::path& folder, const std::string&) {
  const auto group = joinGroup();
  group.barrier();
  if (group.rank() == 1) ::kill(::getpid(), SIGKILL);
  const double start = steadySeconds();
  try {
    group.allReduce({1.0}, Reduction::Sum, "sum of nothing much");
  } catch (const Error&) {
    writeJsonFile(folder / "seconds", steadySeconds() - start);
    throw;
  }
  return 0;
});

TEST(ProcessGroup, NamesTheRankThatDied) {
  const TemporaryFolder folder;
  EXPECT_THAT(runRanks(2, "death", folder.path()), testing::ElementsAre(7, 137));
  EXPECT_THAT(readFile(folder / "error.0"),
              testing::AllOf(testing::HasSubstr("rank 1 is gone"), testing::HasSubstr("sum of nothing much")));
  EXPECT_LT(readJsonFile(folder / "seconds").get<double>(), 3);
}

const RankBodyName kStall("stall", [](const fs::path& folder, const std::string&) {
  const auto group = joinGroup();
  group.barrier();
  if (group.rank() == 1) {
    while (!fs::exists(folder / "error.0")) ::usleep(20000);
    return 0;
  }
  group.barrier(1);
  return 0;
});

TEST(ProcessGroup, GivesUpAStalledPeerAtItsDeadline) {
  const TemporaryFolder folder;
  const double start = steadySeconds();
  EXPECT_THAT(runRanks(2, "stall", folder.path()), testing::ElementsAre(7, 0));
  EXPECT_THAT(readFile(folder / "error.0"),
              testing::AllOf(testing::HasSubstr("no answer in time"), testing::HasSubstr("barrier")));
  EXPECT_LT(steadySeconds() - start, 20);
}

const RankBodyName kAlone("alone", [](const fs::path&, const std::string&) {
  joinGroup(2);
  return 0;
});

TEST(ProcessGroup, NamesTheRankThatNeverCame) {
  const TemporaryFolder folder;
  ProcessOptions options;
  options.command = {fs::read_symlink("/proc/self/exe").string(), "--rank-body", "alone", folder.path().string(), "-"};
  for (const int rank : {0, 1}) {
    const auto meeting = folder / ("rendezvous" + std::to_string(rank));
    options.environment = {
        {"RANK", std::to_string(rank)}, {"WORLD_SIZE", "2"}, {"COUNTERPOINT_RENDEZVOUS", meeting.string()}};
    auto process = ChildProcess::start(options);
    EXPECT_EQ(process.wait(30), 7);
  }
  EXPECT_THAT(readFile(folder / "error.0"), testing::HasSubstr("rank 1 of 2 did not come"));
  EXPECT_THAT(readFile(folder / "error.1"), testing::HasSubstr("rank 0 did not come"));
}

}  // namespace
}  // namespace counterpoint
