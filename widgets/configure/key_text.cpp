// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/key_text.h"

#include "core/base/words.h"
#include "core/config/complete.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace counterpoint {
namespace {

QString words(const std::string& text) { return QString::fromStdString(text); }

QString tell(const char* text) { return QCoreApplication::translate("KeyText", text); }

}  // namespace

const Json& valueAt(const Json& values, const std::string& path) {
  const Json* node = &values;
  for (const auto& part : split(path, '.')) node = &node->at(part);
  return *node;
}

QString shortValue(const Json& value, int most) {
  const QString text = value.is_null() ? tell("automatic") : words(yamlText(value));
  return text.size() > most ? text.left(most - 1) + QStringLiteral("…") : text;
}

QString keyTip(const SchemaKey& key) {
  QString tip = QStringLiteral("<b>%1</b><br>%2").arg(words(key.path), words(key.help).toHtmlEscaped());
  tip += QStringLiteral("<br>") + words(limitsText(key)).toHtmlEscaped();
  for (const auto& choice : key.choices) {
    tip += QStringLiteral("<br><b>%1</b>: %2").arg(words(choice.name), words(choice.meaning).toHtmlEscaped());
  }
  return tip;
}

QString originText(const ValueOrigin& origin, const QString& file) {
  switch (origin.kind) {
    case ValueOrigin::Kind::Default: return {};
    case ValueOrigin::Kind::Override: return words(origin.source);
    case ValueOrigin::Kind::File: break;
  }
  const QString line = origin.position.line > 0 ? tell("line %1").arg(origin.position.line) : QString();
  const QString source = words(origin.source);
  if (source.isEmpty() || source == file || source == QFileInfo(file).fileName()) return line;
  const QString inside = QDir(QFileInfo(file).path()).relativeFilePath(source);
  const QString name = inside.startsWith(QStringLiteral("..")) ? QFileInfo(source).fileName() : inside;
  return line.isEmpty() ? name : QStringLiteral("%1, %2").arg(name, line);
}

QString factsOf(const Composition& composition, const std::string& path, const QString& file) {
  if (!composition.schema || path.empty()) return {};
  const SchemaKey* key = composition.schema->find(path);
  if (!key && composition.schema->isSection(path)) {
    QString text = QStringLiteral("<b>%1</b>").arg(words(path));
    for (const SchemaKey& one : composition.schema->keys()) {
      if (one.group() == path)
        text += QStringLiteral("<br>%1: %2")
                    .arg(words(one.name()), shortValue(valueAt(composition.values, one.path)).toHtmlEscaped());
    }
    return text;
  }
  if (!key) return {};
  const auto origin = composition.origins.find(key->path);
  const QString source = origin == composition.origins.end() ? QString() : originText(origin->second, file);
  const QString value = shortValue(valueAt(composition.values, key->path), 200).toHtmlEscaped();
  const QString by = source.isEmpty() ? tell("the default") : tell("set in %1").arg(source.toHtmlEscaped());
  const bool overridden = origin != composition.origins.end() && origin->second.kind == ValueOrigin::Kind::Override;
  return keyTip(*key) + QStringLiteral("<hr><b>%1</b>, %2")
                            .arg(value, overridden ? tell("set by the %1").arg(source.toHtmlEscaped()) : by);
}

}  // namespace counterpoint
