"""What holds of every finding, whatever the input: no rule failed, and all of it can be shown."""

from __future__ import annotations

from collections.abc import Iterable

from aipplint import Finding
from aipplint.findings import Place


def assert_sound(found: Iterable[Finding]) -> None:
    """No rule failed, and every place, edit and message can be shown."""
    for finding in found:
        assert finding.code != "AIPP903", finding.message
        for text in (finding.message, finding.help, *(related.message for related in finding.related)):
            assert text.isprintable(), text
        for place in (finding.place, *(related.place for related in finding.related)):
            assert_inside(place)
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= len(finding.place.source.text)


def assert_inside(place: Place) -> None:
    """A place lies in its text."""
    source, span = place
    assert 0 <= span.start <= span.end <= len(source.text), place
    position = source.position(span.end)
    assert 1 <= position.line <= len(source.line_starts)
