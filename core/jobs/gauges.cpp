// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/gauges.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace counterpoint {
namespace {

double availableMegabytes() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  double kilobytes = 0;
  for (std::string rest; file >> name >> kilobytes; std::getline(file, rest))
    if (name == "MemAvailable:") return kilobytes / 1024;
  return 0;
}

// Fields 14 and 15 of /proc/PID/stat: ticks in user and in kernel mode.
double cpuSeconds(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto nameEnd = text.rfind(')');
  if (nameEnd == std::string::npos) return 0;
  std::istringstream fields(text.substr(nameEnd + 1));
  std::string field;
  double ticks = 0;
  for (int index = 3; index <= 15 && fields >> field; ++index)
    if (index >= 14) ticks += std::strtod(field.c_str(), nullptr);
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

Json readGauges(const std::vector<ProcessIdentity>& ranks) {
  double load[1] = {0};
  ::getloadavg(load, 1);
  Json list = Json::array();
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    if (!ranks[rank].alive()) continue;
    std::ifstream file("/proc/" + std::to_string(ranks[rank].pid) + "/statm");
    double total = 0, resident = 0;
    file >> total >> resident;
    list.push_back({{"rank", rank},
                    {"resident_mb", resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20)},
                    {"cpu_seconds", cpuSeconds(ranks[rank].pid)}});
  }
  return {{"load", load[0]}, {"memory_available_mb", availableMegabytes()}, {"ranks", std::move(list)}};
}

}  // namespace counterpoint
