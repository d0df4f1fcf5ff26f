"""``--baseline`` and ``--write-baseline``: findings that are accepted until they are fixed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from aipplint.cli.output import complain, plural, save
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.run.result import Result
from aipplint.run.session import Session

if TYPE_CHECKING:
    from aipplint.run.baseline import Baseline

_MOST_STALE = 20
"""Stale entries that are listed."""


class Accepted:
    """The baseline of a run. Raises SettingsError if its file cannot be understood."""

    def __init__(self, session: Session, options: argparse.Namespace) -> None:
        self._session = session
        self._options = options
        self._baseline = _find(session, options)

    def settle(self, result: Result, paths: Sequence[str]) -> Result:
        """Return a result without the findings of the baseline, after writing these if asked to; report stale ones."""
        baseline = self._baseline
        if baseline is None:
            return result
        codes = {rule.code for path in paths for rule in self._session.rules(path)}
        if self._options.write_baseline:
            baseline = baseline.updated(result, paths, codes)
            save(baseline.path, baseline.text())
            self._say([f"{plural(baseline.entries.total(), 'finding')} in the baseline {clean(baseline.path)}"])
        left, stale = baseline.without(result)
        self._say(_stale([*map(baseline.described, sorted(baseline.judged(stale, paths, codes)))]))
        return left

    def _say(self, lines: Iterable[str]) -> None:
        for line in () if self._options.quiet else lines:
            complain(line)


def _find(session: Session, options: argparse.Namespace) -> Baseline | None:
    """Return the baseline of the command line or of the settings; None if there is none yet."""
    from aipplint.run.baseline import Baseline, read_baseline

    settings = session.finder.of_folder(os.getcwd())
    named = settings.values.get("baseline")
    path = options.baseline or (os.path.relpath(os.path.join(settings.folder, named)) if named else "")
    if not path:
        raise UsageError("--write-baseline needs --baseline FILE, or the setting baseline")
    if os.path.lexists(path):
        return read_baseline(path)
    if options.write_baseline:
        return Baseline(path)
    if options.baseline:
        raise UsageError(f"baseline {clean(path)}: no such file; --write-baseline writes it")
    if not options.quiet:
        complain(f"baseline {clean(path)} does not exist yet; 'aipplint check --write-baseline' writes it")
    return None


def _stale(entries: Sequence[str]) -> Iterator[str]:
    for entry in entries[:_MOST_STALE]:
        yield f"stale in the baseline: {entry}"
    if len(entries) > _MOST_STALE:
        yield f"stale in the baseline: {len(entries) - _MOST_STALE} more"
    if entries:
        yield "'aipplint check --write-baseline' removes what is stale from the baseline"
