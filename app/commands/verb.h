// SPDX-License-Identifier: GPL-3.0-or-later
// One row of the verb table. All programs read the same table; a verb that needs tensors or clips has its options here
// and its work in app/rank or app/media, so that the others load neither LibTorch nor FFmpeg.
#pragma once

#include <any>
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <typeindex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace counterpoint {

class Handlers;

// What a verb is called with, beside its own options.
struct Context {
  bool verbose = false;
  bool json = false;                   // only where Verb::answersJson
  std::vector<std::string> arguments;  // the whole command line without the program
  const Handlers* handlers = nullptr;  // the work of verbs of this program; without any: exec the one that has it
};

// The work that stands in this program alone, by the type of its options. counterpoint-rank fills it:
//   handlers.on<TrainOptions>(runTrain);
class Handlers {
 public:
  template <typename Options>
  void on(std::function<int(const Options&, const Context&)> run) {
    work_[std::type_index(typeid(Options))] = std::move(run);
  }
  template <typename Options>
  const std::function<int(const Options&, const Context&)>* find() const {
    const auto found = work_.find(std::type_index(typeid(Options)));
    return found == work_.end() ? nullptr
                                : std::any_cast<std::function<int(const Options&, const Context&)>>(&found->second);
  }
  bool empty() const { return work_.empty(); }

 private:
  std::unordered_map<std::type_index, std::any> work_;
};

// Returns the exit status; throws Error for everything that went wrong.
using Action = std::function<int(const Context&)>;

struct Verb {
  std::string name;          // "launch", "runs list": a blank makes a verb below another
  std::string group;         // heading in the help: one of kGroups
  std::string summary;       // one line
  std::string example;       // one command line without the program's name
  bool answersJson = false;  // has --json
  // Puts the options on the command and returns what runs once they are parsed.
  std::function<Action(CLI::App&)> declare;
};

inline constexpr const char* kGroups[] = {"Configs", "Runs", "Models", "Adapters", "Files", "Measure", "Shell"};

struct VerbWords {
  std::string name, group, summary, example;
  bool answersJson = false;
};

inline constexpr const char* kRankProgram = "counterpoint-rank";
inline constexpr const char* kMediaProgram = "counterpoint-media";

// Runs a program of libexec in place of this one, with the same arguments. Returns only by throwing: what is missing
// and the command that brings it.
[[noreturn]] void becomeProgram(const std::string& name, const Context& context);

// A verb that works in any program.
template <typename Options>
Verb plainVerb(VerbWords words, void (*addOptions)(CLI::App&, Options&), int (*run)(const Options&, const Context&)) {
  return {words.name, words.group, words.summary, words.example, words.answersJson, [=](CLI::App& command) -> Action {
            auto options = std::make_shared<Options>();
            addOptions(command, *options);
            return [options, run](const Context& context) { return run(*options, context); };
          }};
}

// A verb whose work stands in `program`. `check`, where given, runs first in either program.
template <typename Options>
Verb programVerb(const char* program, VerbWords words, void (*addOptions)(CLI::App&, Options&),
                 void (*check)(const Options&) = nullptr) {
  return {words.name, words.group, words.summary, words.example, words.answersJson, [=](CLI::App& command) -> Action {
            auto options = std::make_shared<Options>();
            addOptions(command, *options);
            return [options, check, program](const Context& context) {
              if (check) check(*options);
              const auto* work = context.handlers ? context.handlers->find<Options>() : nullptr;
              if (!work) becomeProgram(program, context);
              return (*work)(*options, context);
            };
          }};
}

template <typename Options>
Verb tensorVerb(VerbWords words, void (*addOptions)(CLI::App&, Options&), void (*check)(const Options&) = nullptr) {
  return programVerb(kRankProgram, std::move(words), addOptions, check);
}

// Every verb, in the order of the help (registry.cpp).
std::vector<Verb> allVerbs();

// main() of counterpoint-worker and counterpoint-rank: parses, runs, prints errors as one line, returns the exit
// status.
int runProgram(const std::string& program, int argc, const char* const* argv, const Handlers& handlers = {});

// The folder of counterpoint-rank: ../libexec beside this program's folder.
std::string rankProgram();

}  // namespace counterpoint
