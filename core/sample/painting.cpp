// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/painting.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace counterpoint {
namespace {

constexpr float kEdge = 0.012F;  // width over which a shape's edge fades
constexpr float kApexX = 0.5F, kApexY = 0.01F, kRadius = 0.97F, kHalfAngle = 0.76F;

struct Box {
  int left, right, top, bottom;  // right and bottom are past the end
};

Box boxAround(float x, float y, float reach, int size) {
  const auto clampPixel = [size](float value) { return std::clamp(static_cast<int>(value), 0, size); };
  const auto scale = static_cast<float>(size);
  return {clampPixel((x - reach) * scale), clampPixel((x + reach) * scale + 2), clampPixel((y - reach) * scale),
          clampPixel((y + reach) * scale + 2)};
}

// Calls paint(pixel index, distance from the outline, negative inside) for the pixels near the egg.
template <typename Paint>
void visit(const Egg& egg, int size, float margin, Paint paint) {
  const float reach = std::max({egg.halfWidth, egg.toApex, egg.toBase}) + margin;
  const Box box = boxAround(egg.x, egg.y, reach, size);
  const float cosine = std::cos(egg.angle), sine = std::sin(egg.angle), step = 1.0F / static_cast<float>(size);
  const float perWidth = 1.0F / egg.halfWidth, perApex = 1.0F / egg.toApex, perBase = 1.0F / egg.toBase;
  for (int row = box.top; row < box.bottom; ++row) {
    const float dy = (static_cast<float>(row) + 0.5F) * step - egg.y;
    for (int column = box.left; column < box.right; ++column) {
      const float dx = (static_cast<float>(column) + 0.5F) * step - egg.x;
      const float across = cosine * dx + sine * dy, along = cosine * dy - sine * dx;
      const float u = across * perWidth, v = along * (along < 0 ? perApex : perBase);
      const float ratio = std::sqrt(u * u + v * v + 1e-9F);
      const float distance = std::sqrt(across * across + along * along + 1e-9F) * (1.0F - 1.0F / ratio);
      paint(static_cast<std::size_t>(row) * size + column, distance);
    }
  }
}

void blend(float& pixel, float brightness, float cover) {
  pixel += std::clamp(cover, 0.0F, 1.0F) * (brightness - pixel);
}

}  // namespace

double Egg::area() const {
  return 0.5 * std::numbers::pi * static_cast<double>(halfWidth) * (static_cast<double>(toApex) + toBase);
}

Egg Egg::grown(float margin) const {
  Egg egg = *this;
  egg.halfWidth += margin;
  egg.toApex += margin;
  egg.toBase += margin;
  return egg;
}

void Canvas::fill(const Egg& egg, float brightness) {
  visit(egg, size, kEdge,
        [&](std::size_t at, float distance) { blend(pixels[at], brightness, 0.5F - distance / kEdge); });
}

void Canvas::ring(const Egg& egg, float thickness, float brightness) {
  visit(egg, size, thickness + kEdge, [&](std::size_t at, float distance) {
    blend(pixels[at], brightness, 0.5F - (std::abs(distance) - 0.5F * thickness) / kEdge);
  });
}

void Canvas::line(float fromX, float fromY, float toX, float toY, float thickness, float brightness) {
  const float alongX = toX - fromX, alongY = toY - fromY;
  const float squared = alongX * alongX + alongY * alongY + 1e-9F;
  const Box box = boxAround(0.5F * (fromX + toX), 0.5F * (fromY + toY), 0.5F * std::sqrt(squared) + thickness, size);
  const float step = 1.0F / static_cast<float>(size);
  for (int row = box.top; row < box.bottom; ++row) {
    for (int column = box.left; column < box.right; ++column) {
      const float dx = (static_cast<float>(column) + 0.5F) * step - fromX;
      const float dy = (static_cast<float>(row) + 0.5F) * step - fromY;
      const float part = std::clamp((dx * alongX + dy * alongY) / squared, 0.0F, 1.0F);
      const float distance = std::hypot(dx - part * alongX, dy - part * alongY);
      blend(pixels[static_cast<std::size_t>(row) * size + column], brightness,
            0.5F - (distance - 0.5F * thickness) / kEdge);
    }
  }
}

std::vector<std::uint8_t> eggMask(const Egg& egg, int size) {
  std::vector<std::uint8_t> mask(static_cast<std::size_t>(size) * size, 0);
  visit(egg, size, 0, [&](std::size_t at, float distance) { mask[at] = distance < 0 ? 1 : 0; });
  return mask;
}

std::vector<float> sectorSpeckle(int size, Random& random) {
  // Scatterers on a polar grid, smeared across neighbouring beams: their complex sum is what a probe receives.
  constexpr int kDepths = 120, kBeams = 90;
  std::vector<float> parts[2];
  for (auto& part : parts) {
    std::vector<float> raw(static_cast<std::size_t>(kDepths) * kBeams);
    for (float& value : raw) value = static_cast<float>(random.normal());
    part.assign(raw.size(), 0.0F);
    for (int depth = 0; depth < kDepths; ++depth) {
      for (int beam = 0; beam < kBeams; ++beam) {
        float sum = 0;
        for (int offset = -1; offset <= 1; ++offset) {
          sum += raw[static_cast<std::size_t>(depth) * kBeams + std::clamp(beam + offset, 0, kBeams - 1)];
        }
        part[static_cast<std::size_t>(depth) * kBeams + beam] = sum * 0.57735F;
      }
    }
  }
  std::vector<float> speckle(static_cast<std::size_t>(size) * size, 0.0F);
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const float x = (static_cast<float>(column) + 0.5F) / static_cast<float>(size) - kApexX;
      const float y = (static_cast<float>(row) + 0.5F) / static_cast<float>(size) - kApexY;
      const float depth = std::hypot(x, y) / kRadius * (kDepths - 1);
      const float beam = (std::atan2(x, y) / kHalfAngle + 1.0F) * 0.5F * (kBeams - 1);
      if (depth >= kDepths - 1 || beam < 0 || beam >= kBeams - 1) continue;
      const int i = static_cast<int>(depth), j = static_cast<int>(beam);
      const float fi = depth - static_cast<float>(i), fj = beam - static_cast<float>(j);
      float intensity = 0;
      for (const auto& part : parts) {
        const float* corner = part.data() + static_cast<std::size_t>(i) * kBeams + j;
        const float near = corner[0] + fj * (corner[1] - corner[0]);
        const float far = corner[kBeams] + fj * (corner[kBeams + 1] - corner[kBeams]);
        const float value = near + fi * (far - near);
        intensity += 0.5F * value * value;
      }
      speckle[static_cast<std::size_t>(row) * size + column] = intensity;
    }
  }
  return speckle;
}

std::vector<float> sectorGain(int size, float gain) {
  std::vector<float> map(static_cast<std::size_t>(size) * size);
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const float x = (static_cast<float>(column) + 0.5F) / static_cast<float>(size) - kApexX;
      const float y = (static_cast<float>(row) + 0.5F) / static_cast<float>(size) - kApexY;
      const float depth = std::hypot(x, y), beyond = kHalfAngle - std::abs(std::atan2(x, y));
      const float edge = std::clamp(beyond * depth / kEdge, 0.0F, 1.0F) *
                         std::clamp((kRadius - depth) / kEdge, 0.0F, 1.0F) *
                         std::clamp((depth - 0.03F) / kEdge, 0.0F, 1.0F);
      map[static_cast<std::size_t>(row) * size + column] = 235.0F * gain * edge * (1.15F - 0.35F * depth);
    }
  }
  return map;
}

}  // namespace counterpoint
