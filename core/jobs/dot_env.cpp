// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/words.h"
#include "core/jobs/launcher.h"

#include <algorithm>
#include <cctype>

namespace counterpoint {

std::map<std::string, std::string> readDotEnv(const std::filesystem::path& path) {
  std::map<std::string, std::string> result;
  std::error_code code;
  if (!std::filesystem::exists(path, code)) return result;
  int number = 0;
  for (const auto& raw : split(readFile(path, 1 << 20), '\n')) {
    ++number;
    std::string line(trim(raw));
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with("export ")) line = std::string(trim(line.substr(7)));
    const auto equals = line.find('=');
    const std::string name(trim(line.substr(0, equals)));
    const bool plain =
        !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
        std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
    // The line itself is not shown: it may hold a key.
    if (equals == std::string::npos || !plain)
      throw dataError("is no NAME=value", path.string() + ", line " + std::to_string(number));
    std::string value(trim(line.substr(equals + 1)));
    if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0]) {
      value = value.substr(1, value.size() - 2);
    } else if (const auto comment = value.find(" #"); comment != std::string::npos) {
      value = std::string(trim(value.substr(0, comment)));
    }
    result[name] = value;
  }
  return result;
}

std::vector<std::string> parseDevices(const std::string& text) {
  std::vector<std::string> devices;
  for (const auto& part : split(text, ',')) {
    std::string word = lowerAscii(trim(part));
    if (word.starts_with("cuda:")) word = word.substr(5);
    const bool number =
        !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); });
    if (word != "cpu" && !number)
      throw usageError("no such device: " + part, "--devices", "Say cpu, or numbers of graphics cards as in 0,1.");
    devices.push_back(number ? "cuda:" + word : word);
  }
  return devices;
}

}  // namespace counterpoint
