// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/adapters/adapter_charts.h"

#include "widgets/common/measures.h"
#include "widgets/common/number_text.h"
#include "widgets/common/series_style.h"
#include "widgets/common/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace counterpoint {
namespace {

constexpr int kBarRow = 44;
constexpr int kNumber = 56;
constexpr int kColourBar = 14;
constexpr int kLongestName = 130;
constexpr double kSmallestNumbers = 24, kWholeNumbers = 36;  // sides of cells that hold ".97" and "0.97"

int widestName(const QFontMetrics& metrics, const std::vector<std::string>& names) {
  int widest = 40;
  for (const std::string& name : names)
    widest = std::max(widest, metrics.horizontalAdvance(QString::fromStdString(name)));
  return std::min(widest, kLongestName);
}

RankingBars::Range rangeOf(const std::vector<double>& values) {
  RankingBars::Range range;
  for (const double value : values) {
    range.least = std::min(range.least, value);
    range.most = std::max(range.most, value);
  }
  return range;
}

void drawFocus(QPainter& painter, const QWidget& widget) {
  if (!widget.hasFocus()) return;
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(roles().accent, measures::kFocusRing));
  painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), measures::kCorner, measures::kCorner);
}

}  // namespace

RankingBars::RankingBars(RankingModel& model, QWidget* parent) : QWidget(parent), model_(model) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Similarity and weight of the best adapters, as bars"));
  connect(&model_, &QAbstractItemModel::modelReset, this, [this] {
    const LoraRanking& ranking = model_.ranking();
    QStringList words;
    for (std::size_t i = 0; i < ranking.names.size(); ++i) {
      words << tr("%1: similarity %2, weight %3")
                   .arg(QString::fromStdString(ranking.names[i]))
                   .arg(ranking.similarities[i], 0, 'f', 3)
                   .arg(ranking.weights[i], 0, 'f', 3);
    }
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
  });
}

QSize RankingBars::sizeHint() const { return {320, kBarRow * std::max(1, model_.rowCount()) + measures::kRow}; }

RankingBars::Range RankingBars::similarities() const { return rangeOf(model_.ranking().similarities); }
RankingBars::Range RankingBars::weights() const { return rangeOf(model_.ranking().weights); }

QString RankingBars::legend(const QString& name, const Range& range) {
  return tr("%1 (%2 to %3)").arg(name, numberText(range.least), numberText(range.most));
}

void RankingBars::paintEvent(QPaintEvent*) {
  const ThemeRoles& role = roles();
  const LoraRanking& ranking = model_.ranking();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const int names = widestName(fontMetrics(), ranking.names);
  const double left = names + measures::kGroupGap, wide = std::max(40.0, width() - left - kNumber - measures::kGap);
  const Range ranges[] = {similarities(), weights()};
  const QColor colours[] = {seriesStyle(0).colour, seriesStyle(1).colour};
  painter.setFont(uiFont(measures::kSmall));
  double key = left;
  for (int series = 0; series < 2; ++series) {
    const QString name = legend(series == 0 ? tr("similarity") : tr("weight"), ranges[series]);
    painter.fillRect(QRectF(key, 8, 10, series == 0 ? 10 : 6), colours[series]);
    painter.setPen(role.quiet);
    painter.drawText(QPointF(key + 14, 18), name);
    key += 14 + painter.fontMetrics().horizontalAdvance(name) + measures::kGroupGap;
  }
  for (std::size_t i = 0; i < ranking.names.size(); ++i) {
    const double top = measures::kRow + static_cast<double>(i) * kBarRow;
    const QString name = QString::fromStdString(ranking.names[i]);
    painter.setFont(uiFont(measures::kMedium));
    painter.setPen(role.text);
    painter.drawText(QRectF(0, top, names + 4, kBarRow - 8), Qt::AlignRight | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(name, Qt::ElideMiddle, names));
    painter.setFont(tabularFont(measures::kSmall));
    for (int series = 0; series < 2; ++series) {
      const double value = series == 0 ? ranking.similarities[i] : ranking.weights[i];
      const auto [from, to] = ranges[series];
      const double zero = left - from / (to - from) * wide;
      const double end = left + (value - from) / (to - from) * wide;
      const double y = top + (series == 0 ? 4 : 20), high = series == 0 ? 14 : 10;
      painter.fillRect(QRectF(left, y, wide, high), role.window);
      painter.fillRect(QRectF(std::min(zero, end), y, std::max(1.0, std::abs(end - zero)), high), colours[series]);
      painter.setPen(role.text);
      painter.drawText(QRectF(left + wide, y - 3, kNumber, high + 6), Qt::AlignRight | Qt::AlignVCenter,
                       QString::number(value, 'f', 3));
    }
  }
  drawFocus(painter, *this);
}

MatrixMap::MatrixMap(MatrixModel& model, QWidget* parent) : QWidget(parent), model_(model) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAccessibleName(tr("Similarity of the adapters with one another, as a map"));
  connect(&model_, &QAbstractItemModel::modelReset, this, [this] {
    const LoraMatrix& matrix = model_.matrix();
    reach_ = 0;
    for (std::size_t row = 0; row < matrix.names.size(); ++row) {
      for (std::size_t column = 0; column < row; ++column) {
        reach_ = std::max(reach_, std::abs(matrix.at(row, column)));
      }
    }
    if (reach_ < 1e-9) reach_ = 1;
    choose(0, 0);
  });
}

QColor MatrixMap::colourOf(double value) const { return blueWhiteRed(value / reach_); }

QString MatrixMap::cellText() const {
  const LoraMatrix& matrix = model_.matrix();
  if (matrix.names.empty()) return {};
  const auto row = static_cast<std::size_t>(row_), column = static_cast<std::size_t>(column_);
  return tr("%1 and %2: %3")
      .arg(QString::fromStdString(matrix.names[row]), QString::fromStdString(matrix.names[column]))
      .arg(matrix.at(row, column), 0, 'f', 3);
}

void MatrixMap::choose(int row, int column) {
  const int last = std::max(0, static_cast<int>(model_.matrix().names.size()) - 1);
  row_ = std::clamp(row, 0, last);
  column_ = std::clamp(column, 0, last);
  setAccessibleDescription(cellText());
  emit chosen(row_, column_);
  update();
}

MatrixMap::Places MatrixMap::places() const {
  Places places;
  const double count = std::max<double>(1, static_cast<double>(model_.matrix().names.size()));
  QFontMetrics metrics(uiFont(measures::kSmall));
  places.names = widestName(metrics, model_.matrix().names);
  const double left = places.names + measures::kGap, below = measures::kRow;
  const double room = std::min(width() - left - 90.0, height() - below - places.names * 0.75 - measures::kGroupGap);
  places.side = std::max(4.0, std::floor(room / count));
  places.cells = QRectF(left, places.names * 0.75 + measures::kGap, places.side * count, places.side * count);
  places.bar = QRectF(places.cells.right() + measures::kGroupGap, places.cells.top(), kColourBar,
                      std::max(40.0, places.cells.height()));
  return places;
}

bool MatrixMap::cellAt(const QPointF& point, int* row, int* column) const {
  const Places at = places();
  if (model_.matrix().names.empty() || !at.cells.contains(point)) return false;
  const int last = static_cast<int>(model_.matrix().names.size()) - 1;
  *row = std::min(last, static_cast<int>((point.y() - at.cells.top()) / at.side));
  *column = std::min(last, static_cast<int>((point.x() - at.cells.left()) / at.side));
  return true;
}

void MatrixMap::paintEvent(QPaintEvent*) {
  const ThemeRoles& role = roles();
  const LoraMatrix& matrix = model_.matrix();
  QPainter painter(this);
  const Places at = places();
  const auto count = matrix.names.size();
  const QFont small = uiFont(measures::kSmall), digits = tabularFont(measures::kSmall);
  const QFontMetrics metrics(small);
  const bool numbers = at.side >= kSmallestNumbers;
  // Where rows are closer than lines of text, every other name is enough to find one's way; the table has all.
  const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(metrics.height() / at.side)));
  for (std::size_t row = 0; row < count; ++row) {
    const QString name = metrics.elidedText(QString::fromStdString(matrix.names[row]), Qt::ElideMiddle, at.names);
    const double along = (static_cast<double>(row) + 0.5) * at.side;
    painter.setFont(small);
    painter.setPen(role.text);
    if (row % every == 0) {
      painter.drawText(QRectF(0, at.cells.top() + along - 10, at.names, 20), Qt::AlignRight | Qt::AlignVCenter, name);
      painter.save();
      painter.translate(at.cells.left() + along, at.cells.top() - 4);
      painter.rotate(-45);
      painter.drawText(QPointF(0, 0), name);
      painter.restore();
    }
    painter.setFont(digits);
    for (std::size_t column = 0; column < count; ++column) {
      const double value = matrix.at(row, column);
      // The diagonal lies outside of the scale and has no colour of it.
      const QColor colour = row == column ? role.line : colourOf(value);
      const QRectF cell(at.cells.left() + static_cast<double>(column) * at.side,
                        at.cells.top() + static_cast<double>(row) * at.side, at.side, at.side);
      painter.fillRect(cell, colour);
      if (!numbers) continue;
      painter.setPen(contrastRatio(colour, Qt::white) >= contrastRatio(colour, Qt::black) ? Qt::white : Qt::black);
      QString number = QString::number(value, 'f', 2);
      if (at.side < kWholeNumbers) number.replace(QLatin1String("0."), QLatin1String("."));
      if (at.side < kWholeNumbers && value > 0.995) number = QStringLiteral("1");
      painter.drawText(cell, Qt::AlignCenter, number);
    }
  }
  if (count == 0) return;
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF chosenCell(at.cells.left() + column_ * at.side, at.cells.top() + row_ * at.side, at.side, at.side);
  painter.setPen(QPen(Qt::black, 4));
  painter.drawRect(chosenCell);
  painter.setPen(QPen(Qt::white, 2));
  painter.drawRect(chosenCell);

  QLinearGradient gradient(at.bar.bottomLeft(), at.bar.topLeft());
  for (int i = 0; i <= 16; ++i) gradient.setColorAt(i / 16.0, blueWhiteRed(i / 8.0 - 1));
  painter.fillRect(at.bar, gradient);
  painter.setPen(role.text);
  painter.setFont(digits);
  for (int i = 0; i <= 2; ++i) {  // 0, the centre, is stated between the two ends
    const double y = at.bar.bottom() - at.bar.height() * i / 2.0;
    painter.drawText(QRectF(at.bar.right() + 6, y - 8, 60, 16), Qt::AlignLeft | Qt::AlignVCenter,
                     i == 1 ? QStringLiteral("0") : (i == 0 ? QStringLiteral("−") : QString()) + QString::number(reach_, 'f', 2));
  }
  painter.setFont(uiFont(measures::kMedium));
  painter.drawText(QRectF(0, at.cells.bottom() + 4, width(), measures::kRow - 4), Qt::AlignLeft | Qt::AlignVCenter,
                   cellText());
  drawFocus(painter, *this);
}

void MatrixMap::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left: return choose(row_, column_ - 1);
    case Qt::Key_Right: return choose(row_, column_ + 1);
    case Qt::Key_Up: return choose(row_ - 1, column_);
    case Qt::Key_Down: return choose(row_ + 1, column_);
    default: QWidget::keyPressEvent(event);
  }
}

void MatrixMap::mousePressEvent(QMouseEvent* event) {
  setFocus(Qt::MouseFocusReason);
  if (int row = 0, column = 0; cellAt(event->position(), &row, &column)) choose(row, column);
}

void MatrixMap::mouseMoveEvent(QMouseEvent* event) {
  int row = 0, column = 0;
  if (!cellAt(event->position(), &row, &column)) return setToolTip({});
  const LoraMatrix& matrix = model_.matrix();
  const auto i = static_cast<std::size_t>(row), j = static_cast<std::size_t>(column);
  setToolTip(tr("%1 and %2: %3")
                 .arg(QString::fromStdString(matrix.names[i]), QString::fromStdString(matrix.names[j]))
                 .arg(matrix.at(i, j), 0, 'f', 3));
}

}  // namespace counterpoint
