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
#include <QPointer>
#include <QSlider>
#include <QtConcurrent>
#include <QToolButton>

namespace counterpoint {
namespace {

constexpr QSize kCopySize{800, 480};
constexpr double kCopyRatio = 2;
constexpr double kCrosshairShare = 0.6;  // of what the tour's chart shows

struct FormatName {
  ExportFormat format;
  const char* id;
  const char* text;
};
constexpr FormatName kFormats[] = {
    {ExportFormat::Png, "plots.export_png", QT_TRANSLATE_NOOP("counterpoint::PlotsPane", "Export as a picture (PNG)…")},
    {ExportFormat::Svg, "plots.export_svg", QT_TRANSLATE_NOOP("counterpoint::PlotsPane", "Export as a drawing (SVG)…")},
    {ExportFormat::Pdf, "plots.export_pdf", QT_TRANSLATE_NOOP("counterpoint::PlotsPane", "Export as a page (PDF)…")},
    {ExportFormat::Csv, "plots.export_csv", QT_TRANSLATE_NOOP("counterpoint::PlotsPane", "Export numbers (CSV)…")},
};

// The menus; an empty name is a line between.
const QStringList kExportMenu = {QStringLiteral("plots.export_png"),
                                 QStringLiteral("plots.export_svg"),
                                 QStringLiteral("plots.export_pdf"),
                                 QStringLiteral("plots.export_csv"),
                                 QStringLiteral("plots.copy"),
                                 QStringLiteral("plots.copy_numbers"),
                                 QString(),
                                 QStringLiteral("plots.export_all"),
                                 QStringLiteral("plots.export_visible")};
const QStringList kCardMenu = QStringList{QStringLiteral("plots.log_x_chart"),
                                          QStringLiteral("plots.log_y_chart"),
                                          QStringLiteral("plots.table"),
                                          QStringLiteral("plots.pin"),
                                          QStringLiteral("plots.alone"),
                                          QStringLiteral("plots.reset_chart"),
                                          QString()} +
                              kExportMenu;

}  // namespace

void PlotsPane::writeNumbers(const QString& file, std::vector<WantedNumbers> wanted) {
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
}

void PlotsPane::exportCharts(ExportFormat format, const QString& path, ChartCard* only, bool visibleOnly) {
  std::vector<ChartCard*> chosen;
  for (auto& [metric, card] : cards_) {
    if (!only || card == only) chosen.push_back(card);
  }
  if (format == ExportFormat::Csv) {
    std::vector<WantedNumbers> wanted;
    for (const ChartCard* card : chosen) {
      for (auto& numbers : numbersOf(*card->chart(), visibleOnly)) wanted.push_back(std::move(numbers));
    }
    return writeNumbers(path, std::move(wanted));
  }
  try {
    for (ChartCard* card : chosen) {
      card->chart()->refresh(true);
      const QString file = only ? path : QDir(path).filePath(fileNameFor(card->metric()) + u'.' + extensionOf(format));
      writeChart(*card->chart(), file, format);
    }
    emit exported(path);
  } catch (const std::exception& error) {
    emit noticed(Notice::of(error));
  }
}

void PlotsPane::askAndExport(ExportFormat format) {
  // Runs may go, and their charts with them, while the dialog is open.
  const QPointer<ChartCard> card = currentCard();
  if (!card) return;
  const QString extension = extensionOf(format);
  QString path;
  if (exportAll_ && format != ExportFormat::Csv) {
    path = QFileDialog::getExistingDirectory(this, tr("Write all charts into a folder"));
  } else {
    const QString name = exportAll_ ? QStringLiteral("numbers") : fileNameFor(card->metric());
    path = QFileDialog::getSaveFileName(this, tr("Export"), name + u'.' + extension,
                                        QStringLiteral("*.%1").arg(extension));
  }
  if (path.isEmpty()) return;
  if (!exportAll_ && !card) {
    emit noticed({Severity::Warning, tr("The chart is gone: no run that is drawn has it any more"), {}, {}});
    return;
  }
  exportCharts(format, path, exportAll_ ? nullptr : card.data(), exportVisible_);
}

void PlotsPane::fillMenu(QMenu* menu, const QStringList& ids) {
  if (!registry_) return;
  showStates();
  for (const QString& id : ids) {
    if (id.isEmpty()) {
      menu->addSeparator();
    } else {
      menu->addAction(registry_->action(id));
    }
  }
}

void PlotsPane::fillExportMenu(QMenu* menu) { fillMenu(menu, kExportMenu); }

void PlotsPane::cardMenu(ChartCard* card, const QPoint& position) {
  chosen_ = card;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setAccessibleName(tr("Chart %1").arg(card->metric()));
  fillMenu(menu, kCardMenu);
  menu->popup(position);
}

void PlotsPane::showStates() {
  if (!registry_) return;
  const ChartCard* card = currentCard();
  const auto set = [this](const char* id, bool on) { registry_->action(QLatin1String(id))->setChecked(on); };
  set("plots.export_all", exportAll_);
  set("plots.export_visible", exportVisible_);
  set("plots.log_x_chart", card && card->chart()->settings().logX);
  set("plots.log_y_chart", card && card->chart()->settings().logY);
  set("plots.table", card && card->numbers()->showsTable());
  set("plots.pin", card && card->isPinned());
  set("plots.alone", card && grid_->alone() == card);
  registry_->refresh();
}

void PlotsPane::registerActions(ActionRegistry& registry) {
  registry_ = &registry;
  const auto add = [&](const char* id, const QString& text, const QString& key, const QString& iconName,
                       const QString& help, std::function<void()> run, bool checkable = false) {
    ActionSpec spec;
    spec.id = QLatin1String(id);
    spec.text = text;
    spec.category = tr("Plots");
    spec.key = key;
    spec.icon = iconName;
    spec.help = help;
    spec.checkable = checkable;
    spec.scope = this;
    spec.enabled = [this] { return !cards_.empty(); };
    spec.run = [this, run = std::move(run), checkable] {
      run();
      if (checkable) showStates();
    };
    registry.add(spec);
  };
  const auto withCard = [this](void (*act)(PlotsPane&, ChartCard&)) {
    return [this, act] {
      if (ChartCard* card = currentCard()) act(*this, *card);
    };
  };
  constexpr bool kCheckable = true;
  add("plots.search", tr("Filter charts"), QStringLiteral("/"), QStringLiteral("search"),
      tr("Show only charts whose name fits a pattern"), [this] { bar_->search()->setFocus(Qt::ShortcutFocusReason); });
  add("plots.reset", tr("Show everything again"), QStringLiteral("R"), QStringLiteral("zoom_reset"),
      tr("Undo zoom in all charts"), [this] { resetZoom(nullptr); });
  add("plots.reset_chart", tr("Show the whole chart again"), {}, QStringLiteral("zoom_reset"),
      tr("Undo zoom in this chart, and in all where they zoom together"),
      withCard([](PlotsPane& pane, ChartCard& card) { pane.resetZoom(pane.bar_->linked() ? nullptr : &card); }));
  add("plots.table", tr("Numbers as a table"), {}, QStringLiteral("table"),
      tr("The numbers of the chart as a table (T in a chart)"), withCard([](PlotsPane&, ChartCard& card) {
        card.numbers()->showTable(!card.numbers()->showsTable());
        card.refresh();
      }),
      kCheckable);
  add("plots.alone", tr("Show one chart alone"), QStringLiteral("F"), QStringLiteral("full_screen"),
      tr("The chart fills the pane; again: all charts"),
      withCard([](PlotsPane&, ChartCard& card) { emit card.expandToggled(); }), kCheckable);
  add("plots.pin", tr("Pin the chart to the top"), QStringLiteral("P"), QStringLiteral("star"), {},
      withCard([](PlotsPane&, ChartCard& card) { card.setPinned(!card.isPinned()); }), kCheckable);
  add("plots.log_y_chart", tr("Logarithmic values in this chart"), QStringLiteral("L"), {}, {},
      withCard([](PlotsPane&, ChartCard& card) { card.setOwnLogY(!card.chart()->settings().logY); }), kCheckable);
  add("plots.log_x_chart", tr("Logarithmic x in this chart"), QStringLiteral("Shift+L"), {}, {},
      withCard([](PlotsPane&, ChartCard& card) { card.setOwnLogX(!card.chart()->settings().logX); }), kCheckable);
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
    add(format.id, tr(format.text), {}, QStringLiteral("export"), {}, [this, &format] { askAndExport(format.format); });
  }
  add("plots.copy", tr("Copy chart as a picture"), QStringLiteral("Ctrl+Shift+C"), QStringLiteral("copy"), {},
      withCard([](PlotsPane&, ChartCard& card) {
        QApplication::clipboard()->setImage(chartPicture(*card.chart(), kCopySize, kCopyRatio));
      }));
  add("plots.copy_numbers", tr("Copy the numbers of the chart"), {}, QStringLiteral("copy"), {},
      withCard([](PlotsPane& pane, ChartCard& card) {
        QApplication::clipboard()->setText(
            QString::fromStdString(numbersAsText(numbersOf(*card.chart(), pane.exportVisible_))));
      }));
  add(
      "plots.export_all", tr("Export all charts at once"), {}, {}, {}, [this] { exportAll_ = !exportAll_; },
      kCheckable);
  add(
      "plots.export_visible", tr("Export visible numbers only"), {}, {}, {},
      [this] { exportVisible_ = !exportVisible_; }, kCheckable);
}

std::vector<TourStep> PlotsPane::tourSteps() {
  const auto drawn = [this] { return isShowingEmpty() || dirty_.isEmpty() || !tick_.isActive(); };
  const auto table = [this](bool shown) {
    if (ChartCard* card = currentCard()) {
      card->numbers()->showTable(shown);
      card->refresh();
    }
  };
  // One chart in full, and the values under the crosshair.
  const auto alone = [this](bool shown) {
    ChartCard* card = currentCard();
    if (!card) return;
    if ((grid_->alone() == card) != shown) emit card->expandToggled();
    const auto [lower, upper] = card->chart()->xRange();
    card->chart()->setCrosshair(shown ? std::optional(lower + kCrosshairShare * (upper - lower)) : std::nullopt);
    card->showValues();
  };
  return {{QStringLiteral("plots-table"), [table] { table(true); }, drawn},
          {QStringLiteral("plots-alone"),
           [table, alone] {
             table(false);
             alone(true);
           },
           drawn},
          {QStringLiteral("plots"), [alone] { alone(false); }, drawn}};
}

}  // namespace counterpoint
