// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/event_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "core/base/clock.h"
#include "core/runs/scalar_line.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::ElementsAre;

struct EventReaderTest : ::testing::Test {
  TemporaryFolder temporary;
  RunFolder folder{temporary.path()};

  void put(const std::string& text) { std::ofstream(folder.events(), std::ios::app) << text; }
  void putScalar(int attempt, int step, double value, const std::string& name = "train/loss") {
    RunEvent event{1000.0 + step, attempt, step, step / 10.0, "scalar", {{"values", {{name, numberToJson(value)}}}}};
    put(eventLine(event) + "\n");
  }
  static std::vector<std::int64_t> steps(const Series* series) {
    std::vector<std::int64_t> result;
    for (std::size_t i = 0; series && i < series->size(); ++i) result.push_back((*series)[i].step);
    return result;
  }
};

TEST_F(EventReaderTest, SurvivesAMissingFileAndFindsItLater) {
  EventReader reader(folder);
  EXPECT_FALSE(reader.poll().any());
  putScalar(0, 1, 0.5);
  const auto change = reader.poll();
  EXPECT_THAT(change.series, ElementsAre("train/loss"));
  EXPECT_DOUBLE_EQ(reader.find("train/loss")->back().value, 0.5);
}

TEST_F(EventReaderTest, WaitsForTheEndOfAHalfWrittenLine) {
  EventReader reader(folder);
  put(R"({"t":1,"attempt":0,"step":1,"epoch":0,"kind":"scalar","values":{"a":)");
  EXPECT_FALSE(reader.poll().any());
  EXPECT_EQ(reader.offset(), 0u);
  put("2.5}}\n");
  reader.poll();
  EXPECT_DOUBLE_EQ(reader.find("a")->back().value, 2.5);
  EXPECT_EQ(reader.damagedLines(), 0u);
}

TEST_F(EventReaderTest, CountsDamagedLinesAndKeepsUnknownKinds) {
  put("{\"t\":1,\"kind\":\n\n[1]\n");
  put(R"({"t":5,"attempt":0,"step":3,"epoch":0.5,"kind":"hologram","colour":"blue"})"
      "\n");
  putScalar(0, 4, 1);
  EventReader reader(folder);
  const auto change = reader.poll();
  EXPECT_EQ(reader.damagedLines(), 2u);
  EXPECT_EQ(change.newReferences, 1u);
  const RunEvent event = reader.read(reader.references()[0]);
  EXPECT_EQ(event.kind, "hologram");
  EXPECT_EQ(event.members["colour"], "blue");
  EXPECT_EQ(reader.find("train/loss")->size(), 1u);
}

TEST_F(EventReaderTest, NeverReadsFromTheStartAgain) {
  for (int step = 0; step < 100; ++step) putScalar(0, step, step);
  EventReader reader(folder);
  reader.poll();
  // What was read already is spoilt in place: a reader that looked at it again would notice.
  const auto end = reader.offset();
  {
    std::fstream file(folder.events(), std::ios::in | std::ios::out);
    file << std::string(end - 1, 'x');
  }
  putScalar(0, 100, 100);
  const auto change = reader.poll();
  EXPECT_EQ(reader.damagedLines(), 0u);
  EXPECT_EQ(reader.find("train/loss")->size(), 101u);
  EXPECT_FALSE(change.reset);
}

TEST_F(EventReaderTest, AResumedAttemptHidesWhatCameAfterItsCheckpoint) {
  EventWriter first(folder, 0);
  for (int step = 1; step <= 10; ++step) {
    first.at(step, 0);
    first.scalar("loss", step);
    first.text("note", "first " + std::to_string(step));
  }
  EventReader reader(folder);
  reader.poll();
  EventWriter second(folder, 1);
  second.resumed(6, 0);
  second.at(7, 0);
  second.scalar("loss", 70);
  const auto change = reader.poll();
  EXPECT_TRUE(change.reset);
  EXPECT_THAT(steps(reader.find("loss")), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(reader.find("loss")->back().value, 70);
  EXPECT_EQ(reader.last("text", 1)[0].members["text"], "first 6");
  // The same from the start, in one go.
  EventReader fresh(folder);
  fresh.poll();
  EXPECT_THAT(steps(fresh.find("loss")), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(fresh.references().size(), reader.references().size());
}

TEST_F(EventReaderTest, WithoutAResumeEventTheFirstScalarDecides) {
  for (int step = 1; step <= 5; ++step) putScalar(0, step, step);
  put(R"({"t":1,"attempt":1,"step":0,"epoch":0,"kind":"log","level":"info","text":"loading"})"
      "\n");
  putScalar(1, 4, 40);
  putScalar(0, 6, 6);  // a straggler of the earlier attempt
  EventReader reader(folder);
  reader.poll();
  EXPECT_THAT(steps(reader.find("train/loss")), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(reader.find("train/loss")->back().value, 40);
}

TEST_F(EventReaderTest, AReplacedFileIsReadAnew) {
  for (int step = 0; step < 5; ++step) putScalar(0, step, step);
  EventReader reader(folder);
  reader.poll();
  std::filesystem::remove(folder.events());
  putScalar(0, 9, 9);
  const auto change = reader.poll();
  EXPECT_TRUE(change.reset);
  EXPECT_THAT(steps(reader.find("train/loss")), ElementsAre(9));
}

TEST_F(EventReaderTest, TheIndexOpensWithoutTheEvents) {
  constexpr int kCount = 20'000;
  std::string text;
  for (int step = 1; step <= kCount; ++step) {
    RunEvent event{
        1000.0 + step, 0, step, 0, "scalar", {{"values", {{"a", step % 777}, {"b", numberToJson(std::nan(""))}}}}};
    text += eventLine(event) + "\n";
    if (step % 100 == 0) text += eventLine({1000, 0, step, 0, "text", {{"name", "n"}, {"text", step}}}) + "\n";
  }
  put(text);
  { EventReader(folder).poll(); }
  EventReader reader(folder);
  EXPECT_EQ(reader.offset(), text.size());
  EXPECT_FALSE(reader.poll().any());
  ASSERT_EQ(reader.find("a")->size(), static_cast<std::size_t>(kCount));
  EXPECT_EQ(reader.find("a")->extremes(0, kCount).maximum, 776);
  EXPECT_EQ(reader.find("b")->nonFinite().size(), static_cast<std::size_t>(kCount));
  EXPECT_EQ(reader.references().size(), 200u);
  EXPECT_EQ(reader.last("text", 1)[0].members["text"], kCount);
  // It goes on from there, and hides across the border between index and new events.
  EventWriter writer(folder, 1);
  writer.resumed(15'000, 0);
  writer.at(15'001, 0);
  writer.scalar("a", -5);
  EXPECT_TRUE(reader.poll().reset);
  EXPECT_EQ(reader.find("a")->size(), 15'001u);
  EXPECT_EQ(reader.references().size(), 151u);
  reader.saveIndex();
  EventReader again(folder);
  EXPECT_EQ(again.find("a")->size(), 15'001u);
  EXPECT_EQ(again.find("a")->extremes(0, 20'000).minimum, -5);
}

TEST_F(EventReaderTest, AnIndexOfOtherEventsIsNotBelieved) {
  for (int step = 1; step <= 3000; ++step) putScalar(0, step, 1);
  { EventReader(folder).poll(); }
  std::filesystem::remove(folder.events());
  for (int step = 1; step <= 3001; ++step) putScalar(0, step, 2);
  EventReader reader(folder);
  reader.poll();
  EXPECT_EQ(reader.find("train/loss")->size(), 3001u);
  EXPECT_EQ(reader.find("train/loss")->extremes(0, 3001).minimum, 2);
}

TEST_F(EventReaderTest, ADamagedIndexIsMadeAgain) {
  for (int step = 1; step <= 3000; ++step) putScalar(0, step, step);
  { EventReader(folder).poll(); }
  std::filesystem::resize_file(folder.scratch() / "events" / "0.points", 100);
  EventReader reader(folder);
  reader.poll();
  EXPECT_EQ(reader.find("train/loss")->size(), 3000u);
}

TEST_F(EventReaderTest, CountsOfAnIndexThatWrapAroundAreNotBelieved) {
  for (int step = 1; step <= 3000; ++step) putScalar(0, step, step);
  { EventReader(folder).poll(); }
  const auto file = folder.scratch() / "events" / "index.json";
  const Json whole = readJsonFile(file);
  // Times the size of a record, each is a small number modulo 2^64.
  for (const std::uint64_t count : {std::uint64_t{1} << 60, std::uint64_t{1} << 61, std::uint64_t{1} << 63}) {
    Json json = whole;
    json["references"] = count;
    writeJsonFile(file, json);
    EventReader(folder).poll();
    json = whole;
    json["series"][0]["points"] = count;
    writeJsonFile(file, json);
    EventReader reader(folder);
    reader.poll();
    EXPECT_EQ(reader.find("train/loss")->size(), 3000u);
  }
}

TEST_F(EventReaderTest, ABudgetEndsAPollBeforeTheFile) {
  std::string text;
  for (int step = 1; step <= 60'000; ++step)
    text += eventLine({1, 0, step, 0, "scalar", {{"values", {{"a", step}}}}}) + "\n";
  put(text);
  EventReader reader(folder);
  int polls = 1;
  while (reader.poll(1 << 20).more) ++polls;
  EXPECT_GT(polls, 2);
  EXPECT_EQ(reader.find("a")->size(), 60'000u);
}

TEST(ScalarLine, ReadsWhatJsonReads) {
  for (const std::string line : {
           R"({"t":1732.25,"attempt":2,"step":-7,"epoch":1e-3,"kind":"scalar","values":{"a/b":0.1,"c":"nan"}})",
           R"( { "values" : { } , "kind" : "scalar" , "t" : -1.5E+2 } )",
       }) {
    ScalarLine fast;
    ASSERT_TRUE(parseScalarLine(line, fast)) << line;
    const RunEvent slow = eventFromLine(line);
    EXPECT_EQ(fast.time, slow.time);
    EXPECT_EQ(fast.epoch, slow.epoch);
    EXPECT_EQ(fast.step, slow.step);
    EXPECT_EQ(fast.attempt, slow.attempt);
    EXPECT_EQ(fast.values.size(), slow.members["values"].size());
  }
  ScalarLine line;
  for (const std::string text :
       {R"({"kind":"text","values":{}})", R"({"kind":"scalar","values":{"a":[1]}})",
        R"({"kind":"scalar","values":{"a":nan}})", R"({"kind":"scalar","values":{"a\"":1}})",
        R"({"kind":"scalar","values":{"a":1})", R"({"kind":"scalar"})", R"({"kind":"scalar","values":{"a":1}}x)", ""})
    EXPECT_FALSE(parseScalarLine(text, line)) << text;
}

}  // namespace
}  // namespace counterpoint
