// SPDX-License-Identifier: GPL-3.0-or-later
// Values of other systems in our words, for OldName::convert. Each throws Error{Usage} for a value without a like here.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "core/base/json.h"

namespace counterpoint::schema {

using Words = std::initializer_list<std::pair<std::string_view, const char*>>;

// The second word of the pair whose first is the value, case aside.
Json wordFrom(const Json& value, Words words);

Json studyIfTrue(const Json& value);     // true: "study", false: "clip"
Json float16IfTrue(const Json& value);   // true: "float16", false: "float32"
Json bfloat16IfTrue(const Json& value);  // true: "bfloat16", false: "float32"
Json skipIfTrue(const Json& value);      // true: "skip", false: "error"
Json optimizerName(const Json& value);   // AdamW: "adamw", SGD: "sgd"
Json lowerCase(const Json& value);
Json numberOfText(const Json& value);    // "224, 224" of one number twice: 224
Json numbersOfText(const Json& value);   // "(0.8, 1.0)": [0.8, 1.0]; a list as it stands
Json wordsOfText(const Json& value);     // "q_proj,v_proj": ["q_proj", "v_proj"]; a list as it stands
Json emptyIfNull(const Json& value);     // null, false, "none": ""
Json zeroIfFalse(const Json& value);     // false, null: 0
Json zeroIfNegative(const Json& value);  // -1, "unlimited": 0

}  // namespace counterpoint::schema
