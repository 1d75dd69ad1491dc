// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensorio/module_weights.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/base/error.h"
#include "core/base/words.h"
#include "core/formats/dtype.h"

namespace counterpoint {
namespace {

void collect(const torch::nn::Module& module, const std::string& prefix, NamedTensors& state) {
  for (const auto& parameter : module.named_parameters(false)) {
    state.emplace_back(prefix + parameter.key(), parameter.value());
  }
  for (const auto& buffer : module.named_buffers(false)) state.emplace_back(prefix + buffer.key(), buffer.value());
  for (const auto& child : module.named_children()) collect(*child.value(), prefix + child.key() + ".", state);
}

bool beginsWithAny(const std::string& name, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& p) { return name.starts_with(p); });
}

// The first few of a list, and how many more there are.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 20;
  std::vector<std::string> shown(names.begin(),
                                 names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kShown)));
  if (names.size() > kShown) shown.push_back("and " + std::to_string(names.size() - kShown) + " more");
  return join(shown, ", ");
}

}  // namespace

NamedTensors stateOf(const torch::nn::Module& module, const std::string& prefix) {
  NamedTensors state;
  collect(module, prefix, state);
  return state;
}

LoadReport loadState(torch::nn::Module& module, const NamedTensors& state, const std::string& where,
                     const LoadOptions& options) {
  const NamedTensors own = stateOf(module);
  std::unordered_map<std::string, at::Tensor> given;
  std::vector<std::string> givenNames;
  for (const auto& [name, tensor] : state) {
    if (!name.starts_with(options.prefix)) continue;
    const std::string key = name.substr(options.prefix.size());
    if (beginsWithAny(key, options.ignored)) continue;
    given.emplace(key, tensor);
    givenNames.push_back(key);
  }
  LoadReport report;
  std::vector<std::string> misshapen, ownNames;
  std::vector<std::pair<at::Tensor, at::Tensor>> copies;
  for (const auto& [name, tensor] : own) {
    ownNames.push_back(name);
    const auto found = given.find(name);
    if (found == given.end()) {
      if (!beginsWithAny(name, options.ignored)) report.missing.push_back(name);
    } else if (found->second.sizes() != tensor.sizes()) {
      misshapen.push_back(name + " is " + shapeInWords(found->second.sizes()) + ", the model's is " +
                          shapeInWords(tensor.sizes()));
      given.erase(found);
    } else {
      report.loaded.push_back(name);
      copies.emplace_back(tensor, found->second);
      given.erase(found);
    }
  }
  for (const std::string& name : givenNames) {
    if (given.contains(name)) report.unexpected.push_back(name);
  }
  if (!misshapen.empty() || (options.strict && !(report.missing.empty() && report.unexpected.empty()))) {
    // Only what is left over on the other side can be what a name was meant to be.
    const auto withNearest = [](const std::vector<std::string>& names, const std::vector<std::string>& others) {
      std::vector<std::string> words;
      constexpr std::size_t kCompared = 40;  // editDistance over all pairs of a wholly different file would take long
      for (const std::string& name : names) {
        const std::string near = words.size() < kCompared ? nearestWord(name, others) : std::string();
        words.push_back(near.empty() ? name : name + " (there is " + near + ")");
      }
      return listed(words);
    };
    std::vector<std::string> groups;
    if (options.strict && !report.missing.empty()) {
      groups.push_back(std::to_string(report.missing.size()) +
                       " missing: " + withNearest(report.missing, report.unexpected));
    }
    if (options.strict && !report.unexpected.empty()) {
      groups.push_back(std::to_string(report.unexpected.size()) +
                       " unexpected: " + withNearest(report.unexpected, report.missing));
    }
    if (!misshapen.empty())
      groups.push_back(std::to_string(misshapen.size()) + " of another shape: " + listed(misshapen));
    throw dataError("the weights do not fit the model: " + join(groups, "; "), where,
                    "Take the config that the weights were trained with, or weights of this model");
  }
  const c10::NoGradGuard noGrad;
  for (auto& [target, source] : copies) target.copy_(source);
  return report;
}

LoadReport loadModule(torch::nn::Module& module, const std::filesystem::path& path, const LoadOptions& options) {
  return loadState(module, readTensors(path), path.string(), options);
}

void saveModule(const torch::nn::Module& module, const std::filesystem::path& path, const std::string& prefix,
                const std::map<std::string, std::string>& metadata) {
  writeTensors(path, stateOf(module, prefix), metadata);
}

}  // namespace counterpoint
