# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes two LoRA lists with made-up embeddings and what NumPy says of them (tests/adapters): python make_lists.py"""
import json
import pathlib

import numpy

here = pathlib.Path(__file__).parent
chance = numpy.random.default_rng(11)
(here / "emb").mkdir(exist_ok=True)
means = {}


def adapter(name, dtype="<f4", rows=0, fortran=False):
    values = chance.normal(size=(rows, 8) if rows else 8).astype(dtype)
    numpy.save(here / "emb" / f"{name}.npy", numpy.asfortranarray(values) if fortran else values)
    wide = values.astype(numpy.float32).astype(numpy.float64)
    means[name] = (wide.mean(0) if rows else wide).astype(numpy.float32).astype(numpy.float64)
    return {"lora_name": name, "lora_path": f"/nowhere/{name}", "embedding_path": f"emb/{name}.npy", "description": "d"}


first = [adapter("app_lora_clock"), adapter("app_lora_google_drive", "<f2"), adapter("app_lora_etsy_qwen2vl", rows=4),
         {"description": "no name"}, {"lora_name": "gone", "embedding_path": "emb/gone.npy"},
         {"lora_name": "nothing", "embedding_path": "/dev/null"}, adapter("twin")]
twice = adapter("twin_later", "<f8")
twice["lora_name"] = "twin"
means["twin"] = means.pop("twin_later")
second = [adapter("category_lora_office", rows=3, fortran=True), twice]
twin_of_clock = adapter("equal")
numpy.save(here / "emb" / "equal.npy", (2 * means["app_lora_clock"]).astype("<f4"))
means["equal"] = 2 * means["app_lora_clock"]
second.append(twin_of_clock)
json.dump(first, open(here / "app.json", "w"), indent=1)
json.dump(second, open(here / "category.json", "w"), indent=1)

names = ["app_lora_clock", "app_lora_google_drive", "app_lora_etsy_qwen2vl", "twin", "category_lora_office", "equal"]
pool = numpy.stack([means[n] for n in names])
unit = pool / numpy.linalg.norm(pool, axis=1, keepdims=True)
queries = chance.normal(size=(4, 8)).astype("<f4")
queries[3] = means["app_lora_clock"].astype("<f4")  # equal scores: load order decides
numpy.save(here / "queries.npy", queries)
cases = []
for row, query in enumerate(queries.astype(numpy.float64)):
    for k, temperature in [(3, 0.2), (2, 1.0), (9, 0.05)]:
        unit_query = query / (numpy.linalg.norm(query) + 1e-8)
        scores = pool @ unit_query / (numpy.linalg.norm(pool, axis=1) + 1e-8)
        raw = pool @ query
        top = sorted(range(len(names)), key=lambda i: (-round(scores[i], 12), i))[:k]
        weights = numpy.exp(scores[top] / temperature)
        case = {"row": row, "k": k, "temperature": temperature, "scores": scores.tolist(), "raw": raw.tolist(),
                "names": [names[i] for i in top], "similarities": scores[top].tolist(),
                "softmax": (weights / weights.sum()).tolist()}
        if scores[top].sum() > 0:
            case["linear"] = (scores[top] / scores[top].sum()).tolist()
        cases.append(case)
json.dump({"names": names, "matrix": (unit @ unit.T).tolist(), "cases": cases}, open(here / "expected.json", "w"))
