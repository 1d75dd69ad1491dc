// SPDX-License-Identifier: GPL-3.0-or-later
// Any text is a value or a ConfigError, as a whole value, as an element and in a small tree.
#include "core/config/interpolation/evaluate.h"
#include "core/config/interpolation/grammar.h"
#include "core/config/tree/config_error.h"

#include <cstdint>

using namespace counterpoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const Resolvers resolvers;
  const auto attempt = [](const auto& work) {
    try {
      work();
    } catch (const ConfigError&) {
    }
  };
  attempt([&] { parseElement(text); });
  attempt([&] { parseInterpolation(text); });
  ConfigNode root = ConfigNode::dict();
  root["a"] = ConfigNode(ConfigScalar(std::int64_t{1}));
  root["b"] = ConfigNode::dict();
  root["b"]["c"] = "${a}";
  root["b"]["d"] = ConfigNode(ConfigScalar(text));
  root["l"] = ConfigNode::list();
  root["l"].items().push_back("${b.d}");
  root["m"] = "???";
  attempt([&] { resolveAll(root, resolvers); });
  return 0;
}
