"""Pre-processing as people write it down: torchvision code, preprocessor_config.json, img_norm_cfg. Nothing is run.

Python is read as a tree: calls of Compose, or of its steps alone, and ``dict(...)`` of mmcv. Names stand for the
literals that the module assigns to them.
"""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aipplint.hardware.size import Size
from aipplint.preview.parameters import Refused
from aipplint.records import NamedTuple

Triple = tuple[float, float, float]
_MAX_NODES = 200_000
_BILINEAR = 2
_RESAMPLE = {"NEAREST": 0, "LANCZOS": 1, "BILINEAR": _BILINEAR, "BICUBIC": 3, "BOX": 4, "HAMMING": 5}
_ZEROS: Triple = (0.0, 0.0, 0.0)
_ONES: Triple = (1.0, 1.0, 1.0)


class Pipeline(NamedTuple):
    """Resize, crop of the centre, then ``(byte * scale - mean) / deviation`` for each channel in ``order``.

    ``resize`` is a size, or the shorter side; ``resample`` is Pillow's number of a filter. ``steps`` are
    the words for all of it.
    """

    steps: str
    resize: Size | int | None = None
    crop: Size | None = None
    scale: float = 1.0
    mean: Triple = _ZEROS
    deviation: Triple = _ONES
    order: str = "rgb"
    resample: int = _BILINEAR


def read_pipeline(name: str, text: str, line: int | None = None) -> Pipeline:
    """Read a pipeline. ``line`` chooses one of several in Python code. Raises Refused where it cannot be read."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, Mapping):
        return _of_settings(name, document)
    found = _of_code(name, text)
    chosen = [(at, one) for at, one in found if line is None or at == line]
    if not chosen:
        raise Refused(f"{name}: no pre-processing can be read there (Compose, Normalize, img_norm_cfg, image_mean)")
    if len({one for _, one in chosen}) > 1:
        lines = ", ".join(str(at) for at, _ in chosen[:8])
        raise Refused(f"{name}: has several pipelines; choose one by its line, {name}:LINE, of {lines}")
    return chosen[0][1]


def _of_settings(name: str, given: Mapping[str, Any]) -> Pipeline:
    """``preprocessor_config.json`` of transformers; also the keys mean and std alone."""
    has_mean = given.get("do_normalize", True) and ("image_mean" in given or "mean" in given)
    mean = _triple(name, given.get("image_mean", given.get("mean"))) if has_mean else _ZEROS
    deviation = _triple(name, given.get("image_std", given.get("std", 1.0))) if has_mean else _ONES
    scale = _number(name, given.get("rescale_factor", 1 / 255)) if given.get("do_rescale", True) else 1.0
    if "image_mean" not in given and max(*mean, *deviation) > 2:
        scale = _number(name, given.get("rescale_factor", 1.0))
    resize = _settings_size(name, given.get("size")) if given.get("do_resize", "size" in given) else None
    crop = _settings_size(name, given.get("crop_size")) if given.get("do_center_crop", False) else None
    crop = Size(crop, crop) if isinstance(crop, int) else crop
    order = "bgr" if given.get("do_flip_channel_order") or given.get("to_rgb") is False else "rgb"
    resample = given.get("resample", _BILINEAR)
    known = resample if resample in _RESAMPLE.values() else _BILINEAR
    if not has_mean and "rescale_factor" not in given and "do_rescale" not in given:
        raise Refused(f"{name}: no pre-processing can be read there (image_mean and image_std)")
    return _made(resize, crop, scale, mean, deviation, order, known)


def _settings_size(name: str, value: Any) -> Size | int | None:
    if isinstance(value, Mapping):
        if "shortest_edge" in value:
            return _whole(name, value["shortest_edge"])
        return Size(_whole(name, value.get("height")), _whole(name, value.get("width")))
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return Size(_whole(name, value[0]), _whole(name, value[1]))
    return None if value is None else _whole(name, value)


def _of_code(name: str, text: str) -> list[tuple[int, Pipeline]]:
    """The pipelines of Python code with their lines: those without random steps, where there are such."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        nodes = list(ast.walk(tree))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise Refused(f"{name}: neither JSON nor Python that can be read") from None
    if len(nodes) > _MAX_NODES:
        raise Refused(f"{name}: too large to be read")
    names = _Names(tree)
    lists = [node for node in nodes if isinstance(node, ast.Call) and _called(node) == "Compose" and node.args]
    found = [(node.lineno, _calls(node.args[0])) for node in lists]
    found = [
        (line, steps) for line, steps in found if any(_called(step) in ("Normalize", "ToTensor") for step in steps)
    ]
    plain = [(line, steps) for line, steps in found if not any("Random" in _called(step) for step in steps)]
    if plain or found:
        return [(line, _of_steps(name, steps, names)) for line, steps in plain or found]
    alone = [step for step in nodes if isinstance(step, ast.Call) and _called(step) in _STEPS]
    alone.sort(key=lambda step: (step.lineno, step.col_offset))
    if alone:
        return [(alone[0].lineno, _of_steps(name, alone, names))]
    return list(_of_mmcv(name, nodes, names))


def _calls(node: ast.expr) -> list[ast.Call]:
    return [one for one in node.elts if isinstance(one, ast.Call)] if isinstance(node, (ast.List, ast.Tuple)) else []


def _called(node: ast.Call) -> str:
    """The last name of what is called: ``Resize`` of ``transforms.Resize(256)``."""
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


_STEPS = ("Resize", "CenterCrop", "ToTensor", "PILToTensor", "ConvertImageDtype", "ToDtype", "Normalize")


def _of_steps(name: str, steps: Sequence[ast.Call], names: _Names) -> Pipeline:
    """Steps of torchvision. One that would change pixels and is not known is refused, except random ones."""
    resize: Size | int | None = None
    crop, scale, mean, deviation, resample = None, 1.0, _ZEROS, _ONES, _BILINEAR
    for step in steps:
        given = _arguments(step, names)
        match _called(step):
            case "Resize":
                resize = _code_size(name, given.get("size", given.get(0)))
                filters = [
                    node for node in ast.walk(step) if isinstance(node, ast.Attribute) and node.attr in _RESAMPLE
                ]
                resample = _RESAMPLE[filters[0].attr] if filters else _BILINEAR
            case "CenterCrop":
                size = _code_size(name, given.get("size", given.get(0)))
                crop = Size(size, size) if isinstance(size, int) else size
            case "ToTensor" | "ToImageTensor":
                scale = 1 / 255
            case "ToDtype" | "ConvertImageDtype":
                scale = 1 / 255 if _called(step) == "ConvertImageDtype" or given.get("scale") is True else scale
            case "Normalize":
                mean = _triple(name, given.get("mean", given.get(0)))
                deviation = _triple(name, given.get("std", given.get(1)))
            case "PILToTensor" | "ToImage" | "ToPILImage" | "Compose":
                pass
            case other if "Random" in other or other == "ColorJitter":
                pass
            case other:
                raise Refused(f"{name}: line {step.lineno}: {other or 'a step'} is not known here")
    return _made(resize, crop, scale, mean, deviation, "rgb", resample)


def _code_size(name: str, value: Any) -> Size | int:
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return Size(_whole(name, value[0]), _whole(name, value[1]))
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return _whole(name, value[0])
    return _whole(name, value)


def _of_mmcv(name: str, nodes: Sequence[ast.AST], names: _Names) -> Iterator[tuple[int, Pipeline]]:
    """``dict(mean=..., std=..., to_rgb=...)`` of mmcv, which reads images as B, G, R and does not scale them."""
    for node in nodes:
        given = _arguments(node, names) if isinstance(node, ast.Call) and _called(node) == "dict" else None
        if isinstance(node, ast.Dict):
            value = names.value(node)
            given = value if isinstance(value, dict) else None
        if given and "mean" in given and "std" in given:
            mean, deviation = _triple(name, given["mean"]), _triple(name, given["std"])
            turned = given.get("to_rgb", given.get("bgr_to_rgb", False)) is True
            scale = 1 / 255 if max(*mean, *deviation) <= 1 else 1.0
            line = getattr(node, "lineno", 1)
            yield line, _made(None, None, scale, mean, deviation, "rgb" if turned else "bgr", _BILINEAR)


class _Names:
    """The literals that a module assigns to names, anywhere; a name with several values has none."""

    def __init__(self, tree: ast.Module) -> None:
        self._found: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target, node.value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._found.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, part in zip(target.elts, value.elts, strict=True):
                self._assign(one, part)

    def value(self, node: ast.expr, depth: int = 0) -> Any:
        """The value of an expression; None where it is not known."""
        if depth > 20:
            return None
        match node:
            case ast.Constant():
                return node.value
            case ast.List() | ast.Tuple():
                return [self.value(one, depth + 1) for one in node.elts]
            case ast.Dict():
                keys = [self.value(key, depth + 1) if key is not None else None for key in node.keys]
                known = zip(keys, node.values, strict=True)
                return {key: self.value(one, depth + 1) for key, one in known if isinstance(key, str)}
            case ast.Name():
                values = self._found.get(node.id, [])
                return self.value(values[0], depth + 1) if len(values) == 1 else None
            case ast.UnaryOp(op=ast.USub()):
                value = self.value(node.operand, depth + 1)
                return -value if isinstance(value, (int, float)) else None
            case ast.BinOp():
                return _computed(node.op, self.value(node.left, depth + 1), self.value(node.right, depth + 1))
        return None


def _computed(operator: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(left, list) and not isinstance(right, list):
        return [_computed(operator, one, right) for one in left]
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)) or max(abs(left), abs(right)) > 1e9:
        return None
    match operator:
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right if right else None
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
    return None


def _arguments(call: ast.Call, names: _Names) -> dict[Any, Any]:
    """The arguments by position and by name."""
    given: dict[Any, Any] = {at: names.value(one) for at, one in enumerate(call.args)}
    return given | {one.arg: names.value(one.value) for one in call.keywords if one.arg}


def _triple(name: str, value: Any) -> Triple:
    values = [value] * 3 if isinstance(value, (int, float)) else value
    if isinstance(values, (list, tuple)) and len(values) == 1:
        values = [*values] * 3
    if not isinstance(values, (list, tuple)) or len(values) != 3:
        raise Refused(f"{name}: a mean or a deviation cannot be read as three numbers")
    first, second, third = (_number(name, one) for one in values)
    return first, second, third


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1e9 < value < 1e9:
        raise Refused(f"{name}: a number of the pre-processing cannot be read")
    return float(value)


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 65536:
        raise Refused(f"{name}: a size of the pre-processing cannot be read")
    return value


def _made(
    resize: Size | int | None,
    crop: Size | None,
    scale: float,
    mean: Triple,
    deviation: Triple,
    order: str,
    resample: int,
) -> Pipeline:
    if not all(deviation):
        raise Refused("a deviation of the pre-processing is 0")
    steps = []
    if resize is not None:
        steps.append(f"resize to {resize if isinstance(resize, Size) else f'a shorter side of {resize}'}")
    if crop is not None:
        steps.append(f"crop {crop} of the centre")
    numbers = [f"({', '.join(f'{one:g}' for one in triple)})" for triple in (mean, deviation)]
    scaled = "byte" if scale == 1 else "byte / 255" if scale == 1 / 255 else f"byte * {scale:g}"
    steps.append(f"({scaled} - {numbers[0]}) / {numbers[1]} in {', '.join(order.upper())}")
    return Pipeline(", ".join(steps), resize, crop, scale, mean, deviation, order, resample)
