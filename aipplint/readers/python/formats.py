"""Texts with gaps that are filled later: ``"--model={}".format(x)`` and ``"--model=%s" % x``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from aipplint.readers.python.evaluator import Evaluator
from aipplint.readers.python.items import Where
from aipplint.readers.python.text import Text, hole, together
from aipplint.readers.traced import Segment

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_PERCENT = re.compile(r"%(?:\((\w+)\))?([-#0 +]*[\d*]*(?:\.[\d*]+)?)([a-zA-Z%])")
_OPEN = re.compile(r"(?P<kept>\$\{[^{}]*\})|\{\{[^{}\n]*\}\}|\{[^{}\s,;$\"']*\}|%(?:\(\w+\))?[sdi](?![\w])")
"""A gap; an expansion of the shell matches first, because its braces are no gap."""


def braces(values: Evaluator, text: Text, call: ast.Call, where: Where, depth: int) -> Text:
    """``str.format``: gaps by number, by name, or one after the other."""
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    names = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    count = 0

    def fill(gap: re.Match[str], segment: Segment) -> Text:
        nonlocal count
        name = gap.group(1)
        if name is None:
            return Text((segment.part(gap.start(), gap.start() + 1),))
        if not name:
            name, count = str(count), count + 1
        node = names.get(name)
        if name.isdecimal() and not starred and int(name[:4]) < len(call.args):
            node = call.args[int(name[:4])]
        return hole(segment.part(*gap.span()).place) if node is None else values.text(node, where, depth + 1)

    return _with_gaps(text, _BRACES, fill)


def percent(values: Evaluator, text: Text, right: ast.expr, where: Where, depth: int) -> Text:
    """The operator ``%``: gaps one after the other, or by name from a dictionary that is written there."""
    nodes = right.elts if isinstance(right, ast.Tuple) else [right]
    names: dict[object, ast.expr] = {}
    if isinstance(right, ast.Dict):
        pairs = zip(right.keys, right.values, strict=True)
        names = {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}
    count = 0

    def fill(gap: re.Match[str], segment: Segment) -> Text:
        nonlocal count
        name, layout, kind = gap.groups()
        if kind == "%":
            return Text((segment.part(gap.start(), gap.start() + 1),))
        node = names.get(name) if name else None
        if not name:
            node, count = nodes[count] if count < len(nodes) else None, count + 1
        plain = not layout and kind in "sdi" and node is not None and not isinstance(node, ast.Starred)
        return (
            values.text(node, where, depth + 1) if plain and node is not None else hole(segment.part(*gap.span()).place)
        )

    return _with_gaps(text, _PERCENT, fill)


def replaced(values: Evaluator, text: Text, call: ast.Call, where: Where, depth: int) -> Text | None:
    """``str.replace``: a text with replaced words; None if it is unknown."""
    if len(call.args) != 2 or call.keywords:
        return None
    old, new = (values.text(argument, where, depth + 1) for argument in call.args)
    return _with_gaps(text, re.compile(re.escape(old.known)), lambda *_: new) if old.known else None


def left_open(text: Text) -> Text:
    """A text whose gaps nothing was seen to fill: somebody fills them later, no command has such values."""

    def fill(gap: re.Match[str], segment: Segment) -> Text:
        inside = segment.part(*gap.span())
        return Text((inside,)) if gap["kept"] else hole(inside.place)

    return _with_gaps(text, _OPEN, fill)


def _with_gaps(text: Text, pattern: re.Pattern[str], fill: Callable[[re.Match[str], Segment], Text]) -> Text:
    """A text with its gaps filled. A gap lies in one segment: inserted texts have none."""
    texts: list[Text] = []
    for segment in text.segments:
        letters, at = segment.text or "", 0
        for gap in pattern.finditer(letters):
            texts += [Text((segment.part(at, gap.start()),))] if gap.start() > at else []
            texts.append(fill(gap, segment))
            at = gap.end()
        if at < len(letters) or segment.text is None:
            texts.append(Text((segment.part(at, len(letters)),)))
    return together(texts)
