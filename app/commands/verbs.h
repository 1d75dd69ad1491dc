// SPDX-License-Identifier: GPL-3.0-or-later
// Every verb_NAME.cpp offers one function; registry.cpp lists them.
#pragma once

#include "app/commands/verb.h"
