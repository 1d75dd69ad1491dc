// SPDX-License-Identifier: GPL-3.0-or-later
// BERT against transformers (tests/golden/models/bert.py), and the encoder around it.
#include "core/models/text_encoder/text_encoder.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/models/formula.h"

namespace counterpoint {
namespace {

using testing::fillByFormula;
using testing::formulaIds;
using testing::GoldenCase;

BertOptions smallBert() {
  BertOptions options;
  options.vocabulary = 200;
  options.hidden = 48;
  options.layers = 3;
  options.heads = 4;
  options.feedForward = 96;
  options.positions = 40;
  return options;
}

at::Tensor maskOf(std::int64_t batch, std::int64_t length) {
  std::vector<std::int64_t> lengths;
  for (std::int64_t i = 0; i < batch; ++i) lengths.push_back(i % 2 == 0 ? length : length - 5);
  return at::arange(length).unsqueeze(0).lt(at::tensor(lengths).unsqueeze(1)).to(at::kLong);
}

void compare(const std::string& name, const BertOptions& options, std::int64_t batch, std::int64_t length,
             const std::vector<std::size_t>& depths) {
  GoldenCase golden("bert", name);
  Bert model(options);
  fillByFormula(model);
  model.eval();
  std::vector<at::Tensor> layers;
  const at::Tensor out =
      model.forward(formulaIds("ids", {batch, length}, 0, options.vocabulary), maskOf(batch, length), &layers);
  for (const std::size_t depth : depths) golden.expect("hidden " + std::to_string(depth), layers.at(depth));
  const at::Tensor first = out.select(1, 0);
  golden.expect("first", first);
  golden.expectGradients(first, model, {});
}

TEST(Bert, EqualsTransformersAtPublishedSize) { compare("published", {}, 2, 16, {0, 4, 12}); }
TEST(Bert, EqualsTransformersWhenSmall) { compare("small", smallBert(), 4, 20, {0, 1, 3}); }

TEST(Bert, HasThePublishedTensors) {
  BertOptions options;
  options.vocabulary = 10;  // the count of tensors does not depend on it
  EXPECT_EQ(Bert(options).parameters().size(), 197U);
}

TEST(Bert, PadsChangeNothing) {
  Bert model(smallBert());
  model.eval();
  const at::Tensor ids = formulaIds("ids", {2, 20}, 1, 200);
  at::Tensor other = ids.clone();
  other.narrow(1, 15, 5).fill_(0);
  const at::Tensor padded = at::arange(20).lt(15).unsqueeze(0).expand({2, 20});
  const at::Tensor whole = model.forward(ids.narrow(1, 0, 15));
  EXPECT_TRUE(model.forward(other, padded).narrow(1, 0, 15).allclose(whole, 1e-4, 1e-5));
  EXPECT_TRUE(model.forward(ids, padded).narrow(1, 0, 15).allclose(whole, 1e-4, 1e-5));
}

TEST(Bert, RefusesTextsBeyondItsPositions) {
  Bert model(smallBert());
  try {
    model.forward(formulaIds("ids", {1, 41}, 0, 200));
    FAIL() << "41 tokens fit 40 positions";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Data);
    EXPECT_NE(std::string(error.what()).find("41"), std::string::npos) << error.what();
  }
}

TEST(TextEncoder, ProjectsTheFirstToken) {
  TextEncoderOptions options;
  options.bert = smallBert();
  options.dimension = 24;
  options.dropout = 0.3;
  TextEncoder model(options);
  fillByFormula(model);
  model.eval();
  const at::Tensor ids = formulaIds("ids", {4, 20}, 0, 200);
  const auto parameters = model.named_parameters();
  const at::Tensor first = model.bert().forward(ids, maskOf(4, 20)).select(1, 0);
  const at::Tensor expected = at::gelu(first.mm(parameters["proj.1.weight"].t()) + parameters["proj.1.bias"]);
  EXPECT_TRUE(model.forward(ids, maskOf(4, 20)).allclose(expected, 1e-5, 1e-6));
  EXPECT_TRUE(parameters.contains("bert.encoder.layer.2.attention.output.LayerNorm.bias"));
}

}  // namespace
}  // namespace counterpoint
