// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/words.h"

#include <gtest/gtest.h>

#include "core/base/secrets.h"

namespace counterpoint {
namespace {

TEST(Words, NearestNamesATypo) {
  EXPECT_EQ(nearestWord("learning_rte", {"batch_size", "learning_rate"}), "learning_rate");
  EXPECT_EQ(nearestWord("zzz", {"batch_size", "learning_rate"}), "");
  EXPECT_EQ(editDistance("lr", "rl"), 1u);
}

TEST(Secrets, ValuesOfSecretNamesAreMasked) {
  EXPECT_EQ(maskSecrets("WANDB_API_KEY=abcdef next"), "WANDB_API_KEY=*** next");
  EXPECT_EQ(maskSecrets("--token hf_abcdefghijkl"), "--token ***");
  EXPECT_EQ(maskSecrets("use hf_abcdefghijkl here"), "use *** here");
}

TEST(Secrets, OrdinaryWordsStay) {
  EXPECT_EQ(maskSecrets("text.max_tokens=32"), "text.max_tokens=32");
  EXPECT_FALSE(isSecretName("tokenizer"));
  EXPECT_FALSE(isSecretName("key_frame"));
  EXPECT_TRUE(isSecretName("HF_TOKEN"));
}

}  // namespace
}  // namespace counterpoint
