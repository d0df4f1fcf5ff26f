"""Reading the model in any file: never raises, and reads only the descriptions."""

from __future__ import annotations

import re

from aipplint.models.data import HEAD, Data, Exhausted, Malformed, SomethingElse
from aipplint.models.foreign import foreign, is_binary, text_form
from aipplint.models.model import (
    AIR,
    CAFFE,
    GIVEN_UP,
    MAGIC,
    MINDIR,
    OM,
    ONNX,
    OTHER,
    POINTER,
    REFUSED,
    TENSORFLOW,
    Model,
)
from aipplint.models.protobuf import LENGTH, VARINT, kinds
from aipplint.source import MAX_BYTES

_ENDINGS = {
    ".onnx": ONNX,
    ".prototxt": CAFFE,
    ".txt": CAFFE,
    ".pb": TENSORFLOW,
    ".air": AIR,
    ".mindir": MINDIR,
    ".om": OM,
}
_WEIGHTS = ".caffemodel"
_VERSION = re.compile(rb"\n.\d+\.\d+\.\d+")
"""How MindIR begins: with the version of the form."""


def is_model(path: str, head: bytes) -> bool:
    """Return whether a file is a model by its name and first bytes: a text may also be a configuration."""
    name = path.lower()
    if name.endswith((".txt", ".prototxt")) and b"aipp_op" in head:
        return False
    if name.endswith(".txt"):
        return b"layer" in head or b"input:" in head
    return name.endswith((*_ENDINGS, _WEIGHTS)) or head.startswith(MAGIC)


def read_model(data: Data, path: str, form: str = "") -> Model:
    """Read a model file. ``form`` is the format in the build; if it is empty, it is guessed from name and content."""
    try:
        head = data.read(0, min(HEAD, data.size))
        stranger = foreign(head, data.size)
        if stranger is not None:
            trouble = POINTER if stranger.pointer else REFUSED
            return Model(path, OTHER, stranger.why, trouble=trouble, size=data.size)
        form = form or next((form for ending, form in _ENDINGS.items() if path.lower().endswith(ending)), "")
        form = form or _guess(data, path, head)
        return _read(data, path, form, head)._replace(size=data.size)
    except Malformed as error:
        # The text format knows more than is read here, such as extensions.
        sure = form != CAFFE and not isinstance(error, Exhausted)
        return Model(path, form or OTHER, str(error), trouble=REFUSED if sure else GIVEN_UP, size=data.size)


def _read(data: Data, path: str, form: str, head: bytes) -> Model:
    from aipplint.models import ge, mindir, om, onnx, tensorflow

    if form == OM:
        return om.read(data, path)
    if form == CAFFE:
        return _text(data, path, head)
    readers = {ONNX: onnx.read, TENSORFLOW: tensorflow.read, AIR: ge.read, MINDIR: mindir.read}
    try:
        return readers[form](data, path, [(0, data.size)])
    except (SomethingElse, Exhausted):
        raise
    except Malformed as error:
        if kind := text_form(head):
            raise Malformed(f"text form ({kind}): ATC reads the binary form only") from None
        raise Malformed(f"protobuf: {error}") from None


def _text(data: Data, path: str, head: bytes) -> Model:
    if is_binary(head):
        raise Malformed("binary (a .caffemodel), not text")
    if data.size > MAX_BYTES:
        raise Malformed(f"{data.size:,} bytes are too many for a network in text")
    from aipplint.models import caffe

    return caffe.read(path, data.read(0, data.size))


def _guess(data: Data, path: str, head: bytes) -> str:
    """Return the format of a file by its bytes. Raises SomethingElse if they are not a known one."""
    if path.lower().endswith(_WEIGHTS):
        raise SomethingElse("weights (.caffemodel): the inputs are in the .prototxt")
    if head.startswith(MAGIC):
        return OM
    if not is_binary(head) and (b"layer" in head or b"input" in head):
        return CAFFE
    try:
        wires = kinds(data, [(0, data.size)])
    except Malformed:
        wires = {}
    if wires.get(7) == LENGTH:
        return ONNX if wires.get(1) == VARINT else MINDIR if _VERSION.match(head) else AIR
    if wires.get(1) == LENGTH:
        return TENSORFLOW
    raise SomethingElse("not a known model format: neither ONNX, Caffe, TensorFlow, AIR, MindIR nor .om")
