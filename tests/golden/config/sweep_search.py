# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks W&B's own search (package sweeps 0.3), scipy and scikit-learn for the answers that sweep_search.json keeps.

    PYTHONPATH=FOLDER_WITH_SWEEPS python sweep_search.py [SEED] > sweep_search.json
"""
import json
import math
import random
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern
from scipy import stats
from sweeps import SweepRun, RunState
from sweeps.bayes_search import _construct_gp_data, bayes_baseline_validate_and_fill
from sweeps.config import SweepConfig
from sweeps.config.schema import ParamValidationError
from sweeps.grid_search import grid_search_next_runs
from sweeps.hyperband_stopping import hyperband_stop_runs
from sweeps.params import HyperParameter, HyperParameterSet

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 20261121
random.seed(SEED)
numbers = np.random.default_rng(SEED)


def round_trip(value):
    if isinstance(value, (np.integer,)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        value = float(value)
        return value if math.isfinite(value) else str(value)
    return value


def span(low, high):
    a, b = sorted(round(random.uniform(low, high), 3) for _ in range(2))
    return {"min": a, "max": b + 0.01}


def forms():
    """One parameter of every distribution, with random numbers."""
    quantum = lambda: random.choice([1, 2, 5, 0.5, 0.1, 0.25])
    shape = lambda: {"a": round(random.uniform(0.3, 8), 2), "b": round(random.uniform(0.3, 8), 2)}
    bell = lambda: {"mu": round(random.uniform(-3, 3), 2), "sigma": round(random.uniform(0.1, 2), 2)}
    whole = sorted(random.sample(range(-20, 40), 2))
    weights = [random.randint(1, 9) for _ in range(4)]
    values = random.choice([["a", "b", "c", "d"], [1, 2.5, "x", None], [True, False, 3, "y"], [[1, 2], [3], 4, {"k": 1}]])
    yield {"distribution": "q_beta", **shape(), "q": random.choice([0.1, 0.25, 0.05])}
    yield {"distribution": "beta", **shape()}
    yield {"values": values}
    yield {"values": ["a", "b", "c", "d"], "probabilities": [w / sum(weights) for w in weights]}
    yield {"min": whole[0], "max": whole[1]}
    yield span(-5, 5)
    yield {"distribution": "uniform", "min": whole[0], "max": whole[1]}
    yield {"distribution": "log_normal", **bell()}
    yield {"distribution": "q_log_normal", **bell(), "q": quantum()}
    yield {"distribution": "log_uniform", **span(-9, 2)}
    yield {"distribution": "q_log_uniform", **span(0, 6), "q": quantum()}
    yield {"distribution": "inv_log_uniform", **span(-3, 3)}
    yield {"distribution": "normal", **bell()}
    yield {"distribution": "q_normal", **bell(), "q": quantum()}
    yield {"distribution": "q_uniform", **span(-8, 30), "q": quantum()}
    yield {"value": random.choice([1, 2.5, "text", None, [1, 2]])}
    yield {"distribution": "log_uniform_values", **span(1e-3, 2)}
    yield {"distribution": "q_log_uniform_values", **span(1, 500), "q": quantum()}
    yield {"distribution": "inv_log_uniform_values", **span(1e-3, 2)}


def draws():
    rows = []
    for _ in range(3):
        for form in forms():
            parameter = HyperParameter("x", form)
            discrete = parameter.type in ("param_categorical", "param_int_uniform")
            for u in [0.0, 0.5, 1 - 2**-53] + [random.random() for _ in range(4)]:
                if discrete:
                    # scipy puts a boundary to the lower value and u = 0 below the first: the format's page says floor.
                    options = form.get("values") or list(range(form["min"], form["max"] + 1))
                    value = options[math.floor(u * len(options))]
                    if u not in (0.0, 0.5):
                        assert value == parameter.ppf(u), (form, u)
                else:
                    unbounded = form.get("distribution", "").endswith("normal") and u == 0
                    if unbounded and form["distribution"].startswith("q_"):
                        continue
                    value = parameter.ppf(u)
                    if "probabilities" in form and u >= sum(form["probabilities"]):
                        value = form["values"][-1]  # where rounding left the sum below u, the package wraps around
                rows.append({"parameter": form, "u": u, "value": round_trip(value)})
    return rows


def probabilities():
    rows = []
    for _ in range(3):
        for form in forms():
            parameter = HyperParameter("x", form)
            for u in [random.uniform(0.01, 0.99) for _ in range(3)]:
                value = round_trip(parameter.ppf(u))
                at = value
                if parameter.type.startswith("param_categorical"):
                    at = next(i for i, v in enumerate(form["values"]) if v == value and type(v) is type(value))
                if parameter.type == "param_single_value":
                    at = 0.0
                rows.append({"parameter": form, "value": value, "cdf": float(parameter.cdf(np.array(at)))})
    return rows


KINDS = {  # names of the definitions in the schema
    "param_qbeta": "q_beta", "param_beta": "beta", "param_categorical": "categorical",
    "param_categorical_w_probabilities": "categorical_w_probabilities", "param_int_uniform": "int_uniform",
    "param_uniform": "uniform", "param_lognormal": "log_normal", "param_loguniform": "log_uniform",
    "param_inv_loguniform": "inv_log_uniform", "param_normal": "normal", "param_qlognormal": "q_log_normal",
    "param_qloguniform": "q_log_uniform", "param_qnormal": "q_normal", "param_quniform": "q_uniform",
    "param_single_value": "constant", "param_inv_loguniform_v2": "inv_log_uniform_values",
    "param_loguniform_v2": "log_uniform_values", "param_qloguniform_v2": "q_log_uniform_values"}


def inference():
    keys = {"min": [1, 1.0, 0, -2, 0.5, "a"], "max": [3, 3.0, 1, 0], "values": [[1], [1, 2], [], 3],
            "probabilities": [[1], [0.5, 0.5], [0.3, 0.3]], "value": [1, None, [1]], "mu": [0, 0.5], "sigma": [1, -1],
            "a": [1, 2.5], "b": [1], "q": [1, 0.5, 0], "valeus": [[1]],
            "distribution": list(KINDS.values()) + ["gauss"]}
    likely = [("min", "max"), ("min", "max", "distribution"), ("values",), ("values", "probabilities"), ("value",),
              ("distribution", "mu", "sigma"), ("distribution", "q", "min", "max"), ("distribution", "a", "b")]
    rows = []
    while len(rows) < 160:
        chosen = list(random.choice(likely))
        if random.random() < 0.25:
            chosen.append(random.choice(list(keys)))
        form = {key: random.choice(keys[key]) for key in chosen}
        try:
            SweepConfig({"method": "random", "parameters": {"x": form}})
            kind = KINDS[HyperParameter("x", form).type]
        except Exception:
            kind = None
        if form.get("distribution") in ("log_uniform", "q_log_uniform", "inv_log_uniform") and kind is None:
            try:  # deprecated spellings are refused by the full check only: files that hold them are read here
                kind = KINDS[HyperParameter("x", form).type]
            except Exception:
                pass
        if kind is None and sum(r["kind"] is None for r in rows) > 60:
            continue
        rows.append({"parameter": form, "kind": kind})
    return rows


def grids():
    rows = []
    for _ in range(12):
        parameters = {}
        for name in random.sample(["lr", "batch", "Zeta", "alpha", "m.x", "_y"], random.randint(1, 3)):
            parameters[name] = random.choice([
                {"values": random.sample([1, 2.5, "a", "b", True, None], random.randint(1, 3))},
                {"min": 2, "max": random.randint(3, 5)},
                {"distribution": "q_uniform", "min": 0.0, "max": 1.0, "q": random.choice([0.25, 0.3])},
                {"distribution": "q_uniform", "min": 1, "max": 7, "q": 2},
                {"value": random.choice([5, "c"])},
                {"parameters": {"in": {"values": [1, 2]}, "deep": {"parameters": {"z": {"values": ["p", "q"]}}}}}])
        config = {"method": "grid", "parameters": parameters}
        runs = []
        while len(runs) < 40:
            suggestion = grid_search_next_runs(runs, config)[0]
            if suggestion is None:
                break
            suggestion.state = RunState.finished
            runs.append(suggestion)
        used = random.sample(range(len(runs)), len(runs) // 3)
        rest = grid_search_next_runs([runs[i] for i in used], config)[0]
        rows.append({"parameters": parameters, "configs": [run.config for run in runs], "complete": len(runs) < 40,
                     "used": used, "next": rest.config if rest else None})
    return rows


def hyperband():
    rows = []
    for _ in range(40):
        rule = {"type": "hyperband"}
        if random.random() < 0.5:
            rule.update(max_iter=random.randint(4, 30), s=random.randint(1, 4))
        else:
            rule.update(min_iter=random.randint(1, 4))
        if random.random() < 0.7:
            rule["eta"] = random.choice([2, 3, 1.5, 4])
        if random.random() < 0.5:
            rule["strict"] = random.random() < 0.5
        goal = random.choice(["minimize", "maximize"])
        runs = [SweepRun(name=str(i), state=random.choice([RunState.running, RunState.running, RunState.finished,
                                                           RunState.failed]),
                         history=[{"m": round(random.uniform(0, 3), 1)} for _ in range(random.randint(0, 14))])
                for i in range(random.randint(1, 9))]
        config = {"method": "random", "metric": {"name": "m", "goal": goal}, "early_terminate": rule,
                  "parameters": {"a": {"values": [1]}}}
        row = {"rule": dict(rule), "goal": goal,
               "runs": [{"state": run.state, "history": [h["m"] for h in run.history]} for run in runs]}
        try:
            row["stops"] = [int(run.name) for run in hyperband_stop_runs(runs, config)]
        except ValueError:
            row["stops"] = None
        rows.append(row)
    return rows


def processes():
    rows = []
    for count, size in [(2, 1), (3, 2), (8, 1), (12, 3), (30, 4), (60, 6)]:
        x = numbers.random((count, size))
        y = np.sin(5 * x).sum(axis=1) + 0.1 * numbers.standard_normal(count)
        y = (y - y.mean()) / (y.std() + 1e-6)
        queries = numbers.random((4, size))
        fixed = []
        for scale in [0.1, 0.7, 3.0]:
            gp = GaussianProcessRegressor(Matern(scale, nu=1.5), optimizer=None, alpha=1e-7).fit(x, y)
            mean, deviation = gp.predict(queries, return_std=True)
            z = -(mean - y.min()) / (deviation + 1e-6)
            gain = -(mean - y.min()) * stats.norm.cdf(z) + deviation * stats.norm.pdf(z)
            fixed.append({"scale": scale, "likelihood": gp.log_marginal_likelihood_value_, "mean": mean.tolist(),
                          "deviation": deviation.tolist(), "gain": gain.tolist()})
        free = GaussianProcessRegressor(Matern(nu=1.5), n_restarts_optimizer=2, alpha=1e-7, random_state=2).fit(x, y)
        rows.append({"points": x.tolist(), "values": y.tolist(), "queries": queries.tolist(), "fixed": fixed,
                     "reached": free.log_marginal_likelihood_value_, "scale": free.kernel_.length_scale})
    return rows


def samples():
    """What the Gaussian process is given of a set of runs: states, imputation, goals."""
    rows = []
    for _ in range(30):
        parameters = {"a": {"min": 0.0, "max": 4.0}, "b": {"values": ["x", "y", "z"]},
                      "c": {"distribution": "log_uniform_values", "min": 1e-4, "max": 1.0}, "d": {"value": 3}}
        goal = random.choice(["minimize", "maximize"])
        metric = {"name": "m", "goal": goal, "impute": random.choice(["worst", "best", "latest"]),
                  "impute_while_running": random.choice(["false", "false", "latest", "best", "worst"])}
        config = bayes_baseline_validate_and_fill({"method": "bayes", "metric": metric, "parameters": parameters})
        ordered = HyperParameterSet.from_config(config["parameters"])
        runs = []
        for _ in range(random.randint(2, 8)):
            values = {p.name: round_trip(p.ppf(random.uniform(0.01, 0.99))) for p in ordered}
            state = random.choice(["pending", "running", "finished", "finished", "failed", "killed"])
            history = [] if state == "pending" or random.random() < 0.2 else [
                {"m": round(random.uniform(-2, 2), 2)} for _ in range(random.randint(1, 5))]
            runs.append(SweepRun(state=state, history=history,
                                 config={name: {"value": value} for name, value in values.items()}))
        _, points, running, y, _ = _construct_gp_data(runs, config)
        rows.append({"metric": metric, "parameters": parameters,
                     "runs": [{"state": run.state, "history": [h["m"] for h in run.history],
                               "values": [run.config[p.name]["value"] for p in ordered]} for run in runs],
                     "points": np.asarray(points).reshape(len(y), -1).tolist() if len(y) else [],
                     "values": y.tolist(), "running": np.asarray(running).tolist()})
    return rows


print(json.dumps({"seed": SEED, "draws": draws(), "probabilities": probabilities(), "inference": inference(),
                  "grids": grids(), "hyperband": hyperband(), "processes": processes(), "samples": samples()},
                 separators=(",", ":")))
