// SPDX-License-Identifier: GPL-3.0-or-later
// JSON values with their keys in order, and the two rules that all our files follow.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace counterpoint {

using Json = nlohmann::ordered_json;

// JSON has no NaN and no infinities: they are written as the strings "nan", "inf" and "-inf".
Json numberToJson(double value);
// The reverse; throws Error{Data} for anything that is no number.
double numberFromJson(const Json& value);

// Whole file. Throws Error{Data} naming file, line and column of what is wrong.
Json readJsonFile(const std::filesystem::path& path);
// Replaces the file atomically, indented by two, with a final newline.
void writeJsonFile(const std::filesystem::path& path, const Json& value);

}  // namespace counterpoint
