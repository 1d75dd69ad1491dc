// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/overrides/functions.h"

#include "core/base/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpoint {
namespace {

using Element = OverrideElement;

enum Type : unsigned {
  kNull = 1u << 0,
  kBool = 1u << 1,
  kInt = 1u << 2,
  kFloat = 1u << 3,
  kText = 1u << 4,
  kList = 1u << 5,
  kDict = 1u << 6,
  kChoice = 1u << 7,
  kRange = 1u << 8,
  kInterval = 1u << 9,
  kGlob = 1u << 10,
};
constexpr unsigned kNumber = kBool | kInt | kFloat;  // a bool is an int
constexpr unsigned kPlain = kNumber | kText | kList | kDict;
constexpr unsigned kSweep = kChoice | kRange | kInterval;

unsigned typeOf(const Element& value) {
  if (const auto* sweep = value.as<Element::Sweep>()) {
    constexpr unsigned sweeps[] = {kChoice, kRange, kInterval, kGlob};
    return sweeps[static_cast<std::size_t>((*sweep)->kind)];
  }
  return 1u << value.content.index();
}

struct Parameter {
  std::string_view name;
  unsigned types;
  std::string_view shownTypes;
  bool required = false, many = false;
};

// The arguments of a call, each at its parameter.
class Bound {
 public:
  explicit Bound(std::size_t size) : given_(size) {}

  std::vector<Element> many;
  void set(std::size_t at, Element value) { given_[at] = std::move(value); }
  const std::optional<Element>& operator[](std::size_t at) const { return given_[at]; }
  // Given, and not null.
  bool has(std::size_t at) const { return given_[at] && !given_[at]->isNull(); }

 private:
  std::vector<std::optional<Element>> given_;
};

struct Function {
  std::string_view name;
  std::vector<Parameter> parameters;
  Element (*call)(Bound&, Random&);
};

Element sweepOf(OverrideSweep sweep) { return {std::make_shared<const OverrideSweep>(std::move(sweep))}; }
const OverrideSweep& sweepIn(const Element& value) { return **value.as<Element::Sweep>(); }

ConfigScalar numberIn(const Element& value) { return value.node().scalar(); }

Element simpleChoice(std::vector<Element> choices) {
  for (const auto& choice : choices) {
    if (choice.as<Element::Sweep>()) throw PythonFault{"AssertionError", "", "A sweep stands alone."};
  }
  OverrideSweep sweep;
  sweep.simple = true;
  sweep.choices = std::move(choices);
  return sweepOf(std::move(sweep));
}

template <OverrideCast cast>
Element callCast(Bound& arguments, Random&) {
  if (!arguments.many.empty() && arguments.has(1)) {
    throw PythonFault{"TypeError", "cannot use both position and named arguments"};
  }
  if (arguments.has(1)) return castOverride(cast, *arguments[1]);
  if (arguments.many.empty()) throw PythonFault{"TypeError", "No positional args or value specified"};
  if (arguments.many.size() == 1) return castOverride(cast, arguments.many[0]);
  return castOverride(cast, simpleChoice(std::move(arguments.many)));
}

Element callChoice(Bound& arguments, Random&) {
  auto& choices = arguments.many;
  if (choices.empty()) throw PythonFault{"ValueError", "empty choice is not legal", "Write choice(a,b)."};
  OverrideSweep sweep;
  if (choices.size() == 1 && typeOf(choices[0]) == kChoice) {
    sweep = sweepIn(choices[0]);
    if (!sweep.simple) throw PythonFault{"ValueError", "nesting choices is not supported", "Write choice(a,b)."};
    sweep.simple = false;
  } else {
    sweep.choices = std::move(choices);
  }
  return sweepOf(std::move(sweep));
}

Element callRange(Bound& arguments, Random&) {
  OverrideSweep range;
  range.kind = OverrideSweep::Kind::Range;
  const bool both = arguments.has(1);
  range.start = both ? numberIn(*arguments[0]) : ConfigScalar(std::int64_t{0});
  range.stop = numberIn(*arguments[both ? 1 : 0]);
  range.step = arguments[2] ? numberIn(*arguments[2]) : ConfigScalar(std::int64_t{1});
  return sweepOf(std::move(range));
}

Element callInterval(Bound& arguments, Random&) {
  OverrideSweep interval;
  interval.kind = OverrideSweep::Kind::Interval;
  interval.start = castOverride(OverrideCast::Float, *arguments[0]).node().scalar();
  interval.stop = castOverride(OverrideCast::Float, *arguments[1]).node().scalar();
  return sweepOf(std::move(interval));
}

Element callTag(Bound& arguments, Random&) {
  auto& words = arguments.many;
  if (words.empty()) throw PythonFault{"ValueError", "Not enough arguments to tag, must take at least a sweep"};
  if (arguments.has(1)) words.push_back(*arguments[1]);
  if (!(typeOf(words.back()) & kSweep)) {
    throw PythonFault{"ValueError", "Last argument to tag() must be a choice(), range() or interval(), got NoneType"};
  }
  OverrideSweep sweep = sweepIn(words.back());
  sweep.tags.clear();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto* word = words[i].as<std::string>();
    if (!word) {
      throw PythonFault{"ValueError", "tag arguments type must be string, got " + pythonTypeOf(words[i])};
    }
    sweep.tags.insert(*word);
  }
  return sweepOf(std::move(sweep));
}

Element shuffled(const Element& value, Random& random) {
  if (typeOf(value) & (kChoice | kRange)) {
    OverrideSweep sweep = sweepIn(value);
    sweep.shuffle = true;
    return sweepOf(std::move(sweep));
  }
  if (const auto* list = value.as<Element::List>()) {
    Element::List drawn = *list;
    random.shuffle(drawn);
    return {std::move(drawn)};
  }
  return {Element::List{value}};
}

Element callShuffle(Bound& arguments, Random& random) {
  if (arguments.has(2)) return shuffled(*arguments[2], random);
  if (arguments.has(1)) return shuffled(*arguments[1], random);
  if (arguments.many.size() == 1) return shuffled(arguments.many[0], random);
  return shuffled(simpleChoice(std::move(arguments.many)), random);
}

Element sortedValue(const Element& value, bool reverse) {
  if (typeOf(value) & (kChoice | kRange)) {
    OverrideSweep sweep = sweepIn(value);
    if (sweep.kind == OverrideSweep::Kind::Range) return sweepOf(sortedRange(std::move(sweep), reverse));
    sweep.choices = sortedOverrides(sweep.choices, reverse);
    return sweepOf(std::move(sweep));
  }
  if (const auto* list = value.as<Element::List>()) return {sortedOverrides(*list, reverse)};
  return value;
}

Element callSort(Bound& arguments, Random&) {
  const bool reverse = arguments[3] && *arguments[3]->as<bool>();
  if (arguments.has(2)) return sortedValue(*arguments[2], reverse);
  if (arguments.has(1)) return sortedValue(*arguments[1], reverse);
  auto& values = arguments.many;
  if (values.size() == 1) return sortedValue(values[0], reverse);
  for (const auto& value : values) {
    if (!(typeOf(value) & (kNumber | kText))) {
      throw PythonFault{"TypeError", "Invalid arguments: sort takes a list, a sweep, or words and numbers"};
    }
  }
  if (values.empty()) throw PythonFault{"ValueError", "empty sort input", "Write sort(a,b)."};
  return sortedValue(simpleChoice(std::move(values)), reverse);
}

Element callGlob(Bound& arguments, Random&) {
  const auto patterns = [](const Element& value) {
    const auto* list = value.as<Element::List>();
    return list ? *list : Element::List{value};
  };
  OverrideSweep glob;
  glob.kind = OverrideSweep::Kind::Glob;
  glob.include = patterns(*arguments[0]);
  if (arguments.has(1)) glob.exclude = patterns(*arguments[1]);
  return sweepOf(std::move(glob));
}

constexpr std::string_view kCastTypes =
    "Union[str, int, float, bool, List[Any], Dict[str, Any], QuotedString, NoneType, Sweep]";
constexpr std::string_view kSortTypes = "Union[str, int, bool, float, list, dict, ChoiceSweep, RangeSweep]";
constexpr std::string_view kNumberTypes = "Union[int, float]";

// By name.
const std::vector<Function>& functions() {
  const auto castOf = [](std::string_view name, auto call) {
    const unsigned types = kNull | kPlain | kSweep;
    return Function{name, {{"args", types, kCastTypes, false, true}, {"value", types, kCastTypes}}, call};
  };
  const Parameter sweepOrNone{"sweep", kNull | kChoice | kRange, "Union[ChoiceSweep, RangeSweep, NoneType]"};
  const Parameter listOrNone{"list", kNull | kList, "Optional[List[Any]]"};
  const Parameter sortable{"args", kPlain | kChoice | kRange, kSortTypes, false, true};
  static const std::vector<Function> known = {
      castOf("bool", callCast<OverrideCast::Bool>),
      {"choice",
       {{"args", kPlain | kChoice, "Union[str, int, float, bool, Dict[Any, Any], List[Any], ChoiceSweep]", false,
         true}},
       callChoice},
      castOf("float", callCast<OverrideCast::Float>),
      {"glob",
       {{"include", kText | kList, "Union[List[str], str]", true},
        {"exclude", kText | kList | kNull, "Union[List[str], str, NoneType]"}},
       callGlob},
      castOf("int", callCast<OverrideCast::Int>),
      {"interval", {{"start", kNumber, kNumberTypes, true}, {"end", kNumber, kNumberTypes, true}}, callInterval},
      {"range",
       {{"start", kNumber, kNumberTypes, true},
        {"stop", kNumber | kNull, "Union[int, float, NoneType]"},
        {"step", kNumber, kNumberTypes}},
       callRange},
      {"shuffle", {sortable, sweepOrNone, listOrNone}, callShuffle},
      {"sort", {sortable, sweepOrNone, listOrNone, {"reverse", kBool, "bool"}}, callSort},
      castOf("str", callCast<OverrideCast::Text>),
      {"tag",
       {{"args", kText | kSweep, "Union[str, Sweep]", false, true}, {"sweep", kSweep | kNull, "Optional[Sweep]"}},
       callTag},
  };
  return known;
}

void checkType(const Parameter& parameter, const std::string& place, const Element& value) {
  if (parameter.types & typeOf(value)) return;
  throw PythonFault{"TypeError", fmt::format("mismatch type argument {}: {} is incompatible with {}", place,
                                             pythonTypeOf(value), parameter.shownTypes)};
}

// As inspect.Signature.bind does, in its order.
Bound bind(const Function& function, OverrideCall& call) {
  const auto& parameters = function.parameters;
  const auto fail = [](std::string what) { throw PythonFault{"TypeError", std::move(what)}; };
  const auto named = [&](std::string_view name) {
    // Of two arguments of one name the later one counts.
    const auto found = std::find_if(call.named.rbegin(), call.named.rend(),
                                    [&](const auto& argument) { return argument.first == name; });
    return found == call.named.rend() ? nullptr : &found->second;
  };
  Bound bound(parameters.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < call.positional.size(); ++i, ++at) {
    if (at == parameters.size()) fail("too many positional arguments");
    if (parameters[at].many) {
      bound.many.assign(call.positional.begin() + static_cast<std::ptrdiff_t>(i), call.positional.end());
      ++at;
      break;
    }
    if (named(parameters[at].name)) fail(fmt::format("multiple values for argument '{}'", parameters[at].name));
    bound.set(at, call.positional[i]);
  }
  for (; at < parameters.size(); ++at) {
    if (parameters[at].many) continue;
    const auto* value = named(parameters[at].name);
    if (value) bound.set(at, *value);
    if (!value && parameters[at].required) fail(fmt::format("missing a required argument: '{}'", parameters[at].name));
  }
  for (const auto& [name, value] : call.named) {
    const bool known = std::any_of(parameters.begin(), parameters.end(), [&, &word = name](const auto& parameter) {
      return parameter.name == word && !parameter.many;
    });
    if (!known) fail(fmt::format("got an unexpected keyword argument '{}'", name));
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (std::size_t k = 0; parameters[i].many && k < bound.many.size(); ++k) {
      checkType(parameters[i], fmt::format("args[{}]", k), bound.many[k]);
    }
    if (bound[i]) checkType(parameters[i], std::string(parameters[i].name), *bound[i]);
  }
  return bound;
}

}  // namespace

OverrideElement callOverrideFunction(OverrideCall call, Random& random) {
  const auto& known = functions();
  const auto function =
      std::find_if(known.begin(), known.end(), [&](const Function& candidate) { return candidate.name == call.name; });
  if (function == known.end()) {
    std::vector<std::string> names;
    for (const auto& candidate : known) names.emplace_back(candidate.name);
    throw PythonFault{"HydraException", fmt::format("Unknown function '{}'", call.name),
                      fmt::format("Available: {}. For the text itself write {}\\(…\\).", join(names, ","), call.name)};
  }
  for (auto& value : call.positional) value.quote = Element::Quote::None;
  for (auto& [name, value] : call.named) value.quote = Element::Quote::None;
  Bound bound = bind(*function, call);
  return function->call(bound, random);
}

}  // namespace counterpoint
