"""``aipplint builds``: the builds and run-time settings that were found for configurations."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import groupby

from aipplint import __version__
from aipplint.cli.arguments import Parser, add_settings
from aipplint.cli.output import complain, emit, plural
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.project.command import OPTIONS, OUTPUT
from aipplint.run.builds import (
    CONFIG_ELSEWHERE,
    CONFIG_HERE,
    CONFIG_HIDDEN,
    CONFIG_MISSING,
    CONFIG_NONE,
    CONFIG_WRITTEN,
    OVERRIDDEN,
    BuildList,
    BuildRow,
    Location,
    RuntimeRow,
    list_builds,
)
from aipplint.run.session import Request, Session

_EPILOG = """\
Builds are found in shell scripts, Markdown and reStructuredText, Dockerfiles, Makefiles, CI files, Python and INI
files of MindSpore Lite; run-time settings in C++ and Python code and in INI files of the benchmark tool. Under git,
tracked files and untracked ones that are not ignored are looked at; elsewhere the folders that are named. Nothing is
ever run. Builds in the settings file ([[build]] tables) win over found ones.

Exit code: 0 listed, 2 a mistake in the command or the settings.

Examples:
  aipplint builds
  aipplint builds deploy/aipp.cfg
  aipplint builds --output-format=json | jq '.builds[].options.input_shape'
"""

_FORMATS = ("table", "json")
_STATES = {
    CONFIG_MISSING: "not in the repository",
    CONFIG_ELSEWHERE: "outside of the repository",
    CONFIG_HIDDEN: "cannot be known",
    CONFIG_WRITTEN: "written in the same file",
    CONFIG_NONE: "no configuration",
}
_SHOWN = (*OPTIONS, OUTPUT)
"""The options that the table shows."""


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint builds",
        "aipplint builds [OPTIONS] [PATH...]",
        "List the builds and run-time settings that are discovered for configurations.",
        _EPILOG,
    )
    add_settings(parser)
    output = parser.add_argument_group("Output")
    output.add_argument(
        "-f",
        "--output-format",
        metavar="NAME",
        choices=_FORMATS,
        default="table",
        help="table or json (default: table)",
    )
    output.add_argument("-q", "--quiet", action="store_true", help="do not print notes on standard error")
    output.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, paths = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{clean(path)}: no such file or folder")
    session = Session(Request(config=options.config, isolated=options.isolated, release=options.cann_version))
    builds = list_builds(session, paths or ["."])
    emit(_as_json(builds) if options.output_format == "json" else _table(builds))
    if not options.quiet:
        for line in session.indexes.notes(unbuilt=builds.unused):
            complain(line)
        configs = len({row.config for row in builds.rows if row.state == CONFIG_HERE})
        complain(f"{plural(len(builds.rows), 'build')}, {plural(configs, 'configuration')} with a build")
    return 0


def _table(builds: BuildList) -> str:
    """Render the builds by configuration, with their options in the lines below."""
    blocks = []
    for (config, state), rows in groupby(builds.rows, key=lambda row: (row.config, row.state)):
        head = clean(config) + (f" ({_STATES[state]})" if state in _STATES and config else "")
        lines = [head or f"({_STATES[state]})"]
        for row in rows:
            lines += _lines(row)
        blocks.append("\n".join(lines) + "\n")
    if builds.unused:
        names = "".join(f"  {clean(path)}\n" for path in builds.unused)
        blocks.append(f"no build found for:\n{names}")
    return "\n".join(blocks)


def _lines(row: BuildRow) -> Iterator[str]:
    overridden = ", overridden by the settings" if row.source == OVERRIDDEN else ""
    where = f"{_place(row.where)} " if row.where else ""
    yield f"  {where}({row.kind}{overridden})"
    for name in _SHOWN:
        if name in row.options:
            yield f"    --{name}={clean(row.options[name])}"
    if row.unknown:
        yield f"    unknown: {' '.join(f'--{clean(name)}' for name in row.unknown)}"
    for profile in row.profiles:
        yield f"    {clean(profile)}"
    for runtime in row.runtime:
        yield f"    run time: {_place(runtime.where)} {clean(_values(runtime))}".rstrip()


def _place(where: Location) -> str:
    return f"{clean(where.path)}:{where.line}"


def _values(runtime: RuntimeRow) -> str:
    known = [f"{name}={_value(value)}" for name, value in runtime.values.items()]
    return " ".join((*known, *(f"{name}=?" for name in runtime.unknown)))


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "(" + " ".join(f"{name}={_value(part)}" for name, part in value.items()) + ")"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_json(builds: BuildList) -> str:
    """Render the document (schemas/builds.schema.json), in ASCII like the report."""
    document = {
        "version": 1,
        "tool": {"name": "aipplint", "version": __version__},
        "builds": [_object(row) for row in builds.rows],
        "unused": [clean(path) for path in builds.unused],
        "skipped": [{"path": clean(path), "bytes": size} for path, size in builds.skipped],
    }
    return json.dumps(document, indent=2) + "\n"


def _object(row: BuildRow) -> dict[str, object]:
    return {
        "config": clean(row.config) if row.config else None,
        "state": row.state,
        "source": row.source,
        "kind": row.kind,
        "command": row.where and _where(row.where),
        "options": {clean(name): clean(value) for name, value in row.options.items()},
        "unknown": [clean(name) for name in row.unknown],
        "profiles": [clean(profile) for profile in row.profiles],
        "runtime": [{**_where(one.where), "values": one.values, "unknown": list(one.unknown)} for one in row.runtime],
    }


def _where(where: Location) -> dict[str, object]:
    return {"path": clean(where.path), "line": where.line, "column": where.column}
