// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong has its own status and one line that names the place; secrets stay where they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>

#include "core/base/files.h"
#include "core/base/words.h"
#include "tests/system/programs.h"

namespace counterpoint {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// The one line that says why: the last of stderr, after the progress.
std::string causeOf(const Outcome& outcome) {
  const auto lines = split(std::string(trim(outcome.err)), '\n');
  return lines.empty() ? "" : lines.back();
}

std::vector<std::string> oneStep(std::vector<std::string> more) {
  more.insert(more.end(), {"train.max_steps=1", "train.validate_every=0", "caption.calibrate=false"});
  return smallLaunch(more);
}

TEST(Errors, AMissingTableIsADataError) {
  auto& place = phantoms();
  const auto runs = [&] { return std::distance(std::filesystem::directory_iterator(place / "runs"), {}); };
  const auto before = runs();
  for (const char* verb : {"launch", "train"}) {
    const auto outcome = place.worker({verb, "echo_text", "data.csv=data/none.csv"});
    EXPECT_EQ(outcome.status, 3) << verb;
    EXPECT_THAT(causeOf(outcome), AllOf(HasSubstr("data/none.csv"), HasSubstr("Set data.csv"))) << verb;
  }
  EXPECT_EQ(runs(), before) << "a run folder was made for nothing";
}

TEST(Errors, TrainFromAShellKeepsTheWorkspacesRules) {
  TrialWorkspace place;
  std::filesystem::remove(place / "counterpoint.yaml");
  std::filesystem::remove(place / "runs");
  ASSERT_EQ(place.worker({"sample", ".", "--studies", "40"}).status, 0);
  place.write("counterpoint.yaml", "version: 1\nname: moved\nruns: elsewhere/runs\n");
  place.write(".env", "EXAMPLE_API_KEY=r5Xq-not-for-any-file-7Yw\n");
  const auto train = [&](const std::string& override) {
    return place.worker({"train", "echo_text", "train.max_steps=1", "train.validate_every=0", "caption.calibrate=false",
                         "train.batch_size=8", override});
  };
  const auto outcome = train("name=by-hand");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const std::filesystem::path run(std::string(trim(outcome.out)));
  EXPECT_EQ(run.parent_path(), place / "elsewhere/runs");
  EXPECT_THAT(run.filename().string(), testing::EndsWith("_by-hand"));
  EXPECT_THAT(readFile(run / "environment.json"), HasSubstr("EXAMPLE_API_KEY"));
  EXPECT_THAT(TrialWorkspace::filesWith(run, "r5Xq-not-for"), IsEmpty());
  EXPECT_EQ(train("caption.facts.x=hf_abcdefghijkl").status, 2);
  EXPECT_EQ(train("device=cuda:63").status, 4);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(place / "elsewhere/runs"), {}), 1);
}

TEST(Errors, ADamagedClipIsNamedWithItsRow) {
  auto& place = phantoms();
  const auto table = split(readFile(place / "data/studies.csv"), '\n');
  std::string damaged = table[0] + "\n";
  for (std::size_t i = 1; i < table.size(); ++i) {
    std::string line = table[i];
    if (i == 2) {  // line 3 of the file
      const std::string file = split(line, ',').front();
      line.replace(0, file.size(), "data/damaged.mp4");
    }
    if (!line.empty()) damaged += line + "\n";
  }
  place.write("data/damaged.csv", damaged);
  place.write("data/damaged.mp4", "no clip at all");
  const auto outcome = place.worker(oneStep({"data.csv=data/damaged.csv"}));
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(causeOf(outcome), AllOf(HasSubstr("damaged.mp4"), HasSubstr("damaged.csv"), HasSubstr("line 3")));
}

TEST(Errors, AnUnknownKeyNamesTheNearest) {
  const auto outcome = phantoms().worker(oneStep({"train.epocs=2"}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(causeOf(outcome), AllOf(HasSubstr("train.epocs"), HasSubstr("train.epochs")));
}

TEST(Errors, ABatchThatTheRanksCannotShare) {
  const auto outcome = phantoms().worker(oneStep({"train.batch_size=7"}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(causeOf(outcome), AllOf(HasSubstr("train.batch_size"), HasSubstr("7"), HasSubstr("2 ranks")));
}

TEST(Errors, ALossThatIsNotFinite) {
  auto& place = phantoms();
  const auto outcome =
      place.worker(smallLaunch({"train.max_steps=4", "optimizer.lr=1e30", "schedule.warmup_fraction=0"}));
  EXPECT_EQ(outcome.status, 6);
  EXPECT_THAT(causeOf(outcome), AllOf(HasSubstr("not finite"), HasSubstr("data/clips/PHANTOM-")));
  const auto status = readStatus(place.lastRun());
  ASSERT_TRUE(status.error);
  EXPECT_EQ(status.error->status, 6);
}

TEST(Errors, APortThatIsTaken) {
  const FileDescriptor taken(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  socklen_t length = sizeof(address);
  ASSERT_EQ(::bind(taken.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(taken.get(), 1), 0);
  ASSERT_EQ(::getsockname(taken.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  const auto outcome = phantoms().worker(oneStep({}), {{"MASTER_PORT", port}});
  EXPECT_EQ(outcome.status, 4);
  EXPECT_THAT(causeOf(outcome), AllOf(HasSubstr("MASTER_PORT"), HasSubstr(port), HasSubstr("taken")));
}

TEST(Errors, SecretsOfTheEnvironmentFileReachNoFileOfTheRun) {
  auto& place = phantoms();
  const std::string secret = "r5Xq-not-for-any-file-7Yw";
  place.write(".env", "EXAMPLE_API_KEY=" + secret + "\nEXAMPLE_SETTING=plain\n");
  const auto outcome = place.worker(oneStep({"--name", "with_env"}));
  std::filesystem::remove(place / ".env");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto run = place.lastRun().path();
  EXPECT_THAT(TrialWorkspace::filesWith(run, secret), IsEmpty());
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(secret)));
  // The file was read: its names are on record.
  EXPECT_THAT(readFile(run / "environment.json"), HasSubstr("EXAMPLE_API_KEY"));
}

}  // namespace
}  // namespace counterpoint
