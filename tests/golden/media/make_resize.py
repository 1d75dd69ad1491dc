# SPDX-License-Identifier: GPL-3.0-or-later
"""torchvision's resize(antialias=True) of random float pictures: resize.safetensors, in and out for several sizes.

Run: python make_resize.py   (torch, torchvision, safetensors).
"""
from pathlib import Path

import torch
import torchvision
from safetensors.torch import save_file
from torchvision.transforms.v2 import functional

SIZES = [(37, 50, 3, 16), (20, 11, 1, 32), (64, 64, 1, 64), (48, 90, 3, 28), (9, 100, 1, 24)]

if __name__ == "__main__":
    generator = torch.Generator().manual_seed(5)
    tensors = {}
    for number, (height, width, channels, size) in enumerate(SIZES):
        picture = (torch.rand(height, width, channels, generator=generator) * 255).round()
        resized = functional.resize(picture.permute(2, 0, 1), [size, size], antialias=True)
        tensors[f"{number}.in"] = picture.contiguous()
        tensors[f"{number}.out"] = resized.permute(1, 2, 0).contiguous().clone()
    save_file(tensors, Path(__file__).parent / "resize.safetensors",
              metadata={"torch": torch.__version__, "torchvision": torchvision.__version__})
