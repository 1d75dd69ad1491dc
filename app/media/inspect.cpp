// SPDX-License-Identifier: GPL-3.0-or-later
// The work of `inspect`: what a file is, read to its end.
#include <fmt/format.h>

#include <iostream>

#include "app/media/work.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/words.h"
#include "core/formats/npy.h"
#include "core/formats/safetensors.h"
#include "core/media/clip.h"

namespace counterpoint {
namespace {

// The first kind that claims a path describes it.
struct Inspector {
  bool (*claims)(const std::filesystem::path&);
  Json (*describe)(const std::filesystem::path&);
};

// Arrays that are no clips: embeddings, weights.
bool isPlainArray(const std::filesystem::path& path) {
  if (lowerAscii(path.extension().string()) != ".npy" || !std::filesystem::is_regular_file(path)) return false;
  return NpyArray::open(path).dimensions() < 3;
}

Json describeArray(const std::filesystem::path& path) {
  const NpyArray array = NpyArray::open(path);
  return Json{{"path", path.string()},
              {"kind", "array"},
              {"shape", array.shape()},
              {"type", std::string(npyName(array.dtype()))},
              {"damage", nullptr}};
}

// A safetensors file, or a checkpoint folder with one.
std::filesystem::path weightsOf(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path) ? path / "model.safetensors" : path;
}

bool isWeights(const std::filesystem::path& path) {
  const auto file = weightsOf(path);
  return lowerAscii(file.extension().string()) == ".safetensors" && std::filesystem::is_regular_file(file);
}

// The header alone is read: as quick for five gigabytes as for five megabytes.
Json describeWeights(const std::filesystem::path& path) {
  const auto file = SafetensorsFile::open(weightsOf(path));
  Json tensors = Json::object();
  std::int64_t values = 0, bytes = 0;
  for (const auto& tensor : file.tensors()) {
    std::int64_t count = 1;
    for (const auto size : tensor.shape) count *= size;
    values += count;
    bytes += static_cast<std::int64_t>(tensor.bytes.size());
    tensors[tensor.name] = {{"shape", tensor.shape}, {"type", std::string(npyName(tensor.dtype))}};
  }
  return Json{{"path", file.path().string()},
              {"kind", "weights"},
              {"tensors", std::move(tensors)},
              {"values", values},
              {"bytes", bytes},
              {"metadata", file.metadata()},
              {"damage", nullptr}};
}

bool anything(const std::filesystem::path&) { return true; }

constexpr Inspector kInspectors[] = {
    {isPlainArray, describeArray},
    {isWeights, describeWeights},
    {anything, describeMedia},
};

Json inspect(const std::filesystem::path& path) {
  for (const Inspector& inspector : kInspectors)
    if (inspector.claims(path)) return inspector.describe(path);
  throw dataError("is of no known kind", path.string());
}

void printLines(const Json& description) {
  std::size_t widest = 0;
  for (const auto& [key, value] : description.items()) widest = std::max(widest, key.size());
  for (const auto& [key, value] : description.items()) {
    if (value.is_null()) continue;
    if (key == "tensors") {
      for (const auto& [name, tensor] : value.items())
        std::cout << fmt::format("  {}  {} {}\n", name, tensor.at("type").get<std::string>(),
                                 tensor.at("shape").dump());
      continue;
    }
    std::cout << fmt::format("{:<{}}  {}\n", key, widest, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

}  // namespace

// A damaged file is described and still ends with the status of a data error, so that scripts notice.
int runInspect(const InspectOptions& options, const Context& context) {
  bool damaged = false;
  Json all = Json::array();
  for (const std::string& path : options.paths) {
    const Json description = inspect(path);
    damaged = damaged || !description.at("damage").is_null();
    if (!context.json) {
      if (!all.empty()) std::cout << '\n';
      printLines(description);
    }
    all.push_back(description);
  }
  if (context.json) std::cout << (all.size() == 1 ? all.front() : all).dump(2) << '\n';
  return damaged ? static_cast<int>(ErrorKind::Data) : 0;
}

}  // namespace counterpoint
