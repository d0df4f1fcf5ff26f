"""Which files the pre-commit hook takes by their names, that a search of folders takes the same, what README says."""

from __future__ import annotations

import re

import pytest

from aipplint import __version__
from aipplint.project import recognise
from aipplint.readers import languages
from tests.checkout import ROOT


def _pattern() -> re.Pattern[str]:
    manifest = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    match = re.search(r"^  files: &files '(.+)'$", manifest, re.MULTILINE)
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
def test_takes_configurations(path: str) -> None:
    assert _pattern().search(path)
    assert re.match(recognise.NAMED, path.rpartition("/")[2])


@pytest.mark.parametrize(
    "path",
    [
        "convert.sh",
        "docs/README.md",
        "docs/guide.rst",
        "Dockerfile",
        "deploy/Dockerfile.npu",
        "Makefile",
        "GNUmakefile",
        "rules.mk",
        ".github/workflows/build.yml",
        ".gitlab-ci.yaml",
        "tools/aipp.py",
        "src/process.cpp",
        "src/process.h",
        "lite.ini",
    ],
)
def test_takes_what_may_say_how_they_are_used(path: str) -> None:
    assert _pattern().search(path)
    assert languages.kind_of_name(path)


def test_takes_every_kind_that_a_name_says() -> None:
    assert [suffix for suffix in languages.SUFFIXES if not _pattern().search(f"x/y{suffix}")] == []
    assert [name for name in languages.NAMES if not _pattern().search(f"x/{name}")] == []


@pytest.mark.parametrize(
    "path",
    [
        "setup.cfg",
        "facenet_tensorflow.cfg",
        "aipp/setup.cfg",
        "aipp.json",
        "aipp.cfg.bak",
        "insert_op/readme.txt",
        "aippconfig",
        "image.png",
    ],
)
def test_leaves(path: str) -> None:
    assert not _pattern().search(path)
    assert not re.match(recognise.NAMED, path.rpartition("/")[2])
    assert not languages.kind_of_name(path)


def test_readme_names_the_hooks_and_this_release() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"rev: v{__version__}\n" in readme
    assert "- id: aipplint\n" in readme
    assert "`aipplint-repository`" in readme
