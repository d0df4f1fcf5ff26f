"""Explanations for people, in the style of the report: each error, what it means, and where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aipplint.explain.codes import CODES, is_of_run_time, titled
from aipplint.explain.explanation import Explanation
from aipplint.explain.search import Looked
from aipplint.findings import clean
from aipplint.report import Context, full

_ERROR, _FRAME, _STRONG = "1;31", "1;34", "1"
_FEW = 6
"""Rules that are shown with a line of their own; more of them are listed by code."""


def render(told: Sequence[Explanation], looked: Looked, name: str, *, color: bool) -> str:
    """The explanations, a blank line between them; ``name`` is what the log is called."""
    return "\n".join(_block(one, looked, name, color) for one in told)


def _block(told: Explanation, looked: Looked, name: str, color: bool) -> str:
    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color else text

    seen = told.seen
    bar = paint("|", _FRAME)
    again = f" (and {seen.times - 1} more)" if seen.times > 1 else ""
    lines = [
        f"{paint(titled(seen.code), _ERROR)}: {paint(CODES[seen.code].meaning, _STRONG)}",
        f"{paint('-->', _FRAME)} {clean(name)}:{seen.line}{again}",
    ]
    if seen.text:
        lines += [f" {bar}", f" {bar} {clean(seen.text)}", f" {bar}"]
    lines += [f" {paint('=', _FRAME)} {paint(word, _STRONG)}: {text}" for word, text in _notes(told, looked)]
    text = "".join(f"{line}\n" for line in lines)
    if told.findings:
        text += "\n" + full.render(told.findings, Context(color=color))
    return text


def _notes(told: Explanation, looked: Looked) -> Iterator[tuple[str, str]]:
    if told.meaning != CODES[told.seen.code].meaning:
        yield "meaning", told.meaning
    if told.seen.position is not None:
        line, column = told.seen.position
        yield "at", f"line {line}, column {column} of the configuration (there a tab ends at a multiple of 8)"
    if len(told.rules) <= _FEW:
        for rule in told.rules:
            yield "rule", f"{rule.code} {rule.name}: {rule.summary}"
    else:
        yield "rules", f"{' '.join(rule.code for rule in told.rules)} (aipplint rule {told.seen.code})"
    if told.advice:
        yield "fix", told.advice
    yield "where", _where(told, looked)


def _where(told: Explanation, looked: Looked) -> str:
    """Where it is, as far as the configuration is at hand."""
    if not looked.paths:
        return "see below, in the options" if told.findings else looked.why
    paths = ", ".join(clean(path) for path in looked.paths[:3]) + (", ..." if len(looked.paths) > 3 else "")
    if told.findings:
        return f"see below, in {paths} ({looked.why})"
    if not told.rules:
        return "not in the configuration, or not to be seen in it"
    if is_of_run_time(told.seen.code):
        return "in the application; with its settings (runtime of a build in the settings file) aipplint can say more"
    return f"nothing of the kind in {paths} ({looked.why}): it was changed since, or its build is not known here"
