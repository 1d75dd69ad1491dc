// SPDX-License-Identifier: GPL-3.0-or-later
// What `config show` prints of a composed config.
#include "core/config/compose/present.h"
#include "core/config/tree/config_error.h"
#include "tests/support/config_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace counterpoint {
namespace {

using ::testing::HasSubstr;

const Json& files() {
  static const Json tree = {{"p.yaml", "defaults:\n- db: mysql\n- _self_\nx: ${db.port}\ndb:\n  port: 2\n"},
                            {"db/mysql.yaml", "port: 3306\nuser: ???\n"}};
  return tree;
}

TEST(Present, APackageStandsUnderItsHeader) {
  const ConfigTree tree(files());
  const Composed made = compose(tree.request());
  ShowOptions options;
  EXPECT_EQ(shownYaml(made, options), "db:\n  port: 2\n  user: ???\nx: ${db.port}\n");
  options.resolve = true;
  EXPECT_EQ(shownYaml(made, options), "db:\n  port: 2\n  user: ???\nx: 2\n");
  options.package = "db";
  EXPECT_EQ(shownYaml(made, options), "# @package db\nport: 2\nuser: ???\n");
  options.package = "db.port";
  EXPECT_EQ(shownYaml(made, options), "2\n");
  options.package = "_global_";
  EXPECT_EQ(shownYaml(made, options), "db:\n  port: 2\n  user: ???\nx: 2\n");
  options.package = "nope";
  EXPECT_THROW(shownYaml(made, options), ConfigError);
}

TEST(Present, TheHydraNodeIsAPartOfItsOwn) {
  const ConfigTree tree(files());
  const Composed made = compose(tree.request());
  ShowOptions options;
  options.scope = ShowOptions::Scope::Hydra;
  EXPECT_TRUE(shownYaml(made, options).starts_with("hydra:\n  run:\n    dir: outputs/${now:%Y-%m-%d}"));
  options.scope = ShowOptions::Scope::All;
  EXPECT_THAT(shownYaml(made, options), HasSubstr("\nhydra:\n"));
  EXPECT_THAT(shownYaml(made, options), HasSubstr("x: ${db.port}\n"));
  options.scope = ShowOptions::Scope::Hydra;
  options.resolve = true;
  options.package = "hydra.help.app_name";
  EXPECT_EQ(shownYaml(made, options), "app\n");
}

TEST(Present, TheDefaultsAreATreeAndATable) {
  const ConfigTree tree(files());
  const Composed made = compose(tree.request());
  EXPECT_THAT(infoText(made, "defaults-tree"),
              HasSubstr("\nDefaults Tree\n*************\n<root>:\n  hydra/config:\n    hydra/output: default\n"));
  EXPECT_THAT(
      infoText(made, "defaults-tree"),
      HasSubstr("    hydra/callbacks: null\n    hydra/env: default\n    _self_\n  p:\n    db: mysql\n    _self_\n"));
  const std::string list = infoText(made, "defaults");
  EXPECT_THAT(list, HasSubstr("| Config path                 | Package             | _self_ | Parent       |\n"));
  EXPECT_THAT(list, HasSubstr("| db/mysql                    | db                  | False  | p            |\n"));
  EXPECT_THAT(list, HasSubstr("| p                           |                     | True   | <root>       |\n"));
  EXPECT_THAT(infoText(made, "searchpath"), HasSubstr("| hydra    | pkg://hydra.conf "));
  EXPECT_THAT(infoText(made, "searchpath"), HasSubstr("file://" + tree.root().string()));
  EXPECT_THAT(infoText(made, "all"), HasSubstr("Hydra 1.3.2\n===========\n"));
  EXPECT_THROW(infoText(made, "plugins?"), ConfigError);
}

TEST(Present, SourcesNameEveryLayer) {
  const ConfigTree tree(files());
  const Composed made = compose(tree.request("p", {"db.port=3"}));
  const std::string text = sourcesText(made.task);
  const std::string root = tree.root().string();
  EXPECT_THAT(text, HasSubstr("override db.port=3 (over file " + root + "/p.yaml, line 6; group " + root +
                              "/db/mysql.yaml, line 1)\n"));
  EXPECT_THAT(text, HasSubstr("group " + root + "/db/mysql.yaml, line 2\n"));
}

}  // namespace
}  // namespace counterpoint
