"""What goes with a configuration: what the application feeds, and the command of ATC."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from aipplint.hardware.size import Size
from aipplint.new.intent import Dynamic, Network, Static
from aipplint.new.text import max_source
from aipplint.show.input_buffer import feed_of


def atc_options(intent: Static | Dynamic) -> dict[str, str]:
    """Return the options of ATC that are known, by its names."""
    network = intent.network
    options = {"model": network.path or "MODEL", "framework": str(network.framework)}
    options["output"] = os.path.splitext(os.path.basename(network.path))[0] or "MODEL"
    if network.soc_version:
        options["soc_version"] = network.soc_version
    options["input_format"] = network.layout
    size = None if intent.profiles else intent.size
    options["input_shape"] = f"{network.input or 'INPUT'}:{','.join(map(str, _dims(intent, network, size)))}"
    if intent.profiles:
        options["dynamic_image_size"] = intent.profiles
    return options


def _dims(intent: Static | Dynamic, network: Network, size: Size | None) -> list[int]:
    height, width = size or (-1, -1)
    channels = 1 if isinstance(intent, Static) and intent.target == "GRAY" else 3
    if network.layout == "NHWC":
        return [network.batch, height, width, channels]
    return [network.batch, channels, height, width]


def command(intent: Static | Dynamic, path: str) -> str:
    """Return the command of ATC. Words in capitals are to be replaced."""
    options = atc_options(intent)
    options.setdefault("soc_version", "SOC_VERSION")
    options["insert_op_conf"] = path or "aipp.cfg"
    return "atc " + " ".join(f"--{name}={shlex.quote(value)}" for name, value in options.items())


def feed(intent: Static | Dynamic) -> Iterator[str]:
    """Describe what the application feeds."""
    if isinstance(intent, Dynamic):
        yield f"feed: an image of up to {max_source(intent)} bytes, and the parameters (aclmdlSetInputAIPP)"
        if intent.profiles:
            yield "with --dynamic_image_size, the parameters are those of the largest profile: no crop, no padding"
        return
    image, batch = intent.image, intent.network.batch
    sizes = [intent.geometry.source] if intent.geometry else _profiles(intent.profiles)
    for size in sizes:
        buffer = feed_of(image.format, size, batch)
        if buffer is not None and buffer.dims is not None:
            dims = ",".join(map(str, buffer.dims))
            one = f"feed: {buffer.type} {dims} (N,H,W,C), {buffer.bytes} bytes: {image.name} of {size}"
            yield one + (f", {batch} images" if batch > 1 else "")


def _profiles(text: str) -> list[Size]:
    pairs = (pair.split(",") for pair in text.split(";"))
    return [Size(int(height), int(width)) for height, width in pairs]
