// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/compose/builtin.h"

namespace counterpoint {

constexpr std::string_view kJobLogging = R"(
version: 1
formatters:
  simple:
    format: '[%(asctime)s][%(name)s][%(levelname)s] - %(message)s'
handlers:
  console:
    class: logging.StreamHandler
    formatter: simple
    stream: ext://sys.stdout
  file:
    class: logging.FileHandler
    formatter: simple
    filename: ${hydra.runtime.output_dir}/${hydra.job.name}.log
root:
  level: INFO
  handlers: [console, file]
disable_existing_loggers: false
)";

const std::vector<BuiltinConfig>& builtinConfigs() {
  static const std::vector<BuiltinConfig> configs = {
      {"hydra/config", "schema", R"(
defaults:
- output: default
- launcher: basic
- sweeper: basic
- help: default
- hydra_help: default
- hydra_logging: default
- job_logging: default
- callbacks: null
- env: default
mode: null
searchpath: []
run:
  dir: ???
sweep:
  dir: ???
  subdir: ???
hydra_logging: ???
job_logging: ???
sweeper: ???
launcher: ???
callbacks: {}
help:
  app_name: ???
  header: ???
  footer: ???
  template: ???
hydra_help:
  hydra_help: ???
  template: ???
output_subdir: .hydra
overrides:
  hydra: []
  task: []
job:
  name: ???
  chdir: null
  override_dirname: ???
  id: ???
  num: ???
  config_name: ???
  env_set: {}
  env_copy: []
  config:
    override_dirname:
      kv_sep: '='
      item_sep: ','
      exclude_keys: []
runtime:
  version: ???
  version_base: ???
  cwd: ???
  config_sources: ???
  output_dir: ???
  choices: {}
verbose: false
)"},
      {"hydra/launcher/basic", "schema", R"(
_target_: hydra._internal.core_plugins.basic_launcher.BasicLauncher
)"},
      {"hydra/sweeper/basic", "schema", R"(
_target_: hydra._internal.core_plugins.basic_sweeper.BasicSweeper
max_batch_size: null
params: null
)"},
      {"hydra/env/default", "hydra", ""},
      {"hydra/output/default", "hydra", R"(# @package hydra
run:
  dir: outputs/${now:%Y-%m-%d}/${now:%H-%M-%S}
sweep:
  dir: multirun/${now:%Y-%m-%d}/${now:%H-%M-%S}
  subdir: ${hydra.job.num}
)"},
      {"hydra/help/default", "hydra", R"(
app_name: ${hydra.job.name}
header: |
  ${hydra.help.app_name}, run by Counterpoint.
footer: |
  Configs are composed as Hydra composes them.
template: |
  ${hydra.help.header}
  Groups, each chosen by group=option:

  $APP_CONFIG_GROUPS

  The composed config; change a value by key=value:

  $CONFIG

  ${hydra.help.footer}
)"},
      {"hydra/hydra_help/default", "hydra", R"(
template: |
  Flags:
  $FLAGS_HELP

  Groups of the hydra node, each chosen by group=option:

  $HYDRA_CONFIG_GROUPS
)"},
      {"hydra/hydra_logging/default", "hydra", R"(
version: 1
formatters:
  simple:
    format: '[%(asctime)s][HYDRA] %(message)s'
handlers:
  console:
    class: logging.StreamHandler
    formatter: simple
    stream: ext://sys.stdout
root:
  level: INFO
  handlers: [console]
loggers:
  logging_example:
    level: DEBUG
disable_existing_loggers: false
)"},
      {"hydra/hydra_logging/disabled", "hydra", R"(
version: 1
root:
  level: ERROR
disable_existing_loggers: true
)"},
      {"hydra/hydra_logging/hydra_debug", "hydra", R"(
version: 1
formatters:
  simple:
    format: '[%(asctime)s][%(name)s][%(levelname)s] - %(message)s'
handlers:
  file:
    class: logging.FileHandler
    mode: w
    formatter: simple
    filename: hydra-${hydra.job.name}.log
    delay: true
root:
  level: ERROR
  handlers: [file]
loggers:
  hydra:
    level: DEBUG
disable_existing_loggers: false
)"},
      {"hydra/hydra_logging/none", "hydra", R"(
version: 1
root: null
disable_existing_loggers: false
)"},
      {"hydra/job_logging/default", "hydra", kJobLogging},
      {"hydra/job_logging/disabled", "hydra", R"(
version: 1
root:
  level: ERROR
disable_existing_loggers: true
)"},
      {"hydra/job_logging/none", "hydra", R"(
version: 1
root: null
disable_existing_loggers: false
)"},
      {"hydra/job_logging/stdout", "hydra", R"(
version: 1
formatters:
  simple:
    format: '%(message)s'
handlers:
  console:
    class: logging.StreamHandler
    formatter: simple
    stream: ext://sys.stdout
root:
  level: INFO
  handlers: [console]
disable_existing_loggers: false
)"},
      // Of a plugin that most public trees choose; ours have colours of their own.
      {"hydra/job_logging/colorlog", "hydra", kJobLogging},
      {"hydra/hydra_logging/colorlog", "hydra", R"(
version: 1
formatters:
  simple:
    format: '[%(asctime)s][HYDRA] %(message)s'
handlers:
  console:
    class: logging.StreamHandler
    formatter: simple
    stream: ext://sys.stdout
root:
  level: INFO
  handlers: [console]
disable_existing_loggers: false
)"},
  };
  return configs;
}

}  // namespace counterpoint
