// SPDX-License-Identifier: GPL-3.0-or-later
// The schema and what reads it agree, both ways: every key has an effect, and nothing is read that the schema lacks.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/config/config.h"
#include "core/config/schema.h"
#include "core/recipes/echo_text/settings.h"
#include "core/recipes/recipe.h"

namespace counterpoint {
namespace {

Json complete(const char* backbone) {
  const auto text =
      std::string("recipe: echo_text\ndata: {csv: studies.csv, sample: study}\nmodel: {video: {backbone: ") + backbone +
      "}}\n";
  return Config::fromText(text, "test").values();
}

Json& at(Json& config, const std::string& key) {
  return config[Json::json_pointer("/" + [&] {
    std::string path = key;
    std::replace(path.begin(), path.end(), '.', '/');
    return path;
  }())];
}

// Read by the launcher and by the table of recipes, not by the recipe itself.
bool isReadElsewhere(const std::string& key) { return key == "recipe" || key.rfind("launch.", 0) == 0; }

TEST(EchoTextSchema, IsComplete) {
  for (const char* backbone : {"r3d", "mvit"}) EXPECT_NO_THROW(EchoTextSettings::from(complete(backbone), "/tmp"));
}

TEST(EchoTextSchema, EveryKeyIsRead) {
  for (const auto& key : schemaOf("echo_text")->keys()) {
    if (isReadElsewhere(key.path)) continue;
    Json config = complete(key.path.rfind("model.video.mvit.", 0) == 0 ? "mvit" : "r3d");
    at(config, key.path) = Json::array({Json{{"of", "no type"}}});
    bool refused = false;
    try {
      EchoTextSettings::from(config, "/tmp");
    } catch (const std::exception&) {
      refused = true;
    }
    EXPECT_TRUE(refused) << key.path << " has no effect";
  }
}

TEST(Recipes, StandBehindEverySchemaThatSaysItCanBeTrained) {
  std::size_t trainable = 0;
  for (const auto& schema : allSchemas()) trainable += schema.trainable();
  EXPECT_EQ(recipes().size(), trainable);
  for (const auto& recipe : recipes()) {
    const Schema* schema = schemaOf(recipe.name);
    ASSERT_NE(schema, nullptr) << recipe.name;
    EXPECT_TRUE(schema->trainable()) << recipe.name;
  }
}

}  // namespace
}  // namespace counterpoint
