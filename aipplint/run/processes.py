"""A pool of processes: no work is lost if a process ends, and none outlives the first process.

Own code, because concurrent.futures gives up all work when one process is killed, needs threads (which may not be
had), and leaves its processes asleep for ever when the first one is killed. Here each process has a pipe of its own:
it works on one piece at a time, and ends when the other end of the pipe is closed, by whatever cause.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

FORKS = sys.platform == "linux"
"""Whether processes are forks, which share the modules of the first one; elsewhere forks are not safe."""
Piece = TypeVar("Piece")
Made = TypeVar("Made")


class Pool(Generic[Piece, Made]):
    """Processes that run ``work`` on pieces. This process runs the pieces that they fail to complete.

    There are fewer than ``count`` where the system refuses to start more, down to none.
    """

    def __init__(self, work: Callable[[Piece], Made], count: int) -> None:
        self._work = work
        self._processes: dict[Connection[Any, Any], BaseProcess] = {}
        try:
            for _ in range(count):
                self._start()
        except (OSError, ImportError):
            # No more processes or pipes are to be had; the ones that started have to do.
            return

    def _start(self) -> None:
        from multiprocessing import get_context

        context: Any = get_context("fork" if FORKS else "spawn")
        near, far = context.Pipe()
        # A fork holds the near ends of all pipes; one that stays open would hide the end of this process.
        inherited = (*self._processes, near) if FORKS else ()
        process = context.Process(target=_serve, args=(far, inherited, self._work), daemon=True)
        try:
            process.start()
        except BaseException:
            near.close()
            raise
        finally:
            far.close()
        self._processes[near] = process

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        for connection in list(self._processes):
            self._end(connection)

    def _end(self, connection: Connection[Any, Any]) -> None:
        process = self._processes.pop(connection)
        connection.close()
        process.kill()
        process.join()
        process.close()

    def map(self, pieces: Iterable[Piece], meanwhile: Iterable[Made] = ()) -> Iterator[Made]:
        """Yield the result for each piece, in order, and then those of ``meanwhile``, which this process computes.

        Pieces are asked for as processes become free; ``meanwhile`` goes on as long as none is.
        """
        waiting, here = enumerate(pieces), iter(meanwhile)
        made: dict[int, Made] = {}
        made_here: list[Made] = []
        at = 0
        busy: dict[Connection[Any, Any], tuple[int, Piece]] = {}
        while True:
            for connection in [one for one in self._processes if one not in busy]:
                numbered = next(waiting, None)
                if numbered is None:
                    break
                if self._send(connection, numbered[1]):
                    busy[connection] = numbered
                else:
                    made[numbered[0]] = self._work(numbered[1])
            while at in made:
                yield made.pop(at)
                at += 1
            if busy:
                made |= self._receive(busy, made_here, here)
            elif (numbered := next(waiting, None)) is not None:
                made[numbered[0]] = self._work(numbered[1])
            elif not made:
                break
        yield from made_here
        yield from here

    def _send(self, connection: Connection[Any, Any], piece: Piece) -> bool:
        """Send a piece to a free process. Return False if the process has ended or the piece cannot be sent."""
        try:
            connection.send(piece)
        except OSError:
            self._end(connection)
            return False
        except Exception:
            # Too deep to be pickled, for instance: nothing was sent.
            return False
        return True

    def _receive(
        self, busy: dict[Connection[Any, Any], tuple[int, Piece]], made_here: list[Made], here: Iterator[Made]
    ) -> dict[int, Made]:
        """Receive finished results. If there is none, compute the next piece here, or wait for a process."""
        from multiprocessing.connection import wait

        ready = wait(list(busy), 0)
        if not ready:
            for one in here:
                made_here.append(one)
                return {}
            ready = wait(list(busy))
        made: dict[int, Made] = {}
        for connection in list(busy):
            if connection in ready:
                number, piece = busy.pop(connection)
                try:
                    made[number] = connection.recv()
                except Exception:
                    # It was killed, or it failed: this process finds out whether the piece was the reason.
                    self._end(connection)
                    made[number] = self._work(piece)
        return made


def _serve(
    connection: Connection[Any, Any], inherited: Iterable[Connection[Any, Any]], work: Callable[[Any], Any]
) -> None:
    """Work on pieces until the pipe is closed. A process that fails ends quietly: the first one does the rest."""
    import signal

    # Ctrl-C reaches every process; only the first one has to say so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    try:
        while True:
            connection.send(work(connection.recv()))
    except Exception:
        return
