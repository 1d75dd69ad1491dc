// SPDX-License-Identifier: GPL-3.0-or-later
// What there is to say about a key, in words: by form, hover and lists alike.
#pragma once

#include <QString>

#include "core/config/config.h"

namespace counterpoint {

// "number, above 0; default 3e-4", help and choices, as rich text.
QString keyTip(const SchemaKey& key);

// Who set a value, seen from `file`: "line 9", "db/mysql.yaml, line 2", "override optimizer.lr=1e-4"; of a default
// empty.
QString originText(const ValueOrigin& origin, const QString& file);

// keyTip with the value that comes out and who set it; of a section its keys. Empty for an unknown path.
QString factsOf(const Composition& composition, const std::string& path, const QString& file);

// The value at a key of the schema.
const Json& valueAt(const Json& values, const std::string& path);

// YAML of a value as one short line.
QString shortValue(const Json& value, int most = 32);

}  // namespace counterpoint
