"""``--show-files``, ``--show-settings``, ``--show-profiles``: the files, settings and profiles of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from aipplint.findings import clean
from aipplint.pipeline import Use
from aipplint.run.plan import uses_of
from aipplint.run.session import Session


def files(paths: Sequence[str]) -> str:
    """Print the files, one on each line."""
    return "".join(f"{clean(path)}\n" for path in paths)


def settings(session: Session, paths: Sequence[str]) -> str:
    """Print each settings file in use, its values, and the rules that it selects."""
    by_settings: dict[str, list[str]] = {}
    for path in paths or ["."]:
        found = session.finder.of_file(path)
        uses_of(session, path)
        lines = [f"settings: {clean(found.path) or 'none'}"]
        lines += [
            f"{key} = {clean(json.dumps(value, ensure_ascii=False, default=str))}"
            for key, value in found.values.items()
        ]
        lines.append(f"rules: {' '.join(rule.code for rule in session.rules(path))}")
        by_settings.setdefault("\n".join(lines), []).append(path)
    blocks = []
    for text, of in by_settings.items():
        for_files = "".join(f"  {clean(path)}\n" for path in of) if paths else ""
        blocks.append(f"{text}\n" + (f"files:\n{for_files}" if for_files else ""))
    return "\n".join(blocks)


def profiles(session: Session, paths: Sequence[str]) -> str:
    """Print the shapes of all inputs in every profile, in the format of the ATC manual, for each build of each file."""
    shown: dict[tuple[str, tuple[tuple[str, str | None], ...]], str] = {}
    for path in paths or ["."]:
        for use in uses_of(session, path):
            head = f"{clean(path)}:\n" if paths else ""
            key = (path, tuple((option.name, option.value) for option in use.build.options.values()))
            shown.setdefault(key, head + "".join(f"{line}\n" for line in _profiles(use)))
    return "\n".join(shown.values()) or "no build is known\n"


def _profiles(use: Use) -> Iterator[str]:
    lines = [clean(str(profile)) for profile in use.build.expanded_profiles]
    yield from lines or ["no profiles"]
