// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of a phantom, and the prompts of the sample's adapters.
#pragma once

#include <string>
#include <vector>

#include "core/sample/heart.h"

namespace counterpoint {

// The nearest multiple of five percent: 15, 20, … 75. One word of the vocabulary.
int ejectionFractionWord(double ejectionFraction);

// "Severely reduced", "Moderately reduced", "Mildly reduced" or "Normal": up to 30, 40, 50 percent and above.
std::string systolicFunction(int ejectionFractionPercent);

// "Apical four chamber view. Left ventricular ejection fraction about 35 percent. Moderately reduced systolic
// function." Heart rate is left out: it says nothing that a clip of one beat could show reliably.
std::string reportText(EchoView view, double ejectionFraction);

struct AdapterPrompts {
  std::string name;
  std::string description;
  std::vector<std::string> prompts;  // 20
};

// One adapter a view, one for normal and one for reduced function.
std::vector<AdapterPrompts> sampleAdapters();

}  // namespace counterpoint
