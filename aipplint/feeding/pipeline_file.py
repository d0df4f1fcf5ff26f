"""Pipelines of the Vision SDK (``.pipeline``): JSON with the plugins through which an image passes to a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.feeding.picture import BGR, BYTES, NV12, PACKED, RGB, UNKNOWN, Fed, Picture
from aipplint.findings import Place
from aipplint.hardware.size import Size
from aipplint.readers.build_files.yaml_nodes import Mapping, Node, YamlScalar, read_yaml
from aipplint.source import Source

SUFFIXES = (".pipeline",)
WORDS = re.compile(b"mxpi_imagedecoder")
"""Stands in every pipeline that decodes an image."""
MAX_PLUGINS = 200
"""Plugins of one pipeline that are looked at."""

_INFERENCE = ("mxpi_tensorinfer", "mxpi_modelinfer")
_KEPT = ("queue", "tee", "mxpi_parallel2serial", "mxpi_synchronize")
_OPENCV = ("opencv", "OpenCV")
_ORDERS = {"RGB888": RGB, "BGR888": BGR, "": BGR}
"""What the decoder makes with OpenCV; without ``format`` the order is that of cv::imread."""


def read(source: Source) -> list[Fed]:
    """Read what the pipelines of a file feed to their models."""
    found: list[Fed] = []
    for document in read_yaml(source.text)[:1]:
        for stream in document.entries.values() if isinstance(document, Mapping) else ():
            if isinstance(stream, Mapping) and len(stream.entries) <= MAX_PLUGINS:
                found += _of_stream(source, stream)
    return found


def _of_stream(source: Source, stream: Mapping) -> Iterator[Fed]:
    plugins = {name: node for name, node in stream.entries.items() if isinstance(node, Mapping)}
    before = {after: name for name, node in plugins.items() if (after := _text(node, "next"))}
    for name, plugin in plugins.items():
        if _text(plugin, "factory") not in _INFERENCE:
            continue
        picture, last = UNKNOWN, plugin
        for step in _chain(name, plugins, before):
            picture, last = _after(step, picture), step
        if _property(plugin, "modelPath"):
            yield Fed(picture, _place(source, last), _stem(_property(plugin, "modelPath")))


def _chain(name: str, plugins: dict[str, Mapping], before: dict[str, str]) -> list[Mapping]:
    """The plugins before one, from the decoder on; empty if the image does not come from a decoder alone."""
    chain: list[Mapping] = []
    while len(chain) < MAX_PLUGINS:
        name = _property(plugins[name], "dataSource") or before.get(name, "")
        if name not in plugins:
            return []
        chain.append(plugins[name])
        if _text(plugins[name], "factory") == "mxpi_imagedecoder":
            return chain[::-1]
    return []


def _after(plugin: Mapping, picture: Picture) -> Picture:
    """What a plugin makes of an image."""
    factory = _text(plugin, "factory")
    if factory in _KEPT:
        return picture
    if factory == "mxpi_imagedecoder":
        if _property(plugin, "handleMethod") in _OPENCV or _property(plugin, "cvProcessor") in _OPENCV:
            order = _ORDERS.get(_property(plugin, "format") or _property(plugin, "outputDataFormat"), "")
            return Picture(None, PACKED, BYTES, order)
        return Picture(None, NV12, BYTES)
    if factory == "mxpi_imageresize":
        kind = _property(plugin, "resizeType") or "Resizer_Stretch"
        return picture._replace(size=_size(plugin, "resize") if kind == "Resizer_Stretch" else None)
    if factory == "mxpi_opencvcentercrop":
        return picture._replace(size=_size(plugin, "crop"))
    return UNKNOWN


def _size(plugin: Mapping, stem: str) -> Size | None:
    height, width = _property(plugin, f"{stem}Height"), _property(plugin, f"{stem}Width")
    if not (height.isdecimal() and width.isdecimal() and len(height) < 6 and len(width) < 6):
        return None
    return Size(int(height), int(width))


def _property(plugin: Mapping, name: str) -> str:
    properties = plugin.entries.get("props")
    return _text(properties, name) if isinstance(properties, Mapping) else ""


def _text(mapping: Mapping, key: str) -> str:
    node = mapping.entries.get(key)
    return node.value if isinstance(node, YamlScalar) else ""


def _stem(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].removesuffix(".om")


def _place(source: Source, plugin: Mapping) -> Place:
    """The name of the plugin's kind."""
    node: Node | None = plugin.entries.get("factory")
    start, end = (node.start, node.end) if isinstance(node, YamlScalar) else (0, 0)
    return Place(source, source.span(start, end))
