"""Python programs: the images of OpenCV, PIL and numpy that they feed to a model or write for it. Nothing is executed.

The statements of a function are followed in order, calls of functions of the same file into these. Both arms of an
``if`` are followed unless its condition is known; only what they have in common stays known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aipplint.feeding.array import Array, Batch, Linear, Number, added, common_array, unknown_array, unknown_number
from aipplint.feeding.picture import BYTES, PACKED, UNKNOWN, Fed
from aipplint.feeding.pyacl import formats_in
from aipplint.feeding.python_calls import Transform, result, transformed
from aipplint.source import Source
from aipplint.training.python_code import parse_code
from aipplint.training.scopes import dotted, scopes_of

SUFFIXES = (".py",)
WORDS = re.compile(rb"\.tofile\(|dataStr|\.execute\(\[|\.infer\(\[|dvpp_set_pic_desc_format")
"""One of these stands in every program that is read."""
MAX_DEPTH = 8
"""Calls inside each other that are followed."""
MAX_STEPS = 20_000
"""Statements and expressions of a file that are followed."""

_RUNS = ("execute", "infer")
"""Methods that run a model on a list of inputs."""
_REVERSED = ("::-1", "(2, 1, 0)", "[2, 1, 0]")

Names = dict[str, object]


class Frame:
    """A call that is followed: its names, and what it returns."""

    def __init__(self, names: Names, depth: int) -> None:
        self.names = names
        self.depth: Final = depth
        self.returned: list[object] = []


def read(source: Source) -> list[Fed]:
    """Read what a Python file feeds to a model. One that this Python cannot parse says nothing."""
    code = parse_code(source)
    if code is None:
        return []
    try:
        fed = [Fed(image.picture, code.places.place_of(node)) for node, image in _Program(code.tree, code.nodes).run()]
        fed += formats_in(scopes_of(code.tree), code.places)
    except (ValueError, MemoryError, RecursionError):
        return []
    return sorted((one for one in fed if one.picture != UNKNOWN), key=lambda one: one.place.span)


class _Program:
    """One file."""

    def __init__(self, tree: ast.Module, nodes: Sequence[ast.AST]) -> None:
        self._tree: Final = tree
        self._functions: Final[dict[str, list[ast.FunctionDef]]] = {}
        for node in nodes:
            if isinstance(node, ast.FunctionDef):
                self._functions.setdefault(node.name, []).append(node)
        self._fed: dict[ast.expr, Array] = {}
        self._entered: set[ast.FunctionDef] = set()
        self._globals: Names = {}
        self._left = MAX_STEPS

    def run(self) -> Iterator[tuple[ast.expr, Array]]:
        """Follow the module, then every function that was not reached; return the images that are fed."""
        module = Frame(self._globals, 0)
        self._block(self._tree.body, module)
        self._globals = module.names
        for function in [one for functions in self._functions.values() for one in functions]:
            if function not in self._entered:
                self._enter(function, {}, 1)
        yield from self._fed.items()

    def _enter(self, function: ast.FunctionDef, names: Mapping[str, object], depth: int) -> object:
        """Follow a function with what is known of its arguments; return what it returns."""
        self._entered.add(function)
        frame = Frame(dict(names), depth)
        self._block(function.body, frame)
        return _merged_values(frame.returned) if frame.returned else None

    # Statements.

    def _block(self, body: Sequence[ast.stmt], frame: Frame) -> bool:
        """Follow statements; return whether the end is reached."""
        for node in body:
            self._left -= 1
            if self._left < 0 or not self._statement(node, frame):
                return False
        return True

    def _statement(self, node: ast.stmt, frame: Frame) -> bool:
        if isinstance(node, ast.If):
            return self._if(node, frame)
        if isinstance(node, ast.For | ast.While | ast.AsyncFor):
            if not isinstance(node, ast.While):
                over = self.value(node.iter, frame)
                self._bind(node.target, over.image if isinstance(over, Batch) else None, frame)
            before = dict(frame.names)
            self._block(node.body, frame)
            frame.names = _merged([before, frame.names])
            return True
        if isinstance(node, ast.With | ast.AsyncWith):
            return self._block(node.body, frame)
        if isinstance(node, ast.Try):
            self._block(node.body, frame)
            return self._block([*node.orelse, *node.finalbody], frame)
        if isinstance(node, ast.Assign):
            value = self.value(node.value, frame)
            for target in node.targets:
                self._bind(target, value, frame)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._bind(node.target, self.value(node.value, frame), frame)
        elif isinstance(node, ast.AugAssign):
            binary = ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)
            self._bind(node.target, self.value(binary, frame), frame)
        elif isinstance(node, ast.Return):
            frame.returned.append(None if node.value is None else self.value(node.value, frame))
            return False
        elif isinstance(node, ast.Expr):
            self.value(node.value, frame)
        return not isinstance(node, ast.Raise | ast.Continue | ast.Break)

    def _if(self, node: ast.If, frame: Frame) -> bool:
        known = self._truth(node.test, frame)
        before, ends = frame.names, []
        for body, taken in ((node.body, known is not False), (node.orelse, known is not True)):
            frame.names = dict(before)
            if taken and self._block(body, frame):
                ends.append(frame.names)
        frame.names = _merged(ends) if ends else before
        return bool(ends)

    def _truth(self, test: ast.expr, frame: Frame) -> bool | None:
        """Whether a condition is true: what a size is (``isinstance``), or the name of the module."""
        if isinstance(test, ast.Call) and dotted(test.func) == "isinstance" and len(test.args) == 2:
            value, kinds = self.value(test.args[0], frame), ast.unparse(test.args[1])
            if value is None or "int" not in kinds:
                return None
            return isinstance(value, Number)
        if isinstance(test, ast.Compare) and dotted(test.left) == "__name__":
            return True
        self.value(test, frame)
        return None

    def _bind(self, target: ast.expr, value: object, frame: Frame) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            plain = isinstance(value, tuple) and not isinstance(value, Array) and len(value) == len(target.elts)
            for index, part in enumerate(target.elts):
                self._bind(part, value[index] if plain and isinstance(value, tuple) else None, frame)
        elif isinstance(target, ast.Attribute) and target.attr == "dataStr":
            self._feed(target, value)
        elif name := dotted(target):
            frame.names[name] = value

    def _feed(self, node: ast.expr, value: object, *, file: bool = False) -> None:
        """Note an image that is fed; what is written to a file is fed only if it has been made an image of bytes."""
        if isinstance(value, Array) and (not file or (value.numbers == BYTES and value.layout)):
            self._fed[node] = common_array(self._fed[node], value) if node in self._fed else value

    # Expressions.

    def value(self, node: ast.expr, frame: Frame) -> object:
        """The value of an expression as far as it matters to images; None if it is unknown."""
        self._left -= 1
        if self._left < 0:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, int | float) and not isinstance(node.value, bool) else None
        if isinstance(node, ast.Tuple | ast.List):
            return tuple(self.value(part, frame) for part in node.elts)
        if isinstance(node, ast.Dict):
            return {
                key.value: self.value(part, frame)
                for key, part in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
        if isinstance(node, ast.Name | ast.Attribute):
            return self._named(node, frame)
        if isinstance(node, ast.Call):
            return self._call(node, frame)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, frame)
        if isinstance(node, ast.BinOp):
            return self._operation(node, frame)
        if isinstance(node, ast.UnaryOp):
            operand = self.value(node.operand, frame)
            return -operand if isinstance(node.op, ast.USub) and isinstance(operand, int | float) else None
        if isinstance(node, ast.ListComp):
            image = self.value(node.elt, frame)
            return Batch(image) if isinstance(image, Array) else None
        if isinstance(node, ast.IfExp):
            return _merged_values([self.value(node.body, frame), self.value(node.orelse, frame)])
        return None

    def _named(self, node: ast.Name | ast.Attribute, frame: Frame) -> object:
        name = dotted(node)
        if name in frame.names or name in self._globals:
            return frame.names.get(name, self._globals.get(name))
        owner = self.value(node.value, frame) if isinstance(node, ast.Attribute) else None
        if isinstance(owner, Array) and isinstance(node, ast.Attribute):
            if node.attr == "shape" and owner.layout == PACKED:
                return owner.height, owner.width, 3
            if node.attr == "size" and owner.pil:
                return owner.width, owner.height
            if node.attr in ("width", "height") and owner.pil:
                return owner.width if node.attr == "width" else owner.height
            if node.attr == "T":
                return unknown_array()
        return None

    def _operation(self, node: ast.BinOp, frame: Frame) -> object:
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        for image in (left, right):
            if isinstance(image, Array):
                return image.calculated()
        if isinstance(left, Number) and isinstance(right, Number):
            if isinstance(node.op, ast.Add | ast.Sub):
                return added(left, right, 1 if isinstance(node.op, ast.Add) else -1)
            return _product(node.op, left, right)
        return None

    def _subscript(self, node: ast.Subscript, frame: Frame) -> object:
        value = self.value(node.value, frame)
        if isinstance(value, Array):
            return self._part(value, node.slice, frame)
        if isinstance(value, Batch):
            return None if isinstance(node.slice, ast.Slice | ast.Tuple) else value.image
        if isinstance(value, dict) and isinstance(node.slice, ast.Constant):
            return value.get(node.slice.value)
        if isinstance(value, dict) and value and all(one == next(iter(value.values())) for one in value.values()):
            return next(iter(value.values()))
        if isinstance(value, tuple) and not isinstance(value, Transform | Linear):
            if isinstance(node.slice, ast.Slice):
                step = node.slice.step
                if node.slice.lower is None and node.slice.upper is None and step is not None:
                    return value[::-1] if ast.unparse(step) == "-1" else None
                return value[:2] if ast.unparse(node.slice) in (":2", "0:2") else None
            index = self.value(node.slice, frame)
            return value[index] if isinstance(index, int) and -len(value) <= index < len(value) else None
        return None

    def _part(self, image: Array, part: ast.expr, frame: Frame) -> Array:
        """``image[top:bottom, left:right]``, ``image[..., ::-1]`` and ``image[None]``."""
        parts = part.elts if isinstance(part, ast.Tuple) else [part]
        texts = [ast.unparse(one) for one in parts]
        if texts[-1] in _REVERSED and all(text in (":", "...") for text in texts[:-1]) and len(texts) > 1:
            return image.turned()
        if texts[0] in ("None", "np.newaxis") and all(text in (":", "...") for text in texts[1:]):
            return image
        if image.layout != PACKED or len(parts) > 3 or not all(isinstance(one, ast.Slice) for one in parts):
            return unknown_array()
        if len(texts) == 3 and texts[2] != ":":
            return unknown_array()
        sides = [image.height, image.width]
        for at, one in enumerate(parts[:2]):
            if isinstance(one, ast.Slice) and texts[at] != ":":
                sides[at] = self._length(one, sides[at], frame)
        return image.sized(*sides)

    def _length(self, part: ast.Slice, side: Number, frame: Frame) -> Number:
        ends = [0 if part.lower is None else self.value(part.lower, frame)]
        ends.append(side if part.upper is None else self.value(part.upper, frame))
        start, end = ends
        numbers = isinstance(start, int | Linear) and isinstance(end, int | Linear)
        if part.step is not None or not numbers or any(isinstance(one, int) and one < 0 for one in ends):
            return unknown_number()
        length = added(end, start, -1) if isinstance(start, int | Linear) and isinstance(end, int | Linear) else 0
        return min(length, side) if isinstance(length, int) and isinstance(side, int) else length

    # Calls.

    def _call(self, node: ast.Call, frame: Frame) -> object:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else dotted(function)
        before = function.value if isinstance(function, ast.Attribute) else None
        owner = None if before is None else self.value(before, frame)
        given = [self.value(argument, frame) for argument in node.args if not isinstance(argument, ast.Starred)]
        keywords = {one.arg: self.value(one.value, frame) for one in node.keywords if one.arg}
        if name == "tofile":
            self._feed(node, owner, file=True)
        elif name in _RUNS and len(given) == 1 and isinstance(given[0], tuple) and len(given[0]) == 1:
            self._feed(node, given[0][0])
        called = self.value(function, frame)
        if called is not None and given and isinstance(given[0], Array):
            return transformed(given[0], called)
        known = self._functions.get(name, ())
        own = before is None or dotted(before) in ("self", "cls")
        if own and len(known) == 1 and frame.depth < MAX_DEPTH and len(given) == len(node.args):
            return self._follow(known[0], given, keywords, frame)
        module = "" if before is None else dotted(before)
        texts = [ast.unparse(argument) for argument in node.args[:8]]
        if any(one.arg == "dtype" for one in node.keywords):
            keywords["dtype"] = next(ast.unparse(one.value) for one in node.keywords if one.arg == "dtype")
        return result(module, name, owner, given, keywords, texts)

    def _follow(
        self, function: ast.FunctionDef, given: Sequence[object], keywords: Mapping[str, object], frame: Frame
    ) -> object:
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        names = names[1:] if names[:1] in (["self"], ["cls"]) else names
        defaults = function.args.defaults
        arguments: Names = dict.fromkeys(names)
        for name, default in zip(names[::-1], defaults[::-1], strict=False):
            arguments[name] = self.value(default, frame)
        return self._enter(
            function, arguments | dict(zip(names, given, strict=False)) | dict(keywords), frame.depth + 1
        )


def _product(sign: ast.operator, left: Number, right: Number) -> object:
    if isinstance(left, Linear) or isinstance(right, Linear):
        return unknown_number()
    try:
        if isinstance(sign, ast.Mult):
            return left * right
        if isinstance(sign, ast.FloorDiv):
            return left // right
        return left / right if isinstance(sign, ast.Div) else None
    except (ArithmeticError, ValueError):
        return None


def _merged_values(values: Sequence[object]) -> object:
    """What several values have in common."""
    first = values[0]
    for value in values[1:]:
        if isinstance(first, Array) and isinstance(value, Array):
            first = common_array(first, value)
        elif value != first:
            return None
    return first


def _merged(paths: Sequence[Names]) -> Names:
    """What names are after several paths; one that only some of them know is that."""
    names = dict.fromkeys(name for path in paths for name in path)
    return {name: _merged_values([path[name] for path in paths if name in path]) for name in names}
