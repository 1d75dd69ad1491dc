// SPDX-License-Identifier: GPL-3.0-or-later
// Where two reports say different things, word by word.
#pragma once

#include <QString>

#include <vector>

namespace counterpoint {

struct ReportPart {
  QString text;  // words as they stand, with their punctuation
  bool differs = false;
  bool operator==(const ReportPart&) const = default;
};

// `text` in parts, each either found in `other` in the same order (longest common run of words) or not. Case and
// punctuation at a word's ends do not count, numbers do. The parts joined by one space are the words of `text`.
std::vector<ReportPart> reportDifference(const QString& text, const QString& other);

}  // namespace counterpoint
