// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/workspace.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/words.h"
#include "core/config/config.h"
#include "core/media/clip.h"
#include "core/sample/phantom.h"
#include "core/sample/reports.h"
#include "core/sample/workspace_files.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> contentBelow(const fs::path& folder) {
  std::map<std::string, std::string> content;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) content[fs::relative(entry.path(), folder).string()] = readFile(entry.path());
  }
  return content;
}

TEST(SampleWorkspace, HasEveryClipAsAVideoOfThePhantom) {
  const TemporaryFolder folder;
  const auto summary = writeSampleWorkspace(folder / "sample", {.studies = 12});
  const auto studies = planCohort({.studies = 12});
  std::istringstream table(readFile(folder / "sample/data/studies.csv"));
  std::string line;
  std::getline(table, line);
  EXPECT_EQ(line, "FileName,StudyInstanceUID,Split,View,Report,RWave,EjectionFraction,HeartRate");
  for (const SampleStudy& study : studies) {
    for (const SampleClip& planned : study.clips) {
      ASSERT_TRUE(std::getline(table, line));
      EXPECT_EQ(line.substr(0, line.find(',')), planned.file);
      const Clip clip = Clip::open(folder / "sample" / planned.file);
      EXPECT_EQ(clip.info().frameCount, 64);
      EXPECT_NEAR(clip.info().framesPerSecond, 50, 0.01);
      EXPECT_EQ(clip.info().damage, "");
      const auto drawn = Phantom(planned.view, study.heart, planned.rWave, planned.seed).frame(33);
      const Frame seen = clip.frame(33, Colour::Grey);
      ASSERT_EQ(seen.width, 112);
      ASSERT_EQ(seen.height, 112);
      double difference = 0, spread = 0, mean = 0;
      for (const auto value : drawn) mean += value / (112.0 * 112.0);
      for (std::size_t i = 0; i < drawn.size(); ++i) {
        difference += std::pow(seen.row(static_cast<int>(i / 112))[i % 112] - drawn[i], 2);
        spread += std::pow(drawn[i] - mean, 2);
      }
      EXPECT_LT(difference, 0.1 * spread) << planned.file;  // compression, not another picture
    }
  }
  EXPECT_FALSE(std::getline(table, line));
  EXPECT_EQ(summary.studies, 12);
  EXPECT_EQ(summary.trainStudies + summary.valStudies + summary.testStudies, 12);
  EXPECT_NE(readFile(folder / "sample/counterpoint.yaml").find("synthetic: true"), std::string::npos);
  EXPECT_NE(readFile(folder / "sample/README.txt").find("synthetic"), std::string::npos);
}

TEST(SampleWorkspace, VocabularyHasEveryWordOfTheReportsWhole) {
  const TemporaryFolder folder;
  writeSampleWorkspace(folder / "sample", {.studies = 10});
  const auto lines = split(readFile(folder / "sample/data/tokenizer/vocab.txt"), '\n');
  const std::set<std::string> words(lines.begin(), lines.end());
  EXPECT_EQ(lines[0], "[PAD]");
  for (const EchoView view : kEchoViews) {
    for (int percent = 15; percent <= 75; ++percent) {
      for (const std::string& word : split(lowerAscii(reportText(view, percent / 100.0)), ' ')) {
        EXPECT_TRUE(words.contains(word.back() == '.' ? word.substr(0, word.size() - 1) : word)) << word;
      }
    }
  }
  EXPECT_TRUE(words.contains("."));
  EXPECT_TRUE(words.contains("35"));
}

TEST(SampleWorkspace, ConfigIsWhatTheSchemaKnowsAndItsPathsAreThere) {
  const Composition composition = composeText(sampleConfig(), "echo_text.yaml");
  for (const ConfigProblem& problem : composition.problems) ADD_FAILURE() << problem.where() << ": " << problem.what;
  ASSERT_NE(composition.schema, nullptr);
  const TemporaryFolder folder;
  writeSampleWorkspace(folder / "sample", {.studies = 10});
  const Config config = Config::fromFile(folder / "sample/configs/echo_text.yaml");
  EXPECT_TRUE(fs::exists(folder / "sample" / config.get<std::string>("data.csv")));
  EXPECT_TRUE(fs::exists(folder / "sample" / config.get<std::string>("text.tokenizer")));
  EXPECT_EQ(config.get<std::string>("data.start"), "r_wave");
}

TEST(SampleWorkspace, ListsSixAdaptersWithTheirPrompts) {
  const TemporaryFolder folder;
  writeSampleWorkspace(folder / "sample", {.studies = 10});
  const Json list = readJsonFile(folder / "sample/adapters/list.json");
  ASSERT_EQ(list.size(), 6U);
  for (const Json& adapter : list) {
    for (const char* key : {"lora_name", "lora_path", "embedding_path", "description"}) {
      EXPECT_TRUE(adapter.contains(key));
    }
    const auto lines = split(
        readFile(folder / "sample/adapters/prompts" / (adapter["lora_name"].get<std::string>() + ".jsonl")), '\n');
    ASSERT_EQ(lines.size(), 21U);  // the last is empty
    EXPECT_TRUE(lines[20].empty());
    for (std::size_t i = 0; i < 20; ++i) {
      const Json line = Json::parse(lines[i]);
      EXPECT_FALSE(line["text"].get<std::string>().empty());
    }
  }
}

TEST(SampleWorkspace, IsTheSameForTheSameSeedWhateverTheThreads) {
  const TemporaryFolder folder;
  writeSampleWorkspace(folder / "one/sample", {.studies = 10, .seed = 5, .threads = 1});
  writeSampleWorkspace(folder / "three/sample", {.studies = 10, .seed = 5, .threads = 3});
  writeSampleWorkspace(folder / "other/sample", {.studies = 10, .seed = 6, .threads = 1});
  const auto one = contentBelow(folder / "one/sample");
  EXPECT_GT(one.size(), 30U);
  EXPECT_TRUE(one == contentBelow(folder / "three/sample"));
  EXPECT_FALSE(one == contentBelow(folder / "other/sample"));
}

TEST(SampleWorkspace, CountsTheClipsAsTheyAreDone) {
  const TemporaryFolder folder;
  int calls = 0, last = 0;
  const auto summary = writeSampleWorkspace(folder / "sample", {.studies = 10}, [&](int done, int total) {
    ++calls;
    EXPECT_EQ(done, last + 1);
    EXPECT_LE(done, total);
    last = done;
  });
  EXPECT_EQ(calls, summary.clips);
}

TEST(SampleWorkspace, LeavesNothingWhenItIsCancelled) {
  const TemporaryFolder folder;
  std::stop_source stop;
  const auto cancelAtThree = [&](int done, int) {
    if (done == 3) stop.request_stop();
  };
  try {
    writeSampleWorkspace(folder / "sample", {.studies = 20}, cancelAtThree, stop.get_token());
    FAIL() << "finished";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Stopped);
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(SampleWorkspace, LeavesNothingOnAFullDisk) {
  const TemporaryFolder folder;
  bool asked = false;
  setWriteFault([&](const fs::path& path, std::size_t&) {
    const bool hit = path.string().find("studies.csv") != std::string::npos;
    asked = asked || hit;
    return hit ? ENOSPC : 0;
  });
  EXPECT_THROW(writeSampleWorkspace(folder / "sample", {.studies = 10, .threads = 1}), Error);
  setWriteFault(nullptr);
  EXPECT_TRUE(asked);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(SampleWorkspace, TakesAnEmptyFolderAndRefusesAFullOne) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "a b");
  writeSampleWorkspace(folder / "a b", {.studies = 10});
  EXPECT_TRUE(fs::exists(folder / "a b/counterpoint.yaml"));
  EXPECT_THROW(writeSampleWorkspace(folder / "a b", {.studies = 10}), Error);
}

}  // namespace
}  // namespace counterpoint
