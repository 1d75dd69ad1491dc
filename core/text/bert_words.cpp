// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/bert_words.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"

namespace counterpoint {
namespace {

constexpr UChar32 kReplacement = 0xFFFD;

bool isBlank(UChar32 character) { return u_isUWhiteSpace(character); }

bool knownToUnicode8(UChar32 character) {
  UVersionInfo age;
  u_charAge(character, age);
  return age[0] <= 8;
}

enum class AsciiClass : std::uint8_t { Other, Blank, Punctuation, Control };

constexpr std::array<AsciiClass, 128> makeAsciiClasses() {
  std::array<AsciiClass, 128> classes{};
  for (int c = 0; c < 128; ++c) {
    const bool letterOrDigit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    AsciiClass kind = letterOrDigit ? AsciiClass::Other : AsciiClass::Punctuation;
    if (c < 32 || c == 127) kind = AsciiClass::Control;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') kind = AsciiClass::Blank;
    classes[static_cast<std::size_t>(c)] = kind;
  }
  return classes;
}

constexpr std::array<AsciiClass, 128> kAsciiClasses = makeAsciiClasses();

// Collects characters into words.
class WordSink {
 public:
  explicit WordSink(BertWords& words) : words_(words) {
    words_.text.clear();
    words_.words.clear();
  }
  void endWord() {
    if (characters_ > 0) words_.words.push_back({begin_, words_.text.size(), characters_});
    begin_ = words_.text.size();
    characters_ = 0;
  }
  void addAscii(char character) {
    words_.text += character;
    ++characters_;
  }
  void add(UChar32 character) {
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, character);
    words_.text.append(bytes, static_cast<std::size_t>(length));
    ++characters_;
  }
  void addOwnWord(UChar32 character) {
    endWord();
    add(character);
    endWord();
  }

 private:
  BertWords& words_;
  std::size_t begin_ = 0, characters_ = 0;
};

void splitAscii(std::string_view text, const BertNormalization& options, WordSink& sink) {
  for (const char character : text) {
    AsciiClass kind = kAsciiClasses[static_cast<std::size_t>(character)];
    if (kind == AsciiClass::Control) {
      if (options.cleanText) continue;
      // Without cleaning, vertical tab and form feed are the blanks that Unicode says they are.
      kind = isBlank(character) ? AsciiClass::Blank : AsciiClass::Other;
    }
    if (kind == AsciiClass::Blank) {
      sink.endWord();
    } else if (kind == AsciiClass::Punctuation) {
      sink.addOwnWord(character);
    } else {
      sink.addAscii(options.lowerCase && character >= 'A' && character <= 'Z' ? static_cast<char>(character + 32)
                                                                              : character);
    }
  }
  sink.endWord();
}

icu::UnicodeString cleaned(std::string_view text, const BertNormalization& options) {
  icu::UnicodeString result;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    UChar32 character;
    U8_NEXT_OR_FFFD(bytes, i, length, character);
    if (options.cleanText) {
      if (character == 0 || character == kReplacement || isBertControl(character)) continue;
      if (isBlank(character)) character = ' ';
    }
    const bool apart = options.separateIdeographs && isBertIdeograph(character);
    if (apart) result.append(u' ');
    result.append(character);
    if (apart) result.append(u' ');
  }
  return result;
}

void addLowered(UChar32 character, WordSink& sink) {
  sink.add(u_tolower(character));
  // The only character whose lower case is two characters in every context.
  if (character == 0x130) sink.add(0x307);
}

void splitUnicode(std::string_view text, const BertNormalization& options, WordSink& sink) {
  icu::UnicodeString characters = cleaned(text, options);
  const bool stripAccents = options.stripAccents.value_or(options.lowerCase);
  if (stripAccents) {
    UErrorCode code = U_ZERO_ERROR;
    const icu::Normalizer2* decomposition = icu::Normalizer2::getNFDInstance(code);
    icu::UnicodeString decomposed;
    if (U_SUCCESS(code)) decomposition->normalize(characters, decomposed, code);
    if (U_FAILURE(code)) throw environmentError(std::string("ICU cannot decompose text: ") + u_errorName(code));
    characters.swap(decomposed);
  }
  const char16_t* units = characters.getBuffer();
  for (std::int32_t i = 0; i < characters.length();) {
    UChar32 character;
    U16_NEXT(units, i, characters.length(), character);
    if (stripAccents && isBertAccent(character)) continue;
    if (isBlank(character)) {
      sink.endWord();
    } else if (isBertPunctuation(character)) {
      sink.addOwnWord(character);
    } else if (options.lowerCase) {
      addLowered(character, sink);
    } else {
      sink.add(character);
    }
  }
  sink.endWord();
}

}  // namespace

bool isBertControl(std::int32_t character) {
  if (character == '\t' || character == '\n' || character == '\r') return false;
  const int type = u_charType(character);
  return (type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_PRIVATE_USE_CHAR) && knownToUnicode8(character);
}

bool isBertPunctuation(std::int32_t character) {
  if (character < 128)
    return character >= 0 && kAsciiClasses[static_cast<std::size_t>(character)] == AsciiClass::Punctuation;
  // Punctuation in Unicode 8.0, another class since.
  if (character == 0x111C9 || character == 0x166D) return true;
  return u_ispunct(character) && knownToUnicode8(character);
}

bool isBertAccent(std::int32_t character) {
  // Spacing marks or punctuation in Unicode 8.0, non-spacing since.
  for (const UChar32 changed : {0x1885, 0x1886, 0xA9BD, 0x111C9})
    if (character == changed) return false;
  if (character == 0x1734) return true;  // the other way round
  return u_charType(character) == U_NON_SPACING_MARK && knownToUnicode8(character);
}

bool isBertIdeograph(std::int32_t character) {
  constexpr std::pair<std::int32_t, std::int32_t> kRanges[] = {
      {0x4E00, 0x9FFF},   {0x3400, 0x4DBF},   {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F},
      {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0xF900, 0xFAFF},   {0x2F800, 0x2FA1F}};
  return std::any_of(std::begin(kRanges), std::end(kRanges),
                     [&](const auto& range) { return character >= range.first && character <= range.second; });
}

void splitBertWords(std::string_view text, const BertNormalization& options, BertWords& words) {
  WordSink sink(words);
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
  if (ascii) return splitAscii(text, options, sink);
  // ICU counts in 32 bits.
  if (text.size() > (std::size_t{1} << 28)) throw dataError("a text of more than 256 MB cannot be tokenized");
  splitUnicode(text, options, sink);
}

}  // namespace counterpoint
