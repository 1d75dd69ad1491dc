// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/schemas/keys.h"

namespace counterpoint::schema {

SchemaKey plain(std::string path, ValueType type, Json fallback, std::string help) {
  SchemaKey key;
  key.path = std::move(path);
  key.type = type;
  key.fallback = std::move(fallback);
  key.help = std::move(help);
  return key;
}

SchemaKey number(std::string path, ValueType type, Json fallback, std::optional<double> least,
                 std::optional<double> most, std::string unit, std::string help) {
  SchemaKey key = plain(std::move(path), type, std::move(fallback), std::move(help));
  key.least = least;
  key.most = most;
  key.unit = std::move(unit);
  return key;
}

SchemaKey positive(std::string path, Json fallback, std::string help) {
  SchemaKey key = number(std::move(path), kFloat, std::move(fallback), 0, {}, {}, std::move(help));
  key.aboveLeast = true;
  return key;
}

SchemaKey share(std::string path, double fallback, std::string help) {
  return number(std::move(path), kFloat, fallback, 0, 1, {}, std::move(help));
}

SchemaKey choice(std::string path, const char* fallback, std::vector<SchemaChoice> choices, std::string help) {
  SchemaKey key = plain(std::move(path), ValueType::Choice, fallback, std::move(help));
  key.choices = std::move(choices);
  return key;
}

SchemaKey list(std::string path, ValueType item, int size, Json fallback, std::string help) {
  SchemaKey key = plain(std::move(path), ValueType::List, std::move(fallback), std::move(help));
  key.itemType = item;
  key.listSize = size;
  return key;
}

SchemaKey map(std::string path, ValueType item, Json fallback, std::string help) {
  SchemaKey key = plain(std::move(path), ValueType::Map, std::move(fallback), std::move(help));
  key.itemType = item;
  return key;
}

SchemaKey nullable(SchemaKey key) {
  key.nullable = true;
  return key;
}

SchemaKey required(SchemaKey key) {
  key.required = true;
  return key;
}

SchemaKey fractions(std::string path, std::vector<double> fallback, std::string help) {
  SchemaKey key = list(std::move(path), kFloat, static_cast<int>(fallback.size()), fallback, std::move(help));
  key.least = 0;
  key.most = 1;
  return key;
}

Keys runKeys(const char* recipe, const char* meaning, const char* name, const char* precision) {
  std::vector<SchemaChoice> precisions = {{"float32", "full precision"},
                                          {"bfloat16", "autocast; weights stay float32"}};
  if (std::string_view(precision) == "float16") {
    precisions.push_back({"float16", "autocast with a scaled loss; weights stay float32"});
  }
  return {
      required(choice("recipe", recipe, {{recipe, meaning}}, "What is trained.")),
      plain("name", kText, name, "Part of the run folder's name."),
      number("seed", kInt, 0, 0, {}, {}, "Of weights, shuffling and augmentation; each rank derives its own."),
      plain("device", kText, "auto", "auto, cpu, cuda or cuda:N; with several ranks each takes one of launch.devices."),
      choice("precision", precision, precisions, "Of the matrix products."),
      number("threads", kInt, 1, 1, 1024, "threads a rank", "Threads that one rank computes with."),
  };
}

Keys launchKeys() {
  return {
      number("launch.ranks", kInt, 1, 1, 1024, "ranks", "Processes that train together."),
      list("launch.devices", kText, 0, Json::array(),
           "Devices of the ranks in order: [0, 1] or [cpu]; empty: by number."),
      map("launch.env", kText, Json::object(), "Set for the ranks: NCCL_*, CUDA_*, OMP_*. Never keys or passwords."),
  };
}

Keys joined(const std::vector<Keys>& parts) {
  Keys all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace counterpoint::schema
