// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/phantom.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/random.h"
#include "core/sample/painting.h"

namespace counterpoint {
namespace {

constexpr float kDegree = std::numbers::pi_v<float> / 180.0F;
constexpr std::size_t kNoiseCount = std::size_t{1} << 15;

// Reflected intensities; the picture shows their square root.
constexpr float kCavity = 0.004F;
constexpr float kMyocardium = 0.24F;
constexpr float kThinWall = 0.36F;
constexpr float kValve = 0.5F;
constexpr float kPericardium = 0.65F;
constexpr float kTissue = 0.07F;
constexpr float kLiver = 0.2F;
constexpr float kVessel = 0.02F;

struct Pose {
  float x, y;      // of the heart's origin in the frame
  float rotation;  // degrees; the heart turns by up to 12 more to either side
};

Pose poseOf(EchoView view) {
  switch (view) {
    case EchoView::ParasternalLongAxis: return {0.5F, 0.52F, 0};
    case EchoView::ParasternalShortAxis: return {0.52F, 0.54F, 0};
    case EchoView::ApicalFourChamber: return {0.5F, 0.46F, 0};
    case EchoView::Subcostal: return {0.5F, 0.62F, 62};
  }
  return {0.5F, 0.5F, 0};
}

}  // namespace

Phantom::Phantom(EchoView view, const HeartTruth& heart, double firstRWave, std::uint64_t seed,
                 const PhantomOptions& options)
    : view_(view), heart_(heart), beat_(heart.beatsPerMinute, firstRWave), options_(options), seed_(seed) {
  Random random(deriveSeed(seed, "pose"));
  const auto between = [&random](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
  const Pose pose = poseOf(view);
  centreX_ = pose.x + between(-0.035, 0.035);
  centreY_ = pose.y + between(-0.03, 0.03);
  rotation_ = (pose.rotation + between(-12, 12)) * kDegree;
  breathX_ = between(-0.008, 0.008);
  breathY_ = between(-0.012, 0.012);
  breathPhase_ = between(0, 2 * std::numbers::pi);
  gain_ = between(0.85, 1.15);
  if (view != EchoView::ParasternalShortAxis) shortAxisShare_ = between(0.55, 0.68);

  leftVentricle_ = {
      {}, static_cast<float>(heart.wallThickness), kMyocardium, static_cast<float>(heart.ejectionFraction)};
  // The other chambers have sizes and beats of their own: nothing but the left ventricle tells its ejection fraction.
  addChambers(random.uniform(0.9, 1.1));
  for (Chamber& chamber : others_) {
    const float width = between(0.85, 1.15), length = between(0.85, 1.15);
    chamber.atRest.halfWidth *= width;
    chamber.atRest.toApex *= length;
    chamber.atRest.toBase *= length;
    chamber.swing *= between(0.4, 1.6);
  }
  const auto size = static_cast<float>(heart.size), elongation = static_cast<float>(heart.elongation);
  Egg& ventricle = leftVentricle_.atRest;
  ventricle.halfWidth *= size * elongation;
  ventricle.toApex *= size / elongation;
  ventricle.toBase *= size / elongation;

  Random texture(deriveSeed(seed, "speckle"));
  speckle_ = sectorSpeckle(options.size, texture);
  gainMap_ = sectorGain(options.size, gain_);
  noise_.resize(kNoiseCount);
  for (float& value : noise_) value = static_cast<float>(-std::log(1.0 - texture.uniform()));
  Canvas canvas{options.size, std::vector<float>(speckle_.size(), kTissue)};
  if (view == EchoView::Subcostal) {
    // The liver fills the near half, with a few vessels.
    canvas.fill({0.5F, 0.02F, 0, 0.6F, 0.4F, between(0.36, 0.42)}, kLiver);
    for (int i = 0; i < 3; ++i) {
      const float width = between(0.012, 0.02), length = between(0.03, 0.06);
      canvas.fill({between(0.38, 0.62), between(0.14, 0.32), between(0, 3), width, length, length}, kVessel);
    }
  }
  background_ = std::move(canvas.pixels);
}

void Phantom::addChambers(double scale) {
  const auto s = static_cast<float>(scale);
  const auto add = [this, s](Egg egg, float swing) {
    egg.x *= s;
    egg.y *= s;
    egg.halfWidth *= s;
    egg.toApex *= s;
    egg.toBase *= s;
    others_.push_back({egg, 0.016F, kThinWall, swing});
  };
  switch (view_) {
    case EchoView::ParasternalLongAxis:
      add({-0.08F, -0.24F, -86 * kDegree, 0.062F, 0.2F, 0.24F}, 0.35F);  // right ventricle, above
      add({0.23F, -0.07F, 84 * kDegree, 0.06F, 0.17F, 0.12F}, -0.08F);   // aortic root
      add({0.25F, 0.14F, 90 * kDegree, 0.1F, 0.11F, 0.11F}, -0.3F);      // left atrium
      leftVentricle_.atRest = {-0.09F, 0.05F, -84 * kDegree, 0.13F, 0.25F, 0.13F};
      break;
    case EchoView::ParasternalShortAxis:
      add({-0.19F, -0.13F, -50 * kDegree, 0.12F, 0.2F, 0.2F}, 0.35F);  // right ventricle, a crescent around the left
      leftVentricle_.atRest = {0, 0, 0, 0.18F, 0.18F, 0.18F};
      break;
    case EchoView::ApicalFourChamber:
    case EchoView::Subcostal: {
      const float shrink = view_ == EchoView::Subcostal ? 0.85F : 1.0F;
      add({-0.145F * shrink, 0.04F * shrink, 6 * kDegree, 0.085F * shrink, 0.2F * shrink, 0.1F * shrink}, 0.35F);
      add({-0.12F * shrink, 0.25F * shrink, 0, 0.085F * shrink, 0.085F * shrink, 0.085F * shrink}, -0.3F);
      add({0.1F * shrink, 0.28F * shrink, 0, 0.095F * shrink, 0.09F * shrink, 0.09F * shrink}, -0.3F);
      leftVentricle_.atRest = {0.09F * shrink, 0, -3 * kDegree, 0.125F * shrink, 0.27F * shrink, 0.13F * shrink};
      break;
    }
  }
}

Egg Phantom::contracted(const Chamber& chamber, double contraction) const {
  const float fraction = 1.0F - chamber.swing * static_cast<float>(contraction);
  const float length = std::pow(fraction, 1.0F - shortAxisShare_);
  Egg egg = chamber.atRest;
  // The apex stays nearly where it is; the base comes towards it.
  const float shift = view_ == EchoView::ParasternalShortAxis ? 0.0F : 0.75F * egg.toApex * (1.0F - length);
  egg.x += std::sin(egg.angle) * shift;
  egg.y -= std::cos(egg.angle) * shift;
  egg.halfWidth *= std::pow(fraction, shortAxisShare_);
  egg.toApex *= length;
  egg.toBase *= length;
  return egg;
}

Egg Phantom::placed(const Egg& egg, double seconds) const {
  const float breath = std::sin(2.0F * std::numbers::pi_v<float> * 0.25F * static_cast<float>(seconds) + breathPhase_);
  const float cosine = std::cos(rotation_), sine = std::sin(rotation_);
  Egg result = egg;
  result.x = centreX_ + breathX_ * breath + cosine * egg.x - sine * egg.y;
  result.y = centreY_ + breathY_ * breath + sine * egg.x + cosine * egg.y;
  result.angle = egg.angle + rotation_;
  return result;
}

Egg Phantom::ventricle(double seconds) const {
  return placed(contracted(leftVentricle_, beat_.contraction(seconds)), seconds);
}

std::vector<std::uint8_t> Phantom::ventricleMask(double seconds, int pixels) const {
  return eggMask(ventricle(seconds), pixels);
}

std::vector<std::uint8_t> Phantom::frame(int index) const {
  const double seconds = index / options_.framesPerSecond;
  const double contraction = beat_.contraction(seconds);
  Canvas canvas{options_.size, background_};

  const Egg cavity = ventricle(seconds);
  // The wall keeps its area: it thickens as the cavity empties.
  const Egg atRest = leftVentricle_.atRest;
  const double wallArea = atRest.grown(leftVentricle_.wall).area() - atRest.area();
  const double halfPi = 0.5 * std::numbers::pi;
  const double sum = cavity.halfWidth + 0.5 * (cavity.toApex + cavity.toBase);
  const auto wall = static_cast<float>(0.5 * (std::sqrt(sum * sum + 2.0 * wallArea / halfPi) - sum));

  canvas.ring(cavity.grown(wall + 0.018F), 0.012F, kPericardium);
  for (const Chamber& chamber : others_) {
    const Egg egg = placed(contracted(chamber, contraction), seconds);
    canvas.fill(egg.grown(chamber.wall), chamber.brightness);
    canvas.fill(egg, kCavity);
  }
  canvas.fill(cavity.grown(wall), kMyocardium);
  canvas.fill(cavity, kCavity);
  const float cosine = std::cos(cavity.angle), sine = std::sin(cavity.angle);
  const auto inside = [&](float across, float along) {
    const float x = across * cavity.halfWidth, y = along * (along < 0 ? cavity.toApex : cavity.toBase);
    return std::pair{cavity.x + cosine * x - sine * y, cavity.y + sine * x + cosine * y};
  };
  if (view_ == EchoView::ParasternalShortAxis) {
    for (const float side : {-1.0F, 1.0F}) {  // papillary muscles
      const auto [x, y] = inside(0.5F * side, 0.45F);
      const float radius = 0.14F * cavity.halfWidth;
      canvas.fill({x, y, 0, radius, radius, radius}, kMyocardium);
    }
  } else {
    // Two leaflets: they meet in systole and swing towards the apex in diastole.
    const auto open = static_cast<float>(1.0 - contraction);
    for (const float side : {-1.0F, 1.0F}) {
      const auto [hingeX, hingeY] = inside(0.75F * side, 0.66F);
      const auto [tipX, tipY] = inside((0.02F + 0.38F * open) * side, 0.8F - 0.5F * open);
      canvas.line(hingeX, hingeY, tipX, tipY, 0.007F, kValve);
    }
  }

  std::vector<std::uint8_t> pixels(canvas.pixels.size());
  Random random(deriveSeed(seed_, "frame", static_cast<std::uint64_t>(index)));
  for (int row = 0; row < options_.size; ++row) {
    const std::size_t start = static_cast<std::size_t>(row) * options_.size;
    const float* noise = noise_.data() + random.below(kNoiseCount - static_cast<std::uint64_t>(options_.size));
    for (int column = 0; column < options_.size; ++column) {
      const std::size_t at = start + column;
      const float grain = 0.72F * speckle_[at] + 0.28F * noise[column];
      const float value = gainMap_[at] * std::sqrt(canvas.pixels[at] * grain + 0.002F * noise[column]);
      pixels[at] = static_cast<std::uint8_t>(std::min(255.0F, value));
    }
  }
  return pixels;
}

}  // namespace counterpoint
