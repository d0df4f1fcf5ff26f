"""The explanation of one error of a log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from os.path import basename

from aipplint.explain.codes import CODES, decides, rules_of, same, tells_nothing
from aipplint.explain.command import config_of
from aipplint.explain.log import Log, Seen
from aipplint.explain.size_causes import SIZE
from aipplint.explain.sizes import Decoded, KnownInput, cause_of, decode
from aipplint.findings import Finding, clean
from aipplint.project.command import CONFIG, OPTIONS
from aipplint.records import NamedTuple
from aipplint.rules import RULES
from aipplint.rules.page import read_page
from aipplint.rules.rule import Rule


class Explanation(NamedTuple):
    """One error, explained.

    ``meaning`` is what happened, in plain words. ``certain`` says that the cause was recognised, and not the code
    alone, which may have any of the causes that ``rules`` stand for; without rules either, nothing can be known.
    ``advice`` is empty where it is not certain what happened. ``findings`` are those of aipplint that say the same of
    the configuration at hand, each with the first error that it belongs to; ``left_out`` is how many more there are.
    ``sizes`` are the readings of the numbers of bytes in the error.
    """

    seen: Seen
    meaning: str
    certain: bool
    rules: tuple[Rule, ...]
    advice: str
    findings: tuple[Finding, ...] = ()
    left_out: int = 0
    sizes: Decoded | None = None


_OPTION = re.compile(r"parameter \[?--(?P<name>\w+)")
_EXAMPLE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_MAX_FINDINGS = 20
"""Findings that are told of one log."""


def explanations(log: Log) -> list[Explanation]:
    """Explain the errors of a log, in its order; unknown errors are merged by code."""
    config = config_of(log.command)
    found: dict[tuple[object, ...], Explanation] = {}
    for seen in sorted(log.errors, key=lambda seen: seen.line):
        explanation = _explained(seen, config)
        key = (
            (seen.code, explanation.meaning)
            if not explanation.certain and not explanation.rules
            else (seen.code, seen.line, seen.text)
        )
        first = found.get(key)
        if first is not None:
            explanation = first._replace(seen=first.seen._replace(times=first.seen.times + seen.times))
        found[key] = explanation
    return list(found.values())


def _explained(seen: Seen, config: str) -> Explanation:
    if seen.cause is None:
        foreign = _foreign(seen, config)
        rules = () if foreign or tells_nothing(seen.code) else _about_option(rules_of(seen.code, RULES), seen)
        meaning = foreign or CODES[seen.code].meaning
        certain = len(rules) <= 1 and not foreign and decides(seen.code)
    else:
        by_code = {rule.code: rule for rule in RULES}
        rules = tuple(by_code[code] for code in seen.cause.rules if code in by_code)
        meaning = clean(seen.cause.meaning.format_map(seen.groups))
        certain = True
    # Which of several rules it is, the text does not tell; then no advice fits.
    return Explanation(seen, meaning, certain, rules, fix_of(rules[0]) if certain and len(rules) == 1 else "")


def option_of(seen: Seen) -> str:
    """Return the option of ATC that the text of an error names; empty if there is none."""
    option = _OPTION.search(seen.text)
    return option["name"] if option is not None else ""


def _about_option(rules: tuple[Rule, ...], seen: Seen) -> tuple[Rule, ...]:
    """Return the rules about the option that the text names: by summary, else by page."""
    option = option_of(seen)
    if not option or decides(seen.code):
        return rules
    named = re.compile(rf"--{option}(?!\w)")
    about = tuple(rule for rule in rules if named.search(rule.summary))
    return about or tuple(rule for rule in rules if named.search(_EXAMPLE.sub("", rule.page)))


def _foreign(seen: Seen, config: str) -> str:
    """Return the subject of an error whose text names an option or a file that is unrelated to AIPP."""
    option = option_of(seen)
    if option and option not in (*OPTIONS, CONFIG):
        return f"the error is about --{option}, which is unrelated to AIPP"
    path = seen.groups.get("path", "")
    if path and config and basename(path) != basename(config):
        return f"the error is about {clean(path)}; the AIPP configuration is {clean(config)}"
    return ""


def with_sizes(explanation: Explanation, inputs: Sequence[KnownInput]) -> Explanation:
    """The explanation of an error about sizes, with the readings of its numbers."""
    groups = explanation.seen.groups
    if explanation.seen.code != SIZE:
        return explanation
    decoded = decode(int(groups["fed"]), int(groups["need"]), inputs)
    cause = cause_of(decoded) if decoded.certain else ""
    return explanation._replace(sizes=decoded, certain=decoded.certain, meaning=cause or explanation.meaning)


def fix_of(rule: Rule) -> str:
    """Return the first paragraph of "Fix" on the page of a rule."""
    return " ".join(read_page(rule.page).sections["Fix"].split("\n\n", 1)[0].split())


def with_all_findings(explained: Sequence[Explanation], findings: Sequence[Finding]) -> list[Explanation]:
    """Add the findings to the explanations, without duplicates and up to a maximum."""
    shown: set[Finding] = set()
    answers = []
    for one in explained:
        found = _with_findings(one, findings)
        fresh = tuple(finding for finding in found.findings if finding not in shown)
        kept = fresh[: max(0, _MAX_FINDINGS - len(shown))]
        shown.update(kept)
        answers.append(found._replace(findings=kept, left_out=len(found.findings) - len(kept)))
    return answers


def _with_findings(explanation: Explanation, findings: Sequence[Finding]) -> Explanation:
    """Add the findings for an explanation: those of its rules, else of its code.

    Where the parser gave a line, the findings on that line come alone if there are any.
    """
    code = explanation.seen.code
    same_code = [finding for finding in findings if same(finding.atc_code, code)]
    named = {rule.code for rule in explanation.rules} if explanation.certain else set[str]()
    chosen = [finding for finding in same_code if finding.code in named] or same_code
    if explanation.seen.position is not None:
        line = explanation.seen.position[0]
        chosen = [finding for finding in same_code if line in _lines(finding)] or chosen
    if not chosen:
        chosen = [finding for finding in findings if finding.code in named]
    said = [rule for rule in explanation.rules if any(rule.code == finding.code for finding in chosen)]
    advice = fix_of(said[0]) if explanation.certain and len(said) == 1 else explanation.advice
    return explanation._replace(findings=tuple(chosen), advice=advice)


def _lines(finding: Finding) -> Iterator[int]:
    source, span = finding.place
    yield source.position(span.start).line
    yield source.position(span.end).line
