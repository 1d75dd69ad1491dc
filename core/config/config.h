// SPDX-License-Identifier: GPL-3.0-or-later
// A config: a YAML file with dotted overrides on top, checked against its recipe's schema, every key filled in.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/config/schema.h"
#include "core/config/yaml_reader.h"

namespace counterpoint {

struct Composed;

struct ConfigProblem {
  std::string key;        // "optimizer.lr", or empty when the text as a whole is wrong
  TextPosition position;  // in the file; line 0 for an override
  std::string source;     // name of the file, or the override itself
  std::string what, cure;
  bool unknownKey = false;  // kept in the text, not in the values

  std::string where() const;  // "echo.yaml, line 4", "override optimizer.lr=x"
};

// What is worth knowing about a config and no problem: an old name that was read as ours, a key that overruled another.
struct ConfigNote {
  std::string key;  // ours; empty where no key is meant
  TextPosition position;
  std::string source;
  std::string text;  // "batch is read as train.batch_size"

  std::string where() const;
};

struct ValueOrigin {
  enum class Kind { Default, File, Override };
  Kind kind = Kind::Default;
  TextPosition position;
  std::string source;  // the file, or "override KEY=VALUE"; empty for a default
};

// Everything that could be made of a text, for the editor and for check.
struct Composition {
  const Schema* schema = nullptr;              // null when no recipe could be found
  Json values = Json::object();                // complete: wrong or missing keys have their default
  std::map<std::string, ValueOrigin> origins;  // by key path of the schema
  std::vector<ConfigProblem> problems;
  std::vector<ConfigNote> notes;
  std::shared_ptr<const Composed> composed{};  // of a file with a defaults list that could be composed, else null
};

// Never throws for what stands in text or overrides. `source` is the name shown in problems. The text is read as
// OmegaConf reads it, interpolations resolved; overrides follow Hydra's grammar ("a.b=1", "++a.b=[1,2]", "~a.b", which
// gives a key its default back). A number for a text key is taken as it was typed. Old names of keys (Schema) are read
// as the key and noted; a key under two names is a problem, but an override counts above the file under either. A text
// with pipeline_project at its root is read as DeepCORO reads it: of a key given twice the last one counts, and is
// noted.
Composition composeText(std::string_view text, const std::string& source,
                        const std::vector<std::string>& overrides = {});
// The same for a file, whose defaults list is composed first as Hydra composes it, groups in the file's folder.
// `editedText` stands for what the file holds. Throws Error{Data} for a file that cannot be read.
Composition composeFile(const std::filesystem::path& file, const std::vector<std::string>& overrides = {},
                        const std::optional<std::string>& editedText = {});

class Config {
 public:
  // Throw Error{Usage} for the first problem, Error{Data} when the file is missing.
  static Config fromFile(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});
  static Config fromText(std::string_view text, const std::string& source,
                         const std::vector<std::string>& overrides = {});

  const Schema& schema() const { return *composition_.schema; }
  const std::string& recipe() const { return schema().recipe(); }
  // Nested objects, complete, in the order of the schema.
  const Json& values() const { return composition_.values; }
  // Complete and resolved; reading it gives the same values.
  std::string yaml() const;

  // A key outside the schema or of another type is Error{Bug}. Map entries by their path
  // ("launch.env.OMP_NUM_THREADS").
  const Json& at(std::string_view path) const;
  template <typename Value>
  Value get(std::string_view path) const {
    try {
      return at(path).get<Value>();
    } catch (const Json::exception&) {
      throw Error(ErrorKind::Bug, "read as another type", std::string(path));
    }
  }
  bool isNull(std::string_view path) const { return at(path).is_null(); }
  ValueOrigin originOf(const std::string& path) const;
  // How Hydra composed it, all overrides included; null without a defaults list.
  const Composed* composed() const { return composition_.composed.get(); }

 private:
  static Config checked(Composition composition);
  explicit Config(Composition composition) : composition_(std::move(composition)) {}
  Composition composition_;
};

// Nested objects as block YAML, one key a line; lists in flow style.
std::string yamlOf(const Json& values);

// The Error{Usage} that Config throws for a problem.
Error errorOf(const ConfigProblem& problem);

}  // namespace counterpoint
