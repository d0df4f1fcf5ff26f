"""Pre-processing as people write it down: the normalisation that ``training`` reads, and the sizes around it.

Sizes are those of Resize and CenterCrop of torchvision, and of preprocessor_config.json. Nothing is run.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aipplint.hardware.size import Size
from aipplint.preview.parameters import Refused
from aipplint.records import NamedTuple
from aipplint.source import Source
from aipplint.training.calls import Values, name_of, of_call, of_table
from aipplint.training.normalisation import PIXELS, Numbers, on_bytes, surest
from aipplint.training.numbers import vector
from aipplint.training.order import reads_bgr, reads_rgb
from aipplint.training.preprocessor import read_preprocessor
from aipplint.training.python_code import Code, parse_code
from aipplint.training.read import read_training
from aipplint.training.scopes import Scope, scopes_of

Triple = tuple[float, float, float]
_MAX_SIDE = 65536
_LISTED = 8
_BILINEAR = 2
_RESAMPLE = {"NEAREST": 0, "LANCZOS": 1, "BILINEAR": _BILINEAR, "BICUBIC": 3, "BOX": 4, "HAMMING": 5}
_STEPS = frozenset(("Resize", "CenterCrop", "ToTensor", "PILToTensor", "ConvertImageDtype", "ToDtype", "Normalize"))
_TURNS = ("to_rgb", "bgr_to_rgb")
"""What mmcv calls the exchange of the channels of an image, which it reads as B, G, R."""


class Pipeline(NamedTuple):
    """Resize, crop of the centre, then ``(byte - mean) / deviation`` for each channel in ``order``.

    ``resize`` is a size, or the shorter side; ``resample`` is Pillow's number of a filter. ``steps`` are
    the words for all of it.
    """

    steps: str
    mean: Triple
    deviation: Triple
    order: str = "rgb"
    resize: Size | int | None = None
    crop: Size | None = None
    resample: int = _BILINEAR


class _Step(NamedTuple):
    """A call with the scope that gives its names their values."""

    node: ast.Call
    scope: Scope

    @property
    def name(self) -> str:
        return name_of(self.node)

    def argument(self, name: str, at: int) -> ast.expr | None:
        keywords = {one.arg: one.value for one in self.node.keywords}
        return keywords.get(name, self.node.args[at] if at < len(self.node.args) else None)


_Found = tuple[int, int, Pipeline]
"""A pipeline with its first and its last line."""


def read_pipeline(name: str, source: Source, line: int | None = None) -> Pipeline:
    """Read a pipeline. ``line`` chooses one of several in code. Raises UserError where it cannot be read."""
    document = _json(source.text)
    if isinstance(document, Mapping):
        return _of_settings(name, document)
    found = list(_pipelines(name, source, line))
    if not found:
        raise Refused(f"{name}: no pre-processing can be read there (Compose, Normalize, img_norm_cfg, image_mean)")
    if len({one for _, _, one in found}) > 1:
        lines = ", ".join(str(at) for at, _, _ in found[:_LISTED])
        raise Refused(f"{name}: has several pipelines; choose one by its line, {name}:LINE, of {lines}")
    return found[0][2]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _of_settings(name: str, given: Mapping[str, Any]) -> Pipeline:
    """``preprocessor_config.json`` of transformers; also the keys mean and std alone."""
    known = read_preprocessor(name, given)
    if known is None:
        raise Refused(f"{name}: no pre-processing can be read there (image_mean and image_std)")
    resize = _settings_size(name, given.get("size")) if given.get("do_resize", "size" in given) else None
    crop = _settings_size(name, given.get("crop_size")) if given.get("do_center_crop", False) else None
    order = "bgr" if given.get("do_flip_channel_order") or given.get("to_rgb") is False else "rgb"
    resample = given.get("resample", _BILINEAR)
    resample = resample if resample in _RESAMPLE.values() else _BILINEAR
    return _made(name, known, order, resize, Size(crop, crop) if isinstance(crop, int) else crop, resample)


def _settings_size(name: str, value: Any) -> Size | int | None:
    if isinstance(value, Mapping):
        keys = ("shortest_edge",) if "shortest_edge" in value else ("height", "width")
        return _size(name, [value.get(key) for key in keys])
    return None if value is None else _size(name, value if isinstance(value, list) else [value])


def _pipelines(name: str, source: Source, line: int | None) -> Iterator[_Found]:
    """Those of Compose, else of its steps alone, else of mmcv, else any other normalisation that is read."""

    def chosen(first: int, last: int) -> bool:
        return line is None or first <= line <= last

    code = None if source.path.endswith((".yaml", ".yml")) else parse_code(source)
    if code is not None:
        every = [(one, scope) for scope in scopes_of(code.tree).all() for one in _expressions(scope)]
        calls = [_Step(node, scope) for node, scope in every if isinstance(node, ast.Call)]
        lists = [step for step in calls if step.name == "Compose" and chosen(*_lines(step.node))]
        found = [(_lines(step.node), steps) for step in lists if (steps := _steps(step))]
        plain = [(at, steps) for at, steps in found if not any("Random" in step.name for step in steps)]
        alone = [step for step in calls if step.name in _STEPS and chosen(*_lines(step.node))] if not found else []
        groups = plain or found or ([(_lines(alone[0].node), alone)] if alone else [])
        if groups:
            yield from ((*at, _of_steps(name, steps)) for at, steps in groups)
            return
        mmcv = [(_lines(node), one) for node, scope in every if (one := _of_mmcv(name, node, scope))]
        if mmcv:
            yield from ((*at, one) for at, one in mmcv if chosen(*at))
            return
    elif not source.path.endswith((".yaml", ".yml")):
        raise Refused(f"{name}: neither JSON nor Python that can be read")
    for place in surest(one for one in read_training(source) if chosen(one.line, one.line)):
        yield place.line, place.line, _made(name, (place.mean, place.deviation), _order(name, source, code))


def _expressions(scope: Scope) -> Iterator[ast.Call | ast.Dict]:
    """The calls and tables of a scope without those of inner ones, in their order."""
    inner = {id(one.node) for one in scope.inner}
    todo: list[ast.AST] = list(reversed(scope.body))
    while todo:
        node = todo.pop()
        if id(node) not in inner:
            if isinstance(node, ast.Call | ast.Dict):
                yield node
            todo.extend(reversed(list(ast.iter_child_nodes(node))))


def _lines(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.end_lineno or node.lineno


def _steps(compose: _Step) -> list[_Step]:
    """The steps of a Compose that makes a tensor."""
    first = compose.argument("transforms", 0)
    values = compose.scope.values(first.id, first.lineno) if isinstance(first, ast.Name) else []
    listed = values[0] if len(values) == 1 else first
    nodes = listed.elts if isinstance(listed, ast.List | ast.Tuple) else []
    steps = [_Step(one, compose.scope) for one in nodes if isinstance(one, ast.Call)]
    return steps if any(step.name in ("Normalize", "ToTensor") for step in steps) else []


def _of_steps(name: str, steps: Sequence[_Step]) -> Pipeline:
    """Steps of torchvision. One that would change pixels and is not known is refused, except random ones."""
    resize: Size | int | None = None
    crop, resample, divided, normalise = None, _BILINEAR, False, None
    for step in steps:
        match step.name:
            case "Resize":
                resize = _code_size(name, step)
                attributes = (node.attr for node in ast.walk(step.node) if isinstance(node, ast.Attribute))
                resample = next((_RESAMPLE[one] for one in attributes if one in _RESAMPLE), _BILINEAR)
            case "CenterCrop":
                size = _code_size(name, step)
                crop = Size(size, size) if isinstance(size, int) else size
            case "ToTensor" | "ToImageTensor" | "ConvertImageDtype":
                divided = True
            case "ToDtype":
                scale = step.argument("scale", 1)
                divided = divided or (isinstance(scale, ast.Constant) and scale.value is True)
            case "Normalize":
                normalise = step
            case "PILToTensor" | "ToImage" | "ToPILImage" | "Compose":
                pass
            case other if "Random" in other or other == "ColorJitter":
                pass
            case other:
                raise Refused(f"{name}: line {step.node.lineno}: {other or 'a step'} is not known here")
    return _made(name, _normalised(name, normalise, divided=divided), "rgb", resize, crop, resample)


def _normalised(name: str, step: _Step | None, *, divided: bool) -> tuple[Numbers, Numbers]:
    """The mean and the deviation of bytes, which may have been divided by 255 before."""
    times = float(PIXELS[-1]) if divided else 1.0
    if step is None:
        return (0.0,), (times,)
    values = next(of_call(step.node, step.scope), None)
    if values is None or not values.mean or not values.deviation:
        raise Refused(f"{name}: a mean or a deviation cannot be read as three numbers")
    return tuple(one * times for one in values.mean), tuple(one * times for one in values.deviation)


def _of_mmcv(name: str, node: ast.Call | ast.Dict, scope: Scope) -> Pipeline | None:
    """``dict(mean=..., std=..., to_rgb=...)`` of mmcv, which does not scale images."""
    entries: dict[Any, ast.expr] = {}
    values: Iterator[Values] = iter(())
    if isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        entries, values = dict(zip(keys, node.values, strict=True)), of_table(node, scope)
    elif name_of(node) == "dict":
        entries, values = {one.arg: one.value for one in node.keywords}, of_call(node, scope)
    one = next(values, None) if "mean" in entries and "std" in entries else None
    if one is None:
        return None
    known = on_bytes(one.mean, one.deviation)
    turns = [entries[key] for key in _TURNS if key in entries]
    turned = any(isinstance(turn, ast.Constant) and turn.value is True for turn in turns)
    return None if known is None else _made(name, known, "rgb" if turned else "bgr")


def _order(name: str, source: Source, code: Code | None) -> str:
    """The order of the channels of images in code that has no transforms: what reads them decides."""
    if code is None or reads_rgb(source.text) is not None:
        return "rgb"
    if reads_bgr(source.text):
        return "bgr"
    raise Refused(f"{name}: the code does not say whether its channels are R, G, B or B, G, R")


def _code_size(name: str, step: _Step) -> Size | int:
    return _size(name, vector(step.argument("size", 0), step.scope))


def _size(name: str, values: Sequence[Any]) -> Size | int:
    """One side, or height and width."""
    sides = [int(one) for one in values if isinstance(one, int | float) and 0 < one <= _MAX_SIDE and one == int(one)]
    if len(sides) != len(values) or len(sides) not in (1, 2):
        raise Refused(f"{name}: a size of the pre-processing cannot be read")
    return sides[0] if len(sides) == 1 else Size(*sides)


def _made(
    name: str,
    known: tuple[Numbers, Numbers],
    order: str,
    resize: Size | int | None = None,
    crop: Size | None = None,
    resample: int = _BILINEAR,
) -> Pipeline:
    mean, deviation = (_three(name, values) for values in known)
    if not all(deviation):
        raise Refused(f"{name}: a deviation of the pre-processing is 0")
    steps = []
    if resize is not None:
        steps.append(f"resize to {resize if isinstance(resize, Size) else f'a shorter side of {resize}'}")
    if crop is not None:
        steps.append(f"crop {crop} of the centre")
    numbers = [f"({', '.join(f'{one:g}' for one in triple)})" for triple in (mean, deviation)]
    steps.append(f"(byte - {numbers[0]}) / {numbers[1]} in {', '.join(order.upper())}")
    return Pipeline(", ".join(steps), mean, deviation, order, resize, crop, resample)


def _three(name: str, values: Numbers) -> Triple:
    if len(values) not in (1, 3):
        raise Refused(f"{name}: a mean or a deviation cannot be read as three numbers")
    first, second, third = values * 3 if len(values) == 1 else values
    return first, second, third
