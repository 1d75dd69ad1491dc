// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/reports.h"

#include <fmt/format.h>

#include <cmath>

namespace counterpoint {
namespace {

constexpr int kLowestWord = 15, kHighestWord = 75, kWordStep = 5;

std::string fractionSentence(int percent) {
  return fmt::format("Left ventricular ejection fraction about {} percent.", percent);
}

std::string functionSentence(int percent) { return fmt::format("{} systolic function.", systolicFunction(percent)); }

std::string wholeReport(EchoView view, int percent) {
  return fmt::format("{} view. {} {}", viewName(view), fractionSentence(percent), functionSentence(percent));
}

AdapterPrompts viewAdapter(EchoView view) {
  AdapterPrompts adapter{viewIdentifier(view), fmt::format("{} view, any function", viewName(view)), {}};
  for (int percent = kLowestWord; percent <= kHighestWord; percent += kWordStep) {
    adapter.prompts.push_back(wholeReport(view, percent));
  }
  for (const int percent : {25, 40, 50, 65}) {
    adapter.prompts.push_back(fmt::format("{} view. {}", viewName(view), functionSentence(percent)));
  }
  for (const int percent : {25, 45, 65}) {
    adapter.prompts.push_back(fmt::format("{} view. {}", viewName(view), fractionSentence(percent)));
  }
  return adapter;
}

AdapterPrompts functionAdapter(std::string name, std::string description, int lowest) {
  AdapterPrompts adapter{std::move(name), std::move(description), {}};
  for (const EchoView view : kEchoViews) {
    for (int step = 0; step < 5; ++step) adapter.prompts.push_back(wholeReport(view, lowest + step * kWordStep));
  }
  return adapter;
}

}  // namespace

int ejectionFractionWord(double ejectionFraction) {
  return kWordStep * static_cast<int>(std::lround(100.0 * ejectionFraction / kWordStep));
}

std::string systolicFunction(int ejectionFractionPercent) {
  if (ejectionFractionPercent <= 30) return "Severely reduced";
  if (ejectionFractionPercent <= 40) return "Moderately reduced";
  if (ejectionFractionPercent <= 50) return "Mildly reduced";
  return "Normal";
}

std::string reportText(EchoView view, double ejectionFraction) {
  return wholeReport(view, ejectionFractionWord(ejectionFraction));
}

std::vector<AdapterPrompts> sampleAdapters() {
  std::vector<AdapterPrompts> adapters;
  for (const EchoView view : kEchoViews) adapters.push_back(viewAdapter(view));
  adapters.push_back(functionAdapter("normal_function", "Normal systolic function, any view", 55));
  adapters.push_back(functionAdapter("reduced_function", "Reduced systolic function, any view", 15));
  return adapters;
}

}  // namespace counterpoint
