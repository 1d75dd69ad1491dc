// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/adapters/lora_list.h"
#include "core/adapters/lora_retrieval.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/formats/npy.h"
#include "tests/support/golden.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pointwise;

std::filesystem::path file(const std::string& name) { return goldenFolder("adapters") / name; }
LoraPool goldenPool() { return loadLoraLists({file("app.json"), "/dev/null", "none.json", file("category.json")}); }

template <typename Call>
std::string problemOf(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return describe(error);
  }
  return "no error";
}

LoraPool poolOf(const std::vector<std::pair<std::string, std::vector<float>>>& adapters) {
  LoraPool pool;
  for (const auto& [name, mean] : adapters) {
    LoraEntry entry;
    entry.name = name;
    entry.mean = mean;
    pool.dimension = static_cast<std::int64_t>(mean.size());
    pool.entries.push_back(entry);
  }
  return pool;
}

TEST(LoraList, JoinsListsAndCountsWhatIsLeftOut) {
  const LoraPool pool = goldenPool();
  const Json expected = readJsonFile(file("expected.json"));
  std::vector<std::string> names;
  for (const LoraEntry& entry : pool.entries) names.push_back(entry.name);
  EXPECT_EQ(names, expected["names"].get<std::vector<std::string>>());
  EXPECT_EQ(pool.dimension, 8);
  EXPECT_EQ(pool.listsSkipped, 2);
  EXPECT_EQ(pool.withoutName, 1);
  EXPECT_EQ(pool.withoutEmbedding, 2);
  EXPECT_EQ(pool.replaced, 1);
  EXPECT_EQ(pool.notes.size(), 6u);
  EXPECT_EQ(pool.entries[3].embeddingPath, file("emb/twin_later.npy"));
  EXPECT_EQ(pool.entries[0].path, "/nowhere/app_lora_clock");
}

TEST(LoraList, LooksBelowTheRootFirst) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder / "emb");
  const std::vector<std::int64_t> shape{2};
  writeNpy(folder / "emb/app_lora_clock.npy", shape, std::vector<float>{3, 4});
  writeFileAtomically(folder / "list.json", R"([{"lora_name": "x", "embedding_path": "emb/app_lora_clock.npy"}])");
  EXPECT_EQ(loadLoraLists({folder / "list.json"}).dimension, 2);
  EXPECT_EQ(loadLoraLists({folder / "list.json"}, goldenFolder("adapters")).dimension, 8);
}

TEST(LoraList, NamesWhatIsWrong) {
  TemporaryFolder folder;
  const auto path = folder / "list.json";
  const auto of = [&](const std::string& content) {
    writeFileAtomically(path, content);
    return problemOf([&] { loadLoraLists({path}); });
  };
  const std::vector<std::int64_t> two{2}, three{3}, cube{1, 1, 2};
  writeNpy(folder / "two.npy", two, std::vector<float>{1, 2});
  writeNpy(folder / "three.npy", three, std::vector<float>{1, 2, 3});
  writeNpy(folder / "nan.npy", two, std::vector<float>{1, NAN});
  writeNpy(folder / "cube.npy", cube, std::vector<float>{1, 2});
  EXPECT_THAT(of("{}"), HasSubstr("no JSON array"));
  EXPECT_THAT(of("[1]"), HasSubstr("adapter 1"));
  EXPECT_THAT(of(R"([{"lora_name": 5}])"), HasSubstr("adapter 1, lora_name"));
  EXPECT_THAT(
      of(R"([{"lora_name": "a", "embedding_path": "two.npy"}, {"lora_name": "b", "embedding_path": "three.npy"}])"),
      HasSubstr("has 3 numbers, the adapters before have 2"));
  EXPECT_THAT(of(R"([{"lora_name": "a", "embedding_path": "nan.npy"}])"), HasSubstr("not finite"));
  EXPECT_THAT(of(R"([{"lora_name": "a", "embedding_path": "cube.npy"}])"), HasSubstr("[1, 1, 2]"));
}

TEST(LoraRetrieval, AgreesWithNumpy) {
  const LoraPool pool = goldenPool();
  const Json expected = readJsonFile(file("expected.json"));
  const LoraMatrix matrix = similarityMatrix(pool);
  for (std::size_t i = 0; i < matrix.names.size(); ++i)
    for (std::size_t j = 0; j < matrix.names.size(); ++j) {
      EXPECT_NEAR(matrix.at(i, j), expected["matrix"][i][j].get<double>(), 1e-12);
      EXPECT_EQ(matrix.at(i, j), matrix.at(j, i));
    }
  const NpyArray queries = NpyArray::open(file("queries.npy"));
  int linear = 0;
  for (const Json& one : expected["cases"]) {
    const std::vector<float> query = queries.floatRow(one["row"].get<std::int64_t>());
    EXPECT_THAT(loraSimilarities(pool, query), Pointwise(DoubleNear(1e-12), one["scores"].get<std::vector<double>>()));
    EXPECT_THAT(loraSimilarities(pool, query, false),
                Pointwise(DoubleNear(1e-12), one["raw"].get<std::vector<double>>()));
    LoraRankOptions options;
    options.k = one["k"].get<std::int64_t>();
    options.temperature = one["temperature"].get<double>();
    const LoraRanking ranking = rankLoras(pool, query, options);
    EXPECT_EQ(ranking.names, one["names"].get<std::vector<std::string>>());
    EXPECT_THAT(ranking.similarities, Pointwise(DoubleNear(1e-12), one["similarities"].get<std::vector<double>>()));
    EXPECT_THAT(ranking.weights, Pointwise(DoubleNear(1e-12), one["softmax"].get<std::vector<double>>()));
    if (!one.contains("linear")) continue;
    ++linear;
    options.weights = LoraWeights::Linear;
    EXPECT_THAT(rankLoras(pool, query, options).weights,
                Pointwise(DoubleNear(1e-10), one["linear"].get<std::vector<double>>()));
  }
  EXPECT_GT(linear, 3);
}

TEST(LoraRetrieval, KeepsToItsOptions) {
  const LoraPool pool = poolOf({{"a", {1, 0}}, {"b", {1, 0}}, {"c", {0, 1}}, {"d", {-1, 0}}});
  const std::vector<float> query{2, 0};
  EXPECT_THAT(rankLoras(pool, query, {}).names, ElementsAre("a", "b", "c"));
  LoraRankOptions options;
  options.k = 9;
  EXPECT_EQ(rankLoras(pool, query, options).names.size(), 4u);
  options.k = 0;
  EXPECT_EQ(rankLoras(pool, query, options).names.size(), 3u);
  options.exclude = {"a"};
  EXPECT_THAT(rankLoras(pool, query, options).names, ElementsAre("b", "c", "d"));
  options.minSimilarity = 0.5;
  EXPECT_THAT(rankLoras(pool, query, options).names, ElementsAre("b"));
  EXPECT_THAT(rankLoras(pool, query, options).weights, ElementsAre(1.0));
  options.minSimilarity = 2;
  EXPECT_TRUE(rankLoras(pool, query, options).weights.empty());
  options = {};
  options.weights = LoraWeights::Uniform;
  options.k = 2;
  EXPECT_THAT(rankLoras(pool, query, options).weights, ElementsAre(0.5, 0.5));
  options.weights = LoraWeights::Raw;
  options.normalize = false;
  EXPECT_THAT(rankLoras(pool, query, options).weights, ElementsAre(2, 2));
  options.exclude = {"a", "b", "c", "d"};
  EXPECT_THAT(problemOf([&] { rankLoras(pool, query, options); }), HasSubstr("excluded"));
  options = {};
  options.temperature = 0;
  EXPECT_THAT(problemOf([&] { rankLoras(pool, query, options); }), HasSubstr("temperature"));
  EXPECT_THAT(problemOf([&] { rankLoras(pool, std::vector<float>{1}); }), HasSubstr("has 1 numbers"));
  EXPECT_THAT(problemOf([&] { rankLoras(pool, std::vector<float>{1, NAN}); }), HasSubstr("not finite"));
  EXPECT_THAT(problemOf([&] { rankLoras({}, query); }), HasSubstr("No LoRA embeddings loaded"));
  EXPECT_THAT(problemOf([] { loraWeightsOf("sofmax"); }), HasSubstr("softmax"));
  EXPECT_EQ(loraWeightsOf("linear"), LoraWeights::Linear);
}

TEST(LoraRetrieval, LargeRawScoresDoNotOverflowTheSoftmax) {
  const LoraPool pool = poolOf({{"a", {1000}}, {"b", {999}}});
  LoraRankOptions options;
  options.normalize = false;
  const LoraRanking ranking = rankLoras(pool, std::vector<float>{1}, options);
  EXPECT_NEAR(ranking.weights[0], 1 / (1 + std::exp(-5.0)), 1e-12);
}

TEST(LoraPoolFilter, MatchesWholeAppsOrRepeatsTheSlipOfTheReference) {
  const LoraPool pool = poolOf({{"app_lora_google_drive", {1}},
                                {"app_lora_google_maps_qwen2vl", {1}},
                                {"app_lora_etsy", {1}},
                                {"category_lora_office", {1}}});
  const auto names = [](const LoraPool& filtered) {
    std::vector<std::string> result;
    for (const LoraEntry& entry : filtered.entries) result.push_back(entry.name);
    return result;
  };
  EXPECT_EQ(names(filterPool(pool, {})).size(), 4u);
  EXPECT_THAT(names(filterPool(pool, {"google_drive", "etsy"})),
              ElementsAre("app_lora_google_drive", "app_lora_etsy", "category_lora_office"));
  EXPECT_THAT(names(filterPool(pool, {"google_maps"})),
              ElementsAre("app_lora_google_maps_qwen2vl", "category_lora_office"));
  // google_drive is taken for "google"; the suffix of the other Google saves it.
  EXPECT_THAT(names(filterPool(pool, {"google_drive", "google_maps", "etsy"}, PoolMatch::Head)),
              ElementsAre("app_lora_google_maps_qwen2vl", "app_lora_etsy", "category_lora_office"));
  const LoraPool noted = filterPool(pool, {"etsy", "amazon"});
  ASSERT_EQ(noted.notes.size(), 1u);
  EXPECT_THAT(noted.notes[0], HasSubstr("amazon"));
  EXPECT_THAT(problemOf([&] { filterPool(pool, {"amazon"}); }), HasSubstr("no app adapter is left"));
}

TEST(EmbeddingSet, WritesRowsMeanAndMeta) {
  TemporaryFolder folder;
  const EmbeddingSetFiles files = writeEmbeddingSet(
      folder / "sets/office", {1, 0, 0, 1, 1, 1}, 2,
      {.encoder = "run", .task = "", .prompt = "", .input = "p.jsonl", .texts = {"a", "b", "c"}, .normalized = false});
  EXPECT_EQ(files.mean, folder / "sets/office.mean.npy");
  EXPECT_THAT(NpyArray::open(files.rows).shape(), ElementsAre(3, 2));
  EXPECT_THAT(NpyArray::open(files.mean).floats(), ElementsAre(2.0f / 3, 2.0f / 3));
  const Json meta = readJsonFile(files.meta);
  EXPECT_EQ(meta["model_path"], "run");
  EXPECT_EQ(meta["stats"]["num_examples"], 3);
  EXPECT_EQ(meta["texts_preview"].size(), 3u);
  writeFileAtomically(folder / "list.json", R"([{"lora_name": "o", "embedding_path": "sets/office.mean.npy"}])");
  EXPECT_EQ(loadLoraLists({folder / "list.json"}).dimension, 2);
  EXPECT_THROW(writeEmbeddingSet(folder / "x", {1, 2, 3}, 2, {}), Error);
}

TEST(EmbeddingSet, AQueryOfAnotherEncoderIsWarnedOf) {
  TemporaryFolder folder;
  const auto write = [&](const char* name, const std::string& encoder, const std::string& prompt) {
    EmbeddingSetInfo info;
    info.encoder = encoder;
    info.task = "retrieval";
    info.prompt = prompt;
    info.episodes = {"17"};
    info.maxLength = 32;
    return writeEmbeddingSet(folder / name, {1, 0, 0, 1}, 2, info);
  };
  const auto meta = readJsonFile(write("office", "one", "query").meta);
  for (const char* key : {"device", "dtype", "include_role_tags", "text_batch_size", "normalized", "npy_paths"})
    EXPECT_TRUE(meta.contains(key)) << key;
  EXPECT_EQ(meta["episode_ids"], Json::array({"17"}));
  EXPECT_EQ(meta["max_length"], 32);
  writeFileAtomically(folder / "list.json", R"([{"lora_name": "o", "embedding_path": "office.mean.npy"}])");
  const auto pool = loadLoraLists({folder / "list.json"});
  EXPECT_TRUE(originWarnings(pool, write("same", "one", "query").rows).empty());
  const auto warnings = originWarnings(pool, write("other", "two", "document").rows);
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_THAT(warnings[0], testing::AllOf(testing::HasSubstr("\"one\""), testing::HasSubstr("\"two\"")));
  std::filesystem::remove(folder / "other.meta.json");
  EXPECT_TRUE(originWarnings(pool, folder / "other.npy").empty());  // nothing is known of it
}

TEST(RealSets, FitTheirOwnAdapters) {
  const std::filesystem::path shared = sharedFolder("data/lora_retriever");
  if (shared.empty()) GTEST_SKIP() << "no shared data on this machine (COUNTERPOINT_SHARED)";
  const LoraPool pool = loadLoraLists(
      {shared / "config/app_loras_config_internvl2.json", shared / "config/category_loras_config_internvl2.json"},
      shared);
  ASSERT_EQ(pool.entries.size(), 19u);
  EXPECT_EQ(pool.dimension, 2048);
  EXPECT_TRUE(pool.notes.empty());
  const LoraMatrix matrix = similarityMatrix(pool);
  int own = 0, rows = 0;
  for (std::size_t i = 0; i < 19; ++i) {
    EXPECT_EQ(matrix.at(i, i), 1);
    for (std::size_t j = 0; j < 19; ++j) EXPECT_EQ(matrix.at(i, j), matrix.at(j, i));
    std::string path = pool.entries[i].embeddingPath.string();
    const NpyArray set = NpyArray::open(path.replace(path.rfind(".mean"), 5, ""));
    ASSERT_THAT(set.shape(), ElementsAre(20, 2048));
    const std::vector<float> all = set.floats();
    for (std::size_t d = 0; d < 2048; d += 97) {
      double sum = 0;
      for (std::size_t row = 0; row < 20; ++row) sum += static_cast<double>(all[row * 2048 + d]);
      EXPECT_NEAR(pool.entries[i].mean[d], sum / 20, 1e-6);
    }
    for (std::int64_t row = 0; row < 20; ++row, ++rows) {
      const LoraRanking ranking = rankLoras(pool, set.floatRow(row));
      own += ranking.names[0] == pool.entries[i].name;
      EXPECT_NEAR(std::accumulate(ranking.weights.begin(), ranking.weights.end(), 0.0), 1, 1e-12);
    }
  }
  EXPECT_EQ(rows, 380);
  EXPECT_EQ(own, 330) << "NumPy counts 330 of 380";
}

}  // namespace
}  // namespace counterpoint
