"""Files from the disk through the pipeline, many of them in several processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from aipplint.checker import Checker, Request, Result, merged, unreadable
from aipplint.files import Files
from aipplint.findings import Place
from aipplint.project.builds import FoundUses
from aipplint.project.reading import Content, TooLarge, Unreadable, read_file
from aipplint.project.recognise import is_configuration_text
from aipplint.rules.housekeeping import file_too_large
from aipplint.source import Source, Span

MANY = 64
"""Files from which on it pays to start more processes."""
_FEW = 32
"""Files for which a process is not worth its start."""
_CHUNKS = 4
"""Pieces of work for each process: enough to share it fairly, few enough to send."""


def check_file(checker: Checker, path: str, content: Content | None = None, *, alone: bool = False) -> Result:
    """Check a file; ``content`` is what was read of it.

    ``alone`` says that nothing else is checked in this run: what a script has to do with the configurations that it
    builds is then said of the script.
    """
    content = read_file(path) if content is None else content
    if isinstance(content, Unreadable):
        place = Place(Source(path, ""), Span(0, 0))
        return Result(tuple(unreadable(place, content.reason)), 1, 0)
    if isinstance(content, TooLarge):
        given = {"source": Source(path, ""), "size": content.size}
        return Result(tuple(file_too_large.findings(given)), 1, 0)
    return check_text(checker, Source.from_bytes(path, content), path, alone=alone)


def check_text(checker: Checker, source: Source, path: str, *, alone: bool = False) -> Result:
    """Check a text as what it is: a configuration, or what says how configurations are used."""
    if checker.request.atc or is_configuration_text(path, source.text):
        return checker.check_source(source, path)
    from aipplint.check_said import check_said

    return check_said(checker, source, path, alone=alone)


def check_files(checker: Checker, files: Files, done: Callable[[Result], None] | None = None) -> Result:
    """Check files, many of them in several processes. The order of the findings does not depend on that.

    ``done`` is called with what was found in one or several files, in their order, as soon as they are checked.
    """
    several = len(files.paths) >= MANY and (os.cpu_count() or 1) > 1
    results = [Result(tuple(files.findings), 0, 0)]
    everything = chain(files.paths, files.others)
    for result in _in_processes(checker, files) if several else (check_file(checker, path) for path in everything):
        results.append(result)
        if done is not None:
            done(result)
    return merged(results)


def _in_processes(checker: Checker, files: Files) -> Iterator[Result]:
    """Check configurations in processes of their own, and the other files meanwhile in this one."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # The first one here: what it loads need not be loaded by each of the processes.
    yield check_file(checker, files.paths[0])
    paths = files.paths[1:]
    workers = min(os.cpu_count() or 1, len(paths) // _FEW)
    size = -(-len(paths) // (workers * _CHUNKS))
    chunks = [tuple(paths[at : at + size]) for at in range(0, len(paths), size)]
    # What the files around say is found once, here. Where processes are forks they have it, and it is not sent.
    found = {os.path.abspath(path): uses for path in paths if (uses := checker.found_uses(path))}
    method = "fork" if sys.platform == "linux" else None
    try:
        pool = ProcessPoolExecutor(workers, get_context(method), _begin_process, (checker.request, found))
    except (OSError, ImportError):
        # A system without shared semaphores: one process has to do.
        yield _check_all(checker, [*paths, *files.others])
        return
    try:
        checked = pool.map(_check_chunk, chunks)
        others = _check_all(checker, files.others)
        yield from checked
        yield others
    finally:
        pool.shutdown(cancel_futures=True)


_checkers: list[Checker] = []
"""The checker of a process that was started to check files; empty in the process of the caller."""


def _begin_process(request: Request, found: dict[str, FoundUses]) -> None:
    """Make the checker of a new process. Ctrl-C reaches every process; only the first one has to say so."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    checker = Checker(request)
    checker.found = found
    _checkers[:] = [checker]


def _check_all(checker: Checker, paths: Sequence[str]) -> Result:
    return merged([check_file(checker, path) for path in paths])


def _check_chunk(paths: tuple[str, ...]) -> Result:
    return _check_all(_checkers[0], paths)
