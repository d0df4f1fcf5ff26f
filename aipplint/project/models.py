"""Opening model files that anybody may have put there."""

from __future__ import annotations

import os
from collections.abc import Callable

from aipplint.models.data import Data, Malformed
from aipplint.models.foreign import HEAD
from aipplint.models.model import OTHER, Model
from aipplint.project.reading import Unreadable, opened, reason_of


def model_at(path: str, form: str = "", shown: str = "") -> Model:
    """The model in a file: its descriptions are read, its weights are stepped over.

    ``form`` is the one that the build says it has, ``shown`` the path that is shown for it. A file that cannot be
    opened is a model that cannot be read.
    """
    from aipplint.models.read import read_model

    with opened(path) as descriptor:
        if isinstance(descriptor, Unreadable):
            return Model(shown or path, OTHER, descriptor.reason)
        size = os.fstat(descriptor).st_size
        return read_model(Data(_reader(descriptor), size), shown or path, form)


def is_model_file(path: str) -> bool:
    """Whether a path means a model: by its name and how the file begins."""
    from aipplint.models.read import is_model

    with opened(path) as descriptor:
        head = b"" if isinstance(descriptor, Unreadable) else os.read(descriptor, HEAD)
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
            raise Malformed(reason_of(error)) from None
        return content

    return read_at
