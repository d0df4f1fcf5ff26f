"""Only files that can concern what is checked are interpreted, and nothing is missed by that."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from aipplint.cli import main
from aipplint.project.index import Index
from aipplint.readers import languages
from aipplint.run.session import Request, Session
from tests.test_projects import CASES

CONFIG = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
ATC = "atc --model={model}.onnx --framework=5 --soc_version=Ascend310 --insert_op_conf={config}\n"


def index_of(folder: Path) -> Index | None:
    return Session(Request()).index_of_folder(str(folder))


def uses(index: Index, config: str, *, whole: bool) -> list[object]:
    """The builds and settings of a configuration: where they stand, and their values."""
    links = index.links if whole else index.links_of_configuration(config)
    found = links.uses_of(config)
    heads = [build.origin.head if build.origin is not None else None for build, _ in found]
    places = [head and (head.source.path, head.span) for head in heads]
    values = [{name: option.value for name, option in build.options.items()} for build, _ in found]
    settings = [None if runtime is None else dict(runtime.values) for _, runtime in found]
    return list(zip(places, values, settings, strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_configuration_by_itself_has_the_builds_that_it_has_among_all(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "repository"
    shutil.copytree(case / "repository", folder)
    monkeypatch.chdir(folder)
    whole = index_of(folder)

    for config in whole.configurations if whole is not None else ():
        alone = index_of(folder)
        assert whole is not None
        assert alone is not None
        assert uses(alone, config, whole=False) == uses(whole, config, whole=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two models, each with a configuration, a script and a document, and code that sets neither."""
    for name in ("cat", "dog"):
        model = tmp_path / name
        model.mkdir()
        (model / f"{name}.cfg").write_text(CONFIG)
        (model / "convert.sh").write_text(ATC.format(model=name, config=f"{name}.cfg"))
        (model / "README.md").write_text(f"# {name}\n\nThe soc_version is Ascend310.\n")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def interpreted(*words: str) -> Sequence[str]:
    """The files that are interpreted in a run of the command line."""
    found: list[str] = []
    read = languages.read

    def noting(kind: str, source: object, path: str, *rest: object) -> object:
        found.append(path)
        return read(kind, source, path, *rest)  # type: ignore[arg-type]

    with patch.object(languages, "read", noting):
        main([*words, "--quiet"])
    return sorted({str(Path(path).relative_to(Path.cwd())) for path in found})


@pytest.mark.usefixtures("folder")
def test_a_script_that_names_another_configuration_is_not_interpreted() -> None:
    assert interpreted("check", "cat/cat.cfg") == ["cat/convert.sh"]


@pytest.mark.usefixtures("folder")
def test_of_a_folder_what_is_in_it_is_interpreted() -> None:
    assert interpreted("check", "dog") == ["dog/convert.sh"]
    assert interpreted("check") == ["cat/convert.sh", "dog/convert.sh"]


def test_a_name_that_is_put_together_may_be_any(folder: Path) -> None:
    (folder / "dog" / "convert.sh").write_text("name=cat\n" + ATC.format(model="dog", config="../$name/$name.cfg"))

    assert interpreted("check", "cat/cat.cfg") == ["cat/convert.sh", "dog/convert.sh"]


@pytest.mark.parametrize("config", ["$1/dog.cfg", "./dog.cfg"])
def test_the_name_counts_where_only_the_folder_is_put_together(folder: Path, config: str) -> None:
    (folder / "dog" / "convert.sh").write_text(ATC.format(model="dog", config=config))

    assert interpreted("check", "cat/cat.cfg") == ["cat/convert.sh"]
    assert interpreted("check", "dog/dog.cfg") == ["dog/convert.sh"]


@pytest.mark.parametrize("told", ["：配置文件的路径", "cat.cfg：配置文件"])
def test_what_a_document_tells_of_the_option_is_no_name(folder: Path, told: str) -> None:
    (folder / "dog" / "README.md").write_text(f"Run atc.\n\n- --insert_op_conf={told}\n", encoding="utf-8")

    assert interpreted("check", "dog/dog.cfg") == ["dog/convert.sh"]


def test_a_link_to_a_configuration_is_another_name_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "dog" / "other.cfg").symlink_to(folder / "cat" / "cat.cfg")
    (folder / "dog" / "convert.sh").write_text(ATC.format(model="dog", config="other.cfg"))

    main(["builds", "cat/cat.cfg", "--quiet"])

    assert "dog/convert.sh:1" in capsys.readouterr().out
    assert interpreted("check", "cat/cat.cfg") == ["cat/convert.sh", "dog/convert.sh"]


def test_callers_are_interpreted_where_a_command_depends_on_its_arguments(folder: Path) -> None:
    (folder / "cat" / "convert.sh").write_text("config=$1\n" + ATC.format(model="cat", config="$config"))
    (folder / "cat" / "README.md").write_text("```\nbash convert.sh cat.cfg\n```\n")

    assert interpreted("check", "cat/cat.cfg") == ["cat/README.md", "cat/convert.sh"]
