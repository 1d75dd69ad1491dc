// SPDX-License-Identifier: GPL-3.0-or-later
// A scope in which autocast is off, for the parts that DeepCORO keeps in float32.
#pragma once

#include <c10/core/DeviceType.h>

namespace counterpoint {

class FullPrecision {
 public:
  explicit FullPrecision(c10::DeviceType device);
  FullPrecision(const FullPrecision&) = delete;
  FullPrecision& operator=(const FullPrecision&) = delete;
  ~FullPrecision();

 private:
  c10::DeviceType device_;
  bool before_;
};

}  // namespace counterpoint
