// SPDX-License-Identifier: GPL-3.0-or-later
// completion: a script for the shell. It asks the hidden verb complete, which answers from the verb table, the configs
// in reach and the schemas.
#include "app/commands/verb_tree.h"
#include "app/commands/verbs.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/config/complete.h"
#include "core/config/config.h"
#include "core/config/lookup.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

namespace counterpoint {
namespace {

// The line is split at blanks alone: bash cuts its own words at "=" and ":" too, and wants only the last piece back.
constexpr const char* kBash = R"script(_counterpoint_worker() {
  local line=${COMP_LINE:0:COMP_POINT} words candidate current
  read -r -a words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=${words[${#words[@]} - 1]}
  local prefix=${current%"${current##*[=:]}"}
  [[ $COMP_WORDBREAKS == *=* ]] || prefix=
  COMPREPLY=()
  while IFS= read -r candidate; do
    COMPREPLY+=("${candidate#"$prefix"}")
  done < <("$1" complete -- "${words[@]:1}" 2>/dev/null)
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _counterpoint_worker counterpoint-worker
)script";

constexpr const char* kZsh = R"script(#compdef counterpoint-worker
_counterpoint_worker() {
  local -a candidates unfinished finished
  candidates=(${(f)"$(${words[1]} complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( ${#candidates} == 0 )); then
    _files
    return
  fi
  unfinished=(${(M)candidates:#*=})
  finished=(${candidates:#*=})
  (( ${#unfinished} )) && compadd -Q -S '' -- $unfinished
  (( ${#finished} )) && compadd -Q -- $finished
  return 0
}
if [ "$funcstack[1]" = "_counterpoint_worker" ]; then
  _counterpoint_worker "$@"
elif (( $+functions[compdef] )); then
  compdef _counterpoint_worker counterpoint-worker
fi
)script";

constexpr const char* kFish = R"script(function __counterpoint_worker_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c counterpoint-worker -f -a '(__counterpoint_worker_complete)'
complete -c counterpoint-worker -n 'not count (__counterpoint_worker_complete) >/dev/null' -F
)script";

struct Shell {
  std::string name;
  const char* script;
};

const std::vector<Shell>& shells() {
  static const std::vector<Shell> known = {{"bash", kBash}, {"zsh", kZsh}, {"fish", kFish}};
  return known;
}

struct ScriptOptions {
  std::string shell;
};

int runScript(const ScriptOptions& options, const Context&) {
  for (const auto& shell : shells()) {
    if (shell.name == options.shell) std::cout << shell.script;
  }
  return 0;
}

struct CompleteOptions {
  std::vector<std::string> words;
};

class Completer {
 public:
  explicit Completer(std::vector<std::string> words) : words_(std::move(words)) {
    if (words_.empty()) words_.emplace_back();
    current_ = words_.back();
    words_.pop_back();
    for (const auto& verb : allVerbs()) {
      CLI::App* command = commandFor(root_, verb);
      actions_.push_back(verb.declare(*command));  // keeps what the options point to
      if (verb.answersJson) command->add_flag("--json", ignored_);
      command->add_flag("--verbose", ignored_);
    }
  }

  std::vector<std::string> run() {
    place_ = &root_;
    const CLI::Option* open = nullptr;  // waits for its value
    bool plain = false;                 // behind "--"
    for (const auto& word : words_) {
      if (open) {
        if (open->check_name("--config-dir")) directory_ = word;
        open = nullptr;
      } else if (!plain && word == "--") {
        plain = true;
      } else if (!plain && word.starts_with("-")) {
        const auto* option = place_->get_option_no_throw(word.substr(0, word.find('=')));
        if (option && option->get_items_expected_max() > 0 && word.find('=') == word.npos) open = option;
      } else if (CLI::App* next = below(*place_, word)) {
        place_ = next;
      } else {
        positional_.push_back(word);
      }
    }
    if (open) return {};  // a value of any kind: the shell offers files
    if (!plain && current_.starts_with("-")) return options();
    auto verbs = verbsBelow();
    return verbs.empty() ? values() : verbs;
  }

 private:
  void offer(const std::string& candidate) {
    if (candidate.starts_with(current_)) found_.insert(candidate);
  }
  std::vector<std::string> found() const { return {found_.begin(), found_.end()}; }

  std::vector<std::string> verbsBelow() {
    for (const auto* command : place_->get_subcommands([](const CLI::App*) { return true; })) {
      if (!command->get_group().empty()) offer(command->get_name());
    }
    return found();
  }

  std::vector<std::string> options() {
    for (const auto* option : place_->get_options()) {
      for (const auto& name : option->get_lnames()) offer("--" + name);
    }
    return found();
  }

  // The positional argument that stands here is known by its name in the table.
  std::vector<std::string> values() {
    std::vector<std::string> names;
    for (const auto* option : place_->get_options()) {
      if (option->get_positional()) names.push_back(option->get_name(true));
    }
    if (names.empty()) return {};
    const std::string name = names[std::min(positional_.size(), names.size() - 1)];
    roots_ = configRoots(Workspace::find(std::filesystem::current_path()), directory_);
    if (name == "config" || name == "configs") {
      for (const auto& root : roots_)
        for (const auto& config : configNames(root)) offer(config);
      if (name == "configs") overridesOfLast();
    } else if (name == "overrides" && names.front() == "config" && !positional_.empty()) {
      overrides(positional_.front());
    } else if (name == "recipe") {
      for (const auto& schema : allSchemas()) offer(schema.recipe());
    } else if (name == "shell") {
      for (const auto& shell : shells()) offer(shell.name);
    }
    return found();
  }

  // Several configs, each with its overrides behind it.
  void overridesOfLast() {
    const auto last = std::find_if(positional_.rbegin(), positional_.rend(), [](const std::string& word) {
      return word.find('=') == word.npos && word[0] != '~';
    });
    if (last == positional_.rend()) return;
    try {
      overrides(*last);
    } catch (const Error&) {
      // a run, or a config half typed: another config can follow all the same
    }
  }

  void overrides(const std::string& config) {
    const auto file = findConfig(config, roots_);
    const Completions all = completeOverride(current_, {composeFile(file).schema, roots_});
    for (const auto& candidate : all.candidates) offer(current_.substr(0, all.from) + candidate.text);
  }

  CLI::App root_;
  CLI::App* place_ = nullptr;
  bool ignored_ = false;
  std::vector<Action> actions_;
  std::vector<std::string> words_, positional_;
  std::string current_, directory_;
  std::vector<std::filesystem::path> roots_;
  std::set<std::string> found_;
};

// Silent about what is wrong: the line is still being written.
int runComplete(const CompleteOptions& options, const Context&) {
  try {
    for (const auto& candidate : Completer(options.words).run()) std::cout << candidate << "\n";
  } catch (const Error&) {
    return static_cast<int>(ErrorKind::Usage);
  }
  return 0;
}

}  // namespace

std::vector<Verb> completionVerbs() {
  const auto addScript = [](CLI::App& command, ScriptOptions& options) {
    std::vector<std::string> names;
    for (const auto& shell : shells()) names.push_back(shell.name);
    command.add_option("shell", options.shell, "bash, zsh or fish")->required()->check(CLI::IsMember(names));
  };
  const auto addWords = [](CLI::App& command, CompleteOptions& options) {
    command.add_option("words", options.words, "The command line so far; the last word is the one to complete");
  };
  return {
      plainVerb<ScriptOptions>(
          {"completion", "Shell", "the script that completes verbs, options, configs and keys",
           "completion bash > ~/.local/share/bash-completion/completions/counterpoint-worker", false},
          addScript, runScript),
      plainVerb<CompleteOptions>({"complete", "", "candidates for the last word", "complete -- config sh", false},
                                 addWords, runComplete),
  };
}

}  // namespace counterpoint
