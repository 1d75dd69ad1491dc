// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compare.h"

#include "core/config/compose/compose.h"

#include <algorithm>
#include <list>
#include <unordered_map>

namespace counterpoint {
namespace {

using Row = ConfigComparison::Row;

class Comparison {
 public:
  explicit Comparison(std::size_t count) : count_(count) {}

  void add(const Json& values, std::size_t column) {
    column_ = column;
    next_ = rows_.begin();
    if (values.is_object()) addMembers(values, {});
  }

  std::vector<Row> take() { return {std::make_move_iterator(rows_.begin()), std::make_move_iterator(rows_.end())}; }

 private:
  void addMembers(const Json& values, const std::string& prefix) {
    for (const auto& [name, value] : values.items()) {
      const std::string path = prefix.empty() ? name : prefix + "." + name;
      if (value.is_object() && !value.empty()) {
        addMembers(value, path);
      } else {
        addLeaf(path, value);
      }
    }
  }

  void addLeaf(const std::string& path, const Json& value) {
    auto found = byKey_.find(path);
    if (found == byKey_.end()) {
      const auto row = rows_.insert(next_, Row{path, std::vector<std::optional<Json>>(count_)});
      found = byKey_.emplace(path, row).first;
    }
    found->second->values[column_] = value;
    next_ = std::next(found->second);
  }

  std::size_t count_, column_ = 0;
  std::list<Row> rows_;
  std::list<Row>::iterator next_;  // where a key that is new stands
  std::unordered_map<std::string, std::list<Row>::iterator> byKey_;
};

}  // namespace

ConfigComparison compareConfigs(const std::vector<NamedValues>& configs) {
  ConfigComparison comparison;
  Comparison rows(configs.size());
  for (std::size_t i = 0; i < configs.size(); ++i) {
    comparison.names.push_back(configs[i].name);
    rows.add(configs[i].values, i);
  }
  comparison.rows = rows.take();
  return comparison;
}

bool differs(const Row& row, std::size_t base) {
  return std::any_of(row.values.begin(), row.values.end(),
                     [&](const auto& value) { return value != row.values[base]; });
}

std::vector<Row> differences(const ConfigComparison& comparison, std::size_t base) {
  std::vector<Row> found;
  std::copy_if(comparison.rows.begin(), comparison.rows.end(), std::back_inserter(found),
               [base](const Row& row) { return differs(row, base); });
  return found;
}

Json valuesForComparison(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                         std::vector<ConfigProblem>* problems) {
  const auto composition = composeFile(file, overrides);
  if (composition.schema) {
    if (problems) *problems = composition.problems;
    return composition.values;
  }
  return toJson(compose(requestOfFile(std::filesystem::absolute(file), overrides)).resolvedTask());
}

}  // namespace counterpoint
