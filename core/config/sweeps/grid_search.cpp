// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/config/sweeps/search.h"

namespace counterpoint {
namespace {

std::vector<std::vector<Json>> axesOf(const SweepFile& file) {
  std::vector<std::vector<Json>> axes;
  for (const auto& parameter : file.parameters) {
    auto values = gridValues(parameter.distribution);
    if (!values) throw usageError("a grid cannot go through this parameter", file.where(parameter));
    axes.push_back(std::move(*values));
  }
  return axes;
}

// Equal values have equal keys: a float that is whole is written as such.
Json normalised(const Json& value) {
  if (value.is_structured()) {
    Json copy = value;
    for (auto& item : copy) item = normalised(item);
    return copy;
  }
  if (!value.is_number_float()) return value;
  const double number = value.get<double>();
  return number == static_cast<double>(static_cast<std::int64_t>(std::clamp(number, -9e18, 9e18)))
             ? Json(static_cast<std::int64_t>(number))
             : value;
}

std::string keyOf(const TrialValues& values) {
  std::string key;
  for (const auto& value : values) key += normalised(value).dump() + '\n';
  return key;
}

}  // namespace

std::uint64_t gridSize(const SweepFile& file) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 63;
  std::uint64_t size = 1;
  for (const auto& axis : axesOf(file))
    size = axis.empty() ? 0 : size > kMost / axis.size() ? kMost : size * axis.size();
  return size;
}

std::optional<TrialValues> nextOfGrid(const SweepFile& file, std::span<const SweepTrial> trials) {
  const auto axes = axesOf(file);
  if (std::any_of(axes.begin(), axes.end(), [](const auto& axis) { return axis.empty(); })) return std::nullopt;
  std::set<std::string> used;
  for (const auto& trial : trials) used.insert(keyOf(trial.values));
  std::vector<std::size_t> places(axes.size(), 0);
  for (;;) {
    TrialValues values;
    for (std::size_t i = 0; i < axes.size(); ++i) values.push_back(axes[i][places[i]]);
    if (!used.contains(keyOf(values))) return values;
    std::size_t axis = axes.size();
    while (axis > 0 && ++places[axis - 1] == axes[axis - 1].size()) places[--axis] = 0;
    if (axis == 0) return std::nullopt;
  }
}

}  // namespace counterpoint
