// SPDX-License-Identifier: GPL-3.0-or-later
// config sweep, and completion as the shells themselves ask for it.
#include "core/base/json.h"
#include "core/base/words.h"
#include "tests/jobs/worker_fixture.h"

#include <gmock/gmock.h>

namespace counterpoint {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

struct ShellTest : WorkerTest {
  void SetUp() override {
    WorkerTest::SetUp();
    std::filesystem::create_directories(workspace / "configs/db");
    for (const char* option : {"mysql", "postgres"}) {
      writeFileAtomically(workspace / "configs/db" / (std::string(option) + ".yaml"), "port: 1\n");
    }
  }
  std::vector<std::string> lines() {
    auto lines = split(out(), '\n');
    if (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
  }
  std::vector<std::string> complete(const std::string& words) {
    worker("complete -- " + words);
    return lines();
  }
  // What `script` prints in that shell, with counterpoint-worker on the PATH.
  std::vector<std::string> shell(const std::string& name, const std::string& script) {
    writeFileAtomically(workspace / "script", script);
    ProcessOptions options;
    options.command = {"sh", "-c",
                       "PATH=" COUNTERPOINT_BINARY_DIR "/bin:$PATH exec " + name + " script >out 2>err </dev/null"};
    options.environment = {{"HOME", workspace.path().string()}, {"TERM", "dumb"}};
    options.workingDirectory = workspace.path();
    auto child = ChildProcess::start(options);
    EXPECT_EQ(child.wait(40), 0) << err();
    return lines();
  }
  static bool has(const std::string& shell) {
    return std::system(("command -v " + shell + " >/dev/null").c_str()) == 0;
  }

  std::vector<std::string> bash(const std::string& line) {
    return shell("bash",
                 "source <(counterpoint-worker completion bash)\n"
                 "complete -p counterpoint-worker >/dev/null || exit 9\n"
                 "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'\n"
                 "COMP_LINE='" +
                     line +
                     "' COMP_POINT=${#COMP_LINE} COMP_WORDS=($COMP_LINE '')\n"
                     "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                     "_counterpoint_worker counterpoint-worker\n"
                     "printf '%s\\n' \"${COMPREPLY[@]}\"\n");
  }
};

TEST_F(ShellTest, ASweepIsListedJobByJob) {
  ASSERT_EQ(worker("config sweep toy 'optimizer.lr=1e-3,0.0004' 'db=glob(*)' 'x=[a,b c]'"), 0) << err();
  EXPECT_THAT(lines(),
              ElementsAre("optimizer.lr=0.001,db=mysql,x=[a,b\\ c]", "optimizer.lr=0.001,db=postgres,x=[a,b\\ c]",
                          "optimizer.lr=0.0004,db=mysql,x=[a,b\\ c]", "optimizer.lr=0.0004,db=postgres,x=[a,b\\ c]"));
  ASSERT_EQ(worker("config sweep toy --json 'a=range(5)' hydra.sweeper.max_batch_size=2 "
                   "\"+hydra.sweeper.params={b:'7,8'}\""),
            0)
      << err();
  const Json listed = Json::parse(out());
  EXPECT_EQ(listed["count"], 10);
  EXPECT_EQ(listed["batches"], Json::array({2, 2, 2, 2, 2}));
  EXPECT_EQ(listed["jobs"][5], (Json{{"num", 5}, {"overrides", {"b=8", "a=0"}}}));
  EXPECT_EQ(worker("config sweep toy 'a=interval(0,1)'"), 2);
  EXPECT_THAT(err(), HasSubstr("BasicSweeper does not support sweep type"));
  EXPECT_EQ(worker("config sweep toy 'a=range(1001)' 'b=range(1000)'"), 2);
  EXPECT_THAT(err(), HasSubstr("more than 1000000 jobs"));
}

TEST_F(ShellTest, TheHiddenVerbAnswersFromTableConfigsAndSchema) {
  EXPECT_THAT(complete("con"), ElementsAre("config"));
  EXPECT_THAT(complete("''"), AllOf(Contains("launch"), Contains("completion"), Not(Contains("complete"))));
  EXPECT_THAT(complete("config ''"), IsSupersetOf({"check", "reference", "show", "sweep"}));
  EXPECT_THAT(complete("config show --s"), ElementsAre("--sources"));
  EXPECT_THAT(complete("config show t"), ElementsAre("toy"));
  EXPECT_THAT(complete("config show --config-dir configs/db ''"), ElementsAre("mysql", "postgres"));
  EXPECT_THAT(complete("config show toy optimizer.l"), Contains("optimizer.lr="));
  EXPECT_THAT(complete("launch toy ++optimizer.lr"), Contains("++optimizer.lr="));
  EXPECT_THAT(complete("launch toy d"), Contains("db="));
  EXPECT_THAT(complete("launch toy db="), ElementsAre("db=mysql", "db=postgres"));
  EXPECT_THAT(complete("config sweep toy db=mysql,p"), ElementsAre("db=mysql,postgres"));
  EXPECT_THAT(complete("config show toy data.shuffle_clips="),
              IsSupersetOf({"data.shuffle_clips=true", "data.shuffle_clips=false"}));
  EXPECT_THAT(complete("config show toy data.mode="), Not(::testing::IsEmpty()));
  EXPECT_THAT(complete("completion ''"), ElementsAre("bash", "fish", "zsh"));
  EXPECT_TRUE(complete("config show nosuch a").empty());
  EXPECT_EQ(worker("--help"), 0);
  EXPECT_THAT(out(), Not(HasSubstr("candidates for the last word")));
}

TEST_F(ShellTest, BashCompletes) {
  EXPECT_THAT(bash("counterpoint-worker conf"), ElementsAre("config"));
  EXPECT_THAT(bash("counterpoint-worker config show "), IsSupersetOf({"toy"}));
  EXPECT_THAT(bash("counterpoint-worker config show toy optimizer.l"), Contains("optimizer.lr="));
  // bash replaces what stands behind the "=" alone.
  EXPECT_THAT(bash("counterpoint-worker config show toy db="), ElementsAre("mysql", "postgres"));
  EXPECT_THAT(bash("counterpoint-worker config show toy db=my"), ElementsAre("mysql"));
}

TEST_F(ShellTest, ZshCompletes) {
  if (!has("zsh")) GTEST_SKIP() << "no zsh";
  const auto zsh = [&](const std::string& words) {
    return shell("zsh -f",
                 "compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- $@ }\n"
                 "compdef() { }\n_files() { print files }\n"
                 "source <(counterpoint-worker completion zsh)\n"
                 "words=(counterpoint-worker " +
                     words + ") CURRENT=$#words\n_counterpoint_worker\n");
  };
  EXPECT_THAT(zsh("conf"), ElementsAre("config"));
  EXPECT_THAT(zsh("config show toy db="), ElementsAre("db=mysql", "db=postgres"));
  EXPECT_THAT(zsh("config show toy optimizer.l"), Contains("optimizer.lr="));
  EXPECT_THAT(zsh("config show nosuch a"), ElementsAre("files"));
}

TEST_F(ShellTest, FishCompletes) {
  if (!has("fish")) GTEST_SKIP() << "no fish";
  const auto fish = [&](const std::string& line) {
    return shell("fish --no-config", "counterpoint-worker completion fish | source\ncomplete -C '" + line + "'\n");
  };
  EXPECT_THAT(fish("counterpoint-worker conf"), ElementsAre("config"));
  EXPECT_THAT(fish("counterpoint-worker config show toy db=m"), ElementsAre("db=mysql"));
  EXPECT_THAT(fish("counterpoint-worker config show toy optimizer.l"), Contains("optimizer.lr="));
}

}  // namespace
}  // namespace counterpoint
