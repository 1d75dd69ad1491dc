// SPDX-License-Identifier: GPL-3.0-or-later
// The work of `workspace new`: somebody's own clips as a workspace.
#include <fmt/format.h>

#include <charconv>
#include <iostream>

#include "app/media/work.h"
#include "core/base/amounts.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/words.h"
#include "core/media/column_guess.h"
#include "core/media/own_table.h"
#include "core/sample/own_workspace.h"

namespace counterpoint {
namespace {

constexpr std::size_t kShownRows = 5;

// What was said goes before what was guessed.
StudyColumns columnsOf(const NewWorkspaceOptions& options, const OwnSource& source) {
  StudyColumns columns = guessColumns(source);
  for (const auto& word : options.columns) {
    const auto equal = word.find('=');
    const std::string role = word.substr(0, equal);
    const auto found =
        std::find_if(kColumnRoles.begin(), kColumnRoles.end(), [&](const ColumnRole& one) { return role == one.key; });
    if (equal == word.npos || found == kColumnRoles.end()) {
      std::vector<std::string> keys;
      for (const auto& one : kColumnRoles) keys.emplace_back(one.key);
      throw usageError("is no ROLE=NAME", "--column " + word, "Roles are " + join(keys, ", ") + ".");
    }
    columns.*found->column = word.substr(equal + 1);
  }
  return columns;
}

std::array<int, 3> sharesOf(const std::string& text) {
  const auto parts = split(text, ',');
  std::array<int, 3> shares{};
  bool good = parts.size() == shares.size();
  for (std::size_t i = 0; good && i < shares.size(); ++i) {
    const auto part = trim(parts[i]);
    const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), shares[i]);
    good = code == std::errc() && end == part.data() + part.size();
  }
  if (!good) throw usageError("are no three whole numbers", "--shares " + text, "Say for example 80,10,10.");
  return shares;
}

Json jsonOf(const OwnTable& table, const StudyColumns& columns) {
  Json mapped = Json::object(), splits = Json::array(), rows = Json::array(), findings = Json::array();
  for (const ColumnRole& role : kColumnRoles)
    mapped[role.key] = (columns.*role.column).empty() ? Json() : Json(columns.*role.column);
  for (const auto& count : table.splits)
    splits.push_back({{"split", count.split}, {"clips", count.clips}, {"studies", count.studies}});
  for (std::size_t i = 0; i < std::min(kShownRows, table.rows.size()); ++i) {
    const OwnRow& row = table.rows[i];
    rows.push_back({{"file", row.file},
                    {"there", row.there},
                    {"study", row.study},
                    {"split", row.split},
                    {"view", row.view},
                    {"report", row.report},
                    {"r_wave", row.rWave}});
  }
  for (const auto& finding : table.findings) findings.push_back(counterpoint::jsonOf(finding));
  return {{"source", table.source.string()}, {"root", table.root.string()},   {"columns", std::move(mapped)},
          {"clips", table.rows.size()},      {"dealt", table.dealt},          {"splits", std::move(splits)},
          {"first_rows", std::move(rows)},   {"can_train", table.canTrain()}, {"findings", std::move(findings)}};
}

void print(const OwnTable& table, const StudyColumns& columns) {
  for (const ColumnRole& role : kColumnRoles)
    std::cout << fmt::format("  {:<7} {}\n", role.key,
                             (columns.*role.column).empty() ? "(none)" : columns.*role.column);
  for (const auto& count : table.splits)
    std::cout << fmt::format("  {:<7} {}, {}\n", count.split.empty() ? "unused" : count.split,
                             countOf(count.clips, "clip", "clips"), countOf(count.studies, "study", "studies"));
  for (const auto& finding : table.findings) {
    std::cout << fmt::format("{}: {}\n", nameOf(finding.severity), finding.oneLine());
    if (finding.mend && finding.mend->key == "split") std::cout << "  " << finding.mend->description << ": --deal\n";
  }
}

}  // namespace

int runNewWorkspace(const NewWorkspaceOptions& options, const Context& context) {
  const OwnSource source = readOwnSource(options.from);
  OwnTableOptions wanted;
  wanted.columns = columnsOf(options, source);
  wanted.dealSplits = options.deal;
  wanted.shares = sharesOf(options.shares);
  wanted.seed = options.seed;
  const OwnTable table = makeOwnTable(source, wanted);
  Json answer = jsonOf(table, wanted.columns);
  if (!context.json) print(table, wanted.columns);
  // A workspace without anything to train on is made for a table whose clips are there: to look at them.
  const bool nothing = table.missing == table.rows.size();
  if (!options.dryRun && !nothing) {
    const OwnClipFacts clips = lookAtOwnClips(table);
    if (!clips.trouble.empty()) {
      const CheckFinding finding{CheckSeverity::Warning, {}, clips.trouble, {}, {}};
      answer["findings"].push_back(counterpoint::jsonOf(finding));
      if (!context.json) std::cout << "warning: " << clips.trouble << "\n";
    }
    const auto made = writeOwnWorkspace(options.folder, table, clips, options.name);
    answer["folder"] = made.folder.string();
    answer["config"] = made.config.empty() ? Json() : Json(made.config.string());
    if (!context.json) {
      std::cout << fmt::format("{}: {} around {}, which stay where they are\n", made.folder.string(), "a workspace",
                               countOf(made.clips, "clip", "clips"));
      if (table.canTrain()) std::cout << "Next: cd there, then counterpoint-worker launch echo_text\n";
    }
  }
  if (context.json) std::cout << answer.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  return anyBad(table.findings) ? static_cast<int>(ErrorKind::Data) : 0;
}

}  // namespace counterpoint
