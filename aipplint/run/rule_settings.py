"""The rules and severities for each file, from the settings and the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from aipplint.errors import SettingsError, where
from aipplint.findings import Finding, Severity
from aipplint.project.patterns import matches
from aipplint.project.settings import Selector, Settings
from aipplint.rules import RULES
from aipplint.rules.housekeeping import ALWAYS
from aipplint.rules.rule import Rule
from aipplint.rules.selection import ALL, Layer, families, nearest_rule, selected, vocabulary


class RuleSelection:
    """Selects rules for files, and caches each settings file. ``layer`` and ``preview`` are from the command line.

    Raises SettingsError, also later on, for a word that names no rule.
    """

    def __init__(self, layer: Layer, *, preview: bool) -> None:
        self._layer = layer
        self._preview = preview
        self._rules: dict[tuple[Settings, tuple[str, ...]], tuple[Rule, ...]] = {}
        self._severities: dict[Settings, Callable[[Finding], Finding] | None] = {}
        for option, words in zip(("--select", "--extend-select", "--ignore"), layer, strict=True):
            known_words(option, words or ())

    def rules(self, settings: Settings, path: str) -> tuple[Rule, ...]:
        """The rules that run on a file."""
        full = os.path.abspath(path)
        ignored = tuple(
            selector.text
            for pattern, selectors in settings.per_file_ignores()
            if matches(pattern, settings.folder, full)
            for selector in selectors
        )
        key = (settings, ignored)
        if key not in self._rules:
            layers = (_layer(settings), self._layer, Layer(ignore=ignored))
            preview = self._preview or bool(settings.values.get("preview"))
            self._rules[key] = selected(RULES, layers, preview)
        return self._rules[key]

    def severities(self, settings: Settings) -> Callable[[Finding], Finding] | None:
        """The severity of a finding by the table ``severity``; None if it has none."""
        if settings not in self._severities:
            self._severities[settings] = _severities(settings)
        return self._severities[settings]


def _layer(settings: Settings) -> Layer:
    """Return the rule selection of the settings; raises SettingsError for an unknown rule."""

    def words(name: str) -> tuple[str, ...] | None:
        return _texts(name, settings.selectors(name))

    for pattern, selectors in settings.per_file_ignores():
        _texts(f"per-file-ignores.{pattern}", selectors)
    return Layer(words("select"), words("extend-select") or (), words("ignore") or ())


def _texts(name: str, selectors: Sequence[Selector] | None) -> tuple[str, ...] | None:
    if selectors is None:
        return None
    _known(name, [(selector.text, f"{where(selector.place)}: ") for selector in selectors])
    return tuple(selector.text for selector in selectors)


def known_words(option: str, words: Sequence[str]) -> None:
    """Raise SettingsError for the first word of an option that names no rule."""
    _known(option, [(word, "") for word in words])


def _known(name: str, words: Sequence[tuple[str, str]]) -> None:
    """Raise SettingsError for the first word that names no rule; each has its displayed location."""
    if not words:
        return
    vocabulary_of_all = vocabulary(RULES)
    for word, place in words:
        if word not in vocabulary_of_all and word != ALL:
            meant = nearest_rule(RULES)(word)
            raise SettingsError(
                f"{place}{name}: no rule has the code or name '{word}'", word, (meant,) if meant else ()
            )


def _severities(settings: Settings) -> Callable[[Finding], Finding] | None:
    levels = {selector.text: Severity[level.upper()] for selector, level in settings.severities()}
    _texts("severity", [selector for selector, _ in settings.severities()])
    if not levels:
        return None

    def change(finding: Finding) -> Finding:
        if finding.code in ALWAYS:
            return finding
        for word in (finding.code, finding.name, *families(finding.code), ALL):
            if word in levels:
                return finding._replace(severity=levels[word])
        return finding

    return change
