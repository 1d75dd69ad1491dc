// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/environment_record.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/base/secrets.h"
#include "core/base/words.h"

namespace counterpoint {
namespace {

std::string firstLineOf(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return std::string(trim(line));
}

// The part after the colon of the first line that starts with `key`, as in /proc/cpuinfo.
std::string fieldOf(const std::filesystem::path& path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (colon != std::string::npos && line.starts_with(key)) return std::string(trim(line.substr(colon + 1)));
  }
  return {};
}

Json describeHost() {
  struct utsname name {};
  ::uname(&name);
  const std::string memory = fieldOf("/proc/meminfo", "MemTotal");
  return {{"name", hostName()},
          {"system", std::string(name.sysname) + " " + name.release},
          {"machine", name.machine},
          {"processor", fieldOf("/proc/cpuinfo", "model name")},
          {"cores", std::thread::hardware_concurrency()},
          {"memory_kb", memory.empty() ? 0 : std::stoll(memory)}};
}

Json describeGraphicsCards() {
  Json cards = Json::array();
  std::error_code code;
  for (const auto& card : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", code)) {
    const auto file = card.path() / "information";
    cards.push_back({{"name", fieldOf(file, "Model")}, {"bus", card.path().filename().string()}});
  }
  return cards;
}

}  // namespace

std::string gitRevision(const std::filesystem::path& folder) {
  std::error_code code;
  for (auto place = std::filesystem::absolute(folder, code); !place.empty(); place = place.parent_path()) {
    std::filesystem::path git = place / ".git";
    if (std::filesystem::is_regular_file(git, code)) {  // a worktree: "gitdir: PATH"
      const std::string line = firstLineOf(git);
      if (!line.starts_with("gitdir: ")) return {};
      git = place / line.substr(8);
    }
    if (std::filesystem::is_directory(git, code)) {
      const std::string head = firstLineOf(git / "HEAD");
      if (!head.starts_with("ref: ")) return head;
      const std::string reference = head.substr(5);
      std::filesystem::path common = git;
      if (const auto other = firstLineOf(git / "commondir"); !other.empty()) common = git / other;
      if (const auto loose = firstLineOf(common / reference); !loose.empty()) return loose;
      std::ifstream packed(common / "packed-refs");
      for (std::string line; std::getline(packed, line);)
        if (line.ends_with(" " + reference)) return line.substr(0, line.find(' '));
      return {};
    }
    if (place == place.root_path()) break;
  }
  return {};
}

Json describeEnvironment(const EnvironmentFacts& facts) {
  Json launch = Json::object();
  for (const auto& [name, value] : facts.launchEnvironment) {
    launch[name] = isSecretName(name) ? "***" : maskSecrets(value);
  }
  Json json = {{"time", isoTime(wallSeconds())},
               {"versions",
                {{"counterpoint", COUNTERPOINT_VERSION},
                 {"compiler", __VERSION__},
                 {"libtorch", COUNTERPOINT_WITH_LIBTORCH},
                 {"libavcodec", COUNTERPOINT_WITH_LIBAVCODEC},
                 {"libavformat", COUNTERPOINT_WITH_LIBAVFORMAT},
                 {"opencv", COUNTERPOINT_WITH_OPENCV},
                 {"nvidia_driver", firstLineOf("/sys/module/nvidia/version")}}},
               {"git", {{"program", gitRevision(programDirectory())}, {"workspace", gitRevision(facts.workspace)}}},
               {"host", describeHost()},
               {"graphics_cards", describeGraphicsCards()},
               {"devices", facts.devices},
               // Joined first, so that a secret after its option is seen beside it.
               {"command_line", maskSecrets(join(facts.commandLine, " "))},
               {"launch_env", std::move(launch)},
               {"dot_env_names", facts.dotEnvNames},
               {"workspace", facts.workspace.string()}};
  return json;
}

}  // namespace counterpoint
