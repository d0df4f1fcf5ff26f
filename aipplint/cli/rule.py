"""``aipplint rule``: the page of a rule, or a list of all rules, of a family, for an error, or by words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from aipplint import __version__
from aipplint.cli.arguments import Parser
from aipplint.cli.output import emit
from aipplint.errors import UsageError
from aipplint.explain.codes import CODES, canonical, rules_of, titled
from aipplint.explain.fields import fields
from aipplint.records import NamedTuple
from aipplint.rules import RULES
from aipplint.rules.documentation import address, cited_facts, fact_page, rule_page
from aipplint.rules.rule import Rule
from aipplint.rules.selection import means, nearest_rule

_EPILOG = """\
Without CODE or NAME, all rules are listed with code, name, severity and summary; with a family such as AIPP7,
those of the family; with an error code of ATC or the name of a call, those that prevent it. Any other words are looked
for, in the names and summaries and in the pages.

Exit code: 0 told, 2 nothing has that code or name, or these words.

Examples:
  aipplint rule AIPP702
  aipplint rule source-size-with-dynamic-image-size
  aipplint rule E10052
  aipplint rule aclmdlSetInputAIPP
  aipplint rule colour
  aipplint rule "image size"
  aipplint rule -f json | jq '.rules[].code'
"""

_FORMATS = ("full", "json")
_EXAMPLE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_MIN_LETTERS = 2
"""Letters of a word that can be looked for."""
_SYNONYMS = {"colour": "color", "isation": "ization", "ise": "ize", "nv12": "yuv420sp", "nv21": "yuv420sp"}
_VERSION = 1
"""Of the JSON form (schemas/rules.schema.json)."""


class _Answer(NamedTuple):
    """The rules for a word. ``head`` is a line above them; ``whole`` means that the word is the name of the one rule.

    ``more`` are rules whose pages contain the words, for a search by words.
    """

    rules: tuple[Rule, ...]
    head: str = ""
    whole: bool = False
    more: tuple[Rule, ...] = ()


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint rule",
        "aipplint rule [OPTIONS] [CODE|NAME|WORDS]...",
        "Explain a rule, or list and find rules.",
        _EPILOG,
    )
    parser.add_argument(
        "-f", "--output-format", metavar="NAME", choices=_FORMATS, default="full", help="full or json (default: full)"
    )
    parser.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, names = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    answers = [_asked(name) for name in names] if names else [_Answer(tuple(RULES))]
    if options.output_format == "json":
        emit(_as_json(answers))
    else:
        emit("\n".join(_text_of(answer) for answer in answers))
    return 0


def _asked(name: str) -> _Answer:
    """Interpret a word as an error of the toolchain, a rule, a family, or a search."""
    if code := canonical(name):
        found = rules_of(code, RULES)
        return _Answer(found, f"{titled(code)}: {CODES[code].meaning}\n" + ("" if found else "no rule prevents it\n"))
    word = name.upper() if name.upper().startswith("AIPP") else name.lower()
    found = tuple(rule for rule in RULES if means(word, rule.code, rule.name))
    if found:
        return _Answer(found, whole=len(found) == 1 and word in (found[0].code, found[0].name))
    meant = nearest_rule(RULES)(name)
    found, more = _searched(name)
    if not found and not more:
        if fields(name):
            raise UsageError(f"{name} is a field, not a rule: 'aipplint field {name}' lists its rules")
        raise UsageError(f"no rule has the code or name '{name}'", name, (meant,) if meant else ())
    return _Answer(found, more=more) if found else _Answer(more)


def _searched(text: str) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules whose name or summary contains all words (as prefixes), and others whose page does."""
    words = _words(text)
    if min(map(len, words), default=0) < _MIN_LETTERS:
        return (), ()
    found = tuple(rule for rule in RULES if _has(_words(f"{rule.name} {rule.summary}"), words))
    others = (rule for rule in RULES if rule not in found)
    return found, tuple(rule for rule in others if _has(_words(_EXAMPLE.sub("", rule.page)), words))


def _has(text: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(known.startswith(word) for known in text) for word in words)


def _words(text: str) -> list[str]:
    """Return the words of a text for comparison: in lower case, in American spelling, with AIPP's names of formats."""
    plain = text.lower()
    for word, same in _SYNONYMS.items():
        plain = plain.replace(word, same)
    return re.findall(r"\w+", plain.replace("_", " "))


def _text_of(answer: _Answer) -> str:
    if answer.whole:
        return _page(answer.rules[0])
    more = " ".join(rule.code for rule in answer.more)
    return answer.head + _listed(answer.rules) + (f"also in the pages of {more}\n" if more else "")


def _listed(rules: Sequence[Rule]) -> str:
    width = max((len(rule.name) for rule in rules), default=0)
    lines = (f"{rule.code}  {rule.name:<{width}}  {rule.severity!s:<7}  {rule.summary}\n" for rule in rules)
    return "".join(lines)


def _page(rule: Rule) -> str:
    facts = [str(rule.severity)]
    atc, calls = _codes(rule)
    facts += [f"ATC: {' '.join(atc)}"] if atc else []
    facts += [f"at run time: {' '.join(calls)}"] if calls else []
    if rule.preview:
        facts.append("preview")
    places = (rule_page(rule.code), *map(fact_page, cited_facts(rule.page)))
    read_on = "".join(f"  {address(path) or path}\n" for path in places)
    return f"{rule.code} {rule.name} ({', '.join(facts)})\n\n{rule.page}\n\nTo read on:\n{read_on}"


def _codes(rule: Rule) -> tuple[list[str], list[str]]:
    """Return the codes of ATC and the runtime calls that a rule predicts."""
    atc = [code for code in rule.codes if code.startswith("E")]
    return atc, [code for code in rule.codes if not code.startswith("E")]


def _as_json(answers: Sequence[_Answer]) -> str:
    """Render the document of all requested rules, without duplicates."""
    found = dict.fromkeys(rule for answer in answers for rule in answer.rules)
    document = {
        "version": _VERSION,
        "tool": {"name": "aipplint", "version": __version__},
        "rules": [_as_object(rule) for rule in sorted(found, key=lambda rule: rule.code)],
    }
    return json.dumps(document, indent=2) + "\n"


def _as_object(rule: Rule) -> dict[str, Any]:
    atc, calls = _codes(rule)
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "preview": rule.preview,
        "atc_codes": atc,
        "calls": calls,
        "summary": rule.summary,
        "page": rule.page,
        "documentation": address(rule_page(rule.code)) or rule_page(rule.code),
        "facts": list(cited_facts(rule.page)),
    }
