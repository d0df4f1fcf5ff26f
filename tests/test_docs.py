"""docs/ says what the rules and the schema say now."""

from __future__ import annotations

from tests.docs import DOCS, pages


def test_generated_pages_are_up_to_date() -> None:
    made = pages()
    stale = [path.name for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]

    assert not stale, f"`make docs` writes them anew: {', '.join(stale)}"


def test_no_page_of_a_rule_that_is_gone() -> None:
    """A code is never reused, so an old page would only mislead."""
    gone = set((DOCS / "rules").glob("*.md")) - set(pages())
    assert not gone, f"`make docs` removes them: {sorted(path.name for path in gone)}"
