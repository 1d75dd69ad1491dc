// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of a sweep file, read with their places. For sweep_file.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/config/sweeps/sweep_file.h"

namespace counterpoint {

class SweepNodeReader {
 public:
  explicit SweepNodeReader(std::string source) : source_(std::move(source)) {}

  std::string where(const TextPosition& position) const;
  // Throws Error{Usage} at a place of the file.
  [[noreturn]] void refuse(const TextPosition& position, std::string what, std::string cure = {}) const;

  // Throws unless `node` is a map with no other keys than `known`.
  void checkKeys(const YamlNode& node, const std::string& what, const std::vector<std::string>& known) const;
  // Any value; throws for a whole number beyond 64 bits.
  Json json(const YamlNode& node) const;
  double number(const YamlNode& node, const std::string& what) const;
  std::int64_t wholeNumber(const YamlNode& node, const std::string& what) const;
  bool boolean(const YamlNode& node, const std::string& what) const;
  std::string text(const YamlNode& node, const std::string& what) const;
  std::size_t choice(const YamlNode& node, const std::string& what, const std::vector<std::string>& choices) const;

  // The whole tree below `parameters`, flattened.
  std::vector<SweepParameter> parameters(const YamlNode& node) const;

 private:
  void addParameters(const YamlNode& node, const std::vector<std::string>& path,
                     std::vector<SweepParameter>& all) const;
  Distribution distribution(const YamlNode& node, const std::string& name) const;
  DistributionKind kindOf(const YamlNode& node, const std::string& name) const;
  void checkBounds(const YamlNode& node, const std::string& name, const Distribution& distribution) const;

  std::string source_;
};

}  // namespace counterpoint
