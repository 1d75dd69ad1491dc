// SPDX-License-Identifier: GPL-3.0-or-later
// What a model says and what it really saw: the values that events, results and serve's answers share.
// Each has one JSON form, fixed in ARCHITECTURE.md. fromJson throws Error{Data} naming the member that is wrong.
#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"

namespace counterpoint {

struct TokenProbability {
  std::string text;  // as the tokenizer decodes it, "##" pieces kept
  double probability = 0;
};

struct CaptionSentence {
  std::string text;
  double confidence = 0;  // exp(mean log-probability of the tokens), calibrated where Caption::calibrated says so
  std::vector<TokenProbability> tokens;
};

// Generated text. Always shown as generated.
struct Caption {
  std::string text;
  bool calibrated = false;
  std::vector<CaptionSentence> sentences;
};

// The frames and the part of the picture that reached the model.
struct Seen {
  std::string clip;
  std::vector<int> frames;        // numbers in the file, one a model frame; repeats where the clip was too short
  std::vector<double> times;      // seconds, one a frame
  double crop[4] = {0, 0, 1, 1};  // x, y, width, height as fractions of the source
  int sourceSize[2] = {0, 0};     // width, height in pixels
  int size[2] = {0, 0};
  std::string channels;                 // rgb, grey, grey_difference
  std::vector<double> mean, deviation;  // on the 0–255 scale
};

// One line of a ranked list. `rank` counts from 1.
struct Hit {
  int rank = 0;
  std::string id, clip, study, text;
  double score = 0;
  bool right = false;
};

Json toJson(const Caption& caption);
Json toJson(const Seen& seen);
Json toJson(const Hit& hit);
Json toJson(const std::vector<Hit>& hits);

Caption captionFromJson(const Json& value);
Seen seenFromJson(const Json& value);
Hit hitFromJson(const Json& value);
std::vector<Hit> hitsFromJson(const Json& value);

}  // namespace counterpoint
