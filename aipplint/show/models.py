"""The contents of a model file, as text for people and as a value for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aipplint.findings import clean
from aipplint.hardware.products import product_of
from aipplint.models.model import Compiled, Dims, Feed, Input, Model

Row = tuple[str, str]
"""A label (empty: the row belongs to the one above) and a text."""
_FORMS = {
    "onnx": "ONNX",
    "caffe": "Caffe",
    "tensorflow": "TensorFlow, frozen graph",
    "air": "AIR",
    "mindir": "MindIR (for the converter of MindSpore Lite, not for ATC)",
    "om": "compiled model of ATC",
    "other": "not a model",
}


def rows(model: Model) -> Iterator[Row]:
    """Return labels and texts for people."""
    yield "form", _FORMS[model.form]
    if not model.readable:
        yield "not read", clean(model.why)
        return
    yield from _labelled("inputs", [_input(one) for one in model.inputs] or ["none"])
    notes = (
        f"the number of elements of output '{clean(one.name)}' depends on the data ({one.operator})"
        for one in model.loose
    )
    yield from _labelled("note", list(notes))
    if model.compiled is not None:
        yield from _compiled(model.compiled)


def _labelled(label: str, texts: list[str]) -> Iterator[Row]:
    for index, text in enumerate(texts):
        yield "" if index else label, text


def _input(one: Input) -> str:
    words = [clean(one.name) or "(no name)", one.dtype or "type unknown", clean(one.shape), one.layout or ""]
    return "  ".join(word for word in words if word)


def _compiled(of: Compiled) -> Iterator[Row]:
    yield "made with", clean(of.command) or "(not in the file)"
    product = product_of(of.soc_version)
    if of.soc_version:
        yield "product", clean(of.soc_version) + (f"  ({product.family})" if product else "")
    versions = {"ATC": of.atc_version, "operators": of.opp_version}
    if any(versions.values()):
        yield "versions", ", ".join(f"{name} {clean(text)}" for name, text in versions.items() if text)
    if of.profiles is not None:
        sizes = ";".join(",".join(map(str, numbers)) for numbers in of.profiles.numbers)
        yield "profiles", f'--{of.profiles.option}="{sizes}"'
    for number, fields in enumerate(of.configurations, start=1):
        yield from _labelled(f"aipp_op {number}", [f"{clean(name)}: {clean(value)}" for name, value in fields])
    yield from _labelled("feed it", [_feed(feed) for feed in of.feeds])


def _feed(feed: Feed) -> str:
    dims = ", ".join("?" if dim is None else str(dim) for dim in feed.dims)
    size = "size chosen by the application" if feed.bytes is None else f"{feed.bytes:,} bytes"
    return f"{clean(feed.name)}  {feed.dtype or ''} [{dims}]  {feed.layout or ''}  {size}"


def as_value(model: Model) -> dict[str, Any]:
    """Return the object for JSON. Names are exact, because JSON escapes invisible characters."""
    return {
        "path": clean(model.path),
        "form": model.form,
        "readable": model.readable,
        "why": clean(model.why),
        "inputs": [
            {"name": _name(one.name), "dtype": one.dtype, "dims": _dims(one.dims), "layout": one.layout}
            for one in model.inputs
        ],
        "compiled": None if model.compiled is None else _compiled_value(model.compiled),
    }


def _compiled_value(of: Compiled) -> dict[str, Any]:
    product = product_of(of.soc_version)
    return {
        "command": clean(of.command) or None,
        "soc_version": clean(of.soc_version) or None,
        "product": product.family if product else None,
        "atc_version": clean(of.atc_version) or None,
        "opp_version": clean(of.opp_version) or None,
        "profiles": None if of.profiles is None else of.profiles._asdict(),
        "configurations": [{clean(name): clean(value) for name, value in fields} for fields in of.configurations],
        "feed": [
            {
                "name": _name(feed.name),
                "dtype": feed.dtype,
                "dims": _dims(feed.dims),
                "layout": feed.layout,
                "bytes": feed.bytes,
            }
            for feed in of.feeds
        ],
    }


def _name(name: str) -> str:
    """Return a name unchanged, or its bytes if it is not UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "hex:" + name.encode("utf-8", "surrogateescape").hex()
    return name


def _dims(dims: Dims | None) -> list[int | str | None] | None:
    return None if dims is None else [_name(dim) if isinstance(dim, str) else dim for dim in dims]
