// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/memory_check.h"

#include <gmock/gmock.h>

#include "core/base/files.h"
#include "core/config/config.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using testing::HasSubstr;

Json valuesOf(const std::vector<std::string>& overrides = {}) {
  return composeText("recipe: echo_text\ndata: {csv: t.csv}\n", "t.yaml", overrides).values;
}

MemoryQuestion question(int ranks = 1) {
  MemoryQuestion asked;
  asked.ranks = ranks;
  return asked;
}

double bytesOf(const std::vector<MemoryPart>& parts, const std::string& name) {
  for (const auto& part : parts)
    if (part.name == name) return part.bytes;
  ADD_FAILURE() << name;
  return 0;
}

std::int64_t parametersOf(const MemoryEstimate& estimate, const std::string& name) {
  for (const auto& [module, count] : estimate.modules)
    if (module == name) return count;
  return -1;
}

// Counts of torchvision's mvit_v2_s and r3d_18 without their heads, and of bert-base without its pooler.
TEST(MemoryEstimate, CountsThePublishedNetworks) {
  const auto mvit = estimateMemory(
      valuesOf({"model.video.backbone=mvit", "data.size=224", "data.frames=16", "data.channels=rgb"}), question());
  EXPECT_EQ(parametersOf(mvit, "video backbone"), 34'230'144);
  EXPECT_EQ(mvit.videoTokens, 393);
  const auto r3d = estimateMemory(
      valuesOf({"model.video.r3d.stem_width=64", "data.channels=rgb", "model.video.r3d.stem_kernel=[3,7,7]",
                "model.video.r3d.stages=[{width: 64, blocks: 2, stride: [1,1,1]}, {width: 128, blocks: 2, stride: "
                "[2,2,2]}, {width: 256, blocks: 2, stride: [2,2,2]}, {width: 512, blocks: 2, stride: [2,2,2]}]"}),
      question());
  EXPECT_EQ(parametersOf(r3d, "video backbone"), 33'166'272);
  const auto bert = estimateMemory(valuesOf({"model.text.layers=12", "model.text.hidden=768", "model.text.heads=12",
                                             "model.text.feed_forward=3072", "model.text.positions=512"}),
                                   question());
  EXPECT_EQ(parametersOf(bert, "text encoder"), 108'891'648 + 768 * 128 + 128);
}

TEST(MemoryEstimate, FollowsBatchRanksAndWhatIsTrained) {
  const auto one = estimateMemory(valuesOf({"train.batch_size=16"}), question(1));
  const auto two = estimateMemory(valuesOf({"train.batch_size=16"}), question(2));
  const auto twice = estimateMemory(valuesOf({"train.batch_size=32"}), question(2));
  EXPECT_EQ(one.samples, 16);
  EXPECT_EQ(two.samples, 8);
  EXPECT_DOUBLE_EQ(bytesOf(two.device, "activations") * 2, bytesOf(one.device, "activations"));
  EXPECT_DOUBLE_EQ(twice.deviceBytes(), one.deviceBytes());
  EXPECT_DOUBLE_EQ(bytesOf(one.device, "weights"), 4.0 * static_cast<double>(one.parameters));
  EXPECT_DOUBLE_EQ(bytesOf(one.device, "optimizer state"), 8.0 * static_cast<double>(one.trainable));
  EXPECT_EQ(one.parameters, one.trainable);

  auto fewWords = question(1);  // so that the backbone is what counts
  fewWords.vocabulary = 100;
  const auto open = estimateMemory(valuesOf({"train.batch_size=16"}), fewWords);
  const auto frozen = estimateMemory(valuesOf({"train.batch_size=16", "model.video.trainable=0"}), fewWords);
  EXPECT_EQ(frozen.parameters - frozen.trainable, parametersOf(frozen, "video backbone"));
  EXPECT_LT(bytesOf(frozen.device, "activations"), bytesOf(open.device, "activations") / 2);
  const auto sgd = estimateMemory(valuesOf({"optimizer.name=sgd"}), question(1));
  EXPECT_DOUBLE_EQ(bytesOf(sgd.device, "optimizer state"), 4.0 * static_cast<double>(sgd.trainable));
  EXPECT_EQ(bytesOf(estimateMemory(valuesOf({"data.start=random"}), question()).host, "cache of decoded clips"), 0);
  auto few = question();
  few.trainClips = 3;
  EXPECT_DOUBLE_EQ(
      bytesOf(estimateMemory(valuesOf({"data.frames=4", "data.size=32"}), few).host, "cache of decoded clips"),
      3 * 4 * 32 * 32 * 4.0);
}

MachineFacts machine(double gpuFree) {
  MachineFacts facts;
  facts.totalBytes = 64'000'000'000;
  facts.freeBytes = 48'000'000'000;
  facts.gpus = {{"0", "Test GPU", static_cast<std::uint64_t>(gpuFree), 24'000'000'000}};
  return facts;
}

TEST(MemoryCheck, SaysWhatFitsAndMendsWhatDoesNot) {
  const Json large = valuesOf({"train.batch_size=256", "data.size=224", "data.frames=32"});
  const auto roomy = checkMemory(valuesOf({"train.batch_size=2"}), ".", {}, machine(20e9));
  ASSERT_EQ(roomy.devices.size(), 2U);
  EXPECT_EQ(roomy.devices[0].device, "cuda:0");
  EXPECT_FALSE(anyBad(roomy.findings));
  for (const auto& finding : roomy.findings) EXPECT_EQ(finding.severity, CheckSeverity::Info) << finding.oneLine();

  const auto tight = checkMemory(large, ".", {}, machine(20e9));
  const auto& finding = tight.findings.front();
  EXPECT_EQ(finding.severity, CheckSeverity::Warning);
  EXPECT_THAT(finding.oneLine(), HasSubstr("estimate"));
  ASSERT_TRUE(finding.mend);
  EXPECT_EQ(finding.mend->key, "train.batch_size");
  Json mended = large;
  mended["train"]["batch_size"] = std::stoi(finding.mend->value);
  const auto after = checkMemory(mended, ".", {}, machine(20e9));
  EXPECT_EQ(after.findings.front().severity, CheckSeverity::Info) << after.findings.front().oneLine();
}

TEST(MemoryCheck, WeightsThatNeverFitAreBad) {
  const Json values = valuesOf(
      {"model.text.layers=48", "model.text.hidden=4096", "model.text.heads=32", "model.text.feed_forward=16384"});
  const auto check = checkMemory(values, ".", {}, machine(24e9));
  EXPECT_EQ(check.findings.front().severity, CheckSeverity::Bad);
  EXPECT_FALSE(check.findings.front().mend);
}

TEST(MemoryCheck, DevicesAreDealtAsTheLauncherDealsThem) {
  auto two = machine(20e9);
  two.gpus.push_back({"1", "Test GPU", 20'000'000'000, 24'000'000'000});
  const auto three = checkMemory(valuesOf(), ".", {3, {}, 0}, two);
  ASSERT_EQ(three.devices.size(), 3U);
  EXPECT_EQ(three.devices[0].ranks, 2);
  EXPECT_EQ(three.devices[1].ranks, 1);
  const auto cpu = checkMemory(valuesOf({"launch.devices=[cpu]"}), ".", {2, {}, 0}, two);
  ASSERT_EQ(cpu.devices.size(), 1U);
  EXPECT_DOUBLE_EQ(cpu.devices[0].needBytes, 2 * (cpu.estimate.deviceBytes() + cpu.estimate.hostBytes()));
  const auto gone = checkMemory(valuesOf({"launch.devices=[7]"}), ".", {}, two);
  ASSERT_TRUE(anyBad(gone.findings));
  EXPECT_EQ(gone.findings.front().mend->override(), "launch.devices=[cpu]");
}

TEST(MemoryCheck, OtherRecipesAreNotGuessedAt) {
  for (const auto& schema : allSchemas()) {
    if (schema.recipe() == "echo_text") continue;
    const auto check = checkMemory(Json{{"recipe", schema.recipe()}}, ".", {}, machine(20e9));
    ASSERT_EQ(check.findings.size(), 1U) << schema.recipe();
    EXPECT_TRUE(check.devices.empty());
  }
}

TEST(MemoryCheck, CountsTheTokensOfATokenizer) {
  const TemporaryFolder folder;
  writeFileAtomically(folder / "vocab.txt", "[PAD]\n[UNK]\nheart");
  EXPECT_EQ(vocabularySize(folder / "vocab.txt"), 3);
  EXPECT_EQ(vocabularySize(folder.path()), 3);
  writeFileAtomically(folder / "tokenizer.json", R"({"model": {"vocab": {"[PAD]": 0, "a": 1}}})");
  EXPECT_EQ(vocabularySize(folder.path()), 2);
  EXPECT_EQ(vocabularySize(folder / "none.txt"), 0);
}

}  // namespace
}  // namespace counterpoint
