// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/precision.h"

#include <ATen/autocast_mode.h>

#include <string>

#include "core/base/error.h"

namespace counterpoint {

Precision precisionNamed(std::string_view name) {
  if (name == "float32") return Precision::Float32;
  if (name == "bfloat16") return Precision::Bfloat16;
  throw usageError("\"" + std::string(name) + "\" is no precision", "precision", "Use float32 or bfloat16.");
}

Autocast::Autocast(c10::DeviceType device, Precision precision)
    : device_(device),
      enabledBefore_(at::autocast::is_autocast_enabled(device)),
      typeBefore_(at::autocast::get_autocast_dtype(device)) {
  at::autocast::increment_nesting();
  at::autocast::set_autocast_enabled(device, precision == Precision::Bfloat16);
  if (precision == Precision::Bfloat16) at::autocast::set_autocast_dtype(device, at::kBFloat16);
}

Autocast::~Autocast() {
  // The outermost scope drops the weights' bfloat16 copies: they are stale after the next update.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, enabledBefore_);
  at::autocast::set_autocast_dtype(device_, typeBefore_);
}

}  // namespace counterpoint
