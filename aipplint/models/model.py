"""A model as a value: its inputs, and how it was compiled."""

from __future__ import annotations

from aipplint.records import NamedTuple

ONNX, CAFFE, TENSORFLOW, AIR, MINDIR, OM = "onnx", "caffe", "tensorflow", "air", "mindir", "om"
OTHER = "other"
"""The form of a file that is no model."""

MAGIC = b"IMOD"
"""How a compiled model begins."""

NO_FILE, POINTER, REFUSED, GIVEN_UP = "no file", "pointer", "refused", "given up"
"""What is wrong with a model that cannot be read: there is no such file; it is a Git LFS pointer or the like, so that
the model exists, but not here; no reader of the form takes it; it would cost too much here, which proves nothing."""

Dims = tuple[int | str | None, ...]
"""Dimensions in the order of the file: a number, the name of one that is chosen later, or None: unknown."""


class Input(NamedTuple):
    """One input of a network.

    ``dtype`` is the word that the form has for the type (``FLOAT`` in ONNX, ``DT_FLOAT`` in TensorFlow), None where
    it says none. ``dims`` is None where the file says no shape; no dimensions are a scalar. ``layout`` is ``NCHW`` or
    the like where the file says it. ``blob`` is what a Caffe layer calls its output: related_input_name wants that.
    """

    name: str
    dtype: str | None
    dims: Dims | None
    layout: str | None = None
    blob: str = ""

    @property
    def shape(self) -> str:
        """The dimensions as text: ``1x3x640x640``, with ``?`` for unknown ones."""
        if self.dims is None:
            return "of unknown shape"
        return "x".join("?" if dim is None else str(dim) for dim in self.dims) or "a scalar"

    @property
    def numbers(self) -> tuple[int, ...]:
        """The dimensions as ATC reads them: -1 for one that is not a number; no shape is read as a scalar."""
        return tuple(dim if isinstance(dim, int) else -1 for dim in self.dims or ())


class Loose(NamedTuple):
    """An output of the model whose length depends on the data."""

    name: str
    operator: str


class Feed(NamedTuple):
    """The buffer for one input of a compiled model; ``bytes`` is None if the size varies."""

    name: str
    dtype: str | None
    dims: Dims
    layout: str | None
    bytes: int | None


class Profiles(NamedTuple):
    """The profiles of a compiled model: the option, and one list of numbers for each."""

    option: str
    numbers: tuple[tuple[int, ...], ...]


class Compiled(NamedTuple):
    """The build data in a compiled model; missing data is empty.

    ``configurations`` holds for each AIPP operator inside what it does, field by field, as the compiler wrote it.
    """

    command: str
    soc_version: str
    atc_version: str
    opp_version: str
    profiles: Profiles | None
    configurations: tuple[tuple[tuple[str, str], ...], ...]
    feeds: tuple[Feed, ...]


class Model(NamedTuple):
    """The contents of a model file.

    ``why`` says why it cannot be read, and is empty where it can. ``trouble`` is then what is wrong: one of the
    constants above. ``nodes`` are the names of all operators (layers in Caffe), None where they were not read.
    ``loose`` are the outputs of data-dependent length. ``size`` is that of the file in bytes, None where nobody asked.
    """

    path: str
    form: str
    why: str = ""
    inputs: tuple[Input, ...] = ()
    nodes: frozenset[str] | None = None
    loose: tuple[Loose, ...] = ()
    compiled: Compiled | None = None
    trouble: str = ""
    size: int | None = None

    @property
    def readable(self) -> bool:
        """Whether the file is a model whose description could be read."""
        return not self.why
