// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/workspace_files.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/folders.h"
#include "core/base/json.h"
#include "core/base/words.h"
#include "core/sample/reports.h"
#include "core/text/vocabulary.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReadme = R"(This workspace is synthetic.

Every clip is a drawn phantom with a known answer, made by `counterpoint-worker sample`. Nobody's data went into it.
data/studies.csv says of each clip its view, the time of its first R wave and the phantom's ejection fraction
(largest area less smallest area of the left ventricle, over the largest) and heart rate.

Train:    counterpoint-worker launch --ranks 2 echo_text
)";

// YAML in double quotes: a JSON string is one.
std::string quoted(const std::string& text) { return Json(text).dump(); }

std::string workspaceDescription(const std::string& name) {
  return fmt::format(
      "version: 1\n"
      "name: {}\n"
      "synthetic: true  # drawn phantoms with known answers, nobody's data\n"
      "runs: runs\n"
      "configs: configs\n"
      "models: models\n"
      "data: data\n"
      "studies: data/studies.csv\n"
      "adapters: [adapters/list.json]\n",
      quoted(name));
}

// From the prompts, which hold every report that there can be: the same for every seed and number of studies.
std::string vocabulary() {
  std::vector<std::string> texts;
  for (const AdapterPrompts& adapter : sampleAdapters()) {
    texts.insert(texts.end(), adapter.prompts.begin(), adapter.prompts.end());
  }
  return join(vocabularyFromTexts(texts), "\n") + '\n';
}

void writeAdapters(const fs::path& root) {
  Json list = Json::array();
  for (const AdapterPrompts& adapter : sampleAdapters()) {
    std::string lines;
    for (std::size_t i = 0; i < adapter.prompts.size(); ++i) {
      const Json line = {{"episode_id", fmt::format("{}_{:02}", adapter.name, i + 1)}, {"text", adapter.prompts[i]}};
      lines += line.dump() + '\n';
    }
    writeFileAtomically(root / "adapters/prompts" / (adapter.name + ".jsonl"), lines);
    list.push_back({{"lora_name", adapter.name},
                    {"lora_path", "adapters/" + adapter.name},
                    {"embedding_path", fmt::format("adapters/embeddings/{}.mean.npy", adapter.name)},
                    {"description", adapter.description}});
  }
  writeJsonFile(root / "adapters/list.json", list);
}

}  // namespace

std::string studiesTable(const std::vector<SampleStudy>& studies) {
  std::string table = "FileName,StudyInstanceUID,Split,View,Report,RWave,EjectionFraction,HeartRate\n";
  for (const SampleStudy& study : studies) {
    for (const SampleClip& clip : study.clips) {
      table += fmt::format("{},{},{},{},\"{}\",{:.4f},{:.4f},{:.1f}\n", clip.file, study.id, study.split,
                           viewName(clip.view), clip.report, clip.rWave, study.heart.ejectionFraction,
                           study.heart.beatsPerMinute);
    }
  }
  return table;
}

void writeWorkspaceFiles(const fs::path& root, const std::string& name, const std::vector<SampleStudy>& studies) {
  for (const char* folder : {"configs", "data/tokenizer", "adapters/prompts", "runs", "models"}) {
    makeFolder(root / folder);
  }
  writeFileAtomically(root / "data/studies.csv", studiesTable(studies));
  writeFileAtomically(root / "data/tokenizer/vocab.txt", vocabulary());
  writeFileAtomically(root / "configs/echo_text.yaml", sampleConfig());
  writeAdapters(root);
  writeFileAtomically(root / "README.txt", kReadme);
  writeFileAtomically(root / "counterpoint.yaml", workspaceDescription(name));
}

}  // namespace counterpoint
