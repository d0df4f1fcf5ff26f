"""Misleading characters: look-alikes, invisible characters, foreign comments, byte order marks.

The compiler stops at the first of them. Here each becomes one issue, and the parser goes on with a *reading*: a
text of the same length in which look-alikes are replaced by ASCII and the rest by spaces, so that every offset
in the reading is an offset in the file.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from aipplint.findings import Edit
from aipplint.source import Source, Span
from aipplint.syntax.lalr import UNEXPECTED, Token, lex
from aipplint.syntax.repairs import MAX_ISSUES
from aipplint.syntax.tree import SyntaxIssue

_PASSES = 4
_QUOTES = {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u300c": '"', "\u300d": '"'}
_MINUS = "\u2212\u2013"

_FOREIGN_TEXT = re.compile(r"[^\n{}#]*[^\s{}#]")


def read(source: Source, pattern: re.Pattern[str]) -> tuple[list[Token], list[Token], list[SyntaxIssue]]:
    """Tokens, comments and issues of a source; the tokens are those of the reading."""
    text = source.text
    issues: list[SyntaxIssue] = []
    reading = text
    if text.startswith("\ufeff") or source.encoding != "utf-8":
        issues.append(_byte_order_mark(source))
        reading = " " * text.startswith("\ufeff") + text.removeprefix("\ufeff")
    if "\0" in reading:
        reading = _without_nulls(reading, issues)
    tokens, comments = lex(pattern, reading)
    for _ in range(_PASSES):
        unexpected = [token for token in tokens if token.kind == UNEXPECTED]
        if not unexpected:
            break
        before, reading = reading, _reread(reading, unexpected, issues)
        if reading == before:
            break
        tokens, comments = lex(pattern, reading)
    return tokens, comments, issues


def _byte_order_mark(source: Source) -> SyntaxIssue:
    if source.encoding != "utf-8":
        return SyntaxIssue("utf-16", Span(0, 0), {"encoding": source.encoding.upper()})
    return SyntaxIssue("byte-order-mark", Span(0, 1), edits=(Edit(0, 1, ""),))


def _without_nulls(text: str, issues: list[SyntaxIssue]) -> str:
    """The compiler refuses a NUL even inside a comment or a string."""
    for match in islice(re.finditer("\0+", text), MAX_ISSUES):
        issues.append(_invisible(match.start(), match.end(), "\0"))
    return text.replace("\0", " ")


def _reread(text: str, unexpected: list[Token], issues: list[SyntaxIssue]) -> str:
    """One pass over the characters that no terminal matched.

    After MAX_ISSUES the rest of the text is blank but for one of them, at which the parser gives up.
    """
    if len(issues) >= MAX_ISSUES:
        return text
    letters = list(text)
    done = 0
    for token in unexpected:
        done = max(done, token.start)
        while done < token.end:
            if len(issues) >= MAX_ISSUES:
                return "".join(letters[: done + 1]).ljust(len(text))
            end = _reread_one(text, done, letters, issues)
            if end == done:
                break
            done = end
    return "".join(letters)


def _reread_one(text: str, at: int, letters: list[str], issues: list[SyntaxIssue]) -> int:
    """Repair ``letters`` from an offset on; return the offset after the repair, or the same one if there is none."""
    if end := _foreign_comment_end(text, at):
        issues.append(_foreign_comment(text, at, end))
        letters[at:end] = [c if c == "\n" else " " for c in text[at:end]]
    elif plain := _look_alikes(text, at):
        end = at + len(plain)
        letters[at:end] = plain
        issues.append(_look_alike_issue(text[at:end], plain, at))
    elif _is_invisible(text[at]):
        end = at + 1
        while end < len(text) and _is_invisible(text[end]):
            end += 1
        issues.append(_invisible(at, end, text[at]))
        _close_gap(letters, at, end)
    elif not text[at].isascii() and (foreign := _FOREIGN_TEXT.match(text, at)):
        end = foreign.end()
        issues.append(_foreign_text(foreign))
        letters[at:end] = " " * (end - at)
    else:
        end = at
    return end


def _look_alikes(text: str, at: int) -> str:
    """Return the ASCII replacement of the look-alikes at an offset; empty if there are none."""
    plain = ""
    for index in range(at, len(text)):
        character = text[index]
        if "\uff01" <= character <= "\uff5e":
            plain += chr(ord(character) - 0xFEE0)
        elif character in _QUOTES:
            plain += _QUOTES[character]
        elif character in _MINUS and text[index + 1 : index + 2].isdigit():
            plain += "-"
        elif not character.isascii() and unicodedata.category(character) == "Zs":
            plain += " "
        else:
            break
    return plain


def _is_invisible(character: str) -> bool:
    return character not in " \t\r\n\v\f" and unicodedata.category(character) in ("Cf", "Cc", "Zl", "Zp")


def _close_gap(letters: list[str], start: int, end: int) -> None:
    """Remove letters[start:end] without moving anything but the rest of the word they interrupt."""
    tail = end
    while tail < len(letters) and (letters[tail].isalnum() or letters[tail] in "_."):
        tail += 1
    letters[start:tail] = letters[end:tail] + [" "] * (end - start)


def _look_alike_issue(found: str, plain: str, at: int) -> SyntaxIssue:
    end = at + len(found)
    values = {
        "code_point": f"U+{ord(found[0]):04X}",
        "found": found,
        "plain": plain,
        "name": unicodedata.name(found[0]),
    }
    kind = "look-alike" if plain.strip() else "look-alike-blank"
    return SyntaxIssue(kind, Span(at, end), values, (Edit(at, end, plain),))


def _invisible(start: int, end: int, character: str) -> SyntaxIssue:
    name = unicodedata.name(character, "control character")
    values = {"code_point": f"U+{ord(character):04X}", "name": name}
    return SyntaxIssue("invisible", Span(start, end), values, (Edit(start, end, ""),))


def _foreign_comment_end(text: str, at: int) -> int:
    """The end of a C comment that begins at an offset; 0 if none does.

    One that is never closed ends with its line.
    """
    if text.startswith("/*", at) and (close := text.find("*/", at + 2)) >= 0:
        return close + 2
    if not text.startswith(("//", "/*"), at):
        return 0
    line_end = text.find("\n", at)
    return len(text) if line_end < 0 else line_end


def _foreign_comment(text: str, start: int, end: int) -> SyntaxIssue:
    """``//`` and ``/* */``: the edits put a ``#`` where every line of the comment begins."""
    body = text[start:end]
    starts = [start] + [start + m.end() for m in re.finditer(r"\n[ \t]*(?=\S)", body)]
    edits = tuple(Edit(at, at, "# ") for at in starts)
    return SyntaxIssue("foreign-comment", Span(start, end), {"mark": body[:2]}, edits, skipped=True)


def _foreign_text(match: re.Match[str]) -> SyntaxIssue:
    start, end = match.span()
    if any("\udc80" <= c <= "\udcff" for c in match.group()):
        return SyntaxIssue("bad-bytes", Span(start, end), skipped=True)
    return SyntaxIssue("prose", Span(start, end), edits=(Edit(start, start, "# "),), skipped=True)
