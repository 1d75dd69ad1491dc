// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/config.h"
#include "core/config/compose/group_choices.h"
#include "core/config/document.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/base/files.h"
#include "core/config/lookup.h"
#include "core/config/tree/reader.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

const std::string kSmall = "recipe: echo_text\ndata:\n  csv: data/studies.csv\n";

std::string problemOf(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    Config::fromText(text, "echo.yaml", overrides);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return describe(error);
  }
  return "no problem";
}

TEST(Config, FillsInEveryKeyAndReadsItsOwnOutput) {
  const Config config = Config::fromText(kSmall + "optimizer: {lr: 3e-4}\n", "echo.yaml", {"train.epochs=3"});
  EXPECT_DOUBLE_EQ(config.get<double>("optimizer.lr"), 3e-4);
  EXPECT_EQ(config.get<int>("train.epochs"), 3);
  EXPECT_EQ(config.originOf("optimizer.lr").position.line, 4);
  EXPECT_EQ(config.originOf("train.epochs").kind, ValueOrigin::Kind::Override);
  for (const auto& key : config.schema().keys()) EXPECT_NO_THROW(config.at(key.path)) << key.path;
  const Config again = Config::fromText(config.yaml(), "resolved.yaml");
  EXPECT_EQ(again.values(), config.values());
}

TEST(Config, AnUnknownKeyNamesTheNearestAndItsLine) {
  EXPECT_EQ(problemOf(kSmall + "optimizer:\n  lrr: 1\n"),
            "echo.yaml, line 5: there is no key optimizer.lrr. Did you mean optimizer.lr?");
  EXPECT_EQ(problemOf(kSmall, {"optimzer.lr=1"}),
            "override optimzer.lr=1: there is no key optimzer.lr. Did you mean optimizer.lr?");
  EXPECT_EQ(problemOf(kSmall + "optimizr:\n  lr: 1\n"), "echo.yaml, line 4: there is no key optimizr");
  EXPECT_EQ(problemOf("recipe: echo_txt\n"), "echo.yaml, line 1: there is no recipe echo_txt. Did you mean echo_text?");
}

TEST(Config, AKeyTwiceIsAnErrorAtItsLine) {
  const auto problem = problemOf(kSmall + "seed: 1\nseed: 2\n");
  EXPECT_NE(problem.find("echo.yaml, line 5"), std::string::npos) << problem;
  EXPECT_NE(problem.find("line 4"), std::string::npos) << problem;
}

TEST(Config, TypesAndRangesAreChecked) {
  EXPECT_NE(problemOf(kSmall, {"train.epochs=0"}).find("at least 1"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"train.epochs=1.5"}).find("whole number"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"optimizer.lr=0"}).find("above 0"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"optimizer.lr=fast"}).find("number, not fast"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"optimizer.betas=[0.9]"}).find("needs 2 values"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"optimizer.betas=[0.9, 1.5]"}).find("at most 1"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"data.start=rwave"}).find("Did you mean r_wave?"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"train.epochs=.nan"}).find("whole number"), std::string::npos);
  EXPECT_NE(problemOf("recipe: echo_text\n").find("data.csv is missing"), std::string::npos);
  EXPECT_NE(problemOf(kSmall + "optimizer: 3\n").find("is a section"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"train.epochs"}).find("override train.epochs"), std::string::npos);
}

TEST(Config, OverridesAreTypedByTheSchema) {
  const Config config =
      Config::fromText(kSmall, "echo.yaml",
                       {"data.mean=[105.6]", "data.std=[40]", "name=007", "launch.env.OMP_NUM_THREADS=2",
                        "data.crop=[0, 0, 0.5, 1]", "optimizer.lr=1", "data.csv='a=b.csv'", "launch.devices=[0,1]"});
  EXPECT_EQ(config.at("data.mean"), Json::array({105.6}));
  EXPECT_TRUE(Config::fromText(kSmall, "echo.yaml", {"data.std=null"}).isNull("data.std"));
  EXPECT_EQ(config.get<std::string>("name"), "007");
  EXPECT_EQ(config.get<std::string>("launch.env.OMP_NUM_THREADS"), "2");
  EXPECT_TRUE(config.at("optimizer.lr").is_number_float());
  EXPECT_EQ(config.get<std::string>("data.csv"), "a=b.csv");
  EXPECT_EQ(config.get<std::vector<std::string>>("launch.devices"), (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(Config::fromText(config.yaml(), "again").values(), config.values());
}

TEST(Config, OverridesFollowHydrasGrammar) {
  const auto valueOf = [](const std::string& override, const std::string& key) {
    return Config::fromText(kSmall + "optimizer: {lr: 0.5}\n", "echo.yaml", {override}).at(key);
  };
  EXPECT_EQ(valueOf("++optimizer.lr=1e-3", "optimizer.lr"), 1e-3);
  EXPECT_EQ(valueOf("+train.epochs=int(3.0)", "train.epochs"), 3);
  EXPECT_EQ(valueOf("optimizer={lr:0.25}", "optimizer.lr"), 0.25);
  EXPECT_EQ(valueOf("~optimizer.lr", "optimizer.lr"), schemaOf("echo_text")->find("optimizer.lr")->fallback);
  EXPECT_EQ(valueOf("name='a, b'", "name"), "a, b");
  const auto refused = problemOf(kSmall, {"optimizer.lr=0.1,0.2"});
  EXPECT_NE(refused.find("Ambiguous value for argument 'optimizer.lr=0.1,0.2'"), std::string::npos) << refused;
  EXPECT_NE(problemOf(kSmall + "optimizer: {lr: 0.5}\n", {"~optimizer.lr=0.4"}).find("is not 0.4"), std::string::npos);
  EXPECT_NE(problemOf(kSmall, {"name=a(b"}).find("override name=a(b"), std::string::npos);
}

TEST(Config, InterpolationsAreResolvedAndTheirFaultsStandAtTheirLine) {
  ASSERT_EQ(setenv("COUNTERPOINT_TEST_SEED", "11", 1), 0);
  const Config config = Config::fromText(
      kSmall +
          "seed: ${oc.env:COUNTERPOINT_TEST_SEED}\nname: seed ${seed}\noptimizer:\n  lr: 0.5\n  weight_decay: ${.lr}\n",
      "echo.yaml", {"train.epochs=${seed}"});
  EXPECT_EQ(config.get<int>("seed"), 11);
  EXPECT_EQ(config.get<std::string>("name"), "seed 11");
  EXPECT_EQ(config.get<int>("train.epochs"), 11);
  EXPECT_EQ(config.get<double>("optimizer.weight_decay"), 0.5);
  for (const std::string text : {R"(\${seed})", R"(a\\\${seed})", R"(\\${seed})", R"(x\y)"}) {
    const Config literal = Config::fromText(kSmall + "name: '" + text + "'\nseed: 3\n", "echo.yaml");
    EXPECT_EQ(Config::fromText(literal.yaml(), "again").values(), literal.values()) << text << "\n" << literal.yaml();
  }
  const auto broken = problemOf(kSmall + "seed: 1\nname: ${sed}\n");
  EXPECT_NE(broken.find("echo.yaml, line 5"), std::string::npos) << broken;
  EXPECT_NE(broken.find("Interpolation key 'sed' not found"), std::string::npos) << broken;
  EXPECT_NE(problemOf(kSmall + "name: ${seed\n").find("line 4"), std::string::npos);
  EXPECT_NE(problemOf(kSmall + "seed: ???\n").find("seed is ??? and must be given"), std::string::npos);
}

TEST(Config, YamlIsReadAsOmegaConfReadsIt) {
  const Config config =
      Config::fromText(kSmall + "optimizer:\n  lr: 1e-3\nseed: 1_000\ntrain: {epochs: '7'}\n", "echo.yaml");
  EXPECT_EQ(config.get<double>("optimizer.lr"), 1e-3);
  EXPECT_EQ(config.get<int>("seed"), 1000);
  EXPECT_EQ(config.get<int>("train.epochs"), 7);
  EXPECT_NE(problemOf(kSmall + "optimizer.lr: 1\n").find("nested keys"), std::string::npos);
}

TEST(Config, ADefaultsListIsComposedAndEveryValueKnowsItsFile) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "optimizer");
  writeFileAtomically(folder.path() / "optimizer/fast.yaml", "lr: 0.5\nweight_decay: ${seed}\n");
  writeFileAtomically(folder.path() / "optimizer/slow.yaml", "lr: 0.125\n");
  writeFileAtomically(folder.path() / "main.yaml",
                      "defaults:\n  - optimizer: fast\n  - _self_\n" + kSmall + "seed: 3\n");
  const auto file = folder.path() / "main.yaml";
  const Config fast = Config::fromFile(file, {"train.epochs=2"});
  EXPECT_EQ(fast.get<double>("optimizer.lr"), 0.5);
  EXPECT_EQ(fast.get<double>("optimizer.weight_decay"), 3.0);
  EXPECT_EQ(fast.get<int>("train.epochs"), 2);
  EXPECT_EQ(fast.originOf("optimizer.lr").source, (folder.path() / "optimizer/fast.yaml").string());
  EXPECT_EQ(fast.originOf("seed").position.line, 7);
  const Config slow = Config::fromFile(file, {"optimizer=slow", "optimizer.weight_decay=0.25"});
  EXPECT_EQ(slow.get<double>("optimizer.lr"), 0.125);
  EXPECT_EQ(slow.get<double>("optimizer.weight_decay"), 0.25);
  const auto missing = composeFile(file, {"optimizer=quick"});
  ASSERT_EQ(missing.problems.size(), 1U);
  EXPECT_NE(missing.problems[0].what.find("Could not find 'optimizer/quick'"), std::string::npos)
      << missing.problems[0].what;
  writeFileAtomically(folder.path() / "optimizer/slow.yaml", "lr: fast\n");
  const auto wrong = composeFile(file, {"optimizer=slow"});
  ASSERT_EQ(wrong.problems.size(), 1U);
  EXPECT_EQ(wrong.problems[0].where(), (folder.path() / "optimizer/slow.yaml").string() + ", line 1");
}

TEST(Config, GroupsAreChosenByOneLineOfTheDefaultsList) {
  const TemporaryFolder folder;
  for (const char* name : {"optimizer/fast", "optimizer/slow", "schedule/flat", "schedule/cosine"}) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    writeFileAtomically(folder.path() / (std::string(name) + ".yaml"), "{}\n");
  }
  writeFileAtomically(folder.path() / "optimizer/slow.yaml", "lr: 0.125\n");
  writeFileAtomically(folder.path() / "base.yaml", "defaults:\n  - schedule: flat\n" + kSmall);
  const std::string text = "defaults:\n  - base\n  - optimizer: fast  # by hand\n  - _self_\nseed: 3\n";
  const auto file = folder.path() / "main.yaml";
  writeFileAtomically(file, text);
  const auto made = composeFile(file);
  ASSERT_TRUE(made.composed);
  const auto choices = groupChoices(*made.composed);
  ASSERT_EQ(choices.size(), 2U);
  EXPECT_EQ(choices[0].key, "schedule");
  EXPECT_EQ(choices[0].options, (std::vector<std::string>{"cosine", "flat"}));
  EXPECT_EQ(choices[1].key, "optimizer");
  EXPECT_EQ(choices[1].chosen, "fast");

  const std::string own = ConfigDocument(text).chooseGroup("optimizer", "slow").applyTo(text);
  EXPECT_EQ(own, "defaults:\n  - base\n  - optimizer: slow  # by hand\n  - _self_\nseed: 3\n");
  EXPECT_EQ(composeFile(file, {}, own).values["optimizer"]["lr"], 0.125);
  const std::string below = ConfigDocument(own).chooseGroup("schedule", "cosine").applyTo(own);
  EXPECT_NE(below.find("  - _self_\n  - override /schedule: cosine\nseed"), std::string::npos) << below;
  const auto changed = composeFile(file, {}, below);
  ASSERT_TRUE(changed.composed) << below << changed.problems.front().what;
  EXPECT_EQ(groupChoices(*changed.composed)[0].chosen, "cosine");
  const std::string none = ConfigDocument(below).chooseGroup("schedule", {}).applyTo(below);
  EXPECT_NE(none.find("schedule: null"), std::string::npos);
  EXPECT_FALSE(groupChoices(*composeFile(file, {}, none).composed)[0].chosen);
  EXPECT_THROW(ConfigDocument("seed: 1\n").chooseGroup("optimizer", "slow"), Error);
}

TEST(Config, AllProblemsComeAtOnceAndTheRestKeepsItsValue) {
  const auto made = composeText(kSmall + "seed: x\nsede: 1\ntrain:\n  epochs: 7\n  batch_size: -1\n", "echo.yaml");
  ASSERT_EQ(made.problems.size(), 3U);
  EXPECT_EQ(made.problems[0].key, "seed");
  EXPECT_TRUE(made.problems[1].unknownKey);
  EXPECT_EQ(made.problems[2].position.line, 8);
  EXPECT_EQ(made.values["train"]["epochs"], 7);
}

TEST(Config, HalfWrittenYamlIsAProblemAtItsLineAndNoException) {
  for (const char* text :
       {"name: [", "defaults: [", "recipe: echo_text\n name: x\n", "a: {", "- a\n", "", "\t", "defaults: 3\n"}) {
    Composition made;
    ASSERT_NO_THROW(made = composeFile("half.yaml", {}, text)) << text;
    ASSERT_FALSE(made.problems.empty()) << text;
    EXPECT_EQ(made.problems.front().source, "half.yaml") << text;
  }
}

TEST(Yaml, HostileTextEndsInAnError) {
  EXPECT_THROW(readYaml(std::string(2 << 20, 'a'), "x"), Error);
  EXPECT_THROW(readYaml(std::string(200, '['), "x"), Error);
  EXPECT_THROW(readYaml(std::string("a\0b", 3), "x"), Error);
  EXPECT_THROW(readYaml("a: [1, 2\nb: 3\n", "x"), Error);
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) laughs += (j ? ", *a" : "*a") + std::to_string(i - 1);
    laughs += "]\n";
  }
  EXPECT_THROW(readYaml(laughs, "x"), Error);
}

TEST(Yaml, TextThatLooksLikeSomethingElseIsQuoted) {
  for (const std::string text : {"true", "1e3", "null", "", "a: b", "- x", "it's", "a\\d+ \"b\"", "a\nb", " x", "#x",
                                 "yes", "@x", "a #b", "[x", "x:"}) {
    const std::string yaml = "key: " + yamlText(text) + "\n";
    const YamlNode root = readYaml(yaml, "x");
    ASSERT_EQ(root.members.size(), 1U) << yaml;
    EXPECT_EQ(root.members[0].value.text, text) << yaml;
    SchemaKey free;
    free.path = "key";
    free.type = ValueType::Map;
    free.itemType = ValueType::Map;
    EXPECT_EQ(valueOf(free, readConfig("a: {b: " + yamlText(text) + "}", "x"))["a"]["b"], text) << yaml;
  }
  EXPECT_EQ(yamlText("data/studies.csv"), "data/studies.csv");
  EXPECT_EQ(yamlText(3.0), "3.0");
  EXPECT_EQ(yamlText(3e-4), "0.0003");
}

TEST(Config, KeysMustFitOneAnother) {
  const auto says = [](const std::vector<std::string>& overrides, const std::string& words) {
    const auto problem = problemOf(kSmall, overrides);
    EXPECT_NE(problem.find(words), std::string::npos) << problem;
  };
  says({"text.max_tokens=129", "model.decoder.positions=129"},
       "override text.max_tokens=129: text.max_tokens is 129, more than model.text.positions, which is 128. Lower");
  says({"model.decoder.positions=32"}, "text.max_tokens is 64, more than model.decoder.positions");
  says({"caption.max_tokens=200"}, "more than model.decoder.positions");
  says({"data.sample=study", "model.video.max_clips=3"}, "data.clips_per_study is 4, more than model.video.max_clips");
  says({"model.video.heads=3"}, "model.dimension is 128, no multiple of model.video.heads, which is 3");
  says({"model.video.pooling=attention", "model.video.pool_heads=3"}, "no multiple of model.video.pool_heads");
  says({"model.decoder.heads=5"}, "no multiple of model.decoder.heads");
  says({"model.text.hidden=127"}, "no multiple of model.text.heads");
  says({"loss.weights.contrastive=0", "loss.weights.caption=0"}, "nothing would be learnt");
  says({"data.mean=[120]"}, "data.mean is [120.0], but data.std is null. Give both");
  EXPECT_EQ(problemOf(kSmall, {"model.video.pool_heads=3", "model.video.max_clips=3", "data.mean=[120]",
                               "data.std=[30]", "loss.weights.caption=0"}),
            "no problem");
  EXPECT_EQ(problemOf(kSmall + "text:\n  max_tokens: 500\n").substr(0, 18), "echo.yaml, line 5:");
}

TEST(Lookup, TheWorkspaceComesBeforeOurs) {
  namespace fs = std::filesystem;
  const fs::path base = fs::temp_directory_path() / "counterpoint lookup";
  fs::remove_all(base);
  fs::create_directories(base / "workspace/configs/deep");
  fs::create_directories(base / "ours");
  std::ofstream(base / "workspace/counterpoint.yaml") << "version: 1\nname: test\n";
  std::ofstream(base / "workspace/configs/one.yaml") << "a: 1\n";
  std::ofstream(base / "workspace/configs/deep/two.yaml") << "a: 1\n";
  std::ofstream(base / "ours/one.yaml") << "a: 2\n";
  const auto workspace = Workspace::find(base / "workspace/configs/deep");
  ASSERT_TRUE(workspace);
  EXPECT_EQ(workspace->root, base / "workspace");
  EXPECT_EQ(configRoots(workspace).front(), base / "workspace/configs");
  EXPECT_EQ(workspaceOf(base / "workspace/runs/one"), base / "workspace");
  EXPECT_EQ(workspaceOf(base / "apart/runs/one/"), base / "apart");
  const std::vector<fs::path> roots = {workspace->configs, base / "ours"};
  EXPECT_EQ(findConfig("one", roots), base / "workspace/configs/one.yaml");
  EXPECT_EQ(findConfig("deep/two", roots), base / "workspace/configs/deep/two.yaml");
  EXPECT_EQ(configNames(roots[0]), (std::vector<std::string>{"deep/two", "one"}));
  EXPECT_THROW(findConfig("onne", roots), Error);
  fs::remove_all(base);
}

}  // namespace
}  // namespace counterpoint
