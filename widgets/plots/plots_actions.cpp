// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can do with charts: actions, menus, export.
#include "core/base/files.h"
#include "widgets/common/action_registry.h"
#include "widgets/common/data_table.h"
#include "widgets/plots/chart_card.h"
#include "widgets/plots/chart_grid.h"
#include "widgets/plots/metric_chart.h"
#include "widgets/plots/plots_bar.h"
#include "widgets/plots/plots_pane.h"

#include <QAbstractSlider>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFutureWatcher>
#include <QLineEdit>
#include <QMenu>
#include <QSlider>
#include <QtConcurrent>
#include <QToolButton>

namespace counterpoint {
namespace {

constexpr QSize kCopySize{800, 480};
constexpr double kCopyRatio = 2;

struct FormatName {
  ExportFormat format;
  const char* id;
  const char* text;
};
constexpr FormatName kFormats[] = {
    {ExportFormat::Png, "png", QT_TRANSLATE_NOOP("counterpoint::PlotsPane", "Picture (PNG)…")},
    {ExportFormat::Svg, "svg", QT_TRANSLATE_NOOP("counterpoint::PlotsPane", "Drawing (SVG)…")},
    {ExportFormat::Pdf, "pdf", QT_TRANSLATE_NOOP("counterpoint::PlotsPane", "Page (PDF)…")},
    {ExportFormat::Csv, "csv", QT_TRANSLATE_NOOP("counterpoint::PlotsPane", "Numbers (CSV)…")},
};

}  // namespace

void PlotsPane::exportCharts(ExportFormat format, const QString& path, bool all, bool visibleOnly) {
  std::vector<ChartCard*> chosen;
  if (all) {
    for (auto& [metric, card] : cards_) chosen.push_back(card);
  } else if (ChartCard* current = currentCard()) {
    chosen.push_back(current);
  }
  try {
    if (format == ExportFormat::Csv) {
      std::vector<WantedNumbers> wanted;
      for (const ChartCard* card : chosen) {
        for (auto& numbers : numbersOf(*card->chart(), visibleOnly)) wanted.push_back(std::move(numbers));
      }
      const QString file = all && QFileInfo(path).isDir() ? QDir(path).filePath(QStringLiteral("numbers.csv")) : path;
      auto* writing = new QFutureWatcher<QString>(this);
      connect(writing, &QFutureWatcher<QString>::finished, this, [this, writing, file] {
        const QString failure = writing->result();
        writing->deleteLater();
        if (failure.isEmpty()) {
          emit exported(file);
        } else {
          emit noticed(Notice{Severity::Bad, failure, {}, {}});
        }
      });
      writing->setFuture(QtConcurrent::run([wanted = std::move(wanted), file] {
        try {
          writeFileAtomically(file.toStdString(), numbersAsText(wanted));
          return QString();
        } catch (const std::exception& error) {
          return QString::fromStdString(describe(error));
        }
      }));
      return;
    }
    for (ChartCard* card : chosen) {
      card->chart()->refresh(true);
      const QString file = all ? QDir(path).filePath(fileNameFor(card->metric()) + u'.' + extensionOf(format)) : path;
      writeChart(*card->chart(), file, format);
    }
    emit exported(path);
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
  }
}

void PlotsPane::askAndExport(ExportFormat format, ChartCard* card) {
  if (!card) return;
  card->chart()->setFocus();
  if (exportAll_ && format != ExportFormat::Csv) {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Write all charts into a folder"));
    if (!folder.isEmpty()) exportCharts(format, folder, true, exportVisible_);
    return;
  }
  const QString name = exportAll_ ? QStringLiteral("numbers") : fileNameFor(card->metric());
  const QString extension = extensionOf(format);
  const QString path =
      QFileDialog::getSaveFileName(this, tr("Export"), name + u'.' + extension, QStringLiteral("*.%1").arg(extension));
  if (!path.isEmpty()) exportCharts(format, path, exportAll_, exportVisible_);
}

void PlotsPane::fillExportMenu(QMenu* menu, ChartCard* card) {
  for (const FormatName& format : kFormats) {
    QAction* action = menu->addAction(tr(format.text));
    action->setEnabled(card);
    connect(action, &QAction::triggered, this, [this, card, &format] { askAndExport(format.format, card); });
  }
  QAction* copy = menu->addAction(tr("Copy picture"));
  copy->setEnabled(card);
  connect(copy, &QAction::triggered, this,
          [card] { QApplication::clipboard()->setImage(chartPicture(*card->chart(), kCopySize, kCopyRatio)); });
  QAction* numbers = menu->addAction(tr("Copy numbers"));
  numbers->setEnabled(card);
  connect(numbers, &QAction::triggered, this, [this, card] {
    QApplication::clipboard()->setText(
        QString::fromStdString(numbersAsText(numbersOf(*card->chart(), exportVisible_))));
  });
  menu->addSeparator();
  QAction* all = menu->addAction(tr("All charts at once"));
  all->setCheckable(true);
  all->setChecked(exportAll_);
  connect(all, &QAction::toggled, this, [this](bool on) { exportAll_ = on; });
  QAction* visible = menu->addAction(tr("Visible numbers only"));
  visible->setCheckable(true);
  visible->setChecked(exportVisible_);
  connect(visible, &QAction::toggled, this, [this](bool on) { exportVisible_ = on; });
}

void PlotsPane::cardMenu(ChartCard* card, const QPoint& position) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto check = [menu](const QString& text, bool on, auto&& act) {
    QAction* action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(on);
    QObject::connect(action, &QAction::toggled, menu, act);
  };
  check(tr("Logarithmic x"), card->chart()->settings().logX, [card](bool on) { card->setOwnLogX(on); });
  check(tr("Logarithmic values"), card->chart()->settings().logY, [card](bool on) { card->setOwnLogY(on); });
  check(tr("Numbers as a table"), card->numbers()->showsTable(), [card](bool on) {
    card->numbers()->showTable(on);
    card->refresh();
  });
  check(tr("Pin to the top"), card->isPinned(), [card](bool on) { card->setPinned(on); });
  check(tr("Show alone"), grid_->alone() == card, [card](bool) { emit card->expandToggled(); });
  menu->addAction(tr("Show everything again"), this, [this, card] { resetZoom(bar_->linked() ? nullptr : card); });
  menu->addSeparator();
  fillExportMenu(menu, card);
  menu->popup(position);
}

void PlotsPane::registerActions(ActionRegistry& registry) {
  const QString category = tr("Plots");
  const auto some = [this] { return !cards_.empty(); };
  const auto add = [&](const char* id, const QString& text, const QString& key, const QString& iconName,
                       const QString& help, std::function<void()> run) {
    ActionSpec spec;
    spec.id = QLatin1String(id);
    spec.text = text;
    spec.category = category;
    spec.key = key;
    spec.icon = iconName;
    spec.help = help;
    spec.scope = this;
    spec.enabled = some;
    spec.run = std::move(run);
    registry.add(spec);
  };
  const auto withCard = [this](void (*act)(PlotsPane&, ChartCard&)) {
    return [this, act] {
      if (ChartCard* card = currentCard()) act(*this, *card);
    };
  };
  add("plots.search", tr("Filter charts"), QStringLiteral("/"), QStringLiteral("search"),
      tr("Show only charts whose name fits a pattern"), [this] { bar_->search()->setFocus(Qt::ShortcutFocusReason); });
  add("plots.reset", tr("Show everything again"), QStringLiteral("R"), QStringLiteral("zoom_reset"),
      tr("Undo zoom in all charts"), [this] { resetZoom(nullptr); });
  add("plots.table", tr("Switch between chart and table"), {}, QStringLiteral("table"),
      tr("The numbers of the chart as a table (T in a chart)"), withCard([](PlotsPane&, ChartCard& card) {
        card.numbers()->showTable(!card.numbers()->showsTable());
        card.refresh();
      }));
  add("plots.alone", tr("Show one chart alone"), QStringLiteral("F"), QStringLiteral("full_screen"),
      tr("The chart fills the pane; again: all charts"),
      withCard([](PlotsPane&, ChartCard& card) { emit card.expandToggled(); }));
  add("plots.pin", tr("Pin the chart to the top"), QStringLiteral("P"), QStringLiteral("star"), {},
      withCard([](PlotsPane&, ChartCard& card) { card.setPinned(!card.isPinned()); }));
  add("plots.log_y_chart", tr("Logarithmic values in this chart"), QStringLiteral("L"), {}, {},
      withCard([](PlotsPane&, ChartCard& card) { card.setOwnLogY(!card.chart()->settings().logY); }));
  add("plots.log_x_chart", tr("Logarithmic x in this chart"), QStringLiteral("Shift+L"), {}, {},
      withCard([](PlotsPane&, ChartCard& card) { card.setOwnLogX(!card.chart()->settings().logX); }));
  add("plots.log_y", tr("Logarithmic values in all charts"), {}, {}, {}, [this] { bar_->logY()->toggle(); });
  add("plots.log_x", tr("Logarithmic x in all charts"), {}, {}, {}, [this] { bar_->logX()->toggle(); });
  add("plots.outliers", tr("Include outliers in the range"), QStringLiteral("O"), {}, {},
      [this] { bar_->robust()->toggle(); });
  add("plots.link", tr("Zoom all charts together"), {}, QStringLiteral("link"), {}, [this] { bar_->link()->toggle(); });
  add("plots.axis", tr("Change what x counts"), QStringLiteral("X"), {}, tr("Step, relative time, wall time, epoch"),
      [this] { bar_->axis()->setCurrentIndex((bar_->axis()->currentIndex() + 1) % bar_->axis()->count()); });
  add("plots.smoother", tr("Smooth more"), QStringLiteral("]"), {}, {},
      [this] { bar_->slider()->triggerAction(QAbstractSlider::SliderPageStepAdd); });
  add("plots.rougher", tr("Smooth less"), QStringLiteral("["), {}, {},
      [this] { bar_->slider()->triggerAction(QAbstractSlider::SliderPageStepSub); });
  for (const FormatName& format : kFormats) {
    const QByteArray id = QByteArrayLiteral("plots.export_") + format.id;
    add(id.constData(), tr("Export chart: %1").arg(tr(format.text)), {}, QStringLiteral("export"), {},
        [this, &format] { askAndExport(format.format, currentCard()); });
  }
  add("plots.copy", tr("Copy chart as a picture"), QStringLiteral("Ctrl+Shift+C"), QStringLiteral("copy"), {},
      withCard([](PlotsPane&, ChartCard& card) {
        QApplication::clipboard()->setImage(chartPicture(*card.chart(), kCopySize, kCopyRatio));
      }));
}

std::vector<TourStep> PlotsPane::tourSteps() {
  const auto drawn = [this] { return isShowingEmpty() || dirty_.isEmpty() || !tick_.isActive(); };
  return {{QStringLiteral("plots"), [this] { bar_->setPattern({}); }, drawn},
          {QStringLiteral("plots-table"),
           [this] {
             if (ChartCard* first = currentCard()) {
               first->numbers()->showTable(true);
               first->refresh();
             }
           },
           drawn},
          {QStringLiteral("plots-alone"),
           [this] {
             if (ChartCard* first = currentCard()) {
               first->numbers()->showTable(false);
               if (!grid_->alone()) emit first->expandToggled();
             }
           },
           drawn}};
}

}  // namespace counterpoint
