// SPDX-License-Identifier: GPL-3.0-or-later
// Short ways to write the rows of a schema, and the rows that every recipe has.
#pragma once

#include "core/config/schema.h"

namespace counterpoint::schema {

using Keys = std::vector<SchemaKey>;

inline constexpr auto kBool = ValueType::Bool;
inline constexpr auto kInt = ValueType::Int;
inline constexpr auto kFloat = ValueType::Float;
inline constexpr auto kText = ValueType::Text;
inline constexpr auto kPath = ValueType::Path;

SchemaKey plain(std::string path, ValueType type, Json fallback, std::string help);
SchemaKey number(std::string path, ValueType type, Json fallback, std::optional<double> least,
                 std::optional<double> most, std::string unit, std::string help);
SchemaKey positive(std::string path, Json fallback, std::string help);  // above 0
SchemaKey share(std::string path, double fallback, std::string help);   // 0 to 1
SchemaKey choice(std::string path, const char* fallback, std::vector<SchemaChoice> choices, std::string help);
SchemaKey list(std::string path, ValueType item, int size, Json fallback, std::string help);
SchemaKey map(std::string path, ValueType item, Json fallback, std::string help);
SchemaKey fractions(std::string path, std::vector<double> fallback, std::string help);
SchemaKey nullable(SchemaKey key);
SchemaKey required(SchemaKey key);

// recipe, name, seed, device, precision, threads. `precision` is the default; float16 is a choice only where it is
// that.
Keys runKeys(const char* recipe, const char* meaning, const char* name, const char* precision = "float32");
// launch.*
Keys launchKeys();

Keys joined(const std::vector<Keys>& parts);

}  // namespace counterpoint::schema
