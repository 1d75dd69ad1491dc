# SPDX-License-Identifier: GPL-3.0-or-later
# What OmegaConf 2.3.0's loader and Hydra 1.3.2's override grammar make of single words. Writes scalars.json beside this
# script: python scalars.py [SEED]
import json, math, pathlib, random, sys, warnings

import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf._utils import get_yaml_loader

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 7
random.seed(SEED)
PARTS = ["0", "1", "7", "8", "9", "10", "_", "__", ".", "e", "E", "+", "-", ":", "0x", "0b", "a", "F", "inf", "nan", ".inf", "30", "59", "61"]
WORDS = (
    "~ null Null NULL nUll true True TRUE trUe false yes Yes YES yEs no NO on On oN off OFF y n N 1e3 1e-3 1.5e3 +1e3 1. "
    ".5 .5e3 .5e+3 +.9 -.9 0_e0 1_0e1_0 08 0o17 inf nan 010 0x1F 0b101 1_000 1:30 0_0 1__2.1 1.2_ 100e100 .inf -.INF "
    ".NaN 2021-01-01 12:30:45 1:2:3.5 1:60 -1:30 1_0:30 0:30 9223372036854775807 -9223372036854775808 1e999 1e-999 "
    "-1e999 1___0___ 007 1_000_ 3.1_4 10e0 -10e1 INF +inf -inf NaN -nan 0b 0x _1 - + . .. 01.5 0. 0.5 00 -0 +0 -0.0 "
    "1_0.5 1.5_5 ._5 .5_5 .5__5 1e1_0 1e1__0 0b1_0 0x_f 1._5 0b_ -0b11 +0x1f -010"
).split()


def typed(value):
    if isinstance(value, bool) or value is None:
        return {"type": type(value).__name__, "value": value}
    if isinstance(value, int):
        return {"type": "int", "value": value} if -(2**63) <= value < 2**63 else {"error": True}
    if isinstance(value, float):
        return {"type": "float", "value": value if math.isfinite(value) else repr(value)}
    return {"type": "str", "value": str(value)}


def yaml_of(text):
    loader = get_yaml_loader()("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))
    try:
        return typed(loader.construct_object(yaml.ScalarNode(tag, text)))
    except (ValueError, yaml.YAMLError):
        return {"error": True}


def grammar_of(text):
    try:
        value = OverridesParser.create().parse_override("k=" + text).value()
        return typed(value)
    except Exception:
        return {"error": True}


words = dict.fromkeys(WORDS)
while len(words) < 700:
    words["".join(random.choice(PARTS) for _ in range(random.randint(1, 6)))] = None
rows = [{"text": word, "yaml": yaml_of(word), "grammar": grammar_of(word)} for word in words]
target = pathlib.Path(__file__).with_name("scalars.json") if len(sys.argv) < 2 else pathlib.Path(f"scalars-{SEED}.json")
target.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
