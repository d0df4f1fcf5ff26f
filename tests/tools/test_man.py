"""The manual page, as ``man`` shows it."""

from __future__ import annotations

from aipplint.cli import COMMANDS
from tests.docs import DOCS
from tests.tools.workplace import Workplace, needs


@needs("man", "man-db")
def test_man_shows_the_page_and_warns_of_nothing(workplace: Workplace) -> None:
    workplace.environment |= {"MANWIDTH": "90", "MAN_KEEP_FORMATTING": "", "GROFF_NO_SGR": "1", "MANROFFOPT": "-c"}
    page = workplace.home / "aipplint.1"
    page.write_text((DOCS / "aipplint.1").read_text(encoding="utf-8"), encoding="utf-8")
    text = workplace.run("sh", "-c", f'man --warnings -E ascii -l "{page}" 2>&1 | col -bx')

    assert "warning" not in "".join(line for line in text.splitlines() if "troff" in line)
    for name in COMMANDS:
        assert f"   aipplint {name} " in text
    assert '           aipplint check aipp.cfg --input-shape "data:8,3,-1,-1" ' in text
    assert "Exit code: 0 clean, 1 findings at or above the fail level" in " ".join(text.split())
