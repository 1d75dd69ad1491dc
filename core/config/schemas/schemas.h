// SPDX-License-Identifier: GPL-3.0-or-later
// One function a recipe; registry.cpp lists them. What is not trainable yet is described for import, check and compare.
#pragma once

#include "core/config/schema.h"

namespace counterpoint {

Schema echoTextSchema();
std::vector<KeyRule> echoTextRules();
std::vector<OldName> echoTextOldNames();

Schema linearProbeSchema();

Schema universalRetrievalSchema();
std::vector<OldName> universalRetrievalOldNames();

Schema selfSupervisedSchema();
std::vector<OldName> selfSupervisedOldNames();

Schema productMatchingSchema();
std::vector<OldName> productMatchingOldNames();

Schema loraRetrievalSchema();
std::vector<OldName> loraRetrievalOldNames();

Schema sentenceEmbeddingSchema();
std::vector<OldName> sentenceEmbeddingOldNames();

}  // namespace counterpoint
