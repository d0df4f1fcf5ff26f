"""Compiled grammars by name: the ones made when the package was built, or made now from grammar/."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from aipplint.syntax.lalr import Tables


@cache
def tables(grammar: str) -> Tables:
    """Tables of ``grammar/<grammar>.lark``.

    An installed package carries them. In a checkout that was never built they are compiled on the spot, which
    needs lark and takes a tenth of a second.
    """
    try:
        made: Tables = import_module(f"aipplint._generated.{grammar}").TABLES
    except ImportError:
        from aipplint.resources import grammar_text
        from aipplint.syntax.generate import tables as compile_grammar

        made = compile_grammar(grammar_text(grammar))
    return made


@cache
def pattern(grammar: str) -> re.Pattern[str]:
    """The lexer of a grammar."""
    return re.compile(tables(grammar).pattern)
