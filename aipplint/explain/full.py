"""Explanations as text, in the style of the report: each error, its meaning and its location."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aipplint.explain.codes import CODES, decides, is_of_run_time, titled
from aipplint.explain.explanation import Explanation, option_of
from aipplint.explain.search import Looked
from aipplint.explain.size_causes import SIZE
from aipplint.explain.sizes import cause_of
from aipplint.findings import clean
from aipplint.report import Context, full

_ERROR, _FRAME, _STRONG = "1;31", "1;34", "1"
_FEW = 6
"""Rules that are shown with a line of their own; more of them are listed by code."""


def render(explained: Sequence[Explanation], looked: Looked, name: str, *, color: bool) -> str:
    """Render the explanations, separated by empty lines; ``name`` is the name of the log."""
    return "\n".join(_block(one, looked, name, color) for one in explained)


def _block(explanation: Explanation, looked: Looked, name: str, color: bool) -> str:
    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color else text

    seen = explanation.seen
    bar = paint("|", _FRAME)
    again = f" (and {seen.times - 1} more)" if seen.times > 1 else ""
    lines = [
        f"{paint(titled(seen.code), _ERROR)}: {paint(CODES[seen.code].meaning, _STRONG)}",
        f"{paint('-->', _FRAME)} {clean(name)}:{seen.line}{again}",
    ]
    if seen.text:
        lines += [f" {bar}", f" {bar} {clean(seen.text)}", f" {bar}"]
    lines += [f" {paint('=', _FRAME)} {paint(word, _STRONG)}: {text}" for word, text in _notes(explanation, looked)]
    text = "".join(f"{line}\n" for line in lines)
    if explanation.findings:
        text += "\n" + full.render(explanation.findings, Context(color=color))
    return text


def _notes(explanation: Explanation, looked: Looked) -> Iterator[tuple[str, str]]:
    if explanation.meaning != CODES[explanation.seen.code].meaning:
        yield "meaning", explanation.meaning
    if explanation.seen.position is not None:
        line, column = explanation.seen.position
        yield "at", f"line {line}, column {column} of the configuration (there a tab ends at a multiple of 8)"
    if len(explanation.rules) <= _FEW:
        for rule in explanation.rules:
            yield "rule", f"{rule.code} {rule.name}: {rule.summary}"
    else:
        yield "rules", f"{' '.join(rule.code for rule in explanation.rules)} (aipplint rule {explanation.seen.code})"
    yield from _readings(explanation)
    if (
        not explanation.certain
        and explanation.seen.code != SIZE
        and explanation.meaning == CODES[explanation.seen.code].meaning
    ):
        yield "cause", _unknown_cause(explanation)
    if explanation.advice:
        yield "fix", explanation.advice
    yield "where", _where(explanation, looked)
    if explanation.left_out and explanation.findings:
        yield "more", f"findings left out or shown already: {explanation.left_out} ('aipplint check' shows all)"


def _unknown_cause(explanation: Explanation) -> str:
    if not explanation.rules:
        return "unknown: this code has many causes, and the line does not contain the cause"
    if path := explanation.seen.groups.get("path"):
        return f"one of these, if {clean(path)} is the AIPP configuration; the line does not contain the cause"
    if option_of(explanation.seen) or decides(explanation.seen.code):
        return "one of these; the line does not contain the cause"
    return "unknown: one of these if the option is about AIPP; the line does not name the option"


def _readings(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Render the readings of the numbers of bytes, and the likely cause."""
    if explanation.sizes is None:
        return
    for side, word in (("fed", "fed"), ("need", "needed")):
        number, readings = explanation.seen.groups[side], getattr(explanation.sizes, side)
        yield word, f"{number} bytes: {', or '.join(clean(str(one)) for one in readings) or 'unknown'}"
    if not explanation.certain:
        likely = cause_of(explanation.sizes)
        yield "cause", f"uncertain; if the first readings are right, {likely}" if likely else "unknown"


def _where(explanation: Explanation, looked: Looked) -> str:
    """Return the location of the cause, if the configuration is available."""
    if explanation.seen.code == SIZE:
        return "in the application, or in the build of the model that it loads"
    if explanation.left_out and not explanation.findings:
        return "the findings are shown with an error above"
    if not looked.paths:
        return "see below, in the options" if explanation.findings else looked.why
    paths = ", ".join(clean(path) for path in looked.paths[:3]) + (", ..." if len(looked.paths) > 3 else "")
    if explanation.findings:
        return f"see below, in {paths} ({looked.why})"
    if not explanation.rules:
        where = "in the command or in the model" if explanation.certain else "unknown, perhaps not in the configuration"
        return f"{where}; no rule of aipplint checks this"
    if is_of_run_time(explanation.seen.code):
        return "in the application; add its settings (runtime of a build in the settings file) to check them"
    return f"not found in {paths} ({looked.why}): the file was changed, or its build is unknown here"
