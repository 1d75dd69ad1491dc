// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensorio/module_weights.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>

#include "core/base/error.h"
#include "tests/support/temporary_folder.h"

namespace counterpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Net : public torch::nn::Module {
 public:
  Net() {
    first = register_module("first", std::make_shared<torch::nn::LinearImpl>(3, 2));
    norm = register_module("norm", std::make_shared<torch::nn::BatchNorm1dImpl>(2));
    scale = register_parameter("scale", at::full({1}, 2.0));
  }
  std::shared_ptr<torch::nn::LinearImpl> first;
  std::shared_ptr<torch::nn::BatchNorm1dImpl> norm;
  at::Tensor scale;
};

std::vector<std::string> namesOf(const NamedTensors& state) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : state) names.push_back(name);
  return names;
}

TEST(ModuleWeights, NamesParametersAndBuffersAsPyTorchDoes) {
  EXPECT_THAT(namesOf(stateOf(Net(), "net.")),
              ElementsAre("net.scale", "net.first.weight", "net.first.bias", "net.norm.weight", "net.norm.bias",
                          "net.norm.running_mean", "net.norm.running_var", "net.norm.num_batches_tracked"));
}

TEST(ModuleWeights, SurviveAFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  Net one, two;
  one.norm->running_mean.fill_(3);
  saveModule(one, path, "video_encoder.", {{"format", "pt"}});
  const LoadReport report = loadModule(two, path, {"video_encoder.", true, {}});
  EXPECT_EQ(report.loaded.size(), 8U);
  const NamedTensors before = stateOf(one), after = stateOf(two);
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(before[i].second.equal(after[i].second)) << before[i].first;
  EXPECT_TRUE(two.first->weight.requires_grad());
}

TEST(ModuleWeights, HalfPrecisionIsConverted) {
  const TemporaryFolder folder;
  for (const c10::ScalarType type : {at::kBFloat16, at::kHalf, at::kDouble}) {
    Net one, two;
    NamedTensors state = stateOf(one);
    for (auto& [name, tensor] : state) {
      if (tensor.is_floating_point()) tensor = tensor.detach().to(type);
    }
    writeTensors(folder.path() / "half.safetensors", state);
    loadModule(two, folder.path() / "half.safetensors");
    EXPECT_TRUE(two.first->weight.equal(one.first->weight.detach().to(type).to(at::kFloat)));
  }
}

TEST(ModuleWeights, TellEverythingThatDoesNotFitAtOnce) {
  Net net;
  const at::Tensor before = net.first->bias.detach().clone();
  NamedTensors state = stateOf(Net());
  state[1] = {"first.weight", at::zeros({2, 4})};
  state[2].first = "first.bia";
  state.emplace_back("head.weight", at::zeros({1}));
  try {
    loadState(net, state, "weights.safetensors");
    FAIL() << "weights that do not fit were loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Data);
    EXPECT_EQ(error.where(), "weights.safetensors");
    EXPECT_THAT(error.problem(), HasSubstr("1 missing: first.bias (there is first.bia)"));
    EXPECT_THAT(error.problem(), HasSubstr("2 unexpected: first.bia (there is first.bias), head.weight"));
    EXPECT_THAT(error.problem(), HasSubstr("1 of another shape: first.weight is [2, 4], the model's is [2, 3]"));
  }
  EXPECT_TRUE(net.first->bias.equal(before));

  state[1].second = at::zeros({2, 3});
  const LoadReport report = loadState(net, state, "weights", {"", false, {"head."}});
  EXPECT_THAT(report.missing, ElementsAre("first.bias"));
  EXPECT_THAT(report.unexpected, ElementsAre("first.bia"));
  EXPECT_EQ(net.first->weight.abs().max().item<double>(), 0);
}

TEST(TensorFiles, ShareThePagesOfTheFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.safetensors";
  writeTensors(path, {{"a", at::arange(1000).to(at::kFloat)}, {"b", at::full({3}, true)}, {"c", at::zeros({0, 4})}});
  at::Tensor kept;
  {
    const SafetensorsFile file = SafetensorsFile::open(path);
    kept = tensorFrom(file, file.tensor("a"));
    EXPECT_EQ(kept.const_data_ptr(), static_cast<const void*>(file.tensor("a").bytes.data()));
    EXPECT_NE(tensorFrom(file, file.tensor("a"), false).const_data_ptr(), kept.const_data_ptr());
  }
  std::filesystem::remove(path);
  EXPECT_EQ(kept.sum().item<double>(), 499500);  // the mapping outlives file and handle
  EXPECT_THROW(readTensors(path), Error);
}

}  // namespace
}  // namespace counterpoint
