"""Training code of the model that a configuration is for: which files it is in, and which of it counts.

Files are chosen by their names, read late, and only in the folder of one model. Code that agrees with the configuration
needs no further evidence. Code that differs counts only if a command ties the configuration to the model, and if other
code executes it.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from aipplint.config.config import read_config
from aipplint.config.normalisation import Channel, channels_of
from aipplint.project.model_folders import ModelFolders, is_bundled
from aipplint.source import Source
from aipplint.syntax.parser import parse
from aipplint.training.normalisation import AGREES, OPTIONAL, SCALED, Normalisation, Training, difference, levels_of

MAX_FILES = 200
"""Files of training code of one model that are looked at; those that lie highest come first."""
MAX_CONFIGS = 12
"""Configurations of one model folder; one with more is no folder of one model."""

_DATA_SET = re.compile(r"(?i)imagenet|cifar|mnist|svhn|coco|voc(?![a-z])")
_LIKELY = re.compile(r"(?i)data|process|transform|augment|default_config|preprocessor|infer_from_pb")
"""What stands in the names of files that normalise images."""
_LABELS = re.compile(rb"(?i)(imagenet|cifar|mnist|svhn|coco|voc)[\w.-]*\.(?:names|txt|label|labels|json)")


class TrainedModels:
    """The training code of a repository, by the folder of its model."""

    def __init__(self, folders: ModelFolders) -> None:
        self.folders: Final = folders
        self.index: Final = folders.index
        self._channels: dict[str, tuple[Channel, ...]] = {}
        self._files: dict[str, list[str]] = {}
        self._known: dict[str, tuple[Normalisation, ...]] = {}

    def of(self, path: str, source: Source) -> Training | None:
        """Return the training code that counts for a configuration, given by its absolute path and its text.

        None if there is none, or if the configuration has several operators.
        """
        folder = self.folders.of(path)
        if folder is None or not self._code(folder):
            return None
        channels = self._channels[path] = _channels_in(source)
        if all(channel.offset == 0 and channel.reciprocal == 1 for channel in channels):
            return None  # Whoever leaves the normalisation out of AIPP does it elsewhere.
        found = []
        for place in self._in_folder(folder):
            levels = levels_of(channels, place)
            if levels is not None:
                found.append((place, levels))
                if max(levels) < AGREES:
                    return Training((place,))
        return self._differing(path, folder, channels, found) if found else None

    def _differing(
        self,
        path: str,
        folder: str,
        channels: Sequence[Channel],
        found: Sequence[tuple[Normalisation, tuple[float, ...]]],
    ) -> Training | None:
        """The code that differs, as far as it counts."""
        tied = self._is_tied(path, folder)
        # Some channels that agree tie the code as well as a command does.
        found = [
            (place, levels) for place, levels in found if min(levels) < AGREES or (tied and place.strength != SCALED)
        ]
        texts = dict(self._texts(folder))
        from aipplint.training.python_code import has_layer

        if any(map(has_layer, texts.values())) or not self._alone(path, folder, channels):
            return None
        places = self._of_data_set(path, folder, [place for place, _ in found if _is_executed(place, texts)])
        if not places:
            return None
        return Training(tuple(places), weak=not tied or _several(places))

    # Files.

    def _code(self, folder: str) -> list[str]:
        """The files that may be training code: first those that are named so, then the highest."""
        if folder not in self._files:
            self._files[folder] = self._listed(folder)
        return self._files[folder]

    def _listed(self, folder: str) -> list[str]:
        names = [path for path in self.folders.below(folder) if path.endswith((".py", ".yaml", ".yml", ".json"))]
        own = [path for path in names if not is_bundled(path[len(folder) :])]
        highest = sorted(own, key=lambda path: (path.count("/"), path))[:MAX_FILES]
        return sorted(highest, key=lambda path: not _LIKELY.search(path.rpartition("/")[2]))

    def _in_folder(self, folder: str) -> Iterator[Normalisation]:
        """The normalisations in the folder of a model; each file is read when somebody gets to it, and once."""
        for path in self._code(folder):
            if path not in self._known:
                self._known[path] = tuple(self._read(path))
            yield from self._known[path]

    def _read(self, path: str) -> Sequence[Normalisation]:
        from aipplint.training.read import may_normalise, read_training

        content = self.folders.content(path)
        if not may_normalise(path, content):
            return ()
        return read_training(Source.from_bytes(self.folders.name(path), content))

    def _texts(self, folder: str) -> Iterator[tuple[str, str]]:
        """The Python code of a model, by the name that people see."""
        for path in self._code(folder):
            if path.endswith(".py"):
                yield self.folders.name(path), self.folders.content(path).decode(errors="replace")

    # Evidence.

    def _is_tied(self, path: str, folder: str) -> bool:
        """Whether a command names a configuration, or takes it as an argument and it is the only one beside."""
        here, hidden = os.path.dirname(path), False
        for build in self.index.builds_around(path):
            if build.config == path:
                return True
            option = build.build.option("insert_op_conf")
            hidden = hidden or (option is not None and not build.config and os.path.dirname(build.file) == here)
        siblings = [one for one in self.folders.configurations(folder) if os.path.dirname(one) == here]
        return (hidden and siblings == [path]) or self._is_named(path, folder)

    def _is_named(self, path: str, folder: str) -> bool:
        """Whether a script of the model gives the path of a configuration to something."""
        pattern = re.compile(rf"[\w./-]*{re.escape(os.path.basename(path))}(?![\w.])")
        for script in self.folders.below(folder):
            if script.endswith(".sh"):
                start = os.path.dirname(self.folders.full(script))
                for found in pattern.finditer(self.folders.content(script).decode(errors="replace")):
                    if any(
                        os.path.normpath(os.path.join(one, found[0])) == path for one in (start, os.path.dirname(start))
                    ):
                        return True
        return False

    def _alone(self, path: str, folder: str, channels: Sequence[Channel]) -> bool:
        """Whether the configurations of a model folder normalise alike: others may be those of other models."""
        others = [one for one in self.folders.configurations(folder) if one != path]
        if len(others) >= MAX_CONFIGS:
            return False
        return all(known == channels for other in others if (known := self._channels_of(other)))

    def _channels_of(self, path: str) -> tuple[Channel, ...]:
        """The channels of a configuration, given by its absolute path."""
        if path not in self._channels:
            source = self.folders.configuration(path)
            self._channels[path] = _channels_in(source) if source is not None else ()
        return self._channels[path]

    def _of_data_set(self, path: str, folder: str, places: Sequence[Normalisation]) -> list[Normalisation]:
        """The places without those that are for another data set than the labels beside the configuration."""
        named = {place: _data_sets(f"{place.place.source.path} {place.words}") for place in places}
        if not any(named.values()):
            return list(places)
        labels = self._labels(path, folder)
        return [place for place in places if not labels or not named[place] or named[place] & labels]

    def _labels(self, path: str, folder: str) -> set[str]:
        """The data sets whose labels the deployment names: in the folder of the configuration or the one above it."""
        relative = os.path.relpath(os.path.dirname(path), self.index.file_list.root).replace(os.sep, "/")
        above = posixpath.dirname(relative)
        deployed = above if above.startswith(folder) and len(above) > len(folder) else relative
        found: set[str] = set()
        for name in self.folders.below(deployed)[:MAX_FILES]:
            found |= {one.decode().lower() for one in _LABELS.findall(name.encode(errors="replace"))}
            if name.endswith((".py", ".cpp", ".sh", ".pipeline", ".h", ".md")):
                found |= {one.decode().lower() for one in _LABELS.findall(self.folders.content(name))}
        return found


def _channels_in(source: Source) -> tuple[Channel, ...]:
    """The channels of a configuration with one operator; none if it has several."""
    ops = read_config(source, parse(source)).ops
    return channels_of(ops[0]) if len(ops) == 1 else ()


def _data_sets(text: str) -> set[str]:
    return {one.lower() for one in _DATA_SET.findall(text)}


def _is_executed(place: Normalisation, texts: dict[str, str]) -> bool:
    """Whether other code mentions the functions and constants that a place belongs to."""
    if place.strength == OPTIONAL:
        return False
    for name in place.names:
        counts = Counter({path: len(re.findall(rf"\b{re.escape(name)}\b", text)) for path, text in texts.items()})
        if counts[place.place.source.path] < 2 and counts.total() < 2:
            return False
    return True


def _several(places: Sequence[Normalisation]) -> bool:
    """Whether the code normalises in several ways."""
    first = places[0]
    reciprocals = [1 / deviation for deviation in first.deviation]
    others = (difference(_three(first.mean), _three(tuple(reciprocals)), place) for place in places[1:])
    return any(levels is None or max(levels) >= AGREES for levels in others)


def _three(values: tuple[float, ...]) -> tuple[float, ...]:
    return values * 3 if len(values) == 1 else values
