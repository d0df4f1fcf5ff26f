"""AIPP820: a program feeds the model with other data than the configuration takes."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.geometry import pipeline
from aipplint.config.op import AippOp
from aipplint.feeding.picture import BGR, FLOATS, NV12, NV21, PACKED, PLANAR, REVERSED, RGB, Feeding, Picture, Program
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.size import Size
from aipplint.rules.rule import rule

MAX_PLACES = 8
"""Programs that a finding names."""
_YUV, _RGB = "YUV420SP_U8", "RGB888_U8"
_ALIGNED = Size(2, 16)
"""What the hardware rounds the height and the width of YUV420SP up to."""

_SIZE = "a program feeds images of {fed}; the configuration takes {taken}"
_LAYOUT = "a program feeds {fed}; the configuration takes {taken}"
_THREE = "a program feeds three bytes for each pixel; the configuration takes {taken}"
_PLANAR = "a program feeds images channel by channel (NCHW); {taken} is read pixel by pixel (NHWC)"
_FLOATS = "a program feeds floating-point numbers; the configuration takes bytes ({taken})"
_PART = "a program copies a part of an image without clone(): its rows are not contiguous"
_ORDER = "a program feeds {fed}; with rbuv_swap_switch {swap} the model gets {taken}, but it was trained on {trained}"


_Difference = tuple[str, str, tuple[tuple[str, str], ...]]
"""The field that shows what the configuration takes, the message, its values."""


@rule("AIPP820", "feeds-other-data", Severity.WARNING, preview=True)
def feeds_other_data(op: AippOp, feeding: Feeding) -> Iterator[Problem]:
    """A program feeds the model with other data than the configuration takes.

    AIPP reads the input as the configuration says. Nothing compares the two: if the number of bytes is the same, the
    model gets a wrong image, and otherwise it fails at run time. The finding says what the code of the program shows:
    the size of its images, YUV420SP for RGB888 or the reverse, NV21 for NV12, floating-point numbers, NCHW, rows that
    are not contiguous. The channel order is compared only if all training code of the model reads images as R, G, B.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 304  # <--
      src_image_size_h: 304
    }
    ```

    ```cpp
    void Classifier::Read(const std::string &path) {
      cv::Mat image = cv::imread(path, cv::IMREAD_COLOR);
      cv::resize(image, image, cv::Size(224, 224));
      MemoryData input(image.data, image.total() * 3, MemoryData::MEMORY_HOST);
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 304
      src_image_size_h: 304
    }
    ```

    ```cpp
    void Classifier::Read(const std::string &path) {
      cv::Mat image = cv::imread(path, cv::IMREAD_COLOR);
      cv::resize(image, image, cv::Size(304, 304));
      MemoryData input(image.data, image.total() * 3, MemoryData::MEMORY_HOST);
    }
    ```

    ## Fix

    Change the program or the configuration, so that both mean one image. If the program feeds another model, suppress
    the finding.

    ## Source

    Facts B7, U6, W5 and T22 say what the input is; seen in public repositories.
    """
    found: dict[_Difference, list[Program]] = {}
    for program in feeding.programs:
        difference = _difference(op, program)
        if difference is not None:
            found.setdefault(difference, []).append(program)
    for (field, message, values), programs in found.items():
        yield Problem(op.place(field), message, dict(values), tuple(_related(programs)))


def _related(programs: list[Program]) -> Iterator[Related]:
    for program in programs[:MAX_PLACES]:
        yield Related(program.fed.place, "this program feeds the model")
    first = programs[0]
    if first.command is not None:
        yield Related(first.command, "this command builds the model")


def _difference(op: AippOp, program: Program) -> _Difference | None:
    """What is wrong with an image; only the first of several."""
    picture, taken = program.fed.picture, op.text("input_format")
    if taken not in (_YUV, _RGB):
        return None
    if picture.numbers == FLOATS:
        return _told("input_format", _FLOATS, taken=taken)
    if picture.layout == PLANAR and taken == _RGB:
        return _told("input_format", _PLANAR, taken=taken)
    if picture.layout in (NV12, NV21) and taken == _RGB:
        return _told("input_format", _LAYOUT, fed=picture.layout, taken=taken)
    if picture.layout == PACKED and taken == _YUV:
        return _told("input_format", _THREE, taken=taken)
    if picture.layout == NV21 and op.flag("rbuv_swap_switch") is False:
        return _told("input_format", _LAYOUT, fed=NV21, taken=NV12)
    stages = pipeline(op, program.model)
    size = stages[0].size if stages else None
    if size is not None and picture.size is not None and not _fits(picture, size):
        return _told("src_image_size_w", _SIZE, fed=str(picture.size), taken=str(size))
    return _told("input_format", _PART) if picture.part else _order(op, program, picture)


def _told(field: str, message: str, **values: str) -> _Difference:
    return field, message, tuple(values.items())


def _order(op: AippOp, program: Program, picture: Picture) -> _Difference | None:
    swap = op.flag("rbuv_swap_switch")
    if op.text("input_format") != _RGB or op.flag("csc_switch") is not False or swap is None:
        return None
    reaches = REVERSED[picture.order] if swap else picture.order
    trained = program.trained_order
    if picture.layout != PACKED or reaches not in (RGB, BGR) or not trained or reaches == trained:
        return None
    told = "true" if swap else "false"
    return _told("rbuv_swap_switch", _ORDER, fed=picture.order, swap=told, taken=reaches, trained=trained)


def _fits(picture: Picture, size: Size) -> bool:
    fed = picture.size
    if fed is None or fed == size:
        return True
    aligned = Size(*(-(-side // by) * by for side, by in zip(fed, _ALIGNED, strict=True)))
    return picture.layout in (NV12, NV21) and aligned == size


RULES = (feeds_other_data,)
