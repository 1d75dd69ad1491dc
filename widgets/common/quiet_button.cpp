// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/quiet_button.h"

#include "widgets/common/icons.h"

#include <QToolButton>

namespace counterpoint {

QToolButton* quietButton(const QString& iconName, const QString& name) {
  auto* button = new QToolButton;
  button->setIcon(icon(iconName));
  button->setToolTip(name);
  button->setAccessibleName(name);
  button->setAutoRaise(true);
  return button;
}

}  // namespace counterpoint
