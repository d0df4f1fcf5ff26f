"""Shell scripts: which programs they start, which of those build something, and what may make files before."""

from __future__ import annotations

import pytest

from aipplint.readers.extract import ATC, BENCHMARK
from tests.test_read_shell import read, said, written


@pytest.mark.parametrize(
    ("script", "head", "expected"),
    [
        (
            'ATC="$(find / -name atc | head -1)"\no=(--model=a --soc_version=b)\n"$ATC" "${o[@]}"',
            "$(find / -name atc | head -1)",
            ["--model=a", "--soc_version=b"],
        ),
        ("$ATC --soc_version=a --input_shape=b", "$ATC", ["?", "--soc_version=a", "--input_shape=b"]),
        ('"$ATC" --insert_op_conf a', "$ATC", ["--insert_op_conf", "a"]),
        ("${1} --model=a --framework=5 --soc_version=b", "${1}", ["--model=a", "--framework=5", "--soc_version=b"]),
        ("sudo ${BIN}atc --insert_op_conf=a", "${BIN}atc", ["?atc", "--insert_op_conf=a"]),
        ('"$ATC" $MORE --insert_op_conf=a', "$ATC", ["?", "--insert_op_conf=a"]),
        ('"$@" --insert_op_conf=a', "$@", ["?", "--insert_op_conf=a"]),
        ("$SUDO atc --model=a", "atc", ["--model=a"]),
    ],
)
def test_a_program_that_cannot_be_known_is_told_by_options_of_atc(script: str, head: str, expected: list[str]) -> None:
    (command,) = read(script + "\n").commands
    assert (command.program, written(command.head).strip('"'), said(command)) == (ATC, head, expected)


@pytest.mark.parametrize(
    "script",
    [
        "$X --model=a --output=b --soc=c",
        "$PYTHON convert.py --insert_op_conf=a",
        "$PYTHON $SCRIPT --insert_op_conf=a --batch-size=1",
        "$TOOLS/convert --insert_op_conf=a",
        "python$V --insert_op_conf=a",
        "${X}omg --insert_op_conf=a",
        "put x <<'E'\nENV A=b\nRUN atc --soc_version=${S} --insert_op_conf=a\nE",
        "$ATC",
    ],
)
def test_other_programs_that_cannot_be_known_are_none_of_ours(script: str) -> None:
    assert not read(script + "\n").commands


@pytest.mark.parametrize(
    "script",
    [
        "# atc --a=1",
        'echo "atc --a=1"',
        "printf 'atc --a=%s' 1",
        "grep atc --model x",
        "which atc",
        "watch --match=1; ./x.sh",
        'usage() { echo "usage: atc --a=1"; }; usage',
        "batch=1\n./patch.sh",
    ],
)
def test_what_is_only_printed_or_commented_out_is_no_command(script: str) -> None:
    assert not read(script + "\n").commands


@pytest.mark.parametrize(
    "script",
    [
        "atc",
        "[ -f a.cfg ] && atc",
        "atc --help",
        "atc -h",
        "atc --version",
        "atc configure",
        "atc configure --profile=x",
        "atc --external-url=x",
        "c='atc --help'; $c",
    ],
)
def test_a_command_that_builds_nothing_is_none(script: str) -> None:
    assert not read(script + "\n").commands


@pytest.mark.parametrize(
    "words",
    [
        "$OPTIONS",
        "--singleop=a",
        "--mode=1 --om=a --json=b",
        "--framework 5",
        "--help --model=a",
        "insert_op_conf=a",
        "--insert_op_config=a",
        "--insert-op-conf a",
        "–model=a",
        "--input_format=NCHW--input_shape=x:1",
        "a.onnx --framework=5",
        "--option_of_another_release=1",
    ],
)
def test_one_option_makes_a_command_also_with_a_slip_in_it(words: str) -> None:
    assert len(read(f"atc {words}\n").commands) == 1


@pytest.mark.parametrize(
    "script",
    [
        "ais_bench --model a.om --aipp_config b.ini",
        "python3 -m ais_bench --model a.om --aipp_config b.ini",
        "python3.9 ${TOOL}/ais_infer.py --model a.om --aipp_config b.ini",
        "msit benchmark --model a.om --aipp_config b.ini",
        "ait benchmark --model a.om --aipp_config b.ini",
    ],
)
def test_the_benchmark_tool(script: str) -> None:
    (command,) = read(script + "\n").commands
    assert (command.program, said(command)) == (BENCHMARK, ["--model", "a.om", "--aipp_config", "b.ini"])


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("bash conv.sh a $X", [("conv.sh", ["a", None], "")]),
        ("cd s; ./x.sh 'a b'", [("./x.sh", ["a b"], "s")]),
        ("source ${D}/s/env.sh q", [("s/env.sh", ["q"], "")]),
        ("sh -x $(dirname $0)/y.sh", [("/repo/tools/y.sh", [], "")]),
        ("bash $SCRIPT", []),
    ],
)
def test_calls_of_other_scripts(script: str, expected: list[object]) -> None:
    calls = read(f"{script}\n# x.sh\n").calls
    assert [(call.script, [word.text for word in call.words], call.folder) for call in calls] == expected


@pytest.mark.parametrize(
    ("script", "fetches"),
    [
        ("mkdir x; atc --a=1", False),
        ("wget http://x/a.cfg; atc --a=1", True),
        ("git clone x; atc --a=1", True),
        ("git status; atc --a=1", False),
        ("python3 make.py && atc --a=1", True),
        ("sed -i s/a/b/ c.cfg; atc --a=1", True),
        ("./prepare.sh; atc --a=1", True),
        ("source ./prepare.sh; atc --a=1", True),
        ("source /usr/local/Ascend/ascend-toolkit/set_env.sh; . ~/.bashrc; atc --a=1", False),
        ("source ~/setenv_atc.sh; atc --a=1", False),
        (". /etc/profile; source x/bin/activate; . /opt/setenv.bash; atc --a=1", False),
        ("source env_download.sh; atc --a=1", True),
        (". functions; atc --a=1", True),
        ('. "$LIBRARY"; atc --a=1', True),
        ("echo x > a.cfg; atc --a=1", True),
        ("echo x > a.log; atc --a=1 > b.log", False),
        ("atc --a=1; cp a b", False),
    ],
)
def test_what_may_have_made_a_file_before(script: str, fetches: bool) -> None:
    assert [command.fetches for command in read(script + "\n").commands] == [fetches]


@pytest.mark.parametrize(
    ("script", "fetches"),
    [
        ('if [ -f "$C" ]; then atc --insert_op_conf="$C"; fi', True),
        ("[[ -e $C ]] && atc --insert_op_conf $C", True),
        ("test -s $C || exit 1; atc --insert_op_conf=$C", True),
        ("[ ! -f ./a.cfg ] && exit; atc --insert_op_conf=$C", True),
        ('[ -n "$C" -a -r "$C" ] && atc --insert_op_conf=$C', True),
        ("f() { [ -f $1 ] && atc --insert_op_conf=$1; }; f a.cfg", True),
        ("cd x; [ -f ../a.cfg ] && cd .. && atc --insert_op_conf=a.cfg", True),
        ("[ -f $C ] && ais_bench --model m --aipp_config $C", True),
        ("[ -f b.cfg ] && atc --insert_op_conf=$C", False),
        ("[ -f a.cfg ] && atc --model=a.cfg --insert_op_conf=b.cfg", False),
        ("[ -n a.cfg ] && atc --insert_op_conf=a.cfg", False),
        ("[ -f a.cfg ]; cd x; atc --insert_op_conf=a.cfg", False),
        ("atc --insert_op_conf=$C; [ -f $C ]", False),
    ],
)
def test_a_configuration_that_the_script_looks_for_need_not_be_there(script: str, fetches: bool) -> None:
    assert [command.fetches for command in read(f"C=a.cfg\n{script}\n").commands] == [fetches]
