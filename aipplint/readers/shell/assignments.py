"""Assignments: ``name=value``, arrays, ``export`` and ``local``."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from aipplint.findings import Place
from aipplint.readers.shell import loops
from aipplint.readers.shell.arithmetic import changed_in
from aipplint.readers.shell.expansion import Expander
from aipplint.readers.shell.programs import Words
from aipplint.readers.shell.state import Frame, Outcome, State
from aipplint.readers.shell.values import Array, Stored, Unknown, as_value, bounded, bounded_array
from aipplint.readers.traced import Segment, Traced, known, known_start, part, size

if TYPE_CHECKING:
    from tree_sitter import Node


class Assignments(Expander):
    """Gives variables their values."""

    def __init__(self, path: str, state: State) -> None:
        super().__init__(path, state)
        self.frame: Frame | None = None

    @abstractmethod
    def passed_over(self, node: Node) -> bool:
        """Whether a statement is what is left of a command that broke off."""

    @abstractmethod
    def noticed(self, stored: Stored | None) -> None:
        """A variable was given a value."""

    def assign(self, name: str, stored: Stored | None) -> None:
        """Give a variable a value."""
        self.state.own[name] = stored
        self.noticed(stored)

    def run_assignments(self, node: Node) -> Outcome:
        """``name=value``, one or several."""
        if self.passed_over(node):
            return Outcome.LIKELY
        for child in [node] if node.type == "variable_assignment" else node.named_children:
            if child.type == "variable_assignment":
                self.assign_at(child)
        return Outcome.LIKELY

    def name_at(self, node: Node) -> str:
        """The variable that ``name=value``, ``name[i]=value`` is about."""
        return self.text.text_of(node.children[0]).partition("[")[0]

    def assign_at(self, node: Node) -> None:
        """``name=value``, ``name+=value``, ``name[i]=value``, ``name=(...)``."""
        name, value_node = self.name_at(node), node.child_by_field_name("value")
        index = self.text.text_of(node.children[0]).partition("[")[2]
        adds = any(child.type == "+=" for child in node.children[:3])
        before = self.stored(name) if adds or index else None
        if value_node is not None and value_node.type == "array":
            items = self._elements(value_node)
            if items is None or (adds and before is not None and not isinstance(before, Array)):
                self.assign(name, Unknown())
            else:
                self.assign(name, bounded_array([*(before.items if isinstance(before, Array) else ()), *items]))
            return
        value = () if value_node is None else self.value_at(value_node)
        if index:
            self.assign(name, loops.with_element(before, index.rstrip("]"), value))
        elif adds and isinstance(before, Array):
            self.assign(name, Unknown())
        elif adds:
            start = as_value(before)
            self.assign(name, Unknown() if start is None else bounded((*start, *value)))
        else:
            self.assign(name, bounded(value))

    def _elements(self, array: Node) -> list[Traced] | None:
        """The elements of ``(a b c)``; None where they have names or numbers of their own: ``([a]=b)``."""
        items: list[Traced] = []
        for group in self.text.joined(array.named_children):
            if self.text.text_of(group[0]).startswith("[") and "]=" in self.text.text_of(group[-1]):
                return None
            names_files = group[0].type not in ("string", "raw_string", "ansi_c_string")
            for value, place in self.words_at(*group):
                matches = names_files and any(loops.is_file_pattern(segment.text or "") for segment in value)
                items.append((Segment(None, place, place, many=True),) if matches else value)
        return items

    def run_declaration(self, node: Node) -> Outcome:
        """``export``, ``readonly``, ``local``, ``declare``, ``typeset``."""
        flags = "".join(text for child in node.named_children if (text := self.text.text_of(child)).startswith("-"))
        inside = node.children[0].type in ("local", "declare", "typeset") and "g" not in flags
        local = self.frame.local if inside and self.frame is not None else None
        for child in node.named_children:
            if child.type not in ("variable_assignment", "variable_name"):
                self._declare(child)
                continue
            name = self.name_at(child) if child.child_count else self.text.text_of(child)
            if local is not None:
                local.add(name)
            if child.type == "variable_assignment":
                self.assign_at(child)
                if "n" in flags:  # Another name for a variable, which may be changed by it.
                    self.assign(self.text.text_of(child).partition("=")[2], Unknown())
                if set("nul") & set(flags):
                    self.assign(name, Unknown())
            elif local is not None:
                self.state.own[name] = ()
        return Outcome.LIKELY

    def _declare(self, node: Node) -> None:
        """``export "name=value"``, ``export $(cat .env)``: a word that may set any variable."""
        for value, _ in self.words_at(node):
            start = known_start(value)
            name, equals, _ = start.partition("=")
            if equals and name.isidentifier():
                self.assign(name, part(value, len(name) + 1, size(value)))
            elif known(value) is None:
                self.state.forget()

    def run_unset(self, node: Node) -> Outcome:
        """``unset name``: what the environment holds then, nobody knows."""
        for child in node.named_children:
            self.assign(loops.unquoted_name(self.text.text_of(child)), Unknown())
        return Outcome.LIKELY

    def run_read(self, words: Words, place: Place) -> Outcome:
        """``read``, ``mapfile``, ``getopts``: variables that get values from elsewhere."""
        del place
        for value, _ in words:
            name = known(value) or ""
            if name.isidentifier():
                self.assign(name, Unknown())
            elif known(value) is None:
                self.state.forget()
        for name in loops.UNNAMED:
            self.assign(name, Unknown())
        return Outcome.OPEN

    def run_let(self, words: Words, place: Place) -> Outcome:
        """``let "i += 1"``."""
        del place
        for value, _ in words:
            for name in changed_in("".join(segment.text or " " for segment in value)):
                self.assign(name, Unknown())
        return Outcome.OPEN
