"""The folder of the model that a configuration is for, and the files in it."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from aipplint.project.file_cache import FileCache
from aipplint.project.recognise import is_candidate, is_configuration, is_named
from aipplint.source import Source

if TYPE_CHECKING:
    from aipplint.project.index import Index

MAX_FILE_BYTES = 128 * 1024
"""Largest file of code that is read."""

DEPLOYMENT = frozenset("infer sdk_infer infer_atc ascend310_infer cpp_infer sdk_run_infer mxbase_infer".split())
"""Folders of a model with what is deployed of it."""
_INNER = frozenset("src convert model models config configs conf cfg cfgs aipp caffe_model data om deploy".split())
"""Folders of a model in which its configurations lie."""
_BUNDLED = frozenset(
    "timm mmdet mmdetection mmcv mmseg mmsegmentation mmpose mmcls detectron2 apex fairseq third_party thirdparty "
    "3rdparty third-party external vendor vendored site-packages test tests unittest unit_test testing docs doc "
    "node_modules build dist".split()
)
"""Folders of libraries that a model brings along, and of tests."""


class ModelFolders:
    """The folders of models in a repository. Folders and files are given from its root, with ``/``."""

    def __init__(self, index: Index, files: FileCache, display_path: Callable[[str], str]) -> None:
        self.index: Final = index
        self._cache: Final = files
        self._display_path: Final = display_path
        self._paths: list[str] | None = None

    def of(self, path: str) -> str | None:
        """The folder of the model that a configuration (absolute) is for; None if several models may lie there."""
        if not self.index.inside(path):
            return None
        parts = self.relative(path).split("/")[:-1]
        outer = next((at for at, part in enumerate(parts) if part in DEPLOYMENT), None)
        if outer is None:
            outer = next((at for at in range(max(0, len(parts) - 2), len(parts)) if parts[at] in _INNER), len(parts))
        folder = "/".join(parts[:outer])
        return None if not folder and len(self.configurations("")) > 1 else folder

    def below(self, folder: str) -> list[str]:
        """The files below a folder."""
        if self._paths is None:
            self._paths = sorted(self.index.file_list.paths)
        if not folder:
            return self._paths
        start = bisect_left(self._paths, f"{folder}/")
        return self._paths[start : bisect_left(self._paths, f"{folder}0")]

    def configurations(self, folder: str) -> list[str]:
        """The files below a folder that may be configurations, by their absolute paths."""
        words = self.index.file_list.candidates
        likely = filter(is_candidate, self.below(folder))
        return [self.full(path) for path in likely if is_named(path.rpartition("/")[2]) or path in words]

    def is_configuration(self, path: str) -> bool:
        """Whether a file (absolute) is a configuration by its content."""
        return is_configuration(path, self._cache.read)

    def configuration(self, path: str) -> Source | None:
        """The text of a configuration (absolute); None if it cannot be read."""
        content = self._cache.read(path)
        return Source.from_bytes(path, content) if isinstance(content, bytes) else None

    def content(self, path: str) -> bytes:
        """The content of a file of code; empty if it is excluded, too large or cannot be read."""
        full = self.full(path)
        source = self.index.source_of(full)
        if source is not None and len(source.data) <= MAX_FILE_BYTES:
            return source.data
        content = self._cache.read(full, MAX_FILE_BYTES) if self.index.includes(full) else b""
        return content if isinstance(content, bytes) else b""

    def relative(self, path: str) -> str:
        """The path from the root of a file with an absolute path."""
        return os.path.relpath(path, self.index.file_list.root).replace(os.sep, "/")

    def full(self, path: str) -> str:
        """The absolute path of a file."""
        return os.path.join(self.index.file_list.root, *path.split("/"))

    def name(self, path: str) -> str:
        """The name of a file that people see."""
        return self._display_path(self.full(path))


def is_bundled(path: str) -> bool:
    """Whether a path from the folder of a model leads into a library or into tests."""
    folders = path.lower().split("/")[:-1]
    return any(folder in _BUNDLED or folder.startswith(("mmcv", "mmdet")) for folder in folders)
