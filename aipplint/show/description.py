"""The effect of a configuration as plain values, made by describe.py and rendered by full.py and as_json.py.

The names of the fields are the keys of the JSON form (schemas/show.schema.json), so a change here is a change there.
None always means *unknown*; an ``Unknown`` names the option that would provide the value. Sizes are in pixels.
"""

from __future__ import annotations

from aipplint.atc.geometry import Term
from aipplint.hardware.size import Size
from aipplint.records import NamedTuple


class Unknown(NamedTuple):
    """An unknown value with the reason, such as ``needs --input_shape``."""

    what: str
    why: str


class Given(NamedTuple):
    """An option of ATC with its place; ``value`` is None where a script hides it."""

    option: str
    value: str | None
    path: str
    line: int


class Compiled(NamedTuple):
    """The known options of a build. ``product`` is the product that --soc_version selects."""

    options: tuple[Given, ...]
    product: str | None


class Input(NamedTuple):
    """The input of the model that an operator works on.

    ``rank`` counts inputs from 0, ``name`` is empty where none is known. ``dims`` is the shape as written, in the
    order of ``layout``.
    """

    rank: int | None
    name: str
    dims: tuple[str, ...] | None
    layout: str | None


class Sum(NamedTuple):
    """One side of an image, with the terms of its sum; a term without a field is the side of the model.

    Without a value it is the model's own side, which is not known.
    """

    value: int | None
    terms: tuple[Term, ...]


class Step(NamedTuple):
    """The image after one stage: ``source``, ``crop``, ``resize`` or ``padding``. ``start`` is a crop's top left."""

    name: str
    height: Sum | None
    width: Sum | None
    start: Size | None


class Feed(NamedTuple):
    """The contents of the input buffer that the application fills.

    ``type`` is the type of an element, ``dims`` the dimensions in the order N, H, W, C (fact U6; N may be unknown).
    ``bytes`` is for the whole batch. ``fits`` says whether max_src_image_size is enough (dynamic AIPP only).
    """

    format: str
    type: str
    dims: tuple[int | None, ...] | None
    image_bytes: int | None
    bytes: int | None
    fits: bool | None


class Case(NamedTuple):
    """The sizes in one profile, or without profiles (``profile`` is None).

    ``model`` is the size of the model's input, ``fits`` whether the output of AIPP has that size.
    """

    profile: int | None
    batch: int | None
    model: Size | None
    steps: tuple[Step, ...]
    fits: bool | None
    feed: Feed | None


class Conversion(NamedTuple):
    """The colour conversion.

    ``images`` is what is fed, ``gives`` what the model gets (None where the matrix is not a known one). ``matrix`` and
    biases are those that the operator computes with while ``on``. ``attributes`` is what the attributes of the
    compiled model say instead, where that differs (fact S4).
    """

    name: str
    images: str
    gives: str | None
    on: bool
    matrix: tuple[int, ...] | None
    input_bias: tuple[int, ...] | None
    output_bias: tuple[int, ...] | None
    attributes: str | None


class ChannelValues(NamedTuple):
    """The output range of one channel for bytes 0 to 255: ``low`` to ``high``, by (byte - mean - min) * reciprocal."""

    channel: int
    name: str
    mean: int
    min: float
    reciprocal: float
    low: float
    high: float


class Values(NamedTuple):
    """The normalisation. ``convention`` is the name of a known one, or empty."""

    channels: tuple[ChannelValues, ...]
    convention: str


class Trained(NamedTuple):
    """Training code of the model: its file and line (from 1), and how far the values are from it.

    ``levels`` is the difference of the worst channel in levels of 255, on average over all pixels.
    """

    path: str
    line: int
    levels: float
    agrees: bool


class Work(NamedTuple):
    """The preprocessing of images, set by the file for a static operator and by the application for a dynamic one."""

    input_format: str | None
    cases: tuple[Case, ...]
    colour: Conversion | None
    values: Values | None
    padding_value: float | None
    training: tuple[Trained, ...] = ()


class Filled(NamedTuple):
    """An effective value that differs from the written one.

    ``why`` is ``default`` (absent), ``matrix`` (absent, and filled in by the operator), ``zeroed`` (given while its
    switch is off) or ``model`` (0 or absent, and taken from the model; ``value`` is None where it depends on the
    profile). ``given`` is what is written.
    """

    field: str
    value: float | None
    why: str
    given: float | None


class AtRunTime(NamedTuple):
    """The preprocessing that the application sets at run time.

    ``size_set`` is what aclmdlSetDynamicHWSize is given, ``profile`` the profile that this is.
    """

    work: Work
    size_set: Size | None
    profile: int | None
    unknown: tuple[Unknown, ...]


class Dynamic(NamedTuple):
    """The limits that a dynamic operator sets for the application.

    ``largest`` is the largest size of the model and ``batch`` its largest batch; ``needs`` holds for each format the
    smallest max_src_image_size that takes a batch of that size. ``parameter_bytes`` is the size of the extra model
    input with the settings (AippData: 64 + 96 for each image of the batch; fact I9).
    """

    max_src_image_size: int | None
    largest: Size | None
    batch: int | None
    needs: tuple[Feed, ...]
    parameter_bytes: int | None
    run_time: AtRunTime | None


class Operator(NamedTuple):
    """One ``aipp_op``. ``mode`` is ``static``, ``dynamic`` or None; ``number`` counts from 0, ``line`` from 1."""

    number: int
    line: int
    mode: str | None
    input: Input
    work: Work | None
    dynamic: Dynamic | None
    filled: tuple[Filled, ...]
    notes: tuple[str, ...]
    unknown: tuple[Unknown, ...]


class Description(NamedTuple):
    """One file in one build."""

    path: str
    build: Compiled
    ops: tuple[Operator, ...]
