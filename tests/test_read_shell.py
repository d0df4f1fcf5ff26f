"""Shell scripts: which commands they run, with which words, where those are written."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipplint.atc.words import Piece, Word
from aipplint.findings import Place
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.extract import ATC, NOTHING, Command, Extract, Script
from aipplint.readers.shell.reader import read_script
from aipplint.source import Source, Span
from tests.work import at_most


def read(text: str, path: str = "/repo/tools/convert.sh", arguments: list[str] | None = None) -> Extract:
    source = Source("convert.sh", text)
    told = None
    if arguments is not None:
        line = Source("caller.sh", " ".join(arguments))
        told = [Word(argument, Place(line, Span(0, len(line.text)))) for argument in arguments]
    return read_script(Script((Excerpt.whole(source),)), path, told)


def said(command: Command) -> list[str]:
    """The words of a command; ``?`` for what is not known."""
    return [
        word.text
        if word.text is not None
        else "".join("?" if piece.text is None else piece.text for piece in word.pieces)
        for word in command.words
    ]


def commands(text: str) -> list[list[str]]:
    return [said(command) for command in read(text).commands]


def written(place: Place) -> str:
    return place.source.text[place.span.start : place.span.end]


_ARGUMENTS = ["--a=x:a,3,b,ax", "--b=ab", "--c=a2", "--d=$1", "ab"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("atc --model=a.onnx --framework 5 -output=b", ["--model=a.onnx", "--framework", "5", "-output=b"]),
        ("atc --input_shape=\"x:1,3\" --log='a b'", ["--input_shape=x:1,3", "--log=a b"]),
        ("atc --a=$'x\\ty\\x41' --b=c\\ d", ["--a=x\tyA", "--b=c d"]),
        ('atc --a="x\\"y\\\\z\\q"', ['--a=x"y\\z\\q']),
        ("atc --a=1 \\\n    --b=2 \\\n\t--c=3", ["--a=1", "--b=2", "--c=3"]),
        ("atc --a=1 > log 2>&1 # said", ["--a=1"]),
        ("atc --a=1 2>&1 | tee out.log", ["--a=1"]),
        ("nohup atc --a=1 &", ["--a=1"]),
        ("sudo -E env A=b /usr/local/atc/bin/atc.bin --a=1", ["--a=1"]),
        ("timeout 10 ${ROOT}/atc/bin/atc --a=1", ["--a=1"]),
        ("LOG=1 time atc --a=1", ["--a=1"]),
        ("$(which atc) --a=1", ["--a=1"]),
        ("if ! atc --a=1; then exit 1; fi", ["--a=1"]),
        ("(cd x && { atc --a=1; })", ["--a=1"]),
        ("out=$(atc --a=1)", ["--a=1"]),
        ("bash -c \"atc --a='x y'\"", ["--a=x y"]),
        ("eval \"atc --a='x y'\"", ["--a=x y"]),
        ("docker exec box atc --model=a", ["--model=a"]),
        ('c="atc --a=1"; $c --b=2', ["--a=1", "--b=2"]),
        ('A=/opt/atc/bin/atc; "$A" --a=1', ["--a=1"]),
        ('c=(atc --a=1); c+=("--b=x y"); "${c[@]}"', ["--a=1", "--b=x y"]),
        ("x=1; x+=2; atc --a=$x", ["--a=12"]),
        ("export X=1; readonly Y=2; atc --a=$X$Y", ["--a=12"]),
        ("b=4; atc --input_shape=\"data:$b,3\"'!'", ["--input_shape=data:4,3!"]),
        ("atc --a=${SOC:-Ascend310P3} --b=${1:-x}", ["--a=Ascend310P3", "--b=x"]),
        ("S=y; atc --a=${S:-x} ${S:+--b=z} ${T:=w} $T", ["--a=y", "--b=z", "w", "w"]),
        (
            "m=d/net.sim.onnx; atc --a=${m%.*} ${m%%.*} ${m##*/} ${m#d/}",
            ["--a=d/net.sim", "d/net", "net.sim.onnx", "net.sim.onnx"],
        ),
        ("m=a.b.b; atc --a=${m/b/x} ${m//b/x} ${m^^} ${m:2:1} ${#m}", ["--a=a.x.b", "a.x.x", "A.B.B", "b", "5"]),
        ("m=$1; atc --output=${m%.onnx}_x --b=$(basename $M/net.onnx .onnx)", ["--output=?_x", "--b=net"]),
        ("i=3; atc --a=$((i * 2 + 1)) --b=$((j + 1))", ["--a=?", "--b=?"]),
        ("atc --model=$m --x=$(date) --y=`head -1 f`", ["--model=?", "--x=?", "--y=?"]),
        ("atc --a=$(echo x) --b=$(printf '%s-%s' y z)", ["--a=x", "--b=y-z"]),
        ("atc --a=$(dirname $0)/b ${BASH_SOURCE[0]}", ["--a=/repo/tools/b", "/repo/tools/convert.sh"]),
        ('D=$(cd "$(dirname "$0")/.." && pwd); atc --a=$D/b', ["--a=/repo/b"]),
        ("atc --a=FP32\\\n--b=a.cfg", ["--a=FP32--b=a.cfg"]),
        ("atc --a='x'\\\n\"y\"\\\n\\\n$z --b=1", ["--a=xy?", "--b=1"]),
        ('o=(--a=1\\\n--b=2 # why\n# --c=3\n--d=4); atc "${o[@]}"', ["--a=1--b=2", "--d=4"]),
        ("atc --a=${中文} --b=1\necho ${b}", ["--a=?", "--b=1"]),
        ('atc --a="x${模型.om}y" --b=${a b}_z --c=${a.b} ${} --d=1', ["--a=x?y", "--b=?_z", "--c=?", "?", "--d=1"]),
        ("atc --a=$模型 --b=${中:-${x}} --c=${x:-${中}} --d=1", ["--a=?", "--b=?", "--c=?", "--d=1"]),
        ("atc --a=\\${中} --b=1", ["--a=${中}", "--b=1"]),
        ("atc --a=${my-var.x} --b=${x[0]}${x@Q}${!x}${@:2}${#} --c=1", ["--a=var.x", "--b=?????", "--c=1"]),
        ('set -- a b; atc --a=x:$1,3,$2,$1x --b="$1"$2$3 --c=$12 --d=\\$1 "$1$2"', _ARGUMENTS),
        ('set -- a b; atc --a=1 "${@:2}"; set -- "$@" $MORE', ["--a=1", "b"]),
    ],
)
def test_the_words_of_a_command_are_those_that_the_shell_passes(script: str, expected: list[str]) -> None:
    assert commands(script + "\n") == [expected]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("set -e", "??"),
        ("set -euo pipefail", "??"),
        ("set -Eeuo pipefail", "??"),
        ("set -o pipefail", "??"),
        ("set +o x", "??"),
        ("set -eo pipefail -u -o errexit", "??"),
        ("set -o", "??"),
        ("set -", "??"),
        ("set a b", "ab"),
        ("set -- a b", "ab"),
        ("set - a b", "ab"),
        ("set -euo pipefail a b", "ab"),
        ("set -e -- -o b", "-ob"),
        ("set --", ""),
        ("set -- $line", "??"),
        ('set -- "$line"', "?"),
    ],
)
def test_set_takes_flags_and_gives_arguments(script: str, expected: str) -> None:
    (words,) = commands(f"{script}\natc --model=$1$2\n")
    assert words == [f"--model={expected}"]


_CONVERTER = """
convert() {
    for b in $2; do
        local c="atc --a=$1 \\
            --b=$b"
        [ "$3" != "" ] && c="$c --insert_op_conf=$3"
        $c || { echo "$c failed"; return 1; }
    done
}
convert m "1 4" a.cfg
convert n 8
"""


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('run "atc --a=1 --b=2"', [["--a=1", "--b=2"]]),
        ('one="atc --a=1"\ntwo="atc --b=2"\n$one', [["--a=1"], ["--b=2"]]),
        ('c="atc --a=1"\nc="$c --b=2"\nlog "$c"\nrun "$c"', [["--a=1", "--b=2"]]),
        ('run() { echo "$@"; eval "$@"; }\nrun "atc --a=1"\nrun atc --b=2', [["--a=1"], ["--b=2"]]),
        ("cat > go.sh <<'E'\natc --a=1\nE", [["--a=1"]]),
        ("bash <<E\natc --a=1\nE", [["--a=1"]]),
        (
            'p=$(cd "$(dirname $0)"; pwd -P)\nc="atc --a=$p/m --s="x:1" --b=2"\nmain',
            [["--a=/repo/tools/m", "--s=x:1", "--b=2"]],
        ),
        (
            _CONVERTER,
            [
                ["--a=m", "--b=1", "--insert_op_conf=a.cfg"],
                ["--a=m", "--b=4", "--insert_op_conf=a.cfg"],
                ["--a=n", "--b=8"],
            ],
        ),
        ('c="atc --dynamic_image_size=1,2;3,4 --b=5"\nrun "$c"', [["--dynamic_image_size=1,2;3,4", "--b=5"]]),
    ],
)
def test_a_command_in_a_string_counts_once_with_its_last_value(script: str, expected: list[list[str]]) -> None:
    assert commands(script + "\n") == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('c="atc --a=1"\n[ "$x" != "" ] && c="$c --insert_op_conf=$x"\n$c', [["--a=1", "--insert_op_conf=?"]]),
        ('o=""\nif [ -n "$2" ]; then o="--insert_op_conf=a.cfg"; fi\natc --a=1 $o', [["--a=1", "--insert_op_conf=?"]]),
        ("s=A\nif [ -f x ]; then s=B; fi\natc --s=$s --a=1", [["--s=?", "--a=1"]]),
        ("s=A\nif [ -f x ]; then s=A; fi\natc --s=$s", [["--s=A"]]),
        ("s=A\nif [ -f x ]; then s=B; exit 1; fi\natc --s=$s", [["--s=A"]]),
        ("n=''\nif [ -z \"$n\" ]; then atc --a=1; else atc --b=1; fi", [["--a=1"]]),
        ("n=2\nif [[ $n == 1 ]]; then atc --a=1; elif [ $n -eq 2 ]; then atc --b=1; fi", [["--b=1"]]),
        ("n=2\ntest $n = 3 || atc --a=1", [["--a=1"]]),
        ("if [ $# -lt 1 ]; then exit; fi\natc --a=$1", [["--a=?"]]),
        ("s=310P3\ncase $s in 310) t=a;; 310*) t=b;; *) t=c;; esac\natc --t=$t", [["--t=b"]]),
        ("case $1 in a) t=1;; *) t=2;; esac\natc --t=$t", [["--t=?"]]),
        ("for b in 1 4; do atc --b=$b; done", [["--b=1"], ["--b=4"]]),
        (
            "m=(a b)\nfor i in 0 1; do atc --a=${m[$i]} ${m[i]} ${#m[@]}; done",
            [["--a=a", "a", "2"], ["--a=b", "b", "2"]],
        ),
        (
            "for b in {1..2}; do for c in x y; do atc --b=$b$c; done; done",
            [["--b=1x"], ["--b=1y"], ["--b=2x"], ["--b=2y"]],
        ),
        ("for b in $(seq 1 2); do atc --b=$b; done", [["--b=1"], ["--b=2"]]),
        ("for f in *.onnx; do atc --model=$f --b=1; done", [["--model=?", "--b=1"]]),
        ("i=0\nwhile read l; do i=1; done < f\natc --i=$i", [["--i=?"]]),
        ('while getopts "m:" o; do case $o in m) m=$OPTARG;; esac; done\natc --m=$m', [["--m=?"]]),
        ("f() { atc --a=$1 \"$2\"; }\nf x y\nf z 'a b'", [["--a=x", "y"], ["--a=z", "a b"]]),
        ("f() { local v=2; w=3; }\nv=1; w=1\nf\natc --a=$v $w", [["--a=1", "3"]]),
        ('f() { local m=$1; shift; atc --m=$m "$@"; }\nf a b c', [["--m=a", "b", "c"]]),
        ("f() { atc --a=$1; }", [["--a=?"]]),
        ("x=1\n(x=2)\nx=3 true\natc --a=$x", [["--a=1"]]),
    ],
)
def test_what_depends_on_the_unknown_is_joined(script: str, expected: list[list[str]]) -> None:
    assert commands(script + "\n") == expected


@pytest.mark.parametrize(
    ("script", "folders"),
    [
        ("atc --a=1", [""]),
        ("cd x && atc --a=1; cd ../y; atc --b=1", ["x", "y"]),
        ("cd x; (cd y; atc --a=1); atc --b=1", ["x/y", "x"]),
        ('cd "$(dirname "$0")"; atc --a=1', ["/repo/tools"]),
        ('cd "$WORK" || exit 1; atc --a=1; cd /abs; atc --b=1', [None, "/abs"]),
        ("pushd x; atc --a=1; popd; atc --b=1; cd z; cd -; atc --c=1", ["x", "", ""]),
        ("if [ -d x ]; then cd x; fi; atc --a=1", [None]),
    ],
)
def test_the_folder_is_where_the_shell_is(script: str, folders: list[str | None]) -> None:
    assert [command.folder for command in read(script + "\n").commands] == folders


def test_the_present_folder_is_seen_from_the_folder_of_the_command() -> None:
    assert commands("R=$(pwd)\ncd sub\natc --a=$R/x\n") == [["--a=../x"]]


def test_a_value_stands_where_it_is_written() -> None:
    (command,) = read('conf=a.cfg\natc --insert_op_conf=$conf --model="$1"\n').commands
    value, model = command.words
    assert written(value.place) == "--insert_op_conf=$conf"
    assert [(piece.text, written(piece.place)) for piece in value.pieces] == [
        ("--insert_op_conf=", "--insert_op_conf="),
        ("a.cfg", "a.cfg"),
    ]
    assert value.pieces[1].place.span == (5, 10)
    assert model.pieces[-1] == Piece(None, model.pieces[-1].place)
    assert written(model.pieces[-1].place) == "$1"


def test_an_indented_excerpt_is_told_of_its_file() -> None:
    source = Source("a.md", "é text\n\n    atc --a=1 \\\n      --b='x'\n")
    lines = [Span(12, 24), Span(28, 39)]
    found = read_script(Script((Excerpt.of_spans(source, lines),)), "")
    assert [written(word.place) for word in found.commands[0].words] == ["--a=1", "--b='x'"]
    assert written(found.commands[0].head) == "atc"


def test_arguments_are_used_where_a_call_tells_them() -> None:
    text = "if [ $# -ne 2 ]; then exit 1; fi\natc --model=$1 --insert_op_conf=$2\n"
    assert read(text).positional
    told = read(text, arguments=["a.onnx", "b.cfg"])
    assert [said(command) for command in told.commands] == [["--model=a.onnx", "--insert_op_conf=b.cfg"]]
    assert not told.positional
    assert told.commands[0].words[1].pieces[1].place.source.path == "caller.sh"
    assert not read("atc --model=$M\n./x.sh $1\n").commands[0].words[0].text
    assert not read("atc --model=$M\n").positional


@pytest.mark.parametrize(
    "script",
    [
        "cat > a.cfg << 'EOF'\naipp_op {\n  x: $w\n}\nEOF",
        "cat << EOF > a.cfg\naipp_op {\n  x: \\$w\n}\nEOF",
        "cat <<-EOF | sudo tee a.cfg > /dev/null\n\taipp_op {\n\t  x: \\$w\n\t}\n\tEOF",
        "tee a.cfg <<'E' && atc --a=1\naipp_op {\n  x: $w\n}\nE",
        "echo 'aipp_op {\n  x: $w\n}' > a.cfg",
        'echo -e "aipp_op {\\n  x: \\$w\\n}" > a.cfg',
        "{ echo 'aipp_op {'; echo '  x: $w'; echo '}'; } > a.cfg",
        "echo 'aipp_op {' > a.cfg\necho '  x: $w' >> a.cfg\necho '}' >> a.cfg",
        "printf 'aipp_op {\\n  x: %s\\n}\\n' '$w' > a.cfg",
        'C="aipp_op {\n  x: \\$w\n}"\necho "$C" > a.cfg',
    ],
)
def test_a_configuration_that_a_script_writes(script: str) -> None:
    (config,) = read(script + "\n").configs
    assert config.text.text == "aipp_op {\n  x: $w\n}\n"
    assert config.path == "a.cfg"
    assert written(config.text.place(0, 7)) == "aipp_op"


def test_variables_in_a_configuration_are_filled_in_or_it_is_left_out() -> None:
    (config,) = read("w=300\ncat > $1 <<E\naipp_op { x: $w y: 2 }\nE\ncat > b.cfg <<E\naipp_op { x: $u }\nE\n").configs
    assert (config.text.text, config.path) == ("aipp_op { x: 300 y: 2 }\n", "")
    assert written(config.text.place(13, 16)) == "$w"
    assert written(config.text.place(17, 18)) == "y"


def test_texts_of_a_script_share_one_shell() -> None:
    source = Source("a.md", "cd x\nM=a\n'broken\natc --m=$M\n")
    texts = (Span(0, 9), Span(9, 17), Span(17, 29))
    script = Script(tuple(Excerpt.whole(source).part(*span) for span in texts), folder="w")
    (command,) = read_script(script, "").commands
    assert (said(command), command.folder, command.program) == (["--m=a"], "w/x", ATC)


def test_variables_that_are_set_before() -> None:
    source = Source("ci.yml", "SOC: 310P3\natc --soc_version=$SOC\n")
    variable = ("SOC", Word("310P3", Place(source, Span(5, 10))))
    (command,) = read_script(Script((Excerpt.whole(source).part(11, 35),), (variable,)), "").commands
    assert said(command) == ["--soc_version=310P3"]
    assert written(command.words[0].pieces[1].place) == "310P3"


def test_a_file_without_a_word_of_interest_is_not_parsed() -> None:
    assert read("match=1\nfor x in batch; do dispatch $x; done\n") is NOTHING


_PIECES = (
    'atc --a=1 aipp_op { } x.sh ; | || && & ( ) { } \n \\ \\\n " \' ` $ $( ${x:-a} ${x%.*} $1 $@ $((1+2)) x=1 x+="$x b"'
    " if then elif else fi for i in do done while case esac ;; a) *) f() function cd .. pwd <<E E <<-'E' > f >> 2>&1"
    " < | [ ] [[ ]] == != -n -z ! echo eval bash -c local export shift return exit # <x> xxx \r\n \t é \udc80 \ud800"
    " \uf8ff ${ ;b:2 $' $中 ${中} ${my-x.y} ${a\xa0b} --soc_version=c --model \\\n--log=x : ："
    " [\xa0-f\xa0a\xa0] $ATC set\xa0-euo a$1,$2x ${@:2}"
).split(" ")
_PIECES = [piece.replace("\xa0", " ") for piece in _PIECES]


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.sampled_from([*_PIECES, " ", "\n"]), max_size=60).map(" ".join) | st.text(max_size=80),
    st.booleans(),
)
def test_nothing_is_raised_and_every_place_lies_in_the_file(text: str, in_document: bool) -> None:
    source = Source("x.sh", "atc --model=a\n" + text)
    found = read_script(Script((Excerpt.whole(source),), in_document=in_document), "/r/x.sh")
    places = [place for command in found.commands for place in (command.head, *(one.place for one in command.mistakes))]
    for words in [*(command.words for command in found.commands), *(call.words for call in found.calls)]:
        places += [place for word in words for place in (word.place, *(piece.place for piece in word.pieces))]
    places += [config.text.place(0, len(config.text.text)) for config in found.configs]
    assert found.commands or in_document  # where prompts stand, the first line is taken as printed
    for place in places:
        assert place.source is source
        assert 0 <= place.span.start <= place.span.end <= len(source.text)
    assert pickle.loads(pickle.dumps(found)).calls is not None  # noqa: S301


@pytest.mark.parametrize(
    "unit",
    [
        "{ ",
        "$(",
        "a && ",
        "x=$x$x\n",
        'x=("${x[@]}" "${x[@]}")\n',
        "if a; then\n",
        " --a=b",
        "for i in a b c d; do ",
        "atc --a \\ \n",
        " #\n",
        "y=${x%%*a*b}\n",
        'eval "$x"; ',
        "f() { f; f; }; f\n",
        "atc --m=<a b> [x\n",
        "${",
        "${中:-${a}",
        "$中",
        "\\\n--b",
        "\n--model=a",
        "\n--model 'a",
        '\natc --model=a\n--model "',
        "\n[ -f a ] && atc --insert_op_conf=a",
        "\n$A --insert_op_conf=a",
        "\nset a; x=${00}$0009 y",
        "\nfor i in $x; do ;",
    ],
)
def test_hostile_repetitions_cost_little(unit: str) -> None:
    text = "x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\natc --a" + unit * 3000
    with at_most():
        read(text)
