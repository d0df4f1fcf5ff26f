"""Which files the pre-commit hook takes by their names, that a search of folders takes the same, what README says."""

from __future__ import annotations

import re

import pytest

from aipplint import __version__
from aipplint.project import discovery
from tests.checkout import ROOT


def _pattern() -> re.Pattern[str]:
    manifest = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    match = re.search(r"^  files: '(.+)'$", manifest, re.MULTILINE)
    assert match is not None
    return re.compile(match.group(1))


@pytest.mark.parametrize(
    "path",
    [
        "aipp.cfg",
        "aipp_resnet50.config",
        "model/insert_op.cfg",
        "model/insert_op_yolov3.conf",
        "config/AIPP.CFG",
        "a b/my-aipp-rgb.prototxt",
        "x/aipp.pbtxt",
        "x/aipp.txtpb",
        "x/aipp.textproto",
        "deploy/yolov5.aippconfig",
        "deploy/yolov5.aipconfig",
        "deploy/YOLO.AippConfig",
    ],
)
def test_takes(path: str) -> None:
    assert _pattern().search(path)
    assert re.match(discovery.NAMED, path.rpartition("/")[2])


@pytest.mark.parametrize(
    "path",
    [
        "setup.cfg",
        "facenet_tensorflow.cfg",
        "aipp/setup.cfg",
        "aipp.json",
        "aipp.md",
        "aipp.cfg.bak",
        "aipp.py",
        "insert_op/readme.txt",
        "aippconfig",
    ],
)
def test_leaves(path: str) -> None:
    assert not _pattern().search(path)
    assert not re.match(discovery.NAMED, path.rpartition("/")[2])


def test_readme_names_the_hook_and_this_release() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"rev: v{__version__}\n" in readme
    assert "- id: aipplint\n" in readme
