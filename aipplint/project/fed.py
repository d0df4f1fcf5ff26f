"""Programs that feed the model which a configuration is compiled into.

They are found in the folder of the model by their names and words, and read late. A program counts only if commands tie
the configuration to the model that it feeds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from aipplint.atc.geometry import targets
from aipplint.config.config import read_config
from aipplint.config.op import AippOp
from aipplint.feeding.picture import NV21, PACKED, PLANAR, Fed, Feeding, Program
from aipplint.findings import Place
from aipplint.hardware.size import Size
from aipplint.project.model_folders import DEPLOYMENT, ModelFolders, is_bundled
from aipplint.source import Source
from aipplint.syntax.parser import parse

if TYPE_CHECKING:
    from aipplint.project.resolved import FoundBuild

MAX_PROGRAMS = 200
"""Files in the folder of one model that are looked at; those that lie highest come first."""
_SUFFIXES = (".cpp", ".cc", ".cxx", ".pipeline", ".py")
_CHANNELS = (1, 3)
_DATA = ("data", "process", "transform", "augment", "loader", "train", "eval")
"""What stands in the names of files that read the images of training."""


class FeedingPrograms:
    """The programs of a repository, by the folder of the model that they feed."""

    def __init__(self, folders: ModelFolders) -> None:
        self._folders: Final = folders
        self._fed: dict[str, tuple[Fed, ...]] = {}
        self._inside: dict[str, list[str]] = {}
        self._orders: dict[str, Place | None] = {}

    def of(self, path: str, source: Source) -> Feeding | None:
        """Return what is fed to the model of a configuration, given by its absolute path and its text.

        None if nothing is known, or if the configuration has not one static operator.
        """
        ops = read_config(source, parse(source)).ops
        folder = self._folders.of(path)
        if folder is None or len(ops) != 1 or not ops[0].is_static:
            return None
        areas: dict[str, list[Fed]] = {}
        for file in self._files(folder):
            fed = self._read(file)
            area = self._area(file, folder) if fed else None
            if area is not None:
                areas.setdefault(area, []).extend(fed)
        found = [program for area, fed in areas.items() for program in self._tied(area, fed, folder, path, ops[0])]
        return Feeding(tuple(found)) if found else None

    def _tied(self, area: str, fed: Sequence[Fed], folder: str, path: str, op: AippOp) -> Iterator[Program]:
        """What the programs of an area feed to the model of a configuration."""
        alone = self._configurations(area) == [path]
        own = list(self._builds(path, alone=alone))
        if not own or path not in self._configurations(area):
            return
        others = any(build not in own for build in self._builds_in(area))
        for one in fed:
            builds = [build for build in own if one.model and build.model == one.model]
            if not builds and alone and not others and not _may_be_others(one, fed, own):
                builds = own
            if builds:
                sizes = {_size(op, build) for build in builds}
                origin = builds[0].build.origin
                size = sizes.pop() if len(sizes) == 1 else None
                trained = self._trained_in_rgb(folder)
                yield Program(one, size, origin and origin.head, "RGB" if trained else "", trained)

    def _files(self, folder: str) -> list[str]:
        names = [path for path in self._folders.below(folder) if path.endswith(_SUFFIXES)]
        own = [path for path in names if not is_bundled(path[len(folder) :])]
        return sorted(own, key=lambda path: (path.count("/"), path))[:MAX_PROGRAMS]

    def _area(self, file: str, folder: str) -> str | None:
        """The nearest folder above a file that has configurations; None if there is none in the folder of the model."""
        while len(file) > len(folder):
            file = file.rpartition("/")[0]
            if self._configurations(file):
                return file
        return None

    def _configurations(self, folder: str) -> list[str]:
        """The configurations in a folder, by their absolute paths."""
        if folder not in self._inside:
            self._inside[folder] = list(filter(self._folders.is_configuration, self._folders.configurations(folder)))
        return self._inside[folder]

    def _builds(self, path: str, *, alone: bool) -> Iterator[FoundBuild]:
        """The builds with a configuration, and if it is alone those beside it that do not say which one they take."""
        beside = os.path.dirname(path)
        for build in self._folders.index.builds_around(path):
            option = build.build.option("insert_op_conf")
            hidden = option is not None and option.value is None and os.path.dirname(build.file) == beside
            if build.config == path or (hidden and alone):
                yield build

    def _builds_in(self, folder: str) -> Iterator[FoundBuild]:
        """The builds in the files below a folder."""
        for file in self._folders.index.files_in(self._folders.full(folder)).values():
            yield from file.builds

    # Reading.

    def _read(self, file: str) -> tuple[Fed, ...]:
        if file not in self._fed:
            self._fed[file] = tuple(self._read_file(file))
        return self._fed[file]

    def _read_file(self, file: str) -> Sequence[Fed]:
        from aipplint.feeding import cpp_program, pipeline_file, python_program

        reader = next(one for one in (cpp_program, pipeline_file, python_program) if file.endswith(one.SUFFIXES))
        content = self._folders.content(file)
        return reader.read(Source.from_bytes(self._folders.name(file), content)) if reader.WORDS.search(content) else ()

    def _trained_in_rgb(self, folder: str) -> Place | None:
        """A place where the training code of a model reads images, if all of it reads them as R, G, B."""
        if folder not in self._orders:
            self._orders[folder] = self._read_order(folder)
        return self._orders[folder]

    def _read_order(self, folder: str) -> Place | None:
        from aipplint.training.order import WORDS, reads_rgb

        found: Place | None = None
        for file in self._files(folder):
            inner = file[len(folder) :].lower()
            if not file.endswith(".py") or DEPLOYMENT.intersection(inner.split("/")):
                continue
            content = self._folders.content(file)
            if not WORDS.search(content):
                continue
            source = Source.from_bytes(self._folders.name(file), content)
            start = reads_rgb(source.text)
            if start is None:
                return None
            if start >= 0 and found is None and any(word in inner.rpartition("/")[2] for word in _DATA):
                found = Place(source, source.span(start, start + 1))
        return found


def _may_be_others(one: Fed, fed: Sequence[Fed], builds: Sequence[FoundBuild]) -> bool:
    """Whether an image may be fed to another model than the one that some builds make."""
    if one.model and any(build.model for build in builds):
        return True
    beside = [other for other in fed if other.place.source is one.place.source]
    sizes = {other.picture.size for other in beside if other.picture.size is not None}
    layouts = {other.picture.layout for other in beside if other.picture.layout}
    # The hardware may decode to one form of YUV420SP and resize to another.
    forms = {other.picture.layout for other in fed if other.picture.layout not in (PACKED, PLANAR)}
    turned = one.picture.layout == NV21 and len(forms) > 1
    return turned or len({other.model for other in beside}) > 1 or len(sizes) > 1 or len(layouts) > 1


def _size(op: AippOp, build: FoundBuild) -> Size | None:
    """The size of the model's input that an operator feeds; None if it is unknown or has several."""
    shape, found = build.build.input_of(op), targets(op, build.build)
    # Three channels elsewhere are the sign of another layout (AIPP628).
    known = shape is not None and shape.channels in _CHANNELS and len(found) == 1
    return found[0].size if known else None
