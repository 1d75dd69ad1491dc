# SPDX-License-Identifier: GPL-3.0-or-later
"""What torch and torchvision say about frame choice and clip loading: spread.json, clip.safetensors.

Run: python make_data.py   (torch, torchvision, OpenCV, safetensors), after ../media/make_media.py.
"""
import json
from pathlib import Path

import cv2
import numpy as np
import torch
from safetensors.torch import save_file
from torchvision.transforms.v2 import functional

HERE = Path(__file__).parent


def spread(total, count):
    return torch.linspace(0, total - 1, count).long().tolist()


def load_video(path, frames, stride, crop, size, mean, std):
    """DeepCORO's load_video with a fixed stride, spec 4.3."""
    capture, pictures = cv2.VideoCapture(str(path)), []
    while True:
        good, picture = capture.read()
        if not good:
            break
        pictures.append(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    pictures = pictures[::stride]
    if len(pictures) > frames:
        pictures = [pictures[i] for i in spread(len(pictures), frames)]
    while len(pictures) < frames:
        pictures.append(pictures[-1])
    height, width = pictures[0].shape[:2]
    x, y = round(crop[0] * width), round(crop[1] * height)
    right, bottom = round((crop[0] + crop[2]) * width), round((crop[1] + crop[3]) * height)
    clip = torch.from_numpy(np.stack(pictures)[:, y:bottom, x:right]).permute(0, 3, 1, 2).float()
    clip = functional.resize(clip, [size, size], antialias=True)
    clip = (clip - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)
    return clip.permute(0, 2, 3, 1).contiguous()


if __name__ == "__main__":
    cases = [{"total": t, "count": n, "frames": spread(t, n)} for n in (1, 2, 16, 31, 32) for t in range(n, 130)]
    (HERE / "spread.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    media = HERE.parent / "media"
    mean, std = [105.5, 100.0, 90.25], [38.5, 40.0, 50.0]
    clips = {
        "spread": load_video(media / "full.mp4", 5, 2, [0.1, 0.2, 0.5, 0.7], 16, mean, std),
        "short": load_video(media / "limited.mp4", 5, 7, [0, 0, 1, 1], 16, mean, std),
    }
    save_file(clips, HERE / "clip.safetensors")
