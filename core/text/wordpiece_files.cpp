// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing of a tokenizer's files.
#include <fmt/format.h>

#include <filesystem>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/folders.h"
#include "core/base/json.h"
#include "core/base/words.h"
#include "core/text/wordpiece.h"

namespace counterpoint {
namespace {

constexpr std::uint64_t kMostTokens = 10'000'000;
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 28;

std::vector<std::string> readVocabulary(const std::filesystem::path& path) {
  std::vector<std::string> tokens = split(readFile(path, kLargestFile), '\n');
  if (!tokens.empty() && tokens.back().empty()) tokens.pop_back();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].ends_with('\r')) tokens[i].pop_back();
    if (tokens[i].empty())
      throw dataError("is empty", fmt::format("{}, line {}", path.string(), i + 1), "Every line is one token");
  }
  return tokens;
}

// A member that may be missing or null.
template <typename Value>
void readOptional(const Json& object, const char* key, Value& value, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return;
  try {
    value = found->get<Value>();
  } catch (const nlohmann::json::exception&) {
    throw dataError("has the wrong type: " + found->dump(), where + ", " + key);
  }
}

void readOptionalFlag(const Json& object, const char* key, std::optional<bool>& value, const std::string& where) {
  bool flag = false;
  if (object.contains(key) && !object[key].is_null()) {
    readOptional(object, key, flag, where);
    value = flag;
  }
}

void expectType(const Json& root, const char* part, const char* type, const std::string& where) {
  const std::string found = root.contains(part) && root[part].is_object() ? root[part].value("type", "") : "none";
  if (found != type)
    throw dataError(fmt::format("is '{}', but only {} is supported", found, type), where + ", " + part,
                    "Use the tokenizer of a BERT model");
}

}  // namespace

WordPieceTokenizer WordPieceTokenizer::load(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) {
    for (const char* name : {"tokenizer.json", "vocab.txt"})
      if (std::filesystem::exists(path / name)) return load(path / name);
    throw dataError("holds neither tokenizer.json nor vocab.txt", path.string(), "Name the folder of a tokenizer");
  }
  if (path.extension() == ".json") return fromTokenizerJson(path);
  WordPieceOptions options;
  const std::filesystem::path config = path.parent_path() / "tokenizer_config.json";
  if (std::filesystem::exists(config)) {
    const Json json = readJsonFile(config);
    readOptional(json, "do_lower_case", options.normalization.lowerCase, config.string());
    readOptional(json, "tokenize_chinese_chars", options.normalization.separateIdeographs, config.string());
    readOptionalFlag(json, "strip_accents", options.normalization.stripAccents, config.string());
  }
  return fromVocabulary(readVocabulary(path), options, path.string());
}

WordPieceTokenizer WordPieceTokenizer::fromTokenizerJson(const std::filesystem::path& path) {
  const std::string where = path.string();
  // The order of the keys means nothing, and the ordered kind would take quadratic time for 30,000 of them.
  nlohmann::json parsed;
  try {
    parsed = nlohmann::json::parse(readFile(path, kLargestFile));
  } catch (const nlohmann::json::exception& problem) {
    throw dataError(std::string("is no valid JSON: ") + problem.what(), where);
  }
  if (!parsed.is_object() || !parsed.contains("model") || !parsed["model"].is_object() ||
      !parsed["model"].contains("vocab") || !parsed["model"]["vocab"].is_object())
    throw dataError("has no model.vocab", where, "Use the tokenizer.json of a BERT model");
  const nlohmann::json vocabulary = std::move(parsed["model"]["vocab"]);
  parsed["model"].erase("vocab");
  const Json root = parsed;

  // Older files name no model type.
  if (root["model"].contains("type")) expectType(root, "model", "WordPiece", where);
  expectType(root, "normalizer", "BertNormalizer", where);
  expectType(root, "pre_tokenizer", "BertPreTokenizer", where);
  WordPieceOptions options;
  const Json& normalizer = root["normalizer"];
  readOptional(normalizer, "clean_text", options.normalization.cleanText, where);
  readOptional(normalizer, "handle_chinese_chars", options.normalization.separateIdeographs, where);
  readOptional(normalizer, "lowercase", options.normalization.lowerCase, where);
  readOptionalFlag(normalizer, "strip_accents", options.normalization.stripAccents, where);
  readOptional(root["model"], "unk_token", options.unknownToken, where);
  readOptional(root["model"], "continuing_subword_prefix", options.continuationPrefix, where);
  readOptional(root["model"], "max_input_chars_per_word", options.longestWord, where);
  if (options.longestWord < 1) throw dataError("is below 1", where + ", max_input_chars_per_word");

  std::vector<std::string> tokens;
  const auto place = [&](const std::string& token, const nlohmann::json& id) {
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= kMostTokens)
      throw dataError("has the id " + id.dump(), where + ", token '" + token + "'", "Ids are whole numbers from 0");
    const auto index = id.get<std::size_t>();
    if (index >= tokens.size()) tokens.resize(index + 1);
    if (!tokens[index].empty() && tokens[index] != token)
      throw dataError(fmt::format("has the id {} of '{}'", index, tokens[index]), where + ", token '" + token + "'");
    tokens[index] = token;
  };
  for (const auto& [token, id] : vocabulary.items()) place(token, id);
  std::vector<std::string> added;
  for (const auto& entry : parsed.value("added_tokens", nlohmann::json::array())) {
    if (!entry.is_object() || !entry.contains("content") || !entry["content"].is_string() || !entry.contains("id"))
      throw dataError("needs id and content", where + ", added_tokens");
    const auto content = entry["content"].get<std::string>();
    if (!entry.value("special", false) || entry.value("single_word", false))
      throw dataError("is no plain special token, which is not supported", where + ", added token '" + content + "'");
    place(content, entry["id"]);
    added.push_back(content);
  }
  WordPieceTokenizer result = fromVocabulary(std::move(tokens), std::move(options), where);
  for (const std::string& token : added) result.addSpecial(token);
  return result;
}

void WordPieceTokenizer::save(const std::filesystem::path& folder) const {
  std::string lines;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    // A hole in the numbering still needs a line, so that the ids after it stay.
    lines += (tokens_[i].empty() ? fmt::format("[unused:{}]", i) : tokens_[i]) + "\n";
  }
  makeFolder(folder);
  writeFileAtomically(folder / "vocab.txt", lines);
  Json config = {{"tokenizer_class", "BertTokenizer"},
                 {"do_lower_case", options_.normalization.lowerCase},
                 {"tokenize_chinese_chars", options_.normalization.separateIdeographs},
                 {"strip_accents", nullptr}};
  if (options_.normalization.stripAccents) config["strip_accents"] = *options_.normalization.stripAccents;
  writeJsonFile(folder / "tokenizer_config.json", config);
}

}  // namespace counterpoint
