// SPDX-License-Identifier: GPL-3.0-or-later
// bfloat16 autocast for a scope.
#pragma once

#include <c10/core/DeviceType.h>
#include <c10/core/ScalarType.h>

#include <string_view>

namespace counterpoint {

enum class Precision { Float32, Bfloat16 };
Precision precisionNamed(std::string_view name);  // "float32", "bfloat16"

// While it lives, matrix products and convolutions on `device` run in bfloat16 (or, with Float32, in what their inputs
// are). Weights stay float32. Leave the scope before backward().
class Autocast {
 public:
  Autocast(c10::DeviceType device, Precision precision);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  c10::DeviceType device_;
  bool enabledBefore_;
  c10::ScalarType typeBefore_;
};

}  // namespace counterpoint
