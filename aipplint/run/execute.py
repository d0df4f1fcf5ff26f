"""The execution of a plan: it runs the jobs through the pipeline, in several processes for many files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial

from aipplint.findings import Finding
from aipplint.pipeline import guarded, lint_source
from aipplint.project.command import COMMAND_LINE
from aipplint.rules.housekeeping import ALWAYS
from aipplint.run.jobs import FilePlan, Job
from aipplint.run.plan import plan_file, plan_reference
from aipplint.run.result import Result, merged
from aipplint.run.session import Session
from aipplint.run.targets import Targets
from aipplint.source import Source
from aipplint.suppressions import Silencer, suppressions_in

MANY = 64
"""Files from which on it pays to start more processes."""
_FEW = 32
"""Files for which a process is not worth its start."""
_CHUNKS = 4
"""Pieces of work for each process: enough to share it fairly, few enough to send."""


def check(session: Session, path: str, plan: Callable[[], FilePlan] | None = None) -> Result:
    """Check a file, or with ``plan`` what that plans for it. A failure of aipplint is a finding about the file."""
    plan = plan or partial(plan_file, session, path)
    return _guarded(path, lambda: execute(session, plan()))


def check_all(
    session: Session, targets: Targets, done: Callable[[Result], None] | None = None, *, processes: int = 0
) -> Result:
    """Check files, many of them in several processes. The order of the findings does not depend on that.

    ``processes`` is the largest number of them; 0 is that of the processors.
    ``done`` is called with what was found in one or several files, in their order, as soon as they are checked.
    """
    processes = processes or os.cpu_count() or 1
    several = len(targets.configs) >= MANY and processes > 1
    results = [Result(tuple(targets.findings), 0, 0)]
    for result in _in_processes(session, targets, processes) if several else _here(session, targets):
        results.append(result)
        if done is not None:
            done(result)
    return merged(results)


def _here(session: Session, targets: Targets) -> Iterator[Result]:
    for path in targets.configs:
        yield check(session, path)
    for path in targets.references:
        yield check(session, path, partial(plan_reference, session, path))


def _in_processes(session: Session, targets: Targets, processes: int) -> Iterator[Result]:
    """Plan the configurations here and check them in other processes; plan and check the other files meanwhile."""
    from aipplint.run.processes import Pool

    # The first one here: what it loads need not be loaded by each of the processes.
    yield check(session, targets.configs[0])
    paths = targets.configs[1:]
    workers = min(processes, len(paths) // _FEW)
    size = -(-len(paths) // (workers * _CHUNKS))
    chunks = (paths[at : at + size] for at in range(0, len(paths), size))
    pool = Pool(partial(_execute_chunk, session), workers)
    try:
        plans = (tuple(_planned(session, path) for path in chunk) for chunk in chunks)
        yield from pool.map(plans, _here(session, targets._replace(configs=[])))
    finally:
        pool.close()


def _execute_chunk(session: Session, plans: tuple[FilePlan, ...]) -> Result:
    return merged([_guarded(plan.path, partial(execute, session, plan)) for plan in plans])


def _planned(session: Session, path: str) -> FilePlan:
    """Return the plan for a file; if planning fails, a plan with that finding."""
    made = guarded(path, partial(plan_file, session, path))
    return made if isinstance(made, FilePlan) else FilePlan(path, findings=made.findings)


def _guarded(path: str, work: Callable[[], Result]) -> Result:
    made = guarded(path, work)
    return made if isinstance(made, Result) else Result(made.findings, 1, 0)


def execute(session: Session, plan: FilePlan) -> Result:
    """Check one file: return the findings of all its jobs without suppressed ones."""
    files = Result(plan.findings, plan.files, 0, int(bool(plan.settled)), plan.unbuilt)
    found = [files, *(_lint(session, job) for job in plan.jobs)]
    return apply_suppressions(session, merged(found), plan.settled)


def _lint(session: Session, job: Job) -> Result:
    """Check one text."""
    text = job.text
    if text is None or isinstance(text, Source):
        linted = source = text
    elif job.tool is not None:
        linted, source = None, job.tool.ini.source
    else:
        linted = source = Source(job.path, text.text)
    severities = session.severity_override(job.path, built=bool(job.uses))
    report = lint_source(linted, job.uses, session.rules(job.path), severities, job.tool, job.training, job.feeding)
    findings = report.findings
    if text is not None and source is not None and not isinstance(text, Source):
        from aipplint.run.embedded import moved

        findings = tuple(moved(finding, source, text) for finding in findings)
    if job.only:
        return Result(tuple(finding for finding in findings if finding.path == job.only), 0, 0)
    return Result(findings, 0, report.suppressed)


def apply_suppressions(session: Session, result: Result, settled: str) -> Result:
    """Remove the findings that comments in their file, or ``per-file-ignores``, suppress.

    Those in ``settled``, a configuration, were suppressed when it was linted.
    """
    silencers: dict[str, Silencer] = {}
    rules: dict[str, frozenset[str]] = {}
    kept: list[Finding] = []
    suppressed = 0
    for finding in sorted(result.findings, key=Finding.sort_key):
        path = finding.path
        if path in (settled, COMMAND_LINE) or finding.code in ALWAYS:
            kept.append(finding)
            continue
        if path not in rules:
            rules[path] = frozenset(rule.code for rule in session.rules(path))
            silencers[path] = Silencer(suppressions_in(finding.place.source))
        if finding.code not in rules[path]:
            continue
        if silencers[path].silences(finding):
            suppressed += 1
        else:
            kept.append(finding)
    return result._replace(findings=tuple(kept), suppressed=result.suppressed + suppressed)
