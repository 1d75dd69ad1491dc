// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line answers about a trained model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/formats/npy.h"
#include "core/protocol/messages.h"
#include "core/runs/event_reader.h"
#include "tests/system/trained_run.h"

namespace counterpoint {
namespace {

using ::testing::HasSubstr;

struct Verbs : ::testing::Test {
  TrialWorkspace& place = phantoms();
  std::string model;

  void SetUp() override {
    ASSERT_TRUE(trainedRun().isReady()) << trainedRun().resume.err;
    model = trainedRun().name();
  }
  // Rows of the table in a split: file and report.
  std::vector<std::pair<std::string, std::string>> rowsOf(const std::string& wanted) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& line : split(readFile(place / "data/studies.csv"), '\n')) {
      const auto cells = split(line, ',');
      if (cells.size() > 4 && cells[2] == wanted) {
        const auto begin = line.find('"') + 1;
        rows.emplace_back(cells[0], line.substr(begin, line.rfind('"') - begin));
      }
    }
    return rows;
  }
  // Made once, by whichever test comes first.
  const Json& metrics() {
    static const Outcome outcome = place.worker({"evaluate", model, "--split", "test", "--json"});
    static const Json values = outcome.status == 0 ? outcome.json() : throw environmentError(outcome.err, "evaluate");
    return values;
  }
  NpyArray embed(const std::string& kind, const std::vector<std::string>& lines) {
    place.write("lines.txt", join(lines, "\n") + "\n");
    const auto outcome =
        place.worker({"embed", "--model", model, "--kind", kind, "--input", "lines.txt", "--output", kind + ".npy"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return NpyArray::open(place / (kind + ".npy"));
  }
};

void expectUnitRows(const NpyArray& rows) {
  for (std::int64_t i = 0; i < rows.shape()[0]; ++i) {
    const auto row = rows.floatRow(i);
    EXPECT_NEAR(std::inner_product(row.begin(), row.end(), row.begin(), 0.0), 1.0, 1e-5) << "row " << i;
  }
}

TEST_F(Verbs, EvaluateMeasuresAndWritesEveryClip) {
  const Json values = metrics();
  const auto rows = rowsOf("test");
  ASSERT_GT(rows.size(), 4);
  for (const auto& [name, value] : values.items()) EXPECT_TRUE(std::isfinite(numberFromJson(value))) << name;
  for (const char* name : {"loss", "text_to_clip/recall@5", "clip_to_text/median_rank", "caption/bleu4",
                           "fact/view/accuracy", "fact/ejection_fraction/mean_absolute_error"})
    EXPECT_TRUE(values.contains(name)) << name;
  EXPECT_EQ(values.at("text_to_clip/recall@50"), 1.0);  // there are fewer clips than that

  const auto folder = trainedRun().folder / "results/test";
  EXPECT_EQ(readJsonFile(folder / "metrics.json").at("loss"), values.at("loss"));
  const auto clips = jsonLines(folder / "clips.jsonl");
  const auto texts = jsonLines(folder / "texts.jsonl");
  EXPECT_EQ(clips.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(clips[i].at("clip"), rows[i].first);
    EXPECT_EQ(clips[i].at("text"), rows[i].second);
  }
  const auto clipRows = NpyArray::open(folder / "clip_embeddings.npy");
  const auto textRows = NpyArray::open(folder / "text_embeddings.npy");
  EXPECT_EQ(clipRows.shape(), (std::vector<std::int64_t>{static_cast<std::int64_t>(clips.size()), 64}));
  EXPECT_EQ(textRows.shape(), (std::vector<std::int64_t>{static_cast<std::int64_t>(texts.size()), 64}));
  EXPECT_EQ(jsonLines(folder / "captions.jsonl").size(), rows.size());
  const auto queries = jsonLines(folder / "retrieval.jsonl");
  EXPECT_EQ(queries.size(), texts.size());
  for (const auto& query : queries) {
    EXPECT_EQ(query.at("right").size(), query.at("right_ranks").size());
    EXPECT_EQ(query.at("total"), rows.size());
  }
}

TEST_F(Verbs, OneRankMeasuresWhatTwoDid) {
  // A copy, for evaluate adds to the events of its run.
  const auto copy = place / "runs/copied";
  std::filesystem::copy(trainedRun().folder, copy,
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  const auto outcome = place.worker({"evaluate", "runs/copied/checkpoints/step_000036", "--split", "val", "--json"});
  std::filesystem::remove_all(copy);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EventReader reader{RunFolder(trainedRun().folder)};
  while (reader.poll().more) continue;
  const Json values = outcome.json();
  int compared = 0;
  for (const auto& [name, value] : values.items()) {
    if (name == "caption/brier") continue;  // calibrated now, raw then
    const Series* curve = reader.find("val/" + name);
    ASSERT_TRUE(curve) << name;
    ASSERT_EQ(curve->back().step, 36) << name;
    EXPECT_NEAR(curve->back().value, numberFromJson(value), 1e-4) << name;
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

TEST_F(Verbs, EveryClipWithAnEqualReportIsRight) {
  const auto copy = place / "runs/copied";
  std::filesystem::copy(trainedRun().folder, copy,
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  const auto outcome = place.worker({"evaluate", "runs/copied", "--split", "train", "--json"});
  const auto queries = outcome.status == 0 ? jsonLines(copy / "results/train/retrieval.jsonl") : std::vector<Json>();
  std::filesystem::remove_all(copy);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::map<std::string, std::vector<std::string>> clipsOf;
  for (const auto& [clip, report] : rowsOf("train")) clipsOf[report].push_back(clip);
  ASSERT_LT(clipsOf.size(), rowsOf("train").size()) << "no report comes twice";
  ASSERT_EQ(queries.size(), clipsOf.size());
  for (const auto& query : queries) {
    const auto& right = clipsOf.at(query.at("query").get<std::string>());
    EXPECT_EQ(query.at("right").get<std::vector<std::string>>(), right);
    EXPECT_EQ(query.at("right_ranks").size(), right.size());
    for (const auto& hit : hitsFromJson(query.at("hits")))
      EXPECT_EQ(hit.right, std::count(right.begin(), right.end(), hit.clip) == 1) << hit.clip;
  }
}

TEST_F(Verbs, EmbedGivesUnitRowsThatDependOnTheLineAlone) {
  const auto texts = embed("text", {"Normal systolic function.", "Subcostal view.", "Normal systolic function."});
  ASSERT_EQ(texts.shape(), (std::vector<std::int64_t>{3, 64}));
  expectUnitRows(texts);
  EXPECT_EQ(texts.floatRow(0), texts.floatRow(2));
  EXPECT_NE(texts.floatRow(0), texts.floatRow(1));

  const auto rows = rowsOf("test");
  const auto clips = embed("video", {rows[0].first, rows[1].first, rows[0].first});
  ASSERT_EQ(clips.shape(), (std::vector<std::int64_t>{3, 64}));
  expectUnitRows(clips);
  EXPECT_EQ(clips.floatRow(0), clips.floatRow(2));
  EXPECT_NE(clips.floatRow(0), clips.floatRow(1));
  // The same clip, as evaluate embedded it among others.
  metrics();
  const auto evaluated = NpyArray::open(trainedRun().folder / "results/test/clip_embeddings.npy").floatRow(0);
  const auto alone = clips.floatRow(0);
  for (std::size_t i = 0; i < alone.size(); ++i) EXPECT_NEAR(alone[i], evaluated[i], 1e-5) << i;
}

TEST_F(Verbs, RetrieveSortsHitsAndRanksTheRightAnswers) {
  metrics();
  const auto rows = rowsOf("test");
  const auto& report = rows[0].second;
  const auto outcome = place.worker({"retrieve", "--model", model, "--text", report, "-k", "5", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json answer = outcome.json();
  const auto hits = hitsFromJson(answer.at("hits"));
  ASSERT_EQ(hits.size(), 5);
  EXPECT_EQ(answer.at("total"), rows.size());
  const auto ranks = answer.at("right_ranks").get<std::vector<std::int64_t>>();
  const auto right = std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.second == report; });
  EXPECT_EQ(ranks.size(), right);
  EXPECT_TRUE(std::is_sorted(ranks.begin(), ranks.end()));
  for (std::size_t i = 0; i < hits.size(); ++i) {
    EXPECT_EQ(hits[i].rank, static_cast<int>(i) + 1);
    EXPECT_LE(hits[i].score, hits[i > 0 ? i - 1 : 0].score);
    EXPECT_LE(std::abs(hits[i].score), 1.0001);
    EXPECT_EQ(hits[i].right, hits[i].text == report);
    EXPECT_EQ(hits[i].right, std::count(ranks.begin(), ranks.end(), hits[i].rank) == 1);
  }
  // The same ranks as evaluate found for this report.
  for (const auto& query : jsonLines(trainedRun().folder / "results/test/retrieval.jsonl"))
    if (query.at("query") == report) {
      EXPECT_EQ(query.at("right_ranks"), answer.at("right_ranks"));
    }
}

TEST_F(Verbs, CaptionSaysWhatItGeneratedHowSureAndFromWhichFrames) {
  const auto clip = rowsOf("test")[0].first;
  const auto outcome = place.worker({"caption", "--model", model, clip, "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json answer = outcome.json().at(0);
  EXPECT_EQ(answer.at("caption").at("generated"), true);
  EXPECT_EQ(answer.at("caption").at("calibrated"), true);
  const Caption caption = captionFromJson(answer.at("caption"));
  ASSERT_FALSE(caption.sentences.empty());
  for (const auto& sentence : caption.sentences) {
    EXPECT_GE(sentence.confidence, 0);
    EXPECT_LE(sentence.confidence, 1);
    EXPECT_FALSE(sentence.tokens.empty());
    for (const auto& token : sentence.tokens) {
      EXPECT_GT(token.probability, 0);
      EXPECT_LE(token.probability, 1);
    }
  }
  const Seen seen = seenFromJson(answer.at("seen"));
  ASSERT_EQ(seen.frames.size(), 16);
  EXPECT_EQ(seen.frames[1] - seen.frames[0], 2);  // the stride of the config
  EXPECT_EQ(seen.size[0], 32);
  EXPECT_EQ(seen.sourceSize[0], 112);
  EXPECT_EQ(seen.channels, "grey_difference");

  // From the R wave that the user names; frames are 20 ms apart.
  const auto moved = place.worker({"caption", "--model", model, clip, "--start", "0.2", "--json"});
  ASSERT_EQ(moved.status, 0) << moved.err;
  EXPECT_EQ(seenFromJson(moved.json().at(0).at("seen")).frames.front(), 10);

  const auto words = place.worker({"caption", "--model", model, clip});
  EXPECT_THAT(words.out, HasSubstr("generated, research use, not for diagnosis"));
  EXPECT_THAT(words.out, HasSubstr(caption.sentences.front().text));
}

TEST_F(Verbs, LoraEmbedMakesTheSetsThatLoraRankReads) {
  const auto made = place.worker({"lora", "embed", "--model", model, "adapters/list.json"});
  ASSERT_EQ(made.status, 0) << made.err;
  const auto prompts = jsonLines(place / "adapters/prompts/subcostal.jsonl");
  const auto set = NpyArray::open(place / "adapters/embeddings/subcostal.npy");
  EXPECT_EQ(set.shape(), (std::vector<std::int64_t>{static_cast<std::int64_t>(prompts.size()), 64}));
  expectUnitRows(set);
  const auto alone = embed("text", {prompts[0].at("text")}).floatRow(0);
  for (std::size_t i = 0; i < alone.size(); ++i) EXPECT_NEAR(alone[i], set.floatRow(0)[i], 1e-5) << i;

  // An adapter's own mean is nearest to itself.
  const auto ranked = place.worker(
      {"lora", "rank", "adapters/list.json", "--query", "adapters/embeddings/subcostal.mean.npy", "-k", "3", "--json"});
  ASSERT_EQ(ranked.status, 0) << ranked.err;
  const Json answer = ranked.json();
  ASSERT_EQ(answer.at("names").size(), 3);
  EXPECT_EQ(answer.at("names")[0], "subcostal");
  EXPECT_NEAR(answer.at("similarities")[0].get<double>(), 1, 1e-6);
  const auto weights = answer.at("weights").get<std::vector<double>>();
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-9);
}

TEST_F(Verbs, InspectKnowsTheClip) {
  const auto outcome = place.worker({"inspect", rowsOf("test")[0].first, "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json answer = outcome.json();
  EXPECT_EQ(answer.at("kind"), "clip");
  EXPECT_EQ(answer.at("width"), 112);
  EXPECT_EQ(answer.at("frames_per_second"), 50.0);
  EXPECT_TRUE(answer.at("damage").is_null());
}

TEST_F(Verbs, TheWindowShowsItAll) {
  metrics();
  expectTour(place);
}

}  // namespace
}  // namespace counterpoint
