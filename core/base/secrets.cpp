// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secrets.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "core/base/words.h"

extern char** environ;

namespace counterpoint {
namespace {

// Whole words of a name: a "tokenizer" or "keyframe" is no secret.
constexpr std::array kSecretWords = {"token", "secret", "password", "passwd", "credential", "credentials", "apikey"};
constexpr std::array<std::string_view, 5> kTokenPrefixes = {"hf_", "sk-", "ghp_", "xoxb-", "xoxp-"};
constexpr std::size_t kLongestName = 128, kShortestToken = 8, kShortestHidden = 6;

bool isLetterOrDigit(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool isBlank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool isNameCharacter(char c) { return isLetterOrDigit(c) || c == '_' || c == '-' || c == '.'; }

// A value of small letters, or of digits, says nothing that is worth hiding ("disabled", "3600").
bool isPlainWord(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 'a' && c <= 'z'; }) ||
         std::all_of(value.begin(), value.end(), isDigit);
}

// Letters and digits mixed, long enough for a key. Prose after "invalid token:" is none.
bool looksLikeKey(std::string_view value) {
  return value.size() >= kShortestToken && std::any_of(value.begin(), value.end(), isDigit) &&
         std::any_of(value.begin(), value.end(), [](char c) { return isLetterOrDigit(c) && !isDigit(c); });
}

// Values of this process's own secret variables, and of those that the launcher names; read once.
const std::vector<std::string>& ownSecrets() {
  static const std::vector<std::string> kValues = [] {
    const char* named = std::getenv(kMaskedVariable);
    const auto masked = split(named ? named : "", ':');
    std::vector<std::string> values;
    for (char** entry = environ; *entry; ++entry) {
      const std::string_view text = *entry;
      const auto equals = text.find('=');
      if (equals == std::string_view::npos) continue;
      const auto name = text.substr(0, equals), value = text.substr(equals + 1);
      if ((isSecretName(name) && value.size() >= kShortestToken) ||
          std::find(masked.begin(), masked.end(), name) != masked.end())
        values.emplace_back(value);
    }
    return values;
  }();
  return kValues;
}

struct Span {
  std::size_t begin = 0, end = 0;
};

// The value from `at` on: up to a blank or mark, or between quotes.
Span valueAt(std::string_view text, std::size_t at) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
    const auto end = text.find(text[at], at + 1);
    if (end != std::string_view::npos) return {at, end + 1};
  }
  return {at, std::min(text.find_first_of(" \t\r\n\f\v,;\"'}", at), text.size())};
}

std::size_t skipBlanks(std::string_view text, std::size_t at) {
  while (at < text.size() && isBlank(text[at])) ++at;
  return at;
}

// What is to be masked after the name text[begin, end), if anything.
Span secretAfter(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t at = skipBlanks(text, end);
  const bool flag = begin + 2 < end && text.substr(begin, 2) == "--" && at > end;
  const char mark = at < text.size() ? text[at] : '\0';
  if (mark == '=' || mark == ':') {
    at = skipBlanks(text, at + 1);
  } else if (!flag) {
    return {};
  }
  const Span value = valueAt(text, at);
  return mark == ':' && !looksLikeKey(text.substr(value.begin, value.end - value.begin)) ? Span{} : value;
}

std::string maskAssignments(const std::string& text) {
  std::string masked;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!isNameCharacter(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && isNameCharacter(text[end])) ++end;
    Span secret;
    if (end - at <= kLongestName && isSecretName(std::string_view(text).substr(at, end - at)))
      secret = secretAfter(text, at, end);
    at = end;
    if (secret.begin == secret.end) continue;
    masked.append(text, copied, secret.begin - copied).append("***");
    copied = at = secret.end;
  }
  return masked.append(text, copied);
}

std::string maskTokens(std::string text, std::string_view prefix) {
  const auto belongs = [](char c) { return isLetterOrDigit(c) || c == '_' || c == '-'; };
  for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;) {
    std::size_t end = at + prefix.size();
    while (end < text.size() && belongs(text[end])) ++end;
    const bool apart = at == 0 || !(isLetterOrDigit(text[at - 1]) || text[at - 1] == '_');
    if (apart && end - at >= prefix.size() + kShortestToken) {
      text.replace(at, end - at, "***");
      end = at + 3;
    }
    at = end;
  }
  return text;
}

}  // namespace

bool isSecretName(std::string_view name) {
  std::string word;
  std::string previous;
  for (const char c : lowerAscii(name) + '_') {
    if (isLetterOrDigit(c)) {
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

std::string maskValues(std::string text, const std::vector<std::string>& values) {
  for (const auto& value : values) {
    if (value.size() < kShortestHidden || isPlainWord(value)) continue;
    for (std::size_t at = 0; (at = text.find(value, at)) != std::string::npos; at += 3)
      text.replace(at, value.size(), "***");
  }
  return text;
}

std::string maskSecrets(std::string text) {
  // Most lines hold nothing that could be a name of a secret.
  const std::string folded = lowerAscii(text);
  const auto mayHold = [&](const char* word) { return folded.find(word) != std::string::npos; };
  if (mayHold("token") || mayHold("secret") || mayHold("passw") || mayHold("credential") || mayHold("key"))
    text = maskAssignments(text);
  text = maskValues(std::move(text), ownSecrets());
  for (const auto prefix : kTokenPrefixes) text = maskTokens(std::move(text), prefix);
  return text;
}

}  // namespace counterpoint
