// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/model_link.h"  // a file of its own, so that the class has one home
