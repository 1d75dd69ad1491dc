// SPDX-License-Identifier: GPL-3.0-or-later
// Distribution functions that the standard library lacks, to about 1e-14.
#pragma once

namespace counterpoint {

double normalDensity(double x);
double normalProbability(double x);
// The x with normalProbability(x) = p; infinite at 0 and 1 (Wichura 1988, AS 241).
double normalQuantile(double p);

// Regularised incomplete beta function I_x(a, b), a and b above 0, and its inverse in x.
double betaProbability(double x, double a, double b);
double betaQuantile(double p, double a, double b);

}  // namespace counterpoint
