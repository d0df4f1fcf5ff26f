"""Assignments: ``name=value``, arrays, ``export`` and ``local``."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from aipplint.readers.shell import loops
from aipplint.readers.shell.expansion import Expander
from aipplint.readers.shell.state import Frame, Outcome, State
from aipplint.readers.shell.values import Array, Opaque, Stored, as_value, bounded, bounded_array

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

    def assign_at(self, node: Node) -> str:
        """``name=value``, ``name+=value``, ``name[i]=value``, ``name=(...)``; gives the name."""
        name_node, value_node = node.children[0], node.child_by_field_name("value")
        name, _, index = self.text.text_of(name_node).partition("[")
        adds = any(child.type == "+=" for child in node.children[:3])
        before = self.stored(name) if adds or index else None
        if value_node is not None and value_node.type == "array":
            items = [value for value, _ in self.words_of(value_node.named_children)]
            if adds and before is not None and not isinstance(before, Array):
                self.assign(name, Opaque())
            else:
                self.assign(name, bounded_array([*(before.items if isinstance(before, Array) else ()), *items]))
            return name
        value = () if value_node is None else self.value_at(value_node)
        if index:
            self.assign(name, loops.with_element(before, index.rstrip("]"), value))
        elif adds and isinstance(before, Array):
            self.assign(name, Opaque())
        elif adds:
            start = as_value(before)
            self.assign(name, Opaque() if start is None else bounded((*start, *value)))
        else:
            self.assign(name, bounded(value))
        return name

    def run_declaration(self, node: Node) -> Outcome:
        """``export``, ``readonly``, ``local``, ``declare``, ``typeset``."""
        local = node.children[0].type in ("local", "declare", "typeset") and self.frame is not None
        for child in node.named_children:
            name = ""
            if child.type == "variable_assignment":
                name = self.text.text_of(child.children[0])
                if local and self.frame is not None:
                    self.frame.local.add(name)
                self.assign_at(child)
            elif child.type == "variable_name" and local and self.frame is not None:
                self.frame.local.add(self.text.text_of(child))
                self.state.own[self.text.text_of(child)] = ()
        return Outcome.LIKELY

    def run_unset(self, node: Node) -> Outcome:
        """``unset name``: what the environment holds then, nobody knows."""
        for child in node.named_children:
            self.assign(self.text.text_of(child), Opaque())
        return Outcome.LIKELY
