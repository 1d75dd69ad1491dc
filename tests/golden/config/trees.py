# SPDX-License-Identifier: GPL-3.0-or-later
# What OmegaConf 2.3.0 makes of generated configs: written, merged, updated, typed, interpolated. Writes trees.json and
# written.json beside this script: python trees.py [SEED]. Rows: {kind, …, "expected": typed value or {"error": class}}.
import io, json, math, os, pathlib, random, sys, warnings
from enum import Enum
from typing import Any, Dict, List, Optional
from dataclasses import make_dataclass

from omegaconf import MISSING, OmegaConf, errors

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 7
random.seed(SEED)
warnings.simplefilter("ignore")
os.environ["OMEGA_X"] = "1"
os.environ.pop("OMEGA_NOPE", None)
OmegaConf.register_new_resolver("r", lambda *a: list(a))
ROWS = []
PYTHON_KINDS = {"TypeError": "ConfigTypeError", "IndexError": "ConfigIndexError", "KeyError": "ConfigKeyError", "ValueError": "ConfigTypeError"}


def typed(v):
    if v is None: return ["n"]
    if isinstance(v, bool): return ["b", v]
    if isinstance(v, int): return ["i", v]
    if isinstance(v, float): return ["f", repr(v)]
    if isinstance(v, Enum): return ["s", v.name]
    if isinstance(v, str): return ["s", v]
    if isinstance(v, (list, tuple)): return ["l", [typed(x) for x in v]]
    if isinstance(v, dict): return ["d", [[typed(k), typed(x)] for k, x in v.items()]]
    if OmegaConf.is_config(v): return typed(OmegaConf.to_container(v, resolve=False))
    raise ValueError(type(v))


def ask(work):
    try:
        return typed(work())
    except Exception as e:
        name = type(e).__name__
        return {"error": PYTHON_KINDS.get(name, name)}


def row(kind, expected, **more): ROWS.append({"kind": kind, **more, "expected": expected})


# --- written
PIECES = ["a", "word", " ", "  ", "\n", "\n\n", ":", ": ", "#", " #", "'", '"', "\\", "é", "日本語", "😀", "\t", "-", "- ", "?", "? ", ",", "[", "]",
    "{", "}", "&", "*", "!", "|", ">", "%", "@", "`", "${a}", "${oc.env:X}", "\\${q}", "???", "1", "1e3", "1_000", "0x1F", "yes", "null", "~", ".inf", "2021-01-01",
    "---", "...", "\x07", "\x85", "\u2028", "\xa0", "\ufeff", "=", "<<", "lorem ipsum dolor sit amet " * 4, "x" * 90, "/some/long/path/without/any/blanks/" * 4, "1:30", "0b1", "\r", "\x1b"]


def text(): return "".join(random.choice(PIECES) for _ in range(random.choice([0, 1, 1, 1, 2, 3, 4, 6])))


def leaf():
    return random.choice([None, True, False, random.randint(-10**6, 10**6), random.choice([1e-5, 1e16, .5, -0.0, 1e22, 123456.789, math.inf, -math.inf, math.nan, 1e-7, 3.0]), text(), text(), text(), text()])


def key(): return random.choice([text() or "k", text() or "k", "k%d" % random.randint(0, 9), random.randint(-5, 50), 1.5, True, "x" * random.choice([120, 122, 123, 130]), "long key " * 16])


def tree(depth):
    kind = random.random()
    if depth == 0 or kind < .4: return leaf()
    if kind < .75: return {key(): tree(depth - 1) for _ in range(random.randint(0, 4))}
    return [tree(depth - 1) for _ in range(random.randint(0, 4))]


while sum(r["kind"] == "write" for r in ROWS) < 400:
    value = {key(): tree(3) for _ in range(random.randint(0, 3))} if random.random() < .8 else [tree(3) for _ in range(random.randint(0, 3))]
    try:
        written = OmegaConf.to_yaml(OmegaConf.create(value))
    except Exception:
        continue
    try:
        back = typed(OmegaConf.load(io.StringIO(written))) == typed(value)
    except Exception:
        back = False
    row("write", written, value=typed(value), back=back)

# --- small configs for what follows, as YAML
NAMES = ["a", "b", "c", "d"]
LEAVES = ["1", "x", "null", "'???'", "true", "1.5", "'7'", "{}", "[]", "[1, 2]"]


def small(depth=2, inter=.25):
    if depth == 0 or random.random() < .45:
        if random.random() < inter:
            return '"' + random.choice(["${a}", "${b.a}", "${.b}", "${..c}", "x${c}", "${l[0]}", "${b}", "${nope}", "${a.b}"]) + '"'
        return random.choice(LEAVES)
    if random.random() < .75:
        return "{" + ", ".join(f"{k}: {small(depth - 1, inter)}" for k in random.sample(NAMES, random.randint(0, 3))) + "}"
    return "[" + ", ".join(small(depth - 1, inter) for _ in range(random.randint(0, 3))) + "]"


def root(inter=.25): return "{" + ", ".join(f"{k}: {small(2, inter)}" for k in random.sample(NAMES + ["l"], random.randint(1, 4))) + "}"
def load(y): return OmegaConf.load(io.StringIO(y))


def flagged(y, flags):
    c = load(y)
    if flags.get("struct") is not None: OmegaConf.set_struct(c, flags["struct"])
    if flags.get("readonly"): OmegaConf.set_readonly(c, True)
    return c


def flags(): return random.choice([{}, {}, {}, {"struct": True}, {"readonly": True}])


for _ in range(160):
    dest, src, f = root(), root(), random.choice([{}, {}, {}, {}, {"struct": True}, {"readonly": True}])
    def work():
        c = flagged(dest, f)
        c.merge_with(load(src))
        return c
    row("merge", ask(work), dest=dest, src=src, flags=f)
PATHS = ["a", "b", "a.b", "b.a", "a[b]", "[a].b", "l", "l.0", "l[1]", "l.-1", "l.7", "l.x", "c.d.a", "a.b.c", "b[0]", "b.0.c", "d", "a.0", "[l][0]", "l[-1].a", "nope.x"]
for _ in range(200):
    base, path, value, f, merge, force = root(.1), random.choice(PATHS), small(1, .1), flags(), random.random() < .8, random.random() < .3
    def work():
        c = flagged(base, f)
        OmegaConf.update(c, path, OmegaConf.to_container(load("{v: %s}" % value))["v"], merge=merge, force_add=force)
        return c
    row("update", ask(work), base=base, path=path, value=value, flags=f, merge=merge, force=force)
for _ in range(60):
    base, path, f = root(0), random.sample(NAMES + ["l", "0", "-1", "9"], random.randint(1, 3)), flags()
    if path[0].lstrip("-").isdigit(): path[0] = "a"
    def steps(c, last):
        for i, k in enumerate(path[:-1] if last else path):
            if c is None or not OmegaConf.is_config(c): raise TypeError("leaf")
            c = c[int(k)] if OmegaConf.is_list(c) else c[k]
        return c
    def take():
        c = flagged(base, f)
        node = steps(c, True)
        if not OmegaConf.is_config(node): raise TypeError("leaf")
        del node[int(path[-1]) if OmegaConf.is_list(node) else path[-1]]
        return c
    row("get", ask(lambda: steps(flagged(base, f), False)), base=base, path=".".join(path), flags=f)
    row("erase", ask(take), base=base, path=".".join(path), flags=f)

# --- typed values
Color = Enum("Color", ["red", "green", "blue"])
TYPES = {"int": int, "float": float, "bool": bool, "str": str, "Any": Any, "Optional[int]": Optional[int], "Optional[bool]": Optional[bool],
    "List[int]": List[int], "List[str]": List[str], "Dict[str, int]": Dict[str, int], "Dict[int, float]": Dict[int, float], "List[List[float]]": List[List[float]],
    "Color": Color, "Optional[Color]": Optional[Color], "Dict[str, List[bool]]": Dict[str, List[bool]], "List[Color]": List[Color], "Dict[bool, str]": Dict[bool, str]}
VALUES = ["7", "'7'", "' 7 '", "'1_0'", "x", "1.5", "'1.5'", "'1e3'", "true", "'yes'", "'Y'", "'off'", "'1'", "'0'", "'2'", "null", "'???'", "'${x}'", "[1, 2]", "['1', 'x']", "[true]", "{a: 1}", "{a: '2'}",
    "{1: 2}", "{1: '2.5'}", "{1.5: 1}", "[[1, '2']]", "[[x]]", "red", "Color.red", "2", "9", "[red, 2]", "[pink]", "{a: [yes, 'n']}", "{true: 1}", "{0: a}", "{}", "[]", "-3", "'nan'", "'inf'", "1e400", "{a: null}", "[null]", "0", "''"]
for name, kind in TYPES.items():
    for value in VALUES:
        def work():
            holder = OmegaConf.structured(make_dataclass("Holder", [("v", kind, MISSING)]))
            holder.v = OmegaConf.to_container(load("{v: %s}" % value))["v"]
            return OmegaConf.to_container(holder)["v"]
        if name in ("int", "float", "bool", "str", "Optional[int]") or random.random() < .3: row("type", ask(work), type=name, value=value)

# --- interpolations
BASE = '{dict: {a: 0, b: {c: 1}}, list: [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], nul: null, str: hi, int: 123, float: 1.2, options: {a: A, b: B}, choice: a, ref_str: str, gone: "???", deep: {x: "${.y}", y: "${..int}", z: {w: "${...str}"}}, e5: 1e-05, t: true}'
HAND = [l for l in r'''${dict.a}|${dict[a]}|${[dict].a}|${list.0}|${list[0]}|${list.1_0}|${list.-1}|${dict.b}|bonjour ${str}|${nul}${float}|${int}|x${int}|Esc: \${str}|\\${str}|\\\\\${str}
$$${str}|${str}$$$$|${str}}|I'd like ${str}|'${str}|${options.${choice}}|${options[${choice}]}|${${ref_str}}|${dict.${float}}|${ 	dict.a  	}|${dict .a}|${nope}|${str.baz}|${k}|${gone}
${oc.env:OMEGA_X}|${oc.env:OMEGA_NOPE,7}|${oc.env:OMEGA_NOPE,null}|${oc.env:OMEGA_NOPE}|${oc.decode:${oc.env:OMEGA_X}}|${oc.decode:'[1, a]'}|${oc.select:nope,3}|${oc.select:nul,3}|${oc.select:nope}|${oc.select:gone,4}
${wrong_type:ref}|${r:a, b c}|${r:}|${r:[a, b], 0, [1.1]}|${r:{a: 1.1, b: b}}|${r:{'a': 1}}|${r:a=b}|${some_${choice}:a}|${0:1}|${r:${str}|${r:"The root drive is: \\${str}:\\"}|${r:'${nul}'}|${deep.x}|${deep.z.w}|${deep}|${dict}
${oc.dict.keys:dict}|${oc.dict.values:dict}|${oc.create:{a: 1}}|${oc.deprecated:int}|${oc.dict.keys:int}|${r:a,,b}|${r:,}|${r:1_000,0x1F,1e3,.5,+1,-inf,NULL,True}|${r: a , b }|a${r:1}b|${oc.env:oc.env}|${r:"a'b",'c"d'}|${r:'\'q\''}|${r:a\,b,\ c}
${.int}|${..int}|${...int}|${.deep.y}|${list}|x${list}|x${options}|x${e5}${t}${nul}|${list[${dict.a}]}|${options.${options.${choice}}}|${}|${a|${:}|${dict.}|${dict..a}|${dict[a}|${oc.decode:"{x: ${int}}"}|${oc.decode:'${'}|${r:{a:{b:[1,{c:d}]}}}|${r:{a}}|${oc.select:dict.b.c}'''.replace("\n", "|").split("|") if l]
PARTS = ["${dict.a}", "${str}", "${options.", "${choice}", "}", "${", "r:", "oc.decode:", "oc.select:", "dict.b", "nope", ",", " ", "[", "]", "{", "1", ".5", "1e3", "'", '"', "\\", "$", "null", "true", "a", "${int}", "${list[0]}", "${gone}", ":", "${r:1,[a]}", "${..int}", ".", "x y", "\\${", "\\\\", "${nul}", "${oc.env:OMEGA_X}", "\n", "é"]
texts = list(HAND)
while len(texts) < 1400: texts.append("".join(random.choice(PARTS) for _ in range(random.randint(2, 9))))
kept = {"good": 0, "bad": 0}
for i, t in enumerate(texts):
    if "${" not in t: continue
    def work():
        c = load(BASE)
        c["k"] = t
        v = c["k"]
        return OmegaConf.to_container(v, resolve=True) if OmegaConf.is_config(v) else v
    answer = ask(work)
    if isinstance(answer, dict) and answer["error"] not in [n for n in dir(errors)]: continue
    which = "bad" if isinstance(answer, dict) else "good"
    if i >= len(HAND):
        if kept[which] >= (90 if which == "bad" else 160): continue
    kept[which] += 1
    row("interpolation", answer, text=t)
ROWS[:0] = [{"kind": "base", "text": BASE}]
here = pathlib.Path(__file__).parent if len(sys.argv) < 2 else pathlib.Path(".")
suffix = "" if len(sys.argv) < 2 else f"-{SEED}"
for name, rows in {"written": [r for r in ROWS if r["kind"] == "write"], "trees": [r for r in ROWS if r["kind"] != "write"]}.items():
    (here / f"{name}{suffix}.json").write_text("[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]\n")
