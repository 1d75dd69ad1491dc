// SPDX-License-Identifier: GPL-3.0-or-later
// Arrows between folders point one way only (ARCHITECTURE.md); the programs link what they may.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = COUNTERPOINT_SOURCE_DIR;
const fs::path kBinary = COUNTERPOINT_BINARY_DIR;

const std::vector<std::string> kLayers = {"base",      "formats", "config",   "runs",    "media",  "text",
                                          "adapters",  "jobs",    "protocol", "sample",  "device", "tensorio",
                                          "dist",      "nn",      "models",   "losses",  "data",   "train",
                                          "retrieval", "lora",    "eval",     "recipes", "serve"};
constexpr int kFirstTorchLayer = 10;

int layerIndex(const std::string& name) {
  const auto found = std::find(kLayers.begin(), kLayers.end(), name);
  return found == kLayers.end() ? -1 : static_cast<int>(found - kLayers.begin());
}

struct Include {
  fs::path file;  // relative to the source tree
  int line;
  std::string target;
  bool own;
};

bool isSource(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cpp" || path.extension() == ".cu";
}

std::vector<Include> includesBelow(const char* folder) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> result;
  if (!fs::exists(kSource / folder)) return result;
  for (const auto& entry : fs::recursive_directory_iterator(kSource / folder)) {
    if (!isSource(entry.path())) continue;
    std::ifstream stream(entry.path());
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
      std::smatch match;
      if (std::regex_search(line, match, kInclude))
        result.push_back({fs::relative(entry.path(), kSource), number, match[2], match[1] == "\""});
    }
  }
  return result;
}

std::string place(const Include& include) {
  return include.file.string() + ":" + std::to_string(include.line) + " includes " + include.target;
}

std::vector<std::string> partsOf(const fs::path& path) {
  std::vector<std::string> parts;
  for (const auto& part : path) parts.push_back(part.string());
  return parts;
}

bool startsWith(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

TEST(Layering, CoreLooksUpOnly) {
  int seen = 0;
  for (const auto& include : includesBelow("core")) {
    const auto from = partsOf(include.file);
    const auto to = partsOf(include.target);
    EXPECT_NE(to[0], "app") << place(include);
    EXPECT_NE(to[0], "widgets") << place(include);
    if (to[0] != "core") continue;
    ++seen;
    if (from[1] == "cuda") {
      EXPECT_TRUE(to[1] == "device" || to[1] == "cuda" || to[1] == "base") << place(include);
      continue;
    }
    ASSERT_GE(layerIndex(from[1]), 0) << include.file << " is in no known layer";
    ASSERT_GE(layerIndex(to[1]), 0) << place(include) << ", which is no known layer";
    EXPECT_LE(layerIndex(to[1]), layerIndex(from[1])) << place(include);
  }
  EXPECT_GT(seen, 10);
}

TEST(Layering, OnlyTheLowerHalfOfCoreSeesLibTorchAndNoneSeesQt) {
  static const std::regex kQt("^Q[A-Z][A-Za-z0-9]*(/.*)?$");
  for (const auto& include : includesBelow("core")) {
    if (include.own) continue;
    EXPECT_FALSE(std::regex_match(include.target, kQt)) << place(include);
    const auto from = partsOf(include.file);
    if (from[1] == "cuda" || layerIndex(from[1]) >= kFirstTorchLayer) continue;
    for (const char* prefix : {"torch/", "ATen/", "c10/"})
      EXPECT_FALSE(startsWith(include.target, prefix)) << place(include);
  }
}

TEST(Layering, NobodyIncludesAllOfTorch) {
  for (const char* folder : {"app", "widgets", "core", "tests"})
    for (const auto& include : includesBelow(folder)) {
      EXPECT_NE(include.target, "torch/torch.h") << place(include);
      EXPECT_NE(include.target, "torch/extension.h") << place(include);
    }
}

TEST(Layering, PanesDoNotKnowOneAnotherNorTheWindow) {
  for (const auto& include : includesBelow("widgets")) {
    const auto from = partsOf(include.file);
    const auto to = partsOf(include.target);
    EXPECT_NE(to[0], "app") << place(include);
    if (to[0] == "widgets") {
      EXPECT_TRUE(to[1] == "common" || to[1] == from[1]) << place(include);
    }
    if (to[0] == "core") {
      EXPECT_LT(layerIndex(to[1]), kFirstTorchLayer) << place(include);
    }
  }
}

TEST(Layering, OnlyTheRankSeesTensors) {
  for (const auto& include : includesBelow("app")) {
    const auto from = partsOf(include.file);
    const auto to = partsOf(include.target);
    if (from[1] == "rank") continue;
    if (to[0] == "core") {
      EXPECT_LT(layerIndex(to[1]), kFirstTorchLayer) << place(include);
    }
  }
}

// The libraries that the dynamic loader would open for a program.
std::string librariesOf(const fs::path& program) {
  const std::string command = "ldd '" + program.string() + "' 2>&1";
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return output;
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe)) output += buffer;
  ::pclose(pipe);
  return output;
}

TEST(Layering, TheLightProgramsLinkNoLibTorch) {
  for (const std::string name : {"bin/counterpoint", "bin/counterpoint-worker"}) {
    const auto program = kBinary / name;
    if (!fs::exists(program)) GTEST_SKIP() << program << " is not part of this build";
    const auto libraries = librariesOf(program);
    EXPECT_NE(libraries.find("libc.so"), std::string::npos);
    EXPECT_EQ(libraries.find("libtorch"), std::string::npos);
    EXPECT_EQ(libraries.find("libc10"), std::string::npos);
    if (name == "bin/counterpoint-worker") {
      for (const char* heavy : {"libQt", "libav", "libopencv"})
        EXPECT_EQ(libraries.find(heavy), std::string::npos) << heavy;
    }
  }
}

TEST(Layering, EverySourceFileNamesItsLicence) {
  for (const char* folder : {"app", "widgets", "core", "tests"}) {
    if (!fs::exists(kSource / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(kSource / folder)) {
      if (!isSource(entry.path())) continue;
      std::ifstream stream(entry.path());
      std::string line;
      std::getline(stream, line);
      EXPECT_EQ(line, "// SPDX-License-Identifier: GPL-3.0-or-later") << entry.path();
    }
  }
}

}  // namespace
}  // namespace counterpoint
