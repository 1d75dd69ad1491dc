// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/rank_main.h"
