"""The mistakes that people make in configurations, each as the parameters without it, and the words that name it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from aipplint.config.normalisation import Channel
from aipplint.hardware.csc import IDENTITY, NOTHING, RGB, STANDARDS, YUV, exchange_columns, exchange_rows, recognise
from aipplint.hardware.size import Size
from aipplint.preview.parameters import Parameters
from aipplint.records import NamedTuple

Mistake = tuple[str, Parameters]
_FAR = 2
"""Pixels of a shift that is looked for."""
SWAPPED = "red and blue are swapped: change rbuv_swap_switch, or the order of what is fed (--order, --chroma)"


class Trained(NamedTuple):
    """The normalisation of the other side, for pixels of 0 to 255: ``(byte - mean) * factor`` for each channel."""

    mean: tuple[float, ...]
    factor: tuple[float, ...]


def mistakes(given: Parameters) -> Iterator[Mistake]:
    """Yield every known mistake that this configuration may have; of equal ones the likelier comes first."""
    yield from of_values(given)
    yield from _places(given)


def of_values(given: Parameters) -> Iterator[Mistake]:
    """Yield those that have nothing to do with places."""
    yield from _colours(given)
    yield from _matrices(given)
    yield from _constants(given)
    yield from _padding(given)


def _family(given: Parameters) -> str:
    return YUV if given.image_format == "YUV420SP_U8" else RGB


def _colours(given: Parameters) -> Iterator[Mistake]:
    if given.gray:
        return
    if _family(given) == YUV:
        yield SWAPPED, given._replace(matrix=exchange_columns(given.matrix, 1, 2))
    first, second, third = given.output_bias
    yield SWAPPED, given._replace(matrix=exchange_rows(given.matrix, 0, 2), output_bias=(third, second, first))
    if given.image_format == "XRGB8888_U8":
        yield "the channels begin at the other byte: change ax_swap_switch", given._replace(first=1 - given.first)


def _matrices(given: Parameters) -> Iterator[Mistake]:
    """Other standards and ranges of YUV; RGB that is converted although it need not be."""
    if given.image_format == "YUV400_U8":
        return
    if _family(given) == RGB:
        if given.matrix != IDENTITY:
            words = "the colours are converted although RGB is fed: set csc_switch to false"
            yield words, given._replace(matrix=IDENTITY, output_bias=NOTHING, gray=False)
        return
    mine = recognise(given.matrix, YUV)
    for standard, swapped_rows, swapped_columns in product(STANDARDS, (False, True), (False, True)):
        matrix = exchange_rows(standard.to_rgb, 0, 2) if swapped_rows else standard.to_rgb
        matrix = exchange_columns(matrix, 1, 2) if swapped_columns else matrix
        if (matrix, standard.bias) == (given.matrix, given.input_bias):
            continue
        known = mine.standard if mine is not None else None
        kept = mine is not None and matrix == mine.matrix
        yield (
            _wrong_matrix(given, standard.name, known.name if known else "", same=kept),
            given._replace(matrix=matrix, input_bias=standard.bias, output_bias=NOTHING, gray=False),
        )


def _wrong_matrix(given: Parameters, right: str, wrong: str, *, same: bool) -> str:
    if given.matrix == IDENTITY:
        return f"YUV is not converted: csc_switch must be true, with the matrix of {right}"
    if same:
        return f"input_bias is not that of the matrix: {right} needs the Y of its black, and 128 and 128"
    if not wrong:
        return f"the matrix is not one of a standard: what is fed is {right}"
    one, other = right.partition(" "), wrong.partition(" ")
    kind = "wrong range" if one[0] == other[0] else "wrong standard"
    if one[0] != other[0] and one[2].split()[0] != other[2].split()[0]:
        kind = "wrong standard and range"
    return f"{kind}: the configuration converts {wrong}, but what is fed is {right} (--standard says what is fed)"


def _constants(given: Parameters) -> Iterator[Mistake]:
    def factors(change: Callable[[float], float]) -> Parameters:
        return _with(given, lambda c: c._replace(reciprocal=change(c.reciprocal) if c.reciprocal else 0.0))

    yield "the values are divided by 255 twice: multiply var_reci_chn by 255", factors(lambda f: f * 255)
    yield "the values are not divided by 255: divide var_reci_chn by 255", factors(lambda f: f / 255)
    yield "var_reci_chn is the deviation, not 1 / the deviation", factors(lambda f: 1 / f)
    words = "var_reci_chn is the deviation of pixels of 0 to 1, not 1 / (255 * the deviation)"
    yield words, factors(lambda f: 1 / (255 * f))
    yield from _orders(given)
    words = "the mean is that of pixels of 0 to 1: multiply min_chn by 255"
    yield words, _with(given, lambda c: c._replace(mean=0, minimum=255 * c.offset))
    words = "the mean is subtracted twice, by mean_chn and by min_chn"
    yield words, _with(given, lambda c: c._replace(minimum=0.0))
    yield words, _with(given, lambda c: c._replace(mean=0))
    words = "the mean is added: its sign is wrong"
    yield words, _with(given, lambda c: c._replace(mean=-c.mean, minimum=-c.minimum))


def _orders(given: Parameters) -> Iterator[Mistake]:
    turned = given.channels[::-1]
    means = zip(given.channels, turned, strict=True)
    yield (
        "the mean is in the wrong order: exchange channels 0 and 2 of mean_chn and min_chn",
        given._replace(channels=tuple(c._replace(mean=o.mean, minimum=o.minimum) for c, o in means)),
    )
    factors = zip(given.channels, turned, strict=True)
    yield (
        "the deviation is in the wrong order: exchange channels 0 and 2 of var_reci_chn",
        given._replace(channels=tuple(c._replace(reciprocal=o.reciprocal) for c, o in factors)),
    )
    yield (
        "mean and deviation are in the wrong order: exchange channels 0 and 2 of mean_chn, min_chn and var_reci_chn",
        given._replace(channels=turned),
    )


def _with(given: Parameters, change: Callable[[Channel], Channel]) -> Parameters:
    return given._replace(channels=tuple(map(change, given.channels)))


def _places(given: Parameters) -> Iterator[Mistake]:
    """Crops and paddings that begin elsewhere."""
    window = given.window
    room = [source - crop for source, crop in zip(window.source, window.crop, strict=True)]
    start = window.start
    shifted = "the image is shifted by a pixel or two: load_start_pos_h {h} and load_start_pos_w {w} would be right"
    centred = "the crop does not begin at the centre: load_start_pos_h {h} and load_start_pos_w {w} would"
    others = [(shifted, Size(start.height + down, start.width + across)) for down, across in _shifts()]
    others.append((centred, Size(round(room[0] / 2), round(room[1] / 2))))
    others.append(("load_start_pos_h and load_start_pos_w are exchanged", Size(start.width, start.height)))
    for words, place in others:
        if place != start and all(0 <= at <= most for at, most in zip(place, room, strict=True)):
            moved = given._replace(window=window._replace(start=place))
            yield words.format(h=place.height, w=place.width), moved
    free = [output - crop for output, crop in zip(window.output, window.crop, strict=True)]
    for down, across in (*_shifts(), (free[0] // 2 - window.before.height, free[1] // 2 - window.before.width)):
        place = Size(window.before.height + down, window.before.width + across)
        if place != window.before and all(0 <= at <= most for at, most in zip(place, free, strict=True)):
            words = f"the image is shifted in its padding: top {place.height} and left {place.width} would be right"
            yield words, given._replace(window=window._replace(before=place))


def _shifts() -> list[tuple[int, int]]:
    steps = [(down, across) for down, across in product(range(-_FAR, _FAR + 1), repeat=2) if (down, across) != (0, 0)]
    return sorted(steps, key=lambda step: abs(step[0]) + abs(step[1]))


def _padding(given: Parameters) -> Iterator[Mistake]:
    if given.window.output == given.window.crop:
        return
    channel = given.channels[0]
    value = (given.padding - channel.offset) * channel.reciprocal
    words = f"padding_value is not normalised by the operator: {given.padding:g} in pixels is {value:.4g}"
    yield words, given._replace(padding=value)
    value = -channel.offset * channel.reciprocal
    yield f"the padding is not black: padding_value {value:.4g} would be", given._replace(padding=value)
    yield "padding_value should be 0", given._replace(padding=0.0)


def other_numbers(given: Parameters, trained: Trained) -> Iterator[Mistake]:
    """Yield the numbers of the other side, for differences that no simpler mistake explains."""
    pairs = [*zip(given.channels, trained.mean, trained.factor, strict=False)]
    if len(pairs) < len(given.channels):
        return
    means, factors = (", ".join(f"{one:.6g}" for one in values) for values in (trained.mean, trained.factor))
    own = [(c._replace(mean=0, minimum=m), c._replace(reciprocal=f)) for c, m, f in pairs]
    yield f"the mean is another one: {means} would be right", given._replace(channels=tuple(one for one, _ in own))
    yield (
        f"the deviation is another one: var_reci_chn {factors} would be right",
        given._replace(channels=tuple(other for _, other in own)),
    )
    both = tuple(c._replace(mean=0, minimum=m, reciprocal=f) for c, m, f in pairs)
    words = f"mean and deviation are others: mean {means} and var_reci_chn {factors} would be right"
    yield words, given._replace(channels=both)
