// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/configure/defaults_picture.h"

#include "core/config/compose/group_choices.h"
#include "widgets/common/measures.h"
#include "widgets/common/theme.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace counterpoint {
namespace {

constexpr int kFileRole = Qt::UserRole, kLeftOutRole = Qt::UserRole + 1;
constexpr int kIndent = 28, kConfigWidth = 360, kPackageWidth = 200;
enum Column { Config, Package, Order, ColumnCount };

// A config is a box; one that is left out has a dashed edge.
class BoxDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const ThemeRoles& look = roles();
    const bool leftOut = index.data(kLeftOutRole).toBool();
    const bool selected = cell.state & QStyle::State_Selected;
    const int width = std::min(cell.fontMetrics.horizontalAdvance(cell.text) + 2 * measures::kGap,
                               cell.rect.width() - measures::kGrid);
    const QRectF box =
        QRectF(cell.rect.left(), cell.rect.top() + 3, width, cell.rect.height() - 6).adjusted(.5, .5, -.5, -.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(selected ? look.accent : look.edge, 1, leftOut ? Qt::DashLine : Qt::SolidLine));
    painter->setBrush(selected ? look.select : look.raised);
    painter->drawRoundedRect(box, measures::kCorner, measures::kCorner);
    painter->setPen(leftOut ? look.quiet : look.text);
    const QString text = cell.fontMetrics.elidedText(cell.text, Qt::ElideMiddle, width - 2 * measures::kGap + 1);
    painter->drawText(box, Qt::AlignCenter, text);
    painter->restore();
  }
};

struct Painter {
  const Composed& composed;
  const std::vector<std::filesystem::path> folders;

  QString fileOf(const std::string& configPath) const {
    for (const auto& folder : folders)
      for (const char* ending : {".yaml", ""})
        if (const auto file = folder / (configPath + ending); std::filesystem::is_regular_file(file))
          return QString::fromStdString(file.string());
    return {};
  }

  // The places at which a config is merged, from 1.
  QString orderOf(const std::string& configPath, const std::string& package, bool self) const {
    int number = 0;
    for (const auto& one : composed.defaults.defaults) {
      if (one.configPath.starts_with("hydra/")) continue;
      ++number;
      if (one.configPath == configPath && one.package == package && (self || !one.isSelf))
        return QString::number(number);
    }
    return {};
  }

  void add(const DefaultsTree& tree, QTreeWidgetItem* parent, const DefaultsTree* above) const {
    const DefaultElement& element = tree.element;
    const bool self = element.isSelf();
    const DefaultElement& named = self && above ? above->element : element;
    if (element.kind == DefaultElement::Kind::Config && element.configPath() == "hydra/config") return;
    if (element.isVirtual()) {
      for (const auto& child : tree.children) add(child, parent, nullptr);
      return;
    }
    auto* item = new QTreeWidgetItem(parent);
    const std::string package = named.finalPackage(composed.version);
    const bool empty = element.isGroup() && !element.configName();
    const std::string path = empty ? std::string() : named.configPath();
    const QString order = empty ? QString() : orderOf(path, package, self || tree.children.empty());
    item->setText(Config, self ? QStringLiteral("_self_") : QString::fromStdString(tree.label(composed.version)));
    item->setText(Package, package.empty() ? DefaultsPicture::tr("(top)") : QString::fromStdString(package));
    item->setText(Order, order);
    const bool leftOut = element.deleted || empty || (order.isEmpty() && tree.children.empty());
    item->setData(Config, kLeftOutRole, leftOut);
    const QString file = empty ? QString() : fileOf(path);
    item->setData(Config, kFileRole, file);
    const QString help = leftOut ? DefaultsPicture::tr("left out") : file;
    for (int column = 0; column < ColumnCount; ++column) item->setToolTip(column, help);
    item->setData(Config, Qt::AccessibleDescriptionRole, help);
    for (const auto& child : tree.children) add(child, item, &tree);
  }
};

}  // namespace

DefaultsPicture::DefaultsPicture(QWidget* parent) : QTreeWidget(parent) {
  setAccessibleName(tr("Defaults tree"));
  setColumnCount(ColumnCount);
  setHeaderLabels({tr("Config"), tr("Goes to"), tr("Merged as")});
  header()->setSectionResizeMode(Config, QHeaderView::Interactive);
  header()->resizeSection(Config, kConfigWidth);
  header()->resizeSection(Package, kPackageWidth);
  setItemDelegateForColumn(Config, new BoxDelegate(this));
  setIndentation(kIndent);
  setUniformRowHeights(true);
  setFrameShape(QFrame::NoFrame);
  setItemsExpandable(false);
  setExpandsOnDoubleClick(false);
  connect(this, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
    const QString file = item->data(Config, kFileRole).toString();
    if (!file.isEmpty()) emit openAsked(file);
  });
}

void DefaultsPicture::setComposed(const Composed* composed) {
  clear();
  if (composed)
    Painter{*composed, configFoldersOf(*composed)}.add(composed->defaults.tree, invisibleRootItem(), nullptr);
  setHeaderHidden(!composed);
  expandAll();
}

void DefaultsPicture::paintEvent(QPaintEvent* event) {
  QTreeWidget::paintEvent(event);
  if (topLevelItemCount() > 0) return;
  QPainter painter(viewport());
  painter.setPen(roles().quiet);
  const QRect room = viewport()->rect().adjusted(measures::kGroupGap, measures::kGroupGap, -measures::kGroupGap, 0);
  painter.drawText(room, Qt::AlignHCenter | Qt::TextWordWrap,
                   tr("This config has no defaults list: nothing else is merged into it."));
}

void DefaultsPicture::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const {
  if (!index.parent().isValid()) return;
  painter->save();
  painter->setPen(QPen(roles().edge, 1));
  const int half = kIndent / 2;
  int left = rect.right() - kIndent + 1;
  // From the box above down to this one, and further where more follow.
  const bool more = index.sibling(index.row() + 1, 0).isValid();
  painter->drawLine(left + half, rect.top(), left + half, more ? rect.bottom() : rect.center().y());
  painter->drawLine(left + half, rect.center().y(), rect.right(), rect.center().y());
  for (QModelIndex above = index.parent(); above.parent().isValid(); above = above.parent()) {
    left -= kIndent;
    if (above.sibling(above.row() + 1, 0).isValid())
      painter->drawLine(left + half, rect.top(), left + half, rect.bottom());
  }
  painter->restore();
}

}  // namespace counterpoint
