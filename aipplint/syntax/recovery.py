"""Error recovery: names the slip once, mends the tokens, and lets the parser go on.

The parser calls ``Recovery.recover`` with its stack and the token that does not fit. What was being read there
(a new field, what follows a name, a value, what follows a value) decides which slips are possible; each is a
small method that either edits the tokens and says where to go on, or declines. The last one deletes the rest of
the line.
"""

from __future__ import annotations

import re

from aipplint.findings import Edit
from aipplint.source import Span
from aipplint.syntax.lalr import END, UNEXPECTED, Stack, Tables, Token
from aipplint.syntax.tree import Scalar, Slip

MAX_SLIPS = 200
"""After so many the rest of the file is not read: it is not a configuration."""

_LOOK_AHEAD = 2000
_LINE = 40
"""Tokens that a guess may look at: in the rest of a block, in the rest of a line."""

_OPEN = {"LBRACE": "RBRACE", "LESSTHAN": "MORETHAN"}
_CLOSERS = {"RBRACE": "}", "MORETHAN": ">"}
_SEPARATORS = ("SEMICOLON", "COMMA")
_NUMBERS = ("INTEGER", "FLOAT", "BAD_NUMBER")
_VALUES = (*_NUMBERS, "STRING", "BAD_STRING", "MINUS")
_NUMBER_AND_NAME = re.compile(r"([0-9.]+)([A-Za-z_][A-Za-z0-9_]*)")
_INTEGER = re.compile(r"0[0-7]*|[1-9][0-9]*")
_FLOAT = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+")
_WORD_VALUES = frozenset("true false True False t f static dynamic undefined inf nan infinity batch resolution".split())


class Recovery:
    """The mender of one file. ``slips`` is what it found, in the order of reading."""

    def __init__(self, text: str, tables: Tables, slips: list[Slip]) -> None:
        self.slips = slips
        self._text = text
        self._table = tables.states
        self._gave_up = False
        self._calls = 0

    def recover(self, stack: Stack, tokens: list[Token], index: int) -> int:
        """Mend the tokens around ``index``; the callback of lalr.run."""
        self._calls += 1
        if self._calls > 1000 + 2 * len(tokens):
            return -1
        if len(self.slips) >= MAX_SLIPS and not self._gave_up:
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
        if "literal" in expected or "block" in expected:
            return self._instead_of_value(stack, tokens, index)
        return self._after_value(stack, tokens, index)

    # Where a field may begin, or a block or the file may end.

    def _between_fields(self, stack: Stack, tokens: list[Token], index: int) -> int:
        token = tokens[index]
        bracket = self._open_bracket(stack)
        if index == 0 and (language := _other_language(tokens)):
            self._slip(language, Span(token.start, token.end), lost=True)
            del tokens[:-1]
        elif token.kind in _SEPARATORS:
            self._delete_separators(tokens, index)
        elif token.kind in _CLOSERS and bracket is None:
            self._slip("unmatched-close", token, values={"found": token.text})
            del tokens[index]
        elif token.kind in _CLOSERS and bracket is not None:
            self._wrong_close(tokens, index, bracket)
        elif token.kind == END and bracket is not None:
            name = self._text[self._name_before(stack).start : bracket.start].rstrip(" \t:\r\n")
            self._slip("unclosed-block", bracket, values={"name": name, "bracket": bracket.text})
            tokens.insert(index, Token(_OPEN[bracket.kind], "", token.start, token.start))
        elif token.kind == "STRING" and tokens[index + 1].kind == "COLON" and token.text[1:-1].isidentifier():
            self._slip("quoted-name", token, values={"name": token.text[1:-1]})
            tokens[index] = Token("NAME", token.text[1:-1], token.start, token.end)
        elif self._is_decimal_comma(tokens, index):
            start = tokens[index - 2].start
            written = self._text[start : token.end]
            self._slip("decimal-comma", Span(start, token.end), values={"written": written})
            del tokens[index]
        else:
            self._delete_line(tokens, index, "instead-of-field", whole=bracket is None)
        return index

    def _wrong_close(self, tokens: list[Token], index: int, bracket: Token) -> None:
        """``{ ... >``: taken for the bracket that is missing."""
        token = tokens[index]
        right = _OPEN[bracket.kind]
        values = {"found": token.text, "opened": bracket.text, "right": _CLOSERS[right]}
        self._slip("wrong-close", token, values=values, related=bracket.start)
        tokens[index] = Token(right, _CLOSERS[right], token.start, token.end)

    def _is_decimal_comma(self, tokens: list[Token], index: int) -> bool:
        """``1,5``: the comma was read as a separator."""
        if index < 2 or tokens[index].kind not in _NUMBERS or tokens[index - 1].kind != "COMMA":
            return False
        whole, comma, part = tokens[index - 2 : index + 1]
        return whole.kind in _NUMBERS and whole.end == comma.start and comma.end == part.start

    # Behind a field name.

    def _after_name(self, stack: Stack, tokens: list[Token], index: int) -> int:
        name: Token = stack.values[-1]
        token = tokens[index]
        here = not self._breaks(name.end, token.start)
        if token.kind == UNEXPECTED and token.text == "=":
            self._equals_sign(tokens, index)
        elif here and self._is_prose(name, tokens, index):
            return self._prose(stack, tokens, name)
        elif here and (token.kind in _VALUES or token.kind == "NAME"):
            edit = Edit(name.end, name.end, ":")
            self._slip("missing-colon", Span(name.start, token.end), values={"name": name.text}, edits=(edit,))
            tokens.insert(index, Token("COLON", ":", name.end, name.end))
        elif token.kind == "NAME" and self._lacks_open_brace(stack, tokens, index):
            self._slip("missing-open", name, values={"name": name.text})
            tokens.insert(index, Token("LBRACE", "{", name.end, name.end))
        elif token.kind == UNEXPECTED and token.text == "(":
            self._slip("wrong-bracket", token, values={"found": "(", "right": "{"})
            tokens[index] = token._replace(kind="LBRACE")
        elif token.kind == UNEXPECTED and here:
            whole = self._open_bracket(stack) is None
            self._delete_line(tokens, index, "after-name", {"name": name.text}, whole=whole)
            return self._drop_name(stack, tokens)
        else:
            self._slip("lone-name", name, values={"name": name.text}, lost=True)
            return self._drop_name(stack, tokens)
        return index

    def _equals_sign(self, tokens: list[Token], index: int) -> None:
        """``=``, ``==``, ``=:`` become one colon."""
        token = tokens[index]
        last = index
        while tokens[last + 1].text in ("=", ":") and tokens[last + 1].start == tokens[last].end:
            last += 1
        span = Span(token.start, tokens[last].end)
        self._slip("equals-sign", span, edits=(Edit(span.start, span.end, ":"),))
        tokens[index : last + 1] = [Token("COLON", ":", span.start, span.end)]

    def _is_prose(self, name: Token, tokens: list[Token], index: int) -> bool:
        """A line of words: nothing in it is a colon, a bracket or a value."""
        words = 1
        for token in tokens[index : index + _LINE]:
            if token.kind == END or self._breaks(name.end, token.start) or token.kind in _CLOSERS:
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
        first = stack.firsts[-1]
        last = self._line_end(tokens, first)
        span = Span(name.start, tokens[last - 1].end)
        self._slip("prose", span, edits=(Edit(name.start, name.start, "# "),), lost=True)
        del tokens[first:last]
        stack.cut(len(stack.values) - 1)
        return first

    @staticmethod
    def _lacks_open_brace(stack: Stack, tokens: list[Token], index: int) -> bool:
        """The name is alone on its line, and further down more blocks are closed than are open."""
        if tokens[index + 1].kind != "COLON":
            return False
        depth = sum(isinstance(value, Token) and value.kind in _OPEN for value in stack.values)
        for token in tokens[index : index + _LOOK_AHEAD]:
            depth += (token.kind in _OPEN) - (token.kind in _CLOSERS)
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
            edit = Edit(before.start, before.end, "")
            self._slip("extra-separator", before, values={"found": ","}, edits=(edit,))
            stack.cut(len(stack.values) - 1)
        elif token.text == "=" and token.kind == UNEXPECTED:
            self._slip("equals-sign", token, edits=(Edit(token.start, token.end, ""),))
            del tokens[index]
        elif token.kind in ("COLON", "MINUS") or (token.kind == UNEXPECTED and token.text == "+"):
            self._slip("extra-sign", token, values={"found": token.text, "before": before.text})
            del tokens[index]
        else:
            if token.kind in (END, "NAME", *_CLOSERS, *_SEPARATORS) or self._breaks(before.end, token.start):
                self._slip("missing-value", self._field_before(stack), values={"before": before.text})
            elif token.kind in _OPEN or token.kind in ("LSQB", "RSQB"):
                self._slip("bracket-instead-of-value", token, values={"found": token.text}, lost=True)
                self._delete_brackets(tokens, index)
            else:
                self._delete_line(tokens, index, "instead-of-value")
            tokens.insert(index, Token("BAD_NUMBER", "", before.end, before.end))
        return index

    # Behind a value, or behind the part of a value that was read so far.

    def _after_value(self, stack: Stack, tokens: list[Token], index: int) -> int:
        value = stack.values[-1]
        token = tokens[index]
        if self._is_in_list(stack):
            return self._in_list(tokens, index)
        kind = value.kind if isinstance(value, Scalar) else ""
        if token.kind == "COLON" and kind == "NAME":
            return self._value_was_a_name(stack, tokens)
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

    def _in_list(self, tokens: list[Token], index: int) -> int:
        token = tokens[index]
        if token.kind in (*_VALUES, "NAME") and tokens[index + 1].kind != "COLON":
            self._slip("missing-comma", token)
            tokens.insert(index, Token("COMMA", ",", token.start, token.start))
        elif token.kind == UNEXPECTED:
            self._delete_one(tokens, index)
        else:
            self._slip("unclosed-list", token, values={"found": token.text or "the end of the file"})
            tokens.insert(index, Token("RSQB", "]", token.start, token.start))
        return index

    def _value_was_a_name(self, stack: Stack, tokens: list[Token]) -> int:
        """``aipp_mode:`` with nothing behind it, so that the next field's name was read as its value."""
        at = stack.firsts[-1]
        stack.cut(len(stack.values) - 1)
        self._slip("missing-value", self._field_before(stack), values={"before": ":"})
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
        self._slip("missing-blank", value, values=values, edits=(Edit(border, border, " "),))
        stack.cut(len(stack.values) - 1)
        tokens[at : at + 1] = [number, name]
        return at

    # Tools.

    def _slip(
        self,
        kind: str,
        at: Token | Span,
        *,
        values: dict[str, str] | None = None,
        edits: tuple[Edit, ...] = (),
        lost: bool = False,
        related: int = -1,
    ) -> None:
        if not self._gave_up:
            span = Span(at.start, at.end)
            self.slips.append(Slip(kind, span, values or {}, edits, lost, related))

    def _give_up(self, tokens: list[Token], index: int) -> None:
        token = tokens[index]
        self._slip("too-many", token, values={"count": str(MAX_SLIPS)}, lost=True)
        self._gave_up = True
        del tokens[index:-1]

    def _breaks(self, start: int, end: int) -> bool:
        """Whether a line ends between two offsets."""
        return "\n" in self._text[start:end]

    def _line_end(self, tokens: list[Token], index: int, whole: bool = False) -> int:
        """Index behind the last token on the line of ``index``; unless ``whole``, a closing bracket ends it too."""
        stop = (END,) if whole else (END, *_CLOSERS)
        last = index + 1
        while tokens[last].kind not in stop and not self._breaks(tokens[last - 1].end, tokens[last].start):
            last += 1
        return last

    def _delete_line(
        self, tokens: list[Token], index: int, kind: str, values: dict[str, str] | None = None, whole: bool = False
    ) -> None:
        """Skip the rest of the line, but stop before what looks like the next field.

        Lines skipped one after the other are one slip.
        """
        token = tokens[index]
        if token.kind == END:
            self._slip(kind, token, values={"found": "the end of the file", **(values or {})}, lost=True)
            return
        last = index + 1
        end = self._line_end(tokens, index, whole)
        while last < end and not (tokens[last].kind == "NAME" and tokens[last + 1].kind in ("COLON", "LBRACE")):
            last += 1
        span = Span(token.start, tokens[last - 1].end)
        del tokens[index:last]
        previous = self.slips[-1] if self.slips else None
        if previous and previous.kind == kind and not self._text[previous.span.end : span.start].strip():
            self.slips[-1] = previous._replace(span=Span(previous.span.start, span.end))
        else:
            found = self._text[span.start : span.end]
            self._slip(kind, span, values={"found": found, **(values or {})}, lost=True)

    def _delete_one(self, tokens: list[Token], index: int) -> None:
        self._slip("after-value", tokens[index], values={"found": tokens[index].text})
        del tokens[index]

    def _delete_separators(self, tokens: list[Token], index: int) -> None:
        last = index
        while tokens[last].kind in _SEPARATORS:
            last += 1
        edits = tuple(Edit(t.start, t.end, "") for t in tokens[index:last])
        span = Span(tokens[index].start, tokens[last - 1].end)
        self._slip("extra-separator", span, values={"found": tokens[index].text}, edits=edits)
        del tokens[index:last]

    def _delete_brackets(self, tokens: list[Token], index: int) -> None:
        """Delete a bracket with all that it holds."""
        depth, last = 0, index
        while tokens[last].kind != END:
            kind = tokens[last].kind
            depth += (kind in _OPEN or kind == "LSQB") - (kind in _CLOSERS or kind == "RSQB")
            last += 1
            if depth <= 0:
                break
        del tokens[index:last]

    @staticmethod
    def _open_bracket(stack: Stack) -> Token | None:
        for value in reversed(stack.values):
            if isinstance(value, Token) and value.kind in _OPEN:
                return value
        return None

    @staticmethod
    def _name_before(stack: Stack) -> Token:
        """The name of the innermost field that is being read."""
        return next(v for v in reversed(stack.values) if isinstance(v, Token) and v.kind == "NAME")

    def _field_before(self, stack: Stack) -> Span:
        """From that name to what was read last."""
        return Span(self._name_before(stack).start, stack.values[-1].end)


def _other_language(tokens: list[Token]) -> str:
    """What a file is that begins like no configuration: JSON, XML, INI; or nothing."""
    first, second = tokens[0].kind, tokens[1].text if len(tokens) > 1 else ""
    if first == "LBRACE":
        return "json" if second[:1] in ('"', "}") else ""
    if first == "LESSTHAN":
        return "xml"
    if first == "LSQB":
        return "ini" if len(tokens) > 2 and tokens[2].kind == "RSQB" and "." not in second else ""
    return ""
