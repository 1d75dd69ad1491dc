// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/text_metrics.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <regex>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/eval/sentences.h"

namespace counterpoint {
namespace {

using Words = std::vector<std::string>;

Words wordsOf(std::string_view text) {
  Words words;
  std::string word;
  for (const char c : lowerAscii(text) + ' ') {
    if (c == ' ' || c == '\t' || c == '\n' || c == '.' || c == ',' || c == ';') {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  return words;
}

std::map<Words, int> ngramsOf(const Words& words, std::size_t n) {
  std::map<Words, int> counts;
  for (std::size_t i = 0; i + n <= words.size(); ++i)
    ++counts[Words(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i + n))];
  return counts;
}

int overlapOf(const std::map<Words, int>& a, const std::map<Words, int>& b) {
  int overlap = 0;
  for (const auto& [ngram, count] : a)
    if (const auto found = b.find(ngram); found != b.end()) overlap += std::min(count, found->second);
  return overlap;
}

double fMeasure(double hits, double generated, double reference) {
  return hits == 0 ? 0 : 2 * hits / (generated + reference);
}

std::regex compiled(const Fact& fact) {
  try {
    std::regex pattern(fact.pattern, std::regex::ECMAScript | std::regex::icase);
    if (pattern.mark_count() < 1) throw usageError("has no group (…)", "caption.facts." + fact.name);
    return pattern;
  } catch (const std::regex_error&) {
    throw usageError("is no regular expression: " + fact.pattern, "caption.facts." + fact.name);
  }
}

std::string firstGroup(const std::regex& pattern, const std::string& text) {
  std::smatch match;
  return std::regex_search(text, match, pattern) ? lowerAscii(trim(match[1].str())) : std::string();
}

std::optional<double> asNumber(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end || !std::isfinite(value)) return std::nullopt;
  return value;
}

void addNumberMetrics(const std::string& prefix, const std::vector<std::string>& generated,
                      const std::vector<std::string>& references, std::optional<double> givenMean,
                      std::map<std::string, double>& metrics) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto& reference : references)
    if (const auto value = asNumber(reference)) sum += *value, ++count;
  const double mean = givenMean.value_or(sum / static_cast<double>(count));
  double error = 0, errorOfMean = 0;
  for (std::size_t i = 0; i < references.size(); ++i) {
    const auto value = asNumber(references[i]);
    if (!value) continue;
    error += std::abs(asNumber(generated[i]).value_or(mean) - *value);
    errorOfMean += std::abs(mean - *value);
  }
  metrics[prefix + "mean_absolute_error"] = error / static_cast<double>(count);
  metrics[prefix + "mean_absolute_error_of_mean"] = errorOfMean / static_cast<double>(count);
  metrics[prefix + "error_ratio"] = errorOfMean > 0 ? error / errorOfMean : std::nan("");
}

void addFactMetrics(const Fact& fact, const std::vector<std::string>& generated,
                    const std::vector<std::string>& references, std::optional<double> mean,
                    std::map<std::string, double>& metrics) {
  const std::regex pattern = compiled(fact);
  std::vector<std::string> named, wanted;
  for (std::size_t i = 0; i < references.size(); ++i) {
    auto value = firstGroup(pattern, references[i]);
    if (value.empty()) continue;
    wanted.push_back(std::move(value));
    named.push_back(firstGroup(pattern, generated[i]));
  }
  if (wanted.empty()) return;
  const std::string prefix = "fact/" + fact.name + "/";
  double right = 0, said = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    right += named[i] == wanted[i];
    said += !named[i].empty();
  }
  metrics[prefix + "accuracy"] = right / static_cast<double>(wanted.size());
  metrics[prefix + "named"] = said / static_cast<double>(wanted.size());
  if (std::any_of(wanted.begin(), wanted.end(), [](const auto& value) { return asNumber(value).has_value(); }))
    addNumberMetrics(prefix, named, wanted, mean, metrics);
}

}  // namespace

double sentenceBleu(std::string_view generated, std::string_view reference) {
  const Words ours = wordsOf(generated), theirs = wordsOf(reference);
  if (ours.empty()) return 0;
  double logSum = 0;
  for (std::size_t n = 1; n <= 4; ++n) {
    const auto counts = ngramsOf(ours, n);
    const int overlap = overlapOf(counts, ngramsOf(theirs, n));
    if (overlap == 0) return 0;
    logSum += std::log(overlap / static_cast<double>(ours.size() - n + 1)) / 4;
  }
  const double lengths = static_cast<double>(theirs.size()) / static_cast<double>(ours.size());
  return std::exp(logSum) * (lengths > 1 ? std::exp(1 - lengths) : 1);
}

double rougeN(std::string_view generated, std::string_view reference, int n) {
  const auto size = static_cast<std::size_t>(n);
  const Words ours = wordsOf(generated), theirs = wordsOf(reference);
  const auto count = [&](const Words& words) {
    return words.size() < size ? 0.0 : static_cast<double>(words.size() - size + 1);
  };
  return fMeasure(overlapOf(ngramsOf(ours, size), ngramsOf(theirs, size)), count(ours), count(theirs));
}

double rougeL(std::string_view generated, std::string_view reference) {
  const Words ours = wordsOf(generated), theirs = wordsOf(reference);
  std::vector<std::size_t> row(theirs.size() + 1, 0);
  for (const auto& word : ours) {
    std::size_t diagonal = 0;
    for (std::size_t j = 1; j <= theirs.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = word == theirs[j - 1] ? diagonal + 1 : std::max(row[j], row[j - 1]);
      diagonal = above;
    }
  }
  return fMeasure(static_cast<double>(row.back()), static_cast<double>(ours.size()),
                  static_cast<double>(theirs.size()));
}

std::string factIn(const Fact& fact, const std::string& text) { return firstGroup(compiled(fact), text); }

std::map<std::string, double> captionMetrics(const std::vector<std::string>& generated,
                                             const std::vector<std::string>& references, const std::vector<Fact>& facts,
                                             const std::map<std::string, double>& meanOf) {
  if (generated.size() != references.size()) throw Error(ErrorKind::Bug, "one reference per caption is needed");
  std::map<std::string, double> metrics;
  if (generated.empty()) return metrics;
  for (std::size_t i = 0; i < generated.size(); ++i) {
    metrics["caption/bleu4"] += sentenceBleu(generated[i], references[i]);
    metrics["caption/rouge1"] += rougeN(generated[i], references[i], 1);
    metrics["caption/rouge2"] += rougeN(generated[i], references[i], 2);
    metrics["caption/rouge_l"] += rougeL(generated[i], references[i]);
    metrics["caption/exact"] += sentenceKey(generated[i]) == sentenceKey(references[i]);
  }
  for (auto& [name, value] : metrics) value /= static_cast<double>(generated.size());
  for (const auto& fact : facts) {
    const auto mean = meanOf.find(fact.name);
    addFactMetrics(fact, generated, references,
                   mean == meanOf.end() ? std::nullopt : std::optional<double>(mean->second), metrics);
  }
  return metrics;
}

}  // namespace counterpoint
