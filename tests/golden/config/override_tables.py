# SPDX-License-Identifier: GPL-3.0-or-later
# The cases of tables A (values), B (keys) and G (sweeps) of the spec, answered by Hydra 1.3.2: override_table_a.json,
# override_table_b.json, override_table_g.json beside this script. An error's fragment is the spec's.
import json, pathlib, sys

sys.argv = [sys.argv[0], "1", "/tmp", "1"]
from overrides import BasicSweeper, Groups, PARSER, answer

FOLDER = pathlib.Path(__file__).parent
A = {
    1: ["abc", "123abc", "abc-123", "a.b.c", "0.foo"], 2: ["1", "+1", "-1", "10_0"], 3: ["1___0___", "007", "1_000_"],
    4: ["0.51", "10e0", "1e-05", "3.1_4", "1.", ".5", "-10e1"], 5: ["inf", "INF", "+inf", "-inf", "NaN"],
    6: ["true", "TRUE", "trUe", "faLse"], 7: ["yes", "on", "off", "y"], 8: ["null", "NULL"], 9: [""],
    10: [" abc ", "a b c"], 11: [("[ , ]", "")], 12: ["'10'", '"true"', "'null'", "'nan'"],
    13: ["a\\,b", "a\\:b", "a\\=b", "\\ ab", "f\\(a\\, b\\)"], 14: ["ab\\\\", "c:\\foo\\a-b.txt"], 15: [("a=b", "input '='")],
    16: ["'cde=12'"], 17: [(text, "token recognition error") for text in ("a#b", "a!b", "a;b", "a<b", "~", "é")],
    18: ["[]", "[1,2,3]", "[1, [a]]", "['a b']", "['[a,b]']"], 19: [("[", "no viable alternative at input '['")],
    20: [("[]aa", "extraneous input 'aa' expecting <EOF>")], 21: [("[1,2,3]'", "token recognition error at: '''")],
    22: [("['a\\', 'b']", "token recognition error")], 23: ["['a\\\\', 'b\\\\']"], 24: ["{}", "{a:10}", "{a:10,b:{c:[1,2]}}"],
    25: ["{123: 1, -1: 3}", "{3.14: 0, 1e3: 1}", "{true: 1}"], 26: ["{white spaces: 1}", "{ab 123.5 True: 2}"], 27: ["{null: 1}"],
    28: [("{' abc ': 0}", "no viable alternative at input '{' abc ''")], 29: [("[1,2,]", ""), ("{a:1,}", "")],
    30: ["${a.b}", "xyz_${a.b.c}", "${f:USER,root}"], 31: ["$\\{foo.bar\\}"], 32: ["'a \\${b}'"],
    33: ["'foo \\'bar'", "'foo \\\\\\'bar'"], 34: ["'foo\\\\bar'", "'foo bar\\\\'"], 35: ["'  foo,bar\t'"],
    36: ["int(10.0)", "float(10)", "str(10.0)", "bool(10.0)"], 37: ["str(1e6)", "str(true)", "int(1e6)", "int(true)"],
    38: [("int('10.0')", "invalid literal for int() with base 10: '10.0'")], 39: [("int(inf)", "OverflowError"), ("int(nan)", "ValueError")],
    40: [("bool('10')", "Cannot cast '10' to bool"), "bool('true')", ("bool('')", "Cannot cast '' to bool")],
    41: ["str([1,[2]])", "bool([0,1,2])", "float({a:[0,1]})"], 42: [("int([a,1])", "ValueError")],
    43: ["sort([2,3,1])", "sort([1,2,3],reverse=true)"], 44: [("sort(3,2,str(1))", "'<' not supported")],
    45: [("foo(1)", "Unknown function 'foo'")], 46: [("range(start=10,20,1)", "positional argument follows keyword argument")],
    47: ["choice (a,b)"], 48: [("choice()", "empty choice"), ("choice(choice(a))", "nesting choices")],
}
B = {
    1: ["abc.cde=1", "list.0=1", "$foo.bar$.x$z=1", "ab-c.d-ef=1"], 2: ["a/b/c=x", "ab-c/d-ef=x"], 3: ["group@pkg1=x", "group@=x"],
    4: [("$foo/bar=x", "mismatched input '/'")], 5: [("a[0]=1", "token recognition error")], 6: ["~x", "~x=10", "~x="],
    7: [("abc", "missing EQUAL")], 8: ["choice=reverse"],
}
G = {
    1: ["a=1,2 b=10,11"], 2: ["a=1,2 b=10,11"], 3: ["x=[10,20]", "x=[a,b,c],[d,e,f]"],
    4: ["a=range(3)", "a=range(1,10,2)", "a=range(-5,step=-1)"], 5: ["a=range(0,2,0.5)", "a=range(0,10,3.3)"],
    6: ["a=range(10,0)", "a=range(0,10,-1)"], 7: ["a=sort(3,2,1)", "a=sort(a,c,b,reverse=true)"],
    8: ["a=sort(range(9,0,-1))", "a=sort(range(1,10),reverse=True)"], 9: ["a=float(2,1,0)", "a=str(choice(0,1))"],
    10: [("a=str(range(1,10))", "Range can only be cast to int or float"), ("a=bool(interval(1.0,2.0))", "Intervals cannot be cast to bool")],
    11: ["a=choice(True,'True',1,'1.5')"], 12: ["a=choice([1, 1.1, '2'],[True])"],
    13: [("a=interval(0,1)", "BasicSweeper does not support sweep type : INTERVAL_SWEEP")],
    14: ["db=glob(*)", "db=glob([a*, b*], exclude=c*)", "db=glob([a*,c*],exclude=c-*)"],
    15: [("hydra.run.dir=a,b", "Sweeping over Hydra's configuration is not supported")], 16: ["a=tag(t1,choice(a,b))"],
    17: ["loss.margin=33.3,40.1,45.8"],
}


def values(letter, table, prefix=""):
    rows = []
    for number, cases in table.items():
        for case in cases:
            text, fragment = case if isinstance(case, tuple) else (case, None)
            row = {"id": f"{letter}{number}"} | answer(prefix + text)
            assert ("error" in row) == (fragment is not None), row
            if fragment is not None:
                assert fragment in row["error"], row
                row["error"] = fragment
            rows.append(row)
    return rows


def sweeps():
    rows = []
    for number, cases in G.items():
        for case in cases:
            text, fragment = case if isinstance(case, tuple) else (case, None)
            row = {"id": f"G{number}", "params": [], "overrides": text.split(" ") if number < 3 else [text], "batch": 2 if number == 2 else None}
            if fragment is not None:
                rows.append(row | {"error": fragment})
                continue
            overrides = [PARSER.parse_override(each) for each in row["overrides"]]
            for each in overrides:
                each.config_loader = Groups()
            batches = BasicSweeper.split_arguments(overrides, row["batch"])
            rows.append(row | {"batches": [len(batch) for batch in batches if batch], "jobs": [job for batch in batches for job in batch]})
    return rows


def write(name, rows):
    (FOLDER / name).write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")


write("override_table_a.json", values("A", A, "x="))
write("override_table_b.json", values("B", B))
write("override_table_g.json", sweeps())
