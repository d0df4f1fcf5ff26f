"""``aipplint rule``: the page of a rule, or the list of all, or of those that prevent an error of the toolchain."""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.cli.arguments import Parser
from aipplint.cli.output import emit
from aipplint.errors import UsageError
from aipplint.explain.codes import CODES, canonical, rules_of, titled
from aipplint.rules import RULES
from aipplint.rules.rule import Rule
from aipplint.rules.selection import means, nearest_rule

_EPILOG = """\
Without CODE or NAME, all rules are listed with code, name, severity and summary; with a family such as AIPP7,
those of the family; with an error code of ATC or the name of a call, those that prevent it.

Examples:
  aipplint rule AIPP702
  aipplint rule source-size-with-dynamic-image-size
  aipplint rule E10052
  aipplint rule aclmdlSetInputAIPP
"""


def arguments() -> Parser:
    """The parser of this command's options."""
    parser = Parser("aipplint rule", "aipplint rule [CODE|NAME]...", "Explain a rule, or list all of them.", _EPILOG)
    parser.add_argument("-h", "--help", action="store_true", help="this text")
    return parser


def run(words: list[str]) -> int:
    """Run the command; the exit code."""
    parser = arguments()
    options, names = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    emit("\n".join(_explain(name) for name in names) if names else _listed(RULES))
    return 0


def _explain(name: str) -> str:
    if code := canonical(name):
        return _prevented(code)
    word = name.upper() if name.upper().startswith("AIPP") else name.lower()
    found = [rule for rule in RULES if means(word, rule.code, rule.name)]
    if not found:
        meant = nearest_rule(name, RULES)
        raise UsageError(f"no rule has the code or name '{name}'", name, (meant,) if meant else ())
    if len(found) == 1 and word in (found[0].code, found[0].name):
        return _page(found[0])
    return _listed(found)


def _prevented(code: str) -> str:
    """An error of the toolchain: what it says, and the rules that say it first."""
    rules = rules_of(code, RULES)
    return f"{titled(code)}: {CODES[code].meaning}\n" + (_listed(rules) if rules else "no rule prevents it\n")


def _listed(rules: Sequence[Rule]) -> str:
    width = max(len(rule.name) for rule in rules)
    lines = (f"{rule.code}  {rule.name:<{width}}  {rule.severity!s:<7}  {rule.summary}\n" for rule in rules)
    return "".join(lines)


def _page(rule: Rule) -> str:
    facts = [str(rule.severity)]
    atc = [code for code in rule.codes if code.startswith("E")]
    calls = [code for code in rule.codes if not code.startswith("E")]
    facts += [f"ATC: {' '.join(atc)}"] if atc else []
    facts += [f"at run time: {' '.join(calls)}"] if calls else []
    if rule.preview:
        facts.append("preview")
    return f"{rule.code} {rule.name} ({', '.join(facts)})\n\n{rule.page}\n"
