# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights and inputs that a C++ test can compute for itself (tests/models/formula.h), so that only results are kept."""
import json
import math
import pathlib

import numpy
import torch


def uniform(name, count):
    """SplitMix64 over a counter that starts at the FNV-1a hash of the name, as numbers in [-1, 1)."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    out = numpy.empty(count)
    for begin in range(0, count, 1 << 22):
        end = min(count, begin + (1 << 22))
        z = numpy.uint64(seed) + numpy.arange(begin + 1, end + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
        out[begin:end] = (z >> numpy.uint64(11)) * (2.0 / 2**53) - 1
    return out


def tensor(name, shape):
    """Inputs: float32 values, held in float64."""
    return torch.from_numpy(uniform(name, math.prod(shape)).astype(numpy.float32)).double().reshape(shape)


def ids(name, shape, low, high):
    """Whole numbers low … high - 1."""
    u = (uniform(name, math.prod(shape)) + 1) / 2
    return torch.from_numpy(low + numpy.floor(u * (high - low)).astype(numpy.int64)).reshape(shape)


def weight(name, shape):
    v = uniform(name, math.prod(shape))
    if len(shape) >= 2:
        fan_in = shape[-1] if len(shape) == 3 else math.prod(shape[1:])
        v = v * math.sqrt(3 / fan_in)
    elif name.endswith("weight") or name.endswith("running_var"):
        v = 1 + 0.25 * v
    else:
        v = 0.25 * v
    return torch.from_numpy(v.astype(numpy.float32)).double().reshape(shape)


def fill(module):
    """Double precision, weights by name."""
    module.double()
    with torch.no_grad():
        for name, value in module.state_dict().items():
            if value.is_floating_point():
                value.copy_(weight(name, tuple(value.shape)))
    return module


def summary(value, samples=96):
    flat = value.detach().double().flatten()
    at = [i * flat.numel() // samples for i in range(samples)] if flat.numel() > samples else range(flat.numel())
    return {"shape": list(value.shape), "mean": float(flat.mean()), "deviation": float(flat.std(unbiased=False)),
            "largest": float(flat.abs().max()), "samples": [float(f"{flat[i]:.9g}") for i in at]}


class Golden:
    def __init__(self):
        self.cases = {}

    def add(self, case, name, value):
        self.cases.setdefault(case, {})[name] = summary(value)

    def gradients(self, case, output, module, names, inputs=None):
        """Of sum(output · formula) with respect to parameters and inputs."""
        (output * tensor("loss", output.shape)).sum().backward()
        parameters = dict(module.named_parameters())
        for name in names:
            self.add(case, "gradient of " + name, parameters[name].grad)
        for name, value in (inputs or {}).items():
            self.add(case, "gradient of " + name, value.grad)

    def write(self, maker):
        path = pathlib.Path(maker).with_suffix(".json")
        lines = [json.dumps(c) + ": {\n" + ",\n".join(f"  {json.dumps(n)}: {json.dumps(v)}" for n, v in e.items()) + "\n}"
                 for c, e in self.cases.items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
