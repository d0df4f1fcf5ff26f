"""Calculations on images: what ``img = (img / 255 - mean) / std`` and its kind do to a pixel."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from aipplint.records import NamedTuple
from aipplint.training.flags import arms
from aipplint.training.names import may_be_image
from aipplint.training.numbers import Number, Vector, numbers
from aipplint.training.scopes import Scope, dotted

MAX_PATHS = 8
"""Paths through the branches of a function that are followed."""
MAX_STATEMENTS = 2_000
"""Statements of a function that are followed, on all paths together."""

_KEEPS = frozenset(
    "astype transpose float copy permute unsqueeze to resize reshape half cuda contiguous asarray array float32 "
    "float16 ascontiguousarray expand_dims cvtColor "
    "cast from_numpy tensor fromarray imresize swapaxes flip squeeze numpy "
    "resize_images resize_bilinear resize_bicubic identity view npu convert type Tensor stack as_tensor".split()
)
"""Functions and methods that leave the values of pixels as they are."""
_SCALES = frozenset(("ToTensor", "to_tensor", "convert_image_dtype"))
"""What divides bytes by 255."""
_NORMALISES = ("normali", "standardi", "color_norm", "_norm")
_ARITHMETIC: dict[str, type[ast.operator]] = {
    "sub": ast.Sub,
    "subtract": ast.Sub,
    "div": ast.Div,
    "divide": ast.Div,
    "truediv": ast.Div,
    "mul": ast.Mult,
    "multiply": ast.Mult,
    "add": ast.Add,
}


class Affine:
    """``pixel * scale + shift``; ``used`` once another value was calculated from it."""

    def __init__(self, scale: tuple[float, ...], shift: tuple[float, ...], *, image: bool) -> None:
        self.scale: Final = scale
        self.shift: Final = shift
        self.image: Final = image
        self.used = False


class Change(NamedTuple):
    """What is done to pixels in the end, the last expression of it, and whether an option that is off asks for it."""

    scale: tuple[float, ...]
    shift: tuple[float, ...]
    node: ast.expr
    optional: bool


_Names = dict[str, Affine | None]


class Chains:
    """The calculations of one scope."""

    def __init__(self, scope: Scope, off: frozenset[str]) -> None:
        self._scope = scope
        self._off = off
        self._left = MAX_STATEMENTS
        self._made: list[tuple[Affine, ast.expr, bool]] = []
        self._optional = False

    def changes(self) -> Iterator[Change]:
        """What the scope does to pixels, each change once."""
        self._run(self._scope.body, {})
        seen: set[tuple[object, ...]] = set()
        for made, node, optional in self._made:
            key = (node.lineno, node.col_offset, made.scale, made.shift)
            if made.image and not made.used and key not in seen:
                seen.add(key)
                yield Change(made.scale, made.shift, node, optional)

    def _run(self, body: Iterable[ast.stmt], names: _Names) -> list[_Names]:
        """Follow statements on every path; return what the names are at the end of each."""
        paths = [names]
        for node in body:
            self._left -= len(paths)
            if self._left < 0:
                break
            paths = [after for path in paths for after in self._step(node, path)][:MAX_PATHS]
        return paths

    def _step(self, node: ast.stmt, names: _Names) -> list[_Names]:
        if isinstance(node, ast.If):
            after: list[_Names] = []
            for block, off in arms(node, self._off):
                before = self._optional
                self._optional = before or off
                after += self._run(block, dict(names))
                self._optional = before
            return after
        if isinstance(node, ast.Assign):
            value = self._value(node.value, names)
            for target in node.targets:
                self._bind(target, value, names)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._bind(node.target, self._value(node.value, names), names)
        elif isinstance(node, ast.AugAssign):
            self._augment(node, names)
        elif isinstance(node, ast.Expr | ast.Return) and node.value is not None:
            self._value(node.value, names)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            paths = [names]
            for name in ("body", "orelse", "finalbody"):
                paths = [after for path in paths for after in self._run(getattr(node, name, ()), path)][:MAX_PATHS]
            return paths
        return [names]

    def _bind(self, target: ast.expr, value: Affine | Number | None, names: _Names) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                self._bind(part, None, names)
        elif name := dotted(target):
            # What is not followed is a new image.
            names.pop(name, None)
            if isinstance(value, Affine) and value.image:
                names[name] = value

    def _augment(self, node: ast.AugAssign, names: _Names) -> None:
        target = node.target
        channel = _channel(target) if isinstance(target, ast.Subscript) else None
        base = target.value if isinstance(target, ast.Subscript) else target
        name, value = dotted(base), numbers(node.value, self._scope)
        if not name or value is None:
            self._value(node.value, names)
            names.pop(name, None)
            return
        before = names.get(name) or Affine((1.0,), (0.0,), image=may_be_image(name))
        if channel is not None and isinstance(value, float):
            neutral = 0.0 if isinstance(node.op, ast.Add | ast.Sub) else 1.0
            value = Vector(value if index == channel else neutral for index in range(3))
        elif isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice | ast.Tuple):
            name = ast.unparse(target)
        names[name] = self._changed(before, node.op, value, _spot(node))

    def _changed(self, before: Affine, sign: ast.operator, value: Number, node: ast.expr) -> Affine | None:
        """What an operator makes of an image; None if it is not followed."""
        operand = tuple(value) if isinstance(value, Vector) else (value,)
        size = max(len(operand), len(before.scale), len(before.shift))
        if any(len(one) not in (1, size) for one in (operand, before.scale, before.shift)):
            return None
        scale, shift, by = (_wide(one, size) for one in (before.scale, before.shift, operand))
        if isinstance(sign, ast.Div) and 0 not in by:
            made = (
                tuple(s / b for s, b in zip(scale, by, strict=True)),
                tuple(s / b for s, b in zip(shift, by, strict=True)),
            )
        elif isinstance(sign, ast.Mult):
            made = (
                tuple(s * b for s, b in zip(scale, by, strict=True)),
                tuple(s * b for s, b in zip(shift, by, strict=True)),
            )
        elif isinstance(sign, ast.Add):
            made = scale, tuple(s + b for s, b in zip(shift, by, strict=True))
        elif isinstance(sign, ast.Sub):
            made = scale, tuple(s - b for s, b in zip(shift, by, strict=True))
        else:
            return None
        before.used = True
        after = Affine(*made, image=before.image)
        self._made.append((after, node, self._optional))
        return after

    def _value(self, node: ast.expr, names: _Names) -> Affine | Number | None:
        """What an expression does to an image, or its numbers; None for anything else."""
        if isinstance(node, ast.Lambda):
            return self._value(node.body, dict(names))
        if isinstance(node, ast.Name | ast.Attribute) and (name := dotted(node)):
            known = names.get(name)
            if known is not None:
                return known
        value = numbers(node, self._scope)
        if value is not None:
            return value
        if isinstance(node, ast.Name | ast.Attribute):
            name = dotted(node)
            return Affine((1.0,), (0.0,), image=may_be_image(name)) if name else None
        if isinstance(node, ast.Subscript):
            return self._subscript(node, names)
        if isinstance(node, ast.BinOp):
            return self._operation(node, names)
        if isinstance(node, ast.Call):
            return self._call(node, names)
        if isinstance(node, ast.IfExp):
            found = [self._value(part, names) for part in (node.body, node.orelse)]
            return found[0]
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                self._value(part, names)
        return None

    def _subscript(self, node: ast.Subscript, names: _Names) -> Affine | Number | None:
        name = ast.unparse(node) if dotted(node.value) else ""
        if name in names:
            return names[name]
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            return Affine((1.0,), (0.0,), image=may_be_image(node.slice.value))
        return self._value(node.value, names)

    def _operation(self, node: ast.BinOp, names: _Names) -> Affine | None:
        left, right = self._value(node.left, names), self._value(node.right, names)
        if isinstance(left, Affine) and isinstance(right, float | Vector):
            return self._changed(left, node.op, right, node)
        if isinstance(right, Affine) and isinstance(left, float | Vector) and isinstance(node.op, ast.Mult | ast.Add):
            return self._changed(right, node.op, left, node)
        return None

    def _call(self, node: ast.Call, names: _Names) -> Affine | None:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else dotted(function)
        if isinstance(function, ast.Call):
            name = dotted(function.func).rpartition(".")[2]
        method = isinstance(function, ast.Attribute) and dotted(function.value).split(".")[0] not in _MODULES
        operands = ([function.value] if method and isinstance(function, ast.Attribute) else []) + node.args
        values = [self._value(one, names) for one in operands]
        for keyword in node.keywords:
            self._value(keyword.value, names)
        image = next((value for value in values if isinstance(value, Affine)), None)
        if image is None:
            return None
        if any(word in name.lower() for word in _NORMALISES):
            image.used = True
            return None
        sign = _ARITHMETIC.get(name.strip("_").lower())
        if sign is not None:
            second = values[1] if len(values) > 1 else None
            return self._changed(image, sign(), second, node) if isinstance(second, float | Vector) else None
        if name in _SCALES:
            return self._changed(image, ast.Div(), 255.0, node)
        if name in _KEEPS or any(word in name.lower() for word in ("resize", "crop", "letterbox", "pad")):
            return image
        fresh = image.scale == (1.0,) and image.shift == (0.0,)
        return Affine((1.0,), (0.0,), image=image.image) if fresh else None


_MODULES = frozenset(
    "np numpy cv2 tf torch F mmcv Image cv vision functional transforms TF ops ms mindspore math".split()
)
"""Names under which modules are imported."""


def _wide(values: tuple[float, ...], size: int) -> tuple[float, ...]:
    return values * size if len(values) == 1 else values


def _spot(node: ast.AugAssign) -> ast.expr:
    """An expression that stands where the statement does."""
    return ast.copy_location(ast.Name("_"), node)


def _channel(node: ast.Subscript) -> int | None:
    """The channel in ``img[..., 0]`` and ``img[:, :, 0]``; None for any other index."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
    last = parts[-1] if parts else None
    good = isinstance(last, ast.Constant) and last.value in (0, 1, 2) and not isinstance(last.value, bool)
    return last.value if good and isinstance(last, ast.Constant) and isinstance(last.value, int) else None
