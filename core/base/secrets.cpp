// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secrets.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <vector>

extern char** environ;

namespace counterpoint {
namespace {

// Whole words of a name: a "tokenizer" or "keyframe" is no secret.
constexpr std::array kSecretWords = {"token", "secret", "password", "passwd", "credential", "credentials", "apikey"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// Values of this process's own secret variables (a rank has those of .env), read once. Short ones would hit plain
// words.
const std::vector<std::string>& secretEnvironmentValues() {
  static const std::vector<std::string> kValues = [] {
    std::vector<std::string> values;
    for (char** entry = environ; *entry; ++entry) {
      const std::string_view text = *entry;
      const auto equals = text.find('=');
      if (equals == std::string_view::npos || text.size() - equals - 1 < 8) continue;
      if (isSecretName(text.substr(0, equals))) values.emplace_back(text.substr(equals + 1));
    }
    return values;
  }();
  return kValues;
}

}  // namespace

bool isSecretName(std::string_view name) {
  std::string word;
  std::string previous;
  for (const char c : lower(name) + '_') {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      word += c;
      continue;
    }
    if (std::find(kSecretWords.begin(), kSecretWords.end(), word) != kSecretWords.end()) return true;
    if (word == "key" && (previous == "api" || previous == "access" || previous == "private" || previous == "secret"))
      return true;
    if (!word.empty()) previous = word;
    word.clear();
  }
  return false;
}

std::string maskSecrets(std::string text) {
  static const std::regex kAssignment(R"(([A-Za-z_][A-Za-z0-9_.\-]*)(\s*[=:]\s*|\s+)("[^"]*"|'[^']*'|[^\s,;"'}]+))");
  static const std::regex kTokenLook(R"(\b(hf_|sk-|ghp_|xox[bp]-)[A-Za-z0-9_\-]{8,})");
  // The expressions are slow on long texts; most lines hold nothing that could match.
  const std::string folded = lower(text);
  const auto mayHold = [&](const char* word) { return folded.find(word) != std::string::npos; };
  if (mayHold("token") || mayHold("secret") || mayHold("passw") || mayHold("credential") || mayHold("key")) {
    std::string masked;
    auto position = text.cbegin();
    for (std::sregex_iterator match(text.begin(), text.end(), kAssignment), end; match != end; ++match) {
      const bool flag = (*match)[1].first != text.cbegin() && *std::prev((*match)[1].first) == '-';
      const bool assigned = (*match)[2].str().find_first_of("=:") != std::string::npos;
      if (!isSecretName((*match)[1].str()) || !(assigned || flag)) continue;
      masked.append(position, (*match)[3].first);
      masked += "***";
      position = (*match)[3].second;
    }
    masked.append(position, text.cend());
    text = std::move(masked);
  }
  for (const auto& value : secretEnvironmentValues())
    for (std::size_t at; (at = text.find(value)) != std::string::npos;) text.replace(at, value.size(), "***");
  if (mayHold("hf_") || mayHold("sk-") || mayHold("ghp_") || mayHold("xox"))
    text = std::regex_replace(text, kTokenLook, "***");
  return text;
}

}  // namespace counterpoint
