"""pyACL: the formats that a Python program gives to the images of the hardware."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from aipplint.feeding.picture import BYTES, NV12, NV21, Fed, Picture
from aipplint.readers.python.places import Coordinates
from aipplint.training.scopes import Scope, dotted

_SETTER = "dvpp_set_pic_desc_format"
_FORMATS = {"PIXEL_FORMAT_YUV_SEMIPLANAR_420": NV12, "PIXEL_FORMAT_YVU_SEMIPLANAR_420": NV21}


def formats_in(module: Scope, places: Coordinates) -> Iterator[Fed]:
    """The format of every image of the hardware whose format is set; empty where it is unknown."""
    for scope in module.all():
        for node in _calls(scope.body):
            if isinstance(node.func, ast.Attribute) and node.func.attr == _SETTER and len(node.args) == 2:
                yield Fed(Picture(None, _format(node.args[1], scope), BYTES), places.place_of(node))


def _calls(body: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    """The calls in a body without those of inner functions and classes."""
    todo: list[ast.AST] = list(reversed(body))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        todo.extend(reversed(list(ast.iter_child_nodes(node))))


def _format(node: ast.expr, scope: Scope) -> str:
    name = dotted(node)
    known = _FORMATS.get(name.rpartition(".")[2])
    if known is not None:
        return known
    found = {_FORMATS.get(dotted(value).rpartition(".")[2], "") for value in scope.values(name, node.lineno)}
    return found.pop() if len(found) == 1 else ""
