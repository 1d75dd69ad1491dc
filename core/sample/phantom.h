// SPDX-License-Identifier: GPL-3.0-or-later
// An ultrasound phantom: a fan of speckle in which a drawn heart beats with a known ejection fraction.
#pragma once

#include <cstdint>
#include <vector>

#include "core/sample/heart.h"

namespace counterpoint {

struct PhantomOptions {
  int size = 112;  // width and height in pixels; even
  double framesPerSecond = 50;
};

// An egg: half an ellipse towards the apex, half a shorter one towards the base. Lengths in heights of the frame.
struct Egg {
  float x = 0, y = 0;  // centre
  float angle = 0;     // radians; 0: the apex points up, positive: it turns clockwise
  float halfWidth = 0;
  float toApex = 0, toBase = 0;

  double area() const;
  Egg grown(float margin) const;
};

// One clip of one heart. Everything but the beat is fixed at construction; frames may be drawn in any order and by
// several threads.
class Phantom {
 public:
  // `firstRWave` in seconds from the first frame. `seed` chooses pose, the other chambers, gain and speckle.
  Phantom(EchoView view, const HeartTruth& heart, double firstRWave, std::uint64_t seed,
          const PhantomOptions& options = {});

  // Grey pixels of frame `index`, `size` × `size`, row after row.
  std::vector<std::uint8_t> frame(int index) const;
  // 1 inside the left ventricle's cavity, 0 elsewhere; `pixels` × `pixels` at `seconds`.
  std::vector<std::uint8_t> ventricleMask(double seconds, int pixels) const;
  // The left ventricle's cavity at `seconds`.
  Egg ventricle(double seconds) const;

 private:
  struct Chamber {
    Egg atRest;
    float wall;        // thickness
    float brightness;  // of the wall
    float swing;       // share of the area lost (positive) or gained (negative) at the end of systole
  };

  void addChambers(double scale);
  Egg placed(const Egg& egg, double seconds) const;
  Egg contracted(const Chamber& chamber, double contraction) const;

  EchoView view_;
  HeartTruth heart_;
  Beat beat_;
  PhantomOptions options_;
  std::uint64_t seed_;
  Chamber leftVentricle_;
  std::vector<Chamber> others_;
  float shortAxisShare_ = 0.5F;  // of the logarithm of the area's change that the width takes
  float centreX_, centreY_, rotation_;
  float breathX_, breathY_, breathPhase_, gain_;
  std::vector<float> background_, speckle_, gainMap_, noise_;
};

}  // namespace counterpoint
