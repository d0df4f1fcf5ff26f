"""Commands in the running text of a document: in ``code``, in **bold**, or on lines of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aipplint.readers.excerpt import Excerpt, line_spans
from aipplint.readers.programs import ATC_PATTERN, BENCHMARK_PATTERN, MENTION
from aipplint.records import NamedTuple
from aipplint.source import Span

PLAIN, STRONG, CODE = "plain", "strong", "code"


class StyledText(NamedTuple):
    """A run of running text as its reader sees it, and how it is set: PLAIN, STRONG or CODE."""

    style: str
    text: Excerpt


_CHINESE = r"\u2e80-\u9fff\uff00-\uffef"
_LETTER = rf"[^\s{_CHINESE}]"
_TOOL = rf"(?:{_LETTER}{{0,200}}/)?(?:{ATC_PATTERN}|{BENCHMARK_PATTERN})"
_PROMPT = rf"(?:[$#>]\s+|{_LETTER}{{0,80}}[@:]{_LETTER}{{0,80}}[$#]\s+)?"
_BEFORE = rf"(?:(?:sudo|nohup|time|env)\s+|[A-Za-z_]\w*={_LETTER}*\s+){{0,4}}"
_HEAD = rf"{_BEFORE}{_TOOL}\s+[-\u2013\u2014\\]"
_COMMAND = re.compile(rf"\s*{_PROMPT}{_HEAD}")
_STARTS = re.compile(rf"(?:(?<!\S)|(?<=[:(\u201c{_CHINESE}]))(?P<command>(?:(?<![^\n]){_PROMPT})?{_HEAD})")
"""A command in a sentence: a word of its own, in brackets, or glued to Chinese, which knows no spaces."""
_STEP = re.compile(
    r"\s*(?:[$#]\s+)?(?:(?:cd|export|wget|curl|git|cp|mv|unzip|tar|source|bash|sh|python[\d.]*)\s+\S.*|\./\S+\.sh\b.*"
    r"|\S+\.sh\s+\S.*)\s*\Z"
)
"""What else of a shell is set in code or in bold: a step before a command, such as ``cd`` or ``wget``."""
_MODEL = re.compile(r"[-\u2013\u2014](?:model|singleop|om)(?:[\s=]|$)")
"""What every command has; one without it is a mention, not a command."""
_OPTION = re.compile(r"(?<!\S)[-\u2013\u2014]+[A-Za-z]")
_BENCHMARK = re.compile(r"\b(?:ais_bench|benchmark|ais_infer\.py)\b")
_OTHER_SCRIPT = re.compile(
    rf"(?<![=/_{_CHINESE}])[{_CHINESE}]|[\u3000-\u3003\u3008-\u301f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]"
)
"""Chinese text after a command; after ``=`` or ``/`` it may be a part of a file name. Punctuation is not."""
_PROSE = frozenset("and are as for is of option options or the to which with".split())
"""Text after an option in a sentence that is no value of it."""
_STOPS = "\u3001\u3002\uff0c\uff1a\uff1b"
_WORD = re.compile(r"\S+")
_MORE = re.compile(r"\.{3,}|\u2026+|\$\S+|<[^<>]+>")
"""A word for omitted options."""
_DASHES = ("-", "\u2013", "\u2014")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|[\u201c\u201d][^\u201c\u201d]*[\u201c\u201d]")
_NEXT_LINE = re.compile(r"[ \t]*[-\u2013\u2014]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ANY = re.compile(
    rf"{MENTION}|\.sh(?![A-Za-z0-9_])"
    r"|[`*](?:cd|export|wget|curl|git|cp|mv|unzip|tar|python[\d.]*)\s"
)
_MAX_COMMANDS = 20
"""Most mentions of a tool in one paragraph that turn out to be no commands."""
MAX_LETTERS = 20_000
"""Maximum length of a paragraph, in code points; a command has some hundreds."""


def may_hold_command(text: str) -> bool:
    """Whether a paragraph may contain a command. Its markup may still be in it (``ais\\_bench``)."""
    return len(text) <= MAX_LETTERS and _ANY.search(text.replace("\\_", "_")) is not None


def commands(pieces: Sequence[StyledText]) -> Iterator[Excerpt]:
    """The commands in a paragraph, each as a text of its own, in their order."""
    running: list[Excerpt] = []
    bold: list[Span] = []
    """Bold parts, as offsets into the running text: a command in bold ends with it."""
    at = 0
    for style, text in _with_lines_of_code_joined(pieces):
        command = style != PLAIN and _COMMAND.match(text.text) is not None
        step = style != PLAIN and not command and _STEP.match(text.text) is not None
        if step or (command and style == CODE):
            yield from _in_lines(running, bold)
            running, bold, at = [], [], 0
            if step or _is_whole(text.text):
                yield text.part(0, len(text.text.rstrip(_STOPS)))
            continue
        if command:
            running.append(text.stand_in(0, 0, "\n"))  # A command in bold begins a line of its own.
            at += 1
            bold.append(Span(at, at + len(text.text)))
        running.append(text)
        at += len(text.text)
    yield from _in_lines(running, bold)


def _with_lines_of_code_joined(pieces: Sequence[StyledText]) -> Iterator[StyledText]:
    """The pieces; a command with each line in code of its own is one piece."""
    at = 0
    while at < len(pieces):
        style, text = pieces[at]
        at += 1
        if style == CODE and _COMMAND.match(text.text):
            lines = [text]
            while at + 1 < len(pieces) and _is_option_behind_blank(pieces[at], pieces[at + 1]):
                lines += [pieces[at].text.stand_in(0, len(pieces[at].text.text), "\n"), pieces[at + 1].text]
                at += 2
            text = Excerpt.join(lines)
        yield StyledText(style, text)


def _is_option_behind_blank(blank: StyledText, option: StyledText) -> bool:
    return not blank.text.text.strip() and option.style == CODE and _NEXT_LINE.match(option.text.text) is not None


def _is_whole(command: str) -> bool:
    """Return whether a command is complete: it has a model and other options."""
    return _MODEL.search(command) is not None and (
        _BENCHMARK.search(command) is not None or len(_OPTION.findall(command)) > 1
    )


def begins_with_command(text: str) -> bool:
    """Whether a text begins with a command, a prompt in front of it perhaps."""
    return _COMMAND.match(text) is not None


def _in_lines(pieces: list[Excerpt], bold: list[Span]) -> Iterator[Excerpt]:
    """Commands that begin a line, or follow a colon, and the lines that belong to them."""
    if not pieces:
        return
    text = Excerpt.join(pieces)
    text = text.replace((match.start(), match.end(), "\n") for match in _BREAK.finditer(text.text))
    lines = line_spans(text.text)
    done = mentions = 0
    for index, (start, end) in enumerate(lines):
        at = max(start, done)
        while at < end and mentions < _MAX_COMMANDS and (match := _STARTS.search(text.text, at, end)) is not None:
            first, at = match.start("command"), match.end()
            last = min([_last(text.text, lines, index), *(span.end for span in bold if span.start <= first < span.end)])
            command = _without_prose(text.text[first:last])
            if command:
                at = done = first + len(command)
                yield text.splice([(first, done)])
            else:
                mentions += 1


def _last(text: str, lines: Sequence[tuple[int, int]], index: int) -> int:
    """The end of the last line that may belong to a command in a line."""
    while index + 1 < len(lines) and _goes_on(text, lines[index][1], lines[index + 1]):
        index += 1
    return lines[index][1]


def _goes_on(text: str, end: int, following: tuple[int, int]) -> bool:
    """Whether a command that ends here has another line: after a backslash, or one that begins with a dash."""
    return text[max(end - 3, 0) : end].rstrip(" \t").endswith("\\") or _NEXT_LINE.match(text, *following) is not None


def _without_prose(command: str) -> str:
    """A command without the rest of the sentence; '' if there is none, or if its end is ambiguous."""
    plain = _QUOTED.sub(lambda match: "x" * len(match[0]), command)
    if (prose := _OTHER_SCRIPT.search(plain)) is not None:
        plain = plain[: prose.start()]
    plain = plain[: _end_of_options(plain)].rstrip(f" \t\n,;:{_STOPS}\u201d\\")
    if plain.endswith(")") and plain.count(")") > plain.count("("):
        plain = plain[:-1]
    if plain.endswith(".") and plain[-2:-1].isalnum():
        plain = plain[:-1]
    return command[: len(plain)] if _is_whole(plain) else ""


def _end_of_options(command: str) -> int:
    """The end of the last option of a command with its value: prose begins there.

    0 if an option is only mentioned (``--model and ...``, ``--model:``), or if a value seems to continue after a space.
    """
    end, inside, wants_value = 0, False, False
    for match in _WORD.finditer(command):
        word = match[0]
        inside = inside or word.startswith(_DASHES)
        if not inside or word == "\\":
            continue
        if not wants_value and _MORE.fullmatch(word):
            end = match.end()
            continue
        if word.startswith(_DASHES) and word.strip("".join(_DASHES)):
            wants_value = "=" not in word
            if wants_value and word.endswith((":", ",", ".", ";")):
                return 0
        elif wants_value and word.rstrip(",.;:") not in _PROSE:
            wants_value = False
        elif wants_value or (command[end - 1] == "," and word[0].isdigit()):
            return 0
        else:
            break
        end = match.end()
    return end
