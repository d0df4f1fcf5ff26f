"""A lazy reader of protobuf messages: it reads tags and skips values until they are requested.

A message is a list of spans, since one that occurs twice is merged: its parts are read one after the other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from aipplint.models.data import Data, Malformed

Span = tuple[int, int]
"""Offsets in the file, the second one after the end."""
Message = list[Span]

VARINT, EIGHT, LENGTH, FOUR = 0, 1, 2, 5
_OPEN, _CLOSE = 3, 4
_MAX_NESTED = 100
_MAX_NUMBER = 2**29 - 1


def spans(data: Data, message: Iterable[Span]) -> Iterator[tuple[int, Span]]:
    """The fields of a message that have a length, with their numbers."""
    for number, wire, start, end in _walk(data, message):
        if wire == LENGTH:
            yield number, (start, end)


def fields(data: Data, message: Iterable[Span]) -> Iterator[tuple[int, int | Span]]:
    """The fields of a message with their numbers: a whole number, or the span of what has a length."""
    for number, wire, start, end in _walk(data, message):
        if wire == LENGTH:
            yield number, (start, end)
        elif wire == VARINT:
            yield number, start


def attributes(data: Data, message: Iterable[Span]) -> Iterator[tuple[int, int | float | Span]]:
    """Like ``fields``, with the numbers in single precision."""
    for number, wire, start, end in _walk(data, message):
        if wire == FOUR:
            (real,) = struct.unpack("<f", data.read(start, end))
            yield number, real
        elif wire != EIGHT:
            yield number, start if wire == VARINT else (start, end)


def numbers(data: Data, value: int | Span) -> list[int]:
    """Whole numbers of 64 bits from one occurrence of a repeated field, packed or not."""
    if isinstance(value, int):
        return [signed(value)]
    found, (at, end) = [], value
    while at < end:
        data.spend()
        place = data.load(at)
        number, behind = _varint(data.chunk, place)
        at += behind - place
        if at > end:
            raise Malformed("a number runs over the end of its list")
        found.append(signed(number))
    return found


def signed(number: int) -> int:
    """A number of 64 bits with its sign."""
    return number - 2**64 if number >= 2**63 else number


def _walk(data: Data, message: Iterable[Span]) -> Iterator[tuple[int, int, int, int]]:
    """Number, wire type, and start and end of each field; of a whole number its value in place of the start."""
    for start, end in message:
        at = start
        groups: list[int] = []
        while at < end:
            data.spend()
            place = data.load(at)
            chunk = data.chunk
            tag, behind = _varint(chunk, place)
            number, wire = tag >> 3, tag & 7
            if not 0 < number <= _MAX_NUMBER:
                raise Malformed(f"no field has the number {number}")
            first = at + behind - place
            if wire in (LENGTH, VARINT):
                value, after = _varint(chunk, behind)
                at = first + after - behind
                first, at = (value, at) if wire == VARINT else (at, at + value)
            elif wire in (EIGHT, FOUR):
                at = first + (8 if wire == EIGHT else 4)
            else:
                at = first
                _group(groups, number, wire)
                continue
            if at > end:
                raise Malformed("a field runs over the end of its message")
            if not groups:
                yield number, wire, first, at
        if groups or at > end:
            raise Malformed("a group does not end")


def _group(groups: list[int], number: int, wire: int) -> None:
    """Enter or leave a group: ``groups`` are the numbers of the open groups."""
    if wire == _OPEN:
        groups.append(number)
        if len(groups) > _MAX_NESTED:
            raise Malformed("groups are nested too deeply")
    elif wire != _CLOSE:
        raise Malformed(f"no field has the wire type {wire}")
    elif not groups or groups.pop() != number:
        raise Malformed("a group ends that did not begin")


def _varint(chunk: bytes, place: int) -> tuple[int, int]:
    """Read a number of up to 64 bits; return it and the offset after it."""
    if place < len(chunk) and chunk[place] < 128:
        return chunk[place], place + 1
    value = shift = 0
    for byte in chunk[place : place + 10]:
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & 0xFFFF_FFFF_FFFF_FFFF, place
        shift += 7
    raise Malformed("a number does not end")


def kinds(data: Data, message: Iterable[Span]) -> dict[int, int]:
    """The wire type of every field that a message has."""
    return {number: wire for number, wire, _, _ in _walk(data, message)}
