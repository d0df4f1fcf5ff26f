"""Builds that are found by themselves, through the command line: what is checked, against what, and how it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aipplint import lint
from aipplint.cli import main
from aipplint.findings import Place
from aipplint.project.links import Links
from aipplint.project.resolved import FoundSettings
from aipplint.run.execute import execute
from aipplint.run.plan import plan_text, uses_of
from aipplint.run.session import Request, Session
from aipplint.runtime.settings import runtime_of_mapping
from aipplint.source import Source, Span
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
    monkeypatch.setattr("aipplint.project.index.Index.files", property(lambda _: pytest.fail("the others were read")))

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

    assert "AIPP607" in codes(found)


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


GOOD_TOOL = (
    "[aipp_op]\ninput_format : RGB888_U8\nsrc_image_size_w : 448\nsrc_image_size_h : 448\n"
    "var_reci_chn_0 : 1.0\nvar_reci_chn_1 : 1.0\nvar_reci_chn_2 : 1.0\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD_TOOL, []),
        (GOOD_TOOL.replace("[aipp_op]\n", "[other]\n"), ["1:1: missing section [aipp_op]"]),
        (
            GOOD_TOOL + "[aipp_op]\n",
            ["8:1: duplicate section [aipp_op]; the tool supports only one input with dynamic AIPP"],
        ),
        (GOOD_TOOL + "crop : 0\ncrop : 0\n", ["9:1: duplicate key crop; ConfigParser rejects it"]),
        (GOOD_TOOL + "crop\n", ["8:1: missing '=' or ':' in the line 'crop'"]),
        (GOOD_TOOL.replace("input_format : RGB888_U8\n", ""), ["1:1: missing key input_format"]),
        (
            GOOD_TOOL + "crop : 1\nload_start_pos_w : 0\nload_start_pos_h : 0\ncrop_size_h : 8\n",
            ["8:8: missing key crop_size_w; crop is true, and the tool rejects its default, 0"],
        ),
        (GOOD_TOOL.replace("w : 448", "w : wide"), ["3:20: src_image_size_w is 'wide', which is not an integer"]),
        (
            GOOD_TOOL.replace("RGB888_U8", "RGB16"),
            ["2:16: input_format is RGB16; the tool supports YUV400_U8, YUV420SP_U8, RGB888_U8, XRGB8888_U8"],
        ),
    ],
)
def test_what_the_benchmark_tool_refuses_is_said_where_it_stands(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, expected: list[str]
) -> None:
    put(folder, {"run_aipp.config": text})
    said = [line for line in concise(capsys, "run_aipp.config") if line.endswith("[AIPP810]")]

    assert [
        line.removeprefix("run_aipp.config:").replace(" error:", "").removesuffix(" [AIPP810]") for line in said
    ] == (expected)


def test_a_line_in_front_of_the_section_is_said_of_settings_of_the_benchmark_tool(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, {"aipp.ini": "crop : 0\n" + GOOD_TOOL})

    assert concise(capsys, "aipp.ini") == [
        "aipp.ini:1:1: error: the line 'crop : 0' is before the first section [AIPP810]"
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("--dymHW 448,448", []),
        ("--dymHW=300,448", ["AIPP803"]),
        ("--dym-hw 300,448", ["AIPP803"]),
        ("--dymHW 300", []),
        ("--dymHW $SIZE", []),
        ("$MORE", []),
    ],
)
def test_the_size_of_a_run_counts_where_it_is_known(
    folder: Path, capsys: pytest.CaptureFixture[str], size: str, expected: list[str]
) -> None:
    dynamic = "aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 2076672\n}\n"
    command = COMMAND.format(config="aipp.cfg").replace("--output=a", "--output=net")
    run_it = f"python3 -m ais_bench --model net.om --aipp_config tool.config {size}\n"
    put(folder, {"run/aipp.cfg": dynamic, "run/tool.config": GOOD_TOOL, "run/run.sh": command + run_it})

    assert [code for code in codes(concise(capsys, "run")) if code == "AIPP803"] == expected


def test_settings_of_the_tool_count_with_the_command_that_names_them_saved_or_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dynamic = "aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 2076672\n}\n"
    command = COMMAND.format(config="aipp.cfg").replace("--output=a", "--output=net")
    run_it = "python3 -m ais_bench --model net.om --aipp_config tool.config --dymHW 448,448\n"
    put(folder, {"run/aipp.cfg": dynamic, "run/tool.config": GOOD_TOOL, "run/run.sh": command + run_it})
    session = Session(Request())

    def said(text: str) -> list[str]:
        source = Source("run/tool.config", text)
        return [finding.code for finding in execute(session, plan_text(session, source, alone=True)).findings]

    assert said(GOOD_TOOL) == []
    assert said(GOOD_TOOL.replace("448", "224")) == ["AIPP801"]
    put(folder, {"run/tool.config": GOOD_TOOL.replace("448", "224")})
    # Only the file is named, as in a commit that changes nothing else: its configuration is checked with it.
    assert sorted(codes(concise(capsys, "run/tool.config"))) == sorted(codes(concise(capsys, "run")))


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
    assert 'missing file "$(dirname "$0")"/no.cfg; tried no.cfg [' in found[1]


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
    monkeypatch.setattr("aipplint.run.execute.MANY", 1000)

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
    whole = ["--model=net.onnx", "--output=net", "--soc_version=Ascend310P3"]

    # No model lies there (AIPP640); what the builds of the repository would say of the configuration is not said.
    assert main(["atc", "-q", "--ignore=AIPP640", *words, *whole]) == 0
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
    (use,) = uses_of(Session(Request()), "deploy/aipp.cfg")

    assert use.build.complete
    assert use.build.origin is not None
    assert use.build.origin.head.source.path == "tools/build.sh"


# Where several could be meant.

DYNAMIC = "aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 2000000\n}\n"
UNQUOTED = (
    "atc --model=a.onnx --framework=5 --output=a --input_format=NCHW --soc_version=Ascend310P3 "
    '--insert_op_conf=../deploy/aipp.cfg --input_shape="x:1,3,-1,-1" --dynamic_image_size=224,224;448,448\n'
)
BENCHMARK = "python3 -m ais_bench --model models/a.om --dymHW {size}\n"


def sized(size: str) -> str:
    return COMMAND.format(config="aipp.cfg").replace("224,224;448,448", f"{size};999,999")


@pytest.fixture
def two_models(folder: Path) -> Path:
    """Two folders that each make a model of the same name, for other sizes."""
    put(folder, {"one/aipp.cfg": DYNAMIC, "one/build.sh": sized("300,300")})
    put(folder, {"two/aipp.cfg": DYNAMIC, "two/build.sh": sized("500,500")})
    return folder


@pytest.mark.parametrize(
    ("path", "size", "expected"),
    [
        ("one/run.sh", "300,300", []),
        ("two/run.sh", "500,500", []),
        ("two/deep/run.sh", "500,500", []),
        ("one/run.sh", "500,500", ["AIPP803"]),
        ("two/deep/run.sh", "300,300", ["AIPP803"]),
        ("run.sh", "123,123", []),
        ("elsewhere/run.sh", "123,123", []),
    ],
)
def test_of_models_with_the_same_name_the_nearest_is_meant_or_none(
    two_models: Path, capsys: pytest.CaptureFixture[str], path: str, size: str, expected: list[str]
) -> None:
    put(two_models, {path: BENCHMARK.format(size=size)})

    assert codes([line for line in concise(capsys, path) if line.startswith(path)]) == expected


def test_settings_below_the_root_of_all_files_find_an_end() -> None:
    source = Source("run.cpp", RUN)
    settings = FoundSettings(runtime_of_mapping({}), Place(source, Span(0, 0)), "", "/data/run.cpp")

    assert Links("/", {}, tuple).configurations_set_by(settings) == []
    assert Links("/", {}, lambda: ["/data/aipp.cfg"]).configurations_set_by(settings) == ["/data/aipp.cfg"]


def test_a_model_that_is_made_once_is_meant_from_anywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"one/aipp.cfg": DYNAMIC, "one/build.sh": sized("300,300").replace("output=a", "output=b")})
    put(folder, {"elsewhere/run.sh": BENCHMARK.format(size="123,123").replace("a.om", "b.om")})

    assert "AIPP803" in codes(concise(capsys, "elsewhere/run.sh"))


@pytest.mark.parametrize("named", ["deploy/aipp.cfg", "model/aipp.cfg", "linked/aipp.cfg", "linked", "model"])
def test_a_configuration_is_the_same_by_all_its_names(
    folder: Path, capsys: pytest.CaptureFixture[str], named: str
) -> None:
    (folder / "model").mkdir()
    (folder / "model" / "aipp.cfg").symlink_to("../deploy/aipp.cfg")
    (folder / "linked").symlink_to("deploy")
    (folder / "tools" / "build.sh").unlink()
    put(folder, {"model/build.sh": COMMAND.format(config="aipp.cfg")})

    assert codes(concise(capsys, named)) == ["AIPP702"]
    assert codes(concise(capsys)) == ["AIPP702"]


def test_what_a_link_out_of_the_repository_holds_is_not_known(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The machine that the script is for may have it."""
    (folder / "models").symlink_to("../models-of-the-team")
    put(folder, {"tools/build.sh": COMMAND.format(config="../models/aipp.cfg")})

    assert "AIPP620" not in codes(concise(capsys))
    (folder / "models").unlink()
    assert "AIPP620" in codes(concise(capsys))


def test_a_build_of_the_settings_may_name_a_link(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model").symlink_to("deploy")
    put(folder, {"aipplint.toml": '[[build]]\nconfig = "model/aipp.cfg"\ninput-shape = "x:1,3,224,224"\n'})

    assert concise(capsys) == []
    (folder / "model").unlink()
    assert codes(concise(capsys)) == ["AIPP904", "AIPP702"]


def test_a_folder_of_scripts_is_checked_with_what_they_build(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"tools/build.sh": UNQUOTED})

    expected = concise(capsys, "tools/build.sh")
    assert {"AIPP622", "AIPP702"} <= set(codes(expected))
    assert concise(capsys, "tools") == expected


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('bash make.sh a "$@"', []),
        ("bash make.sh $ALL", []),
        ("bash make.sh $(cat arguments)", []),
        ("bash make.sh a", ["AIPP601"]),
        ("bash make.sh a 448", ["AIPP704"]),
    ],
)
def test_arguments_that_a_call_does_not_show_are_not_known(
    folder: Path, capsys: pytest.CaptureFixture[str], call: str, said: list[str]
) -> None:
    make = "atc --model=$1.onnx --framework=5 --output=a --input_format=NCHW --soc_version=Ascend310P3 "
    make += '--input_shape="x:1,3,$2,$2" --insert_op_conf=../deploy/aipp.cfg\n'
    put(folder, {"tools/build.sh": make, "tools/make.sh": make, "tools/all.sh": call + "\n"})
    (folder / "tools" / "build.sh").unlink()

    assert [code for code in codes(concise(capsys)) if code in ("AIPP601", "AIPP704")] == said


RUN = "#include <acl/acl.h>\nvoid run() {\n  aclmdlSetDynamicHWSize(id, set, at, 100, 200);\n}\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one/run.sh", BENCHMARK.format(size="100,200")),
        ("one/run.cpp", RUN),
        ("one/run.py", "import acl\nacl.mdl.set_dynamic_hw_size(model, data, index, 100, 200)\n"),
    ],
)
def test_standard_input_is_held_against_what_its_file_has_to_do_with(
    two_models: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    put(two_models, {name: text})
    saved = [line for line in concise(capsys, name) if "AIPP803" in line]
    assert len(saved) == 1

    monkeypatch.setattr("aipplint.cli.check.read_stdin", text.encode)
    assert [line for line in concise(capsys, "--stdin-filename", name, "-") if "AIPP803" in line] == saved
    comment = "//" if name.endswith("cpp") else "#"
    monkeypatch.setattr("aipplint.cli.check.read_stdin", f"{comment} not saved\n{text}".encode)
    found = [line for line in concise(capsys, "--stdin-filename", name, "-") if "AIPP803" in line]
    assert len(found) == 1
    assert [int(line.split(":")[1]) for line in found] == [int(saved[0].split(":")[1]) + 1]


# How it is weighed, and what standard output is.


def test_what_is_wrong_with_the_command_line_weighs_as_the_settings_of_the_file_want(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, {"deploy/aipplint.toml": '[severity]\nAIPP601 = "info"\n'})

    found = [line for line in concise(capsys, "deploy/aipp.cfg", "--input-shape=x:1,3,,") if "AIPP601" in line]
    assert found
    assert all(": info: " in line for line in found)


def test_builds_of_a_file_that_is_not_there_are_a_mistake(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    assert main(["builds", "none.cfg"]) == 2
    assert "none.cfg: no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize("named", ["tools/build.sh", "deploy/aipp.cfg", "."])
def test_the_settings_nearest_to_a_script_weigh_what_is_found_in_it(
    folder: Path, capsys: pytest.CaptureFixture[str], named: str
) -> None:
    put(folder, {"tools/build.sh": UNQUOTED, "tools/aipplint.toml": '[severity]\nAIPP622 = "info"\n'})

    found = [line for line in concise(capsys, named) if "AIPP622" in line]
    assert len(found) == 1
    assert ": info: " in found[0]


@pytest.mark.parametrize(("words", "printed"), [(["--fix"], True), (["--fix", "--diff"], False), (["--diff"], False)])
def test_the_text_of_an_excluded_file_is_printed_as_it_is(
    folder: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    printed: bool,
) -> None:
    put(folder, {"aipplint.toml": 'exclude = ["deploy"]\n'})
    monkeypatch.setattr("aipplint.cli.check.read_stdin", SIZED.encode)

    assert main(["check", "--quiet", *words, "--stdin-filename=deploy/aipp.cfg", "-"]) == 0
    assert capfdbinary.readouterr().out == (SIZED.encode() if printed else b"")
