# SPDX-License-Identifier: GPL-3.0-or-later
# What OmegaConf 2.3.0 reads from YAML texts: the rows of table F, texts that YAML 1.1 and 1.2 read apart, generated
# ones; and the rows of table E that need a config of their own. Writes yaml_cases.json and interpolation_cases.json
# beside this script: python yaml_cases.py [SEED]
import io, json, pathlib, random, sys

from omegaconf import OmegaConf

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 7
random.seed(SEED)
KINDS = {"ScannerError": "YAMLError", "ParserError": "YAMLError", "ComposerError": "YAMLError", "ConstructorError": "YAMLError", "ReaderError": "YAMLError", "OSError": "YAMLError", "ValueError": "YAMLError", "AssertionError": "YAMLError"}


def typed(v):
    if v is None: return ["n"]
    if isinstance(v, bool): return ["b", v]
    if isinstance(v, int): return ["i", v]
    if isinstance(v, float): return ["f", repr(v)]
    if isinstance(v, str): return ["s", v]
    if isinstance(v, (list, tuple)): return ["l", [typed(x) for x in v]]
    if isinstance(v, dict): return ["d", [[typed(k), typed(x)] for k, x in v.items()]]
    raise ValueError(type(v))


def ask(work):
    try:
        return typed(work())
    except Exception as e:
        return {"error": KINDS.get(type(e).__name__, type(e).__name__)}


F = "1e3|1e-3|1.5e3|+1e3|1.|.5|.5e3|+.9|-.9|0_e0|1_0e1_0|08|0o17|inf|nan|010|0x1F|0b101|1_000|1:30|0_0|1__2.1|1.2_|100e100|yes|Off|TRUE|y|N|yEs|~|null||2021-01-01|12:30:45|.inf|-.INF|.NaN|(0.8, 1.0)".split("|")
TEXTS = [("F", "k: " + t) for t in F] + [("F9", "a: 1\na: 2"), ("F9", "x: &a {k: 1, z: 1}\ny: &b {k: 2}\nc:\n  <<: *a\n  k: 3\n  <<: *b\n")]
WORDS = ["a", "10", "1e3", "'x y'", '"q\\n"', "a:b", "a#b", "x #c", "http://h:80/p", "-1", "${a}", "{a:10}", "[a,b:c]", "{a, b}", "{a: }", "[a: 1]", "[]", "*x", "&x 1", "!!str 5", "!!int '7'", "!!float 3", "|\n  t\n  u\n", ">\n  t\n  u\n", "'it''s'", "-", "@a", "`a`", "%a", "=", "<<", "{'a':1}", '{"a":1}', "{a: 1,}", "[1,]", "[,]", "'", '"', "\\", "x: y: z", "!foo x", "! 12", "é", "- - 1", "a:", "[http://x/y:1]", "|-\n  k\n", "{a: [1,\n  2]}", '"a\n  b"', "'a\n\n  b'", "::", "!!bool yes", "{a: &z 1, b: *z}", '"\\x41\\u00e9\\N"', '"a\\\n  b"', "${", "${a b}", "1:30", "*nope"]
KEYS = ["a", "b", "c", "'k'", "1", "1.5", "yes", "null", "a b", "a.b", "<<", "a:b", "[1]", "~", "@k", "&k z"]


def tree(depth, indent):
    chance, pad = random.random(), "  " * indent
    if depth == 0 or chance < .35: return " " + random.choice(WORDS).rstrip("\n") + "\n"
    if chance < .75: return "\n" + "".join(pad + random.choice(KEYS) + ":" + tree(depth - 1, indent + 1) for _ in range(random.randint(1, 3)))
    return "\n" + "".join(pad + "-" + tree(depth - 1, indent + 1) for _ in range(random.randint(1, 3)))


def document():
    text, chance = tree(random.randint(1, 3), 0).lstrip("\n "), random.random()
    if chance < .04: return "---\n" + text
    if chance < .06: return text + "---\na: 1\n"
    if chance < .08: return text.replace("\n", "\r\n")
    if chance < .09: return "\ufeff" + text
    if chance < .11: return "x: &x {k: 1}\n" + text
    return text


TEXTS += [("word", t) for w in WORDS for t in (w, "k: " + w, "- " + w) if not t.startswith(r'"\x')]
rows, kept = [], {True: 0, False: 0}
for name, text in TEXTS: rows.append({"id": name, "text": text, "expected": ask(lambda: OmegaConf.to_container(OmegaConf.load(io.StringIO(text))))})
while kept[False] < 200 or kept[True] < 80:
    text = document()
    if text.startswith(r'"\x'): continue  # a text alone is read twice, its \N then as a break
    expected = ask(lambda: OmegaConf.to_container(OmegaConf.load(io.StringIO(text))))
    bad = isinstance(expected, dict)
    if kept[bad] < (80 if bad else 200):
        kept[bad] += 1
        rows.append({"id": "made", "text": text, "expected": expected})

E = [("E16", "{foo: 0, bar: '${foo.baz}'}", "bar"), ("E17", "{a: '${a}'}", "a"), ("E18", "{x: '???', y: '${x}'}", "y"), ("E19", "{a: {b: 1, c: '${.b}'}}", "a.c"),
    ("E20", "{a: {c: '${..z}'}, z: 5}", "a.c"), ("E21", "{l: [1, '${.0}']}", "l.1"), ("E34", "{a: {aa: 10}, b: '${a}', c: '${b.aa}'}", "c"), ("E34", "{a: {aa: 10}, b: '${a}', c: '${b.aa}'}", "b"),
    ("loop", "{a: '${b.x}', b: '${a.x}'}", "a"), ("parent", "{a: {b: '${a}'}}", "a.b"), ("self", "{a: {b: '${..a}'}}", "a.b"), ("values", "{d: {x: 1, y: '${.x}'}, v: '${oc.dict.values:d}'}", "v"),
    ("keys", "{d: {x: 1, 2: 1}, v: '${oc.dict.keys:d}'}", "v"), ("in resolver", "{x: 3, a: {x: 4, v: '${oc.create:{p: 1}}'}}", "a.v"), ("relative", "{a: {t: {v: '${..k}'}, k: 7}, b: '${a.t}'}", "b.v"), ("above", "{a: '${...b}', b: 1}", "a")]
cases = []
for name, text, path in E:
    def work():
        c = OmegaConf.load(io.StringIO(text))
        for k in path.split("."): c = c[int(k)] if OmegaConf.is_list(c) else c[k]
        return OmegaConf.to_container(c, resolve=True) if OmegaConf.is_config(c) else c
    cases.append({"id": name, "text": text, "path": path, "expected": ask(work)})
here = pathlib.Path(__file__).parent if len(sys.argv) < 2 else pathlib.Path(".")
for name, content in {"yaml_cases": rows, "interpolation_cases": cases}.items():
    (here / f"{name}.json").write_text("[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in content) + "\n]\n")
print(len(rows), sum(isinstance(r["expected"], dict) for r in rows), [c["expected"] for c in cases])
