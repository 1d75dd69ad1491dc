# SPDX-License-Identifier: GPL-3.0-or-later
# What Hydra 1.3.2 makes of generated overrides and sweeps. Writes overrides.json and sweeps.json beside this script:
# python overrides.py; another seed (and more cases) into a folder: python overrides.py SEED FOLDER COUNT
import collections, json, pathlib, random, sys, warnings

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.grammar import grammar_functions
from hydra.core.override_parser import overrides_visitor, types
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException

warnings.simplefilter("ignore")
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 11
FOLDER = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(__file__).parent
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 0
rng = random.Random(SEED)
# Orders that are drawn are compared as sets: Hydra's are left as they stand.
types.shuffle = lambda values: None
grammar_functions.random.shuffle = lambda values: None


# A whole number has 64 bits here: more is refused where it stands.
def whole(text):
    if not -(2**63) <= int(text) < 2**63:
        raise HydraException("64 bits")
    return int(text)


overrides_visitor.int = whole
PARSER = OverridesParser.create()
OPTIONS = sorted("adam adamw sgd lars lamb lion adafactor rmsprop r1 r2 r10 x.y B c-d c_d été".split())

ESCAPES = ["\\\\", "\\(", "\\)", "\\[", "\\]", "\\{", "\\}", "\\:", "\\=", "\\,", "\\ ", "\\\t"]
FUNCTIONS = "int float str bool choice range interval glob sort shuffle tag".split()
NUMBERS = "0 1 -1 +7 10 007 1_000 1_000_ 0.5 .5 -.5 1. 1e3 1e-05 2.5e+10 1_0.5 inf -inf nan 3.3 1e16 123456789012 0.1 -0.0 1e999 9223372036854775807 9223372036854775808".split()
WORDS = "a b abc a-b a_b true False TRUE null NULL Null yes on off none _x x1 inf1 nano truely nullx 1a a1 a.b a/b c:\\x a@b 50% a*b a|b a?b $x x$ ... -- +a -b - + * a..b é".split()
CHOSEN = ["'", '"', "\\", "[", "]", "{", "}", "(", ")", ",", ":", "=", " ", "\t", "#", "~", "!", "é", "$", "${", "a", "1", ".", "-", "_", "/", "@", "%", "\n", ";", "<", "&", "^", "+", "e", "0"]


def pick(*choices):
    return rng.choice(choices)


def quoted():
    quote = pick("'", '"')
    parts = ["a", "b c", ",", "[", "}", ":", "=", "\\", "\\\\", "\\" + quote, "\\\\\\" + quote, "'" if quote == '"' else '"', "${x}", "\\${x}", "10", "1.5", "true", "null", "é", "\t", " ", "#"]
    return quote + "".join(pick(*parts) for _ in range(rng.randint(0, 4))) + quote


def interpolation():
    return pick("${a}", "${a.b}", "${.x}", "${oc.env:USER,me}", "${a:{b}", "${ x }", "${é}", "x${a}", "${a}${b}", "${a}y")


def primitive():
    kind = rng.random()
    if kind < 0.3:
        return pick(*NUMBERS)
    if kind < 0.5:
        return pick(*WORDS)
    if kind < 0.65:
        return quoted()
    if kind < 0.72:
        return interpolation()
    if kind < 0.84:
        return "".join(pick("a", "1", *ESCAPES) for _ in range(4))
    parts = ESCAPES * 2 + ["a", "b", "1", " ", "-", "\\", "\t", ":", "true", ".5", "${x}"]
    return "".join(pick(*parts) for _ in range(rng.randint(1, 5)))


def key_of_dict():
    return pick(pick(*NUMBERS), pick(*WORDS), "white space", "a", "b", "null", pick(*ESCAPES) + "k", "k " + pick(*ESCAPES))


def blank():
    return pick("", "", "", "", " ", "\t", "  ")


def joined(items):
    return (blank() + "," + blank()).join(items)


def call(name, depth):
    simple = lambda: [element(0) for _ in range(rng.randint(1, 3))]
    number = lambda: pick("0", "1", "2", "5", "-3", "10", "0.5", "2.5", "-1.5", "1e1", "3.3", "true", "7")
    any_sweep = lambda: call(pick("choice", "choice", "range", "interval", "shuffle", "sort", "tag", "glob"), depth - 1) if depth > 0 else "choice(a,b)"
    if name in ("int", "float", "str", "bool"):
        text = pick(joined([pick(*NUMBERS, "true", "'1'", "'true'", "false", "' 7 '", "1e3") for _ in range(rng.randint(1, 3))]), joined(simple()), any_sweep(), "[" + joined([pick(*NUMBERS, "[1,'2']") for _ in range(3)]) + "]", "{a:1,b:" + number() + "}", "value=" + number(), element(depth - 1))
    elif name == "choice":
        text = pick(joined(simple()), joined(simple()), joined([element(depth - 1) for _ in range(rng.randint(1, 3))]), any_sweep(), "")
    elif name == "range":
        text = pick(number(), joined([number(), number()]), joined([number(), number(), number()]), "start=1,stop=5", "0,10,step=" + number(), "stop=3", "1,stop=" + number(), joined([pick(*NUMBERS), pick(*NUMBERS)]), "0,x")
    elif name == "interval":
        text = pick(joined([number(), number()]), "start=0,end=1", "0,end=" + number(), number(), joined([element(0), number()]))
    elif name == "glob":
        text = pick("*", "a*", "[a*,b*]", "[a*],exclude=b*", "*,exclude=[a*,r*]", "'[ab]*'", "include=*,exclude='*d*'", "?1", "*,*d", "['a*']", "[1]", element(0))
    elif name == "sort":
        text = pick(joined([number() for _ in range(rng.randint(1, 5))]), joined([pick("a", "c", "b", "B", "é1", "aa", "'z'", "10") for _ in range(3)]), "[" + joined([number() for _ in range(3)]) + "]", any_sweep(), any_sweep() + ",reverse=true", "[3,1,2],reverse=" + pick("true", "false", "1"), "list=[2,1]", "sweep=" + any_sweep(), joined(simple()), "[[2,1],[1,5],[1]]", "")
    elif name == "shuffle":
        text = pick(joined(simple()), "[" + joined(simple()) + "]", any_sweep(), "list=[1,2,3]", "sweep=" + any_sweep(), "a")
    elif name == "tag":
        text = pick("t1," + any_sweep(), "t1,t2," + any_sweep(), any_sweep(), "'t 1'," + any_sweep(), "t,sweep=" + any_sweep(), "t", "1," + any_sweep(), "")
    else:
        text = joined(simple())
    return name + pick("", "", "", " ") + "(" + pick("", "", " ") + text + pick("", "", " ") + ")"


def element(depth):
    kind = rng.random()
    if depth <= 0 or kind < 0.35:
        return primitive()
    if kind < 0.5:
        return "[" + blank() + joined([element(depth - 1) for _ in range(rng.randint(0, 4))]) + blank() + "]"
    if kind < 0.65:
        items = [key_of_dict() + blank() + ":" + blank() + element(depth - 1) for _ in range(rng.randint(0, 3))]
        return "{" + blank() + joined(items) + blank() + "}"
    return call(pick(*FUNCTIONS) if rng.random() < 0.96 else pick("foo", "Int", "choices"), depth)


def key():
    word = lambda: pick("a", "b", "abc", "ab-c", "a_b", "_x", "$foo", "x$z", "bar$", "A1", "choice", "true", "null", "inf")
    name = pick(word(), word(), word() + "." + word(), "list.0", "0.a", "a.0.10.b", word() + "/" + word(), "a/b/c", "hydra.run.dir", "hydra/launcher", "a.01", "", "a b", "a..b", ".a", "a.", "10", "a[0]", "a:b", "é") if rng.random() < 0.3 else pick("x", "a.b", "db", "model.lr", "g/sub")
    package = pick("@pkg", "@", "@a.b", "@$x", "@_global_", "@a/b", "@a@b", "@:c") if rng.random() < 0.15 else ""
    return name + package


def override():
    sign = pick("+", "++", "~", "+++", "~+", "-") if rng.random() < 0.2 else ""
    text = sign + key()
    if sign == "~" and rng.random() < 0.5:
        return text
    kind = rng.random()
    if kind < 0.75:
        value = element(3)
    elif kind < 0.95:
        value = joined([element(2) for _ in range(rng.randint(2, 4))])
    else:
        value = pick("", " ", "\t")
    text += "=" + pick("", "", "", "", " ") + value + pick("", "", "", "", "", " ")
    if rng.random() < 0.25:
        for _ in range(rng.randint(1, 2)):
            at = rng.randint(0, len(text))
            text = text[:at] + pick(pick(*CHOSEN), "") + text[at + rng.randint(0, 1) :]
    return text


def typed(value):
    if isinstance(value, types.QuotedString):
        return ["'" if value.quote == types.Quote.single else '"', value.text]
    if isinstance(value, types.ChoiceSweep):
        return ["choice", value.simple_form, value.shuffle, sorted(value.tags), [typed(item) for item in value.list]]
    if isinstance(value, types.RangeSweep):
        return ["range", typed(value.start), typed(value.stop), typed(value.step), value.shuffle, sorted(value.tags)]
    if isinstance(value, types.IntervalSweep):
        return ["interval", typed(value.start), typed(value.end), sorted(value.tags)]
    if isinstance(value, types.Glob):
        return ["glob", [typed(item) for item in value.include], [typed(item) for item in value.exclude]]
    if value is None:
        return ["null"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise OverflowError("beyond 64 bits")
        return ["int", value]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, str):
        return ["str", value]
    if isinstance(value, list):
        return ["list", [typed(item) for item in value]]
    return ["dict", [[typed(name), typed(item)] for name, item in value.items()]]


def answer(text):
    row = {"text": text}
    try:
        parsed = PARSER.parse_override(text)
    except Exception as error:
        return row | {"error": str(error).split("\n")[0]}
    try:
        value = None if parsed.value_type is None else typed(parsed._value)
    except OverflowError:
        return row | {"error": "64 bits"}
    row |= {"kind": parsed.type.name, "key": parsed.key_or_group, "package": parsed.package, "value": value, "sweep": parsed.is_sweep_override()}
    try:
        row |= {"written": parsed.get_value_element_as_str(), "spaced": parsed.get_value_element_as_str(space_after_sep=True)}
    except Exception:
        row["unwritable"] = True
    return row


class Groups:
    def get_group_options(self, group, results_filter=None):
        return OPTIONS if group in ("db", "g/sub") else []


def sweep_override():
    number = lambda: pick("0", "1", "2", "3", "-2", "0.5", "2.5", "-1.5", "0.1", "5", "3.3", "1e1")
    step = lambda: pick("1", "2", "-1", "0.5", "0.1", "3.3", "-0.25", "1.0")
    value = pick(
        lambda: element(1),
        lambda: joined([element(1) for _ in range(rng.randint(2, 4))]),
        lambda: joined([pick(*NUMBERS[:18]) for _ in range(rng.randint(2, 3))]),
        lambda: joined([primitive() for _ in range(2)]),
        lambda: f"range({number()},{number()},{step()})",
        lambda: f"range({number()})",
        lambda: f"{pick('float', 'int', 'sort', 'shuffle')}(range({number()},{number()},{step()}))",
        lambda: f"sort(range({number()},{number()},{step()}),reverse={pick('true', 'false')})",
        lambda: call(pick("choice", "sort", "shuffle", "tag", "str", "int", "float", "bool"), 1),
        lambda: call("glob", 1),
        lambda: "interval(0,1)" if rng.random() < 0.3 else "1,2",
    )()
    name = pick("a", "b", "db", "g/sub", "x.y", "+n", "++m.k", "~d", "a@p", "db", "hydra.job.name") if rng.random() < 0.9 else "a"
    return name + "=" + value if rng.random() < 0.97 else "~gone"


def sweep():
    row = {
        "params": [[pick("a", "b", "db", "+n", "x.y"), pick("1", "1,2", "choice(a,b)", "range(3)", "'q',r", "glob(a*)")] for _ in range(pick(0, 0, 0, 1, 2))],
        "overrides": [sweep_override() for _ in range(rng.randint(1, 4))],
        "batch": pick(None, None, 1, 2, 3, 7),
    }
    row["params"] = [list(pair) for pair in dict(row["params"]).items()]
    texts = ["=".join(pair) for pair in row["params"]] + [text for text in row["overrides"]]
    try:
        overrides = PARSER.parse_overrides(texts)
        overrides = [each for each in overrides if not each.is_hydra_override() or each.is_sweep_override()]
        if any(each.is_hydra_override() for each in overrides):
            return row | {"error": "Sweeping over Hydra's configuration is not supported"}
        for each in overrides:
            each.config_loader = Groups()
        batches = BasicSweeper.split_arguments(overrides, row["batch"])
    except Exception as error:
        text = str(error).split("\n")[0]
        return row | {"error": "BasicSweeper does not support sweep type : INTERVAL_SWEEP" if "INTERVAL" in text else ""}
    return row | {"batches": [len(batch) for batch in batches if batch], "jobs": [job for batch in batches for job in batch]}


def write(name, rows):
    (FOLDER / name).write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")


def kept_overrides(count):
    rows, uses, refused = {}, collections.Counter(), 0
    wanted = ESCAPES + [name + "(" for name in FUNCTIONS]
    while len(rows) < count or min(uses[part] for part in wanted) < 20 or refused * 4 < len(rows):
        text = override()
        if text in rows or len(text) > 400:
            continue
        row = answer(text)
        if "error" in row and not COUNT and refused > 0.35 * (len(rows) + 1):
            continue
        refused += "error" in row
        if "error" not in row:
            uses.update(part for part in wanted if part in text)
        rows[text] = row
    return list(rows.values())


def kept_sweeps(count):
    rows = []
    while len(rows) < count:
        row = sweep()
        if len(row.get("jobs", [])) <= (24 if not COUNT else 300) and not any("inf" in text or "nan" in text for text in row["overrides"]):
            if "error" not in row or rng.random() < 0.4:
                rows.append(row)
    return rows


if __name__ == "__main__":
    write("overrides.json", kept_overrides(COUNT or 700))
    write("sweeps.json", kept_sweeps(COUNT // 4 or 160))
