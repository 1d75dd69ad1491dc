// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/verbs.h"

namespace counterpoint {

std::vector<Verb> allVerbs() {
  std::vector<Verb> verbs;
  for (auto& verb : configVerbs()) verbs.push_back(std::move(verb));
  for (auto& verb : runVerbs()) verbs.push_back(std::move(verb));
  for (auto& verb : sweepVerbs()) verbs.push_back(std::move(verb));
  for (auto& verb : modelVerbs()) verbs.push_back(std::move(verb));
  for (auto& verb : loraVerbs()) verbs.push_back(std::move(verb));
  for (auto& verb : completionVerbs()) verbs.push_back(std::move(verb));
#ifdef COUNTERPOINT_HAS_MEDIA
  for (auto& verb : fileVerbs()) verbs.push_back(std::move(verb));
#endif
  return verbs;
}

}  // namespace counterpoint
