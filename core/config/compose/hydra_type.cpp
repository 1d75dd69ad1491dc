// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/builtin.h"

namespace counterpoint {
namespace {

using Kind = ConfigType::Kind;
using Fields = std::vector<ConfigType::Field>;

ConfigType text() { return ConfigType::of(Kind::Text); }
ConfigType any() { return ConfigType::optionally(ConfigType::of(Kind::Any)); }
ConfigType texts() { return ConfigType::listOf(text()); }
ConfigType mapOf(ConfigType values) { return ConfigType::dictOf(Kind::Text, std::move(values)); }

ConfigType structOf(std::string name, Fields fields) {
  ConfigType type = ConfigType::of(Kind::Struct);
  type.name = std::move(name);
  type.fields = std::move(fields);
  return type;
}

ConfigType jobType() {
  const auto dirname =
      structOf("OverrideDirname", {{"kv_sep", text()}, {"item_sep", text()}, {"exclude_keys", texts()}});
  return structOf("JobConf", {{"name", text()},
                              {"chdir", ConfigType::optionally(ConfigType::of(Kind::Bool))},
                              {"override_dirname", text()},
                              {"id", text()},
                              {"num", ConfigType::of(Kind::Int)},
                              {"config_name", ConfigType::optionally(text())},
                              {"env_set", mapOf(text())},
                              {"env_copy", texts()},
                              {"config", structOf("JobConfig", {{"override_dirname", dirname}})}});
}

ConfigType runtimeType() {
  const auto source = structOf("ConfigSourceInfo", {{"path", text()}, {"schema", text()}, {"provider", text()}});
  return structOf("RuntimeConf", {{"version", text()},
                                  {"version_base", text()},
                                  {"cwd", text()},
                                  {"config_sources", ConfigType::listOf(source)},
                                  {"output_dir", text()},
                                  {"choices", mapOf(any())}});
}

}  // namespace

ConfigType hydraNodeType() {
  return structOf(
      "HydraConf",
      {{"env", any()},
       {"mode", ConfigType::optionally(ConfigType::choice("RunMode", {"RUN", "MULTIRUN"}))},
       {"searchpath", texts()},
       {"run", structOf("RunDir", {{"dir", text()}})},
       {"sweep", structOf("SweepDir", {{"dir", text()}, {"subdir", text()}})},
       {"hydra_logging", mapOf(any())},
       {"job_logging", mapOf(any())},
       {"sweeper", any()},
       {"launcher", any()},
       {"callbacks", mapOf(any())},
       {"help",
        structOf("HelpConf", {{"app_name", text()}, {"header", text()}, {"footer", text()}, {"template", text()}})},
       {"hydra_help", structOf("HydraHelpConf", {{"hydra_help", text()}, {"template", text()}})},
       {"output_subdir", ConfigType::optionally(text())},
       {"overrides", structOf("OverridesConf", {{"hydra", texts()}, {"task", texts()}})},
       {"job", jobType()},
       {"runtime", runtimeType()},
       {"verbose", any()}});
}

}  // namespace counterpoint
