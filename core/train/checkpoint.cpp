// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/checkpoint.h"

#include <ATen/core/Dict.h>
#include <ATen/core/ivalue.h>
#include <c10/core/GradMode.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/pickle.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/tensorio/tensor_files.h"

namespace counterpoint {
namespace {

namespace fs = std::filesystem;
using TensorDict = c10::Dict<std::string, at::Tensor>;

constexpr const char* kModelFile = "model.safetensors";
constexpr const char* kTrainerFile = "trainer.pt";
constexpr const char* kPositionFile = "trainer.json";
constexpr const char* kUnfinished = ".unfinished-";

TensorDict toDict(const std::map<std::string, at::Tensor>& tensors) {
  TensorDict dict;
  for (const auto& [name, tensor] : tensors) dict.insert(name, tensor.detach().cpu().contiguous());
  return dict;
}

std::map<std::string, at::Tensor> fromDict(const c10::IValue& value) {
  std::map<std::string, at::Tensor> tensors;
  for (const auto& entry : value.toGenericDict()) tensors.emplace(entry.key().toStringRef(), entry.value().toTensor());
  return tensors;
}

std::string pickled(const Checkpoint& checkpoint) {
  std::map<std::string, at::Tensor> random;
  for (std::size_t i = 0; i < checkpoint.randomStates.size(); ++i) {
    random.emplace(std::to_string(i), checkpoint.randomStates[i]);
  }
  c10::Dict<std::string, TensorDict> all;
  all.insert("optimizer", toDict(checkpoint.optimizer));
  all.insert("random", toDict(random));
  all.insert("extra", toDict(checkpoint.extra));
  const auto bytes = torch::jit::pickle_save(c10::IValue(all));
  return {bytes.begin(), bytes.end()};
}

void syncFolder(const fs::path& folder) {
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor || ::fsync(descriptor.get()) != 0) throw systemError(errno, "cannot flush", folder.string());
}

void renameTo(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw systemError(errno, "cannot rename to", to.string());
}

// A new link renamed over the old one: readers always find one of the two.
void moveLink(const fs::path& link, const fs::path& target) {
  const auto fresh = link.parent_path() / (std::string(kUnfinished) + link.filename().string());
  std::error_code error;
  fs::remove(fresh, error);
  fs::create_symlink(target.filename(), fresh, error);
  if (error) throw systemError(error.value(), "cannot make the link", link.string());
  renameTo(fresh, link);
}

std::optional<fs::path> behind(const fs::path& link) {
  std::error_code error;
  const auto target = fs::read_symlink(link, error);
  if (error) return std::nullopt;
  const auto folder = link.parent_path() / target;
  if (!fs::is_directory(folder, error)) return std::nullopt;
  return folder;
}

}  // namespace

CheckpointFolder::CheckpointFolder(fs::path folder) : folder_(std::move(folder)) {}

fs::path CheckpointFolder::write(const Checkpoint& checkpoint, bool best) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw systemError(error.value(), "cannot make", folder_.string());
  const auto name = fmt::format("step_{:06}", checkpoint.position.step);
  const auto target = folder_ / name, fresh = folder_ / (kUnfinished + name);
  fs::remove_all(fresh, error);
  fs::create_directory(fresh, error);
  if (error) throw systemError(error.value(), "cannot make", fresh.string());
  try {
    writeTensors(fresh / kModelFile, checkpoint.model);
    writeFileAtomically(fresh / kTrainerFile, pickled(checkpoint));
    Json metrics = Json::object();
    for (const auto& [key, value] : checkpoint.metrics) metrics[key] = numberToJson(value);
    Json description{{"version", 1},
                     {"step", checkpoint.position.step},
                     {"epoch", checkpoint.position.epoch},
                     {"position", checkpoint.position.position},
                     {"ranks", checkpoint.randomStates.size()},
                     {"metrics", metrics},
                     {"notes", checkpoint.notes}};
    writeJsonFile(fresh / kPositionFile, description);
    syncFolder(fresh);
    if (fs::exists(target, error)) {
      // Swapped in one go: at no moment is there no whole checkpoint of this name.
      if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0) {
        throw systemError(errno, "cannot replace", target.string());
      }
      fs::remove_all(fresh, error);
    } else {
      renameTo(fresh, target);
    }
  } catch (...) {
    fs::remove_all(fresh, error);
    throw;
  }
  moveLink(folder_ / "last", target);
  if (best) moveLink(folder_ / "best", target);
  syncFolder(folder_);
  return target;
}

void CheckpointFolder::prune(std::size_t keep) const {
  std::error_code error;
  std::vector<fs::path> whole;
  std::set<fs::path> linked;
  for (const auto& link : {last(), best()}) {
    if (link) linked.insert(link->filename());
  }
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(kUnfinished))
      fs::remove_all(entry.path(), error);
    else if (name.starts_with("step_") && !linked.contains(name))
      whole.push_back(entry.path());
  }
  const auto number = [](const fs::path& path) { return path.filename().string(); };
  std::sort(whole.begin(), whole.end(), [&](const fs::path& a, const fs::path& b) {
    const auto left = number(a), right = number(b);
    return left.size() != right.size() ? left.size() < right.size() : left < right;  // step_1000000 after step_999999
  });
  for (std::size_t i = 0; i + keep < whole.size(); ++i) fs::remove_all(whole[i], error);
}

std::optional<fs::path> CheckpointFolder::last() const { return behind(folder_ / "last"); }
std::optional<fs::path> CheckpointFolder::best() const { return behind(folder_ / "best"); }

TrainerPosition readPosition(const fs::path& folder) {
  const auto file = folder / kPositionFile;
  const auto description = readJsonFile(file);
  try {
    return {description.at("step").get<std::int64_t>(), description.at("epoch").get<std::int64_t>(),
            description.at("position").get<std::int64_t>()};
  } catch (const Json::exception& error) {
    throw dataError(std::string("no description of a checkpoint: ") + error.what(), file.string());
  }
}

Checkpoint readCheckpoint(const fs::path& folder) {
  Checkpoint checkpoint;
  checkpoint.position = readPosition(folder);
  const auto description = readJsonFile(folder / kPositionFile);
  if (const auto metrics = description.find("metrics"); metrics != description.end()) {
    for (const auto& [key, value] : metrics->items()) checkpoint.metrics.emplace(key, numberFromJson(value));
  }
  if (const auto notes = description.find("notes"); notes != description.end()) checkpoint.notes = *notes;
  checkpoint.model = readTensors(folder / kModelFile);
  const auto file = folder / kTrainerFile;
  const auto bytes = readFile(file, std::uint64_t{1} << 40);
  try {
    const auto all = torch::jit::pickle_load({bytes.begin(), bytes.end()}).toGenericDict();
    checkpoint.optimizer = fromDict(all.at("optimizer"));
    checkpoint.extra = fromDict(all.at("extra"));
    const auto random = fromDict(all.at("random"));
    for (std::size_t i = 0; i < random.size(); ++i) checkpoint.randomStates.push_back(random.at(std::to_string(i)));
  } catch (const std::exception& error) {
    throw dataError("no state of a trainer: " + describe(error), file.string(),
                    "Resume from an older checkpoint, or start from its model.safetensors.");
  }
  return checkpoint;
}

void copyInto(const NamedTensors& targets, const NamedTensors& values, const std::string& where) {
  const c10::NoGradGuard noGradients;
  std::map<std::string, at::Tensor> byName(values.begin(), values.end());
  std::vector<std::string> missing, misshapen, surplus;
  for (const auto& [name, target] : targets) {
    const auto found = byName.find(name);
    if (found == byName.end())
      missing.push_back(name);
    else if (found->second.sizes() != target.sizes())
      misshapen.push_back(name);
  }
  std::set<std::string> wanted;
  for (const auto& [name, target] : targets) wanted.insert(name);
  for (const auto& [name, value] : values) {
    if (!wanted.contains(name)) surplus.push_back(name);
  }
  std::vector<std::string> problems;
  const auto report = [&](const char* what, const std::vector<std::string>& names) {
    if (!names.empty()) problems.push_back(std::string(what) + ": " + join(names, ", "));
  };
  report("missing", missing);
  report("of another shape", misshapen);
  report("surplus", surplus);
  if (!problems.empty()) throw dataError("weights do not fit the model; " + join(problems, "; "), where);
  for (const auto& [name, target] : targets) target.copy_(byName.at(name));
}

}  // namespace counterpoint
