// SPDX-License-Identifier: GPL-3.0-or-later
// How near generated texts come to reference texts (DeepCORO spec §18.3; tokens are lower-cased words).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

// BLEU-4 of one sentence against one reference, uniform weights, no smoothing (Papineni et al. 2002).
double sentenceBleu(std::string_view generated, std::string_view reference);
// F-measures of ROUGE-1, ROUGE-2 and ROUGE-L without stemming (Lin 2004).
double rougeN(std::string_view generated, std::string_view reference, int n);
double rougeL(std::string_view generated, std::string_view reference);

// Something that reports name: the first group of `pattern` (ECMAScript, case ignored) is its value. Values that are
// numbers on both sides are compared as numbers.
struct Fact {
  std::string name;     // "ejection_fraction"
  std::string pattern;  // "about ([0-9]+) percent"
};

// Means over all pairs: caption/bleu4, caption/rouge1, caption/rouge2, caption/rouge_l, caption/exact, and for each
// fact that at least one reference names: fact/NAME/accuracy (missing in the generated text counts as wrong),
// fact/NAME/named (share of captions that name it) and, for numbers, fact/NAME/mean_absolute_error (a caption that does
// not name it is counted as naming the mean), fact/NAME/mean_absolute_error_of_mean (always naming the references'
// mean) and fact/NAME/error_ratio of the two. `meanOf` gives the means to use instead (of the training split). Throws
// Error{Usage} for a pattern that does not compile.
std::map<std::string, double> captionMetrics(const std::vector<std::string>& generated,
                                             const std::vector<std::string>& references, const std::vector<Fact>& facts,
                                             const std::map<std::string, double>& meanOf = {});

// The value of a fact in a text, lower-cased; empty when it is not named.
std::string factIn(const Fact& fact, const std::string& text);

}  // namespace counterpoint
