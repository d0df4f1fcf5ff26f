"""The reader for a file: by its name, or otherwise by its beginning."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from aipplint.atc.words import Word
from aipplint.readers.contents import EMPTY, MAX_SCRIPTS, Contents
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.extract import NOTHING, Extract, Script, bounded, merged
from aipplint.source import Source

SHELL, MARKDOWN, RESTRUCTURED, DOCKERFILE, MAKEFILE, CI, PYTHON, CPP, INI = (
    "shell script",
    "Markdown",
    "reStructuredText",
    "Dockerfile",
    "Makefile",
    "YAML",
    "Python",
    "C++",
    "INI",
)
DOCUMENTS = (MARKDOWN, RESTRUCTURED)
"""Documents show commands, they do not run them."""

SUFFIXES = {
    ".sh": SHELL,
    ".bash": SHELL,
    ".zsh": SHELL,
    ".ksh": SHELL,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".rst": RESTRUCTURED,
    ".dockerfile": DOCKERFILE,
    ".containerfile": DOCKERFILE,
    ".mk": MAKEFILE,
    ".mak": MAKEFILE,
    ".yml": CI,
    ".yaml": CI,
    ".py": PYTHON,
    ".c": CPP,
    ".cc": CPP,
    ".cpp": CPP,
    ".cxx": CPP,
    ".cu": CPP,
    ".h": CPP,
    ".hh": CPP,
    ".hpp": CPP,
    ".hxx": CPP,
    ".ini": INI,
}
NAMES = {
    "dockerfile": DOCKERFILE,
    "containerfile": DOCKERFILE,
    "makefile": MAKEFILE,
    "gnumakefile": MAKEFILE,
}
"""Suffixes and names, in lower case, that say the kind of a file."""
_PERHAPS_INI = (".cfg", ".config", ".conf", ".txt")
"""Suffixes that INI files share with AIPP configurations: the content decides."""
_COMMANDS = ("atc", "insert_op_conf", "ais_", "ais-", "msit", "ait", ".sh", "<<")
_SPEAKING = (*_COMMANDS, "aipp_op", "aapp_op")
"""Each text with a command, a call of a script or a configuration contains one of these."""
_BUILD_FILES = (DOCKERFILE, MAKEFILE, CI)
"""What holds configurations in scripts only."""
_SHEBANG = r"#!\s*\S*?(?:/env\s+(?:-\S+\s+)*)?(?:\S*/)?(bash|sh|zsh|dash|ksh|ash|python[\d.]*)\b"
_DOCKERFILE = ("dockerfile.", "containerfile.")


def kind_of_name(path: str) -> str:
    """The kind of a file by its name; empty if unknown."""
    name = os.path.basename(path).lower()
    if name in NAMES:
        return NAMES[name]
    if name.startswith(_DOCKERFILE):
        return DOCKERFILE
    return SUFFIXES.get(os.path.splitext(name)[1], "")


def may_be_read(path: str) -> bool:
    """Whether there can be a reader for a file, from its name: no suffix may be a script with a shebang."""
    name = os.path.basename(path)
    return bool(kind_of_name(path)) or "." not in name.lstrip(".") or name.lower().endswith(_PERHAPS_INI)


def kind_of(path: str, text: str) -> str:
    """The kind of a file whose text is known; empty for what no reader is for, such as an AIPP configuration."""
    kind = kind_of_name(path)
    if kind:
        return kind
    if text.startswith("#!") and (shebang := re.match(_SHEBANG, text)):
        return PYTHON if shebang[1].startswith("python") else SHELL
    if path.lower().endswith(_PERHAPS_INI):
        from aipplint.readers.ini import is_ini

        return INI if is_ini(text) else ""
    return ""


def read(kind: str, source: Source, path: str, arguments: Sequence[Word] | None = None) -> Extract:
    """Read a file; ``path`` is absolute, ``arguments`` are those of a known call of a script."""
    return bounded(_read(kind, source, path, arguments))


def _read(kind: str, source: Source, path: str, arguments: Sequence[Word] | None) -> Extract:
    if kind == PYTHON:
        from aipplint.readers.python.reader import read_python

        return read_python(source, path)
    if kind == CPP:
        from aipplint.readers.cpp.reader import read_cpp

        return read_cpp(source)
    if kind == INI:
        return _read_ini(source)
    words = _COMMANDS if kind in _BUILD_FILES else _SPEAKING
    if not any(word in source.text for word in words):
        return NOTHING
    contents = _contents(kind, source)
    found = [Extract(configs=contents.configs, tools=contents.tools)] if contents.configs or contents.tools else []
    if contents.scripts:
        from aipplint.readers.shell.reader import read_script

        found += [read_script(script, path, arguments) for script in contents.scripts[:MAX_SCRIPTS]]
    if not found:
        return NOTHING
    together = merged(found)
    if not contents.fetches:
        return together
    # One script cannot see what another one fetched before it.
    return together._replace(commands=tuple(command._replace(fetches=True) for command in together.commands))


def _contents(kind: str, source: Source) -> Contents:
    """The scripts in a file of a kind, and the configurations that are written there."""
    if kind == SHELL:
        return Contents((Script((Excerpt.whole(source),)),))
    if kind == MARKDOWN:
        from aipplint.readers.documents.markdown import read_markdown as reader
    elif kind == RESTRUCTURED:
        from aipplint.readers.documents.restructured import read_restructured as reader
    elif kind == DOCKERFILE:
        from aipplint.readers.build_files.dockerfile import read_dockerfile as reader
    elif kind == MAKEFILE:
        from aipplint.readers.build_files.makefile import read_makefile as reader
    elif kind == CI:
        from aipplint.readers.build_files.ci_yaml import read_ci as reader
    else:
        return EMPTY
    return reader(source)


def _read_ini(source: Source) -> Extract:
    from aipplint.readers.benchmark_ini import SECTION, settings_of, tool_settings
    from aipplint.readers.ini import read_ini
    from aipplint.readers.mindspore_lite import declared_build, is_converter

    ini = read_ini(source)
    if is_converter(source.text):
        declared = declared_build(ini)
        return Extract(declared=(declared,) if declared else (), ini=ini)
    settings = settings_of(tool_settings(ini)) if f"[{SECTION}]" in source.text else None
    return Extract(settings=(settings,) if settings else (), ini=ini)
