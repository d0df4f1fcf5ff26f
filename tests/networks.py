"""Small networks written byte by byte: protobuf needs no library to write.

``python -m tests.networks FILE.onnx`` makes the model of the example deployment.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Sequence
from pathlib import Path

Dim = int | str | None
FLOAT, INT64 = 1, 7
"""Element types of ONNX."""
LENGTH = 2
"""The wire type of what comes with its length."""


def varint(number: int) -> bytes:
    """A whole number; one below 0 takes ten bytes."""
    number &= 2**64 - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes((*out, number))


def field(number: int, value: int | str | bytes) -> bytes:
    """One field: a number as a varint, everything else with its length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    return varint(number << 3 | LENGTH) + varint(len(content)) + content


def value_info(name: str, dims: Sequence[Dim] | None, dtype: int = FLOAT) -> bytes:
    """An input or output of an ONNX graph; no dims: no shape."""
    tensor = field(1, dtype)
    if dims is not None:
        tensor += field(2, b"".join(field(1, _dim(dim)) for dim in dims))
    return field(1, name) + field(2, field(1, tensor))


def _dim(dim: Dim) -> bytes:
    if dim is None:
        return b""
    return field(1, dim) if isinstance(dim, int) else field(2, dim)


def node(
    operator: str, inputs: Sequence[str], outputs: Sequence[str], name: str = "", attributes: bytes = b""
) -> bytes:
    """An operator of an ONNX graph."""
    ends = b"".join(field(1, one) for one in inputs) + b"".join(field(2, one) for one in outputs)
    return ends + field(3, name or outputs[0]) + field(4, operator) + attributes


def weight(name: str, dims: Sequence[int], content: bytes) -> bytes:
    """A weight of an ONNX graph, in single precision."""
    return b"".join(field(1, dim) for dim in dims) + field(2, FLOAT) + field(8, name) + field(9, content)


def onnx(
    inputs: Sequence[bytes],
    nodes: Sequence[bytes] = (),
    outputs: Sequence[bytes] = (),
    weights: Sequence[bytes] = (),
) -> bytes:
    """An ONNX model."""
    parts = ((1, nodes), (5, weights), (11, inputs), (12, outputs))
    graph = field(2, "g") + b"".join(field(number, one) for number, held in parts for one in held)
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))


def onnx_input(name: str = "images", dims: Sequence[Dim] | None = (1, 3, 640, 640), dtype: int = FLOAT) -> bytes:
    """An ONNX model with one input and nothing else of interest."""
    return onnx([value_info(name, dims, dtype)], [node("Relu", [name], ["y"], "relu")], [value_info("y", dims, dtype)])


def placeholder(name: str, dims: Sequence[int] | None, dtype: int = 1) -> bytes:
    """An input of a TensorFlow graph."""
    attributes = field(5, field(1, "dtype") + field(2, field(6, dtype)))
    if dims is not None:
        shape = b"".join(field(2, field(1, dim)) for dim in dims)
        attributes += field(5, field(1, "shape") + field(2, field(7, shape)))
    return field(1, name) + field(2, "Placeholder") + attributes


def graph_def(nodes: Sequence[bytes]) -> bytes:
    """A frozen TensorFlow graph."""
    return b"".join(field(1, one) for one in nodes)


def text_attribute(key: str, text: str) -> bytes:
    """An attribute of the compiler's description."""
    return field(1, key) + field(2, field(2, text))


def ge_data(name: str, dims: Sequence[int], index: int, attributes: bytes = b"", dtype: int = 1) -> bytes:
    """An input in the compiler's description."""
    tensor = field(2, dtype) + field(3, field(1, b"".join(map(varint, dims)))) + field(4, "NCHW")
    at = field(10, field(1, "index") + field(2, field(3, index)))
    return field(1, name) + field(2, "Data") + at + attributes + field(33, tensor)


def model_def(operators: Sequence[bytes], attributes: Sequence[bytes] = ()) -> bytes:
    """The compiler's description of a network: an AIR file, or what is inside a compiled model."""
    graph = field(1, "g") + b"".join(field(6, one) for one in operators)
    return field(1, "m") + field(7, graph) + b"".join(field(11, one) for one in attributes)


def introduction(name: str, dims: Sequence[int], fed: Sequence[int], dtype: int) -> bytes:
    """The table of inputs in a compiled model, with one of them: what the network takes, and what is fed."""
    shapes = struct.pack(f"<{len(dims)}q", *dims), struct.pack(f"<{len(fed)}q", *fed)
    sizes = (len(name.encode()), len(shapes[0]), len(shapes[1]), 0)
    block = struct.pack("<IQiiIIII", 1, 0, 0, dtype, *sizes) + name.encode() + b"".join(shapes)
    return struct.pack("<II", 0, len(block)) + block


def om(definition: bytes, table: bytes = b"", *, wide: bool = True) -> bytes:
    """A compiled model: a header, partitions (64 or 32 bits): the table of inputs, the description, some weights."""
    parts = ((8, table), (0, definition), (1, bytes(64)))
    index = struct.pack("<I4x" if wide else "<I", len(parts))
    for kind, part in parts:
        index += struct.pack("<I4xQQ" if wide else "<III", kind, 0, len(part))
    body = index + b"".join(part for _, part in parts)
    header = bytearray(256)
    header[:4] = b"IMOD"
    struct.pack_into("<II", header, 4, 256, 0x20000000 if wide else 0x10000000)
    struct.pack_into("<I", header, 76, 0 if wide else len(body))
    struct.pack_into("<Q", header, 184, len(body) if wide else 0)
    return bytes(header) + body


def example() -> bytes:
    """The reader of the example deployment: one convolution over images of H 64, W 256. It has learned nothing."""
    kernel = struct.pack("<864f", *(index % 7 / 16 for index in range(864)))
    kernel_shape = field(1, "kernel_shape") + field(8, 3) + field(8, 3) + field(20, 7)
    return onnx(
        [value_info("images", (1, 3, 64, 256))],
        [node("Conv", ["images", "kernel"], ["letters"], "stem", field(5, kernel_shape))],
        [value_info("letters", (1, 32, 62, 254))],
        [weight("kernel", (32, 3, 3, 3), kernel)],
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(example())
