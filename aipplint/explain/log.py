"""Reading a log for errors, the command and the configuration, line by line, in bounded memory, for any bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from aipplint.explain.cause import Cause
from aipplint.explain.codes import canonical
from aipplint.explain.compiler_causes import CONFIGURATION, OPTIONS, PARSER
from aipplint.explain.operator_causes import OPERATOR, SHAPE, TILING
from aipplint.explain.runtime_causes import RUNTIME
from aipplint.explain.size_causes import SIZE, SIZES
from aipplint.records import NamedTuple

CAUSES: tuple[Cause, ...] = (*PARSER, *CONFIGURATION, *OPTIONS, *SHAPE, *OPERATOR, *TILING, *RUNTIME, *SIZES)

MAX_ERRORS = 25
"""Different errors that are kept of a log."""
_BLOCK = 1024 * 1024
"""Bytes that are read at a time."""
_MAX_LINE = 16 * 1024
"""Bytes of a line that are looked at, from a little before what was found in it."""
_BEFORE = 2 * 1024
_QUOTED = 300
"""Code points of a message that are quoted."""
_CONTINUED = 100
"""Lines that one command may take with backslashes."""

_SUCCESS = "ATC run success"
_OTHER_SIGNS = (
    _SUCCESS,
    "insert_op_conf",
    "atc ",
    "atc.bin ",
    "'atc'",
    '"atc"',
    "aclmdl",
    "acl.mdl",
    "14501",
    "145000",
    "507011",
    "ACL_ERROR_",
)
_SIGNS = tuple(sign.encode() for sign in sorted({cause.sign for cause in CAUSES} | set(_OTHER_SIGNS)))
"""What a line must hold to be worth decoding, besides codes."""
_ANY_CODE = re.compile(rb"E[0-9A-Z][0-9]{4}")

_COLOURS = re.compile(r"\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]{0,1000}(?:\x07|\x1b\\)|[@-Z\\^_])")
_CODE = re.compile(r"(?<![0-9A-Za-z_])E[0-9A-Z][0-9]{4}(?![0-9A-Za-z_])")
_RETURNED = re.compile(
    r"(?i)(?:err\w*|ret\w*|code|status|result|错误码|返回[值码])\W{0,6}(?:is|was|code)?\W{0,6}"
    r"(100000|14501[1-6]|145000|507011)(?![\d.])"
)
_SYMBOL = re.compile(r"\bACL_ERROR_[A-Z_]+\b")
_BARE = re.compile(r"(?<![\w.:])(14501[1-6]|145000|507011)(?![\w.])")
"""A number of the runtime without a word for what it is: it counts where something of a model failed."""
_MODEL_FAILED = re.compile(r"(?i)(?=.*(?:acl|model|模型))(?=.*(?:fail|error|错误|失败))")
_EXACT = frozenset(("145011", "145012", "145014", "145015", "145016"))
"""Numbers that say more than the name of the call that gives them."""
_CALL = re.compile(r"(?i)(?<![a-z])(?:aclmdl\w*(?:aipp|hwsize)\w*|acl\.mdl\.set_\w*(?:aipp|hw_size)\w*)")
_FAILED = re.compile(r"(?i)fail|error|invalid|ret\w*\W|100000|1450")
_STAMP = re.compile(r"^[\s:.\])]*(?:\[PID: ?\d+\])?\s*(?:\d{4}-\d\d-\d\d[-T ][\d:.]+)?\s*(?:[A-Z]\w+\(E\w+\):)?[\s:]*")
_WHEN_AND_WHERE = re.compile(r"\d{4}-\d\d-\d\d[-T ][\d:.,]+|\[?\bPID: ?\d+\]?|\b0x[0-9a-fA-F]+|\b\d\d:\d\d:[\d:.,]+")
_FIXED_HEAD = "Inner Error!"
"""The text of E19999 in a line of its own; what happened stands below it."""
_PATH = re.compile(
    r"(?:Failed to parse file|parse file|[Oo]pen(?:ed)? file|[Ff]ile)\s+\[?(?P<path>[^\s\]\"',;]{1,1000}?)\]?"
    r"(?:[.,;]?(?:\s|$)|\])"
)
_CONFIG_VALUE = re.compile(r"(?i)value \[?(?P<path>[^\]\n]{1,1000}?)\]? for parameter \[?--insert_op_conf\]?")
_COMMAND = re.compile(r"(?:^|[\s/;&|$#(`+>\"'\[])(?:atc|atc\.bin)[\"']?,?\s+(?=[\"']?-|\\\s*$)|--insert_op_conf")


class Seen(NamedTuple):
    """One error of a log: its text, its line, and the number of repetitions.

    ``code`` is of the table of codes. ``cause`` is None where only the code is known; ``line`` counts from 1.
    ``position`` is the line and column in the configuration, where the parser gave them.
    """

    code: str
    cause: Cause | None
    text: str
    line: int
    groups: dict[str, str]
    times: int = 1
    position: tuple[int, int] | None = None


class Log(NamedTuple):
    """The relevant contents of a log.

    ``command`` is the words after ``atc`` of the last command that names a configuration, or of the last at all.
    ``paths`` are the configurations that errors name. ``unknown`` are codes that are not in the table.
    """

    errors: tuple[Seen, ...]
    command: tuple[str, ...]
    paths: tuple[str, ...]
    unknown: tuple[str, ...]
    succeeded: bool
    dropped: int


def read_log(stream: BinaryIO) -> Log:
    """Read a log to its end, with limited memory."""
    reader = _Reader()
    for number, line in _lines(stream):
        reader.take(number, line)
    return reader.log()


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield the relevant lines, without colours, and their numbers. A command with line continuations is one line."""
    number = 1
    for block in _blocks(stream):
        at = told = 0
        for hit in sorted(_hits(block)):
            start = block.rfind(b"\n", 0, hit) + 1
            if start < told:
                continue
            number += block.count(b"\n", at, start)
            at, told = start, _end_of_line(block, hit)
            text = _plain(block[max(start, hit - _BEFORE) : min(told, hit + _MAX_LINE)])
            if _COMMAND.search(text):
                text, told = _joined(block, text, told)
            yield number, text
        number += block.count(b"\n", at)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The text in blocks of whole lines; a command that a backslash continues is not torn."""
    rest = b""
    for block in _utf8(stream):
        rest += block
        cut = rest.rfind(b"\n") + 1
        for _ in range(_CONTINUED):
            if not rest[:cut].endswith((b"\\\n", b"\\\r\n")):
                break
            cut = rest.rfind(b"\n", 0, cut - 1) + 1
        if not cut and len(rest) > _BLOCK:
            cut = len(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def _utf8(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes as they are read; UTF-16 (from a Windows shell) is converted."""
    block = stream.read(_BLOCK)
    if block.startswith((b"\xff\xfe", b"\xfe\xff")):
        from codecs import getincrementaldecoder

        decoder = getincrementaldecoder("utf-16")("replace")
        while block:
            yield decoder.decode(block).encode("utf-8", "replace")
            block = stream.read(_BLOCK)
    while block:
        yield block
        block = stream.read(_BLOCK)


def _hits(block: bytes) -> set[int]:
    """Yield the offsets of relevant text, at most one on a line for each sign."""
    found: set[int] = set()
    for sign in _SIGNS:
        at = block.find(sign)
        while at >= 0:
            found.add(at)
            at = block.find(sign, _end_of_line(block, at))
    at = 0
    while code := _ANY_CODE.search(block, at):
        found.add(code.start())
        at = _end_of_line(block, code.start())
    return found


def _end_of_line(block: bytes, at: int) -> int:
    end = block.find(b"\n", at)
    return len(block) if end < 0 else end


def _joined(block: bytes, text: str, end: int) -> tuple[str, int]:
    """Return a command with its continuation lines, and their end."""
    for _ in range(_CONTINUED):
        if not text.endswith("\\") or end >= len(block):
            break
        start, end = end + 1, _end_of_line(block, end + 1)
        text = f"{text[:-1]} {_plain(block[start : min(end, start + _MAX_LINE)])}"
    return text, end


def _plain(raw: bytes) -> str:
    text = raw.decode("utf-8", "surrogateescape")
    return _COLOURS.sub("", text).replace("\r", " ").strip()


def _follows(seen: Seen, explained: set[str]) -> bool:
    """Return whether a code belongs to an error whose cause was found."""
    if seen.code in ("145000", "507011"):
        return SIZE in explained
    if seen.code == "E19999":
        return bool(explained) and (not seen.text or seen.text.startswith(_FIXED_HEAD))
    # Another option is another error.
    return seen.code in explained and "for parameter" not in seen.text


def _what_is_said(seen: Seen) -> tuple[object, ...]:
    """Return the text of an error without times and addresses, to recognise repetitions."""
    if seen.cause is None:
        return (_WHEN_AND_WHERE.sub("", seen.text),)
    return seen.cause.meaning.format_map(seen.groups), seen.position


def _numbers_in(line: str) -> Iterator[str]:
    """The error numbers of the runtime in a line, however they are written."""
    for found in _RETURNED.finditer(line):
        yield found[1]
    for found in _SYMBOL.finditer(line):
        if number := canonical(found.group()):
            yield number
    if _MODEL_FAILED.match(line):
        for found in _BARE.finditer(line):
            yield found[1]


class _Reader:
    """Collects the errors, without duplicates."""

    def __init__(self) -> None:
        self._seen: dict[tuple[object, ...], Seen] = {}
        self._command: tuple[str, ...] = ()
        self._paths: dict[str, None] = {}
        self._unknown: dict[str, None] = {}
        self._succeeded = False
        self._dropped = 0

    def take(self, number: int, line: str) -> None:
        """Read one line."""
        if _SUCCESS in line:
            self._succeeded = True
        if _COMMAND.search(line):
            self._take_command(line)
        cause = self._take_cause(number, line)
        self._take_codes(number, line, cause)
        if found := _CONFIG_VALUE.search(line):
            self._keep_path(found["path"])

    def _take_cause(self, number: int, line: str) -> Cause | None:
        for cause in CAUSES:
            if cause.sign in line and (found := cause.expression.search(line)) is not None:
                groups = {name: value or "" for name, value in found.groupdict().items()}
                if "path" in groups:
                    groups["path"] = self._keep_path(groups["path"])
                position = None
                if "column" in groups:
                    position = (int(groups["line"][:9]), int(groups["column"][:9]))
                self._keep(Seen(cause.code, cause, found.group(), number, groups, position=position))
                return cause
        return None

    def _take_codes(self, number: int, line: str, cause: Cause | None) -> None:
        """Read codes with an unknown cause, with their text."""
        for found in _CODE.finditer(line):
            code = canonical(found.group())
            text = _STAMP.sub("", line[found.end() : found.end() + 2000])
            groups: dict[str, str] = {}
            if code in ("E13005", "E13001") and (path := _PATH.search(text)):
                groups["path"] = self._keep_path(path["path"])
            if not code:
                if len(self._unknown) < MAX_ERRORS:
                    self._unknown[found.group()] = None
            elif cause is None:
                self._keep(Seen(code, None, text, number, groups))
        if cause is not None:
            return
        call = _CALL.search(line)
        for given in _numbers_in(line):
            if given != "100000" or call is not None:
                named = canonical(call.group()) if call is not None and given not in _EXACT else ""
                self._keep(Seen(named or given, None, line, number, {}))
                return
        if call is not None and _FAILED.search(line) and (named := canonical(call.group())):
            self._keep(Seen(named, None, line, number, {}))

    def _keep(self, seen: Seen) -> None:
        seen = seen._replace(text=" ".join(seen.text.split())[:_QUOTED])
        key = (seen.code, *_what_is_said(seen))
        known = self._seen.get(key)
        if known is not None:
            self._seen[key] = known._replace(times=known.times + 1)
        elif len(self._seen) < MAX_ERRORS:
            self._seen[key] = seen
        else:
            self._dropped += 1

    def _keep_path(self, path: str) -> str:
        path = path.strip().rstrip(".,;")
        if path and len(self._paths) < MAX_ERRORS:
            self._paths[path] = None
        return path

    def _take_command(self, line: str) -> None:
        from aipplint.explain.command import words_of

        words = words_of(line)
        names_config = any("insert_op_conf" in word for word in words)
        if words and (names_config or not any("insert_op_conf" in word for word in self._command)):
            self._command = words

    def log(self) -> Log:
        """Return the log. A code is dropped if its cause is known, a file if the line in it is known."""
        explained = {seen.code for seen in self._seen.values() if seen.cause is not None}
        at_a_line = {seen.code for seen in self._seen.values() if seen.position is not None}
        kept = [
            seen
            for seen in self._seen.values()
            if (seen.position is not None or seen.code not in at_a_line)
            and (seen.cause is not None or not _follows(seen, explained))
        ]
        return Log(tuple(kept), self._command, tuple(self._paths), tuple(self._unknown), self._succeeded, self._dropped)
