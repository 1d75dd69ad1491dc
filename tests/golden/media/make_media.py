# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes small synthetic clips and, from OpenCV's VideoCapture, what their pixels are.

Run: python make_media.py   (PyAV, OpenCV, numpy). Writes *.mp4, *.avi, *.gif and media.json beside itself.
"""
import json
from pathlib import Path

import av
import cv2
import numpy as np

HERE = Path(__file__).parent
FRAMES = 24


def picture(index, width, height):
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    red = 127 + 120 * np.sin(x / 9 + index / 3)
    green = 127 + 120 * np.sin(y / 7 - index / 4)
    blue = 127 + 120 * np.sin((x + y) / 11 + index / 5)
    frame = np.stack([red, green, blue], -1)
    disc = (x - width / 2 - 0.3 * width * np.cos(index / 4)) ** 2 + (y - height / 2) ** 2 < (height / 5) ** 2
    frame[disc] = [250, 20, 40]
    return frame.clip(0, 255).astype(np.uint8)


def write(name, codec, pixel_format, width, height, options, rate=25):
    with av.open(str(HERE / name), "w") as container:
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
        for index in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(picture(index, width, height), format="rgb24")
            for packet in stream.encode(frame.reformat(format=pixel_format)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def measure(name):
    capture = cv2.VideoCapture(str(HERE / name))
    rgb, grey, samples = [], [], []
    while True:
        good, frame = capture.read()
        if not good:
            break
        picture_ = np.ascontiguousarray(frame[:, :, ::-1])
        rgb.append(fnv(picture_.tobytes()))
        grey.append(fnv(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY).tobytes()))
        samples.append(picture_[7, -1].tolist())
    return {"file": name, "width": frame_width(name), "frames": len(rgb), "rgb": rgb, "grey": grey, "last_column": samples}


def frame_width(name):
    return int(cv2.VideoCapture(str(HERE / name)).get(cv2.CAP_PROP_FRAME_WIDTH))


if __name__ == "__main__":
    write("limited.mp4", "libx264", "yuv420p", 102, 62, {"crf": "24", "x264-params": "bframes=2:keyint=250"})
    write("full.mp4", "libx264", "yuvj420p", 102, 62, {"crf": "24", "x264-params": "bframes=2:keyint=8"})
    write("motion.avi", "mjpeg", "yuvj420p", 102, 62, {"q:v": "6"})
    write("small.gif", "gif", "rgb8", 50, 38, {}, rate=25)
    clips = [measure(name) for name in ("limited.mp4", "full.mp4", "motion.avi", "small.gif")]
    (HERE / "media.json").write_text(json.dumps({"opencv": cv2.__version__, "clips": clips}, indent=1) + "\n")
