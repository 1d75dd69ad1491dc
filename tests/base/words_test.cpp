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

TEST(Secrets, AKeyAfterAColonIsMaskedAndProseIsNot) {
  EXPECT_EQ(maskSecrets("api_key: 8f3a9c1d77"), "api_key: ***");
  EXPECT_EQ(maskSecrets("{password: \"a1 b2 c3\"}"), "{password: ***}");
  for (const char* line : {"2026-11-21_14-03-22_my_secret: finished", "unexpected token: comma", "no password: asked",
                           "hidden key = 12 frames", "task-level token", "risk-adjusted-value-2"})
    EXPECT_EQ(maskSecrets(line), line);
}

TEST(Secrets, AreMaskedEverywhereInAnExactNumberOfPlaces) {
  EXPECT_EQ(maskSecrets("TOKEN = 'a b' token=x,secret=y --password z end"),
            "TOKEN = *** token=***,secret=*** --password *** end");
  EXPECT_EQ(maskSecrets("token="), "token=");
  EXPECT_EQ(maskSecrets("token=\"open"), "token=\"open");
}

TEST(Secrets, ALineOfAMegabyteIsScanned) {
  const std::string filler(1 << 20, 'a');
  EXPECT_EQ(maskSecrets(filler + " token=x1"), filler + " token=***");
  EXPECT_EQ(maskSecrets("token=" + filler), "token=***");
  EXPECT_EQ(maskSecrets("token=\"" + filler + "\""), "token=***");
  std::string many, masked;
  for (int i = 0; i < 100'000; ++i) {
    many += "token=x ";
    masked += "token=*** ";
  }
  EXPECT_EQ(maskSecrets(many), masked);
}

TEST(Secrets, ValuesAreMaskedUnlessTheyArePlainWords) {
  EXPECT_EQ(maskValues("a correct-horse disabled 123456", {"correct-horse", "disabled", "123456", "a"}),
            "a *** disabled 123456");
}

TEST(Secrets, OrdinaryWordsStay) {
  EXPECT_EQ(maskSecrets("text.max_tokens=32"), "text.max_tokens=32");
  EXPECT_FALSE(isSecretName("tokenizer"));
  EXPECT_FALSE(isSecretName("key_frame"));
  EXPECT_TRUE(isSecretName("HF_TOKEN"));
}

}  // namespace
}  // namespace counterpoint
