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
from aipplint.feeding.picture import Fed, Feeding, Program
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
        self._orders: dict[str, Place | None] = {}

    def of(self, path: str, source: Source) -> Feeding | None:
        """Return what is fed to the model of a configuration, given by its absolute path and its text.

        None if nothing is known, or if the configuration has not one static operator.
        """
        ops = read_config(source, parse(source)).ops
        folder = self._folders.of(path)
        if folder is None or len(ops) != 1 or not ops[0].is_static:
            return None
        programs = [program for file in self._files(folder) for program in self._tied(file, folder, path, ops[0])]
        return Feeding(tuple(programs)) if programs else None

    def _tied(self, file: str, folder: str, path: str, op: AippOp) -> Iterator[Program]:
        """What a file feeds to the model of a configuration."""
        area = self._area(file, folder)
        if area is None:
            return
        inside, configurations = area
        own = list(self._builds(path, configurations))
        if not own or path not in configurations:
            return
        found = self._read(file)
        others = [build for build in self._builds_in(inside) if build not in own] if found else []
        for fed in found:
            named = [build for build in own if fed.model and build.model == fed.model]
            if not named and (len(configurations) > 1 or others or any(build.model for build in own if fed.model)):
                continue
            builds = named or own
            sizes = {size for build in builds if (size := _size(op, build)) is not None}
            origin = builds[0].build.origin
            size = sizes.pop() if len(sizes) == 1 else None
            trained = self._trained_in_rgb(folder)
            yield Program(fed, size, origin and origin.head, "RGB" if trained else "", trained)

    def _files(self, folder: str) -> list[str]:
        names = [path for path in self._folders.below(folder) if path.endswith(_SUFFIXES)]
        own = [path for path in names if not is_bundled(path[len(folder) :])]
        return sorted(own, key=lambda path: (path.count("/"), path))[:MAX_PROGRAMS]

    def _area(self, file: str, folder: str) -> tuple[str, list[str]] | None:
        """The nearest folder above a file that has configurations, with these; None if there is none."""
        while len(file) > len(folder):
            file = file.rpartition("/")[0]
            configurations = self._folders.configurations(file)
            if configurations:
                return file, configurations
        return None

    def _builds(self, path: str, configurations: Sequence[str]) -> Iterator[FoundBuild]:
        """The builds with a configuration, and those beside it with one that they do not name if there is no other."""
        beside = os.path.dirname(path)
        for build in self._folders.index.builds_around(path):
            option = build.build.option("insert_op_conf")
            hidden = option is not None and option.value is None and os.path.dirname(build.file) == beside
            if build.config == path or (hidden and list(configurations) == [path]):
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
        from aipplint.feeding import cpp_program, pipeline_file

        content = self._folders.content(file)
        if file.endswith(pipeline_file.SUFFIXES):
            known, reader = pipeline_file.WORDS in content, pipeline_file.read_pipeline
        elif file.endswith(cpp_program.SUFFIXES):
            known, reader = bool(cpp_program.WORDS.search(content)), cpp_program.read_program
        else:
            return ()
        return reader(Source.from_bytes(self._folders.name(file), content)) if known else ()

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


def _size(op: AippOp, build: FoundBuild) -> Size | None:
    """The size of the model's input that an operator feeds; None if it is unknown or has several."""
    shape, found = build.build.input_of(op), targets(op, build.build)
    # Three channels elsewhere are the sign of another layout (AIPP628).
    known = shape is not None and shape.channels in _CHANNELS and len(found) == 1
    return found[0].size if known else None
