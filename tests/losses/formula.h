// SPDX-License-Identifier: GPL-3.0-or-later
// The formulas of DeepCORO spec §10 in plain doubles and loops: nothing of LibTorch's, so that a shared misreading of
// an operator cannot hide.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace counterpoint::formula {

using Matrix = std::vector<std::vector<double>>;

inline Matrix cosines(const Matrix& a, const Matrix& b) {
  Matrix result(a.size(), std::vector<double>(b.size()));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      double dot = 0, left = 0, right = 0;
      for (std::size_t k = 0; k < a[i].size(); ++k) {
        dot += a[i][k] * b[j][k];
        left += a[i][k] * a[i][k];
        right += b[j][k] * b[j][k];
      }
      result[i][j] = dot / std::sqrt(left * right);
    }
  }
  return result;
}

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// Mean over rows of -Σ target·log softmax, on z and on its transpose, halved. `ids`: equal ones share the target.
inline double symmetricCrossEntropy(const Matrix& z, const std::vector<int>& ids) {
  double total = 0;
  const auto n = z.size();
  for (std::size_t i = 0; i < n; ++i) {
    double rowSum = 0, columnSum = 0;
    std::size_t equal = 0;
    for (std::size_t j = 0; j < n; ++j) {
      rowSum += std::exp(z[i][j]);
      columnSum += std::exp(z[j][i]);
      equal += ids[i] == ids[j];
    }
    for (std::size_t j = 0; j < n; ++j) {
      if (ids[i] != ids[j]) continue;
      total -= (z[i][j] - std::log(rowSum)) / static_cast<double>(equal);
      total -= (z[j][i] - std::log(columnSum)) / static_cast<double>(equal);
    }
  }
  return total / (2.0 * static_cast<double>(n));
}

inline double softmaxLoss(const Matrix& videos, const Matrix& texts, double temperature, const std::vector<int>& ids,
                          bool gated) {
  auto z = cosines(videos, texts);
  for (auto& row : z) {
    for (auto& s : row) s = (gated ? s * sigmoid(s) : s) / temperature;
  }
  return symmetricCrossEntropy(z, ids);
}

struct Siglip {
  double temperature = 0.1, bias = -10, positiveWeight = 1, negativeWeight = 1;
  bool autoBalance = false, entropy = false;
  double entropyWeight = 0.1, entropyThreshold = 2;
};

inline double siglipLoss(const Matrix& videos, const Matrix& texts, const Matrix& positives, const Matrix& severity,
                         const Siglip& options) {
  const auto s = cosines(videos, texts);
  double total = 0, entropies = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto columns = s[i].size();
    double count = 0, sum = 0;
    std::vector<double> z(columns);
    for (std::size_t j = 0; j < columns; ++j) {
      count += positives[i][j] > 0;
      z[j] = std::clamp(s[i][j] / options.temperature + options.bias, -30.0, 30.0);
      sum += std::exp(z[j]);
    }
    count = std::max(count, 1.0);
    for (std::size_t j = 0; j < columns; ++j) {
      double weight = options.negativeWeight;
      if (positives[i][j] > 0) {
        weight = severity.empty() ? options.positiveWeight : severity[i][j] * options.positiveWeight;
        if (options.autoBalance) weight = std::max(1.0, (static_cast<double>(columns) - count) / count);
      }
      const double y = positives[i][j];
      total -= weight * (y * std::log(sigmoid(z[j])) + (1 - y) * std::log(1 - sigmoid(z[j])));
      const double share = std::exp(z[j]) / sum;
      entropies -= share * std::log(share + 1e-10);
    }
  }
  double loss = total / static_cast<double>(s.size() * s[0].size());
  if (options.entropy) {
    loss += options.entropyWeight * std::max(0.0, options.entropyThreshold - entropies / static_cast<double>(s.size()));
  }
  return loss;
}

// ∂f/∂x by central differences.
inline Matrix gradient(Matrix x, const std::function<double(const Matrix&)>& f, double h = 1e-5) {
  Matrix result = x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x[i].size(); ++j) {
      const double before = x[i][j];
      x[i][j] = before + h;
      const double up = f(x);
      x[i][j] = before - h;
      const double down = f(x);
      x[i][j] = before;
      result[i][j] = (up - down) / (2 * h);
    }
  }
  return result;
}

}  // namespace counterpoint::formula
