"""A command line: its text, and its ATC options with the location of every value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aipplint.atc.options import MODEL, Option, quoted
from aipplint.atc.words import DASHES, Word
from aipplint.findings import Place
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

COMMAND_LINE = "<command line>"
"""The name of the command line in findings; as a path, one in the current folder, whose settings are used."""

OPTIONS = (
    MODEL,
    "framework",
    "input_format",
    "input_shape",
    "input_shape_range",
    "dynamic_batch_size",
    "dynamic_image_size",
    "dynamic_dims",
    "soc_version",
    "input_fp16_nodes",
    "enable_small_channel",
    "output_type",
)
"""The options of ATC that say how a configuration is compiled, and for what."""

CONFIG = "insert_op_conf"
OUTPUT = "output"
NAMED = (CONFIG, OUTPUT)
"""Options with other files: the configuration, and the output model."""


class _Typed(NamedTuple):
    """An option as typed, with the location of its value in the words as a shell shows them."""

    name: str
    value: str
    word: int
    head: str


def options_of_command(words: Sequence[str], first: int = 0, *, own: bool = False) -> dict[str, Option]:
    """The ATC options in a command line, from its word ``first`` on; of one that is given twice the last one is used.

    ATC reads ``--name=value``, ``--name value`` and both with one dash. The word after an option that is known
    here is its value, whatever it looks like; after another one it is ignored. With ``own`` the words are
    those of aipplint's own command, where only two dashes make an option, and everything after ``--`` is a path.
    """
    found: list[_Typed] = []
    index = first
    while index < len(words):
        word = words[index]
        if own and word == "--":
            break
        head, equals, value = word.partition("=")
        name = head.lstrip("-").replace("-", "_")
        if word.startswith("--" if own else "-") and (name in OPTIONS or name == CONFIG or not own):
            if equals:
                found.append(_Typed(name, value, index, head + "="))
            elif (name in OPTIONS or name == CONFIG) and index + 1 < len(words):
                index += 1
                found.append(_Typed(name, words[index], index, ""))
        index += 1
    return _placed(words, found)


def options_of_found(words: Sequence[Word]) -> dict[str, Option]:
    """The ATC options in the words of a command that was found; a value that is unknown is None."""
    options: dict[str, Option] = {}
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        head, equals, _ = word.start.partition("=")
        name = head.lstrip("-").replace("-", "_")
        if not head.startswith("-") or not name:
            continue
        if equals:
            first = len(head) + 1
            value = None if word.text is None else word.text[first:]
            place = word.part(first, len(word.text or word.start) + (word.text is None))
        elif (name in OPTIONS or name in NAMED) and word.text is not None and index < len(words):
            word = words[index]
            value, place = word.text, word.part(0, len(word.text or ""))
            index += 1
        else:
            continue
        source, span = place
        exact = source.text[span.start : span.end] == value
        place = place if exact else _behind(head, word.place if equals else place)
        options[name] = Option(name, value, place, exact, () if exact else _elsewhere(word))
    return options


def _elsewhere(word: Word) -> tuple[Place, ...]:
    """The places of known parts of a word that are not written in it."""
    source, (start, end) = word.place
    places = (piece.place for piece in word.pieces if piece.text)
    away = (p for p in places if p.source is not source or not start <= p.span.start <= p.span.end <= end)
    return tuple(dict.fromkeys(away))


def _behind(head: str, place: Place) -> Place:
    """The location of an option's value that has several pieces: the text after its name."""
    source, (start, end) = place
    return Place(source, Span(start + len(head) + 1, end)) if source.text.startswith(f"{head}=", start, end) else place


def words_of_command(words: Sequence[str], first: int = 0) -> tuple[Word, ...]:
    """The words of ATC's command line, from the word ``first`` on, with the place of each."""
    heads = {}
    for index, word in enumerate(words[first:], first):
        head, equals, _ = word.partition("=")
        if equals and word.startswith(tuple(DASHES)):
            heads[index] = head + "="
    pieces, starts, source = _laid_out(words, heads)
    spans = (Span(start, start + len(piece)) for piece, start in zip(pieces, starts, strict=True))
    return tuple(Word(word, Place(source, span)) for word, span in zip(words, spans, strict=True))[first:]


def _laid_out(words: Sequence[str], heads: Mapping[int, str]) -> tuple[list[str], list[int], Source]:
    """The words as a shell shows them, where each begins, and the line that they make.

    ``heads`` are names of options with their ``=``, by index: they stay outside the quotes.
    """
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for index, word in enumerate(words):
        head = heads.get(index, "")
        pieces.append(head + quoted(word[len(head) :])[0])
        starts.append(at)
        at += len(pieces[-1]) + 1
    return pieces, starts, Source(COMMAND_LINE, " ".join(pieces))


def _placed(words: Sequence[str], found: Sequence[_Typed]) -> dict[str, Option]:
    pieces, starts, source = _laid_out(words, {typed.word: typed.head for typed in found})
    options = {}
    for typed in found:
        value = words[typed.word][len(typed.head) :]
        shown, exact = quoted(value)
        quote = 1 if exact and shown != value else 0
        end = starts[typed.word] + len(pieces[typed.word]) - quote
        place = Place(source, Span(starts[typed.word] + len(typed.head) + quote, end))
        options[typed.name] = Option(typed.name, typed.value, place, exact)
    return options
