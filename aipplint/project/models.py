"""Opening model files, which are not trusted."""

from __future__ import annotations

import os
from collections.abc import Callable

from aipplint.atc.build import Build
from aipplint.atc.options import MODEL
from aipplint.models.model import NO_FILE, OTHER, Model
from aipplint.project.border import leads_out
from aipplint.project.reading import Unreadable, opened, reason_of


class Models:
    """The models of builds, each read once. ``display_path`` gives a file (absolute) the name that people see."""

    def __init__(self, display_path: Callable[[str], str]) -> None:
        self._display_path = display_path
        self._known: dict[tuple[object, ...], Model] = {}

    def read(self, build: Build) -> Build:
        """A build with what its model says, where that is there: most are not in the repository."""
        if not build.model_file or not os.path.isfile(build.model_file):
            return build
        return build.with_model(self._model(build.model_file, build.framework))

    def read_typed(self, build: Build) -> Build:
        """A whole command line of ATC with what its model says: there the model must exist."""
        option = build.option(MODEL)
        if option is None or not option.value:
            return build
        path = os.path.abspath(option.value)
        if os.path.isfile(path) and leads_out(path):
            # ATC follows the link; here it is not read.
            return build
        real = os.path.realpath(path) if os.path.exists(path) else ""
        return build.with_options(build.options, real).with_model(self._model(path, build.framework))

    def _model(self, path: str, framework: int | None) -> Model:
        form = "" if framework is None else _form(framework)
        key = (path, form, *_stamp(path))
        if key not in self._known:
            self._known[key] = read_model(path, form, self._display_path(path))
        return self._known[key]


def _stamp(path: str) -> tuple[int, int]:
    """When a file was changed, and its size: a server outlives it."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _form(framework: int) -> str:
    from aipplint.atc.model_inputs import FRAMEWORK_FORMS

    return FRAMEWORK_FORMS[framework]


def read_model(path: str, form: str = "", display_path: str = "") -> Model:
    """The model in a file: its descriptions are read, its weights are stepped over.

    ``form`` is the one that the build says it has. A file that cannot be opened is a model that cannot be read.
    """
    from aipplint.models import read
    from aipplint.models.data import Data

    with opened(path) as descriptor:
        if not isinstance(descriptor, int):
            reason = descriptor.reason if isinstance(descriptor, Unreadable) else "too large"
            return Model(display_path or path, OTHER, reason, trouble=NO_FILE)
        size = os.fstat(descriptor).st_size
        return read.read_model(Data(_reader(descriptor), size), display_path or path, form)


def is_model_file(path: str) -> bool:
    """Whether a path means a model: by its name and how the file begins."""
    from aipplint.models.data import HEAD
    from aipplint.models.read import is_model

    with opened(path) as descriptor:
        head = os.read(descriptor, HEAD) if isinstance(descriptor, int) else b""
    return is_model(path, head)


def _reader(descriptor: int) -> Callable[[int, int], bytes]:
    """Reading at an offset; where the file became shorter, less comes back."""

    def read_at(offset: int, size: int) -> bytes:
        try:
            os.lseek(descriptor, offset, os.SEEK_SET)
            content = b""
            while len(content) < size and (more := os.read(descriptor, size - len(content))):
                content += more
        except OSError as error:
            from aipplint.models.data import Malformed

            raise Malformed(reason_of(error)) from None
        return content

    return read_at
