// SPDX-License-Identifier: GPL-3.0-or-later
// The devices that ranks can run on, by NVML where a driver is (libnvidia-ml.so.1 at run time, never linked).
#pragma once

#include "widgets/configure/device_list.h"

namespace counterpoint {

// Takes some milliseconds with a driver, nothing without; call it off the event loop.
DeviceList queryDevices();

}  // namespace counterpoint
