"""The state of a shell while it runs a script: variables, working directory, arguments, output."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from enum import Enum

from aipplint.readers.shell.values import Stored, Unknown, joined
from aipplint.readers.traced import Segment, Traced
from aipplint.records import NamedTuple

MAX_PATH = 4096
"""Longest path of a folder that is followed, in characters: no system has a longer one."""
RETURNED, EXITED = 1, 2
"""Why nothing after a statement is run any more."""


class Arguments(NamedTuple):
    """Positional parameters: the known ones, in order. ``more``: unknown ones may follow.

    ``of_script``: they belong to the script, so a call of the script may provide them.
    """

    values: tuple[Traced, ...] = ()
    more: bool = True
    of_script: bool = False

    def shifted(self, count: int) -> Arguments:
        """What ``shift`` leaves."""
        return self._replace(values=self.values[count:])


class State:
    """The state of a shell, or what a branch of a script changes of it.

    A branch that may run has a ``fork``; ``merge`` joins the forks. It reads only the changes of a fork, so the cost of
    a thousand branches depends on their changes.
    """

    __slots__ = ("arguments", "ended", "folder", "forgot", "own", "parent", "previous", "stack")

    def __init__(self, parent: State | None, folder: str | None, arguments: Arguments) -> None:
        self.parent = parent
        self.own: dict[str, Stored | None] = {}
        self.forgot = False
        """Whether nothing that the states before it knew of variables holds any more."""
        self.folder = folder
        self.previous: str | None = None
        self.stack: tuple[str | None, ...] = ()
        self.arguments = arguments
        self.ended = 0

    def fork(self) -> State:
        """A state that begins as this one and leaves it alone."""
        made = State(self, self.folder, self.arguments)
        made.previous, made.stack, made.ended = self.previous, self.stack, self.ended
        return made

    def get(self, name: str) -> Stored | None:
        """The value of a variable; None if the script never set it."""
        state: State | None = self
        while state is not None:
            if name in state.own:
                return state.own[name]
            if state.forgot:
                return Unknown()
            state = state.parent
        return None

    def forget(self) -> None:
        """Forget all variables, because an unknown command was run in this shell."""
        self.own.clear()
        self.forgot = True

    def since(self, base: State) -> State:
        """All that was changed since a fork of the base began, as one fork of the base."""
        made = base.fork()
        made.folder, made.arguments, made.ended = self.folder, self.arguments, self.ended
        made.previous, made.stack = self.previous, self.stack
        chain: list[State] = []
        state: State | None = self
        while state is not None and state is not base:
            chain.append(state)
            state = state.parent
        for link in reversed(chain):
            if link.forgot:
                made.forget()
            made.own.update(link.own)
        return made

    def adopt(self, fork: State) -> None:
        """Continue with the state of a fork."""
        if fork.forgot:
            self.forget()
        self.own.update(fork.own)
        self.folder, self.previous, self.stack, self.ended = fork.folder, fork.previous, fork.stack, fork.ended

    def merge(self, forks: Sequence[State], *, positional: bool = False) -> dict[str, Stored | None]:
        """Continue with the state that holds after any of the forks, except for those that ended the script.

        Returns the variables that changed.
        """
        alive = [fork for fork in forks if not fork.ended]
        if not alive:
            self.ended = max((fork.ended for fork in forks), default=self.ended)
            return {}
        first = alive[0]
        self.folder = first.folder if all(fork.folder == first.folder for fork in alive) else None
        self.previous = first.previous if all(fork.previous == first.previous for fork in alive) else None
        self.stack = first.stack if all(fork.stack == first.stack for fork in alive) else ()
        if any(fork.arguments != first.arguments for fork in alive):
            self.arguments = Arguments((), more=True, of_script=first.arguments.of_script)
        else:
            self.arguments = first.arguments
        changed: dict[str, Stored | None] = {}
        changers: dict[str, list[int]] = {}
        for index, fork in enumerate(alive):
            for name in fork.own:
                changers.setdefault(name, []).append(index)
        forgetful = [index for index, fork in enumerate(alive) if fork.forgot]
        for name, indices in changers.items():
            values = [alive[index].own[name] for index in indices]
            # Of the forks that leave it alone, one stands for all; it keeps its place among the others.
            left_alone = next((at for at, index in enumerate(indices) if at != index), len(indices))
            if len(indices) < len(alive):
                values.insert(left_alone, self.get(name))
            if any(name not in alive[index].own for index in forgetful):
                values.append(Unknown())
            if len(values) > 1 and any(value is None for value in values):
                changed[name] = Unknown(positional)
            else:
                changed[name] = joined(values, positional=positional)
        if any(fork.forgot for fork in alive):
            self.forget()
        self.own.update(changed)
        return changed

    def enter(self, folder: Traced, text: str | None) -> None:
        """``cd``. ``text`` is the folder as far as it is known."""
        self.previous, before = self.folder, self.folder
        if text is None:
            self.folder = None
        elif posixpath.isabs(text) or (folder and folder[0].from_start):
            self.folder = normal(text)
        else:
            self.folder = None if before is None else normal(posixpath.join(before, text))
        if self.folder is not None and len(self.folder) > MAX_PATH:
            self.folder = None


def normal(path: str) -> str:
    """A folder without ``.`` and ``x/..``; '' is where the script is started."""
    path = posixpath.normpath(path)
    return "" if path == "." else path


class Outcome(Enum):
    """How a command ends, as far as it can be known. LIKELY: it does its work, and works in a script that works."""

    TRUE = 1
    FALSE = 2
    LIKELY = 3
    OPEN = 4

    @property
    def reversed(self) -> Outcome:
        """What ``!`` makes of it."""
        return {Outcome.TRUE: Outcome.FALSE, Outcome.FALSE: Outcome.TRUE}.get(self, Outcome.OPEN)


def outcome_of(truth: bool | None) -> Outcome:
    """The outcome of a test."""
    return Outcome.OPEN if truth is None else Outcome.TRUE if truth else Outcome.FALSE


class Frame:
    """A call of a function: the names that are local to it, and the states in which it may have returned."""

    def __init__(self, base: State) -> None:
        self.base = base
        self.local: set[str] = set()
        self.returns: list[State] = []


class Output:
    """Output that is needed: by a command substitution, a pipe or a file."""

    __slots__ = ("known", "segments")

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.known = True

    def write(self, value: Iterable[Segment]) -> None:
        """Something known is printed."""
        self.segments += value

    @property
    def value(self) -> Traced | None:
        """The whole output; None if it is unknown."""
        return tuple(self.segments) if self.known else None

    @property
    def stripped(self) -> Traced | None:
        """What was printed, without the ends of lines at its end, as ``$( )`` gives it; None for unknown."""
        if not self.known:
            return None
        segments = list(self.segments)
        while segments and segments[-1].text is not None:
            text = segments[-1].text.rstrip("\n")
            if text == segments[-1].text and text:
                break
            last = segments.pop()
            if text:
                segments.append(last.part(0, len(text)))
                break
        return tuple(segments)
