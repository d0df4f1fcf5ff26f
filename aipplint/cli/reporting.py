"""The end of every check: the report, the summary, the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from aipplint.cli.output import complain, emit, plural, save, wants_color
from aipplint.errors import UsageError
from aipplint.findings import Finding, Severity
from aipplint.pipeline import INTERNAL_ERROR
from aipplint.report import Context, Described, counts, render
from aipplint.run.result import Result

_ROOTS = {
    "github": "GITHUB_WORKSPACE",
    "sarif": "GITHUB_WORKSPACE",
    "gitlab": "CI_PROJECT_DIR",
    "junit": "CI_PROJECT_DIR",
}
"""The variable in which a service says where the repository is, for the formats whose paths are relative to it."""


_STREAMED = ("jsonl", "rdjsonl")
"""Formats that are read line by line, while the run goes on."""


class Stream:
    """Prints the findings of a file as soon as it is checked, if the format allows that.

    Findings in other files, such as settings or a script, are printed at the end: other files may have them too.
    """

    def __init__(self, options: argparse.Namespace, paths: Sequence[str]) -> None:
        self._format: str = options.output_format
        self.prints = self._format in _STREAMED and not options.output_file
        self._paths = frozenset(paths) if self.prints else frozenset[str]()
        self._printed: set[tuple[object, ...]] = set()

    def __call__(self, result: Result) -> None:
        """Print the findings of finished files."""
        found = [finding for finding in self.left(result.findings) if finding.path in self._paths]
        if found:
            self._printed.update(finding.sort_key() for finding in found)
            emit(render(self._format, found, Context()))

    def left(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        """Return the findings that have not been printed yet."""
        return (
            [finding for finding in findings if finding.sort_key() not in self._printed] if self._printed else findings
        )


def report(
    result: Result,
    options: argparse.Namespace,
    paths: Sequence[str] = (),
    *,
    to_stderr: bool = False,
    stream: Stream | None = None,
) -> int:
    """Print the findings of these files (to standard error if standard output is a fixed file).

    Without what a stream has printed already. Returns the exit code.
    """
    name, file = options.output_format, options.output_file
    color = options.color == "always" if file else wants_color(options.color)
    context = Context(
        result.files,
        result.configs,
        len(result.unbuilt),
        result.suppressed,
        color,
        tuple(paths),
        _root(name),
        options.column_unit,
        _describe,
    )
    text = render(name, result.findings if stream is None else stream.left(result.findings), context)
    if file:
        _save(file, text, {*paths, *(finding.path for finding in result.findings)})
    elif to_stderr:
        sys.stderr.write(text)
    else:
        emit(text)
    if options.statistics:
        for line in _statistics(result.findings):
            complain(line)
    if not options.quiet:
        complain(_summary(result))
        if result.unbuilt and getattr(options, "discovery", True):
            complain(_unbuilt(len(result.unbuilt), result.configs))
    if any(finding.code == INTERNAL_ERROR for finding in result.findings):
        return 2
    level = Severity[options.fail_level.upper()]
    return int(not options.exit_zero and any(finding.severity >= level for finding in result.findings))


def _root(name: str) -> str:
    """Return the folder to which the paths of a format are relative; empty if they are unchanged."""
    if name not in _ROOTS:
        return ""
    here = os.path.realpath(".")
    root = os.path.realpath(os.environ.get(_ROOTS[name]) or here)
    # In a container, the variable may name a folder of the machine around it.
    return root if os.path.join(here, "").startswith(os.path.join(root, "")) else here


def _describe(code: str) -> Described | None:
    """Return the data of the rule with a code."""
    from aipplint.rules import RULES
    from aipplint.rules.documentation import address, rule_page

    rule = next((rule for rule in RULES if rule.code == code), None)
    if rule is None:
        return None
    return Described(rule.severity, rule.summary, rule.page, rule.codes, address(rule_page(code)))


def _save(file: str, text: str, sources: set[str]) -> None:
    """Write the report to a file, but not over a checked file, in case the value of the option was forgotten."""
    if any(os.path.exists(source) and os.path.exists(file) and os.path.samefile(source, file) for source in sources):
        raise UsageError(f"--output-file {file}: that file was checked, and would be lost")
    save(file, text)


def _statistics(findings: Sequence[Finding]) -> list[str]:
    """Count the findings of each rule, the most frequent first."""
    from collections import Counter

    found = Counter((finding.code, finding.name, finding.severity) for finding in findings)
    width = len(str(max(found.values(), default=0)))
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [f"{count:>{width}}  {code}  {severity!s:<7}  {name}" for (code, name, severity), count in ordered]


def _summary(result: Result) -> str:
    words = ("error", "warning", "info")
    found = [plural(count, word) for count, word in zip(counts(result.findings), words, strict=True) if count]
    checked = plural(result.files, "file")
    text = f"{', '.join(found)} ({checked} checked)" if found else f"no findings ({checked} checked)"
    text += f", {result.suppressed} suppressed by comments" if result.suppressed else ""
    return text + (f", {result.accepted} in the baseline" if result.accepted else "")


def _unbuilt(count: int, configs: int) -> str:
    """Describe how many configurations were checked without a build."""
    if configs == 1:
        return "no build is known for the configuration (see 'aipplint builds')"
    if count == configs:
        return f"no build is known for any of the {configs} configurations (see 'aipplint builds')"
    return f"no build is known for {count} of the {configs} configurations (see 'aipplint builds')"
