// SPDX-License-Identifier: GPL-3.0-or-later
// What `config check --data` says: the files that a config names, and its table of clips. Reads the table and asks for
// each clip's size; no clip is opened. A table of 100,000 clips takes about a second.
#pragma once

#include <filesystem>
#include <stop_token>
#include <vector>

#include "core/base/json.h"
#include "core/config/check_finding.h"
#include "core/media/table_tally.h"

namespace counterpoint {

class Schema;

struct DataCheck {
  DataFacts facts;
  std::vector<CheckFinding> findings;  // bad ones first
};

// `values` are those of a complete config of `schema`; relative paths begin at `base`. One finding a kind of fault,
// with the first examples. Throws Error{Stopped} when `stop` is asked for, and nothing for what files hold.
DataCheck checkData(const Schema& schema, const Json& values, const std::filesystem::path& base,
                    const std::stop_token& stop = {});

Json jsonOf(const DataFacts& facts);

}  // namespace counterpoint
