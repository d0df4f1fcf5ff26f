"""What is told about one error of a log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from os.path import basename

from aipplint.explain.codes import CODES, rules_of, same
from aipplint.explain.command import config_of
from aipplint.explain.log import Log, Seen
from aipplint.findings import Finding, clean
from aipplint.project.command import CONFIG, OPTIONS
from aipplint.records import NamedTuple
from aipplint.rules import RULES
from aipplint.rules.page import read_page
from aipplint.rules.rule import Rule


class Explanation(NamedTuple):
    """One error, explained.

    ``meaning`` is what happened, in plain words. ``certain`` says that the cause was recognised, and not the code
    alone, which may have any of the causes that ``rules`` stand for. ``findings`` are those of aipplint that say the
    same of the configuration at hand.
    """

    seen: Seen
    meaning: str
    certain: bool
    rules: tuple[Rule, ...]
    advice: str
    findings: tuple[Finding, ...] = ()


_OPTION = re.compile(r"parameter \[?--(?P<name>\w+)")
_MANY = 3
"""Rules from which on no single one of them can say what to do."""


def explanations(log: Log) -> list[Explanation]:
    """The errors of a log, in its order."""
    config = config_of(log.command)
    return [_explained(seen, config) for seen in sorted(log.errors, key=lambda seen: seen.line)]


def _explained(seen: Seen, config: str) -> Explanation:
    if seen.cause is None:
        foreign = _foreign(seen, config)
        rules = () if foreign else rules_of(seen.code, RULES)
        meaning = foreign or CODES[seen.code].meaning
    else:
        by_code = {rule.code: rule for rule in RULES}
        rules = tuple(by_code[code] for code in seen.cause.rules if code in by_code)
        meaning = clean(seen.cause.meaning.format_map(seen.groups))
    # Which of many rules it is, the text does not tell; then no advice fits.
    advice = fix_of(rules[0]) if rules and (len(rules) <= _MANY if seen.cause is None else True) else ""
    return Explanation(seen, meaning, seen.cause is not None, rules, advice)


def _foreign(seen: Seen, config: str) -> str:
    """What else an error is about, where its text names an option or a file that has nothing to do with AIPP."""
    option = _OPTION.search(seen.text)
    if option is not None and option["name"] not in (*OPTIONS, CONFIG):
        return f"it is about --{option['name']}, which has nothing to do with AIPP"
    path = seen.groups.get("path", "")
    if path and config and basename(path) != basename(config):
        return f"it is about {clean(path)}, and the AIPP configuration is {clean(config)}"
    return ""


def fix_of(rule: Rule) -> str:
    """What to do, from the page of a rule: the first paragraph below its heading "Fix"."""
    return " ".join(read_page(rule.page).sections["Fix"].split("\n\n", 1)[0].split())


def with_findings(told: Explanation, findings: Sequence[Finding]) -> Explanation:
    """The explanation with the findings that say the same: of its rules, else of its code.

    Where the parser gave a line, the findings on that line come alone if there are any.
    """
    code = told.seen.code
    same_code = [finding for finding in findings if same(finding.atc_code, code)]
    named = {rule.code for rule in told.rules} if told.certain else set[str]()
    chosen = [finding for finding in same_code if finding.code in named] or same_code
    if told.seen.position is not None:
        line = told.seen.position[0]
        chosen = [finding for finding in same_code if line in _lines(finding)] or chosen
    if not chosen:
        chosen = [finding for finding in findings if finding.code in named]
    said = [rule for rule in told.rules if any(rule.code == finding.code for finding in chosen)]
    return told._replace(findings=tuple(chosen), advice=fix_of(said[0]) if said else told.advice)


def _lines(finding: Finding) -> Iterator[int]:
    source, span = finding.place
    yield source.position(span.start).line
    yield source.position(span.end).line
