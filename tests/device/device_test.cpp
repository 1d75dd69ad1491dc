// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/device.h"

#include <ATen/ops/rand.h>
#include <gmock/gmock.h>

#include "core/base/error.h"

namespace counterpoint {
namespace {

struct TwoGpus : CudaModule {
  int selected = -1;
  int deviceCount() override { return 2; }
  DeviceInfo deviceInfo(int index) override { return {"cuda:" + std::to_string(index), "test", 1, 2}; }
  void selectDevice(int index) override { selected = index; }
  void synchronize() override {}
  std::pair<std::uint64_t, std::uint64_t> memoryUse() override { return {0, 0}; }
  c10::intrusive_ptr<c10d::Backend> makeNccl(c10::intrusive_ptr<c10d::Store>, int, int, double) override {
    std::abort();
  }
  std::unique_ptr<CudaGraph> capture(const std::function<void()>&, int) override { return nullptr; }
};

TEST(Device, FallsBackToTheProcessor) {
  const OpenedCudaModule none{nullptr, "no driver"};
  EXPECT_TRUE(chooseDevice("auto", none).is_cpu());
  EXPECT_TRUE(chooseDevice("cpu", none).is_cpu());
  try {
    chooseDevice("cuda:0", none);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Environment);
    EXPECT_THAT(describe(error), testing::HasSubstr("no driver"));
  }
}

TEST(Device, GivesEachLocalRankItsGpu) {
  TwoGpus gpus;
  const OpenedCudaModule opened{&gpus, ""};
  EXPECT_EQ(chooseDevice("auto", opened, 1), c10::Device(c10::kCUDA, 1));
  EXPECT_EQ(gpus.selected, 1);
  EXPECT_EQ(chooseDevice("cuda:0", opened, 1), c10::Device(c10::kCUDA, 0));
  EXPECT_THROW(chooseDevice("cuda:2", opened), Error);
  EXPECT_THROW(chooseDevice("cuda:-1", opened), Error);
  EXPECT_THROW(chooseDevice("gpu", opened), Error);
  EXPECT_EQ(listDevices(opened).size(), 3u);
}

TEST(Device, TellsWhyThereIsNoModule) {
  const auto opened = openCudaModule();
  if (opened.module) GTEST_SKIP() << "this machine has a driver and a module";
  EXPECT_FALSE(opened.whyNot.empty());
  EXPECT_EQ(opened.whyNot.find('\n'), std::string::npos);
}

TEST(Device, DescribesTheProcessor) {
  const auto devices = listDevices({});
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_GT(devices[0].totalBytes, std::uint64_t{1} << 28);
  EXPECT_FALSE(devices[0].model.empty());
}

TEST(Device, SeedsEachRankApart) {
  const auto draw = [](std::uint64_t seed, int rank) {
    seedTorch(seed, rank);
    return at::rand({1}).item<double>();
  };
  EXPECT_EQ(draw(1, 0), draw(1, 0));
  EXPECT_NE(draw(1, 0), draw(1, 1));
  EXPECT_NE(draw(1, 0), draw(2, 0));
}

}  // namespace
}  // namespace counterpoint
