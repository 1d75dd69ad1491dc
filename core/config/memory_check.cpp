// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/memory_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/amounts.h"
#include "core/base/files.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

constexpr double kComfort = 0.9;  // of what is free: an estimate that comes nearer may not fit
constexpr std::uint64_t kMostTokenizerBytes = 64 << 20;

std::string deviceOf(const std::string& word) {
  const bool number =
      !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number ? "cuda:" + word : word == "cuda" ? "cuda:0" : word;
}

// As the launcher deals them: in order, round and round.
std::vector<std::string> devicesOf(const Json& values, const MemoryPlan& plan, const MachineFacts& machine, int ranks) {
  std::vector<std::string> named;
  for (const auto& word : plan.devices) named.push_back(deviceOf(word));
  if (named.empty())
    for (const auto& word : values.at("launch").at("devices")) named.push_back(deviceOf(word.get<std::string>()));
  if (const auto device = values.at("device").get<std::string>(); named.empty() && device != "auto")
    named.push_back(deviceOf(device));
  if (named.empty())
    for (const auto& gpu : machine.gpus) named.push_back("cuda:" + gpu.id);
  if (named.empty()) named.emplace_back("cpu");
  std::vector<std::string> dealt;
  for (int rank = 0; rank < ranks; ++rank) dealt.push_back(named[static_cast<std::size_t>(rank) % named.size()]);
  return dealt;
}

std::string partsInWords(const std::vector<MemoryPart>& parts) {
  std::vector<std::string> words;
  for (const auto& part : parts)
    if (part.bytes >= 0.5e6) words.push_back(part.name + " " + bytesInWords(part.bytes));
  return join(words, ", ");
}

// The largest batch that fits where this one does not; 0: none does.
std::int64_t fittingBatch(Json values, const MemoryQuestion& question, int ranks, int sharing, double freeBytes) {
  Json& batch = values["train"]["batch_size"];
  for (std::int64_t samples = batch.get<std::int64_t>() / ranks / 2; samples >= 1; samples /= 2) {
    batch = samples * ranks;
    const MemoryEstimate smaller = estimateMemory(values, question);
    const double bytes = smaller.deviceBytes() + (question.onCpu ? smaller.hostBytes() : 0);
    if (sharing * bytes <= kComfort * freeBytes) return samples * ranks;
  }
  return 0;
}

}  // namespace

std::int64_t vocabularySize(const std::filesystem::path& tokenizer) {
  std::error_code code;
  std::filesystem::path file = tokenizer;
  if (std::filesystem::is_directory(file, code)) {
    file = tokenizer / "tokenizer.json";
    if (!std::filesystem::exists(file, code)) file = tokenizer / "vocab.txt";
  }
  try {
    const std::string text = readFile(file, kMostTokenizerBytes);
    if (file.extension() == ".json") return static_cast<std::int64_t>(Json::parse(text).at("model").at("vocab").size());
    return std::count(text.begin(), text.end(), '\n') + (text.empty() || text.back() == '\n' ? 0 : 1);
  } catch (const std::exception&) {
    return 0;  // --data says what is wrong with it
  }
}

MemoryCheck checkMemory(const Json& values, const std::filesystem::path& base, const MemoryPlan& plan,
                        const MachineFacts& machine) {
  MemoryCheck check;
  if (values.value("recipe", std::string()) != "echo_text") {
    check.findings.push_back(
        {CheckSeverity::Info, "recipe", "is of a recipe whose memory is not estimated yet", {}, {}});
    return check;
  }
  check.ranks = std::max(1, plan.ranks > 0 ? plan.ranks : values.at("launch").at("ranks").get<int>());
  const auto dealt = devicesOf(values, plan, machine, check.ranks);
  MemoryQuestion question;
  if (const auto size = vocabularySize(base / values.at("text").at("tokenizer").get<std::string>()); size > 0)
    question.vocabulary = size;
  question.ranks = check.ranks;
  question.trainClips = plan.trainClips;
  question.onCpu = dealt.front() == "cpu";
  check.estimate = estimateMemory(values, question);
  const MemoryEstimate& estimate = check.estimate;

  std::map<std::string, int> sharing;
  for (const auto& device : dealt) ++sharing[device];
  double hostNeed = check.ranks * estimate.hostBytes();
  for (const auto& [device, ranks] : sharing) {
    if (device == "cpu") {
      hostNeed += ranks * estimate.deviceBytes();
      continue;
    }
    DeviceNeed need{device, "not on this machine", ranks, ranks * estimate.deviceBytes(), 0, 0};
    for (const auto& gpu : machine.gpus) {
      if (device != "cuda:" + gpu.id) continue;
      need.name = gpu.name;
      need.freeBytes = static_cast<double>(gpu.freeBytes);
      need.totalBytes = static_cast<double>(gpu.totalBytes);
    }
    check.devices.push_back(std::move(need));
  }
  check.devices.push_back({"cpu", "main memory", check.ranks, hostNeed, static_cast<double>(machine.freeBytes),
                           static_cast<double>(machine.totalBytes)});

  for (const DeviceNeed& need : check.devices) {
    const bool main = need.device == "cpu";
    const std::string name = main ? need.name : fmt::format("{} ({})", need.device, need.name);
    if (need.totalBytes <= 0) {
      if (!main)
        check.findings.push_back({CheckSeverity::Bad,
                                  "launch.devices",
                                  "there is no " + need.device + " here",
                                  {},
                                  "Choose cpu, or a graphics card that is there.",
                                  CheckMend{"Train on the CPU", "launch.devices", "[cpu]"}});
      continue;
    }
    CheckFinding finding;
    finding.where = name;
    finding.what = fmt::format("about {} needed by {}, {} of {} are free (an estimate)", bytesInWords(need.needBytes),
                               countOf(static_cast<std::uint64_t>(need.ranks), "rank", "ranks"),
                               bytesInWords(need.freeBytes), bytesInWords(need.totalBytes));
    const bool holdsModel = !main || question.onCpu;
    if (need.needBytes > kComfort * need.freeBytes) {
      // Weights and their like are exact; the rest may be off.
      const bool never = holdsModel && need.ranks * estimate.fixedBytes() > need.totalBytes;
      finding.severity = never ? CheckSeverity::Bad : CheckSeverity::Warning;
      finding.key = "train.batch_size";
      finding.cure = never ? "Choose a smaller model, or a device with more memory."
                           : "Lower train.batch_size, data.size or data.frames, or free memory.";
      const auto batch =
          holdsModel ? fittingBatch(values, question, check.ranks, need.ranks, need.freeBytes) : std::int64_t{0};
      if (batch > 0) {
        finding.mend = CheckMend{fmt::format("Use batches of {}", batch), finding.key, std::to_string(batch)};
      } else if (main && values.at("data").at("cache_mb").get<int>() > 0) {
        finding.key = "data.cache_mb";
        finding.mend = CheckMend{"Keep no decoded clips", finding.key, "0"};
      }
    }
    check.findings.push_back(std::move(finding));
  }
  check.findings.push_back(
      {CheckSeverity::Info,
       {},
       fmt::format("about {}: {}", bytesInWords(estimate.deviceBytes()), partsInWords(estimate.device)),
       "a rank's device",
       {}});
  check.findings.push_back(
      {CheckSeverity::Info,
       {},
       fmt::format("about {}: {}", bytesInWords(estimate.hostBytes()), partsInWords(estimate.host)),
       "a rank beside it, in main memory",
       {}});
  return check;
}

Json jsonOf(const MemoryCheck& check) {
  const auto partsOf = [](const std::vector<MemoryPart>& parts) {
    Json list = Json::array();
    for (const auto& part : parts) list.push_back({{"name", part.name}, {"bytes", part.bytes}, {"how", part.how}});
    return list;
  };
  Json devices = Json::array();
  for (const auto& need : check.devices)
    devices.push_back({{"device", need.device},
                       {"name", need.name},
                       {"ranks", need.ranks},
                       {"need_bytes", need.needBytes},
                       {"free_bytes", need.freeBytes},
                       {"total_bytes", need.totalBytes}});
  const MemoryEstimate& estimate = check.estimate;
  Json modules = Json::object();
  for (const auto& [name, parameters] : estimate.modules) modules[name] = parameters;
  return {{"estimate", true},
          {"ranks", check.ranks},
          {"parameters", estimate.parameters},
          {"trainable", estimate.trainable},
          {"modules", std::move(modules)},
          {"samples_a_rank", estimate.samples},
          {"tokens_a_clip", estimate.videoTokens},
          {"device_bytes", estimate.deviceBytes()},
          {"host_bytes", estimate.hostBytes()},
          {"device", partsOf(estimate.device)},
          {"host", partsOf(estimate.host)},
          {"devices", std::move(devices)}};
}

}  // namespace counterpoint
