"""Files that are not models although a model is expected: pointers, archives, pictures, texts."""

from __future__ import annotations

import re

from aipplint.models.data import HEAD
from aipplint.records import NamedTuple

_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/")
_POINTER_SIZE = re.compile(rb"^size (\d{1,19})\r?$", re.MULTILINE)
_ANNEX = re.compile(rb"[^\n]*/annex/objects/[^\n]*\n?")
_SIGNATURES = (
    (b"PK\x03\x04", "ZIP archive (a .pt of PyTorch?)"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\x89HDF\r\n\x1a\n", "HDF5 file (Keras?)"),
    (b"\x93NUMPY", "NumPy array"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"#!", "shell script or other script"),
    (b"<!DOCTYPE", "HTML page"),
    (b"<!doctype", "HTML page"),
    (b"<html", "HTML page"),
    (b"\x7fELF", "program"),
)
_PICKLE = re.compile(rb"\x80[\x01-\x05]")
_FIELD = re.compile(rb"(?:#[^\n]*\n\s*)*[A-Za-z_]\w*\s*[:{<]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")


class Foreign(NamedTuple):
    """The kind of a file that is not a model; ``pointer`` means that the model was not fetched."""

    why: str
    pointer: bool = False


def foreign(head: bytes, size: int) -> Foreign | None:
    """Return the kind of a file that is certainly not a model, by its first bytes; None for all others."""
    if not size:
        return Foreign("empty file (0 bytes)")
    if _POINTER.match(head) and size < HEAD:
        stated = _POINTER_SIZE.search(head)
        of = f" ({int(stated.group(1)):,} bytes)" if stated else ""
        return Foreign(f"Git LFS pointer: the file itself{of} was not fetched; run 'git lfs pull'", pointer=True)
    if _ANNEX.fullmatch(head):
        return Foreign("git-annex pointer: the file itself was not fetched", pointer=True)
    if not head.strip(b"\0"):
        return Foreign("only zeros")
    if size <= HEAD and not head.strip():
        return Foreign("only white space")
    if head[4:8] == b"TFL3":
        return Foreign("TensorFlow Lite model")
    if _PICKLE.match(head):
        return Foreign("pickle (of PyTorch?)")
    return next((Foreign(why) for mark, why in _SIGNATURES if head.startswith(mark)), None)


def is_binary(head: bytes) -> bool:
    """Return whether the bytes are not text."""
    return _BINARY.search(head) is not None


def text_form(head: bytes) -> str:
    """Return the kind of a text in place of a binary model: ``json``, ``onnxtxt``, ``pbtxt``; empty if not text."""
    if is_binary(head):
        return ""
    text = head.lstrip()
    if text.startswith(b"{"):
        return "json"
    if text.startswith(b"<"):
        return "onnxtxt"
    return "pbtxt" if _FIELD.match(text) else ""
