"""What a shell makes of a command and its writer did not mean; and scripts as documents show them."""

from __future__ import annotations

import pytest

from aipplint.atc.words import BLANK, COMMENT, COMMENTED_LINE, EMPTY_LINE, MISSING, RETURN, SEPARATOR
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.extract import Command, Extract, Script
from aipplint.readers.shell.reader import read_script
from aipplint.source import Source, Span


def read(text: str, *, in_document: bool = False) -> Extract:
    return read_script(Script((Excerpt.whole(Source("x.sh", text)),), in_document=in_document), "/r/x.sh")


def said(command: Command) -> list[str]:
    return [
        word.text
        if word.text is not None
        else "".join("?" if piece.text is None else piece.text for piece in word.pieces)
        for word in command.words
    ]


def written(text: str, command: Command) -> list[tuple[str, str, str]]:
    """The kind of each slip, the letters that it points at, and what is lost by it."""
    return [(slip.kind, text[slip.place.span.start : slip.place.span.end], slip.text) for slip in command.mistakes]


@pytest.mark.parametrize(
    ("script", "words", "lost", "mended"),
    [
        (
            "atc --input_shape=data:1,3,-1,-1;img:8,4 --framework=5\n",
            ["--input_shape=data:1,3,-1,-1"],
            ["img:8,4"],
            'atc --input_shape="data:1,3,-1,-1;img:8,4" --framework=5\n',
        ),
        (
            "atc --dynamic_image_size=416,416;832,832\n",
            ["--dynamic_image_size=416,416"],
            ["832,832"],
            'atc --dynamic_image_size="416,416;832,832"\n',
        ),
        (
            "atc --a=1 --dynamic_dims=1;2;4 \\\n --b=2\n",
            ["--a=1", "--dynamic_dims=1"],
            ["2;4"],
            'atc --a=1 --dynamic_dims="1;2;4" \\\n --b=2\n',
        ),
        (
            "atc --input_shape a:1;b:$n,2 -x=1\n",
            ["--input_shape", "a:1"],
            ["b:$n,2"],
            'atc --input_shape "a:1;b:$n,2" -x=1\n',
        ),
        (
            "atc --out_nodes=Conv_0:0;Conv_1:0 --output=x\n",
            ["--out_nodes=Conv_0:0"],
            ["Conv_1:0"],
            'atc --out_nodes="Conv_0:0;Conv_1:0" --output=x\n',
        ),
        (
            "atc --input_shape=a:1,-1;b:2 --dynamic_dims=1;8 --c=1\n",
            ["--input_shape=a:1,-1"],
            ["b:2", "8"],
            'atc --input_shape="a:1,-1;b:2" --dynamic_dims="1;8" --c=1\n',
        ),
    ],
)
def test_a_semicolon_outside_quotes_cuts_a_value(script: str, words: list[str], lost: list[str], mended: str) -> None:
    (command,) = read(script).commands
    assert said(command) == words
    assert written(script, command) == [(SEPARATOR, ";", text) for text in lost]
    text = script
    for slip in reversed(command.mistakes):
        assert slip.fix is not None
        text = text[: slip.fix.start] + slip.fix.text + text[slip.fix.end :]
    assert text == mended
    assert not read(text).commands[0].mistakes


@pytest.mark.parametrize(
    "script",
    [
        "atc --a=1; echo done\n",
        "atc --a=1;next_command\n",
        "atc --input_shape=a:1;ls\n",
        "atc --dynamic_batch_size=1;7z x\n",
        "atc --model=a;1,2\n",
        'atc --input_shape="a:1;b:2"\n',
        "atc --input_shape=a:1\\;b:2\n",
        "atc --a=1 \\\n\necho\n",
        "atc --a=1 \\ \n\necho\n",
        "atc --a=1 \\\n# --b=2\necho\n",
        "atc --a=1\n  --b=2\n",
        "atc --a=1\n\n--model=2\n",
        "atc --a=1\n--model: what is built\n",
        "atc --a=1\n--framework=5：ONNX\n",
        "atc --a=1 \\\n\n--model the file to build\n",
        "atc --a=1 || exit\n--model=2\n",
    ],
)
def test_what_is_no_slip(script: str) -> None:
    assert [command.mistakes for command in read(script).commands] == [()]


@pytest.mark.parametrize(
    ("script", "kind", "at", "mended"),
    [
        ("atc --a=1 \\ \n --b=2 \\\n --c=3\n", BLANK, "\\ ", "atc --a=1 \\\n --b=2 \\\n --c=3\n"),
        ("atc --a=1 \\\t \n --b 2\n", BLANK, "\\\t ", "atc --a=1 \\\n --b 2\n"),
        ("atc --a=1\\ \n --b=2\n", BLANK, "\\ ", "atc --a=1\\\n --b=2\n"),
        ("atc --a=1 \\\n\n --b=2\n", EMPTY_LINE, "\\\n", "atc --a=1 \\\n --b=2\n"),
        ("atc --a=1 \\\n\n # why\n --b=2\n", EMPTY_LINE, "\\\n", ""),
        ("atc --a=1 \\  # why\n --b=2\n", COMMENT, "# why", ""),
        ("atc --a=1 \\\n  #--x=1 \\\n --b=2\n", COMMENTED_LINE, "#--x=1 \\", ""),
    ],
)
def test_a_line_that_does_not_go_on_loses_what_follows(script: str, kind: str, at: str, mended: str) -> None:
    (command,) = read(script + "atc --next=1\n").commands[:1]
    assert said(command) == ["--a=1"]
    slip = command.mistakes[0]
    assert written(script, command) == [(kind, at, "--b=2" if "--b=2" in script else "--b")]
    fixed = script if slip.fix is None else script[: slip.fix.start] + slip.fix.text + script[slip.fix.end :]
    assert fixed == (mended or script)
    assert said(read(script + "atc --next=1\n").commands[1]) == ["--next=1"]


@pytest.mark.parametrize(
    ("script", "lost", "mended"),
    [
        ("atc --a=1\n  --model=b --log=c\n", ["--model=b"], "atc --a=1 \\\n  --model=b --log=c\n"),
        ("atc --a=1 \t\n--model b\n", ["--model"], "atc --a=1 \\\n--model b\n"),
        ("atc --a=1\r\n--model=b\r\n", ["--model=b"], "atc --a=1 \\\r\n--model=b\r\n"),
        (
            "atc --a=1\n--model=b\n--soc_version= c \\\n  --d=1\n--output=e\n",
            ["--model=b", "--soc_version=", "--output=e"],
            "atc --a=1 \\\n--model=b \\\n--soc_version= c \\\n  --d=1 \\\n--output=e\n",
        ),
        (
            "if x; then\n  atc --a=1\n    --model=b > log\nfi\n",
            ["--model=b"],
            "if x; then\n  atc --a=1 \\\n    --model=b > log\nfi\n",
        ),
        ("atc --a=1 # why\n--model=b\n", ["--model=b"], "atc --a=1 # why\n--model=b\n"),
    ],
)
def test_a_line_without_a_backslash_loses_what_follows(script: str, lost: list[str], mended: str) -> None:
    first, last = read(script + "atc --next=1\n").commands
    assert (said(first), said(last)) == (["--a=1"], ["--next=1"])
    assert written(script, first) == [(MISSING, text, text) for text in lost]
    text = script
    for slip in reversed(first.mistakes):
        if slip.fix is not None:
            text = text[: slip.fix.start] + slip.fix.text + text[slip.fix.end :]
    assert text == mended


def test_a_command_whose_options_all_stand_in_the_next_line_is_one() -> None:
    (command,) = read("atc\n--model=a\n").commands
    assert (command.words, [slip.text for slip in command.mistakes]) == ((), ["--model=a"])


def test_a_line_of_an_indented_script_is_mended_in_its_file() -> None:
    source = Source("x.yml", "run: |\n  atc --a=1\n  --model=b\n")
    script = Script((Excerpt.of_spans(source, (Span(9, 19), Span(21, 31))),))
    (slip,) = read_script(script, "").commands[0].mistakes
    assert slip.fix == (18, 18, " \\")


@pytest.mark.parametrize(
    "tail",
    [
        "\n--model=b\n",
        "# the options\n--model=b\n",
        "--model: the file\n--insert_op_conf=b.cfg\n",
        "--model：模型\n--insert_op_conf=b.cfg\n",
        "--insert_op_conf=b.cfg: the configuration\n",
        "--insert_op_conf=b.cfg，配置\n",
        "--framework=5 代表ONNX\n",
        "--framework 框架\n",
        "--model the file to build\n",
        "--model(needed) b\n",
    ],
)
def test_a_list_of_options_below_a_command_is_no_part_of_it(tail: str) -> None:
    for end in ("\n", " \\\n\n"):
        if end == "\n" or ("=b.cfg\n" not in tail and "=b\n" not in tail):
            (command,) = read("atc --model=a --insert_op_conf=a.cfg" + end + tail, in_document=True).commands
            assert said(command) == ["--model=a", "--insert_op_conf=a.cfg"]
            assert not command.mistakes


def test_carriage_returns_are_told_once_in_a_script_and_the_command_is_still_read() -> None:
    text = "atc --a=1 \\\r\n  --b=2\r\natc --c=1 \\\r\n --d=2\r\n"
    first, second = read(text).commands
    assert (said(first), said(second)) == (["--a=1", "--b=2"], ["--c=1", "--d=2"])
    assert written(text, first) == [(RETURN, "\r", "--b=2")]
    assert not second.mistakes
    assert not read(text, in_document=True).commands[0].mistakes


def test_a_slip_in_a_loop_is_told_once() -> None:
    found = read("for b in 1 2; do\natc --b=$b --dynamic_dims=1;2\ndone\n")
    assert sum(len(command.mistakes) for command in found.commands) == 1


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("$ atc --a=1\n", [["--a=1"]]),
        ("# atc --a=1\n# atc --b=1\n", [["--a=1"], ["--b=1"]]),
        ("# atc --a=1\natc --b=1\n", [["--b=1"]]),
        ("user@host:~/x$ atc --a=1\n", [["--a=1"]]),
        ("(base) root@h:/y# atc --a=1\n", [["--a=1"]]),
        ("$ atc --a=1 \\\n> --b=1\nATC run success, don't worry\n$ atc --c=1\n", [["--a=1", "--b=1"], ["--c=1"]]),
        ("atc --a=1\n  --b=2\n--c='x y'\n\necho\n", [["--a=1", "--b=2", "--c=x y"]]),
        ("atc --model=<your model> --b=1\n", [["--model=?", "--b=1"]]),
        ("atc --model=[model] --a={b} --c=xxx.om --d=Ascendxxx\n", [["--model=?", "--a=?", "--c=?.om", "--d=Ascend?"]]),
        ('atc --input_shape="data:1,3,<h>,<w>" --b=... --c=***\n', [["--input_shape=data:1,3,?,?", "--b=?", "--c=?"]]),
        ("exit\natc --a=1 > x.log\n", [["--a=1"]]),
        ("atc --a=${b} --c=../x\n", [["--a=?", "--c=../x"]]),
        ("atc --a=${my-model.om} --b=${xxx} --c=$xxx --d=${模型} e\n", [["--a=?", "--b=?", "--c=?", "--d=?", "e"]]),
        ("x=5\natc --a=1\n--b=$(cat q)\n--c=${x} --d=a$x\n", [["--a=1", "--b=?", "--c=5", "--d=a5"]]),
        ("atc\n--a=1\n  --b 'x: y'\n--c=<模型> > log\n", [["--a=1", "--b", "x: y", "--c=?"]]),
    ],
)
def test_prompts_and_placeholders_of_documents(shown: str, expected: list[list[str]]) -> None:
    found = read(shown, in_document=True)
    assert [said(command) for command in found.commands] == expected
    assert not any(command.mistakes for command in found.commands)


def test_a_placeholder_stands_where_it_is_written() -> None:
    text = "$ atc --model=<your model> --x=1\n"
    (command,) = read(text, in_document=True).commands
    unknown = command.words[0].pieces[-1]
    assert unknown.text is None
    assert text[unknown.place.span.start : unknown.place.span.end] == "<your model>"
    assert text[slice(*command.words[1].place.span)] == "--x=1"


def test_a_broken_line_is_a_slip_in_a_document_too() -> None:
    (command,) = read("atc --a=1 \\ \n  --b=1\n", in_document=True).commands
    assert [slip.kind for slip in command.mistakes] == [BLANK]
