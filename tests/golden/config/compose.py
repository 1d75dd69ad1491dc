# SPDX-License-Identifier: GPL-3.0-or-later
# What hydra-core 1.3.2 makes of random config trees. Writes compose.json beside this script: python compose.py [SEED
# [COUNT]] (with a SEED: compose-SEED.json in the current folder). One case a line: files, primary config, overrides,
# version_base; then data, choices, defaults list and override_dirname, or the refusal's kind and first line.
import json, pathlib, random, sys

from compose_oracle import ask

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 11
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 400
rng = random.Random(SEED)
GROUPS = {"db": ["mysql", "pg", "mem"], "net": ["a", "b"], "opt": ["adam", "sgd"], "db/eng": ["x", "y"], "net/act": ["r", "g"]}
PACKAGES = ["src", "a.b", "_here_", "_group_", "_global_", "_global_.z", "_group_.in", ""]
HEADERS = ["_global_", "foo", "foo.bar", "_global_.q"]


def chance(p):
    return rng.random() < p


class Case:
    def __init__(self):
        self.files, self.features, self.overrides = {}, set(), []
        self.version = rng.choice([None, None, None, "1.1", "1.2", "1.3"])
        if self.version:
            self.feature("version_base " + self.version)
        self.groups = {}
        for group in rng.sample(list(GROUPS), rng.randint(1, 4)):
            self.groups[group] = GROUPS[group][: rng.randint(1, 3)]
        for group in list(self.groups):
            if "/" in group and group.split("/")[0] not in self.groups:
                self.groups[group.split("/")[0]] = GROUPS[group.split("/")[0]][:1]

    def feature(self, name):
        self.features.add(name)

    def value(self, depth=0):
        pick = rng.random()
        if pick < 0.16 and depth < 2:
            return "{%s}" % ", ".join(f"{k}: {self.value(depth + 1)}" for k in rng.sample("uvwxy", rng.randint(0, 2)))
        if pick < 0.28:
            return "[%s]" % ", ".join(self.value(2) for _ in range(rng.randint(0, 3)))
        if pick < 0.36:
            self.feature("value interpolation")
            return '"' + rng.choice(["${x}", "${.y}", "${..x}", "v_${x}", "${oc.env:NOT_SET_HERE,d}", "${hydra:job.name}", "${db.x}"]) + '"'
        if pick < 0.4:
            self.feature("value ???")
            return "???"
        return rng.choice(["1", "2", "0.5", "1e-3", "true", "null", "text", "'7'", "no", "a b", "-3", "1_000"])

    def body(self, indent=""):
        keys = rng.sample("xyzuvw", rng.randint(0, 3))
        return "".join(f"{indent}{key}: {self.value()}\n" for key in keys)

    def option(self, group):
        if chance(0.04):
            self.feature("unknown option")
            return "nope"
        return rng.choice(self.groups[group])

    def relative(self, group, inside):
        if inside and group.startswith(inside + "/") and chance(0.85):
            return group[len(inside) + 1 :]
        return ("/" if inside or chance(0.15) else "") + group

    def suffix(self, feature="package"):
        if not chance(0.28):
            return ""
        self.feature(feature)
        package = rng.choice(PACKAGES)
        self.feature("package " + (package.split(".")[0] if package.startswith("_") else "plain"))
        return "@" + package

    def entry(self, group, inside):
        name = self.relative(group, inside)
        if name.startswith("/"):
            self.feature("absolute path")
        pick = rng.random()
        if pick < 0.09:
            self.feature("list of options")
            options = rng.sample(self.groups[group], rng.randint(1, len(self.groups[group])))
            return f"- {name}{self.suffix()}: [{', '.join(options)}]\n"
        if pick < 0.15:
            self.feature("null option")
            return f"- {name}{self.suffix()}: null\n"
        if pick < 0.20:
            self.feature("option ???")
            return f"- {name}{self.suffix()}: ???\n"
        if pick < 0.27:
            self.feature("optional")
            return f"- optional {name}{self.suffix()}: {rng.choice(['nope', self.option(group)])}\n"
        if pick < 0.36:
            self.feature("config entry")
            return f"- {name}/{self.option(group)}{self.suffix()}\n"
        if pick < 0.44:
            self.feature("interpolated option")
            other = rng.choice(list(self.groups))
            return f"- {name}{self.suffix()}: ${{{other}}}\n"
        return f"- {name}{self.suffix()}: {self.option(group)}\n"

    def override_entry(self, inside):
        self.feature("override")
        group = rng.choice(list(self.groups))
        name = ("/" if inside else "") + group if chance(0.9) else "ghost"
        package = "@" + rng.choice(PACKAGES) if chance(0.15) else ""
        return f"- override {name}{package}: {rng.choice([self.option(group), self.option(group), 'null'])}\n"

    def defaults(self, inside, wanted):
        lines = []
        for group in wanted:
            lines.append(self.entry(group, inside))
        pick = rng.random()
        if pick < 0.55:
            self.feature("_self_")
            lines.insert(rng.randint(0, len(lines)), "- _self_\n")
        elif pick < 0.61:
            self.feature("_self_ twice")
            lines += ["- _self_\n"] * 2
        if chance(0.22):
            lines.append(self.override_entry(inside))
        if chance(0.05):
            self.feature("override first")
            lines.insert(0, self.override_entry(inside))
        if chance(0.04):
            self.feature("wrong entry")
            lines.append(rng.choice(["- {a: 1, b: 2}\n", "- 3\n", "- db: 5\n", "- db: {a: 1}\n", "- _self_@p\n", "- {}\n", "- db: [1]\n", "- null\n"]))
        return "defaults:\n" + "".join(lines) if lines else ""

    def text(self, inside, wanted, header):
        text = ""
        if header:
            self.feature("header")
            self.feature("header " + header.split(".")[0].strip("_") if header.startswith("_") else "header plain")
            text += rng.choice(["# @package %s\n", "# @package %s\n\n", "\n#@package   %s\n"]) % header
        elif chance(0.04):
            self.feature("header behind a comment")
            text += "# a comment\n# @package ignored\n"
        elif chance(0.022):
            self.feature("wrong header")
            text += rng.choice(["# @package\n", "# @package a b\n"])
        if wanted or chance(0.05):
            text += self.defaults(inside, wanted)
        return text + self.body()

    def build(self):
        for group, options in self.groups.items():
            for option in options:
                nested = [g for g in self.groups if g.startswith(group + "/")]
                wanted = []
                if nested and chance(0.5):
                    self.feature("nested")
                    wanted = nested
                elif chance(0.08):
                    self.feature("nested")
                    wanted = [rng.choice(list(self.groups))]
                header = rng.choice(HEADERS) if chance(0.2) else None
                self.files[f"{group}/{option}.yaml"] = self.text(group, wanted, header)
        tops = [g for g in self.groups if "/" not in g] or list(self.groups)
        wanted = rng.sample(tops, rng.randint(1, len(tops)))
        if chance(0.12):
            self.feature("group twice")
            wanted.append(rng.choice(wanted))
        if chance(0.12):
            wanted.append(rng.choice(list(self.groups)))
        rng.shuffle(wanted)
        header = rng.choice(HEADERS) if chance(0.08) else None
        self.files["p.yaml"] = self.text("", wanted, header)
        if chance(0.25):
            self.experiment()
        if chance(0.09):
            self.feature("wrong file")
            self.files["p.yaml"] = rng.choice(["- a\n- b\n", "a: 1\na: 2\n", "defaults: 3\n", "defaults: {db: mysql}\n", "a: [\n", "\t- x\n"])
        if chance(0.06):
            self.feature("hydra in the primary")
            self.files["p.yaml"] += rng.choice(["hydra:\n  job:\n    name: mine\n", "hydra:\n  run:\n    dir: out/${hydra.job.override_dirname}\n", "hydra:\n  job:\n    config:\n      override_dirname:\n        kv_sep: ':'\n        item_sep: ';'\n        exclude_keys: [x]\n", "hydra:\n  nokey: 1\n", "hydra:\n  job:\n    num: 'abc'\n", "hydra:\n  job:\n    num: '7'\n"])
        for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
            self.overrides.append(self.override())
        name = "p"
        if chance(0.08):
            self.feature("unknown primary")
            name = "ghost"
        elif chance(0.02):
            name = "p.yaml"
        return name

    def experiment(self):
        self.feature("experiment")
        lines = [self.override_entry("exp") for _ in range(rng.randint(1, 2))]
        if chance(0.2):
            lines.insert(0, "- _self_\n")
        header = "# @package _global_\n" if chance(0.85) else ""
        self.files["exp/e.yaml"] = header + "defaults:\n" + "".join(lines) + self.body()
        if chance(0.8):
            self.overrides.append("+exp=e")
        else:
            self.overrides.append("exp=e")

    def override(self):
        group = rng.choice(list(self.groups))
        package = "@" + rng.choice(["src", "a.b", "_global_", "", "db"]) if chance(0.15) else ""
        key = rng.choice(["x", "y", "db.x", "net.y", "src.x", "a.b.x", "db.eng.z", "ghost", "x.u", "z.0", "foo.x"])
        value = rng.choice(["1", "0.5", "text", "null", "[1,2]", "{u:1}", "true", "'7'", "${x}", ""])
        pick = rng.random()
        if pick < 0.2:
            self.feature("group choice")
            return f"{group}{package}={self.option(group)}"
        if pick < 0.26:
            self.feature("group list choice")
            return f"{group}{package}=[{','.join(self.groups[group])}]"
        if pick < 0.32:
            self.feature("group added")
            return f"+{group}{package}={self.option(group)}"
        if pick < 0.42:
            self.feature("group deleted")
            return f"~{group}{package}" + rng.choice(["", "", "=" + self.option(group)])
        if pick < 0.52:
            self.feature("group wrongly")
            return rng.choice([f"{group}=5", f"{group}=null", f"++{group}=x", f"{group}={{x:5}}", f"~{group}=[a]", "ghost@p=1", "+ghost/g=1"])
        if pick < 0.62:
            self.feature("value changed")
            return f"{key}={value}"
        if pick < 0.71:
            self.feature("value added")
            return f"+{key}={value}"
        if pick < 0.77:
            self.feature("value forced")
            return f"++{key}={value}"
        if pick < 0.88:
            self.feature("value deleted")
            return f"~{key if chance(0.5) else rng.choice('xyz')}" + rng.choice(["", "", "", "=1", "=text"])
        if pick < 0.94:
            self.feature("sweep without multirun")
            return rng.choice([f"{key}=1,2", f"{key}=range(3)", f"{key}=choice(a,b)"])
        self.feature("hydra override")
        return rng.choice(["hydra.run.dir=out", "hydra.job.num=abc", "hydra.job.name=n", "hydra.nokey=1", "+hydra.extra=1", "hydra/job_logging=none", "hydra/job_logging=ghost", "hydra.verbose=true", "hydra.job.config.override_dirname.exclude_keys=[x]", "~hydra.run", "hydra.searchpath=5", "hydra.mode=RUN"])


features, kept, refused = {}, [], 0
while len(kept) < COUNT:
    case = Case()
    name = case.build()
    answer = ask(case.files, name, case.overrides, case.version)
    if answer is None:
        continue
    isRefusal = "error" in answer
    # About a third of what random trees do is refused: kept down, so that both sides are tried.
    if isRefusal and refused >= 0.36 * COUNT:
        continue
    refused += isRefusal
    row = {"files": case.files, "config": name, "overrides": case.overrides}
    if case.version:
        row["version"] = case.version
    kept.append({**row, **answer})
    for feature in case.features:
        features[feature] = features.get(feature, 0) + 1
print(f"seed {SEED}: {len(kept)} cases, {refused} refusals", file=sys.stderr)
for feature, count in sorted(features.items()):
    print(f"  {count:4d} {feature}", file=sys.stderr)
target = pathlib.Path(__file__).with_name("compose.json") if len(sys.argv) < 2 else pathlib.Path(f"compose-{SEED}.json")
target.write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":"), ensure_ascii=False) for row in kept) + "\n]\n")
