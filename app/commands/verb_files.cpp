// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs that read or write clips: their options, words and examples. The work stands in app/media.
#include "app/commands/model_options.h"
#include "app/commands/verbs.h"

namespace counterpoint {
namespace {

void addSample(CLI::App& command, SampleVerbOptions& options) {
  command.add_option("folder", options.folder, "Folder to make; it must not exist or be empty")->required();
  command.add_option("--studies", options.studies, "Studies: 80 % to train, 8 % to validate, 12 % held out")
      ->capture_default_str();
  command.add_option("--seed", options.seed, "The same seed gives the same files")->capture_default_str();
  command.add_option("--threads", options.threads, "Threads that draw")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
}

void addNewWorkspace(CLI::App& command, NewWorkspaceOptions& options) {
  command.add_option("folder", options.folder, "Folder to make; it must not exist or be empty")->required();
  command.add_option("--from", options.from, "Your table of clips (CSV, TSV), or a folder of them; only read")
      ->required();
  command
      .add_option("--column", options.columns,
                  "What a column of yours is: file, study, split, report, view or r_wave; guessed without it")
      ->type_name("ROLE=NAME")
      ->take_all();
  command.add_flag("--deal", options.deal, "Deal the studies to train, val and test, whatever a column says");
  command.add_option("--shares", options.shares, "Of studies that are dealt: train,val,test")->capture_default_str();
  command.add_option("--seed", options.seed, "The same seed deals the same")->capture_default_str();
  command.add_option("--name", options.name, "Name of the workspace (default: the folder's)");
  command.add_flag("--dry-run", options.dryRun, "Say what would be made, and make nothing");
}

void addInspect(CLI::App& command, InspectOptions& options) {
  command
      .add_option("path", options.paths, "Clips, pictures, .npy and .safetensors files, checkpoints, folders of images")
      ->required();
}

}  // namespace

std::vector<Verb> fileVerbs() {
  return {
      programVerb<SampleVerbOptions>(
          kMediaProgram,
          {"sample", "Files", "Make a workspace of phantoms with known answers to try everything on",
           "sample ~/phantoms", true},
          addSample),
      programVerb<NewWorkspaceOptions>(
          kMediaProgram,
          {"workspace new", "Files", "Make a workspace of your own clips: table, splits, vocabulary, a first config",
           "workspace new ~/echo --from ~/clips/list.csv --column report=Impression", true},
          addNewWorkspace),
      programVerb<InspectOptions>(
          kMediaProgram,
          {"inspect", "Files", "Say what a clip, picture, array or checkpoint is, and whether it is damaged",
           "inspect clip.mp4", true},
          addInspect)};
}

}  // namespace counterpoint
