"""grammar/*.lark to tables: the only module that needs lark.

It runs when the package is built (hatch_build.py) and, in a checkout that was never built, when a table is
first asked for. The tables hold what the driver in lalr.py needs and nothing of lark itself, whose stand-alone
parser costs 40 ms to import.
"""

from __future__ import annotations

from typing import Any

from aipplint.syntax.lalr import ANYTHING, UNEXPECTED, Tables


def tables(grammar: str) -> Tables:
    """Compile a grammar (LALR(1), start rule ``start``) to tables.

    Conventions beyond lark's own: the terminal WHITESPACE is skipped, a terminal COMMENT is kept aside by the
    lexer, and what no terminal matches becomes a token of kind UNEXPECTED
    (one ASCII character, or a run of others).
    """
    from lark import Lark

    lark: Any = Lark(grammar, parser="lalr", lexer="basic", start="start")
    parse_table = lark.parser.parser._parse_table
    rules = list(lark.rules)
    number = {id(rule): index for index, rule in enumerate(rules)}
    states: list[dict[str, int]] = [{} for _ in parse_table.states]
    for state, actions in parse_table.states.items():
        for symbol, (action, argument) in actions.items():
            states[state][str(symbol)] = argument if str(action) == "Shift" else ~number[id(argument)]
    for actions in states:
        if len({action for action in actions.values() if action < 0}) == 1 and not any(
            action >= 0 for symbol, action in actions.items() if symbol.isupper()
        ):
            actions[ANYTHING] = min(actions.values())
    order = _order(states, parse_table.start_states["start"])
    return Tables(
        pattern=_pattern(lark.terminals),
        states=tuple(_renumbered(states[state], order) for state in order),
        rules=tuple((str(r.alias or r.origin.name), str(r.origin.name), len(r.expansion)) for r in rules),
        start=order[parse_table.start_states["start"]],
        end=order[parse_table.end_states["start"]],
    )


def _order(states: list[dict[str, int]], start: int) -> dict[int, int]:
    """New numbers of the states, as they are reached from the first: lark's own differ from run to run."""
    order = {start: 0}
    for state in (queue := [start]):
        for _, following in sorted(states[state].items()):
            if following >= 0 and following not in order:
                order[following] = len(order)
                queue.append(following)
    return order


def _renumbered(actions: dict[str, int], order: dict[int, int]) -> dict[str, int]:
    return {symbol: order[action] if action >= 0 else action for symbol, action in sorted(actions.items())}


def _pattern(terminals: list[Any]) -> str:
    """One alternation in lark's own order of precedence, spaces skipped in front."""
    ranked = sorted(terminals, key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
    blanks = next((t.pattern.to_regexp() for t in ranked if t.name == "WHITESPACE"), "")
    named = "|".join(f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in ranked if t.name != "WHITESPACE")
    skip = f"(?:{blanks})?" if blanks else ""
    return f"{skip}(?:{named}|(?P<{UNEXPECTED}>[^\\x00-\\x7f]+|(?s:.))|\\Z)"


def module(grammar_name: str, grammar: str) -> str:
    """The text of the generated Python module for a grammar."""
    made = tables(grammar)
    lines = [
        f'"""Generated from grammar/{grammar_name}.lark; do not edit."""',
        "",
        "from aipplint.syntax.lalr import Tables",
        "",
    ]
    lines += ["TABLES = Tables("]
    lines += [f"    pattern={made.pattern!r},"]
    lines += ["    states=("] + [f"        {state!r}," for state in made.states] + ["    ),"]
    lines += [f"    rules={made.rules!r},", f"    start={made.start},", f"    end={made.end},", ")", ""]
    return "\n".join(lines)
