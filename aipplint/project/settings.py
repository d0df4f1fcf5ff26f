"""aipplint's settings: ``aipplint.toml``, or ``[tool.aipplint]`` in ``pyproject.toml``; the nearest one is used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aipplint.errors import SettingsError, where
from aipplint.findings import Place, clean
from aipplint.project.border import border_of, within
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

if TYPE_CHECKING:
    from aipplint.project.locate import Locator

SCHEMA = "settings"
_OWN = "aipplint.toml"
_PYPROJECT = "pyproject.toml"
_TABLE = b"aipplint"
_VERSION = "required-version"
_EXTEND = "extend"
_MAX_EXTENDED = 10
"""Files in a chain of settings that extend each other."""
MAX_SETTINGS = 512 * 1024
"""Largest file of settings, in bytes; with the settings of other tools, real ones have some 20 kB."""
_MAX_PARTS = 64
"""Parts of a dotted key."""


class Selector(NamedTuple):
    """A code, name or family prefix, and its location."""

    text: str
    place: Place


class BuildTable(NamedTuple):
    """One ``[[build]]``: the configurations that it is for, and its part of the settings, not yet interpreted.

    ``configs`` are path patterns with their places. ``values`` has its keys in kebab-case; ``path`` leads to it.
    """

    configs: tuple[Selector, ...]
    values: Mapping[str, Any]
    path: tuple[str | int, ...]


class Settings:
    """The settings of a folder. Without a file, all of them have their defaults."""

    __slots__ = ("_inherited", "_locator", "builds", "folder", "path", "values")

    def __init__(
        self, path: str, folder: str, values: Mapping[str, Any], locator: Locator | None, base: Settings | None = None
    ) -> None:
        self.path = path
        """The displayed path of the file; empty if there is none."""
        self.folder = folder
        """Absolute path of the folder that patterns and paths in it begin at."""
        self.values: Mapping[str, Any] = values if base is None else {**base.values, **values}
        """What the file says, and for other keys the file that it extends; keys in kebab-case."""
        self._locator = locator
        self._inherited = {} if base is None else {key: base for key in base.values if key not in values}
        self.builds = tuple(self._build(index, build) for index, build in enumerate(self.values.get("build", ())))

    def selectors(self, *path: str) -> tuple[Selector, ...] | None:
        """The codes and names of a list, or None if it is absent."""
        found: Any = self.values
        for key in path:
            found = found.get(key)
            if found is None:
                return None
        return tuple(Selector(text, self.place(*path, index)) for index, text in enumerate(found))

    def severities(self) -> tuple[tuple[Selector, str], ...]:
        """The table ``severity``: the selected rules, and the severity."""
        table = self.values.get("severity", {})
        return tuple((Selector(word, self.key_place("severity", word)), level) for word, level in table.items())

    def per_file_ignores(self) -> tuple[tuple[str, tuple[Selector, ...]], ...]:
        """Path patterns and the selectors to ignore there."""
        table = self.values.get("per-file-ignores", {})
        return tuple((pattern, self.selectors("per-file-ignores", pattern) or ()) for pattern in table)

    def place(self, *path: str | int) -> Place:
        """Return the location of a value in the file."""
        locator = self.locator_of(path)
        return locator.place(path) if locator else Place(Source("<settings>", ""), Span(0, 0))

    def key_place(self, *path: str | int) -> Place:
        """Return the location of a key in the file."""
        locator = self.locator_of(path)
        return locator.key_place(path) if locator else self.place()

    def locator(self, *path: str | int) -> Locator | None:
        """Finds locations in a part of the file; None if there is no file."""
        locator = self.locator_of(path)
        return locator.below(path) if locator else None

    def text_place(self, value: str, *path: str | int) -> tuple[Place, bool]:
        """The location of a string, and whether it is literal."""
        locator = self.locator_of(path)
        return locator.text_place(path, value) if locator else (self.place(), False)

    def locator_of(self, path: tuple[str | int, ...]) -> Locator | None:
        """Return what finds places in the file that has a key."""
        base = self._inherited.get(str(path[0])) if path else None
        return self._locator if base is None else base.locator_of(path)

    def _build(self, index: int, values: Mapping[str, Any]) -> BuildTable:
        path = ("build", index)
        given = values["config"]
        if isinstance(given, str):
            configs = [Selector(given, self.place(*path, "config"))]
        else:
            configs = [Selector(text, self.place(*path, "config", number)) for number, text in enumerate(given)]
        for text, place in configs:
            if "\0" in text:
                raise SettingsError(f"{where(place)}: config is no path: it holds a null character")
        return BuildTable(tuple(configs), values, path)


NO_SETTINGS = Settings("", "", {}, None)


class Finder:
    """Finds the settings of files: the nearest ones above them. Every folder is searched once."""

    def __init__(self, fixed: str = "", isolated: bool = False) -> None:
        self._found: dict[str, Settings] = {}
        self._isolated = isolated
        self._fixed = read_settings(fixed, os.path.dirname(os.path.abspath(fixed)) or os.sep) if fixed else None

    def of_file(self, path: str) -> Settings:
        """The settings for a file."""
        return self.of_folder(os.path.dirname(os.path.abspath(path)))

    def of_folder(self, folder: str) -> Settings:
        """The settings for the files of a folder, given by its absolute path."""
        if self._fixed is not None:
            return self._fixed
        if self._isolated:
            return NO_SETTINGS
        climbed = []
        settings = NO_SETTINGS
        while folder not in self._found:
            climbed.append(folder)
            if found := _settings_in(folder):
                settings = found
                break
            above = os.path.dirname(folder)
            if above == folder:
                break
            folder = above
        else:
            settings = self._found[folder]
        for below in climbed:
            self._found[below] = settings
        return settings


def _settings_in(folder: str) -> Settings | None:
    for name in (_OWN, _PYPROJECT):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            data = _read(path, _display_path(path))
            if name == _OWN or _TABLE in data:
                table = _understand(_display_path(path), data)
                if table is not None:
                    return _settings(_display_path(path), folder, *table)
    return None


def read_settings(path: str, folder: str) -> Settings:
    """The settings in a file that the user names."""
    table = _understand(path, _read(path, path))
    if table is None:
        raise SettingsError(f"{clean(path)}: no table [tool.aipplint]")
    return _settings(path, folder, *table)


def _display_path(path: str) -> str:
    """A path relative to the current folder, if that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(path) else path


def _read(path: str, name: str) -> bytes:
    data = read_file(path, MAX_SETTINGS)
    if isinstance(data, Unreadable):
        raise SettingsError(f"{clean(name)}: cannot be read: {data.reason}")
    if isinstance(data, TooLarge):
        raise SettingsError(f"{clean(name)}: settings have at most {MAX_SETTINGS:,} bytes, not {data.size:,}")
    return data


def _understand(path: str, data: bytes) -> tuple[Source, dict[str, Any], dict[str, Any], tuple[str, ...]] | None:
    """The source, all of its data, aipplint's part and the keys to it; None if it has no such part."""
    import tomllib

    try:
        source = Source(path, data.decode())
    except UnicodeDecodeError:
        raise SettingsError(f"{clean(path)}: not UTF-8") from None
    if _is_nested(source.text):
        raise SettingsError(f"{clean(path)}: a key has more than {_MAX_PARTS} parts")
    with within_limits(path):
        try:
            whole = tomllib.loads(source.text)
        except tomllib.TOMLDecodeError as error:
            from aipplint.project.toml_errors import reason_of

            at, reason = _line_of(str(error), source), reason_of(str(error))
            message = "{path}:{at}: not valid TOML: {reason}" if reason else "{path}:{at}: not valid TOML"
            raise SettingsError(message.format(path=clean(path), at=at, reason=reason)) from None
    if os.path.basename(path) != _PYPROJECT:
        return source, whole, whole, ()
    table = whole.get("tool", {}) if isinstance(whole.get("tool", {}), dict) else {}
    return (source, whole, table["aipplint"], ("tool", "aipplint")) if "aipplint" in table else None


def _is_nested(text: str) -> bool:
    """Whether a key has too many parts; the time of tomllib grows with the square of their number."""
    import re

    part = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
    return re.search(rf"(?<![\w.-])(?:{part}[ \t]*+\.[ \t]*+){{{_MAX_PARTS}}}", text) is not None


@contextmanager
def within_limits(path: str) -> Iterator[None]:
    """Raise SettingsError if a text exceeds the limits of Python's parsers, or of the functions for its values."""
    try:
        yield
    except RecursionError:
        raise SettingsError(f"{clean(path)}: nested too deeply") from None
    except ValueError:
        raise SettingsError(f"{clean(path)}: a number has too many digits") from None


def _line_of(message: str, source: Source) -> str:
    """``line:column`` out of a message of tomllib, which has them nowhere else; without them, it is about the end."""
    import re

    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    return f"{found[1]}:{found[2]}" if found else ":".join(map(str, source.position(len(source.text))))


def kebab(key: str) -> str:
    """A key as the schema of the settings has it."""
    return key.replace("_", "-")


def _settings(
    path: str,
    folder: str,
    source: Source,
    whole: dict[str, Any],
    part: Any,
    prefix: tuple[str, ...],
    files: tuple[str, ...] = (),
) -> Settings:
    """Make the settings of a file; ``files`` are those that extend it, from the first."""
    from aipplint.project.locate import toml_locator
    from aipplint.project.validation import check

    with within_limits(path):
        locator = toml_locator(source, whole, kebab).below(prefix)
        values = _in_kebab(part, locator) if isinstance(part, dict) else part
        # First: keys that are not known may be those of the version that is asked for.
        if isinstance(values, dict) and isinstance(values.get(_VERSION), str):
            _check_version(values[_VERSION], locator)
        check(SCHEMA, values, locator)
    base = (
        _extended(values[_EXTEND], folder, locator, files or (os.path.realpath(path),)) if _EXTEND in values else None
    )
    return Settings(path, folder, values, locator, base)


def _extended(name: str, folder: str, locator: Locator, files: tuple[str, ...]) -> Settings:
    """Return the settings of the file that others extend; its paths begin at the folder of those too."""
    head = f"{where(locator.place((_EXTEND,)))}: {_EXTEND}"
    path = os.path.join(folder, name)
    real = "" if "\0" in path else os.path.realpath(path)
    if not real or not within(real, border_of(folder)):
        raise SettingsError(f"{head} must name a file of the repository, not '{clean(name)}'")
    if real in files:
        raise SettingsError(f"{head} leads back to {clean(_display_path(path))}")
    if len(files) > _MAX_EXTENDED:
        raise SettingsError(f"{head} leads through more than {_MAX_EXTENDED} files")
    shown = _display_path(os.path.normpath(path))
    table = _understand(shown, _read(path, shown))
    if table is None:
        raise SettingsError(f"{head}: {clean(shown)} has no table [tool.aipplint]")
    return _settings(shown, folder, *table, files=(*files, real))


def _check_version(required: str, locator: Locator) -> None:
    """Raise SettingsError where this aipplint is not one that the settings are for."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    from aipplint import __version__

    head = f"{where(locator.place((_VERSION,)))}: {_VERSION}"
    try:
        wanted = SpecifierSet(required if not required[:1].isdigit() else f"=={required}")
    except InvalidSpecifier:
        raise SettingsError(f"{head} is a version or conditions such as '>=0.1,<1', not '{clean(required)}'") from None
    if not wanted.contains(__version__, prereleases=True):
        raise SettingsError(f"{head} is {clean(required)}; this is aipplint {__version__}")


def _in_kebab(part: dict[str, Any], locator: Locator) -> dict[str, Any]:
    """Keys of settings and builds in kebab-case; the keys of other tables are the user's own."""
    values: dict[str, Any] = {}
    for key, value in part.items():
        plain, understood = kebab(key), value
        if plain in values:
            raise SettingsError(f"{where(locator.key_place((key,)))}: {plain} is given twice, in two spellings")
        if plain == "build" and isinstance(value, list):
            understood = [_in_kebab(one, locator) if isinstance(one, dict) else one for one in value]
        values[plain] = understood
    return values
