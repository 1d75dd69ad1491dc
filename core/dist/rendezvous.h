// SPDX-License-Identifier: GPL-3.0-or-later
// The key-value store through which ranks find one another.
#pragma once

#include <c10/util/intrusive_ptr.h>

#include "core/dist/group_environment.h"

namespace c10d {
class Store;
}

namespace counterpoint {

// Throws Error{Environment} when the port is taken, and Error{PeerLost} when not all ranks came in time.
c10::intrusive_ptr<c10d::Store> openStore(const GroupEnvironment& environment, double seconds);

}  // namespace counterpoint
