"""The statements of a script: sequences, branches, loops, functions, pipes and redirections.

Nothing is executed. If it is unknown which branch runs, all of them are followed and their states are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from aipplint.readers.shell import loops
from aipplint.readers.shell.arithmetic import changed_in
from aipplint.readers.shell.assignments import Assignments
from aipplint.readers.shell.commands import Commands
from aipplint.readers.shell.conditions import case_matches, test_at, tested
from aipplint.readers.shell.expansion import Expander
from aipplint.readers.shell.functions import Functions
from aipplint.readers.shell.redirections import Redirections, redirections
from aipplint.readers.shell.shell import MAX_DEPTH, Shell
from aipplint.readers.shell.state import Arguments, Outcome, Output, State
from aipplint.readers.shell.values import Unknown
from aipplint.readers.traced import Traced

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_ROUNDS = 32
"""Rounds of loops that are gone through in a script, in all."""

_ASSIGNING = ("variable_assignment", "variable_assignments", "declaration_command")
_DOING = frozenset(("cd", "pushd", "popd", "mkdir", "source", ".", "echo", "set", "shift", "unset"))
"""Commands whose success is not tested."""


class Statements:
    """Follows the statements of a script."""

    def __init__(
        self, shell: Shell, expander: Expander, assignments: Assignments, functions: Functions, commands: Commands
    ) -> None:
        self._shell = shell
        self._expander = expander
        self._assignments = assignments
        self._commands = commands
        self._rounds = MAX_ROUNDS
        self._handlers: dict[str, Callable[[Node], Outcome]] = {
            "command": self._command,
            "variable_assignment": self._assignment,
            "variable_assignments": self._assignment,
            "declaration_command": assignments.declare,
            "unset_command": assignments.unset,
            "list": self._list,
            "pipeline": self._pipeline,
            "redirected_statement": self._redirected_statement,
            "if_statement": self._if,
            "case_statement": self._case,
            "for_statement": self._for,
            "c_style_for_statement": self._c_style_for,
            "while_statement": self._while,
            "function_definition": functions.define,
            "subshell": self._subshell,
            "negated_command": self._negated,
            "test_command": self._test,
            "compound_statement": self._compound,
            "do_group": self._compound,
            "program": self._compound,
            "ERROR": self._compound,
        }

    # Going on

    def run(self, node: Node) -> Outcome:
        """Go through one statement."""
        handler = self._handlers.get(node.type)
        if handler is None or self._shell.depth > MAX_DEPTH or self._shell.steps <= 0:
            return Outcome.OPEN
        self._shell.steps -= 1
        self._shell.depth += 1
        try:
            return handler(node)
        finally:
            self._shell.depth -= 1

    def run_all(self, nodes: Sequence[Node]) -> Outcome:
        """Go through statements one after the other, until the script ends."""
        outcome = Outcome.TRUE
        for node, following in pairwise([*nodes, None]):
            if self._shell.state.ended or node is None:
                break
            if node.is_named and node.type in self._handlers:
                behind = following is not None and following.type == "&"
                outcome = self._run_in_fork((node,)) if behind else self.run(node)
        return outcome

    def _run_in_fork(self, nodes: Sequence[Node]) -> Outcome:
        """Go through statements in a shell of their own."""
        with self._shell.in_fork():
            return self.run_all(nodes)

    def _fork(self, nodes: Sequence[Node]) -> State:
        """The state that statements lead to from here."""
        with self._shell.in_fork() as fork:
            self.run_all(nodes)
        return fork

    def _command(self, node: Node) -> Outcome:
        command = None if self._commands.passed_over(node) else self._commands.at(node)
        if command is None:
            return Outcome.LIKELY
        if not command.redirects:
            return self._commands.run(command)
        found = redirections(self._expander, command.redirects)
        return self._redirected(found, partial(self._commands.run, command))

    def _assignment(self, node: Node) -> Outcome:
        return Outcome.LIKELY if self._commands.passed_over(node) else self._assignments.run(node)

    def _depends(self, first: Node, last: Node) -> bool:
        """Whether a node depends on unknown arguments of the script."""
        arguments = self._shell.state.arguments
        written = self._shell.text.letters[self._shell.text.start(first) : self._shell.text.end(last)]
        return arguments.more and arguments.of_script and loops.names_arguments(written)

    def _compound(self, node: Node) -> Outcome:
        children = node.children
        if children and children[0].type == "((":
            for name in changed_in(self._shell.text.text_of(node)):
                self._shell.assign(name, Unknown())
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
            if self._shell.state.ended:
                break
            outcome = self._then(outcome, sign, left, right)
            left = right
        return outcome

    def _then(self, outcome: Outcome, sign: str, left: Node, right: Node) -> Outcome:
        """The right side of ``&&`` or ``||`` after a left side with that outcome."""
        wanted = Outcome.TRUE if sign == "&&" else Outcome.FALSE
        likely = sign == "&&" and outcome is Outcome.LIKELY
        if outcome is wanted or (likely and not (right.type in _ASSIGNING and self._asks(left))):
            return self.run(right)
        if outcome in (Outcome.TRUE, Outcome.FALSE):
            return outcome
        with self._shell.in_fork() as fork:
            self.run(right)
        self._shell.merge([self._shell.state.fork(), fork], positional=self._depends(left, left))
        return outcome

    def _asks(self, node: Node) -> bool:
        """Whether a command may be a test: an assignment that depends on its success may not happen."""
        name = node.child_by_field_name("name") if node.type == "command" else None
        return name is not None and self._shell.text.text_of(name) not in _DOING

    def _negated(self, node: Node) -> Outcome:
        return self.run_all(node.children[1:]).reversed

    def _test(self, node: Node) -> Outcome:
        return tested(self._shell, test_at(self._expander, node))

    def _subshell(self, node: Node) -> Outcome:
        return self._run_in_fork(node.children)

    def _pipeline(self, node: Node) -> Outcome:
        stages = [child for child in node.children if child.is_named]
        return self._piped(stages, self._shell.input)

    def _piped(self, stages: Sequence[Node], given: Traced | None) -> Outcome:
        outcome = Outcome.OPEN
        shell = self._shell
        with shell.other_streams():
            last = shell.output
            for stage, following in pairwise([*stages, None]):
                assert stage is not None
                shell.input, shell.output = given, last if following is None else Output()
                outcome = self._run_in_fork((stage,))
                given = shell.output.value if shell.output is not None else None
        return outcome

    def captured(self, node: Node) -> Traced | None:
        """The output of a command substitution; None if it is unknown."""
        shell, frame = self._shell, self._shell.frame
        if shell.steps <= 0 or any(child.type == "file_redirect" for child in node.children):  # $(< file)
            return None
        with shell.other_streams():
            shell.output = output = Output()
            self._fork(node.children)
        shell.frame = frame
        return output.stripped

    def _redirected_statement(self, node: Node) -> Outcome:
        body = node.child_by_field_name("body")
        nodes = [child for child in node.children if child.type.endswith("redirect")]
        found = redirections(self._expander, nodes)
        return self._redirected(found, lambda: Outcome.LIKELY if body is None else self.run(body))

    def _redirected(self, found: Redirections, run: Callable[[], Outcome]) -> Outcome:
        """Run something with its input and output redirected."""
        shell, target = self._shell, found.target
        with shell.other_streams():
            if found.has_input:
                shell.input = found.input
            if target is not None or found.piped:
                shell.output = Output()
            output = shell.output
            outcome = run()
        content = None if output is None else output.value
        if found.piped:
            outcome = self._piped(found.piped, content if target is None else None)
        if target is not None:
            self._shell.write(target, None if found.piped else content, appended=found.appended)
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
            forks.append(self._fork(body))
            if outcome is Outcome.TRUE:
                break
        else:
            forks.append(self._shell.state.fork())
        self._shell.merge(forks, positional=positional)
        return Outcome.LIKELY

    def _case(self, node: Node) -> Outcome:
        subject = node.child_by_field_name("value")
        if subject is None:
            return Outcome.OPEN
        value = self._expander.value_at(subject)
        forks: list[State] = []
        falls = any(item.children[-1].type in (";&", ";;&") for item in node.named_children if item.child_count)
        for item in node.named_children:
            if item.type != "case_item":
                continue
            matches, body = case_matches(self._expander, item, value)
            matches = matches and (None if falls else True)
            if matches is False:
                continue
            if matches and not forks:
                return self.run_all(body)
            forks.append(self._fork(body))
            if matches:
                break
        else:
            forks.append(self._shell.state.fork())
        self._shell.merge(forks, positional=self._depends(subject, subject))
        if falls:  # One branch may be run behind another.
            self._forget(node)
        return Outcome.LIKELY

    # Loops

    def _for(self, node: Node) -> Outcome:
        variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        if variable is None or body is None:
            return Outcome.OPEN
        name = self._shell.text.text_of(variable)
        words = loops.words(self._expander, node)
        if words is None or len(words) > self._rounds or node.children[0].type == "select":
            self._any_number_of_times(node, body, (name,))
            return Outcome.LIKELY
        self._rounds -= len(words)
        leaves = loops.may_break(self._shell.text.letters[self._shell.text.start(body) : self._shell.text.end(body)])
        for value in words:
            if self._shell.state.ended:
                break
            self._shell.assign(name, value)
            self.run(body)
            if leaves:  # Nobody knows in which round, and where in it.
                self._forget(node)
        return Outcome.LIKELY

    def _forget(self, node: Node) -> None:
        """The variables that a statement changes, and its output, become unknown."""
        self._shell.prints_unknown()
        unknown = Unknown(self._depends(node, node))
        for name in loops.changes(self._shell, self._shell.text, node):
            self._shell.assign(name, unknown)

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
        if not loops.may_break(self._shell.text.letters[self._shell.text.start(body) : self._shell.text.end(body)]):
            while self._rounds > 0 and not self._shell.state.ended:
                outcome = self.run_all(condition)
                if outcome in (Outcome.TRUE, Outcome.FALSE) and outcome is not wanted:
                    return Outcome.LIKELY
                if outcome is not wanted:
                    break
                self._rounds -= 1
                self.run(body)
        self._any_number_of_times(node, body)
        return Outcome.LIKELY

    def _any_number_of_times(self, node: Node, body: Node, names: tuple[str, ...] = ()) -> None:
        """A loop with an unknown number of rounds: its assignments are unknown in it and after it."""
        self._shell.prints_unknown()
        changed = loops.changes(self._shell, self._shell.text, node)
        positional = self._depends(node, node)

        def forget() -> None:
            for name in (*names, *changed):
                only_added = changed.get(name, False)
                self._shell.assign(
                    name, loops.forgotten(self._shell.state.get(name), only_added=only_added, positional=positional)
                )

        folder = self._shell.state.folder
        if loops.shifts(self._shell.text.letters[self._shell.text.start(node) : self._shell.text.end(node)]):
            self._shell.state.arguments = Arguments((), more=True, of_script=self._shell.state.arguments.of_script)
        forget()
        with self._shell.in_fork() as fork:
            self.run(body)
        forget()
        if fork.folder != folder and not fork.ended:
            self._shell.state.folder = None
