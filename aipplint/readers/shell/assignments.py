"""Assignments: ``name=value``, arrays, ``export`` and ``local``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipplint.readers.shell import loops
from aipplint.readers.shell.arithmetic import changed_in
from aipplint.readers.shell.expansion import Expander
from aipplint.readers.shell.programs import Invocation
from aipplint.readers.shell.shell import Shell
from aipplint.readers.shell.state import Outcome
from aipplint.readers.shell.values import Array, Unknown, as_value, bounded, bounded_array
from aipplint.readers.traced import Segment, Traced, known, known_start, part, size

if TYPE_CHECKING:
    from tree_sitter import Node


class Assignments:
    """Gives variables their values."""

    def __init__(self, shell: Shell, expander: Expander) -> None:
        self._shell = shell
        self._expander = expander

    def run(self, node: Node) -> Outcome:
        """``name=value``, one or several."""
        for child in [node] if node.type == "variable_assignment" else node.named_children:
            if child.type == "variable_assignment":
                self.assign_at(child)
        return Outcome.LIKELY

    def name_at(self, node: Node) -> str:
        """The variable that ``name=value``, ``name[i]=value`` is about."""
        return self._shell.text.text_of(node.children[0]).partition("[")[0]

    def assign_at(self, node: Node) -> None:
        """``name=value``, ``name+=value``, ``name[i]=value``, ``name=(...)``."""
        name, value_node = self.name_at(node), node.child_by_field_name("value")
        index = self._shell.text.text_of(node.children[0]).partition("[")[2]
        adds = any(child.type == "+=" for child in node.children[:3])
        before = self._expander.stored(name) if adds or index else None
        if value_node is not None and value_node.type == "array":
            items = self._elements(value_node)
            if items is None or (adds and before is not None and not isinstance(before, Array)):
                self._shell.assign(name, Unknown())
            else:
                self._shell.assign(name, bounded_array([*(before.items if isinstance(before, Array) else ()), *items]))
            return
        value = () if value_node is None else self._expander.value_at(value_node)
        if index:
            self._shell.assign(name, loops.with_element(before, index.rstrip("]"), value))
        elif adds and isinstance(before, Array):
            self._shell.assign(name, Unknown())
        elif adds:
            start = as_value(before)
            self._shell.assign(name, Unknown() if start is None else bounded((*start, *value)))
        else:
            self._shell.assign(name, bounded(value))

    def _elements(self, array: Node) -> list[Traced] | None:
        """The elements of ``(a b c)``; None if they have names or numbers of their own: ``([a]=b)``."""
        items: list[Traced] = []
        for group in self._shell.text.joined(array.named_children):
            if self._shell.text.text_of(group[0]).startswith("[") and "]=" in self._shell.text.text_of(group[-1]):
                return None
            names_files = group[0].type not in ("string", "raw_string", "ansi_c_string")
            for value, place in self._expander.words_at(*group):
                matches = names_files and any(loops.is_file_pattern(segment.text or "") for segment in value)
                items.append((Segment(None, place, place, many=True),) if matches else value)
        return items

    def declare(self, node: Node) -> Outcome:
        """``export``, ``readonly``, ``local``, ``declare``, ``typeset``."""
        flags = "".join(
            text for child in node.named_children if (text := self._shell.text.text_of(child)).startswith("-")
        )
        inside = node.children[0].type in ("local", "declare", "typeset") and "g" not in flags
        local = self._shell.frame.local if inside and self._shell.frame is not None else None
        for child in node.named_children:
            if child.type not in ("variable_assignment", "variable_name"):
                self._declare(child)
                continue
            name = self.name_at(child) if child.child_count else self._shell.text.text_of(child)
            if local is not None:
                local.add(name)
            if child.type == "variable_assignment":
                self.assign_at(child)
                if "n" in flags:  # Another name for a variable, which may be changed by it.
                    self._shell.assign(self._shell.text.text_of(child).partition("=")[2], Unknown())
                if set("nul") & set(flags):
                    self._shell.assign(name, Unknown())
            elif local is not None:
                self._shell.state.own[name] = ()
        return Outcome.LIKELY

    def _declare(self, node: Node) -> None:
        """``export "name=value"``, ``export $(cat .env)``: a word that may set any variable."""
        for value, _ in self._expander.words_at(node):
            start = known_start(value)
            name, equals, _ = start.partition("=")
            if equals and name.isidentifier():
                self._shell.assign(name, part(value, len(name) + 1, size(value)))
            elif known(value) is None:
                self._shell.state.forget()

    def unset(self, node: Node) -> Outcome:
        """``unset name``: the variable is unknown then, because the environment may set it."""
        for child in node.named_children:
            self._shell.assign(loops.unquoted_name(self._shell.text.text_of(child)), Unknown())
        return Outcome.LIKELY

    def read(self, invocation: Invocation) -> Outcome:
        """``read``, ``mapfile``, ``getopts``: they set variables to values that are unknown."""
        for value, _ in invocation.words:
            name = known(value) or ""
            if name.isidentifier():
                self._shell.assign(name, Unknown())
            elif known(value) is None:
                self._shell.state.forget()
        for name in loops.UNNAMED:
            self._shell.assign(name, Unknown())
        return Outcome.OPEN

    def let(self, invocation: Invocation) -> Outcome:
        """``let "i += 1"``."""
        for value, _ in invocation.words:
            for name in changed_in("".join(segment.text or " " for segment in value)):
                self._shell.assign(name, Unknown())
        return Outcome.OPEN
