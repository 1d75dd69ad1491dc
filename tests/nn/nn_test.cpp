// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ops/empty.h>
#include <ATen/ops/softmax.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>

#include <cmath>

#include "core/base/error.h"
#include "core/nn/attention.h"
#include "core/nn/initialise.h"
#include "core/nn/naming.h"
#include "core/nn/transformer_block.h"

namespace counterpoint {
namespace {

TEST(Naming, RegistersUnderDottedNamesInOrder) {
  NamedGroup parent;
  registerAt(parent, "mlp.3", std::make_shared<torch::nn::LinearImpl>(2, 2));
  registerAt(parent, "mlp.0", std::make_shared<torch::nn::LinearImpl>(2, 2));
  registerAt(parent, "norm", std::make_shared<torch::nn::LinearImpl>(2, 2));
  EXPECT_EQ(parent.named_parameters().keys(), (std::vector<std::string>{"mlp.3.weight", "mlp.3.bias", "mlp.0.weight",
                                                                        "mlp.0.bias", "norm.weight", "norm.bias"}));
}

TEST(Initialise, TruncatedNormalIsCutAndWide) {
  at::Tensor narrow = at::empty({100'000}), wide = at::empty({100'000});
  truncatedNormal(narrow, 0.02);
  EXPECT_NEAR(narrow.std().item<double>(), 0.02, 0.0005);
  EXPECT_LT(narrow.abs().max().item<double>(), 0.12);
  truncatedNormal(wide, 2);
  EXPECT_LE(wide.abs().max().item<double>(), 2);
  EXPECT_NEAR(wide.std().item<double>(), 2 * 0.5396, 0.01);  // a standard normal cut at ±1 has deviation 0.5396
}

// softmax(q kᵀ / √d) v, written out, with a mask.
TEST(Attention, EqualsItsFormula) {
  MultiheadAttention attention(8, 2);
  const auto parameters = attention.named_parameters();
  const at::Tensor query = at::empty({3, 4, 8}).normal_(), source = at::empty({3, 5, 8}).normal_();
  at::Tensor allowed = at::empty({3, 1, 4, 5}, at::kFloat).bernoulli_(0.6).to(at::kBool);
  allowed.select(3, 0).fill_(true);
  const auto weights = parameters["in_proj_weight"].chunk(3), biases = parameters["in_proj_bias"].chunk(3);
  const auto project = [&](const at::Tensor& x, std::size_t i) {
    return (x.matmul(weights[i].t()) + biases[i]).view({3, x.size(1), 2, 4}).transpose(1, 2);
  };
  const at::Tensor scores = project(query, 0).matmul(project(source, 1).transpose(2, 3)) / std::sqrt(4.0);
  const at::Tensor mixed = at::softmax(scores.masked_fill(allowed.logical_not(), -HUGE_VAL), -1)
                               .matmul(project(source, 2))
                               .transpose(1, 2)
                               .reshape({3, 4, 8});
  const at::Tensor expected = mixed.matmul(parameters["out_proj.weight"].t()) + parameters["out_proj.bias"];
  EXPECT_TRUE(attention.forward(query, source, allowed).allclose(expected, 1e-4, 1e-5));
  EXPECT_TRUE(attention.selfAttention(query).allclose(attention.forward(query, query), 1e-4, 1e-5));
  EXPECT_TRUE(attention.selfAttention(query, {}, true)
                  .select(1, 0)
                  .allclose(attention.forward(query.narrow(1, 0, 1), query.narrow(1, 0, 1)).select(1, 0), 1e-4, 1e-5));
  EXPECT_THROW(MultiheadAttention(8, 3), Error);
}

TEST(TransformerBlock, DropsOnlyInTraining) {
  TransformerBlock block(8, 2, 4, 0.5);
  const at::Tensor x = at::empty({2, 3, 8}).normal_();
  EXPECT_FALSE(block.forward(x).equal(block.forward(x)));
  block.eval();
  EXPECT_TRUE(block.forward(x).equal(block.forward(x)));
}

}  // namespace
}  // namespace counterpoint
