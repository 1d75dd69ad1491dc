# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes cases.json of tests/retrieval: scores with ties, right answers, and every measure by NumPy: python make_ranks.py"""
import json
import math
import pathlib

import numpy

chance = numpy.random.default_rng(5)
cases = []
for case in range(24):
    queries, candidates = int(chance.integers(1, 9)), [1, 2, 7, 25, 40][case % 5]
    scores = chance.integers(0, 6 if case % 2 else 1000, size=(queries, candidates)) / 8  # few values: many ties
    right = []
    for q in range(queries):
        most = min(candidates, 30 if case % 4 == 3 else 4)
        right.append(sorted(chance.choice(candidates, int(chance.integers(0, most + 1)), replace=False).tolist()))
    ranks, recalls, ndcgs, mrr, average, best = [], {1: [], 5: [], 10: []}, {1: [], 5: [], 10: []}, [], [], []
    for q in range(queries):
        order = numpy.argsort(-scores[q], kind="stable")
        hit = numpy.isin(order, right[q])
        found = (numpy.nonzero(hit)[0] + 1).tolist()
        ranks.append(found)
        for k in recalls:
            recalls[k].append(float(hit[:min(k, candidates)].any()))
            gain = (hit[:k] / numpy.log2(numpy.arange(len(hit[:k])) + 2)).sum()
            ideal = sum(1 / math.log2(r + 1) for r in range(1, min(len(right[q]), k) + 1))
            ndcgs[k].append(gain / ideal if ideal else 0.0)
        mrr.append(1.0 if candidates == 1 else (1 / found[0] if found else 0.0))
        precision = numpy.cumsum(hit) / numpy.arange(1, candidates + 1)
        average.append(precision[hit].mean() if found else 0.0)
        best.append(found[0] if found else candidates)
    metrics = {f"recall@{k}": numpy.mean(v) for k, v in recalls.items()}
    metrics |= {f"ndcg@{k}": numpy.mean(v) for k, v in ndcgs.items()}
    metrics |= {"mrr": numpy.mean(mrr), "map": numpy.mean(average),
                "median_rank": float(sorted(best)[(len(best) - 1) // 2])}
    cases.append({"candidates": candidates, "scores": scores.tolist(), "right": right, "ranks": ranks, "metrics": metrics})
json.dump(cases, open(pathlib.Path(__file__).parent / "cases.json", "w"), separators=(",", ":"))
