// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

constexpr std::uint64_t kLongestHeader = 100'000'000;  // the limit of the reference implementation
constexpr std::string_view kMetadataKey = "__metadata__";
const std::string kCure = "The file is damaged or no safetensors file; copy or save it again";

// nlohmann keeps the last of two equal keys without a word; here that would hide a tensor.
Json parseHeader(std::string_view text, const std::string& where) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
      throw dataError("the safetensors header has the key '" + parsed.get<std::string>() + "' twice", where, kCure);
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const nlohmann::json::exception& problem) {
    throw dataError("the safetensors header is no valid JSON", where, kCure);
  }
}

std::uint64_t unsignedOf(const Json& value, const std::string& where) {
  if (!value.is_number_unsigned()) throw dataError("has " + value.dump() + " where a size belongs", where, kCure);
  return value.get<std::uint64_t>();
}

TensorView readEntry(const std::string& name, const Json& entry, std::span<const std::byte> data,
                     const std::string& path) {
  const std::string where = path + ", tensor '" + name + "'";
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets") ||
      entry.size() != 3 || !entry["dtype"].is_string() || !entry["shape"].is_array() ||
      !entry["data_offsets"].is_array() || entry["data_offsets"].size() != 2)
    throw dataError("needs exactly dtype, shape and two data_offsets", where, kCure);
  const auto dtype = dtypeOfSafetensorsName(entry["dtype"].get<std::string>());
  if (!dtype)
    throw dataError("has dtype " + entry["dtype"].dump() + ", which is not supported", where,
                    "Save it as F32, F16 or BF16");
  TensorView view{name, *dtype, {}, {}};
  for (const Json& extent : entry["shape"]) {
    const std::uint64_t value = unsignedOf(extent, where);
    if (value > std::uint64_t{1} << 60) throw dataError("has an extent of " + extent.dump(), where, kCure);
    view.shape.push_back(static_cast<std::int64_t>(value));
  }
  const auto count = static_cast<std::uint64_t>(checkedElementCount(view.shape, where));
  const std::uint64_t begin = unsignedOf(entry["data_offsets"][0], where);
  const std::uint64_t end = unsignedOf(entry["data_offsets"][1], where);
  if (begin > end || end > data.size())
    throw dataError(fmt::format("lies at bytes {} to {} of {} bytes of data", begin, end, data.size()), where, kCure);
  const std::uint64_t size = sizeOf(*dtype);
  if ((end - begin) % size != 0 || (end - begin) / size != count)
    throw dataError(fmt::format("has {} bytes, but shape {} needs {} elements of {} bytes", end - begin,
                                shapeInWords(view.shape), count, size),
                    where, kCure);
  view.bytes = data.subspan(begin, end - begin);
  return view;
}

// The format allows neither overlaps nor holes.
void checkLayout(const std::vector<TensorView>& tensors, std::span<const std::byte> data, const std::string& where) {
  std::vector<const TensorView*> ordered;
  for (const TensorView& view : tensors) ordered.push_back(&view);
  std::stable_sort(ordered.begin(), ordered.end(), [](const TensorView* a, const TensorView* b) {
    return std::pair(a->bytes.data(), a->bytes.size()) < std::pair(b->bytes.data(), b->bytes.size());
  });
  const std::byte* next = data.data();
  for (const TensorView* view : ordered) {
    if (view->bytes.data() != next)
      throw dataError(fmt::format("tensor '{}' {}", view->name,
                                  view->bytes.data() < next ? "overlaps the one before it" : "leaves a hole before it"),
                      where, kCure);
    next += view->bytes.size();
  }
  if (next != data.data() + data.size())
    throw dataError(fmt::format("has {} bytes after its last tensor", data.data() + data.size() - next), where, kCure);
}

}  // namespace

std::vector<float> TensorView::floats() const {
  std::vector<float> values(bytes.size() / sizeOf(dtype));
  convertToFloat(dtype, bytes, values);
  return values;
}

SafetensorsFile SafetensorsFile::open(const std::filesystem::path& path) {
  const std::string where = path.string();
  SafetensorsFile result;
  result.path_ = path;
  result.file_ = std::make_shared<const FileMapping>(path);
  const std::span<const std::byte> all = result.file_->bytes();
  if (all.size() < 8) throw dataError("is too short for a safetensors file", where, kCure);
  std::uint64_t length = 0;
  std::memcpy(&length, all.data(), 8);
  if (length > kLongestHeader || length > all.size() - 8)
    throw dataError(fmt::format("claims a header of {} bytes in a file of {}", length, all.size()), where, kCure);
  const std::span<const std::byte> data = all.subspan(8 + length);
  const Json header = parseHeader({reinterpret_cast<const char*>(all.data()) + 8, length}, where);
  if (!header.is_object()) throw dataError("the safetensors header is no JSON object", where, kCure);
  for (const auto& [name, entry] : header.items()) {
    if (name != kMetadataKey) {
      result.byName_.emplace(name, result.tensors_.size());
      result.tensors_.push_back(readEntry(name, entry, data, where));
      continue;
    }
    if (!entry.is_object()) throw dataError("__metadata__ is no JSON object", where, kCure);
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) throw dataError("__metadata__." + key + " is no string", where, kCure);
      result.metadata_[key] = value.get<std::string>();
    }
  }
  checkLayout(result.tensors_, data, where);
  return result;
}

const TensorView& SafetensorsFile::tensor(const std::string& name) const {
  const auto found = byName_.find(name);
  if (found != byName_.end()) return tensors_[found->second];
  std::vector<std::string> known;
  for (const TensorView& view : tensors_) known.push_back(view.name);
  const std::string nearest = nearestWord(name, known);
  throw dataError("has no tensor '" + name + "'" + (nearest.empty() ? "" : "; the nearest is '" + nearest + "'"),
                  path_.string(), "Check that the weights belong to this model");
}

void writeSafetensors(const std::filesystem::path& path, const std::vector<TensorView>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header[std::string(kMetadataKey)] = metadata;
  std::vector<std::string_view> pieces(1);
  std::set<std::string_view> names;
  std::uint64_t offset = 0;
  for (const TensorView& view : tensors) {
    const auto count = static_cast<std::uint64_t>(checkedElementCount(view.shape, view.name));
    if (view.bytes.size() != count * sizeOf(view.dtype) || view.name == kMetadataKey || !names.insert(view.name).second)
      throw Error(ErrorKind::Bug, "writeSafetensors: '" + view.name + "' has a wrong size or name", path.string());
    header[view.name] = {{"dtype", safetensorsName(view.dtype)},
                         {"shape", view.shape},
                         {"data_offsets", {offset, offset + view.bytes.size()}}};
    offset += view.bytes.size();
    pieces.emplace_back(reinterpret_cast<const char*>(view.bytes.data()), view.bytes.size());
  }
  std::string text = header.dump();
  text.append((64 - (8 + text.size()) % 64) % 64, ' ');
  const std::uint64_t length = text.size();
  std::string prologue(8, '\0');
  std::memcpy(prologue.data(), &length, 8);
  prologue += text;
  pieces[0] = prologue;
  writePiecesAtomically(path, pieces);
}

}  // namespace counterpoint
