// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clips/report_difference.h"

#include <QStringList>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr qsizetype kMostWords = 2000;  // the table below grows with the square

QString plainWord(const QString& word) {
  qsizetype begin = 0, end = word.size();
  const auto counts = [&word](qsizetype at) { return word[at].isLetterOrNumber() || word[at] == QLatin1Char('%'); };
  while (begin < end && !counts(begin)) ++begin;
  while (end > begin && !counts(end - 1)) --end;
  return word.mid(begin, end - begin).toCaseFolded();
}

}  // namespace

std::vector<ReportPart> reportDifference(const QString& text, const QString& other) {
  const QStringList words = text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts).mid(0, kMostWords);
  const QStringList others = other.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts).mid(0, kMostWords);
  QStringList left, right;
  for (const QString& word : words) left << plainWord(word);
  for (const QString& word : others) right << plainWord(word);

  const auto rows = static_cast<std::size_t>(left.size()), columns = static_cast<std::size_t>(right.size());
  std::vector<int> longest((rows + 1) * (columns + 1), 0);
  const auto at = [&](std::size_t row, std::size_t column) -> int& { return longest[row * (columns + 1) + column]; };
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      const bool same = left[static_cast<qsizetype>(i)] == right[static_cast<qsizetype>(j)];
      at(i, j) = same ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::vector<ReportPart> parts;
  const auto add = [&parts](const QString& word, bool differs) {
    if (!parts.empty() && parts.back().differs == differs) {
      parts.back().text += QLatin1Char(' ') + word;
    } else {
      parts.push_back({word, differs});
    }
  };
  for (std::size_t i = 0, j = 0; i < rows;) {
    const auto row = static_cast<qsizetype>(i);
    if (j < columns && left[row] == right[static_cast<qsizetype>(j)]) {
      add(words[row], false);
      ++i, ++j;
    } else if (j < columns && at(i, j + 1) > at(i + 1, j)) {
      ++j;
    } else {
      add(words[row], true);
      ++i;
    }
  }
  return parts;
}

}  // namespace counterpoint
