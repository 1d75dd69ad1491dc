// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything of one run lies. The run folder is the only truth about a run (ARCHITECTURE.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace counterpoint {

class RunFolder {
 public:
  // Makes RUNS/YYYY-MM-DD_HH-MM-SS_NAME ("-2" appended when taken) with its inner folders. Characters of `name` that do
  // not belong in a file name become "-". Throws Error{Environment} when RUNS cannot be written to.
  static RunFolder create(const std::filesystem::path& runs, const std::string& name);
  // Makes a run of `path` itself, which must be new or empty. Throws Error{Usage} where something is in it.
  static RunFolder createAt(const std::filesystem::path& path);
  // An existing run. Throws Error{Data} when `path` is no folder with a config.yaml or status.json.
  static RunFolder open(const std::filesystem::path& path);
  // Names a folder without looking at it.
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::string name() const { return path_.filename().string(); }

  std::filesystem::path config() const { return path_ / "config.yaml"; }
  std::filesystem::path overrides() const { return path_ / "overrides.txt"; }
  std::filesystem::path environment() const { return path_ / "environment.json"; }
  std::filesystem::path status() const { return path_ / "status.json"; }
  std::filesystem::path progress() const { return path_ / "progress.json"; }
  std::filesystem::path requests() const { return path_ / "requests.jsonl"; }
  std::filesystem::path events() const { return path_ / "events.jsonl"; }
  std::filesystem::path supervisor() const { return path_ / "supervisor.jsonl"; }
  std::filesystem::path rankLog(int rank) const { return path_ / ("rank_" + std::to_string(rank) + ".log"); }
  std::filesystem::path hydra() const { return path_ / ".hydra"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path checkpoint(std::int64_t step) const;  // checkpoints/step_000500
  std::filesystem::path results(const std::string& split) const { return path_ / "results" / split; }
  std::filesystem::path tokenizer() const { return path_ / "tokenizer"; }
  std::filesystem::path scratch() const { return path_ / ".counterpoint"; }  // can be made again
  std::filesystem::path rendezvous() const { return scratch() / "rendezvous.json"; }

 private:
  std::filesystem::path path_;
};

// What a run folder starts with. Texts are YAML, as config/ wrote them.
struct RunDescription {
  std::string config;                  // resolved and complete
  std::vector<std::string> overrides;  // "training.epochs=3"
  std::string hydraConfig;             // .hydra/config.yaml; empty: `config`
  std::string hydraSettings;           // .hydra/hydra.yaml; empty: a minimal one
};

// Writes config.yaml, overrides.txt and .hydra/{config,hydra,overrides}.yaml.
void writeDescription(const RunFolder& folder, const RunDescription& description);

}  // namespace counterpoint
