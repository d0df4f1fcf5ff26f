"""Error recovery: reports the issue once, corrects the tokens, and lets the parser continue.

The parser calls ``Recovery.recover`` with its stack and the token that does not fit. What was being read there
(a new field, what follows a name, a value, what follows a value) decides which issues are possible; each is a
small method that either edits the tokens and says where to go on, or declines. The last one deletes the rest of
the line.
"""

from __future__ import annotations

import re

from aipplint.findings import Edit
from aipplint.source import Span
from aipplint.syntax.lalr import END, UNEXPECTED, Stack, Tables, Token
from aipplint.syntax.repairs import CLOSERS, LOOK_AHEAD, MAX_ISSUES, OPEN, SEPARATORS, Mender, other_language
from aipplint.syntax.tree import Block, Field, Scalar, SyntaxIssue

_MAX_CALLS = 1000
"""After so many issues and continuations of issues it gives up, too."""
_LINE = 40
"""Maximum number of tokens of a line that a guess reads."""

_NUMBERS = ("INTEGER", "FLOAT", "BAD_NUMBER")
_VALUES = (*_NUMBERS, "STRING", "BAD_STRING", "MINUS")
_NUMBER_AND_NAME = re.compile(r"([0-9.]+)([A-Za-z_][A-Za-z0-9_]*)")
_INTEGER = re.compile(r"0[0-7]*|[1-9][0-9]*")
_FLOAT = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+")
_WORD_VALUES = frozenset("true false True False t f static dynamic undefined inf nan infinity batch resolution".split())


class Recovery(Mender):
    """Determines the issue at an unexpected token, and corrects it with the methods of Mender."""

    def __init__(self, text: str, tables: Tables, issues: list[SyntaxIssue]) -> None:
        super().__init__(text, issues)
        self._table = tables.states
        self._calls = 0

    def recover(self, stack: Stack, tokens: list[Token], index: int) -> int:
        """Repair the tokens around ``index``; the callback of lalr.run."""
        self._calls += 1
        if self._calls > _MAX_CALLS + 2 * len(tokens):
            return -1
        if (len(self.issues) >= MAX_ISSUES or self._calls > _MAX_CALLS) and not self._gave_up:
            self._give_up(tokens, index)
        bracket = self._open_bracket(stack)
        if tokens[index].text == ")" and bracket is not None and bracket.text == "(":
            tokens[index] = tokens[index]._replace(kind="RBRACE")
            return index
        expected = self._table[stack.states[-1]]
        if "field" in expected:
            return self._between_fields(stack, tokens, index)
        if "COLON" in expected and "LBRACE" in expected:
            return self._after_name(stack, tokens, index)
        if "literal" in expected:
            return self._instead_of_value(stack, tokens, index)
        if "block" in expected:
            return self._instead_of_block(stack, tokens, index)
        return self._after_value(stack, tokens, index)

    # Where a field may begin, or a block or the file may end.

    def _between_fields(self, stack: Stack, tokens: list[Token], index: int) -> int:
        token = tokens[index]
        bracket = self._open_bracket(stack)
        if index == 0 and (language := other_language(tokens)):
            self._issue(language, Span(token.start, token.end), skipped=True)
            del tokens[:-1]
        elif token.kind in SEPARATORS:
            self._delete_separators(tokens, index)
        elif token.kind in CLOSERS and bracket is None:
            self._delete_closers(tokens, index)
        elif token.kind in CLOSERS and bracket is not None:
            self._wrong_close(tokens, index, bracket)
        elif token.kind == END and bracket is not None:
            name = self._text[self._name_before(stack).start : bracket.start].rstrip(" \t:\r\n")
            self._issue("unclosed-block", bracket, values={"name": name, "bracket": bracket.text})
            tokens.insert(index, Token(OPEN[bracket.kind], "", token.start, token.start))
        elif token.kind == "LBRACE" and (end := self._closes_on_line(token)):
            span = Span(token.start, end)
            self._issue("instead-of-field", span, values={"found": self._text[token.start : end]}, skipped=True)
            self._delete_brackets(tokens, index)
        elif self._is_quoted_name(tokens, index):
            self._unquote_name(tokens, index)
        elif self._is_decimal_comma(tokens, index):
            self._decimal_comma(stack, tokens, index)
        else:
            self._delete_line(tokens, index, "instead-of-field", whole=bracket is None)
        return index

    def _delete_closers(self, tokens: list[Token], index: int) -> None:
        """Delete adjacent closing brackets."""
        last = index + 1
        while tokens[last].kind in CLOSERS and tokens[last].start == tokens[last - 1].end:
            last += 1
        span = Span(tokens[index].start, tokens[last - 1].end)
        self._issue("unmatched-close", span, values={"found": self._text[span.start : span.end]})
        del tokens[index:last]

    def _wrong_close(self, tokens: list[Token], index: int, bracket: Token) -> None:
        """``{ ... >``: the wrong bracket replaces the missing one."""
        token = tokens[index]
        right = OPEN[bracket.kind]
        values = {"found": token.text, "opened": bracket.text, "right": CLOSERS[right]}
        self._issue("wrong-close", token, values=values, related=bracket.start)
        tokens[index] = Token(right, CLOSERS[right], token.start, token.end)

    def _closes_on_line(self, brace: Token) -> int:
        """The index of the closing brace on the line, as in ``{{ height }}``; 0 if there is none."""
        end = self._text.find("}", brace.start) + 1
        return 0 if self._breaks(brace.start, end) else end

    @staticmethod
    def _is_quoted_name(tokens: list[Token], index: int) -> bool:
        """``"crop": true`` as in JSON."""
        token = tokens[index]
        return token.kind == "STRING" and tokens[index + 1].kind == "COLON" and token.text[1:-1].isidentifier()

    def _unquote_name(self, tokens: list[Token], index: int) -> None:
        token = tokens[index]
        self._issue("quoted-name", token, values={"name": token.text[1:-1]})
        tokens[index] = Token("NAME", token.text[1:-1], token.start, token.end)

    def _is_decimal_comma(self, tokens: list[Token], index: int) -> bool:
        """``1,5``: the comma was read as a separator."""
        if index < 2 or tokens[index].kind not in _NUMBERS or tokens[index - 1].kind != "COMMA":
            return False
        whole, comma, part = tokens[index - 2 : index + 1]
        return whole.kind in _NUMBERS and whole.end == comma.start and comma.end == part.start

    def _decimal_comma(self, stack: Stack, tokens: list[Token], index: int) -> None:
        """Ignore the value before the comma: it is not the intended one."""
        span = Span(tokens[index - 2].start, tokens[index].end)
        self._issue("decimal-comma", span, values={"written": self._text[span.start : span.end]})
        del tokens[index]
        field = stack.values[-1][-1] if isinstance(stack.values[-1], list) else None
        if isinstance(field, Field) and field.scalars:
            field.scalars[-1] = field.scalars[-1]._replace(kind="BAD_NUMBER", text="")

    # Behind a field name.

    def _after_name(self, stack: Stack, tokens: list[Token], index: int) -> int:
        name: Token = stack.values[-1]
        token = tokens[index]
        here = not self._breaks(name.end, token.start)
        if token.kind == UNEXPECTED and token.text == "=":
            self._equals_sign(tokens, index)
        elif token.text == "(" and token.kind == UNEXPECTED and self._begins_block(tokens, index + 1):
            self._issue("wrong-bracket", token, values={"found": "(", "right": "{"})
            tokens[index] = token._replace(kind="LBRACE")
        elif here and self._is_prose(name, tokens, index):
            return self._prose(stack, tokens, name)
        elif here and self._is_lone_value(stack, tokens, index):
            edit = Edit(name.end, name.end, ":")
            self._issue("missing-colon", Span(name.start, token.end), values={"name": name.text}, edits=(edit,))
            tokens.insert(index, Token("COLON", ":", name.end, name.end))
        elif token.kind == "NAME" and self._lacks_open_brace(stack, tokens, index):
            self._issue("missing-open", name, values={"name": name.text})
            tokens.insert(index, Token("LBRACE", "{", name.end, name.end))
        elif here and self._is_no_closer(stack, token):
            whole = self._open_bracket(stack) is None
            self._delete_line(tokens, index, "after-name", {"name": name.text}, whole=whole)
            return self._drop_name(stack, tokens)
        else:
            self._issue("lone-name", name, values={"name": name.text}, skipped=True)
            return self._drop_name(stack, tokens)
        return index

    def _begins_block(self, tokens: list[Token], index: int) -> bool:
        """Whether a field begins at ``index``, or the line ends there."""
        token = tokens[index]
        is_name = token.kind == "NAME" and tokens[index + 1].kind in ("COLON", *OPEN)
        return is_name or self._breaks(tokens[index - 1].end, token.start)

    def _is_lone_value(self, stack: Stack, tokens: list[Token], index: int) -> bool:
        """A value, after which a field may end."""
        behind = index + (tokens[index].kind == "MINUS")
        if tokens[behind].kind not in (*_VALUES, "NAME") or tokens[behind].kind in ("MINUS", END):
            return False
        value, token = tokens[behind : behind + 2]
        ends = token.kind in ("NAME", "STRING", *SEPARATORS) or not self._is_no_closer(stack, token)
        return ends or self._breaks(value.end, token.start)

    def _is_no_closer(self, stack: Stack, token: Token) -> bool:
        """What can end no block here: neither the bracket that is due, nor the end of the file."""
        bracket = self._open_bracket(stack)
        due = (END,) if bracket is None else (END, OPEN[bracket.kind])
        return token.kind not in due

    def _equals_sign(self, tokens: list[Token], index: int) -> None:
        """``=``, ``==``, ``=:`` become one colon."""
        token = tokens[index]
        last = index
        while tokens[last + 1].text in ("=", ":") and tokens[last + 1].start == tokens[last].end:
            last += 1
        span = Span(token.start, tokens[last].end)
        self._issue("equals-sign", span, edits=(Edit(span.start, span.end, ":"),))
        tokens[index : last + 1] = [Token("COLON", ":", span.start, span.end)]

    def _is_prose(self, name: Token, tokens: list[Token], index: int) -> bool:
        """A line of words: nothing in it is a colon, a bracket or a value."""
        words = 1
        for token in tokens[index : index + _LINE]:
            if token.kind == END or self._breaks(name.end, token.start) or token.kind in CLOSERS:
                break
            if token.kind in ("COLON", "LBRACE", "LSQB", "LESSTHAN") or (token.kind in _VALUES and words == 1):
                return False
            if token.kind == "NAME":
                if token.text in _WORD_VALUES or (token.text.isupper() and words == 1):
                    return False
                words += 1
            elif token.kind == UNEXPECTED and token.text == "=":
                return False
        return words > 2 or tokens[index].kind == UNEXPECTED

    def _prose(self, stack: Stack, tokens: list[Token], name: Token) -> int:
        """Delete a line of words; the whole file if it begins with one and contains no field."""
        first = stack.firsts[-1]
        if first == 0 and self._has_no_field(tokens):
            last = len(tokens) - 1
            self._issue("text", Span(name.start, tokens[last - 1].end), skipped=True)
        else:
            last = self._line_end(tokens, first)
            edit = Edit(name.start, name.start, "# ")
            self._issue("prose", Span(name.start, tokens[last - 1].end), edits=(edit,), skipped=True)
        del tokens[first:last]
        stack.cut(len(stack.values) - 1)
        return first

    @staticmethod
    def _lacks_open_brace(stack: Stack, tokens: list[Token], index: int) -> bool:
        """The name is alone on its line, and further down more blocks are closed than are open."""
        if tokens[index + 1].kind != "COLON":
            return False
        depth = 0
        for value in reversed(stack.values):
            depth += isinstance(value, Token) and value.kind in OPEN
            if depth > LOOK_AHEAD:
                return False
        for token in tokens[index : index + LOOK_AHEAD]:
            depth += (token.kind in OPEN) - (token.kind in CLOSERS)
            if depth < 0:
                return True
        return False

    def _drop_name(self, stack: Stack, tokens: list[Token]) -> int:
        """Forget the field that has only a name so far."""
        first = stack.firsts[-1]
        stack.cut(len(stack.values) - 1)
        del tokens[first]
        return first

    # Where a value must stand: behind a colon, a sign, a bracket or a comma in a list.

    def _instead_of_value(self, stack: Stack, tokens: list[Token], index: int) -> int:
        before: Token = stack.values[-1]
        token = tokens[index]
        if token.kind == "RSQB" and before.kind == "COMMA":
            self._delete_last_comma(stack)
        elif token.text == "=" and token.kind == UNEXPECTED:
            self._issue("equals-sign", token, edits=(Edit(token.start, token.end, ""),))
            del tokens[index]
        elif token.kind in ("COLON", "MINUS") or (token.kind == UNEXPECTED and token.text == "+"):
            self._issue("extra-sign", token, values={"found": token.text, "before": before.text})
            del tokens[index]
        else:
            if self._is_placeholder(tokens, index):
                found = self._text[token.start : self._text.find("}", token.start) + 1]
                self._issue("instead-of-value", token, values={"found": found or token.text}, skipped=True)
                self._delete_brackets(tokens, index + 1)
                del tokens[index]
            elif token.kind in (END, "NAME", *CLOSERS, *SEPARATORS) or self._breaks(before.end, token.start):
                if not self._is_named(before.end, token.start):
                    self._issue("missing-value", self._field_before(stack), values={"before": before.text})
            elif token.kind in OPEN or token.kind in ("LSQB", "RSQB"):
                self._issue("bracket-instead-of-value", token, values={"found": token.text}, skipped=True)
                self._delete_brackets(tokens, index)
            else:
                self._delete_line(tokens, index, "instead-of-value")
            tokens.insert(index, Token("BAD_NUMBER", "", before.end, before.end))
        return index

    def _delete_last_comma(self, stack: Stack) -> None:
        comma: Token = stack.values[-1]
        edit = Edit(comma.start, comma.end, "")
        self._issue("extra-separator", comma, values={"found": ","}, edits=(edit,))
        stack.cut(len(stack.values) - 1)

    def _instead_of_block(self, stack: Stack, tokens: list[Token], index: int) -> int:
        """In a list of blocks, or in a list without a colon before it, which cannot contain anything else."""
        before: Token = stack.values[-1]
        token = tokens[index]
        is_value = token.kind in (*_VALUES, "NAME") and tokens[index + 1].kind != "COLON"
        if token.kind == "RSQB":
            self._delete_last_comma(stack)
        elif is_value and before.kind == "LSQB":
            name = self._name_before(stack)
            self._issue(
                "missing-colon",
                Span(name.start, before.start),
                values={"name": name.text},
                edits=(Edit(name.end, name.end, ":"),),
            )
            index = stack.firsts[-1]
            stack.cut(len(stack.values) - 1)
            tokens.insert(index, Token("COLON", ":", name.end, name.end))
        elif is_value:
            self._delete_one(tokens, index, "instead-of-value")
        elif token.kind in (END, "NAME", *CLOSERS):
            self._issue("unclosed-list", token, values={"found": token.text or "the end of the file"})
            if before.kind == "COMMA":
                stack.cut(len(stack.values) - 1)
            tokens.insert(index, Token("RSQB", "]", token.start, token.start))
        else:
            self._delete_line(tokens, index, "instead-of-value")
        return index

    @staticmethod
    def _is_placeholder(tokens: list[Token], index: int) -> bool:
        """``${WIDTH}``, which a script was to fill in."""
        token = tokens[index]
        return token.text == "$" and tokens[index + 1].kind == "LBRACE" and tokens[index + 1].start == token.end

    def _is_named(self, start: int, end: int) -> bool:
        """Whether an issue of the reading lies between two offsets: what stood there was no comment."""
        return any(
            start <= s.span.start and s.span.end <= end and s.kind in ("bad-bytes", "prose") for s in self.issues
        )

    # Behind a value, or behind the part of a value that was read so far.

    def _after_value(self, stack: Stack, tokens: list[Token], index: int) -> int:
        value = stack.values[-1]
        token = tokens[index]
        if self._is_in_list(stack):
            return self._in_list(stack, tokens, index)
        kind = value.kind if isinstance(value, Scalar) else ""
        here = kind != "" and not self._breaks(value.end, token.start)
        if token.kind == "COLON" and kind == "NAME" and here:
            return self._value_was_a_name(stack, tokens)
        if self._is_quoted_name(tokens, index) and not here:
            self._unquote_name(tokens, index)
            return index
        if token.kind in ("COLON", "LBRACE") and kind == "BAD_NUMBER" and _NUMBER_AND_NAME.fullmatch(value.text):
            return self._split_number(stack, tokens, value.parts[0])
        if token.text == "=" and kind == "NAME":
            self._equals_sign(tokens, index)
            return self._value_was_a_name(stack, tokens)
        self._delete_line(tokens, index, "after-value", whole=self._open_bracket(stack) is None)
        return index

    @staticmethod
    def _is_in_list(stack: Stack) -> bool:
        """Whether the innermost open bracket is the ``[`` of a list."""
        for value in reversed(stack.values):
            if isinstance(value, Token) and value.kind not in ("COMMA", "MINUS"):
                return value.kind == "LSQB"
        return False

    def _in_list(self, stack: Stack, tokens: list[Token], index: int) -> int:
        token = tokens[index]
        blocks = isinstance(stack.values[-1], list) and isinstance(stack.values[-1][-1], Block)
        if blocks and token.kind in (*_VALUES, "NAME") and tokens[index + 1].kind != "COLON":
            self._delete_one(tokens, index, "instead-of-value")
        elif token.kind in (*_VALUES, "NAME") and tokens[index + 1].kind != "COLON":
            self._issue("missing-comma", token)
            tokens.insert(index, Token("COMMA", ",", token.start, token.start))
        elif token.kind == UNEXPECTED:
            self._delete_one(tokens, index)
        else:
            self._issue("unclosed-list", token, values={"found": token.text or "the end of the file"})
            tokens.insert(index, Token("RSQB", "]", token.start, token.start))
        return index

    def _value_was_a_name(self, stack: Stack, tokens: list[Token]) -> int:
        """``aipp_mode:`` with nothing after it, so that the next field's name was read as its value."""
        at = stack.firsts[-1]
        stack.cut(len(stack.values) - 1)
        self._issue("missing-value", self._field_before(stack), values={"before": ":"})
        before: Token = stack.values[-1]
        tokens.insert(at, Token("BAD_NUMBER", "", before.end, before.end))
        return at

    def _split_number(self, stack: Stack, tokens: list[Token], value: Token) -> int:
        """``224src_image_size_h: 3``: the number ends where the name begins."""
        at = stack.firsts[-1]
        match = _NUMBER_AND_NAME.fullmatch(value.text)
        assert match is not None
        border = value.start + match.end(1)
        kind = "INTEGER" if _INTEGER.fullmatch(match[1]) else "FLOAT" if _FLOAT.fullmatch(match[1]) else "BAD_NUMBER"
        number = Token(kind, match[1], value.start, border)
        name = Token("NAME", match[2], border, value.end)
        values = {"number": number.text, "name": name.text}
        self._issue("missing-blank", value, values=values, edits=(Edit(border, border, " "),))
        stack.cut(len(stack.values) - 1)
        tokens[at : at + 1] = [number, name]
        return at
