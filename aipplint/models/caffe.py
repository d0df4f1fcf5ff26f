"""Caffe: the inputs of a network in protobuf's text format, read by the parser of configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aipplint.models.data import Malformed
from aipplint.models.model import CAFFE, Input, Model
from aipplint.schema.literals import INT32, int_value, string_value
from aipplint.source import Source
from aipplint.syntax.parser import parse
from aipplint.syntax.tree import Field

_LAYERS = ("Input", "DummyData")
_DTYPE = "float32"
"""What ATC takes every input for: the text has no word for it."""
_LEGACY_RANK = 4
"""Dimensions of an input whose numbers stand one below the other as input_dim."""
_LONG = range(-(2**63), 2**63)


def read(path: str, content: bytes) -> Model:
    """Read the model in a prototxt. Unknown fields are ignored, as in ATC."""
    source = Source.from_bytes(path, content)
    tree = parse(source)
    for issue in tree.issues:
        place = source.position(issue.span.start)
        raise Malformed(f"text format: line {place.line}, column {place.column}: {issue.kind.replace('-', ' ')}")
    net = _Reader(source, tree.fields)
    layers = [layer for layer in net.each("layer") if not _in_training_only(layer)]
    inputs = [made for layer in layers if (made := _input(layer)) is not None]
    names = [name for layer in layers for name in layer.texts("name")[-1:]]
    return Model(path, CAFFE, inputs=(*inputs, *_legacy(net)), nodes=frozenset((*names, *net.texts("input"))))


class _Reader:
    """The fields of one message. A literal that does not fit its field raises Malformed."""

    def __init__(self, source: Source, fields: Sequence[Field]) -> None:
        self._source = source
        self._fields = fields

    def each(self, name: str) -> list[_Reader]:
        """The messages of a field."""
        found = []
        for field in self._named(name):
            if field.scalars:
                raise self._wrong(field)
            found += [_Reader(self._source, block.fields) for block in field.blocks]
        return found

    def merged(self, name: str) -> _Reader | None:
        """Return the message of a singular field: several occurrences are merged."""
        parts = self.each(name)
        return _Reader(self._source, [field for part in parts for field in part._fields]) if parts else None

    def _named(self, name: str) -> Iterator[Field]:
        return (field for field in self._fields if field.name.text == name)

    def texts(self, name: str) -> list[str]:
        """The strings of a field."""
        found = []
        for field in self._named(name):
            texts = [string_value(scalar) for scalar in field.scalars]
            if field.blocks or None in texts:
                raise self._wrong(field)
            found += [text for text in texts if text is not None]
        return found

    def numbers(self, name: str, among: range) -> list[int]:
        """The whole numbers of a field."""
        found = []
        for field in self._named(name):
            for scalar in field.scalars:
                if scalar.kind != "INTEGER" or (number := int_value(scalar)) not in among:
                    raise self._wrong(field)
                found.append(number)
            if field.blocks:
                raise self._wrong(field)
        return found

    def words(self, name: str) -> list[str]:
        """The words and numbers of a field, as written."""
        return [scalar.literal for field in self._named(name) for scalar in field.scalars]

    def _wrong(self, field: Field) -> Malformed:
        place = self._source.position(field.name.start)
        name = field.name.text
        return Malformed(f"text format: line {place.line}, column {place.column}: {name} does not take this value")


def _dims(shape: _Reader) -> tuple[int | None, ...]:
    return tuple(None if dim == -1 else dim for dim in shape.numbers("dim", _LONG))


def _in_training_only(layer: _Reader) -> bool:
    """Return whether ATC ignores a layer, because it is for training only."""
    return any(word in ("TRAIN", "0") for included in layer.each("include") for word in included.words("phase"))


def _input(layer: _Reader) -> Input | None:
    """Return the input that a layer defines; None for other layers."""
    names, kinds, blobs = layer.texts("name"), layer.texts("type"), layer.texts("top")
    if not kinds or kinds[-1] not in _LAYERS:
        return None
    held = layer.merged("input_param" if kinds[-1] == "Input" else "dummy_data_param")
    shapes = [_dims(shape) for shape in held.each("shape")] if held is not None else []
    blob = blobs[0] if blobs else ""
    return Input(names[-1] if names else "", _DTYPE, shapes[-1] if shapes else None, blob=blob)


def _legacy(net: _Reader) -> Iterator[Input]:
    """Yield the inputs that are not layers: ``input:`` with ``input_shape`` or ``input_dim``."""
    names, shapes = net.texts("input"), [_dims(shape) for shape in net.each("input_shape")]
    dims = [None if dim == -1 else dim for dim in net.numbers("input_dim", INT32)]
    if not shapes:
        shapes = [tuple(dims[at : at + _LEGACY_RANK]) for at in range(0, len(dims), _LEGACY_RANK)]
    for index, name in enumerate(names):
        yield Input(name, _DTYPE, shapes[index] if index < len(shapes) else None, blob=name)
