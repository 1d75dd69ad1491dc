// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/icons.h"

#include "widgets/common/theme.h"

#include <QDir>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace counterpoint {
namespace {

QByteArray source(const QString& name) {
  QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
  if (!file.open(QIODevice::ReadOnly)) return {};
  return file.readAll();
}

class ThemedIcon : public QIconEngine {
 public:
  explicit ThemedIcon(QString name) : name_(std::move(name)) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    const double ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
    const int size = std::min(rect.width(), rect.height());
    const QPixmap picture = iconPixmap(name_, colourOf(mode), size, ratio);
    painter->drawPixmap(QRect(rect.x() + (rect.width() - size) / 2, rect.y() + (rect.height() - size) / 2, size, size),
                        picture);
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
    return iconPixmap(name_, colourOf(mode), std::min(size.width(), size.height()), 1.0);
  }

  // Qt passes the size in device pixels and sets the ratio on what it gets back.
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override {
    return pixmap(size, mode, state);
  }

  QIconEngine* clone() const override { return new ThemedIcon(name_); }
  QString key() const override { return QStringLiteral("counterpoint"); }
  QString iconName() override { return name_; }
  bool isNull() override { return name_.isEmpty(); }

 private:
  static QColor colourOf(QIcon::Mode mode) {
    const ThemeRoles& now = roles();
    if (mode != QIcon::Disabled) return now.text;
    QColor faint = now.quiet;
    faint.setAlphaF(0.5F);
    return faint;
  }

  QString name_;
};

}  // namespace

QPixmap iconPixmap(const QString& name, const QColor& colour, int size, double ratio) {
  const int pixels = std::max(1, qRound(size * ratio));
  const QString key = QStringLiteral("counterpoint-%1-%2-%3").arg(name, colour.name(QColor::HexArgb)).arg(pixels);
  QPixmap picture;
  if (!QPixmapCache::find(key, &picture)) {
    picture = QPixmap(pixels, pixels);
    picture.fill(Qt::transparent);
    QByteArray svg = source(name);
    if (!svg.isEmpty()) {
      svg.replace("currentColor", colour.name().toLatin1());
      QSvgRenderer renderer(svg);
      QPainter painter(&picture);
      painter.setOpacity(colour.alphaF());
      renderer.render(&painter, QRectF(0, 0, pixels, pixels));
    }
    QPixmapCache::insert(key, picture);
  }
  picture.setDevicePixelRatio(ratio);
  return picture;
}

QIcon icon(const QString& name) {
  if (!QFile::exists(QStringLiteral(":/icons/%1.svg").arg(name))) return {};
  return QIcon(new ThemedIcon(name));
}

QStringList iconNames() {
  QStringList names;
  for (const QString& file : QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")})) {
    names << file.chopped(4);
  }
  return names;
}

}  // namespace counterpoint
