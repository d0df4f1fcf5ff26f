"""The description as text for people, at most 100 columns wide and readable without knowledge of AIPP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from aipplint.atc.options import CANN_VERSION, quoted
from aipplint.config.normalisation import plain
from aipplint.findings import clean
from aipplint.hardware.size import Size
from aipplint.models.model import Model
from aipplint.show.description import (
    AtRunTime,
    Case,
    ChannelValues,
    Compiled,
    Conversion,
    Description,
    Dynamic,
    Feed,
    Filled,
    Input,
    Operator,
    Step,
    Sum,
    Trained,
    Values,
    Work,
)
from aipplint.show.models import Row, rows

WIDTH = 100
_LABEL = 12
_INDENT = 2
_FEW = 6
"""Profiles that are shown; of more, the first ones and the largest."""
_STRONG, _FRAME = "1", "1;34"

Paint = Callable[[str, str], str]
"""Gives a text a colour, named by its ANSI code; or does not."""

_MODES = {
    "static": "static AIPP: the parameters are compiled into the model",
    "dynamic": "dynamic AIPP: the application sets the parameters before each inference",
    None: "neither static nor dynamic",
}


def render(descriptions: Sequence[Description], models: Sequence[Model] = (), *, color: bool = False) -> str:
    """Render the descriptions, then the models, separated by empty lines."""

    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color and text else text

    parts = [*(_lines(one, paint) for one in descriptions), *(_model_lines(one, paint) for one in models)]
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts)


def _model_lines(model: Model, paint: Paint) -> Iterator[str]:
    yield paint(clean(model.path), _STRONG)
    yield from _table(rows(model), paint)


def _lines(description: Description, paint: Paint) -> Iterator[str]:
    yield paint(clean(description.path), _STRONG)
    yield from _table(_compiled(description.build), paint)
    if not description.ops:
        yield "  no aipp_op can be read here: the model would get its input unchanged"
    for op in description.ops:
        yield ""
        yield f"{paint(f'aipp_op {op.number + 1}', _STRONG)} (line {op.line}), {_MODES[op.mode]}"
        yield from _table(operator_rows(op), paint)


def _table(rows: Iterator[Row], paint: Paint) -> Iterator[str]:
    from textwrap import wrap

    for label, text in rows:
        room = WIDTH - _INDENT - _LABEL
        hang = len(text) - len(text.lstrip()) + 2
        lines = wrap(text, room, subsequent_indent=" " * hang, drop_whitespace=True) or [""]
        for index, line in enumerate(lines):
            head = label if index == 0 else ""
            yield f"{' ' * _INDENT}{paint(head, _FRAME)}{' ' * (_LABEL - len(head))}{line}".rstrip()


def _compiled(build: Compiled) -> Iterator[Row]:
    if not build.options:
        yield "build", "unknown: set ATC's options (--input-shape ...) or a [[build]] in aipplint.toml"
    label = "build"
    for option in build.options:
        value = "(not known)" if option.value is None else quoted(clean(option.value))[0]
        product = f"  ({build.product})" if option.option == "soc_version" and build.product else ""
        release = option.option == CANN_VERSION
        yield label, f"CANN {value}" if release else f"--{option.option}={value}{product}"
        label = ""


def operator_rows(op: Operator) -> Iterator[Row]:
    """Yield the rows of one operator, each with its label; an empty label continues the one above."""
    yield "works on", _input(op.input)
    if op.work is not None:
        yield from _work(op.work)
    if op.dynamic is not None:
        yield from _dynamic(op.dynamic)
    yield from _filled(op.filled)
    yield from _labelled("note", op.notes)
    yield from _labelled("not known", [f"{unknown.what}: {clean(unknown.why)}" for unknown in op.unknown])


def _labelled(label: str, texts: Sequence[str]) -> Iterator[Row]:
    for index, text in enumerate(texts):
        yield "" if index else label, text


def _input(of: Input) -> str:
    which = f"input {of.rank}" if of.rank is not None else "the input"
    name = f" '{clean(of.name)}'" if of.name else ""
    if of.dims is None:
        return f"{which}{name} of the model (inputs count from 0)"
    if of.layout is None or len(of.layout) != len(of.dims):
        return f"{which}{name} of the model: {','.join(map(clean, of.dims))}"
    sides = ", ".join(f"{axis} {clean(dim)}" for axis, dim in zip(of.layout, of.dims, strict=True))
    return f"{which}{name} of the model: {sides}"


def _work(work: Work) -> Iterator[Row]:
    yield from _feed(work)
    yield from _sizes(work)
    yield from _colour(work.colour)
    yield from _values(work.values)
    yield from _labelled("trained", [_trained(one) for one in work.training])


def _trained(one: Trained) -> str:
    """Render one place in training code."""
    where = f"{clean(one.path)}:{one.line}"
    return f"agrees with {where}" if one.agrees else f"differs from {where} by {one.levels:.1f} levels of 255"


def _shown(cases: Sequence[Case]) -> tuple[list[Case], int]:
    """Return the cases to show, and the number of the others."""
    if len(cases) <= _FEW:
        return list(cases), 0
    first = list(cases[: _FEW - 1])
    biggest = _biggest(cases)
    kept = first if biggest in first else [*first, biggest]
    return kept, len(cases) - len(kept)


def _more(count: int) -> str:
    return f"{count} more profile{'s' if count > 1 else ''}"


def _biggest(cases: Sequence[Case]) -> Case:
    return max(cases, key=lambda case: case.feed.bytes or 0 if case.feed else 0)


def _profile(case: Case, width: int = 1) -> str:
    return "" if case.profile is None else f"profile {case.profile:>{width}}  "


def _feed(work: Work) -> Iterator[Row]:
    """Render the input buffer."""
    if work.input_format in (None, "UNDEFINED"):
        return
    feeds = [case.feed for case in work.cases if case.feed]
    images = work.colour.images if work.colour else str(work.input_format)
    order = " in the order N, H, W, C, whatever the model's layout" if any(feed.dims for feed in feeds) else ""
    yield "feed it", f"{images} images{f', {feeds[0].type}{order}' if feeds else ''}"
    if len(set(feeds)) == 1:
        yield from (("", _buffer(feed)) for feed in feeds[:1] if feed.dims is not None)
        return
    shown, more = _shown(work.cases)
    biggest = _biggest(work.cases)
    width = len(str(shown[-1].profile))
    for case in shown:
        if case.feed is not None and case.feed.dims is not None:
            most = "  (the largest: buffer size)" if case is biggest else ""
            yield "", f"{_profile(case, width)}{_buffer(case.feed)}{most}"
    if more:
        yield "", f"... and {_more(more)} (--output-format json shows all)"


def _buffer(feed: Feed) -> str:
    dims = ", ".join("N" if dim is None else str(dim) for dim in feed.dims or ())
    if feed.bytes is None:
        return f"[{dims}]  {feed.image_bytes:,} bytes for each image"
    return f"[{dims}]  {feed.bytes:,} bytes"


def _sizes(work: Work) -> Iterator[Row]:
    """Render the stages; only once if they are equal in all profiles."""
    if not work.cases[0].steps:
        return
    shown, more = _shown(work.cases)
    width = len(str(shown[-1].profile))
    if len({case[2:5] for case in work.cases}) == 1:
        # Profiles of the batch size do the same to every image.
        shown, more = shown[:1], 0
    rows: list[str] = []
    if len({case.steps for case in work.cases}) == 1:
        rows += (row for step in shown[0].steps for row in _step(step))
        rows += (row for case in shown for row in _model(case, width, several=len(shown) > 1))
    else:
        for case in shown:
            steps = [row for step in case.steps for row in _step(step)]
            if len(steps) == 1 and case.fits:
                rows.append(f"{_profile(case, width)}{steps[0]}")
            else:
                rows.append(_profile(case, width).rstrip())
                rows += (f"  {row}" for row in (*steps, *_model(case)))
    if work.padding_value is not None:
        rows.append(f"padding pixels have the value {plain(work.padding_value)}, which is not normalised")
    if more:
        rows.append(f"... and {_more(more)}")
    yield from _labelled("size", rows)


def _step(step: Step) -> Iterator[str]:
    start = f", starting at {step.start}" if step.start is not None else ""
    height, width = _side("H", step.height), _side("W", step.width)
    head = f"{step.name:<9}"
    line = f"{head}{height}, {width}{start}"
    if len(line) <= WIDTH - _INDENT - _LABEL - _INDENT:
        yield line
    else:
        yield f"{head}{height}"
        yield f"{' ' * len(head)}{width}{start}"


def _side(axis: str, side: Sum | None) -> str:
    if side is None or side.value is None:
        return f"{axis} ?" if side is None else f"{axis} ? (as the model)"
    terms = [f"{term.field or 'the model'} {term.value}" for term in side.terms]
    if len(terms) > 1:
        return f"{axis} {side.value} = {' + '.join(terms)}"
    return f"{axis} {side.value} ({side.terms[0].field or 'as the model'})"


def _model(case: Case, width: int = 1, *, several: bool = False) -> Iterator[str]:
    if case.model is not None:
        verdict = {True: ": fits", False: ": does not fit", None: ""}[case.fits]
        yield f"{_profile(case, width) if several else 'the model '}takes {case.model}{verdict}"


def _colour(colour: Conversion | None) -> Iterator[Row]:
    if colour is None:
        return
    yield "colour", colour.name
    if colour.attributes:
        text = f"the attributes of the compiled model show {colour.attributes}; the operator does not use them"
        yield "", text


def _values(values: Values | None) -> Iterator[Row]:
    if values is None:
        return
    known = f" (known as: {values.convention})" if values.convention else ""
    yield "values", f"(byte - mean - min) * var_reci{known}"
    if len({channel[2:] for channel in values.channels}) == 1:
        channels = "every channel" if len(values.channels) > 1 else "one channel"
        yield "", _becomes(channels, values.channels[0])
        return
    for channel in values.channels:
        yield "", _becomes(f"channel {channel.channel} {channel.name}".rstrip(), channel)


def _becomes(head: str, channel: ChannelValues) -> str:
    offset, factor = plain(channel.mean + channel.min), plain(channel.reciprocal)
    return f"{head}: (0..255 - {offset}) * {factor} = {plain(channel.low, 4)} to {plain(channel.high, 4)}"


def _dynamic(dynamic: Dynamic) -> Iterator[Row]:
    room = dynamic.max_src_image_size
    largest, batch = dynamic.largest, dynamic.batch
    yield "room", "max_src_image_size is " + ("not known" if room is None else f"{room:,} bytes for a batch of images")
    if largest is not None:
        many = "a batch of N" if batch is None else f"a batch of {batch}"
        yield "", f"minimum for {many} of the model's largest size ({largest}):"
        yield from (("", f"  {_need(feed)}") for feed in dynamic.needs)
    if dynamic.parameter_bytes is None:
        yield "AippData", "one more model input, for the settings: 64 + 96 * N bytes"
    else:
        sums = f"64 + 96 * {batch} = {dynamic.parameter_bytes}"
        yield "AippData", f"one more model input, for the settings: {sums} bytes"
    if dynamic.run_time is not None:
        yield from _at_run_time(dynamic.run_time)


def _need(feed: Feed) -> str:
    if feed.bytes is None:
        return f"{feed.format:<13}{feed.image_bytes or 0:>13,} * N bytes"
    verdict = {True: "  fits", False: "  too large", None: ""}[feed.fits]
    return f"{feed.format:<13}{feed.bytes:>13,} bytes{verdict}"


def _at_run_time(at_run_time: AtRunTime) -> Iterator[Row]:
    case = at_run_time.work.cases[0]
    yield (
        "at run time",
        f"{at_run_time.work.input_format or '?'}, batch of {case.batch or '?'} (by the run-time settings):",
    )
    if case.feed is not None and case.feed.bytes is not None:
        fits = {True: ", within max_src_image_size", False: ", exceeds max_src_image_size", None: ""}[case.feed.fits]
        yield "", f"  {_buffer(case.feed)}{fits}"
    rows = [*_sizes(at_run_time.work), *_colour(at_run_time.work.colour), *_values(at_run_time.work.values)]
    if at_run_time.size_set is not None:
        rows.append(("set size", _size_set(at_run_time.size_set, at_run_time.profile)))
    rows += _labelled("not known", [f"{unknown.what}: {unknown.why}" for unknown in at_run_time.unknown])
    yield from (("", f"  {label:<10}{text}") for label, text in rows)


def _size_set(size: Size, profile: int | None) -> str:
    which = "no profile of the build" if profile is None else f"profile {profile}"
    return f"{size} (aclmdlSetDynamicHWSize): {which}"


_WHY = {
    "default": "not set: the default",
    "matrix": "not set while csc_switch is true: filled in",
    "zeroed": "set, but its switch is false: treated as 0",
    "model": "0 or not set: taken from the model",
}


def _filled(filled: Sequence[Filled]) -> Iterator[Row]:
    """Render the filled-in values by reason, except those of the model, which the sizes show."""
    label = "filled in"
    for why, words in _WHY.items():
        mine = [one for one in filled if one.why == why and why != "model"]
        if mine:
            yield label, f"{', '.join(_fields(mine))} ({words})"
            label = ""


def _fields(filled: Sequence[Filled]) -> Iterator[str]:
    """Fields with their values; a whole matrix in one."""
    cells = [one for one in filled if one.field.startswith("matrix_")]
    if len(cells) == 9:
        numbers = [plain(one.value or 0) for one in cells]
        yield "matrix_r0c0 to r2c2 " + " / ".join(" ".join(numbers[at : at + 3]) for at in (0, 3, 6))
    for one in filled:
        if len(cells) < 9 or one not in cells:
            yield f"{one.field} {plain(one.given or one.value or 0)}"
