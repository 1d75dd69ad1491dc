# SPDX-License-Identifier: GPL-3.0-or-later
# What hydra.utils.instantiate of hydra-core 1.3.2 calls, and with what. Writes table_h_instantiate.json beside this
# script. A recorded call is {"call": target, "args": […], "kwargs": {…}}; a container tells "config" from "plain".
import json, pathlib, sys, types

import functools
import yaml
from hydra.errors import InstantiationException
from hydra.utils import instantiate
from omegaconf import DictConfig, ListConfig, OmegaConf


class Called:
    def __init__(self, target, args, kwargs):
        self.target, self.args, self.kwargs = target, args, kwargs


def F(*args, **kwargs):
    return Called("maker.F", args, kwargs)


def G(*args, **kwargs):
    return Called("maker.G", args, kwargs)


def fails(*args, **kwargs):
    raise ValueError("no good")


maker = types.ModuleType("maker")
for function in (F, G, fails):
    function.__module__ = "maker"
    setattr(maker, function.__name__, function)
sys.modules["maker"] = maker


def plain(value):
    if isinstance(value, Called):
        return {"call": value.target, "args": [plain(v) for v in value.args], "kwargs": {k: plain(v) for k, v in value.kwargs.items()}}
    if isinstance(value, functools.partial):
        return {"partial": plain(value())}
    if isinstance(value, (DictConfig, dict)):
        items = value.items_ex(resolve=False) if isinstance(value, DictConfig) else value.items()
        return {"dict": "config" if isinstance(value, DictConfig) else "plain", "of": {k: plain(v) for k, v in items}}
    if isinstance(value, (ListConfig, list)):
        return {"list": "config" if isinstance(value, ListConfig) else "plain", "of": [plain(v) for v in value]}
    return value


CASES = [
    # id, config, path, positional, named
    ("H5", "{_target_: maker.F, a: 1}", "", [], {"a": 2}),
    ("H5b", "{_target_: maker.F, a: 1}", "", [], {}),
    ("H5c", "{_target_: maker.F, a: {b: 1, c: 2}}", "", [], {"a": {"c": 3, "d": 4}}),
    ("H6", "{_target_: maker.F, _partial_: true, a: 1}", "", [], {"b": 2}),
    ("H6b", "{_target_: maker.F, _partial_: true, a: 1, m: '???'}", "", [], {}),
    ("H6c", "{_target_: maker.F, m: '???'}", "", [], {}),
    ("H7", "{_target_: maker.F, _args_: [1, 2]}", "", [], {}),
    ("H7b", "{_target_: maker.F, _args_: [1, 2]}", "", [3], {}),
    ("H7c", "{_target_: maker.F, _args_: {a: 1}}", "", [], {}),
    ("H7d", "{_target_: maker.F, _args_: [{_target_: maker.G}, 2]}", "", [], {}),
    ("H8", "{_target_: maker.F, _recursive_: false, x: {_target_: maker.G, y: 1}}", "", [], {}),
    ("H8b", "{_target_: maker.F, x: {_target_: maker.G, y: 1}}", "", [], {}),
    ("H8c", "{_target_: maker.F, _recursive_: false, x: {a: {_target_: maker.G}}}", "", [], {}),
    ("H8d", "{_target_: maker.F, x: {_target_: maker.G, _recursive_: false, y: {_target_: maker.G}}}", "", [], {}),
    ("H9", "{_target_: maker.F, _convert_: all, a: {b: [1, 2]}, l: [1, {c: 2}]}", "", [], {}),
    ("H9b", "{_target_: maker.F, _convert_: partial, a: {b: [1, 2]}}", "", [], {}),
    ("H9c", "{_target_: maker.F, _convert_: object, a: {b: [1, 2]}}", "", [], {}),
    ("H9d", "{_target_: maker.F, a: {b: [1, 2]}, l: [1]}", "", [], {}),
    ("H9e", "{_target_: maker.F, _convert_: all, x: {_target_: maker.G, a: {b: 1}}}", "", [], {}),
    ("H9f", "{_target_: maker.F, x: {_target_: maker.G, _convert_: all, a: {b: 1}}, y: {c: 1}}", "", [], {}),
    ("H10", "{_target_: maker.Nothing}", "", [], {}),
    ("H10b", "{a: {_target_: nomodule.Nothing}}", "a", [], {}),
    ("H10c", "{_target_: maker.fails}", "", [], {}),
    ("H10d", "{a: {b: {_target_: maker.fails}}}", "a", [], {}),
    ("H10e", "{_target_: 5}", "", [], {}),
    ("I1", "{a: {x: {_target_: maker.F, y: '${..z}', w: '${v}'}, z: 7}, v: 8}", "a.x", [], {}),
    ("I2", "{a: {x: {_target_: maker.F, y: '${..z}', k: 1, r: '${.k}', q: '${a.x.k}'}, z: 7}}", "a.x", [], {"k": 5}),
    ("I3", "null", "", [], {}),
    ("I4", "[{_target_: maker.F}, {_target_: maker.G, a: 1}, 3, null]", "", [], {}),
    ("I5", "[{_target_: maker.F}]", "", [], {"_partial_": True}),
    ("I6", "{a: {_target_: maker.F}, b: {c: {_target_: maker.G}}, d: 1}", "", [], {}),
    ("I7", "{_target_: maker.F, _other_: 1}", "", [], {}),
    ("I8", "{_target_: maker.F, _partial_: true, x: {_target_: maker.G, y: 1}}", "", [], {}),
    ("I9", "{_target_: maker.F, x: {_target_: maker.G, _partial_: true, y: 1}}", "", [], {}),
    ("I10", "{_target_: maker.F, x: null, l: [null]}", "", [], {}),
    ("I11", "{_target_: maker.F, _recursive_: yes please}", "", [], {}),
    ("I12", "{_target_: maker.F, _partial_: 1}", "", [], {}),
    ("I13", "{_target_: maker.F, x: '${nothing}'}", "", [], {}),
    ("I14", "{_target_: maker.F, l: [{_target_: maker.G, a: 1}, [{_target_: maker.G}]]}", "", [], {}),
    ("I15", "{_target_: maker.F, _convert_: all, l: [{_target_: maker.G, a: {b: 1}}]}", "", [], {}),
    ("I16", "{_target_: maker.F, a: [1, 2]}", "", [], {"a": [3]}),
    ("I17", "{a: 1}", "", [], {"b": {"_target_": "maker.F"}}),
    ("I18", "{_target_: maker.F, d: {m: '???'}}", "", [], {}),
]

rows = []
for id, text, path, args, kwargs in CASES:
    config = yaml.safe_load(text)
    row = {"id": id, "config": config, "path": path, "args": args, "kwargs": kwargs}
    root = OmegaConf.create(config) if config is not None else None
    node = OmegaConf.select(root, path) if path else root
    try:
        row["result"] = plain(instantiate(node, *args, **kwargs))
    except Exception as error:
        row["error"] = type(error).__name__
        if isinstance(error, InstantiationException):
            lines = str(error).split("\n")
            row["text"] = [lines[0]] + [line for line in lines if line.startswith("full_key")]
    rows.append(row)
target = pathlib.Path(__file__).with_name("table_h_instantiate.json")
target.write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
print(len(rows), "rows")
for row in rows:
    print(row["id"], row.get("result", (row.get("error"), row.get("text"))))
