// SPDX-License-Identifier: GPL-3.0-or-later
// How a number goes up and down by the arrow keys: even steps where its range says so, else 1, 2, 5, 10, …
#pragma once

#include <string>

#include "core/config/schema.h"

namespace counterpoint {

// The value `steps` away, inside the key's range. Rates and other numbers without an upper bound step through 1-2-5 of
// each power of ten (0 lies below 1e-6 where the range allows it); shares step by hundredths of their range.
double stepped(const SchemaKey& key, double value, int steps);

// As a person writes it: 3e-4, 0.05, 20.
std::string numberText(double value);

}  // namespace counterpoint
