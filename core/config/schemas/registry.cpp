// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/schemas/schemas.h"

namespace counterpoint {

const std::vector<Schema>& allSchemas() {
  static const std::vector<Schema> schemas = {
      echoTextSchema(),        linearProbeSchema(),   universalRetrievalSchema(), selfSupervisedSchema(),
      productMatchingSchema(), loraRetrievalSchema(), sentenceEmbeddingSchema(),
  };
  return schemas;
}

}  // namespace counterpoint
