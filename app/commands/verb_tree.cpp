// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/verb_tree.h"

#include "core/base/words.h"

namespace counterpoint {

CLI::App* below(const CLI::App& place, const std::string& name) {
  for (const auto* command : place.get_subcommands([](const CLI::App*) { return true; }))
    if (command->get_name() == name) return const_cast<CLI::App*>(command);
  return nullptr;
}

CLI::App* commandFor(CLI::App& root, const Verb& verb) {
  const auto words = split(verb.name, ' ');
  CLI::App* place = &root;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    CLI::App* next = below(*place, words[i]);
    if (!next) {
      next = place->add_subcommand(words[i])->group(verb.group);
      next->require_subcommand(1);
    }
    if (!next->get_description().empty()) next->description(next->get_description() + ", ");
    next->description(next->get_description() + words[i + 1]);
    place = next;
  }
  return place->add_subcommand(words.back(), verb.summary)->group(words.size() == 1 ? verb.group : "Verbs");
}

}  // namespace counterpoint
