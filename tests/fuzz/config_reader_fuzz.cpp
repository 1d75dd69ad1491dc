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
  // PyYAML, whose writer this is, does not read its own text back where YAML 1.1 sees these as line breaks.
  for (const char* mark : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (text.find(mark) != std::string::npos) return 0;
  }
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
