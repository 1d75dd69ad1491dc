// SPDX-License-Identifier: GPL-3.0-or-later
// A cure that names a key names one that there is: every "group.key" in a string of the core and of the programs
// without a window (whose actions are named alike) is looked up.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "core/config/schema.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

// Names of files and of members of other formats look alike.
const std::set<std::string> kOtherEndings = {"cpp", "csv", "h",   "json",        "jsonl", "log",
                                             "md",  "npy", "pt",  "safetensors", "txt",   "yaml",
                                             "yml", "so",  "bin", "weight",      "bias",  "vocab"};

bool isKnown(const std::string& path) {
  for (const auto& schema : allSchemas())
    if (schema.find(path) || schema.isSection(path) || schema.findOldName(path) || schema.isOldSection(path)) return true;
  return false;
}

// Wrong keys in one line of code.
std::vector<std::string> wrongKeys(const std::string& line, const std::set<std::string>& groups) {
  static const std::regex kLiteral(R"re("((?:[^"\\]|\\.)*)")re");
  static const std::regex kPath(R"((^|[^A-Za-z0-9_./-])([a-z_]+(?:\.[a-z_0-9]+)+))");
  std::vector<std::string> wrong;
  if (line.starts_with("#include")) return wrong;
  for (std::sregex_iterator literal(line.begin(), line.end(), kLiteral), end; literal != end; ++literal) {
    const std::string text = (*literal)[1];
    for (std::sregex_iterator found(text.begin(), text.end(), kPath); found != end; ++found) {
      const std::string path = (*found)[2];
      const bool continues = found->suffix().matched && found->suffix().str().starts_with(".");  // built at run time
      if (groups.count(path.substr(0, path.find('.'))) == 0 ||
          kOtherEndings.count(path.substr(path.rfind('.') + 1)) > 0)
        continue;
      if (!isKnown(path) && !continues) wrong.push_back(path);
    }
  }
  return wrong;
}

std::set<std::string> groupsOfSchemas() {
  std::set<std::string> groups;
  for (const auto& schema : allSchemas())
    for (const auto& key : schema.keys())
      if (const auto point = key.path.find('.'); point != std::string::npos) groups.insert(key.path.substr(0, point));
  return groups;
}

TEST(Cures, AWrongKeyIsFound) {
  const auto groups = groupsOfSchemas();
  EXPECT_EQ(wrongKeys(R"(throw usageError("x", "data.frame_choice", "Set train.batch_size.");)", groups),
            std::vector<std::string>{"data.frame_choice"});
  EXPECT_TRUE(
      wrongKeys(R"(readFile("data.csv") + "model.safetensors" + "Set data.on_missing to skip")", groups).empty());
}

TEST(Cures, NameKeysThatThereAre) {
  const auto groups = groupsOfSchemas();
  int files = 0;
  for (const char* folder : {"core", "app/commands", "app/media", "app/rank", "app/worker"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(COUNTERPOINT_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
      if (entry.path().parent_path().filename() == "import") continue;  // names what other systems' files hold
      std::ifstream stream(entry.path());
      std::string line;
      for (int number = 1; std::getline(stream, line); ++number)
        for (const auto& key : wrongKeys(line, groups))
          ADD_FAILURE() << entry.path().string() << ":" << number << " names " << key << ", which is no key";
      ++files;
    }
  }
  EXPECT_GT(files, 100);
}

}  // namespace
}  // namespace counterpoint
