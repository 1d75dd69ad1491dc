// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/series.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/runs/smoother.h"

namespace counterpoint {
namespace {

template <typename Value>
std::string_view bytesOf(const Value* values, std::size_t count) {
  return {reinterpret_cast<const char*>(values), count * sizeof(Value)};
}

// First index in [first, last) for which `before` is false.
template <typename Before>
std::size_t partition(std::size_t first, std::size_t last, Before before) {
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    if (before(middle)) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

// `X(i)` and `V(i)` give a point, `E(first, last)` the extremes of a stretch; [0, size) is the whole curve.
template <typename X, typename V, typename E>
std::vector<PixelColumn> decimateBy(std::size_t size, X x, V value, E extremes, double from, double to, int columns) {
  std::vector<PixelColumn> result;
  if (size == 0 || columns <= 0 || !(from <= to)) return result;
  std::size_t begin = partition(0, size, [&](std::size_t i) { return x(i) < from; });
  std::size_t end = partition(begin, size, [&](std::size_t i) { return x(i) <= to; });
  const auto add = [&](std::size_t first, std::size_t last) {
    result.push_back({first, last, x(first), x(last - 1), value(first), value(last - 1), extremes(first, last)});
  };
  if (begin > 0) add(begin - 1, begin);
  if (end - begin <= static_cast<std::size_t>(columns)) {
    for (std::size_t i = begin; i < end; ++i) add(i, i + 1);
  } else {
    const double width = (to - from) / columns;
    std::size_t first = begin;
    for (int column = 0; column < columns && first < end; ++column) {
      const double border = from + width * (column + 1);
      const std::size_t last =
          column + 1 == columns ? end : partition(first, end, [&](std::size_t i) { return x(i) < border; });
      if (last > first) add(first, last);
      first = last;
    }
  }
  if (end < size) add(end, end + 1);
  return result;
}

// Throws Error{Data} when the file holds less than `size` bytes.
// A file of at least `count` records. A count from a damaged index may be any number: it is not multiplied.
template <typename Record>
std::unique_ptr<FileMapping> mapAtLeast(const std::filesystem::path& path, std::size_t count) {
  auto map = std::make_unique<FileMapping>(path);
  const std::size_t held = map->bytes().size() / sizeof(Record);
  if (held >= count) return map;
  throw dataError("holds " + std::to_string(held) + " records, " + std::to_string(count) + " expected", path.string());
}

}  // namespace

double axisValue(const SeriesPoint& point, SeriesAxis axis) {
  switch (axis) {
    case SeriesAxis::Step: return static_cast<double>(point.step);
    case SeriesAxis::Epoch: return point.epoch;
    case SeriesAxis::Time: return point.time;
  }
  return 0;
}

void Extremes::take(double value) {
  if (!std::isfinite(value)) {
    ++nonFinite;
    return;
  }
  minimum = std::min(minimum, value);
  maximum = std::max(maximum, value);
}

void Extremes::take(const Extremes& other) {
  minimum = std::min(minimum, other.minimum);
  maximum = std::max(maximum, other.maximum);
  nonFinite += other.nonFinite;
}

void Series::append(const SeriesPoint& point) {
  if (size() > 0 && point.step <= back().step) {
    insert(point);
    return;
  }
  const std::size_t index = size();
  tail_.push_back(point);
  addToPyramid(index, point.value);
  if (!std::isfinite(point.value)) nonFinite_.push_back(index);
}

void Series::insert(const SeriesPoint& point) {
  const std::size_t place = partition(0, size(), [&](std::size_t i) { return (*this)[i].step < point.step; });
  std::vector<SeriesPoint> later;
  for (std::size_t i = place; i < size(); ++i)
    if ((*this)[i].step != point.step) later.push_back((*this)[i]);
  cut(place);
  append(point);
  for (const SeriesPoint& moved : later) append(moved);
}

void Series::addToPyramid(std::size_t index, double value) {
  std::size_t entry = index / kBlock;
  for (std::size_t level = 0;; ++level, entry /= kFan) {
    if (level == levels_.size()) {
      levels_.emplace_back();
      if (level > 0) {  // a level starts once the one below has a second entry
        levels_[level].resize(1);
        for (std::size_t i = 0; i + 1 < levels_[level - 1].size(); ++i) levels_[level][0].take(levels_[level - 1][i]);
      }
    }
    auto& entries = levels_[level];
    if (entries.size() <= entry) entries.resize(entry + 1);
    entries[entry].take(value);
    if (entries.size() == 1) break;
  }
}

void Series::raisePyramid() {
  levels_.resize(1);
  while (levels_.back().size() > 1) {
    const auto& below = levels_.back();
    std::vector<Extremes> level((below.size() + kFan - 1) / kFan);
    for (std::size_t i = 0; i < below.size(); ++i) level[i / kFan].take(below[i]);
    levels_.push_back(std::move(level));
  }
}

void Series::rebuildPyramid() {
  levels_.assign(1, {});
  nonFinite_.clear();
  levels_[0].resize((size() + kBlock - 1) / kBlock);
  for (std::size_t i = 0; i < size(); ++i) {
    const double value = (*this)[i].value;
    levels_[0][i / kBlock].take(value);
    if (!std::isfinite(value)) nonFinite_.push_back(i);
  }
  raisePyramid();
}

bool Series::dropAfter(std::int64_t step) {
  // Steps never fall along a series, so what is dropped is its end.
  const std::size_t kept = partition(0, size(), [&](std::size_t i) { return (*this)[i].step <= step; });
  if (kept == size()) return false;
  cut(kept);
  return true;
}

void Series::cut(std::size_t kept) {
  if (kept < baseCount_) {
    baseCount_ = kept;
    tail_.clear();
  } else {
    tail_.resize(kept - baseCount_);
  }
  if (savedCount_ > kept) rewrite_ = true;
  rebuildPyramid();
}

std::pair<std::size_t, std::size_t> Series::range(SeriesAxis axis, double from, double to) const {
  const std::size_t first = partition(0, size(), [&](std::size_t i) { return x(i, axis) < from; });
  return {first, partition(first, size(), [&](std::size_t i) { return x(i, axis) <= to; })};
}

Extremes Series::extremes(std::size_t first, std::size_t last) const {
  Extremes result;
  last = std::min(last, size());
  for (std::size_t i = first; i < last;) {
    if (i % kBlock != 0 || i + kBlock > last) {
      result.take((*this)[i++].value);
      continue;
    }
    std::size_t level = 0, span = kBlock;
    while (level + 1 < levels_.size() && i % (span * kFan) == 0 && i + span * kFan <= last) {
      ++level;
      span *= kFan;
    }
    result.take(levels_[level][i / span]);
    i += span;
  }
  return result;
}

std::vector<PixelColumn> Series::decimate(SeriesAxis axis, double from, double to, int columns) const {
  return decimateBy(
      size(), [&](std::size_t i) { return x(i, axis); }, [&](std::size_t i) { return (*this)[i].value; },
      [&](std::size_t first, std::size_t last) { return extremes(first, last); }, from, to, columns);
}

std::vector<PixelColumn> decimate(std::span<const double> xs, std::span<const double> values, double from, double to,
                                  int columns) {
  const auto extremes = [&](std::size_t first, std::size_t last) {
    Extremes result;
    for (std::size_t i = first; i < last; ++i) result.take(values[i]);
    return result;
  };
  return decimateBy(
      std::min(xs.size(), values.size()), [&](std::size_t i) { return xs[i]; },
      [&](std::size_t i) { return values[i]; }, extremes, from, to, columns);
}

std::vector<double> Series::values() const {
  std::vector<double> result(size());
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = (*this)[i].value;
  return result;
}

std::vector<double> Series::xs(SeriesAxis axis) const {
  std::vector<double> result(size());
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = x(i, axis);
  return result;
}

void Series::save(const std::filesystem::path& points, const std::filesystem::path& pyramid) {
  if (savedCount_ == size() && !rewrite_) return;
  const std::size_t blocks = size() / kBlock;  // whole ones; the last, partial one is counted again on loading
  if (rewrite_ || savedCount_ == 0) {
    // Another reader may have the old file mapped: replace it, never cut it.
    std::string content;
    content.reserve(size() * sizeof(SeriesPoint));
    content.append(bytesOf(base(), baseCount_)).append(bytesOf(tail_.data(), tail_.size()));
    writeFileAtomically(points, content);
    writeFileAtomically(pyramid, blocks ? bytesOf(levels_[0].data(), blocks) : std::string_view());
  } else {
    const auto put = [](const std::filesystem::path& path, std::string_view content, std::size_t offset) {
      if (content.empty()) return;
      FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
      if (!file) throw systemError(errno, "write", path.string());
      if (::lseek(file.get(), static_cast<off_t>(offset), SEEK_SET) < 0)
        throw systemError(errno, "write", path.string());
      writeAll(file.get(), content, path);
    };
    const std::size_t skip = savedCount_ - baseCount_;
    put(points, bytesOf(tail_.data() + skip, tail_.size() - skip), savedCount_ * sizeof(SeriesPoint));
    const std::size_t savedBlocks = savedCount_ / kBlock;
    if (blocks > savedBlocks)
      put(pyramid, bytesOf(levels_[0].data() + savedBlocks, blocks - savedBlocks), savedBlocks * sizeof(Extremes));
  }
  const std::size_t count = size();
  map_ = mapAtLeast<SeriesPoint>(points, count);
  baseCount_ = savedCount_ = count;
  rewrite_ = false;
  tail_ = {};
}

Series Series::load(const std::filesystem::path& points, const std::filesystem::path& pyramid, std::size_t count) {
  Series series;
  series.map_ = mapAtLeast<SeriesPoint>(points, count);
  series.baseCount_ = series.savedCount_ = count;
  const std::size_t blocks = count / kBlock;
  const auto low = mapAtLeast<Extremes>(pyramid, blocks);
  series.levels_.resize(1);
  series.levels_[0].resize((count + kBlock - 1) / kBlock);
  if (blocks > 0) std::memcpy(series.levels_[0].data(), low->bytes().data(), blocks * sizeof(Extremes));
  for (std::size_t i = blocks * kBlock; i < count; ++i) series.levels_[0].back().take(series[i].value);
  for (std::size_t block = 0; block < series.levels_[0].size(); ++block) {
    if (series.levels_[0][block].nonFinite == 0) continue;
    for (std::size_t i = block * kBlock; i < std::min(count, (block + 1) * kBlock); ++i)
      if (!std::isfinite(series[i].value)) series.nonFinite_.push_back(i);
  }
  series.raisePyramid();
  return series;
}

std::vector<double> smooth(std::span<const double> values, double weight) {
  std::vector<double> result(values.begin(), values.end());
  if (values.empty()) return result;
  if (std::all_of(values.begin(), values.end(), [&](double value) { return value == values[0]; })) return result;
  Smoother smoother(weight);
  for (double& value : result) value = smoother.next(value);
  return result;
}

}  // namespace counterpoint
