// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/calibration.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"

namespace counterpoint {
namespace {

struct Pool {
  double raw = 0, right = 0, weight = 0;  // sums
  double least = 0, most = 0;             // of raw: sums are not exact enough to tell equal ones
  double share() const { return right / weight; }
};

}  // namespace

std::optional<Calibration> Calibration::fit(const std::vector<double>& raw, const std::vector<bool>& right,
                                            std::size_t least) {
  if (raw.size() != right.size()) throw Error(ErrorKind::Bug, "calibration needs one outcome per confidence");
  if (raw.size() < std::max<std::size_t>(least, 1)) return std::nullopt;
  std::vector<std::size_t> order(raw.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return raw[a] < raw[b]; });

  std::vector<Pool> pools;
  for (const std::size_t i : order) {
    if (!std::isfinite(raw[i])) throw Error(ErrorKind::Bug, "a confidence is not finite");
    pools.push_back({raw[i], right[i] ? 1.0 : 0.0, 1.0, raw[i], raw[i]});
    while (pools.size() > 1) {
      const Pool& last = pools.back();
      Pool& before = pools[pools.size() - 2];
      const bool sameRaw = before.most == last.least;
      if (!sameRaw && before.share() <= last.share()) break;
      before = {before.raw + last.raw, before.right + last.right, before.weight + last.weight, before.least, last.most};
      pools.pop_back();
    }
  }
  Calibration result;
  result.answers_ = raw.size();
  for (const Pool& pool : pools) {
    result.raw_.push_back(pool.raw / pool.weight);
    result.share_.push_back(pool.share());
  }
  return result;
}

double Calibration::apply(double raw) const {
  if (raw <= raw_.front()) return share_.front();
  if (raw >= raw_.back()) return share_.back();
  const auto above = std::upper_bound(raw_.begin(), raw_.end(), raw) - raw_.begin();
  const auto i = static_cast<std::size_t>(above);
  const double part = (raw - raw_[i - 1]) / (raw_[i] - raw_[i - 1]);
  return share_[i - 1] + part * (share_[i] - share_[i - 1]);
}

Json Calibration::toJson() const {
  return {{"method", "isotonic"},
          {"meaning", "share of generated sentences that stand in the reference report"},
          {"answers", answers_},
          {"raw", raw_},
          {"share", share_}};
}

Calibration Calibration::fromJson(const Json& value) {
  Calibration result;
  try {
    if (value.at("method") != "isotonic") throw dataError("unknown calibration method");
    result.raw_ = value.at("raw").get<std::vector<double>>();
    result.share_ = value.at("share").get<std::vector<double>>();
    result.answers_ = value.value("answers", std::size_t{0});
  } catch (const Json::exception&) {
    throw dataError("is no calibration: members method, raw and share are needed");
  }
  const bool fits = !result.raw_.empty() && result.raw_.size() == result.share_.size() &&
                    std::is_sorted(result.raw_.begin(), result.raw_.end());
  if (!fits) throw dataError("is no calibration: raw must ascend and have one share each");
  return result;
}

std::optional<Calibration> Calibration::read(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    return fromJson(readJsonFile(file));
  } catch (const Error& error) {
    throw dataError(error.problem(), file.string(), "Remove it to go on uncalibrated.");
  }
}

double brierScore(const std::vector<double>& confidence, const std::vector<bool>& right) {
  if (confidence.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t i = 0; i < confidence.size(); ++i) sum += std::pow(confidence[i] - (right[i] ? 1.0 : 0.0), 2);
  return sum / static_cast<double>(confidence.size());
}

}  // namespace counterpoint
