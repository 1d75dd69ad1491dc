// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of factories against those that hydra.utils.instantiate makes (instantiate.py).
#include "core/config/compose/instantiate.h"
#include "core/base/files.h"
#include "core/config/compose/targets.h"
#include "core/config/interpolation/evaluate.h"
#include "core/config/tree/access.h"
#include "core/config/tree/config_error.h"

#include <gtest/gtest.h>

#include <set>

namespace counterpoint {
namespace {

struct Called {
  std::string target;
  FactoryArguments arguments;
};

Json plainOf(const Instance& instance);

Json containerOf(const ConfigNode& node, bool plain) {
  if (!node.isContainer()) return toJson(node);
  const char* manner = plain ? "plain" : "config";
  if (node.isList()) {
    Json items = Json::array();
    for (const auto& item : node.items()) items.push_back(containerOf(item, plain));
    return {{"list", manner}, {"of", items}};
  }
  Json members = Json::object();
  for (const auto& member : node.members()) members[member.key.text()] = containerOf(member.value, plain);
  return {{"dict", manner}, {"of", members}};
}

Json callOf(const std::string& target, const FactoryArguments& arguments) {
  Json args = Json::array(), kwargs = Json::object();
  for (const auto& one : arguments.positional) args.push_back(plainOf(one));
  for (const auto& [name, value] : arguments.named) kwargs[name] = plainOf(value);
  return {{"call", target}, {"args", args}, {"kwargs", kwargs}};
}

Json plainOf(const Instance& instance) {
  const char* manner = instance.plain ? "plain" : "config";
  if (const auto* node = instance.node()) return containerOf(*node, instance.plain);
  if (const auto* called = instance.object<Called>()) return callOf(called->target, called->arguments);
  if (const auto* bound = std::get_if<std::shared_ptr<const BoundFactory>>(&instance.content)) {
    return {{"partial", plainOf((**bound)())}};
  }
  if (const auto* list = std::get_if<Instance::List>(&instance.content)) {
    Json items = Json::array();
    for (const auto& item : *list) items.push_back(plainOf(item));
    return {{"list", manner}, {"of", items}};
  }
  Json members = Json::object();
  for (const auto& [key, value] : std::get<Instance::Dict>(instance.content)) members[key.text()] = plainOf(value);
  return {{"dict", manner}, {"of", members}};
}

FactoryRegistry makers() {
  FactoryRegistry registry;
  for (const std::string name : {"maker.F", "maker.G"}) {
    registry.add(name, [name](const FactoryArguments& arguments) {
      return Instance{std::any(Called{name, arguments})};
    });
  }
  registry.add("maker.fails", [](const FactoryArguments&) -> Instance { throw std::runtime_error("no good"); });
  return registry;
}

Json rows() {
  return Json::parse(
      readFile(std::string(COUNTERPOINT_SOURCE_DIR) + "/tests/golden/config/table_h_instantiate.json", 1 << 24));
}

TEST(Instantiate, MakesTheCallsOfTableH) {
  const FactoryRegistry registry = makers();
  const Resolvers resolvers;
  int count = 0;
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.dump());
    ++count;
    const ConfigNode root = fromJson(row["config"]);
    InstantiateRequest request;
    request.root = &root;
    request.path = row["path"];
    for (const auto& value : row["args"]) request.arguments.positional.push_back({fromJson(value)});
    for (const auto& [name, value] : row["kwargs"].items()) {
      request.arguments.named.emplace_back(name, Instance{fromJson(value)});
    }
    try {
      const Json made = plainOf(instantiate(registry, request, resolvers));
      ASSERT_FALSE(row.contains("error")) << made;
      EXPECT_EQ(made, row["result"]);
    } catch (const ConfigError& error) {
      ASSERT_TRUE(row.contains("error")) << error.what();
      const std::string kind = row["error"];
      // A flag that is no bool is Python's TypeError: here one of the same kind as its neighbours.
      EXPECT_EQ(std::string(pythonNameOf(error.fault())), kind == "TypeError" ? "InstantiationException" : kind);
      for (const auto& text : row.value("text", Json::array())) {
        EXPECT_NE(error.problem().find(text.get<std::string>()), std::string::npos) << error.problem();
      }
    }
  }
  EXPECT_GE(count, 40);
}

TEST(Instantiate, ABoundFactoryTakesMoreArguments) {
  const FactoryRegistry registry = makers();
  ConfigNode root = ConfigNode::dict();
  root["_target_"] = "maker.F";
  root["_partial_"] = ConfigNode(ConfigScalar(true));
  root["a"] = ConfigNode(ConfigScalar(std::int64_t{1}));
  const Instance made = instantiate(registry, {&root, {}, {}}, Resolvers());
  const auto& bound = *std::get<std::shared_ptr<const BoundFactory>>(made.content);
  FactoryArguments more;
  more.positional.push_back({ConfigNode("first")});
  more.named = {{"a", {ConfigNode("changed")}}, {"b", {ConfigNode("new")}}};
  const Json expected = {{"call", "maker.F"}, {"args", {"first"}}, {"kwargs", {{"a", "changed"}, {"b", "new"}}}};
  EXPECT_EQ(plainOf(bound(more)), expected);
}

TEST(Instantiate, AnObjectOfTheCallReplacesTheConfigsValue) {
  const FactoryRegistry registry = makers();
  ConfigNode root = ConfigNode::dict();
  root["_target_"] = "maker.F";
  root["model"] = "???";
  InstantiateRequest request{&root, {}, {}};
  request.arguments.named = {{"model", {std::any(Called{"maker.G", {}})}}};
  const Json made = plainOf(instantiate(registry, request, Resolvers()));
  EXPECT_EQ(made["kwargs"]["model"]["call"], "maker.G");
}

TEST(Targets, PythonNamesMeanOurWords) {
  EXPECT_EQ(ourTarget("torch.optim.AdamW"), "optimizer/adamw");
  EXPECT_EQ(ourTarget("timm.optim.lamb.Lamb"), "optimizer/lamb");
  EXPECT_EQ(ourTarget("pytorch_metric_learning.losses.ArcFaceLoss"), "loss/arcface");
  EXPECT_EQ(ourTarget("src.models.arcface_model.BaseArcfaceModel"), "backbone/timm_arcface");
  EXPECT_EQ(ourTarget("optimizer/adamw"), "optimizer/adamw");
  EXPECT_EQ(ourTarget("os.system"), std::nullopt);
  std::set<std::string_view> names;
  for (const auto& alias : targetAliases()) EXPECT_TRUE(names.insert(alias.python).second) << alias.python;
}

TEST(Targets, AnUnknownOneNamesTheNearest) {
  EXPECT_EQ(nearestTarget("torch.optim.AdmW"), "torch.optim.AdamW");
  EXPECT_EQ(nearestTarget("mylib.losses.ArcFaceLoss"), "pytorch_metric_learning.losses.ArcFaceLoss");
  try {
    makers().find("torch.optim.AdmW");
    FAIL() << "found";
  } catch (const ConfigError& error) {
    EXPECT_NE(error.cure().find("torch.optim.AdamW"), std::string::npos) << error.cure();
  }
  // Known by name, but nothing here makes it.
  EXPECT_THROW(makers().find("torch.optim.AdamW"), ConfigError);
}

TEST(Targets, ARegisteredWordAnswersToItsPythonNames) {
  FactoryRegistry registry;
  registry.add("optimizer/adamw", [](const FactoryArguments&) { return Instance{std::any(1)}; });
  EXPECT_EQ(*registry.find("torch.optim.AdamW")({}).object<int>(), 1);
  EXPECT_THROW(registry.add("optimizer/adamw", {}), Error);
}

}  // namespace
}  // namespace counterpoint
