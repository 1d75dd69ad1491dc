// SPDX-License-Identifier: GPL-3.0-or-later
// What composition gives beside the merged data: origins, the hydra node, the stored run, search paths, speed.
#include "core/base/files.h"
#include "core/config/compose/compose.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"
#include "core/config/tree/reader.h"
#include "tests/support/config_tree.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <iostream>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

std::string oneLine(const ConfigNode& node) { return toJson(node).dump(); }

TEST(Compose, ADamagedFileIsNamedWithItsLine) {
  const ConfigTree tree(Json{{"p.yaml", "defaults:\n- db: mysql\n- _self_\n"}, {"db/mysql.yaml", "a: 1\na: 2\n"}});
  try {
    compose(tree.request());
    FAIL() << "composed";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.fault(), ConfigFault::Yaml);
    EXPECT_NE(error.where().find("db/mysql.yaml, line 2"), std::string::npos) << error.where();
  }
}

TEST(Compose, ConfigsThatNameOneAnotherEnd) {
  const ConfigTree tree(Json{{"p.yaml", "defaults:\n- g: a\n"},
                             {"g/a.yaml", "defaults:\n- /g@x: b\n"},
                             {"g/b.yaml", "defaults:\n- /g@y: a\n"}});
  EXPECT_THROW(compose(tree.request()), ConfigError);
}

TEST(Compose, AMisspeltNameGetsTheNearest) {
  const ConfigTree tree(
      Json{{"p.yaml", "defaults:\n- db: mysql\n- _self_\noptimizer: {lr: 1}\n"}, {"db/mysql.yaml", "a: 1\n"}});
  const auto cureOf = [&](const std::string& override) -> std::string {
    try {
      compose(tree.request("p", {override}));
    } catch (const ConfigError& error) {
      return error.cure();
    }
    return "composed";
  };
  EXPECT_EQ(cureOf("db=mysq"), "Did you mean 'mysql'?");
  EXPECT_EQ(cureOf("optimzer.lr=2"), "Did you mean 'optimizer.lr'?");
}

TEST(Compose, EveryValueKnowsTheLayersThatSetIt) {
  const ConfigTree tree(
      Json{{"p.yaml", "defaults:\n- db: mysql\n- _self_\ndb:\n  port: 2\n"}, {"db/mysql.yaml", "host: h\nport: 1\n"}});
  const Composed made = compose(tree.request("p", {"db.port=3", "+extra.deep=1"}));
  const auto layers = [&](const char* path) {
    std::string text;
    for (const auto& origin : select(made.task, path)->origins) {
      text += fmt::format("{}:{}:{} ", static_cast<int>(origin.layer),
                          fs::path(origin.source ? *origin.source : "").filename().string(), origin.position.line);
    }
    return text;
  };
  EXPECT_EQ(layers("db.host"), "2:mysql.yaml:1 ");
  EXPECT_EQ(layers("db.port"), "2:mysql.yaml:2 1:p.yaml:5 3:db.port=3:0 ");
  EXPECT_EQ(layers("extra.deep"), "3:+extra.deep=1:0 ");
}

TEST(Compose, TheHydraNodeIsFilled) {
  setenv("COUNTERPOINT_TEST_Z", "123456", 1);
  const ConfigTree tree(Json{{"p.yaml", "x: 1\n"}});
  auto request = tree.request("p", {"x=2", "hydra.verbose=true", "hydra.job.env_copy=[COUNTERPOINT_TEST_Z]"});
  request.mode = ComposeRequest::Mode::Run;
  request.jobNumber = 4;
  request.outputDirectory = "/runs/one";
  const Composed made = compose(request);
  const auto text = [&](const char* path) { return oneLine(*select(made.hydra, path)); };
  EXPECT_EQ(text("overrides.task"), R"(["x=2"])");
  EXPECT_EQ(text("overrides.hydra"),
            R"(["hydra.verbose=true","hydra.job.env_copy=[COUNTERPOINT_TEST_Z]","hydra.mode=RUN"])");
  EXPECT_EQ(text("mode"), "\"RUN\"");
  EXPECT_EQ(text("job.env_set"), R"({"COUNTERPOINT_TEST_Z":"123456"})");
  EXPECT_EQ(text("job.num"), "4");
  EXPECT_EQ(text("job.id"), "\"4\"");
  EXPECT_EQ(text("job.config_name"), "\"p\"");
  EXPECT_EQ(text("job.name"), "\"app\"");
  EXPECT_EQ(text("runtime.output_dir"), "\"/runs/one\"");
  EXPECT_EQ(text("runtime.version_base"), "\"1.3\"");
  EXPECT_EQ(text("runtime.choices.hydra/output"), "\"default\"");
  EXPECT_EQ(made.task.find("hydra"), nullptr);
  EXPECT_EQ(made.task.structFlag, true);
}

TEST(Compose, TheRunsFolderIsTheUsersOnlyWhereHeNamesOne) {
  const ConfigTree tree(
      Json{{"p.yaml", "x: 1\n"}, {"q.yaml", "hydra:\n  run:\n    dir: out/${hydra.job.override_dirname}\n"}});
  EXPECT_EQ(compose(tree.request()).requestedRunDirectory(), std::nullopt);
  EXPECT_EQ(compose(tree.request("q", {"+a=1"})).requestedRunDirectory(), "out/+a=1");
  EXPECT_EQ(compose(tree.request("p", {"hydra.run.dir=here"})).requestedRunDirectory(), "here");
}

TEST(Compose, AStoredRunGivesTheSameConfigAgain) {
  const ConfigTree tree(
      Json{{"p.yaml", "defaults:\n- db: mysql\n- _self_\nname: ${db.host}_${hydra:job.name}\nlr: 1e-3\nt: '007'\n"},
           {"db/mysql.yaml", "host: h\nport: 1\nlist: [1, {a: \"${db.port}\"}]\n"}});
  const Composed first = compose(tree.request("p", {"db.port=3", "+extra=[a,'1']", "hydra.verbose=true"}));
  const fs::path folder = tree.root() / "run/.hydra";
  ASSERT_TRUE(writeHydraFolder(first, folder));
  EXPECT_EQ(readFile(folder / "overrides.yaml"), "- db.port=3\n- +extra=[a,'1']\n");
  const ConfigNode hydra = readConfig(readFile(folder / "hydra.yaml"), "hydra.yaml");
  ASSERT_EQ(hydra.size(), 1u);
  EXPECT_EQ(*hydra.find("hydra"), first.hydra);

  const auto stored = requestOfFile(folder / "config.yaml");
  auto again = stored;
  again.jobName = "app";
  EXPECT_EQ(compose(again).task, first.task);
  EXPECT_EQ(compose(again).resolvedTask(), first.resolvedTask());
  std::vector<std::string> overrides;
  const ConfigNode list = readConfig(readFile(folder / "overrides.yaml"), "overrides.yaml");
  for (const auto& item : list.items()) {
    overrides.push_back(item.text());
  }
  EXPECT_EQ(compose(tree.request("p", overrides)).resolvedTask(), first.resolvedTask());

  const Composed none = compose(tree.request("p", {"hydra.output_subdir=null"}));
  EXPECT_FALSE(writeHydraFolder(none, tree.root() / "none"));
  EXPECT_FALSE(fs::exists(tree.root() / "none"));
}

TEST(Compose, SearchesMoreFolders) {
  const ConfigTree main(Json{{"p.yaml", "defaults:\n- g: far\n- _self_\n"}, {"g/near.yaml", "a: 1\n"}});
  const ConfigTree more(Json{{"g/far.yaml", "a: 2\n"}, {"g/near.yaml", "a: 9\n"}});
  EXPECT_THROW(compose(main.request()), ConfigError);
  const std::string there = more.root().string();
  for (const auto& entry : std::vector<std::string>{"file://" + there, there}) {
    const Composed made = compose(main.request("p", {fmt::format("hydra.searchpath=['{}']", entry)}));
    EXPECT_EQ(oneLine(made.task), R"({"g":{"a":2}})");
  }
  auto request = main.request();
  request.configDirectories.push_back(more.root());
  EXPECT_EQ(oneLine(compose(request).task), R"({"g":{"a":2}})");
  request.overrides = {"g=near"};
  EXPECT_EQ(oneLine(compose(request).task), R"({"g":{"a":1}})") << "the first folder that has it wins";
  const Composed module = compose(main.request("p", {"g=near", "hydra.searchpath=[pkg://module.conf,/not/there]"}));
  EXPECT_EQ(module.warnings.size(), 2u);
  EXPECT_THROW(compose(main.request("p", {"g=near", "hydra.searchpath=[s3://bucket]"})), ConfigError);
}

TEST(Compose, TheMasterOfASweepLeavesOpenChoicesOut) {
  const ConfigTree tree(Json{{"p.yaml", "defaults:\n- g: ???\n- _self_\nx: 1\n"}, {"g/a.yaml", "a: 1\n"}});
  EXPECT_THROW(compose(tree.request()), ConfigError);
  auto request = tree.request("p", {"g=a,b"});
  request.mode = ComposeRequest::Mode::Multirun;
  EXPECT_EQ(oneLine(compose(request).task), R"({"x":1})");
  request.overrides = {"hydra.run.dir=a,b"};
  EXPECT_THROW(compose(request), ConfigError);
}

// 60 files, each with keys and interpolations of its own.
TEST(Compose, ATreeOf60FilesTakesUnder20Milliseconds) {
  Json files = {{"p.yaml", "defaults:\n"}};
  std::string top = "defaults:\n";
  for (int i = 0; i < 30; ++i) {
    top += fmt::format("- g{}: o\n", i);
    std::string text = "defaults:\n- sub: s\n- _self_\n";
    for (int k = 0; k < 12; ++k) text += fmt::format("key{}: {}\n", k, k % 3 ? "${.key0}" : "1.5");
    files[fmt::format("g{}/o.yaml", i)] = text;
    files[fmt::format("g{}/sub/s.yaml", i)] =
        "lr: 1e-3\nname: adam\nbetas: [0.9, 0.999]\nnested: {a: 1, b: {c: text}}\n";
  }
  files["p.yaml"] = top + "- _self_\nseed: 1\n";
  const ConfigTree tree(files);
  auto request = tree.request("p", {"g3.key0=2", "seed=7"});
  const auto measure = [&] {
    // The processor's time: other programs on the machine are not composition's.
    const std::clock_t start = std::clock();
    const Composed made = compose(request);
    EXPECT_EQ(made.task.size(), 31u);
    return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  double cold = 1e9, warm = 1e9;
  for (int i = 0; i < 5; ++i) cold = std::min(cold, measure());
  request.cache = std::make_shared<ConfigFileCache>();
  measure();
  for (int i = 0; i < 5; ++i) warm = std::min(warm, measure());
  std::cout << fmt::format("61 files: {:.1f} ms, {:.1f} ms with files read before\n", cold, warm);
  EXPECT_LT(cold, 20);
  EXPECT_LT(warm, 20);
}

}  // namespace
}  // namespace counterpoint
