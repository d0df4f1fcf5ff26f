"""The instructions of a Dockerfile, by the rules of BuildKit's parser.

Own code, because the libraries are not sufficient: dockerfile-parse does not support heredocs, ends an instruction at
an empty line and returns no columns; tree-sitter-dockerfile 0.2 uses an interface that tree-sitter no longer accepts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from aipplint.readers.excerpt import Excerpt, line_spans
from aipplint.records import NamedTuple

_ESCAPE = re.compile(r"(?:[ \t]*#[^\n]*\n)*?[ \t]*#[ \t]*escape[ \t]*=[ \t]*`[ \t]*(?:\n|\Z)", re.IGNORECASE)
_INSTRUCTION = re.compile(r"\s*(?:ONBUILD\s+)?(?P<name>[A-Za-z]+)(?=\s|\\?\Z)", re.IGNORECASE)
_HEREDOC = re.compile(r"(?<![<\w])<<(?P<dash>-?)(?P<quote>[\"']?)(?P<end>[A-Za-z_][\w.]*)(?P=quote)")
_FLAGS = re.compile(r"(?:\s|\\\n)*+(?:--[a-z][a-z-]*+(?:=\S*+)?(?:\s|\\\n)++)*+")
_STRING = r"\"(?:[^\"\\\n]|\\.)*+\""
_EXEC = re.compile(rf"\s*\[\s*(?:{_STRING}\s*(?:,\s*{_STRING}\s*)*+)?\]\s*\Z")
_STRINGS = re.compile(_STRING)
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))|'")
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_BARE = re.compile(r"[\w./=:,+@%-]+\Z", re.ASCII)


class Heredoc(NamedTuple):
    """A heredoc of an instruction. ``text`` is its body, ``quoted`` means that it is not expanded."""

    text: Excerpt
    quoted: bool
    mark: tuple[int, int]
    """The offset of ``<<EOF`` in the arguments of the instruction."""


class Instruction(NamedTuple):
    """One instruction: its name in capitals, and the text after it and its flags.

    ``arguments`` contains no comments and empty lines, but the backslashes at line ends. ``script`` also contains the
    bodies of the heredocs, as a shell reads them.
    """

    name: str
    arguments: Excerpt
    script: Excerpt
    heredocs: tuple[Heredoc, ...] = ()


def instructions(text: Excerpt) -> Iterator[Instruction]:
    """All instructions of a Dockerfile."""
    lines = line_spans(text.text)
    escape = "`" if _ESCAPE.match(text.text) else "\\"
    continued = re.compile(rf"{re.escape(escape)}[ \t]*\Z")
    ends: defaultdict[str, list[int]] = defaultdict(list)
    for number, (start, end) in enumerate(lines):
        ends[text.text[start:end]].append(number)
    at = 0
    while at < len(lines):
        spans: list[tuple[int, int]] = []
        backslashes: list[tuple[int, int, str]] = []
        size = 0
        while at < len(lines):
            start, end = lines[at]
            line = text.text[start:end]
            at += 1
            words = line.strip()
            if not words or words.startswith("#"):
                if spans:
                    continue  # Docker passes over comments and empty lines inside an instruction.
                break
            if (more := continued.search(line)) is None:
                spans.append((start, end))
                break
            spans += [(start, start + more.start() + 1), (end, min(end + 1, len(text.text)))]
            size += more.start()
            if escape == "`":
                backslashes.append((size, size + 1, "\\"))
            size += 2
        if not spans:
            continue
        whole = text.splice(spans).replace(backslashes)
        name = _INSTRUCTION.match(whole.text)
        if name is None:
            continue
        instruction, at = _with_heredocs(name["name"].upper(), text, whole, name.end(), lines, at, ends)
        yield instruction


def _with_heredocs(
    name: str,
    text: Excerpt,
    whole: Excerpt,
    begin: int,
    lines: list[tuple[int, int]],
    at: int,
    ends: dict[str, list[int]],
) -> tuple[Instruction, int]:
    """An instruction with the heredocs that follow its lines, and the line after them."""
    flags = _FLAGS.match(whole.text, begin)
    begin = flags.end() if flags else begin
    arguments = whole.part(begin, len(whole.text))
    if name not in {"RUN", "COPY", "ADD"} or "<<" not in arguments.text:
        return Instruction(name, arguments, arguments), at
    heredocs: list[Heredoc] = []
    first = at
    for mark in _HEREDOC.finditer(arguments.text):
        body: list[tuple[int, int]] = []
        last = _line_of(mark["end"], at, ends)
        if mark["dash"]:
            last = min(
                filter(None, (last, *(_line_of("\t" * n + mark["end"], at, ends) for n in (1, 2, 3)))), default=None
            )
        if last is None:
            break
        for start, end in lines[at:last]:
            line = text.text[start:end]
            body.append((start + (len(line) - len(line.lstrip("\t")) if mark["dash"] else 0), end + 1))
        heredocs.append(Heredoc(text.splice(body), bool(mark["quote"]), mark.span()))
        at = last + 1
    if not heredocs:
        return Instruction(name, arguments, arguments), at
    # The command, the end of its last line, and the bodies, which follow it in the file.
    command = text.splice([(lines[first - 1][1], lines[at - 1][1])])
    return Instruction(name, arguments, Excerpt.join([arguments, command]), tuple(heredocs)), at


def _line_of(end: str, at: int, ends: dict[str, list[int]]) -> int | None:
    """The first line from ``at`` on that is the end of a heredoc."""
    numbers = ends.get(end, [])
    index = bisect_left(numbers, at)
    return numbers[index] if index < len(numbers) else None


def exec_form(arguments: Excerpt) -> list[Excerpt] | None:
    """The words of ``["atc", "--model=x"]``, each as it is passed; None for a command that a shell reads."""
    if not _EXEC.match(arguments.text):
        return None
    words: list[Excerpt] = []
    for string in _STRINGS.finditer(arguments.text):
        word = arguments.part(string.start() + 1, string.end() - 1)
        escapes = (match for match in _JSON_ESCAPE.finditer(word.text) if match[0] != "'")
        words.append(word.replace((match.start(), match.end(), _unescaped(match)) for match in escapes))
    return words


def quoted(word: Excerpt) -> Excerpt:
    """A word as a shell must read it to pass it on unchanged."""
    if _BARE.match(word.text):
        return word
    size = len(word.text)
    edits = ((match.start(), match.end(), "'\\''") for match in re.finditer("'", word.text))
    return word.replace([(0, 0, "'"), *edits, (size, size, "'")])


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _CONTROL.get(match[2], match[2])
