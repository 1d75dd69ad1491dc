// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/verb.h"
#include "app/commands/verb_tree.h"

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/secrets.h"
#include "core/base/words.h"

#include <csignal>
#include <iostream>
#include <optional>

namespace counterpoint {
namespace {

struct Chosen {
  const Verb* verb = nullptr;
  Action action;
};

// CLI11 says "not expected" for a word that it does not know; the nearest verb is worth more.
void checkVerb(const CLI::App& root, const std::vector<std::string>& arguments) {
  const CLI::App* place = &root;
  for (const auto& argument : arguments) {
    if (argument.empty() || argument[0] == '-') return;
    std::vector<std::string> known;
    for (const auto* command : place->get_subcommands([](const CLI::App*) { return true; }))
      if (!command->get_group().empty()) known.push_back(command->get_name());
    if (known.empty()) return;
    const CLI::App* next = below(*place, argument);
    if (!next) {
      const auto nearest = nearestWord(argument, known);
      throw usageError("no such verb: " + argument, {},
                       nearest.empty() ? "Known are " + join(known, ", ") + "." : "Did you mean " + nearest + "?");
    }
    place = next;
  }
}

std::string lineOf(const CLI::ParseError& error) {
  std::string text = error.what();
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

int run(const std::string& program, int argc, const char* const* argv, const Handlers& handlers, Context& context) {
  const std::vector<Verb> verbs = allVerbs();
  CLI::App root("Counterpoint: train, review and search video-text models.", program);
  root.set_version_flag("--version", "counterpoint " COUNTERPOINT_VERSION);
  root.require_subcommand(1);
  root.failure_message(CLI::FailureMessage::simple);
  std::optional<Chosen> chosen;
  for (const auto& verb : verbs) {
    CLI::App* command = commandFor(root, verb);
    command->footer("Example:\n  counterpoint-worker " + verb.example);
    command->add_flag("--verbose", context.verbose, "Say more, and where an error arose");
    if (verb.answersJson) command->add_flag("--json", context.json, "Print the answer as JSON");
    const Action action = verb.declare(*command);
    command->callback([&chosen, &verb, action] { chosen = Chosen{&verb, action}; });
  }
  context.arguments.assign(argv + 1, argv + argc);
  context.handlers = &handlers;
  try {
    checkVerb(root, context.arguments);
    root.parse(argc, const_cast<char**>(argv));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return root.exit(error, std::cout, std::cerr);
    if (argc == 1) {
      std::cerr << root.help();
      return static_cast<int>(ErrorKind::Usage);
    }
    std::string verb;
    for (const CLI::App* place = &root; !place->get_subcommands().empty();) {
      place = place->get_subcommands().front();
      verb += " " + place->get_name();
    }
    throw usageError(lineOf(error), {}, "Run " + program + verb + " --help for what there is.");
  }
  if (context.verbose) setLogLevel(LogLevel::Debug);
  return chosen->action(context);
}

}  // namespace

int runProgram(const std::string& program, int argc, const char* const* argv, const Handlers& handlers) {
  // A reader that went away ("| head") is an error of write(2), which ends the verb, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  Context context;
  try {
    const int status = run(program, argc, argv, handlers, context);
    std::cout.flush();
    return status;
  } catch (const Error& error) {
    std::cerr << program << ": " << maskSecrets(describe(error)) << std::endl;
    if (context.verbose)
      std::cerr << program << ": status " << error.exitStatus()
                << ", arose in: " << maskSecrets(join(context.arguments, " ")) << std::endl;
    return error.exitStatus();
  } catch (const std::exception& error) {
    std::cerr << program << ": " << maskSecrets(describe(error)) << std::endl;
    if (context.verbose) std::cerr << maskSecrets(error.what()) << std::endl;
    return exitStatusOf(error);
  }
}

}  // namespace counterpoint
