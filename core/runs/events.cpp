// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/events.h"

#include "core/base/any_error.h"
#include "core/base/clock.h"
#include "core/base/secrets.h"

namespace counterpoint {
namespace {

// Every string inside a value, at any depth.
void maskInside(Json& value) {
  if (value.is_string()) {
    value = maskSecrets(value.get<std::string>());
  } else if (value.is_object()) {
    for (auto& [name, member] : value.items()) {
      if (isSecretName(name) && member.is_string()) {
        member = "***";
      } else {
        maskInside(member);
      }
    }
  } else if (value.is_array()) {
    for (auto& member : value) maskInside(member);
  }
}

std::string dumpLine(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string eventLine(const RunEvent& event) {
  Json json = {{"t", numberToJson(event.time)},
               {"attempt", event.attempt},
               {"step", event.step},
               {"epoch", numberToJson(event.epoch)},
               {"kind", event.kind}};
  for (const auto& [name, member] : event.members.items()) json[name] = member;
  return dumpLine(json);
}

RunEvent eventFromLine(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) throw dataError("is no JSON object: " + std::string(line.substr(0, 80)));
  RunEvent event;
  for (const auto& [name, member] : json.items()) {
    if (name == "t") {
      event.time = numberFromJson(member);
    } else if (name == "attempt" && member.is_number()) {
      event.attempt = member.get<int>();
    } else if (name == "step" && member.is_number()) {
      event.step = member.get<std::int64_t>();
    } else if (name == "epoch") {
      event.epoch = numberFromJson(member);
    } else if (name == "kind" && member.is_string()) {
      event.kind = member.get<std::string>();
    } else {
      event.members[name] = member;
    }
  }
  return event;
}

EventWriter::EventWriter(const RunFolder& folder, int attempt) : lines_(folder.events()), attempt_(attempt) {}

void EventWriter::at(std::int64_t step, double epoch) {
  const std::lock_guard lock(mutex_);
  step_ = step;
  epoch_ = epoch;
}

void EventWriter::append(const std::string& kind, const Json& members) {
  const std::lock_guard lock(mutex_);
  lines_.append(eventLine({wallSeconds(), attempt_, step_, epoch_, kind, members}));
}

void EventWriter::write(const std::string& kind, const Json& members) {
  Json masked = members;
  maskInside(masked);
  append(kind, masked);
}

void EventWriter::resumed(std::int64_t step, double epoch) {
  at(step, epoch);
  append("resume", Json::object());
}

void EventWriter::scalars(const std::vector<std::pair<std::string, double>>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = numberToJson(value);
  append("scalar", {{"values", std::move(json)}});
}

void EventWriter::text(const std::string& name, const std::string& text) {
  write("text", {{"name", name}, {"text", text}});
}

void EventWriter::caption(const std::string& name, const std::string& clip, const std::string& study,
                          const std::string& reference, const Json& caption, const Json& seen) {
  append("caption", {{"name", name},
                     {"clip", clip},
                     {"study", study},
                     {"reference", reference},
                     {"caption", caption},
                     {"seen", seen}});
}

void EventWriter::retrieval(const std::string& name, const Json& query, const Json& hits,
                            const std::vector<std::int64_t>& rightRanks, std::int64_t total) {
  append("retrieval",
         {{"name", name}, {"query", query}, {"hits", hits}, {"right_ranks", rightRanks}, {"total", total}});
}

void EventWriter::image(const std::string& name, const std::filesystem::path& pathInRunFolder) {
  append("image", {{"name", name}, {"path", pathInRunFolder.generic_string()}});
}

void EventWriter::checkpoint(const std::filesystem::path& pathInRunFolder, bool best,
                             const std::map<std::string, double>& metrics) {
  Json json = Json::object();
  for (const auto& [name, value] : metrics) json[name] = numberToJson(value);
  append("checkpoint", {{"path", pathInRunFolder.generic_string()}, {"best", best}, {"metrics", std::move(json)}});
}

void EventWriter::log(const std::string& level, const std::string& text) {
  write("log", {{"level", level}, {"text", text}});
}

void EventWriter::error(const Error& error) {
  write("error",
        {{"what", error.problem()}, {"where", error.where()}, {"cure", error.cure()}, {"status", error.exitStatus()}});
}

void EventWriter::error(const std::exception& other) { error(asError(other)); }

void EventWriter::hparams(const Json& values) { write("hparams", {{"values", values}}); }

}  // namespace counterpoint
