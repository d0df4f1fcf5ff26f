"""Expansion of the words of a shell script: quotes, escapes, variables, arithmetic; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from aipplint.findings import Place
from aipplint.readers.branches import optional
from aipplint.readers.shell import braces, parameters
from aipplint.readers.shell.arithmetic import changed_in
from aipplint.readers.shell.escapes import HEREDOC, ansi_escapes, unescaped
from aipplint.readers.shell.shell import MAX_DEPTH, Shell
from aipplint.readers.shell.state import Arguments
from aipplint.readers.shell.text import UNKNOWN
from aipplint.readers.shell.values import Array, Stored, Unknown, as_value, bounded, separated
from aipplint.readers.traced import Segment, Traced, known, place_of, split

if TYPE_CHECKING:
    from tree_sitter import Node

_ARGUMENT = re.compile(r"(?<!\\)\$([0-9])")
_IN_PATTERN = re.compile(r"\$(?:\{(\w+)\}|(\w+))")

MAX_PARTS = 1_000
"""Expansions, strings and here documents in one word; one of more is unknown."""


class Expander:
    """Expands words of the current text in the current state of the shell.

    ``captured`` returns the output of the commands in a command substitution; None if it is unknown.
    """

    def __init__(self, shell: Shell, captured: Callable[[Node], Traced | None]) -> None:
        self.shell = shell
        self._captured = captured

    def words_of(self, nodes: Iterable[Node]) -> list[tuple[Traced, Place]]:
        """Expand several words; each result has the location of the whole word."""
        return [found for group in self.shell.text.joined(nodes) for found in self.words_at(*group)]

    def words_at(self, first: Node, *more: Node) -> list[tuple[Traced, Place]]:
        """The words that a word becomes; the grammar may have it in several nodes."""
        segments = self._without_home([segment for node in (first, *more) for segment in self.expanded(node)], first)
        words = split(segments)
        place = self.shell.text.place(self.shell.text.start(first), self.shell.text.end(more[-1] if more else first))
        if len(words) == 1 and any(segment is not None and segment.use is None for segment in segments):
            return [(words[0], place)]
        return [(value, place_of(value) or place) for value in words]

    def value_at(self, node: Node) -> Traced:
        """Expand a word that is not split, such as the value of an assignment."""
        segments = self._without_home(self.expanded(node, quoted=True), node)
        return self.unsplit(segments, self.shell.text.place_of(node))

    def _without_home(self, segments: list[Segment | None], node: Node) -> list[Segment | None]:
        """The segments of a word; a ``~`` at its beginning is an unknown folder."""
        first = (
            segments[0] if segments and self.shell.text.letters.startswith("~", self.shell.text.start(node)) else None
        )
        if first is None or not first.text:
            return segments
        end = first.text.find("/") if "/" in first.text else len(first.text)
        home = first.part(0, end)._replace(text=None)
        return [home, *([first.part(end, len(first.text))] if end < len(first.text) else ()), *segments[1:]]

    @staticmethod
    def unsplit(segments: list[Segment | None], place: Place) -> Traced:
        """Words as one: a space between them."""
        return tuple(Segment(" ", place) if segment is None else segment for segment in segments)

    def expanded(self, node: Node, *, quoted: bool = False) -> list[Segment | None]:
        """The segments of a word, with None between words if it becomes several."""
        kind = node.type
        if kind in ("word", "number", "variable_name", "extglob_pattern", "regex") and not node.child_count:
            return [*unescaped(self.shell.text, self.shell.text.start(node), self.shell.text.end(node))]
        if self.shell.depth > MAX_DEPTH or node.named_child_count > MAX_PARTS:
            return [self._unknown(node)]
        self.shell.depth += 1
        try:
            return self._expanded(node, kind, quoted)
        finally:
            self.shell.depth -= 1

    def _expanded(self, node: Node, kind: str, quoted: bool) -> list[Segment | None]:
        text = self.shell.text
        if kind == "string":
            return self._string(node)
        if kind == "concatenation":
            words = None if quoted else braces.alternatives(text, node)
            return words or self.parts(node, text.start(node), text.end(node), quoted=quoted)
        if kind == "simple_expansion":
            return self._marked(self._variable(text.text_of(node).strip()[1:], text.place_of(node)), node, quoted)
        if kind == "expansion":
            return self._marked(self._parameter(node), node, quoted)
        if kind == "command_substitution":
            value = self._captured(node)
            return [self._unknown(node)] if value is None else self._marked([*value], node, quoted)
        if kind == "raw_string":
            segments = text.segments(text.start(node) + 1, max(text.end(node) - 1, text.start(node) + 1))
            return [*segments] or [Segment("", text.place_of(node))]
        if kind == "ansi_c_string":
            return [*ansi_escapes(text, text.start(node) + 2, text.end(node) - 1)] or [Segment("", text.place_of(node))]
        if kind == "translated_string" and node.child_count:
            return self.expanded(node.children[-1], quoted=True)
        if kind == "arithmetic_expansion":
            for name in changed_in(text.text_of(node)):
                self.shell.state.own[name] = Unknown()
            return [self._unknown(node)]
        if kind == "brace_expression" and not quoted:
            return braces.numbers(text, node) or [self._unknown(node)]
        if kind in ("test_operator", "command_name", "heredoc_body", "file_descriptor") or not node.child_count:
            return self.parts(node, text.start(node), text.end(node), quoted=quoted)
        return [self._unknown(node)]

    def parts(self, node: Node, start: int, end: int, *, quoted: bool, special: str = "") -> list[Segment | None]:
        """The expansions below a node between two offsets, and the letters between them.

        ``special`` are the characters that a backslash quotes; every character, if it is empty.
        """
        text, letters = self.shell.text, self.shell.text.letters
        segments: list[Segment | None] = []
        at = start
        for child in node.named_children:
            if child.type in ("string_content", "heredoc_content") or (not child.child_count and child.type == "word"):
                continue
            first, last = text.start(child), text.end(child)
            while first < last and letters[first] in " \t\r\n":
                first += 1
            if first < at or last > end:
                continue
            segments += self._between(at, first, special)
            segments += self.expanded(child, quoted=quoted)
            at = last
        return segments + self._between(at, end, special)

    def _between(self, start: int, end: int, special: str) -> list[Segment | None]:
        """The letters between expansions; the grammar leaves ``$1`` among those of a here document."""
        text, at = self.shell.text, start
        segments: list[Segment | None] = []
        for found in _ARGUMENT.finditer(text.letters, start, end) if special == HEREDOC else ():
            segments += unescaped(text, at, found.start(), special) if found.start() > at else []
            use = text.place(*found.span())
            value = self._variable(found[1], use)
            segments += [None if segment is None else segment._replace(use=use, splits=False) for segment in value]
            at = found.end()
        segments += unescaped(text, at, end, special) if at < end else []
        return segments

    def _string(self, node: Node) -> list[Segment | None]:
        text = self.shell.text
        start, end = text.start(node) + 1, text.end(node)
        if node.children[-1].type == '"' and not node.children[-1].is_missing and end - 1 >= start:
            end -= 1
        segments = self.parts(node, start, end, quoted=True, special='$`"\\\n')
        if not segments and "@" in text.letters[start:end]:
            return []
        return segments or [Segment("", text.place_of(node))]

    def _unknown(self, node: Node) -> Segment:
        place = self.shell.text.place_of(node)
        return Segment(None, place, place)

    def _marked(self, segments: list[Segment | None], node: Node, quoted: bool) -> list[Segment | None]:
        """The value of an expansion at the place where it is used."""
        use = self.shell.text.place_of(node)
        if not segments:
            return []
        marked = [None if segment is None else segment._replace(use=use, splits=not quoted) for segment in segments]
        separators = None if quoted else as_value(self.shell.state.get("IFS"))
        return marked if separators is None else separated(marked, known(separators))

    # Variables

    def stored(self, name: str) -> Stored | None:
        """The value of a variable or a positional parameter; None if it is not set."""
        if name.isdecimal() and (number := int(name[:4])):
            values = self.shell.state.arguments.values
            if number <= len(values):
                return values[number - 1]
            return Unknown(self.shell.state.arguments.of_script) if self.shell.state.arguments.more else ()
        return self.shell.state.get(name)

    def _variable(self, name: str, place: Place) -> list[Segment | None]:
        """``$name``, with None between the words of ``$@``."""
        arguments = self.shell.state.arguments
        if name in ("@", "*"):
            return _all_arguments(arguments, place)
        if name == "#":
            if arguments.more:
                return [Segment(None, place, positional=arguments.of_script)]
            return [Segment(str(len(arguments.values)), place)]
        if name in ("0", "BASH_SOURCE"):
            return [Segment(self.shell.path or None, place)]
        stored = self.stored(name)
        value = as_value(stored)
        if name == "PWD" and value is None:
            return [self.present_folder(place)]
        if value is not None:
            return [*value]
        positional = isinstance(stored, Unknown) and stored.positional
        return [Segment(None, place, positional=positional, unset=stored is None)]

    def present_folder(self, place: Place) -> Segment:
        """The working directory, as ``pwd`` prints it. If its beginning is unknown, it is relative to the start."""
        folder = self.shell.state.folder
        if folder is None:
            return Segment(None, place)
        return Segment(folder or ".", place, from_start=not folder.startswith("/"))

    def _parameter(self, node: Node) -> list[Segment | None]:
        """``${...}``."""
        text, children = self.shell.text, node.children
        prefix, name, index, rest = "", "", "", []
        for at, child in enumerate(children):
            if child.type in ("#", "!") and not name and at + 2 < len(children):
                prefix = child.type
            elif child.type == "subscript" and child.named_child_count:
                name, index = text.text_of(child.named_children[0]), text.text_of(child).partition("[")[2].rstrip("]")
                rest = children[at + 1 : -1]
                break
            elif child.type in ("variable_name", "special_variable_name") or (child.type in "#@*?!$-" and at):
                name, rest = text.text_of(child), children[at + 1 : -1]
                break
        if not name:
            return [self._unknown(node)]
        plain = self._element(name, index, node) if index else self._variable(name, text.place_of(node))
        if prefix == "#":
            return [self._size(plain, node, counts=index in ("@", "*"))]
        if prefix:
            return self._variable(pointed, text.place_of(node)) if (pointed := _name(plain)) else [self._unknown(node)]
        if not rest:
            return plain
        return self._operated(node, name, plain, rest)

    def _element(self, name: str, index: str, node: Node) -> list[Segment | None]:
        """``${name[index]}``."""
        if name == "BASH_SOURCE":
            return self._variable(name, self.shell.text.place_of(node))
        stored = self.shell.state.get(name)
        if index in ("@", "*") and isinstance(stored, Array):
            segments: list[Segment | None] = []
            for item in stored.items:
                segments += [*item, None]
            return segments[:-1]
        if index in ("@", "*", "0"):
            value = as_value(stored)
            return [Segment(None, self.shell.text.place_of(node), many=index != "0")] if value is None else [*value]
        items = stored.items if isinstance(stored, Array) else ()
        if index.strip("${}").isidentifier():
            index = known(as_value(self.stored(index.strip("${}"))) or ()) or ""
        number = int(index[:6]) if index.isdigit() else len(items)
        certain = not any(segment.optional or segment.many for item in items[: number + 1] for segment in item)
        if certain and number < len(items):
            return [*items[number]]
        return [self._unknown(node)]

    def _size(self, plain: list[Segment | None], node: Node, *, counts: bool) -> Segment:
        """``${#name}``."""
        text = known(segment for segment in plain if segment is not None)
        if text is None:
            return self._unknown(node)
        words = len(split([segment and segment._replace(splits=False) for segment in plain]))
        return Segment(str(words if counts else len(text)), self.shell.text.place_of(node))

    def _operated(self, node: Node, name: str, plain: list[Segment | None], rest: list[Node]) -> list[Segment | None]:
        """``${name<operator>argument}``; ``rest`` is the text after the name."""
        text = self.shell.text
        operator, first = text.text_of(rest[0]), rest[0]
        start, end = text.end(first), text.start(node.children[-1])
        if operator in ("-", ":-", "=", ":=", "+", ":+", "?", ":?"):
            return self._or_default(node, name, plain, operator)
        value = self.unsplit(plain, text.place_of(node))
        made: Traced | None = None
        if operator in ("%", "%%", "#", "##"):
            # The grammar says "%" for "%%" where the pattern begins with a variable.
            doubled = len(operator) == 2 or text.letters.startswith(operator * 2, text.start(first))
            pattern = self._pattern(
                text.letters[start:end].removeprefix(operator if doubled and len(operator) == 1 else "")
            )
            cut = parameters.without_end if operator[0] == "%" else parameters.without_start
            made = None if pattern is None else cut(value, pattern, longest=doubled)
        elif operator.startswith("/"):
            made = self._replacement(value, operator, rest)
        elif operator == ":":
            made = self._substring(node, name, plain, text.letters[start:end])
        elif not text.letters[start:end]:
            made = parameters.in_case(value, operator)
        return [self._unknown(node)] if made is None else [*made]

    def _pattern(self, written: str) -> str | None:
        """A pattern as it is written: variables filled in, quotes resolved as far as they are plain."""
        if "`" in written or "$(" in written:
            return None
        plain: list[str] = []
        at = 0
        for found in _IN_PATTERN.finditer(written):
            value = as_value(self.stored(found.group(1) or found.group(2)))
            text = None if value is None else known(value)
            if text is None:
                return None
            plain += [written[at : found.start()], text]
            at = found.end()
        plain.append(written[at:])
        pattern = "".join(plain)
        return None if "$" in pattern or "\\'" in pattern else re.sub(r"""(?<!\\)["']""", "", pattern)

    def _replacement(self, value: Traced, operator: str, rest: list[Node]) -> Traced | None:
        text = self.shell.text
        end = text.start(rest[-1].parent.children[-1]) if rest[-1].parent is not None else text.end(rest[-1])
        written = text.letters[text.end(rest[0]) : end]
        found = re.match(r"((?:\\.|[^/\\])*)(?:/(.*))?", written, re.DOTALL)
        pattern = self._pattern(found.group(1)) if found else None
        new = self._pattern(found.group(2) or "") if found else None
        if pattern is None or new is None:
            return None
        place = text.place(text.start(rest[0]), end)
        return parameters.replaced(value, operator, pattern, (Segment(new.replace("\\", ""), place),) if new else ())

    def _substring(self, node: Node, name: str, plain: list[Segment | None], written: str) -> Traced | None:
        found = re.fullmatch(r"\s*\(?(-?\d{1,6})\)?(?::\s*(-?\d{1,6}))?", written)
        if not found:
            return None
        offset, length = int(found.group(1)), None if found.group(2) is None else int(found.group(2))
        if name in ("@", "*") or None in plain:
            if many := tuple(segment for segment in plain if segment is not None and segment.many):
                return many
            words = split([segment and segment._replace(splits=False) for segment in plain])
            chosen = words[max(offset - (name in ("@", "*")), 0) :][:length]
            return self.unsplit(
                [segment for item in chosen for segment in (*item, None)][:-1], self.shell.text.place_of(node)
            )
        return parameters.substring(self.unsplit(plain, self.shell.text.place_of(node)), offset, length)

    def _or_default(self, node: Node, name: str, plain: list[Segment | None], operator: str) -> list[Segment | None]:
        """``${x:-default}`` and similar expansions.

        A variable that the script never sets is treated as unset, and unknown arguments as absent: the script itself
        provides the value for that case.
        """
        text = self.shell.text
        sign = next(child for child in node.children if text.text_of(child) == operator)
        start, end = text.end(sign), text.start(node.children[-1])
        stored = self.stored(name)
        told = not (stored is None or (isinstance(stored, Unknown) and stored.positional))
        if told and len(plain) == 1 and plain[0] is not None and plain[0].text is None and plain[0].positional:
            told = False
        if name in ("@", "*", "#", "0", "BASH_SOURCE", "PWD"):
            told = True
        letters = "".join(segment.text or "" for segment in plain if segment is not None and not segment.optional)
        all_known = known(segment for segment in plain if segment is not None) is not None
        empty = told and all_known and not letters and operator[0] == ":"
        if operator[-1] == "?" or (told and operator[-1] in "-=" and not empty):
            return plain
        if operator[-1] == "+":
            if told and (letters or all_known):
                return [] if empty else [*self._argument(node, start, end)]
            return [*optional(self._argument(node, start, end))]
        default = self._argument(node, start, end)
        if stored is not None and not empty:
            default = tuple(segment._replace(positional=True) for segment in default)
        if operator[-1] == "=" and not name.isdigit():
            self.shell.state.own[name] = bounded(default)
        return [*default]

    def _argument(self, node: Node, start: int, end: int) -> Traced:
        if "`" in self.shell.text.letters[start:end]:
            return (self._unknown(node),)
        holder = next((child for child in node.named_children if self.shell.text.start(child) >= start), node)
        if holder.type == "concatenation" and self.shell.text.end(holder) == end:
            segments = self.parts(holder, start, end, quoted=True)
        else:
            segments = self.parts(node, start, end, quoted=True)
        return self.unsplit(segments, self.shell.text.place(start, end))


def _all_arguments(arguments: Arguments, place: Place) -> list[Segment | None]:
    segments: list[Segment | None] = []
    for value in arguments.values:
        segments += [*value, None]
    if arguments.more:
        return [*segments, Segment(None, place, positional=arguments.of_script, many=True)]
    return segments[:-1]


def _name(segments: list[Segment | None]) -> str:
    """The name of a variable that a value is, for ``${!x}``."""
    text = known(segment for segment in segments if segment is not None) or ""
    return text if text.isidentifier() and UNKNOWN not in text else ""
