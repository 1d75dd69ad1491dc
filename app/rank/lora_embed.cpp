// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "app/rank/model_place.h"
#include "app/rank/work.h"
#include "core/adapters/lora_list.h"
#include "core/base/error.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

constexpr std::size_t kPromptsOfAnAdapter = 20;  // as LoraRetriever takes (spec §2.3)
constexpr std::size_t kBatch = 16;

// What the user said in a row: messages or conversations (role or from: user, human; content or value), else "text",
// "query" or "prompt". Lines that are only "<image>" are dropped, the others joined by a blank (spec §2.4).
std::string userTextOf(const Json& row) {
  const auto text = [](const Json& object, const char* key) {
    return object.contains(key) && object.at(key).is_string() ? object.at(key).get<std::string>() : std::string();
  };
  std::string said;
  for (const char* list : {"messages", "conversations"}) {
    if (!row.contains(list) || !row.at(list).is_array()) continue;
    for (const auto& turn : row.at(list)) {
      if (!turn.is_object()) continue;
      const std::string who = text(turn, "role") + text(turn, "from");
      if (who == "user" || who == "human")
        said += (said.empty() ? "" : "\n") + text(turn, "content") + text(turn, "value");
    }
  }
  for (const char* key : {"text", "query", "prompt"})
    if (said.empty()) said = text(row, key);
  std::vector<std::string> kept;
  for (const auto& line : split(said, '\n'))
    if (trim(line) != "<image>") kept.push_back(line);
  return std::string(trim(join(kept, " ")));
}

struct Prompts {
  std::vector<std::string> texts, episodes;  // episodes: of those rows that name one
};

Prompts promptsOf(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream)
    throw dataError("cannot be read", file.string(), "Each adapter needs prompts/NAME.jsonl beside its list.");
  Prompts prompts;
  std::string line;
  for (int number = 1; prompts.texts.size() < kPromptsOfAnAdapter && std::getline(stream, line); ++number) {
    if (trim(line).empty()) continue;
    const Json row = Json::parse(line, nullptr, false);
    const std::string where = file.string() + ", line " + std::to_string(number);
    if (!row.is_object()) throw dataError("is no JSON object", where);
    std::string text = userTextOf(row);
    if (text.empty())
      throw dataError("holds no words of the user", where, "It needs messages, conversations, text, query or prompt.");
    prompts.texts.push_back(std::move(text));
    if (const auto id = row.find("episode_id"); id != row.end() && !id->is_null())
      prompts.episodes.push_back(id->is_string() ? id->get<std::string>() : id->dump());
  }
  if (prompts.texts.empty()) throw dataError("holds no prompt", file.string());
  return prompts;
}

// `made` says what is the same for every set of this call.
void embedSet(ModelService& service, const EmbeddingSetInfo& made, const std::filesystem::path& prompts,
              const std::filesystem::path& prefix) {
  const auto read = promptsOf(prompts);
  const auto rows = service.embedRows("text", read.texts, true, kBatch);
  EmbeddingSetInfo info = made;
  info.input = prompts.string();
  info.texts = read.texts;
  info.episodes = read.episodes;
  const auto files = writeEmbeddingSet(prefix, rows.values, rows.dimension, info);
  std::cout << fmt::format("{}  {} prompts, {} values each\n", files.mean.string(), rows.count, rows.dimension);
}

// PREFIX of "PREFIX.mean.npy".
std::filesystem::path prefixOf(const std::string& embeddingPath, const std::string& where) {
  constexpr std::string_view kSuffix = ".mean.npy";
  if (embeddingPath.size() <= kSuffix.size() || !embeddingPath.ends_with(kSuffix))
    throw dataError("embedding_path must end in .mean.npy", where);
  return embeddingPath.substr(0, embeddingPath.size() - kSuffix.size());
}

}  // namespace

// Relative paths of a list begin in --root, else in the working directory, as its readers take them.
int runLoraEmbed(const LoraEmbedOptions& options, const Context&) {
  const auto chosen = chooseModel(options.model, options.device);
  const auto service = openService(options.model, options.device);
  const Json model = service->answer("describe", Json::object());
  EmbeddingSetInfo made;
  made.encoder = model.at("model");
  made.device = model.at("device");
  made.task = "retrieval";
  made.prompt = "query";
  made.batchSize = kBatch;
  made.maxLength = chosen.config.get<std::int64_t>("text.max_tokens");
  if (options.list.empty()) {
    embedSet(*service, made, options.prompts, options.output);
    return 0;
  }
  const std::filesystem::path list(options.list), root(options.root);
  const auto folder = list.has_parent_path() ? list.parent_path() : std::filesystem::path(".");
  for (const auto& entry : readJsonFile(list)) {
    const auto text = [&](const char* key) {
      return entry.is_object() && entry.contains(key) && entry.at(key).is_string() ? entry.at(key).get<std::string>()
                                                                                   : std::string();
    };
    const std::string name = text("lora_name");
    if (name.empty()) throw dataError("has an element without lora_name", list.string());
    const auto prefix = root / prefixOf(text("embedding_path"), list.string() + ", " + name);
    const std::string given = text("prompts_path");
    const auto prompts = given.empty() ? folder / "prompts" / (name + ".jsonl") : root / given;
    embedSet(*service, made, prompts, prefix);
  }
  return 0;
}

}  // namespace counterpoint
