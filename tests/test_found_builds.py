"""Builds that are found by themselves, through the command line: what is checked, against what, and how it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aipplint import lint
from aipplint.check import Checker, Request
from aipplint.cli import main
from tests.checkout import run

SIZED = """\
aipp_op {
  aipp_mode: static
  input_format: RGB888_U8
  src_image_size_w: 224
  src_image_size_h: 224
}
"""
COMMAND = (
    'atc --model=a.onnx --framework=5 --output=a --input_format=NCHW --input_shape="x:1,3,-1,-1" '
    '--dynamic_image_size="224,224;448,448" --soc_version=Ascend310P3 --insert_op_conf={config}\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository as the current folder: a configuration, and elsewhere the script that builds it."""
    put(tmp_path, {"deploy/aipp.cfg": SIZED, "tools/build.sh": COMMAND.format(config="../deploy/aipp.cfg")})
    run("git", "init", "--quiet", cwd=tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def concise(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    main(["check", "--quiet", "--output-format=concise", *words])
    return capsys.readouterr().out.splitlines()


def codes(lines: list[str]) -> list[str]:
    return [line.rpartition("[")[2].rstrip("]") for line in lines]


# What is checked.


def test_a_configuration_alone_counts_the_commands_elsewhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    found = concise(capsys, "deploy/aipp.cfg")

    assert codes(found) == ["AIPP702"]
    assert found[0].startswith("deploy/aipp.cfg:4:3: error:")


def test_a_script_alone_checks_the_configurations_that_it_builds(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, {"other/aipp.cfg": "aipp_op {\n"})

    assert concise(capsys, "tools/build.sh") == concise(capsys, "deploy/aipp.cfg")


def test_both_together_say_it_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    assert codes(concise(capsys, "deploy/aipp.cfg", "tools/build.sh", "./tools/build.sh")) == ["AIPP702"]


def test_names_are_those_that_the_user_gives(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"tools/build.sh": COMMAND.format(config="../deploy/aipp.cfg").replace("=5", "=5 --framework=3")})

    found = concise(capsys, "./deploy/aipp.cfg", str(folder / "tools/build.sh"))
    assert [line.split(":")[0] for line in found] == ["./deploy/aipp.cfg", str(folder / "tools/build.sh")]


def test_a_script_that_says_nothing_of_configurations_costs_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, {"x.sh": "echo nothing\n", "y.py": "import os\n", "README.md": "# Title\n"})
    monkeypatch.setattr("aipplint.project.index.Index.said", property(lambda _: pytest.fail("the others were read")))

    assert concise(capsys, "x.sh", "y.py", "README.md") == []


def test_standard_input_with_the_name_of_a_script(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder.exists()
    text = COMMAND.format(config="../deploy/aipp.cfg").replace("--framework=5", "--framework=5 --framework=3")
    monkeypatch.setattr("aipplint.cli.check.read_stdin", text.encode)

    found = concise(capsys, "--stdin-filename", "tools/build.sh", "-")
    assert codes(found) == ["AIPP627"]
    assert found[0].startswith("tools/build.sh:1:")


# What switches it off, and what wins.


@pytest.mark.parametrize("how", ["flag", "settings"])
def test_it_can_be_switched_off(folder: Path, capsys: pytest.CaptureFixture[str], how: str) -> None:
    words = ["--no-discovery"] if how == "flag" else []
    if how == "settings":
        put(folder, {"aipplint.toml": "discovery = false\n"})

    assert concise(capsys, *words) == []
    assert concise(capsys, "deploy/aipp.cfg", *words) == []
    assert concise(capsys, "tools/build.sh", *words) == []


def test_builds_of_the_settings_win(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"aipplint.toml": '[[build]]\nconfig = "deploy/aipp.cfg"\ninput-shape = "x:1,3,224,224"\n'})

    assert concise(capsys) == []


def test_options_of_the_command_line_replace_those_that_were_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.exists()
    found = concise(capsys, "deploy/aipp.cfg", "--dynamic-image-size=100,100;200,200", "--input-format=NHWC")

    assert codes(found) == ["AIPP607", "AIPP702", "AIPP628"] or "AIPP607" in codes(found)


def test_the_product_of_the_settings_counts_where_the_command_says_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, {"aipplint.toml": 'soc-version = "Ascend310p3"\n'})
    put(
        folder,
        {"tools/build.sh": COMMAND.format(config="../deploy/aipp.cfg").replace(" --soc_version=Ascend310P3", "")},
    )

    assert "AIPP617" in codes(concise(capsys, "deploy/aipp.cfg"))


def test_excluded_scripts_are_not_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"aipplint.toml": 'exclude = ["tools"]\n'})

    assert concise(capsys) == []


def test_configurations_in_documents_can_be_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"README.md": "```\naipp_op {\n  crop = true\n}\n```\n"})

    assert "AIPP005" in codes(concise(capsys, "README.md"))
    put(folder, {"aipplint.toml": "documents = false\n"})
    assert concise(capsys, "README.md") == []


def test_settings_of_the_benchmark_tool_in_a_document_are_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["```ini", "[aipp_op]", "input_format : RGB888_U8", "src_image_size_w : 9999", "src_image_size_h : 8"]
    lines += [*(f"var_reci_chn_{n} : 1.0" for n in range(3)), "```"]
    put(folder, {"README.md": "Settings:\n\n" + "".join(f"> {line}\n" for line in lines)})

    found = concise(capsys, "README.md")
    assert [line.rpartition(": ")[0] for line in found] == ["README.md:6:22: error"]
    assert codes(found) == ["AIPP810"]


def test_the_folder_of_the_checkout_is_nobodys_mistake(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # ATC allows no blank in the path of a configuration; where the repository lies is another matter on every machine.
    odd = folder / "my (own) place"
    put(odd, {"aipp.cfg": SIZED, "a b/aipp.cfg": SIZED, "x.sh": COMMAND.format(config="aipp.cfg")})
    put(
        odd,
        {"y.sh": COMMAND.format(config="'a b/aipp.cfg'"), "z.sh": COMMAND.format(config='"$(dirname "$0")"/no.cfg')},
    )
    run("git", "init", "--quiet", cwd=odd)
    monkeypatch.chdir(odd)

    found = concise(capsys, "--select=AIPP62")
    assert codes(found) == ["AIPP621", "AIPP620"]
    assert "is a b/aipp.cfg; ATC does not allow ' '" in found[0]
    assert 'there is no file "$(dirname "$0")"/no.cfg [' in found[1]


# How it is said.


def test_a_finding_names_the_command_in_every_form(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    said = {}
    for name in ("full", "json", "jsonl", "sarif", "rdjson"):
        main(["check", "--quiet", f"--output-format={name}", "deploy/aipp.cfg"])
        said[name] = capsys.readouterr().out

    assert all("tools/build.sh" in text for text in said.values())
    related = json.loads(said["json"])["findings"][0]["related"]
    assert [(one["path"], one["message"]) for one in related] == [
        ("tools/build.sh", "--dynamic_image_size is set here")
    ]


def test_what_two_builds_find_in_the_same_words_is_said_once_with_both(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, {"deploy/README.md": f"```bash\n{COMMAND.format(config='aipp.cfg')}```\n"})

    main(["check", "--quiet", "--output-format=json", "deploy/aipp.cfg"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["code"] for finding in findings] == ["AIPP702"]
    assert [one["path"] for one in findings[0]["related"]] == ["deploy/README.md", "tools/build.sh"]


def test_a_fix_of_the_configuration_is_made_for_its_builds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--quiet", "--fix", "."])

    assert capsys.readouterr().out == ""
    assert "src_image_size_w: 0" in (folder / "deploy/aipp.cfg").read_text()


def test_fixes_are_made_in_scripts_documents_and_settings_of_tools(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = COMMAND.format(config="../deploy/aipp.cfg").replace('"224,224;448,448"', "224,224;448,448")
    document = "> ```\n> aipp_op {\n>   crop = false\n> }\n> ```\n"
    put(folder, {"tools/build.sh": script, "README.md": document, "deploy/aipp.cfg": SIZED})

    main(["check", "-q", "--diff", "."])
    assert capsys.readouterr().out.count("+++ b/") == 2
    main(["check", "-q", "--fix", "."])
    assert '--dynamic_image_size="224,224;448,448"' in (folder / "tools/build.sh").read_text()
    assert (folder / "README.md").read_text() == document.replace("crop = false", "crop : false")
    assert "src_image_size_w: 0" in (folder / "deploy/aipp.cfg").read_text(), "by the mended build"


def test_in_several_processes_the_same_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(80):
        put(folder, {f"m{number}/aipp.cfg": SIZED, f"m{number}/b.sh": COMMAND.format(config="aipp.cfg")})
    several = concise(capsys)
    monkeypatch.setattr("aipplint.check.MANY", 1000)

    assert several == concise(capsys)
    assert len(several) == 81


def test_a_file_that_is_too_large_is_said_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"big.sh": "# aipp\n" + "x" * 10_000_000})

    assert main(["check"]) == 1
    assert "big.sh: 10,000,007 bytes, not searched for builds" in capsys.readouterr().err
    assert main(["check"]) == 1
    assert capsys.readouterr().err.count("big.sh") == 1
    assert main(["builds"]) == 0
    assert capsys.readouterr().err.count("big.sh") == 1


# What is never run or met.


def test_the_library_call_reads_nothing(folder: Path) -> None:
    assert folder.exists()
    assert lint(SIZED, path="deploy/aipp.cfg").ok


def test_atc_looks_for_no_other_builds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    words = ["--framework=5", "--input_shape=x:1,3,224,224", "--insert_op_conf=deploy/aipp.cfg"]

    assert main(["atc", "-q", *words]) == 0
    assert capsys.readouterr().out == ""


def test_scripts_are_only_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"tools/evil.sh": "touch ran\n$(touch ran)\n`touch ran`\n" + COMMAND.format(config="$(touch ran)")})

    assert concise(capsys)
    assert not (folder / "ran").exists()
    assert not (folder / "tools" / "ran").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x01atc --insert_op_conf=aipp.cfg\xff",
        "atc --insert_op_conf=" + "(" * 5000,
        "if atc aipp; then\n" * 500,
    ],
    ids=["empty", "binary", "brackets", "open"],
)
@pytest.mark.parametrize(
    "name", ["a.sh", "a.md", "a.rst", "Dockerfile", "Makefile", "a.yml", "a.py", "a.cpp", "a.ini", "aipp.config"]
)
def test_broken_files_are_no_failure(folder: Path, capsys: pytest.CaptureFixture[str], name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="latin-1")

    assert main(["check", "--quiet", "."]) == 1
    assert "AIPP903" not in capsys.readouterr().out
    main(["check", "--quiet", name])
    assert "AIPP903" not in capsys.readouterr().out


def test_uses_know_where_they_come_from(folder: Path) -> None:
    assert folder.exists()
    (use,) = Checker(Request()).uses("deploy/aipp.cfg")

    assert use.build.complete
    assert use.build.origin is not None
    assert use.build.origin.head.source.path == "tools/build.sh"
