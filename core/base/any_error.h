// SPDX-License-Identifier: GPL-3.0-or-later
// Any exception as an Error.
#pragma once

#include <exception>

#include "core/base/error.h"

namespace counterpoint {

// Out of memory (also in LibTorch's words) and what the system refused are of the Environment kind, or Data for a file
// that is not there; other foreign exceptions are of the kind Bug. LibTorch's stack frames are taken off.
Error asError(const std::exception& error);

}  // namespace counterpoint
