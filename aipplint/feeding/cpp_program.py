"""C++ programs: the images of OpenCV and DVPP that they copy to the input of a model. Nothing is executed.

The statements of a function are followed in order, calls of functions of the same file into these. Both arms of an
``if`` are followed; only what they have in common stays known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from aipplint.feeding.cpp_calls import Call, Numbers, Thing, effect_of, value_of
from aipplint.feeding.picture import UNKNOWN, Fed, Picture, common
from aipplint.findings import Place
from aipplint.readers.cpp.tree import cast_of, last_name, text_of, values_of
from aipplint.readers.cpp.values import CppValues, names_in
from aipplint.readers.grammars import Parsed, parse, walk
from aipplint.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

SUFFIXES = (".cpp", ".cc", ".cxx", ".h", ".hpp")
WORDS = re.compile(rb"imread|imdecode|cv::resize|Vpc(?:Resize|Crop)|JpegD")
"""One of these stands in every program that is read."""
MAX_DEPTH = 8
"""Calls inside each other that are followed."""
MAX_STEPS = 20_000
"""Statements and expressions of a file that are followed."""

_COPIES = ("memcpy", "memcpy_s", "aclrtMemcpy", "CopyDataToDevice", "CopyDataHostToDevice", "CopyDataDeviceToDevice")
"""Functions that copy a buffer; it is the input of a model if one of the words beside says so."""
_INPUT = re.compile(r"(?i)input")
_ENDS = ("return_statement", "continue_statement", "break_statement", "throw_statement", "goto_statement")
_LOOPS = ("for_statement", "while_statement", "do_statement", "for_range_loop")

Names = dict[str, Thing]


class Function:
    """A function of the file: its parameters by name, each with whether it returns a value to its caller."""

    def __init__(self, node: Node, name: str, parameters: Sequence[tuple[str, bool]], body: Node) -> None:
        self.node: Final = node
        self.name: Final = name
        self.parameters: Final = parameters
        self.body: Final = body


class Frame:
    """A call that is followed: what its names are, and which of them are its own."""

    def __init__(self, function: Function, names: Names, depth: int) -> None:
        self.function: Final = function
        self.names = names
        self.own: Final = {name for name, _ in function.parameters}
        self.depth: Final = depth
        self.returned: list[Thing | None] = []


def read(source: Source) -> list[Fed]:
    """Read what a C++ file feeds to a model."""
    try:
        data = source.text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no file decodes to this
        return []
    parsed = parse("cpp", source.text)
    program = _Program(parsed, CppValues(parsed, data, by_value=False))
    return [
        Fed(picture, Place(source, source.span(parsed.offset(start), parsed.offset(end))))
        for (start, end), picture in sorted(program.run().items())
        if picture != UNKNOWN
    ]


class _Program(Numbers):
    """One file."""

    def __init__(self, parsed: Parsed, values: CppValues) -> None:
        self._values = values
        self._functions = _functions(parsed.root)
        self._fed: dict[tuple[int, int], Picture] = {}
        self._entered: set[int] = set()
        self._left = MAX_STEPS

    def run(self) -> Mapping[tuple[int, int], Picture]:
        """Follow every function that no other one calls, then those that were not reached.

        Return the images that are fed, by their place in bytes.
        """
        every = [function for functions in self._functions.values() for function in functions]
        called = {key for function in every for key in _calls_in(function.body)}
        first = [function for function in every if (function.name, len(function.parameters)) not in called]
        for function in (*first, *every):
            if function.node.start_byte not in self._entered:
                self._enter(Frame(function, {}, 0))
        return self._fed

    def number(self, node: Node, frame: Frame) -> int | None:
        """The whole number that an expression is; None if it is unknown."""
        self._values.look_up(names_in(node))
        value = self._values.of(node, frame.function.node.start_byte)
        return int(value) if isinstance(value, int | float) and value == int(value) else None

    # Statements.

    def _enter(self, frame: Frame) -> None:
        self._entered.add(frame.function.node.start_byte)
        self._statement(frame.function.body, frame)

    def _statement(self, node: Node, frame: Frame) -> None:
        self._left -= 1
        if self._left < 0:
            return
        kind = node.type
        if kind == "if_statement":
            self._if(node, frame)
        elif kind in _LOOPS:
            self._loop(node, frame)
        elif kind == "declaration":
            self._declare(node, frame)
        elif kind == "return_statement":
            for child in node.named_children:
                frame.returned.append(self.value(child, frame))
        elif kind.endswith("_statement") or kind in ("else_clause", "case_statement", "try_statement", "catch_clause"):
            for child in node.named_children:
                self._statement(child, frame)
        elif kind not in ("comment", "lambda_expression", "function_definition"):
            self.value(node, frame)

    def _if(self, node: Node, frame: Frame) -> None:
        condition = node.child_by_field_name("condition")
        if condition is not None:
            self._inside(condition, frame)
        before, after = frame.names, []
        for arm in (node.child_by_field_name("consequence"), node.child_by_field_name("alternative")):
            frame.names = dict(before)
            if arm is not None:
                self._statement(arm, frame)
            if arm is None or not _ends(arm):
                after.append(frame.names)
        frame.names = _merged(after) if after else before

    def _loop(self, node: Node, frame: Frame) -> None:
        before = dict(frame.names)
        right, name = node.child_by_field_name("right"), node.child_by_field_name("declarator")
        if right is not None and name is not None:
            self._bind(_target(name), self.value(right, frame), frame)
        for field in ("initializer", "condition", "body"):
            child = node.child_by_field_name(field)
            if child is not None:
                self._statement(child, frame)
        frame.names = _merged([before, frame.names])

    def _declare(self, node: Node, frame: Frame) -> None:
        kind = node.child_by_field_name("type")
        type_name = "" if kind is None else _name(kind)
        for child in node.children_by_field_name("declarator"):
            inner = child.child_by_field_name("declarator") if child.type == "init_declarator" else child
            name = "" if inner is None else _target(inner)
            frame.own.add(name)
            frame.names.pop(name, None)
            value = child.child_by_field_name("value")
            if value is None:
                continue
            if value.type in ("argument_list", "initializer_list"):
                self._bind(name, self._called(Call(type_name, value, None, node), frame), frame)
            else:
                self._bind(name, self.value(value, frame), frame)

    def _bind(self, name: str, value: Thing | None, frame: Frame) -> None:
        if not name:
            return
        frame.names.pop(name, None)
        if value is not None:
            frame.names[name] = value

    # Expressions.

    def value(self, node: Node, frame: Frame) -> Thing | None:
        """The image or the size that an expression is, after what it does; None for anything else."""
        self._left -= 1
        if self._left < 0:
            return None
        node = cast_of(node)[1]
        if node.type == "pointer_expression":
            inner = node.child_by_field_name("argument")
            return None if inner is None else self.value(inner, frame)
        if node.type in ("identifier", "field_identifier", "qualified_identifier", "field_expression"):
            return frame.names.get(_target(node))
        if node.type == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                value = self.value(right, frame)
                self._bind(_target(left), self.number(right, frame) if value is None else value, frame)
            return None
        if node.type == "call_expression":
            function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
            if function is not None and arguments is not None:
                owner = function.child_by_field_name("argument") if function.type == "field_expression" else None
                return self._called(Call(_name(function), arguments, owner, node), frame)
        if node.type == "subscript_expression":
            return None
        self._inside(node, frame)
        return None

    def _inside(self, node: Node, frame: Frame) -> None:
        if node.type != "lambda_expression":
            for child in node.named_children:
                self.value(child, frame)

    def _called(self, call: Call, frame: Frame) -> Thing | None:
        arguments = values_of(call.arguments)
        self._feed(call, arguments, frame)
        known = [one for one in self._functions.get(call.name, ()) if len(one.parameters) == len(arguments)]
        if len(known) == 1 and frame.depth < MAX_DEPTH:
            return self._follow(known[0], arguments, frame)
        given = [self.value(argument, frame) for argument in arguments]
        owner = None if call.owner is None else self.value(call.owner, frame)
        targets = [_target(argument) for argument in arguments]
        for name, value in effect_of(call, owner, given, targets, self, frame):
            self._bind(name, value, frame)
        return value_of(call, owner, given, frame.names, self, frame)

    def _follow(self, function: Function, arguments: Sequence[Node], frame: Frame) -> Thing | None:
        """Follow a call into a function of the file; return what it returns."""
        outer = {name: value for name, value in frame.names.items() if name not in frame.own}
        inner = Frame(function, outer, frame.depth + 1)
        for (name, _), argument in zip(function.parameters, arguments, strict=True):
            self._bind(name, self.value(argument, frame), inner)
        self._enter(inner)
        for (name, gives), argument in zip(function.parameters, arguments, strict=True):
            if gives:
                self._bind(_target(argument), inner.names.get(name), frame)
        frame.names.update((name, value) for name, value in inner.names.items() if name not in inner.own)
        values = inner.returned
        return values[0] if values and all(value == values[0] for value in values) else None

    def _feed(self, call: Call, arguments: Sequence[Node], frame: Frame) -> None:
        """Note the images whose data a call copies to the input of a model."""
        certain = call.name in ("MemoryData", "CreateInput", "CopyImageDataToDevice")
        if not certain and not (call.name in _COPIES and _INPUT.search(text_of(call.whole))):
            return
        for argument in arguments[1:] if call.name.startswith("memcpy") else arguments:
            owner = _data_owner(argument)
            picture = None if owner is None else self.value(owner, frame)
            if isinstance(picture, Picture):
                key = argument.start_byte, argument.end_byte
                self._fed[key] = common(self._fed[key], picture) if key in self._fed else picture


def _functions(root: Node) -> dict[str, list[Function]]:
    """The functions of a file by the last part of their names."""
    found: dict[str, list[Function]] = {}
    for node in walk(root):
        if node.type == "function_definition":
            declarator, body = node.child_by_field_name("declarator"), node.child_by_field_name("body")
            while declarator is not None and declarator.type in ("reference_declarator", "pointer_declarator"):
                declarator = declarator.named_children[-1] if declarator.named_children else None
            if declarator is not None and declarator.type == "function_declarator" and body is not None:
                name = _name(declarator.child_by_field_name("declarator"))
                parameters = list(_parameters(declarator.child_by_field_name("parameters")))
                found.setdefault(name, []).append(Function(node, name, parameters, body))
    return found


def _calls_in(body: Node) -> Iterator[tuple[str, int]]:
    """The calls in a function: the last part of the name, and how many arguments there are."""
    for node in walk(body):
        if node.type == "call_expression":
            yield _name(node.child_by_field_name("function")), len(values_of(node.child_by_field_name("arguments")))


def _parameters(node: Node | None) -> Iterator[tuple[str, bool]]:
    for parameter in values_of(node):
        declarator = parameter.child_by_field_name("declarator")
        refers = declarator is not None and declarator.type in ("reference_declarator", "pointer_declarator")
        fixed = any(child.type == "type_qualifier" and text_of(child) == "const" for child in parameter.children)
        yield "" if declarator is None else _target(declarator), refers and not fixed


def _ends(node: Node) -> bool:
    """Whether what follows is not reached from the end of a block."""
    while node.type in ("compound_statement", "else_clause") and node.named_children:
        node = node.named_children[-1]
    return node.type in _ENDS


def _merged(paths: Sequence[Names]) -> Names:
    """What names are after several paths; one that only some of them know is that."""
    merged: Names = {}
    for name in dict.fromkeys(name for path in paths for name in path):
        values = [path[name] for path in paths if name in path]
        first = values[0]
        if all(value == first for value in values):
            merged[name] = first
        elif all(isinstance(value, Picture) for value in values):
            merged[name] = _common(value for value in values if isinstance(value, Picture))
    return merged


def _common(pictures: Iterable[Picture]) -> Picture:
    every = list(pictures)
    found = every[0]
    for picture in every[1:]:
        found = common(found, picture)
    return found


def _name(node: Node | None) -> str:
    """The last part of a name: ``resize`` of ``cv::resize`` and ``clone`` of ``image.clone``."""
    if node is None:
        return ""
    if node.type == "field_expression":
        node = node.child_by_field_name("field") or node
    node = last_name(node)
    if node.type in ("template_function", "template_method"):
        node = node.child_by_field_name("name") or node
    return text_of(node)


def _target(node: Node) -> str:
    """The name that an expression or a declarator is, with its fields; empty for anything else."""
    node = cast_of(node)[1]
    while node.type in ("pointer_expression", "reference_declarator", "pointer_declarator", "init_declarator"):
        children = [child for child in node.named_children if child.type != "type_qualifier"]
        if not children:
            return ""
        node = cast_of(children[0] if node.type == "init_declarator" else children[-1])[1]
    if node.type == "field_expression":
        return text_of(node).removeprefix("this->").replace("->", ".")
    return text_of(node) if node.type in ("identifier", "field_identifier", "qualified_identifier") else ""


def _data_owner(node: Node) -> Node | None:
    """The image in ``image.data``, ``image.ptr<uint8_t>()`` and ``image.data.get()``; None for anything else."""
    node = cast_of(node)[1]
    while node.type == "call_expression":
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        if function is None:
            return None
        if function.type == "template_function" and text_of(function).startswith(("static_cast", "reinterpret_cast")):
            values = values_of(arguments)
            return _data_owner(values[0]) if values else None
        if function.type != "field_expression":
            return None
        if _name(function) == "ptr":
            return function.child_by_field_name("argument")
        if _name(function) != "get":
            return None
        node = function.child_by_field_name("argument") or function
    if node.type == "field_expression" and _name(node) == "data":
        return node.child_by_field_name("argument")
    return None
