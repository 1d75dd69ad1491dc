// SPDX-License-Identifier: GPL-3.0-or-later
// Each assembly makes panes, adds them to the window, and brings them their models and values. One file an assembly.
#pragma once

namespace counterpoint {

class MainWindow;

void assembleConfigure(MainWindow& window);
void assembleRuns(MainWindow& window);
void assembleReview(MainWindow& window);  // with Retrieve and Adapters

// Trains the workspace's config, or shows where one is chosen: what the panes' offers to train do.
void trainOrChoose(MainWindow& window);

// All of them, in the order in which their panes stand.
void assemblePanes(MainWindow& window);

}  // namespace counterpoint
