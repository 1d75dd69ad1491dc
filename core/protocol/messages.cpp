// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/messages.h"

#include "core/base/error.h"

namespace counterpoint {
namespace {

const Json& member(const Json& value, const char* name) {
  if (!value.is_object()) throw dataError("expected an object with member \"" + std::string(name) + "\"");
  const auto found = value.find(name);
  if (found == value.end()) throw dataError("member \"" + std::string(name) + "\" is missing");
  return *found;
}

template <typename Value>
Value get(const Json& value, const char* name) {
  try {
    return member(value, name).get<Value>();
  } catch (const Json::exception&) {
    throw dataError("member \"" + std::string(name) + "\" has the wrong type");
  }
}

// Members that older writers left out.
template <typename Value>
Value getOr(const Json& value, const char* name, Value otherwise) {
  return value.is_object() && value.contains(name) ? get<Value>(value, name) : otherwise;
}

template <typename Value, int count>
void readArray(const Json& value, const char* name, Value (&target)[count]) {
  const auto numbers = get<std::vector<Value>>(value, name);
  if (numbers.size() != count)
    throw dataError("member \"" + std::string(name) + "\" needs " + std::to_string(count) + " numbers");
  for (int i = 0; i < count; ++i) target[i] = numbers[static_cast<std::size_t>(i)];
}

}  // namespace

Json toJson(const Caption& caption) {
  Json sentences = Json::array();
  for (const auto& sentence : caption.sentences) {
    Json tokens = Json::array();
    for (const auto& token : sentence.tokens)
      tokens.push_back({{"text", token.text}, {"probability", numberToJson(token.probability)}});
    sentences.push_back(
        {{"text", sentence.text}, {"confidence", numberToJson(sentence.confidence)}, {"tokens", std::move(tokens)}});
  }
  return {{"text", caption.text},
          {"generated", true},
          {"calibrated", caption.calibrated},
          {"sentences", std::move(sentences)}};
}

Json toJson(const Seen& seen) {
  return {{"clip", seen.clip},
          {"frames", seen.frames},
          {"times", seen.times},
          {"crop", seen.crop},
          {"source_size", seen.sourceSize},
          {"size", seen.size},
          {"channels", seen.channels},
          {"mean", seen.mean},
          {"std", seen.deviation}};
}

Json toJson(const Hit& hit) {
  return {{"rank", hit.rank},   {"id", hit.id},     {"clip", hit.clip},
          {"study", hit.study}, {"text", hit.text}, {"score", numberToJson(hit.score)},
          {"right", hit.right}};
}

Json toJson(const std::vector<Hit>& hits) {
  Json list = Json::array();
  for (const auto& hit : hits) list.push_back(toJson(hit));
  return list;
}

Caption captionFromJson(const Json& value) {
  Caption caption;
  caption.text = get<std::string>(value, "text");
  caption.calibrated = getOr(value, "calibrated", false);
  for (const auto& entry : member(value, "sentences")) {
    CaptionSentence sentence;
    sentence.text = get<std::string>(entry, "text");
    sentence.confidence = numberFromJson(member(entry, "confidence"));
    if (entry.contains("tokens"))
      for (const auto& token : entry.at("tokens"))
        sentence.tokens.push_back({get<std::string>(token, "text"), numberFromJson(member(token, "probability"))});
    caption.sentences.push_back(std::move(sentence));
  }
  return caption;
}

Seen seenFromJson(const Json& value) {
  Seen seen;
  seen.clip = get<std::string>(value, "clip");
  seen.frames = get<std::vector<int>>(value, "frames");
  seen.times = getOr(value, "times", std::vector<double>{});
  readArray(value, "crop", seen.crop);
  readArray(value, "source_size", seen.sourceSize);
  readArray(value, "size", seen.size);
  seen.channels = getOr<std::string>(value, "channels", {});
  seen.mean = getOr(value, "mean", std::vector<double>{});
  seen.deviation = getOr(value, "std", std::vector<double>{});
  return seen;
}

Hit hitFromJson(const Json& value) {
  Hit hit;
  hit.rank = get<int>(value, "rank");
  hit.id = get<std::string>(value, "id");
  hit.clip = getOr<std::string>(value, "clip", {});
  hit.study = getOr<std::string>(value, "study", {});
  hit.text = getOr<std::string>(value, "text", {});
  hit.score = numberFromJson(member(value, "score"));
  hit.right = getOr(value, "right", false);
  return hit;
}

std::vector<Hit> hitsFromJson(const Json& value) {
  if (!value.is_array()) throw dataError("expected a list of hits");
  std::vector<Hit> hits;
  hits.reserve(value.size());
  for (const auto& entry : value) hits.push_back(hitFromJson(entry));
  return hits;
}

}  // namespace counterpoint
