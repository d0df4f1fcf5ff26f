"""``python -m tests.benchmarks.preview``: NV12 to normalised RGB, against OpenCV in the same run, and the memory at 4K.

OpenCV is no dependency: where opencv-python-headless is not installed, only the memory is measured. Both work with two
threads. OpenCV gets what it is best at: cvtColor, then the mean and the scale in float32, and planes.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from aipplint.preview.tensor import Model, one_operator, parameters_for, read, tensor_of

CONFIG = (
    "aipp_op {{ aipp_mode: static input_format: YUV420SP_U8 src_image_size_w: {width} src_image_size_h: {height} "
    "csc_switch: true min_chn_0: 103.53 min_chn_1: 116.28 min_chn_2: 123.675 "
    "var_reci_chn_0: 0.0174291939 var_reci_chn_1: 0.0175070028 var_reci_chn_2: 0.0171247538 }}"
)
RATIO, MEMORY = 1.5, 4.0
"""The budgets: of the time, against OpenCV; of the memory, in tensors."""


def ours(height: int, width: int, data: bytes) -> Callable[[], object]:
    """What is measured: from the bytes of an image to the tensor."""
    model = Model.of_mapping({"n": 1, "c": 3, "h": height, "w": width, "layout": "NCHW", "dtype": "float16"})
    parameters = parameters_for(one_operator(read(CONFIG.format(height=height, width=width))), model)
    return lambda: tensor_of(parameters, data, model)


def theirs(cv2: Any, height: int, width: int, data: bytes) -> Callable[[], object]:
    """OpenCV, from the bytes of an image to three planes in float32."""
    cv2.setNumThreads(2)
    image = np.frombuffer(data, np.uint8).reshape(height * 3 // 2, width)
    return lambda: cv2.dnn.blobFromImage(
        cv2.cvtColor(image, cv2.COLOR_YUV2BGR_NV12), 0.0175, (width, height), (103.53, 116.28, 123.675)
    )


def milliseconds(works: list[Callable[[], object]], runs: int) -> list[float]:
    """The least time of each, taken in turn."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, found in zip(works, times, strict=True):
            begin = time.perf_counter()
            work()
            found.append(1000 * (time.perf_counter() - begin))
    return [min(found) for found in times]


def memory_of_4k() -> float:
    """The peak of what is allocated for one image, in tensors of 4K."""
    height, width = 2160, 3840
    work = ours(height, width, bytes(height * width * 3 // 2))
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / (2 * 3 * height * width)


def main() -> int:
    """Print what was measured; exit status 1 above a budget."""
    height, width = 1080, 1920
    data = np.random.default_rng(1).integers(0, 256, height * width * 3 // 2, np.uint8).tobytes()
    ok = True
    if find_spec("cv2") is None:
        print(f"1080p NV12 to RGB: {milliseconds([ours(height, width, data)], 21)[0]:.1f} ms; OpenCV is not installed")
    else:
        works = [ours(height, width, data), theirs(import_module("cv2"), height, width, data)]
        mine, other = milliseconds(works, 21)
        ok = mine <= RATIO * other
        print(f"1080p NV12 to RGB: {mine:.1f} ms, OpenCV {other:.1f} ms, ratio {mine / other:.2f} (budget {RATIO})")
    tensors = memory_of_4k()
    print(f"4K: {tensors:.2f} times the tensor (budget {MEMORY})")
    return int(not ok or tensors > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
