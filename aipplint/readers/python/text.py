"""Text that Python code puts together: runs of known letters, with their places, and holes where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aipplint.atc.words import Piece, Word, word_of
from aipplint.findings import Place
from aipplint.readers.excerpt import Excerpt, Run
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

MAX_LETTERS = 1 << 16
"""Longest text that is put together, in code points; a longer one is not known."""

_HOLE = "${python_value}"
"""What stands for a hole in a shell's text: a variable that is not set there, so that its value is unknown."""


class Part(NamedTuple):
    """Letters (None where they are not known) and where the code puts them into the text."""

    letters: Excerpt | None
    use: Span


class Text(NamedTuple):
    """A string: its parts in order."""

    parts: tuple[Part, ...]

    @property
    def known(self) -> str | None:
        """The string; None where a part of it is not known."""
        texts = [part.letters.text for part in self.parts if part.letters is not None]
        return "".join(texts) if len(texts) == len(self.parts) else None

    @property
    def start(self) -> str:
        """What is known of its beginning."""
        texts: list[str] = []
        for part in self.parts:
            if part.letters is None:
                break
            texts.append(part.letters.text)
        return "".join(texts)

    @property
    def sketch(self) -> str:
        """All that is known, with a letter that stands nowhere else for every hole."""
        return "".join("\0" if part.letters is None else part.letters.text for part in self.parts)


def hole(use: Span) -> Text:
    """A string of which nothing is known."""
    return Text((Part(None, use),))


def filled(source: Source, text: str, use: Span) -> Text:
    """A string that is made where it is used: a number, a separator."""
    return Text((Part(Excerpt(source, text, (Run(0, use.start, use.end - use.start),)), use),) if text else ())


def together(texts: Iterable[Text], use: Span | None = None) -> Text:
    """Strings one behind the other; ``use`` is where they are used, where they are not written there."""
    parts: list[Part] = []
    length = 0
    for text in texts:
        for part in text.parts:
            length += len(part.letters.text) if part.letters else 1
            parts.append(part if use is None else Part(part.letters, use))
            if length > MAX_LETTERS or len(parts) > MAX_LETTERS // 16:
                return hole(use or parts[0].use)
    return Text(tuple(parts))


def split(text: Text) -> list[Text]:
    """The words of a text, as ``str.split()`` makes them. A hole is taken for a word or a part of one."""
    words: list[list[Part]] = []
    inside = False
    for part in text.parts:
        if part.letters is None:
            words = words if inside else [*words, []]
            words[-1].append(part)
            inside = True
            continue
        letters, at = part.letters.text, 0
        while at < len(letters):
            end = at
            while end < len(letters) and letters[end].isspace() == letters[at].isspace():
                end += 1
            blank = letters[at].isspace()
            if not blank:
                if not inside:
                    words.append([])
                words[-1].append(Part(part.letters.part(at, end), part.use))
            inside, at = not blank, end
    return [Text(tuple(parts)) for parts in words]


def word(source: Source, text: Text, use: Span) -> Word:
    """A word of a command line; ``use`` is the expression that makes it."""
    pieces = [piece for part in text.parts for piece in _pieces(source, part)]
    if len(pieces) == 1 and pieces[0].text is not None:
        return Word(pieces[0].text, pieces[0].place)
    return word_of(pieces, Place(source, use)) if pieces else Word("", Place(source, use))


def _pieces(source: Source, part: Part) -> Iterator[Piece]:
    """The runs of a part, one for each stretch that stands in the file letter by letter."""
    if part.letters is None:
        yield Piece(None, Place(source, part.use))
        return
    runs = part.letters.runs
    for run, following in zip(runs, (*runs[1:], None), strict=True):
        letters = part.letters.text[run.start : following.start if following else None]
        if letters:
            length = run.length if run.length >= 0 else len(letters)
            yield Piece(letters, Place(source, source.span(run.source_start, run.source_start + length)))


def shell_text(source: Source, text: Text) -> Excerpt:
    """The text as a shell gets it. What was not written there points at where it is put in."""
    parts: list[Excerpt] = []
    quote = ""
    for part in text.parts:
        if part.letters is None:
            # Single quotes would keep the variable from being one.
            name = f"'\"{_HOLE}\"'" if quote == "'" else _HOLE
            parts += _filled(source, name, part.use)
            continue
        quote = _quote_behind(part.letters.text, quote)
        first = part.letters.runs[0].source_start
        here = part.use.start <= first <= part.use.end
        parts += (part.letters,) if here else _filled(source, part.letters.text, part.use)
    return Excerpt.join(parts) if parts else Excerpt(source, "", (Run(0, 0),))


def _filled(source: Source, text: str, use: Span) -> Sequence[Excerpt]:
    return (Excerpt(source, text, (Run(0, use.start, use.end - use.start),)),) if text else ()


def _quote_behind(letters: str, quote: str) -> str:
    """The quotes that are open behind letters of a shell's text."""
    skip = False
    for letter in letters:
        if skip:
            skip = False
        elif letter == "\\" and quote != "'":
            skip = True
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
    return quote
