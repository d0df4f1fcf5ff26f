"""``aipplint rule``: the page of a rule, or the list of all."""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.cli.arguments import Parser
from aipplint.cli.output import UsageError, emit
from aipplint.rules import RULES
from aipplint.rules.rule import Rule
from aipplint.rules.selection import means, nearest_rule

_EPILOG = """\
Without CODE or NAME, all rules are listed with code, name, severity and summary; with a family such as AIPP7,
those of the family.

Examples:
  aipplint rule AIPP702
  aipplint rule source-size-with-dynamic-image-size
"""


def run(words: list[str]) -> int:
    """Run the command; the exit code."""
    parser = Parser("aipplint rule", "aipplint rule [CODE|NAME]...", "Explain a rule, or list all of them.", _EPILOG)
    parser.add_argument("-h", "--help", action="store_true", help="this text")
    options, names = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    emit("\n".join(_explain(name) for name in names) if names else _listed(RULES))
    return 0


def _explain(name: str) -> str:
    word = name.upper() if name.upper().startswith("AIPP") else name.lower()
    found = [rule for rule in RULES if means(word, rule.code, rule.name)]
    if not found:
        meant = nearest_rule(name, RULES)
        raise UsageError(f"no rule has the code or name '{name}'", name, (meant,) if meant else ())
    if len(found) == 1 and word in (found[0].code, found[0].name):
        return _page(found[0])
    return _listed(found)


def _listed(rules: Sequence[Rule]) -> str:
    width = max(len(rule.name) for rule in rules)
    lines = (f"{rule.code}  {rule.name:<{width}}  {rule.severity!s:<7}  {rule.summary}\n" for rule in rules)
    return "".join(lines)


def _page(rule: Rule) -> str:
    facts = [str(rule.severity)]
    if rule.atc:
        facts.append(f"ATC: {rule.atc}" if rule.atc.startswith("E") else f"at run time: {rule.atc}")
    if rule.preview:
        facts.append("preview")
    return f"{rule.code} {rule.name} ({', '.join(facts)})\n\n{rule.page}\n"
