// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace counterpoint {
namespace {

using Element = OverrideElement;

// 64 bits of mantissa or more: every int64 and every double has its place.
std::optional<long double> numberOf(const ConfigScalar& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1.0L : 0.0L;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<long double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

std::optional<long double> numberOf(const Element& value) {
  if (const auto* truth = value.as<bool>()) return numberOf(ConfigScalar(*truth));
  if (const auto* whole = value.as<std::int64_t>()) return numberOf(ConfigScalar(*whole));
  if (const auto* number = value.as<double>()) return numberOf(ConfigScalar(*number));
  return std::nullopt;
}

bool same(const Element& a, const Element& b) {
  const auto left = numberOf(a), right = numberOf(b);
  if (left && right) return *left == *right;
  if (a.isNull() || b.isNull()) return a.isNull() && b.isNull();
  if (const auto* text = a.as<std::string>(), *other = b.as<std::string>(); text && other) {
    return *text == *other && a.quote == b.quote;
  }
  if (const auto* list = a.as<Element::List>(), *other = b.as<Element::List>(); list && other) {
    return std::equal(list->begin(), list->end(), other->begin(), other->end(), same);
  }
  if (const auto* dict = a.as<Element::Dict>(), *other = b.as<Element::Dict>(); dict && other) {
    return dict->size() == other->size() && std::all_of(dict->begin(), dict->end(), [&](const auto& entry) {
             return std::any_of(other->begin(), other->end(), [&](const auto& candidate) {
               return same(entry.key, candidate.key) && same(entry.value, candidate.value);
             });
           });
  }
  return false;
}

bool less(const Element& a, const Element& b) {
  const auto left = numberOf(a), right = numberOf(b);
  if (left && right) return *left < *right;
  if (const auto* text = a.as<std::string>(), *other = b.as<std::string>(); text && other) {
    if (a.quote == Element::Quote::None && b.quote == Element::Quote::None) return *text < *other;
  }
  if (const auto* list = a.as<Element::List>(), *other = b.as<Element::List>(); list && other) {
    const auto [mine, theirs] = std::mismatch(list->begin(), list->end(), other->begin(), other->end(), same);
    if (mine == list->end() || theirs == other->end()) return list->size() < other->size();
    return less(*mine, *theirs);
  }
  throw PythonFault{
      "TypeError",
      fmt::format("'<' not supported between instances of '{}' and '{}'", pythonTypeOf(a), pythonTypeOf(b)),
      "Sort values of one kind: all numbers, or all words without quotes."};
}

ConfigScalar plus(const ConfigScalar& a, const ConfigScalar& b, int sign) {
  if (std::holds_alternative<double>(a) || std::holds_alternative<double>(b)) {
    return static_cast<double>(*numberOf(a)) + sign * static_cast<double>(*numberOf(b));
  }
  const auto whole = [](const ConfigScalar& value) {
    const auto* truth = std::get_if<bool>(&value);
    return truth ? std::int64_t{*truth} : std::get<std::int64_t>(value);
  };
  std::int64_t sum = 0;
  const bool beyond =
      sign < 0 ? __builtin_sub_overflow(whole(a), whole(b), &sum) : __builtin_add_overflow(whole(a), whole(b), &sum);
  if (beyond) throw PythonFault{"OverflowError", "the range does not fit into 64 bits", "Take a smaller range."};
  return sum;
}

}  // namespace

std::string pythonTypeOf(const OverrideElement& value) {
  struct Namer {
    Element::Quote quote;
    std::string operator()(std::nullptr_t) const { return "NoneType"; }
    std::string operator()(bool) const { return "bool"; }
    std::string operator()(std::int64_t) const { return "int"; }
    std::string operator()(double) const { return "float"; }
    std::string operator()(const std::string&) const { return quote == Element::Quote::None ? "str" : "QuotedString"; }
    std::string operator()(const Element::List&) const { return "list"; }
    std::string operator()(const Element::Dict&) const { return "dict"; }
    std::string operator()(const Element::Sweep& sweep) const {
      constexpr std::string_view names[] = {"ChoiceSweep", "RangeSweep", "IntervalSweep", "Glob"};
      return std::string(names[static_cast<std::size_t>(sweep->kind)]);
    }
  };
  return std::visit(Namer{value.quote}, value.content);
}

// Python's own steps (the run at the start, then binary insertion), so that what has no total order — nan, or kinds
// that refuse each other late — comes out as it does there.
OverrideElement::List sortedOverrides(const OverrideElement::List& list, bool reverse) {
  std::vector<std::size_t> order(list.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (reverse) std::reverse(order.begin(), order.end());
  const auto before = [&](std::size_t a, std::size_t b) { return less(list[a], list[b]); };
  std::size_t run = std::min<std::size_t>(order.size(), 1);
  if (order.size() > 1) {
    const bool falling = before(order[1], order[0]);
    for (run = 2; run < order.size() && before(order[run], order[run - 1]) == falling; ++run) {
    }
    if (falling) std::reverse(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(run));
  }
  for (; run < order.size(); ++run) {
    const auto here = order.begin() + static_cast<std::ptrdiff_t>(run);
    const auto place = std::upper_bound(order.begin(), here, *here, before);
    std::rotate(place, here, here + 1);
  }
  if (reverse) std::reverse(order.begin(), order.end());
  OverrideElement::List sorted;
  sorted.reserve(list.size());
  for (const auto index : order) sorted.push_back(list[index]);
  return sorted;
}

OverrideSweep sortedRange(OverrideSweep range, bool reverse) {
  const long double start = *numberOf(range.start), stop = *numberOf(range.stop);
  if (reverse ? start < stop : start > stop) {
    const ConfigScalar zero = std::int64_t{0};
    const ConfigScalar size = *numberOf(range.step) < 0 ? plus(zero, range.step, -1) : plus(zero, range.step, 1);
    const int sign = reverse ? -1 : 1;
    const ConfigScalar first = plus(range.stop, size, sign);
    range.stop = plus(range.start, size, sign);
    range.start = first;
    range.step = plus(zero, range.step, -1);
  }
  return range;
}

}  // namespace counterpoint
