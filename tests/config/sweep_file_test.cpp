// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/config/sweeps/search.h"
#include "core/config/sweeps/trial_keys.h"

namespace counterpoint {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string refusalOf(const std::string& text) {
  try {
    readSweepText(text, "s.yaml");
    return "read";
  } catch (const Error& error) {
    return describe(error);
  }
}

struct Refused {
  const char* text;
  std::vector<const char*> words;
};

TEST(SweepFiles, ErrorsNameLineAndCure) {
  const std::string rest = "parameters: {x: {values: [1]}}\n";
  const Refused cases[] = {
      {"methud: grid\n", {"s.yaml, line 1", "methud", "Did you mean method?"}},
      {"name: a\n", {"method is missing"}},
      {"method: gird\n", {"line 1", "Did you mean grid?"}},
      {"method: custom\n", {"line 1", "custom"}},
      {"method: bayes\n", {"line 1", "needs a metric"}},
      {"method: random\nmetric: {goal: maximize}\n", {"line 2", "metric has no name"}},
      {"method: random\nmetric: {name: m, gaol: maximize}\n", {"line 2", "Did you mean goal?"}},
      {"method: random\nmetric: {name: m, goal: up}\n", {"line 2", "minimize, maximize"}},
      {"method: random\nmetric: {name: m, target: low}\n", {"line 2", "metric.target is low"}},
      {"method: random\nrun_cap: 0\n", {"line 2", "run_cap is below 1"}},
      {"method: random\nrun_cap: 1.5\n", {"line 2", "not a whole number"}},
      {"method: random\nearly_terminate: {type: hyperband, min_iter: 1}\n", {"line 2", "needs a metric"}},
      {"method: random\nmetric: {name: m}\nearly_terminate: {type: hyperband, s: 2}\n", {"line 3", "min_iter"}},
      {"method: random\nmetric: {name: m}\nearly_terminate: {type: hyperband, min_iter: 1, eta: 1}\n", {"above 1"}},
      {"method: random\nkind: job\n", {"line 2", "kind"}},
  };
  for (const auto& one : cases)
    for (const char* word : one.words) EXPECT_THAT(refusalOf(one.text + rest), HasSubstr(word)) << one.text;
  const Refused parameters[] = {
      {"  x: 3\n", {"line 3", "{value: …}"}},
      {"  9x: {value: 1}\n", {"line 3", "no name"}},
      {"  x: {values: []}\n", {"line 3", "at least one"}},
      {"  x: {vales: [1]}\n", {"line 3", "neither its values nor a range"}},
      {"  x: {min: 2, max: 1}\n", {"line 3", "min 2 is not less than max 1"}},
      {"  x: {min: 2}\n", {"both min and max"}},
      {"  x: {distribution: unifrom, min: 1, max: 2}\n", {"line 3", "Did you mean uniform?"}},
      {"  x: {distribution: normal, sigma: 0}\n", {"x.sigma"}},
      {"  x: {distribution: log_uniform_values, min: 0, max: 1}\n", {"no logarithm"}},
      {"  x: {values: [1, 2], probabilities: [0.5, 0.4]}\n", {"sum to 0.9"}},
      {"  x: {values: [1, 2], probabilities: [1]}\n", {"2 values and 1 probabilities"}},
      {"  x: {min: 1, max: .inf}\n", {"not a finite number"}},
      {"  x:\n    parameters:\n      y: {min: a, max: 2}\n", {"line 5", "x.y.min"}},
  };
  for (const auto& one : parameters)
    for (const char* word : one.words)
      EXPECT_THAT(refusalOf(std::string("method: random\nparameters:\n") + one.text), HasSubstr(word)) << one.text;
  EXPECT_THAT(refusalOf("method: grid\nparameters:\n  x: {min: 0.0, max: 1.0}\n"),
              HasSubstr("a grid cannot go through x"));
  EXPECT_THAT(refusalOf("method: random\n"), HasSubstr("parameters is missing"));
}

TEST(SweepFiles, NestedParametersAreFlattenedAndRestored) {
  const SweepFile file = readSweepText(
      "method: grid\nparameters:\n"
      "  optimizer: {parameters: {lr: {value: 0.1}, deep: {parameters: {b: {values: [1, 2]}}}}}\n  a: {value: x}\n",
      "s.yaml");
  ASSERT_THAT(file.parameters, SizeIs(3));
  EXPECT_EQ(file.parameters[1].key(), "optimizer.deep.b");
  const auto first = nextOfGrid(file, {});
  EXPECT_EQ(trialConfig(file, *first).dump(), R"({"a":{"value":"x"},"optimizer":{"value":{"deep":{"b":1},"lr":0.1}}})");
  EXPECT_THAT(overridesOf(file, *first), ElementsAre("a=x", "optimizer.deep.b=1", "optimizer.lr=0.1"));
}

TEST(SweepFiles, OverridesReadBackExactly) {
  const SweepFile file = readSweepText(
      "method: random\nparameters: {optimizer.lr: {distribution: log_uniform_values, min: 1.0e-6, max: 1.0}}\n", "s");
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto values = *nextTrial(file, {}, seed);
    const std::string text = overridesOf(file, values)[0];
    EXPECT_EQ(std::stod(text.substr(text.find('=') + 1)), values[0].get<double>()) << text;
  }
}

TEST(SweepFiles, TheReadyOneFitsItsRecipe) {
  const SweepFile file = readSweepFile(COUNTERPOINT_SOURCE_DIR "/configs/sweeps/echo_text.yaml");
  EXPECT_EQ(file.method, SweepMethod::Bayes);
  EXPECT_THAT(file.parameters, SizeIs(8));
  const SweepFit fit = fitToSchema(file, *schemaOf("echo_text"));
  EXPECT_THAT(fit.problems, IsEmpty());
  EXPECT_THAT(fit.renamed, IsEmpty());
  EXPECT_EQ(file.metric->name, "val/loss");
}

// In the form of DeepCORO's own sweep files (W&B schema, its names of keys).
TEST(SweepFiles, DeepcorosNamesAreOursWhereTheyMeanTheSame) {
  const SweepFile file = readSweepText(
      "command:\n  - ${env}\n  - torchrun\n  - --nproc_per_node=2\n  - ${args}\n"
      "name: multi\nproject: p\nentity: e\nmethod: bayes\nmetric: {name: best_val_loss, goal: minimize}\n"
      "early_terminate: {type: hyperband, min_iter: 5, eta: 3, s: 3, extra: 1}\n"
      "parameters:\n"
      "  lr: {distribution: log_uniform_values, min: 5e-5, max: 1e-3}\n"
      "  optimizer: {values: [RAdam, AdamW]}\n"
      "  num_heads: {values: [2, 4, 8, 16]}\n"
      "  video_freeze_ratio: {distribution: uniform, min: 0.8, max: 0.95}\n"
      "  temperature: {min: 0.05, max: 0.1}\n"
      "  dropout: {min: 0.1, max: 1.7}\n",
      "multi.yaml");
  EXPECT_THAT(file.command, SizeIs(4));
  EXPECT_THAT(file.notes, ElementsAre(HasSubstr("early_terminate.extra")));
  const SweepFit fit = fitToSchema(file, *schemaOf("echo_text"));
  std::vector<std::string> keys, lines;
  for (const auto& parameter : fit.file.parameters) keys.push_back(parameter.key());
  for (const auto& problem : fit.problems) lines.push_back(problem.line());
  EXPECT_THAT(keys, ElementsAre("optimizer.lr", "model.video.heads", "optimizer.name", "loss.temperature"));
  EXPECT_EQ(fit.file.parameters[2].distribution.values, std::vector<Json>{"adamw"});
  EXPECT_EQ(fit.file.metric->name, "val/loss");
  EXPECT_THAT(lines, ElementsAre(AllOf(HasSubstr("line 18"), HasSubstr("dropout cannot be 1.6")),
                                 AllOf(HasSubstr("line 14"), HasSubstr("RAdam")),
                                 AllOf(HasSubstr("line 16"), HasSubstr("there is no key video_freeze_ratio"))));
}

}  // namespace
}  // namespace counterpoint
