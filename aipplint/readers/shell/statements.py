"""How a shell goes through a script: sequences, branches, loops, functions, pipes and redirections.

Nothing is run. Where it is not known which way a script takes, it takes all of them, and what they leave is joined.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from aipplint.readers.shell import loops
from aipplint.readers.shell.arithmetic import changed_in
from aipplint.readers.shell.conditions import Test, case_matches, test_at
from aipplint.readers.shell.expansion import MAX_DEPTH
from aipplint.readers.shell.functions import Functions
from aipplint.readers.shell.redirections import Redirections, redirections
from aipplint.readers.shell.state import Arguments, Outcome, Output, State
from aipplint.readers.shell.text import Text
from aipplint.readers.shell.values import Unknown
from aipplint.readers.traced import Traced

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_ROUNDS = 32
"""Rounds of loops that are gone through in a script, in all."""

_ASSIGNING = ("variable_assignment", "variable_assignments", "declaration_command")
_DOING = frozenset(("cd", "pushd", "popd", "mkdir", "source", ".", "echo", "set", "shift", "unset"))
"""Commands that nobody asks whether they succeed."""


class Statements(Functions):
    """Goes through the statements of a script."""

    def __init__(self, path: str, state: State) -> None:
        super().__init__(path, state)
        self.input: Traced | None = None
        self.rounds = MAX_ROUNDS
        self._handlers: dict[str, Callable[[Node], Outcome]] = {
            "command": self.run_command,
            "variable_assignment": self.run_assignments,
            "variable_assignments": self.run_assignments,
            "declaration_command": self.run_declaration,
            "unset_command": self.run_unset,
            "list": self._list,
            "pipeline": self._pipeline,
            "redirected_statement": self._redirected,
            "if_statement": self._if,
            "case_statement": self._case,
            "for_statement": self._for,
            "c_style_for_statement": self._c_style_for,
            "while_statement": self._while,
            "function_definition": self.define,
            "subshell": self._subshell,
            "negated_command": self._negated,
            "test_command": self._test,
            "compound_statement": self._compound,
            "do_group": self._compound,
            "program": self._compound,
            "ERROR": self._compound,
        }

    @abstractmethod
    def run_command(self, node: Node) -> Outcome:
        """A simple command."""

    @abstractmethod
    def tested(self, test: Test) -> Outcome:
        """What a test comes to."""

    @abstractmethod
    def written(self, target: Traced, content: Traced | None, *, appended: bool) -> None:
        """Something is printed into a file."""

    # Going on

    def run(self, node: Node) -> Outcome:
        """Go through one statement."""
        handler = self._handlers.get(node.type)
        if handler is None or self.depth > MAX_DEPTH or self.steps <= 0:
            return Outcome.OPEN
        self.steps -= 1
        self.depth += 1
        try:
            return handler(node)
        finally:
            self.depth -= 1

    def run_all(self, nodes: Sequence[Node]) -> Outcome:
        """Go through statements one after the other, until the script ends."""
        outcome = Outcome.TRUE
        for node, following in pairwise([*nodes, None]):
            if self.state.ended or node is None:
                break
            if node.is_named and node.type in self._handlers:
                behind = following is not None and following.type == "&"
                outcome = self.run_in_fork((node,)) if behind else self.run(node)
        return outcome

    def run_text(self, text: Text) -> Outcome:
        """Go through another text in the same shell."""
        before, self.text = self.text, text
        try:
            return self.run(text.parsed.root)
        finally:
            self.text = before

    def run_in_fork(self, nodes: Sequence[Node]) -> Outcome:
        """Go through statements in a shell of their own."""
        before, self.state = self.state, self.state.fork()
        try:
            return self.run_all(nodes)
        finally:
            self.state = before

    def _depends(self, first: Node, last: Node) -> bool:
        """Whether what stands there depends on arguments of the script that nobody tells."""
        arguments = self.state.arguments
        written = self.text.letters[self.text.start(first) : self.text.end(last)]
        return arguments.more and arguments.of_script and loops.names_arguments(written)

    def _compound(self, node: Node) -> Outcome:
        children = node.children
        if children and children[0].type == "((":
            for name in changed_in(self.text.text_of(node)):
                self.assign(name, Unknown())
            return Outcome.OPEN
        return self.run_all(children)

    def _list(self, node: Node) -> Outcome:
        """``a && b || c``; the grammar nests them to the left, as deeply as there are commands."""
        rest: list[tuple[str, Node]] = []
        while node.type == "list" and len(node.children) >= 3:
            rest.append((node.children[1].type, node.children[2]))
            node = node.children[0]
        outcome = self.run(node)
        left = node
        for sign, right in reversed(rest):
            if self.state.ended:
                break
            outcome = self._then(outcome, sign, left, right)
            left = right
        return outcome

    def _then(self, outcome: Outcome, sign: str, left: Node, right: Node) -> Outcome:
        """The right side of ``&&`` or ``||`` behind a left side with that outcome."""
        wanted = Outcome.TRUE if sign == "&&" else Outcome.FALSE
        likely = sign == "&&" and outcome is Outcome.LIKELY
        if outcome is wanted or (likely and not (right.type in _ASSIGNING and self._asks(left))):
            return self.run(right)
        if outcome in (Outcome.TRUE, Outcome.FALSE):
            return outcome
        fork = self.in_fork(lambda: self.run(right))
        self.merge([self.state.fork(), fork], positional=self._depends(left, left))
        return outcome

    def _asks(self, node: Node) -> bool:
        """Whether a command may be there to ask something: what is only assigned if it succeeds may not be."""
        name = node.child_by_field_name("name") if node.type == "command" else None
        return name is not None and self.text.text_of(name) not in _DOING

    def _negated(self, node: Node) -> Outcome:
        return self.run_all(node.children[1:]).reversed

    def _test(self, node: Node) -> Outcome:
        return self.tested(test_at(self, node))

    def _subshell(self, node: Node) -> Outcome:
        return self.run_in_fork(node.children)

    def _pipeline(self, node: Node) -> Outcome:
        stages = [child for child in node.children if child.is_named]
        return self._piped(stages, self.input)

    def _piped(self, stages: Sequence[Node], given: Traced | None) -> Outcome:
        outcome = Outcome.OPEN
        input_before, output_before = self.input, self.output
        try:
            for index, stage in enumerate(stages):
                self.input = given
                self.output = Output() if index < len(stages) - 1 else output_before
                outcome = self.run_in_fork((stage,))
                given = self.output.value if self.output is not None else None
        finally:
            self.input, self.output = input_before, output_before
        return outcome

    def captured(self, node: Node) -> Traced | None:
        """What a command substitution prints."""
        output_before, frame_before = self.output, self.frame
        self.output = output = Output()
        try:
            if self.steps > 0 and not any(child.type == "file_redirect" for child in node.children):  # $(< file)
                self.in_fork(lambda: self.run_all(node.children))
            else:
                output.known = False
        finally:
            self.output, self.frame = output_before, frame_before
        return output.stripped

    def _redirected(self, node: Node) -> Outcome:
        body = node.child_by_field_name("body")
        found = redirections(self, [child for child in node.children if child.type.endswith("redirect")])
        return self.redirected(found, lambda: Outcome.LIKELY if body is None else self.run(body))

    def redirected(self, found: Redirections, run: Callable[[], Outcome]) -> Outcome:
        """Run something with its input and output redirected."""
        input_before, output_before = self.input, self.output
        self.input = found.input if found.has_input else input_before
        target = found.target
        if target is not None or found.piped:
            self.output = Output()
        output = self.output
        try:
            outcome = run()
        finally:
            self.input, self.output = input_before, output_before
        content = None if output is None else output.value
        if found.piped:
            if target is not None:
                content = None
            outcome = self._piped(found.piped, content)
        if target is not None:
            self.written(target, None if found.piped else content, appended=found.appended)
        for sign, right in found.rest:
            outcome = self._then(outcome, sign, right, right)
        return outcome

    # Branches

    def _if(self, node: Node) -> Outcome:
        forks: list[State] = []
        positional = False
        clauses = loops.clauses(node)
        for condition, body in clauses:
            outcome = self.run_all(condition) if condition else Outcome.TRUE
            if outcome is Outcome.FALSE:
                continue
            if outcome is Outcome.TRUE and not forks:
                return self.run_all(body)
            positional = positional or (bool(condition) and self._depends(condition[0], condition[-1]))
            forks.append(self.in_fork(partial(self.run_all, body)))
            if outcome is Outcome.TRUE:
                break
        else:
            forks.append(self.state.fork())
        self.merge(forks, positional=positional)
        return Outcome.LIKELY

    def _case(self, node: Node) -> Outcome:
        subject = node.child_by_field_name("value")
        if subject is None:
            return Outcome.OPEN
        value = self.value_at(subject)
        forks: list[State] = []
        falls = any(item.children[-1].type in (";&", ";;&") for item in node.named_children if item.child_count)
        for item in node.named_children:
            if item.type != "case_item":
                continue
            matches, body = case_matches(self, item, value)
            matches = matches and (None if falls else True)
            if matches is False:
                continue
            if matches and not forks:
                return self.run_all(body)
            forks.append(self.in_fork(partial(self.run_all, body)))
            if matches:
                break
        else:
            forks.append(self.state.fork())
        self.merge(forks, positional=self._depends(subject, subject))
        if falls:  # One branch may be run behind another.
            self._forget(node)
        return Outcome.LIKELY

    # Loops

    def _for(self, node: Node) -> Outcome:
        variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        if variable is None or body is None:
            return Outcome.OPEN
        name = self.text.text_of(variable)
        words = loops.words(self, node)
        if words is None or len(words) > self.rounds or node.children[0].type == "select":
            self._any_number_of_times(node, body, (name,))
            return Outcome.LIKELY
        self.rounds -= len(words)
        leaves = loops.may_break(self.text.letters[self.text.start(body) : self.text.end(body)])
        for value in words:
            if self.state.ended:
                break
            self.assign(name, value)
            self.run(body)
            if leaves:  # Nobody knows in which round, and where in it.
                self._forget(node)
        return Outcome.LIKELY

    def _forget(self, node: Node) -> None:
        """What a statement changes is not known, nor what it prints."""
        if self.output is not None:
            self.output.known = False
        unknown = Unknown(self._depends(node, node))
        for name in loops.changes(self.text, node, self.functions):
            self.assign(name, unknown)

    def _c_style_for(self, node: Node) -> Outcome:
        body = node.child_by_field_name("body")
        if body is not None:
            self._any_number_of_times(node, body)
        return Outcome.LIKELY

    def _while(self, node: Node) -> Outcome:
        body = node.child_by_field_name("body")
        if body is None:
            return Outcome.OPEN
        condition = node.children[1 : node.children.index(body)]
        wanted = Outcome.TRUE if node.children[0].type == "while" else Outcome.FALSE
        if not loops.may_break(self.text.letters[self.text.start(body) : self.text.end(body)]):
            while self.rounds > 0 and not self.state.ended:
                outcome = self.run_all(condition)
                if outcome in (Outcome.TRUE, Outcome.FALSE) and outcome is not wanted:
                    return Outcome.LIKELY
                if outcome is not wanted:
                    break
                self.rounds -= 1
                self.run(body)
        self._any_number_of_times(node, body)
        return Outcome.LIKELY

    def _any_number_of_times(self, node: Node, body: Node, names: tuple[str, ...] = ()) -> None:
        """A loop whose rounds cannot be told: what it assigns is not known in it and after it."""
        if self.output is not None:
            self.output.known = False
        changed = loops.changes(self.text, node, self.functions)
        positional = self._depends(node, node)

        def forget() -> None:
            for name in (*names, *changed):
                only_added = changed.get(name, False)
                self.assign(name, loops.forgotten(self.state.get(name), only_added=only_added, positional=positional))

        before = self.state.folder
        if loops.shifts(self.text.letters[self.text.start(node) : self.text.end(node)]):
            self.state.arguments = Arguments((), more=True, of_script=self.state.arguments.of_script)
        forget()
        fork = self.in_fork(lambda: self.run(body))
        forget()
        if fork.folder != before and not fork.ended:
            self.state.folder = None
