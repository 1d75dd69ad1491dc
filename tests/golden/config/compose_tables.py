# SPDX-License-Identifier: GPL-3.0-or-later
# The spec's cases of composition (table C: overrides on a config, table D: defaults lists) as rows with their files.
# What the spec expects is asserted of hydra-core 1.3.2 itself, whose whole answer is kept: writes table_c.json and
# table_d.json beside this script.
import json, pathlib

import yaml

from compose_oracle import ask

HERE = pathlib.Path(__file__).parent


def c(id, config, overrides, expected, groups=()):
    files = {"p.yaml": yaml.safe_dump(config)}
    for path, content in dict(groups).items():
        files[path] = content
    return id, files, "p", overrides, expected, None


DB = {"db/mysql.yaml": "port: 3306\nuser: u\n", "db/pg.yaml": "port: 5432\n"}
WITH_DB = {"defaults": [{"db": "mysql"}, "_self_"]}
NOT_THERE = "Could not override 'x'."
C = [
    c("C1", {}, ["x=10"], NOT_THERE),
    c("C2a", {}, ["+x=10"], {"x": 10}),
    c("C2b", {}, ["+x=[1,2,3]"], {"x": [1, 2, 3]}),
    c("C2c", {}, ["+x={a:1}"], {"x": {"a": 1}}),
    c("C3", {"x": 20}, ["+x=10"], "Could not append to config. An item is already at 'x'."),
    c("C4a", {"x": 20}, ["x=10"], {"x": 10}),
    c("C4b", {"x": 20}, ["x=null"], {"x": None}),
    c("C5", {"x": None}, ["x=[1,2,3]"], {"x": [1, 2, 3]}),
    c("C6", {"x": None}, ["+x=5"], {"x": 5}),
    c("C7", {"x": {"a": 10, "b": None}}, ["x={b:20}"], {"x": {"a": 10, "b": 20}}),
    c("C8", {"x": {"a": 10}}, ["x={c:1}"], NOT_THERE),
    c("C9", {"x": {"a": 10}}, ["+x={b:20}"], {"x": {"a": 10, "b": 20}}),
    c("C10", {"x": [1, 2]}, ["+x=[3]"], {"x": [3]}),
    c("C11a", {"x": {"a": 1}}, ["x=5"], {"x": 5}),
    c("C11b", {"x": 5}, ["x={a:1}"], {"x": {"a": 1}}),
    c("C12a", {}, ["++x=1"], {"x": 1}),
    c("C12b", {"x": 2}, ["++x=1"], {"x": 1}),
    c("C13", {}, ["+a.b.c=1"], {"a": {"b": {"c": 1}}}),
    c("C14", {"a": 1}, ["+a.b=2"], {"a": {"b": 2}}),
    c("C15a", {"x": 20}, ["~x"], {}),
    c("C15b", {"x": 20}, ["~x=20"], {}),
    c("C16a", {"x": {"y": 10}}, ["~x.y"], {"x": {}}),
    c("C16b", {"x": {"y": 10}}, ["~x.y=10"], {"x": {}}),
    c("C17", {"x": [1, 2, 3]}, ["~x=[1,2,3]"], {}),
    c("C18", {"x": 20}, ["~z"], "Could not delete from config. 'z' does not exist."),
    c("C19", {"x": 20}, ["~x=10"], "Could not delete from config. The value of 'x' is 20 and not 10."),
    c("C20", {"x": None}, ["~x"], "Could not delete from config. 'x' does not exist."),
    c("C21", {"x": 20}, ["foo@bar=10"], "Override foo@bar=10 looks like a config group override, but config group 'foo' does not exist."),
    c("C22a", {"l": ["a"]}, ["l.0=b"], {"l": ["b"]}),
    c("C22b", {"l": ["a"]}, ["l.3=b"], "Error merging override l.3=b"),
    c("C23", {"x": 1}, ["x=2", "x=3"], {"x": 3}),
    c("C24", {"x": 1}, ["x=1,2"], "Ambiguous value for argument 'x=1,2'"),
    c("C25a", {"x": 1}, ["x=choice(1,2)"], "Sweep parameters 'x=choice(1,2)' requires --multirun"),
    c("C25b", {"x": 1}, ["x=range(3)"], "Sweep parameters 'x=range(3)' requires --multirun"),
    c("C26", WITH_DB, ["db={port:1}"], {"db": {"port": 1, "user": "u"}}, DB),
    c("C27", WITH_DB, ["~db", "+db={a:1}"], {"db": {"a": 1}}, DB),
    c("C28a", WITH_DB, ["db=5"], None, DB),
    c("C28b", WITH_DB, ["db=null"], None, DB),
    c("C29", WITH_DB, ["++db=mysql"], "force-add of config groups is not supported: '++db=mysql'", DB),
    # The hydra node is the typed one of a composition.
    c("C30", {}, ["hydra.job.num=fail"], "Error merging override hydra.job.num=fail"),
]

F = ""  # a file without content but with itself in the list
FILES = {
    "g/f1.yaml": F, "g/f2.yaml": F, "g/f3.yaml": F, "g/g2/f1.yaml": F, "g/g2/f2.yaml": F, "empty.yaml": F,
    "g1/f1.yaml": F, "g2/f2.yaml": F, "g3/f1_f2.yaml": F, "g1/x.yaml": F, "g3/x_f2.yaml": F,
}
I = {"g/i.yaml": "defaults:\n- g2: f1\n- _self_\n"}
I2 = {"g/i.yaml": "defaults:\n- g2@pkg2: f1\n- _self_\n"}
H = {"g/h.yaml": "# @package foo\ndefaults:\n- g2: f1\n- _self_\n"}
E = {"experiment/e.yaml": "# @package _global_\ndefaults:\n- override /g: f2\n"}
EN = {"experiment/e.yaml": "defaults:\n- override /g: f2\n"}


def d(id, defaults, expected, overrides=(), more=None, name="p", version="1.3", header=""):
    files = dict(FILES)
    if defaults is not None:
        files["p.yaml"] = header + "defaults:\n" + "".join(f"- {entry}\n" for entry in defaults)
    files.update(more or {})
    return id, files, name, list(overrides), expected, version


INTERPOLATED = ["g1: f1", "g2: f2", "g3: ${g1}_${g2}"]
BODY = {"db/mysql.yaml": "driver: mysql\nport: 1\n"}
MATCHING = {
    "p.yaml": "defaults:\n- hydra: default\n- logging: full\n- data: image/aisle3\n- dataloader: default\n- model: timm_backbone\n- loss: arcface\n- optimizer: adam\n- _self_\n- override hydra/hydra_logging: colorlog\n- override hydra/job_logging: colorlog\nproject: a3-datafeed\nseed_everything: false\n",
    "hydra/default.yaml": "run:\n  dir: ./outputs/${project}/${hydra.job.override_dirname}\nsweep:\n  dir: ./outputs/${project}/\n  subdir: ${hydra.job.override_dirname}\njob:\n  config:\n    override_dirname:\n      exclude_keys: [xp.resume]\n",
    # The plugin is not installed beside the oracle: the tree brings its own.
    "hydra/hydra_logging/colorlog.yaml": "version: 1\n", "hydra/job_logging/colorlog.yaml": "version: 1\n",
    "logging/full.yaml": "log_every_n_steps: 50\n", "data/image/aisle3.yaml": "# @package data\nfolds: 2\nimage_col: image\n",
    "dataloader/default.yaml": "batch_size: 16\n", "model/timm_backbone.yaml": "model_name: tf_efficientnet_b4_ns\n",
    "loss/arcface.yaml": "margin: 28.6\nscale: 32.0\n", "optimizer/adam.yaml": "_target_: torch.optim.AdamW\nlr: 5e-4\n",
}
D = [
    d("D1", ["g: f1"], ["g/f1@g", "p"]),
    d("D2", ["_self_", "g: f1"], ["p", "g/f1@g"]),
    d("D3", ["empty@pkg1"], ["empty@pkg1", "p"]),
    d("D4", ["g: i"], ["g/g2/f1@g.g2", "g/i@g", "p"], more=I),
    d("D5", ["g: i"], ["g/g2/f1@g.pkg2", "g/i@g", "p"], more=I2),
    d("D6", ["g: i"], ["g/g2/f2@g.pkg2", "g/i@g", "p"], ["g/g2@g.pkg2=f2"], I2),
    d("D7", ["g: i"], "Could not override 'g/g2'.", ["g/g2=f2"], I2),
    d("D8", ["g: i"], ["g/g2/f1", "g/i@g", "p"], more={"g/i.yaml": "defaults:\n- g2@_global_: f1\n- _self_\n"}),
    d("D8b", ["g: i"], ["g/g2/f2", "g/i@g", "p"], ["g/g2@_global_=f2"], {"g/i.yaml": "defaults:\n- g2@_global_: f1\n- _self_\n"}),
    d("D9", ["g: i"], ["g/g2/f1@foo", "g/i@g", "p"], more={"g/i.yaml": "defaults:\n- g2@_global_.foo: f1\n- _self_\n"}),
    d("D10", ["g@pkg1: f1"], ["g/f2@pkg1", "p"], ["g@pkg1=f2"]),
    d("D11", ["g@pkg1: f1"], "Could not override 'g@wrong'.", ["g@wrong=f2"]),
    d("D12", ["g: f1", "g@pkg: f1"], ["g/f1@foo.g", "g/f1@foo.pkg", "p@foo"], header="# @package foo\n"),
    d("D13", ["g: h"], ["g/g2/f1@foo.g2", "g/h@foo", "p"], more=H),
    d("D14", ["g@bar: h"], ["g/g2/f1@bar.g2", "g/h@bar", "p"], more=H),
    d("D15", None, ["empty", "g/g2/f@foo"], ["+g/g2=f"], {"g/g2/f.yaml": "# @package foo\n"}, "empty"),
    d("D16", None, ["g/f1@g"], ["+g=f1"], name=None),
    d("D17", ["g: [f1, f2]"], ["g/f1@g", "g/f2@g", "p"]),
    d("D18", ["g: [f1, f2]", "override g: [f3, f1]"], ["g/f3@g", "g/f1@g", "p"]),
    d("D19", ["g: f1", "override g: f2"], ["g/f2@g", "p"]),
    d("D20", ["override g: f2", "g: f1"], "In p: Override 'g : f2' is defined before 'g: f1'."),
    d("D21", ["g: i", "override g/g2: f2"], ["g/g2/f2@g.g2", "g/i@g", "p"], more=I),
    d("D22", ["g: i", "override g/g2: null"], ["g/i@g", "p"], more=I),
    d("D23a", ["g: f1"], ["p"], ["~g"]),
    d("D23b", ["g: f1"], "Could not delete 'g=wrong'. No match in the defaults list", ["~g=wrong"]),
    d("D24", ["g: f1", "g: f2"], "Multiple values for g. To override a value use 'override g: f2'"),
    d("D25", ["g: f1", "g: f1"], "g appears more than once in the final defaults list"),
    d("D26", None, "Could not override 'g'. No match in the defaults list.", ["g=f1"], name="empty"),
    d("D27", ["override foo: bar"], "In 'p': Could not override 'foo'. No match in the defaults list."),
    d("D28", ["g: ???"], "You must specify 'g', e.g, g=<OPTION>"),
    d("D29", ["g@foo: ???"], "You must specify 'g@foo', e.g, g@foo=<OPTION>"),
    d("D30", ["empty", "optional foo: missing"], ["empty", "p"]),
    d("D31", None, "In 'empty': Could not find 'g/not_found'", ["+g=not_found"], name="empty"),
    d("D32", None, "Cannot find primary config 'x'. Check that it's in your config search path.", name="x"),
    d("D33a", INTERPOLATED, ["g1/f1@g1", "g2/f2@g2", "g3/f1_f2@g3", "p"]),
    d("D33b", INTERPOLATED, ["g1/x@g1", "g2/f2@g2", "g3/x_f2@g3", "p"], ["g1=x"]),
    d("D34", INTERPOLATED[2:] + INTERPOLATED[:2], ["g3/f1_f2@g3", "g1/f1@g1", "g2/f2@g2", "p"]),
    d("D35", ["g: f1", "${not_found}"], "Error resolving interpolation '${not_found}', possible interpolation keys: g"),
    d("D36", ["g: f1"], ["g/f2@g", "p", "experiment/e"], ["+experiment=e"], E),
    d("D37", ["g: f1"], "In 'experiment/e': Could not override 'g@experiment.g'.", ["+experiment=e"], EN),
    d("D38", None, "In 'experiment/e': Could not override 'experiment/g'. No match in the defaults list.", more={"experiment/e.yaml": "defaults:\n- override g: f1\n"}, name="experiment/e"),
    d("D39a", ["_self_", "empty", "_self_"], "Duplicate _self_ defined in p"),
    d("D39b", ["_self_@pkg"], None),
    d("D40a", ["hydra/help: c"], "Multiple values for hydra/help. To override a value use 'override hydra/help: c'", more={"hydra/help/c.yaml": "app_name: me\n"}),
    d("D40b", ["hydra/help: c"], ["p"], more={"hydra/help/c.yaml": "app_name: me\n"}, version="1.1"),
    d("D41a", ["db: mysql", "_self_"], {"db": {"driver": "mysql", "port": 2}}, more={**BODY, "p.yaml": "defaults:\n- db: mysql\n- _self_\ndb:\n  port: 2\n"}),
    d("D41b", ["_self_", "db: mysql"], {"db": {"driver": "mysql", "port": 1}}, more={**BODY, "p.yaml": "defaults:\n- _self_\n- db: mysql\ndb:\n  port: 2\n"}),
    d("D42", None, "primary config 'p' must be a DictConfig, got ListConfig", more={"p.yaml": "- a\n"}),
    d("D43", None, ["logging/full@logging", "data/image/aisle3@data", "dataloader/default@dataloader", "model/timm_backbone@model", "loss/arcface@loss", "optimizer/adam@optimizer", "p"], more=MATCHING, version=None),
    d("D44", None, {"dirname": "loss.margin=33.3,loss=arcface"}, ["loss=arcface", "loss.margin=33.3"], MATCHING, version=None),
]


def check(id, answer, expected):
    if expected is None:
        assert "error" in answer, (id, answer)
    elif isinstance(expected, str):
        assert answer.get("text") == expected, (id, expected, answer)
    elif isinstance(expected, list):
        made = [path + ("@" + package if package else "") for path, package, _, _ in answer["list"]]
        assert made == expected, (id, expected, answer)
    elif "dirname" in expected:
        assert answer["dirname"] == expected["dirname"], (id, answer)
    else:
        assert answer["data"] == expected, (id, expected, answer)


for name, table in (("table_c.json", C), ("table_d.json", D)):
    rows = []
    for id, files, config, overrides, expected, version in table:
        answer = ask(files, config, overrides, version, ["run"] if id == "D43" else ())
        assert answer is not None, id
        check(id, answer, expected)
        used = files if name == "table_c.json" or "error" not in answer else files
        row = {"id": id, "files": used, "config": config or "", "overrides": overrides}
        if version:
            row["version"] = version
        rows.append({**row, **answer})
    (HERE / name).write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
    print(name, len(rows))
