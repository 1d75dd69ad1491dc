# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the .npy and .safetensors files of tests/formats. Element i in C order is i % 50 / 4 (whole numbers: i % 50).

Run with a Python that has numpy, torch and safetensors:  python make_arrays.py
"""
import pathlib

import numpy
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent


def values(shape, dtype):
    counted = numpy.arange(int(numpy.prod(shape))) % 50
    return (counted / 4 if numpy.issubdtype(dtype, numpy.floating) else counted).astype(dtype).reshape(shape)


def write(name, array, version=None):
    with open(here / (name + ".npy"), "wb") as file:
        numpy.lib.format.write_array(file, array, version=version)


for code in ["f2", "f4", "f8", "i1", "u1", "i2", "i4", "i8"]:
    write(f"c_{code}", values((5, 7), numpy.dtype(code)))
    write(f"fortran_{code}", numpy.asfortranarray(values((3, 4, 5), numpy.dtype(code))))
write("scalar", values((), numpy.dtype("f4")))
write("line", values((60,), numpy.dtype("f4")))
write("four", values((2, 3, 4, 5), numpy.dtype("f4")))
write("four_fortran", numpy.asfortranarray(values((2, 3, 4, 5), numpy.dtype("f4"))))
write("empty", values((0, 8), numpy.dtype("f4")))
write("version2", values((5, 7), numpy.dtype("f4")), version=(2, 0))
write("version3", values((5, 7), numpy.dtype("f4")), version=(3, 0))
write("big_endian", values((5, 7), numpy.dtype(">f4")))
write("complex", values((5, 7), numpy.dtype("f4")).astype("c8"))

# Halves: zeros, subnormals, largest, infinities, and what they are as float32.
halves = numpy.array([0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00, 0x3555, 0x7BFF, 0x7C00, 0xFC00], numpy.uint16)
write("halves", halves.view(numpy.float16))
write("halves_f4", halves.view(numpy.float16).astype(numpy.float32))
# Floats around every rounding case, and what numpy makes of them as halves.
floats = numpy.array([1 + 2**-11, 1 + 3 * 2**-11, 65519.0, 65520.0, 2**-25, 1.5 * 2**-25, 6.1e-5, -0.1, 1e-9, 2047.5],
                     numpy.float32)
write("rounding_f4", floats)
write("rounding_f2", floats.astype(numpy.float16))

save_file({"b.weight": torch.tensor([[1.0, 2.5, -3.0], [0.0, 4.0, 5.0]]),
           "a.half": torch.tensor([1.0, -0.5], dtype=torch.float16),
           "a.brain": torch.tensor([3.0, -2.0, 0.125], dtype=torch.bfloat16),
           "steps": torch.tensor(7, dtype=torch.int64),
           "none": torch.zeros(0, 4)},
          here / "reference.safetensors", metadata={"format": "pt", "note": "κ"})
