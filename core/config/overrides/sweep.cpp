// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/sweep.h"

#include "core/base/random.h"
#include "core/config/overrides/decimal.h"
#include "core/config/overrides/glob.h"
#include "core/config/tree/config_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace counterpoint {
namespace {

// Holds every difference of two 64-bit numbers.
__extension__ typedef __int128 Wide;

[[noreturn]] void refuse(const Override& override, std::string what, std::string cure = {}) {
  throw ConfigError(ConfigFault::Sweep, std::move(what), "override " + override.inputLine.substr(0, 80),
                    std::move(cure));
}

[[noreturn]] void refuseTooMany(const Override& override) {
  refuse(override, fmt::format("it has more than {} values", kMaxSweepJobs), "Take a shorter range or a longer step.");
}

std::optional<Wide> wholeOf(const ConfigScalar& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  return std::nullopt;
}

double numberOf(const ConfigScalar& value) {
  const auto whole = wholeOf(value);
  return whole ? static_cast<double>(*whole) : std::get<double>(value);
}

Decimal decimalOf(const ConfigScalar& value) {
  const auto whole = wholeOf(value);
  return whole ? Decimal(static_cast<long long>(*whole)) : Decimal(std::get<double>(value));
}

// The values of a range, given one by one to `visit`.
class Range {
 public:
  explicit Range(const Override& override) : override_(override), range_(*override.sweep()) {}

  template <typename Visit>
  std::size_t walk(const Visit& visit) const {
    const auto start = wholeOf(range_.start), stop = wholeOf(range_.stop), step = wholeOf(range_.step);
    if (start && stop && step) return walkWhole(*start, *stop, *step, visit);
    return walkFloats(visit);
  }

  std::size_t size() const {
    const auto start = wholeOf(range_.start), stop = wholeOf(range_.stop), step = wholeOf(range_.step);
    if (start && stop && step) return sizeOfWhole(*start, *stop, *step);
    return walkFloats([](OverrideElement) {});
  }

 private:
  std::size_t sizeOfWhole(Wide start, Wide stop, Wide step) const {
    if (step == 0) refuse(override_, "range() arg 3 must not be zero", "Give a step.");
    const Wide way = step > 0 ? stop - start : start - stop;
    const Wide size = way <= 0 ? 0 : (way + (step > 0 ? step : -step) - 1) / (step > 0 ? step : -step);
    if (size > static_cast<Wide>(kMaxSweepJobs)) refuseTooMany(override_);
    return static_cast<std::size_t>(size);
  }

  template <typename Visit>
  std::size_t walkWhole(Wide start, Wide stop, Wide step, const Visit& visit) const {
    const std::size_t size = sizeOfWhole(start, stop, step);
    for (std::size_t i = 0; i < size; ++i) {
      visit(OverrideElement{static_cast<std::int64_t>(start + static_cast<Wide>(i) * step)});
    }
    return size;
  }

  template <typename Visit>
  std::size_t walkFloats(const Visit& visit) const {
    const double start = numberOf(range_.start), stop = numberOf(range_.stop), step = numberOf(range_.step);
    if (std::isnan(start) || std::isnan(stop) || std::isnan(step)) {
      refuse(override_, "nan bounds no range", "Give numbers.");
    }
    if (step == 0) {
      refuse(override_,
             fmt::format("Invalid range values (start:{}, stop:{}, step:{})", pythonText(range_.start),
                         pythonText(range_.stop), pythonText(range_.step)),
             "Give a step.");
    }
    if (step > 0 ? !(start < stop || decimalLess(range_.start, range_.stop))
                 : !(start > stop || decimalLess(range_.stop, range_.start))) {
      return 0;
    }
    if (std::isinf(step) && !std::isinf(start)) {
      visit(OverrideElement{start});
      return 1;
    }
    // Doubles are near enough to tell a range of a million values from an endless one.
    if (!((stop - start) / step <= 1.01 * static_cast<double>(kMaxSweepJobs))) refuseTooMany(override_);
    const Decimal end = decimalOf(range_.stop), stride = decimalOf(range_.step);
    std::size_t size = 0;
    for (Decimal at = decimalOf(range_.start); step > 0 ? at < end : at > end; at = at + stride) {
      if (++size > kMaxSweepJobs) refuseTooMany(override_);
      visit(OverrideElement{at.toDouble()});
    }
    return size;
  }

  static bool decimalLess(const ConfigScalar& a, const ConfigScalar& b) {
    return std::isfinite(numberOf(a)) && std::isfinite(numberOf(b)) && decimalOf(a) < decimalOf(b);
  }

  const Override& override_;
  const OverrideSweep& range_;
};

OverrideElement::List globbed(const Override& override, const SweepOptions& options) {
  if (!options.groupOptions) {
    refuse(override, "the options of a group are not known here, and glob needs them", "List them: key=a,b.");
  }
  const auto fits = [&](const std::string& option, const OverrideElement::List& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const OverrideElement& pattern) {
      const auto* text = pattern.as<std::string>();
      if (!text || pattern.quote != OverrideElement::Quote::None) {
        refuse(override, "a pattern of glob is no plain text", "Write it without quotes: glob([a*,b*]).");
      }
      return matchesGlob(option, *text);
    });
  };
  const auto& glob = *override.sweep();
  OverrideElement::List made;
  for (const auto& option : options.groupOptions(override.keyOrGroup)) {
    if (fits(option, glob.include) && !fits(option, glob.exclude)) made.push_back({option});
  }
  return made;
}

void checkDiscrete(const Override& override) {
  if (!override.isSweep()) refuse(override, "it is no sweep", "Give several values: key=a,b.");
  if (override.isIntervalSweep()) {
    refuse(override, "BasicSweeper does not support sweep type : INTERVAL_SWEEP",
           "List the values, or use a sweep file with a method that draws.");
  }
}

}  // namespace

std::vector<OverrideElement> sweepValues(const Override& override, const SweepOptions& options) {
  checkDiscrete(override);
  const OverrideSweep& sweep = *override.sweep();
  OverrideElement::List values;
  switch (sweep.kind) {
    case OverrideSweep::Kind::Choice: values = sweep.choices; break;
    case OverrideSweep::Kind::Range:
      Range(override).walk([&](OverrideElement value) { values.push_back(std::move(value)); });
      break;
    case OverrideSweep::Kind::Glob: return globbed(override, options);
    case OverrideSweep::Kind::Interval: break;
  }
  if (sweep.shuffle) Random(deriveSeed(options.seed, override.keyElement())).shuffle(values);
  return values;
}

std::size_t sweepValueCount(const Override& override, const SweepOptions& options) {
  checkDiscrete(override);
  if (override.isRangeSweep()) return Range(override).size();
  if (override.isGlob()) return globbed(override, options).size();
  return override.sweep()->choices.size();
}

void takeSweeper(const ConfigNode& hydra, SweepOptions& options) {
  const ConfigNode* sweeper = hydra.isDict() ? hydra.find("sweeper") : nullptr;
  if (!sweeper || !sweeper->isDict()) return;
  if (const ConfigNode* params = sweeper->find("params"); params && !params->isNull()) {
    if (!params->isDict())
      throw ConfigError(ConfigFault::Sweep, "hydra.sweeper.params is no dict", {}, "Write {key: '1,2'}.");
    for (const auto& [key, value] : params->members()) {
      if (value.isContainer())
        throw ConfigError(ConfigFault::Sweep, "a param of the sweeper is a text", "hydra.sweeper.params." + key.text(),
                          "Quote it.");
      options.params.emplace_back(key.text(), pythonText(value.scalar()));
    }
  }
  if (const ConfigNode* size = sweeper->find("max_batch_size"); size && !size->isNull()) {
    const ConfigScalar scalar = size->isContainer() ? ConfigScalar() : size->scalar();
    const auto* number = std::get_if<std::int64_t>(&scalar);
    if (!number)
      throw ConfigError(ConfigFault::Sweep, "is no number of jobs", "hydra.sweeper.max_batch_size", "Write 8.");
    options.maxBatchSize = *number;
  }
}

SweepPlan::SweepPlan(std::span<const Override> overrides, const SweepOptions& options) {
  checkSweepsAllowed(overrides, true);
  if (options.maxBatchSize && *options.maxBatchSize <= 0) {
    throw ConfigError(ConfigFault::Sweep, fmt::format("a batch of {} jobs", *options.maxBatchSize),
                      "hydra.sweeper.max_batch_size", "Give a number above 0, or null.");
  }
  if (options.maxBatchSize) batch_ = static_cast<std::size_t>(*options.maxBatchSize);
  std::vector<Override> all;
  for (const auto& [key, text] : options.params) all.push_back(parseOverride(key + "=" + text, options.seed));
  for (const auto& override : overrides) {
    if (!override.isHydra()) all.push_back(override);
  }
  // A later override of the same key takes the place of the earlier one, which must be right all the same.
  std::map<std::string, std::size_t> places;
  std::vector<std::size_t> sizes;
  for (const auto& override : all) {
    const std::size_t size = override.isSweep() ? sweepValueCount(override, options) : 1;
    const auto [place, fresh] = places.emplace(override.keyElement(), sizes.size());
    if (fresh) sizes.push_back(size);
    sizes[place->second] = size;
  }
  const bool none = std::find(sizes.begin(), sizes.end(), 0u) != sizes.end();
  for (const auto size : sizes) {
    size_ *= none ? 0 : size;
    if (size_ > kMaxSweepJobs) {
      throw ConfigError(ConfigFault::Sweep, fmt::format("the sweep has more than {} jobs", kMaxSweepJobs), {},
                        "Sweep over fewer keys or values.");
    }
  }
  axes_.resize(sizes.size());
  for (const auto& override : all) {
    Axis axis{override.keyElement(), {}};
    const auto add = [&](const std::string& value) { axis.texts.push_back(axis.key + "=" + value); };
    if (override.isSweep()) {
      for (const auto& value : sweepValues(override, options)) add(value.text());
    } else {
      add(override.valueElementText());
    }
    auto& place = axes_[places.at(axis.key)];
    place = std::move(axis);
  }
}

std::vector<std::string> SweepPlan::job(std::size_t index) const {
  if (index >= size_) throw Error(ErrorKind::Bug, fmt::format("job {} of {}", index, size_));
  std::vector<std::string> texts(axes_.size());
  for (std::size_t i = axes_.size(); i-- > 0;) {
    const auto& values = axes_[i].texts;
    texts[i] = values[index % values.size()];
    index /= values.size();
  }
  return texts;
}

std::vector<std::pair<std::size_t, std::size_t>> SweepPlan::batches() const {
  std::vector<std::pair<std::size_t, std::size_t>> made;
  const std::size_t step = batch_ > 0 ? batch_ : std::max<std::size_t>(size_, 1);
  for (std::size_t first = 0; first < size_; first += step) made.emplace_back(first, std::min(size_, first + step));
  return made;
}

std::vector<std::vector<std::string>> sweepJobs(std::span<const Override> overrides, const SweepOptions& options) {
  const SweepPlan plan(overrides, options);
  std::vector<std::vector<std::string>> jobs;
  jobs.reserve(plan.size());
  for (std::size_t i = 0; i < plan.size(); ++i) jobs.push_back(plan.job(i));
  return jobs;
}

}  // namespace counterpoint
