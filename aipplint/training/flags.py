"""Options of training code that are off unless somebody sets them."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from aipplint.training.scopes import Function, dotted


def off_by_default(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names of parameters and of command line options that are off by default everywhere in a file."""
    on: set[str] = set()
    off: set[str] = set()
    for node in nodes:
        if isinstance(node, Function):
            given = node.args
            names = [*given.posonlyargs, *given.args]
            for argument, default in zip(names[::-1], given.defaults[::-1], strict=False):
                (off if _is(default, False) else on).add(argument.arg)
        elif isinstance(node, ast.Call) and dotted(node.func).endswith("add_argument"):
            (off if _adds_off(node) else on).add(_option(node))
    return frozenset(off - on)


def _adds_off(node: ast.Call) -> bool:
    """Whether an option that argparse is told of is off by default."""
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    default, action = keywords.get("default"), keywords.get("action")
    if default is not None:
        return _is(default, False)
    return action is not None and _is(action, "store_true")


def arms(node: ast.If, off: frozenset[str]) -> list[tuple[list[ast.stmt], bool]]:
    """The blocks of an ``if``, each with whether it is executed only if an option that is off is set."""
    test, turned = node.test, False
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, turned = test.operand, True
    is_off = _is(test, False) or (bool(dotted(test)) and dotted(test).rpartition(".")[2] in off)
    return [(node.body, is_off and not turned), (node.orelse, is_off and turned)]


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is type(value) and node.value == value


def _option(node: ast.Call) -> str:
    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    return next((str(text).lstrip("-").replace("-", "_") for text in reversed(texts)), "")
