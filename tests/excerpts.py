"""What is true of every excerpt, and hostile files: for the tests of the readers of documents and build files."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from aipplint.atc.words import Word
from aipplint.readers.contents import Contents
from aipplint.readers.excerpt import Excerpt
from aipplint.source import Source
from tests.work import at_most

Reader = Callable[[Source], Contents]


def texts(contents: Contents) -> list[str]:
    """The texts of all scripts."""
    return [text.text for script in contents.scripts for text in script.texts]


def place_of(excerpt: Excerpt, words: str) -> tuple[int, int, str]:
    """Line, column and letters in the file of a part of an excerpt."""
    at = excerpt.text.index(words)
    source, span = excerpt.place(at, at + len(words))
    line, column = source.position(span.start)
    return line, column, source.text[span.start : span.end]


def assert_true_to(source: Source, contents: Contents) -> None:
    """Every run of an excerpt has the letters of the file, and every place lies inside it."""
    excerpts = [text for script in contents.scripts for text in script.texts]
    excerpts += [config.text for config in contents.configs]
    excerpts += contents.tools
    for excerpt in excerpts:
        assert excerpt.source is source
        ends = [run.start for run in excerpt.runs[1:]] + [len(excerpt.text)]
        assert excerpt.runs[0].start == 0
        assert ends == sorted(ends)
        for (start, at, length), end in zip(excerpt.runs, ends, strict=True):
            assert 0 <= at <= at + max(length, 0) <= len(source.text)
            if length < 0:
                assert source.text[at : at + end - start] == excerpt.text[start:end]
    for script in contents.scripts:
        for _, word in script.variables:
            assert_inside(source, word)


def assert_inside(source: Source, word: Word) -> None:
    """A word and its pieces lie inside the file."""
    for _, (where, span) in [(word.text, word.place), *word.pieces]:
        assert where is source
        assert 0 <= span.start <= span.end <= len(source.text)


def assert_cheap(reader: Reader, text: str) -> None:
    """Fail unless a hostile file is read without an exception, by as many calls as only a hang or a square exceeds."""
    source = Source("x", text)
    with at_most():
        contents = reader(source)
    assert_true_to(source, contents)


def damaged(text: str, pieces: list[str]) -> st.SearchStrategy[str]:
    """Texts in which pieces were put, doubled and cut out at random."""
    edit = st.tuples(
        st.integers(0, len(text)), st.integers(0, 12), st.one_of(st.sampled_from(pieces), st.text(max_size=3))
    )

    def apply(edits: list[tuple[int, int, str]]) -> str:
        made = text
        for at, cut, put in edits:
            made = made[:at] + put + made[at + cut :]
        return made

    return st.lists(edit, max_size=8).map(apply)
