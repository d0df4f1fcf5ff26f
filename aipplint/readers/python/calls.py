"""Python code that sets dynamic AIPP through pyACL (``acl.mdl.set_aipp_src_image_size(aipp, 832, 416)``)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from aipplint.findings import Place
from aipplint.readers.acl.calls import BY_PYTHON_NAME, CREATE, SET, AclCall
from aipplint.readers.acl.sets import Argument, Site, settings_of_sites
from aipplint.readers.extract import Settings
from aipplint.readers.python.items import Where
from aipplint.readers.python.names import CLASS, FUNCTION, LOOP, Outline, Scope, Statement, dotted, own_names
from aipplint.readers.python.values import PythonValues
from aipplint.source import Source, Span


class Calls:
    """Finds the calls of a file that set dynamic AIPP: it takes all statements, then returns the settings."""

    def __init__(self, source: Source, found: Outline, values: PythonValues) -> None:
        self._source: Final = source
        self._found: Final = found
        self._values: Final = values
        self._sites: Final[list[Site]] = []
        self._shared: Final[set[tuple[int, str]]] = set()

    def look_at(self, statement: Statement) -> None:
        """Take the calls in a statement's own expressions."""
        function = _function(statement.scope)
        at = statement.node.lineno, statement.node.col_offset
        where = Where(statement.scope, at, branches=statement.branches)
        # What is called for each image of a batch is called.
        branches = tuple(branch for branch in statement.branches if branch[1] != LOOP)
        for node, own in _calls_in(statement.node):
            call = self._call_of(node.func)
            if call is None:
                continue
            owner, index = "", call.parameters.index(SET) if SET in call.parameters else len(node.args)
            if call is CREATE:
                owner = _given_to(statement.node, node)
            elif index < len(node.args):
                owner = _text(node.args[index])
            arguments = None
            if len(node.args) == len(call.parameters) and not node.keywords:
                here = where._replace(fixed=dict.fromkeys(own))
                arguments = tuple(self._argument(argument, here) for argument in node.args)
            head, home = self._head(node.func), _home(owner, statement.scope)
            self._sites.append(Site(call, head, arguments, owner, function, branches, home))
        self._shared.update((function, owner) for owner in self._given_away(statement.node))

    def found(self, tree: ast.Module) -> tuple[Settings, ...]:
        """The settings that the calls make."""
        return settings_of_sites(self._sites, self._shared, _model(tree)) if self._sites else ()

    def _given_away(self, statement: ast.stmt) -> Iterator[str]:
        """The objects that escape in a statement: arguments, returned values, values with a second name."""
        gives = not isinstance(statement, ast.Expr | ast.If | ast.While | ast.Assert)
        todo: list[tuple[ast.AST, bool]] = [
            (child, gives) for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr | ast.withitem)
        ]
        while todo:
            node, gives = todo.pop()
            if isinstance(node, ast.Name | ast.Attribute):
                if gives and isinstance(node.ctx, ast.Load) and (name := dotted(node)):
                    yield name
                gives = False
            elif isinstance(node, ast.Call):
                gives = self._call_of(node.func) is None
                todo.append((node.func, False))
                todo += [(child, gives) for child in (*node.args, *node.keywords)]
                continue
            elif isinstance(node, ast.Compare | ast.UnaryOp):
                gives = False
            elif isinstance(node, ast.Yield | ast.YieldFrom):
                gives = True
            todo += [(child, gives) for child in ast.iter_child_nodes(node)]

    def _head(self, function: ast.expr) -> Place:
        """The name of a function without the modules in front."""
        source, (start, end) = self._place(function)
        name = function.attr if isinstance(function, ast.Attribute) else ""
        if name and source.text.endswith(name, start, end):
            start = end - len(name)
        return Place(source, Span(start, end))

    def _place(self, node: ast.expr) -> Place:
        return self._values.place_of(node)

    def _call_of(self, function: ast.expr) -> AclCall | None:
        """The call of pyACL that an expression names, through imports under other names."""
        name = dotted(function)
        head, dot, rest = name.partition(".")
        name = self._found.aliases.get(head, head) + dot + rest
        module, _, last = name.rpartition(".")
        return BY_PYTHON_NAME.get(last) if module == "acl.mdl" or module.endswith(".acl.mdl") else None

    def _argument(self, node: ast.expr, where: Where) -> Argument:
        value = self._values.of(node, where)
        name = _name(node)
        number = value if isinstance(value, int | float) else None
        known = name if number is None and name.startswith("ACL_") else number
        return Argument(known, name, self._place(node))


def _calls_in(node: ast.stmt) -> list[tuple[ast.Call, frozenset[str]]]:
    """The calls in the expressions of a statement, in order, each with the names that comprehensions around it have."""
    calls: list[tuple[ast.Call, frozenset[str]]] = []
    expressions = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr | ast.withitem))
    todo: list[tuple[ast.AST, frozenset[str]]] = [(child, frozenset()) for child in expressions]
    while todo:
        current, own = todo.pop()
        own |= own_names(current)
        if isinstance(current, ast.Call):
            calls.append((current, own))
        todo += [(child, own) for child in ast.iter_child_nodes(current)]
    return sorted(calls, key=lambda call: (call[0].lineno, call[0].col_offset))


def _given_to(node: ast.stmt, call: ast.Call) -> str:
    """The variable that the result of a call is given to."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is not call:
        return ""
    return _text(node.targets[0] if isinstance(node, ast.Assign) else node.target)


def _text(node: ast.expr) -> str:
    """The expression that names a set; constants and calls name none."""
    names = isinstance(node, ast.Name | ast.Attribute | ast.Subscript)
    return ast.unparse(node) if names else ""


def _name(node: ast.expr) -> str:
    """The name that an expression is: of a variable, a member or a getter (``frame.width()``); '' for any other."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in ("int", "float", "round") and len(node.args) == 1:
            return _name(node.args[0])
        return _name(node.func) if not (node.args or node.keywords) else ""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _function(scope: Scope) -> int:
    """The number of a function; calls in a class's body are the module's."""
    while scope.kind == CLASS and scope.outer is not None:
        scope = scope.outer
    return scope.number


def _home(name: str, scope: Scope) -> int:
    """The number of the function whose local variable a name is; -1 for a member or a global."""
    outer: Scope | None = scope
    while outer is not None:
        if outer.kind == FUNCTION and name in outer.events and name not in outer.shared and "." not in name:
            return outer.number
        outer = outer.outer
    return -1


def _model(tree: ast.Module) -> str:
    """The path of the model, if the file names exactly one."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    models = {text for text in texts if text.endswith(".om") and len(text) > len(".om")}
    return models.pop() if len(models) == 1 else ""
