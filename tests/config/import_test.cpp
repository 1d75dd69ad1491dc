// SPDX-License-Identifier: GPL-3.0-or-later
// Files of other systems, written from their specifications (tests/golden/config/import): what each becomes stands in
// expected.json beside them.
#include "core/config/import/import.h"

#include <gtest/gtest.h>

#include <set>

#include "core/base/files.h"
#include "core/config/import/foreign_config.h"
#include "core/config/import/shell_script.h"
#include "core/config/import/source_system.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(COUNTERPOINT_SOURCE_DIR) / "tests/golden/config/import";

Json rows() { return readJsonFile(kFolder / "expected.json"); }

std::vector<std::string> overridesOf(const Json& row) {
  return row.contains("overrides") ? row["overrides"].get<std::vector<std::string>>() : std::vector<std::string>();
}

const Json* valueAt(const Json& values, const std::string& path) {
  const auto pointer = Json::json_pointer("/" + [&path] {
    std::string text = path;
    std::replace(text.begin(), text.end(), '.', '/');
    return text;
  }());
  return values.contains(pointer) ? &values.at(pointer) : nullptr;
}

// Paths of all leaves, as the report spells them.
void leavesOf(const ConfigNode& node, const std::string& prefix, const ForeignConfig& config,
              std::vector<std::pair<std::string, std::string>>& leaves) {
  for (const auto& member : node.members()) {
    const std::string path = prefix.empty() ? member.key.text() : prefix + "." + member.key.text();
    if (member.value.isDict() && member.value.size() > 0) {
      leavesOf(member.value, path, config, leaves);
    } else {
      leaves.emplace_back(path, config.spelling(path));
    }
  }
}

// How many lines are about a leaf: by its own name, or as part of a map that became one key.
int linesAbout(const ImportReport& report, const std::string& path, const std::string& spelled) {
  int found = 0;
  for (const auto& line : report.lines) {
    if (line.kind == ImportLine::Kind::Added) continue;
    if (line.from == spelled || path.starts_with(line.from + ".")) ++found;
  }
  return found;
}

TEST(Import, GivesWhatTheTableSays) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row["file"].get<std::string>());
    const auto report = importConfig(kFolder / row["file"].get<std::string>(), overridesOf(row));
    EXPECT_EQ(report.system, row["system"]);
    EXPECT_EQ(report.recipe, row["recipe"]);
    for (const auto& [path, value] : row["values"].items()) {
      const Json* found = valueAt(report.values, path);
      ASSERT_TRUE(found) << path;
      EXPECT_EQ(*found, value) << path;
    }
    for (const auto& [from, kind] : row["lines"].items()) {
      const auto line = std::find_if(report.lines.begin(), report.lines.end(),
                                     [&from = from](const ImportLine& one) { return one.from == from; });
      ASSERT_NE(line, report.lines.end()) << from;
      EXPECT_EQ(wordOf(line->kind), kind) << from << ": " << line->why;
    }
    const std::size_t problems = row.contains("problems") ? row["problems"].get<std::size_t>() : 0;
    EXPECT_EQ(report.problems.size(), problems) << (report.problems.empty() ? "" : report.problems.front().what);
  }
}

TEST(Import, EveryKeyIsInTheReportOnceAndSaysWhy) {
  for (const auto& row : rows()) {
    const fs::path file = kFolder / row["file"].get<std::string>();
    SCOPED_TRACE(file.string());
    const auto report = importConfig(file, overridesOf(row));
    std::vector<std::pair<std::string, std::string>> leaves;
    if (fs::is_directory(file)) {
      for (const auto& entry : fs::directory_iterator(file)) {
        if (!entry.is_regular_file()) continue;
        const auto config = readForeignYaml(entry.path(), overridesOf(row));
        leavesOf(config.tree, {}, config, leaves);
      }
    } else if (file.extension() == ".yaml") {
      const auto config = readForeignYaml(file, {});
      leavesOf(config.tree, {}, config, leaves);
    } else {
      const auto commands = readForeignWords(readFile(file), file.string());
      leavesOf(commands.front().tree, {}, commands.front(), leaves);
    }
    EXPECT_GE(leaves.size(), 5u);
    for (const auto& [path, spelled] : leaves) EXPECT_EQ(linesAbout(report, path, spelled), 1) << spelled;
    for (const auto& line : report.lines) {
      EXPECT_EQ(line.to.empty(), line.kind == ImportLine::Kind::Dropped) << line.from;
      const bool needsReason = line.kind != ImportLine::Kind::Kept && line.kind != ImportLine::Kind::Renamed;
      EXPECT_FALSE(needsReason && line.why.empty()) << line.from << line.to;
    }
  }
}

TEST(Import, TheResultIsAConfigOfOurs) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row["file"].get<std::string>());
    const auto report = importConfig(kFolder / row["file"].get<std::string>(), overridesOf(row));
    const auto composed = composeText(report.yaml, "imported.yaml");
    ASSERT_TRUE(composed.schema);
    EXPECT_EQ(composed.schema->recipe(), report.recipe);
    EXPECT_EQ(composed.problems.size(), report.problems.size());
    for (const auto& line : report.lines) {
      if (line.to.empty()) continue;
      const Json* value = valueAt(composed.values, line.to);
      ASSERT_TRUE(value) << line.to;
      EXPECT_EQ(*value, line.value) << line.to;
    }
    for (const auto& note : composed.notes) EXPECT_EQ(note.text.find("is read as"), std::string::npos) << note.text;
  }
}

TEST(Import, SecretsAreNeitherKeptNorShown) {
  const auto report = importConfig(kFolder / "lora_retriever.txt");
  for (const auto& line : report.lines) {
    EXPECT_EQ(line.was.dump().find("hf_abc"), std::string::npos) << line.from;
    EXPECT_EQ(line.why.find("hf_abc"), std::string::npos) << line.from;
  }
  EXPECT_EQ(report.yaml.find("hf_abc"), std::string::npos);
}

TEST(Import, ATagAndAKeyGivenTwiceAreNoted) {
  std::vector<std::string> notes;
  for (const auto& note : importConfig(kFolder / "deepcoro_probe.yaml").notes) notes.push_back(note.text);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("head_lr"), std::string::npos);
  notes.clear();
  for (const auto& note : importConfig(kFolder / "deepcoro_clip.yaml").notes) notes.push_back(note.text);
  ASSERT_EQ(notes.size(), 1u) << "!!int 30 is 30 without its tag";
  EXPECT_NE(notes[0].find("!!float"), std::string::npos);
}

TEST(Import, AFileOfNobodyIsRefusedWithWhatIsLookedFor) {
  const TemporaryFolder folder;
  for (const char* name : {"a.yaml", "a.txt"}) {
    writeFileAtomically(folder / name, "hello: 1\n");
    try {
      importConfig(folder / name);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      EXPECT_NE(error.cure().find("pipeline_project"), std::string::npos);
      EXPECT_NE(error.cure().find("--train_data_path"), std::string::npos);
    }
  }
  writeFileAtomically(folder / "b.yaml", "pipeline_project: DeepCORO_clip_study_level\nlr: 1\n");
  EXPECT_THROW(importConfig(folder / "b.yaml"), Error);
  writeFileAtomically(folder / "c.sh", "python train.py --lora_r \"8\n");
  EXPECT_THROW(importConfig(folder / "c.sh"), Error);
}

TEST(Import, TablesNameKeysThatThereAre) {
  std::set<std::string> names;
  for (const auto& system : sourceSystems()) {
    SCOPED_TRACE(system.name);
    EXPECT_TRUE(names.insert(system.name).second);
    const Schema* schema = schemaOf(system.recipe);
    ASSERT_TRUE(schema);
    for (const auto& implied : system.implied) {
      const auto* key = schema->find(implied.key);
      ASSERT_TRUE(key) << implied.key;
      EXPECT_NO_THROW(checkValue(*key, implied.value)) << implied.key;
    }
    for (const auto& dropped : system.dropped) {
      EXPECT_FALSE(schema->findOldName(dropped.key)) << dropped.key << " is dropped and has a like";
      EXPECT_FALSE(dropped.why.empty()) << dropped.key;
    }
    const auto& old = schema->oldNames();
    EXPECT_TRUE(std::any_of(old.begin(), old.end(), [&](const OldName& one) { return one.system == system.name; }));
  }
  for (const auto& schema : allSchemas()) {
    for (const auto& old : schema.oldNames()) EXPECT_TRUE(names.contains(old.system)) << old.name;
  }
}

std::vector<std::string> textsOf(const ScriptCommand& command) {
  std::vector<std::string> texts;
  for (const auto& word : command.words) texts.push_back(word.text);
  return texts;
}

TEST(ShellWords, AreThoseOfAShell) {
  const auto script = readShell(
      "A=1 # one\nB='two words'\nARGS=(--x \"$A\"\n  --y)\n"
      "run a\\ b \"$B\"'!' ${C:-three} $1 >log 2>&1 && next \"${ARGS[@]}\" $(date) \\\n  last\n",
      "x.sh");
  ASSERT_EQ(script.commands.size(), 4u);
  EXPECT_EQ(script.commands[0].assignments[0].value.text, "1");
  EXPECT_EQ(textsOf(script.commands[2]), (std::vector<std::string>{"run", "a b", "two words!", "three", "$1"}));
  EXPECT_EQ(textsOf(script.commands[3]), (std::vector<std::string>{"next", "--x", "1", "--y", "$(date)", "last"}));
  EXPECT_TRUE(script.commands[2].words[4].open);
  EXPECT_FALSE(script.commands[2].words[3].open);
  EXPECT_TRUE(script.commands[3].words[4].open);
  EXPECT_TRUE(script.used.contains("B"));
  EXPECT_EQ(script.commands[3].words[5].position.line, 6);
}

}  // namespace
}  // namespace counterpoint
