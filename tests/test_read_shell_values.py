"""Shell scripts: what a variable is worth where a command uses it; ``?`` where another run may have another value."""

from __future__ import annotations

import pytest

from tests.test_read_shell import commands, read
from tests.work import at_most


def models(script: str) -> list[str]:
    """The values of --model of each command, as far as they are known."""
    return [words[0].removeprefix("--model=") for words in commands(script)]


@pytest.mark.parametrize(
    "script",
    [
        'eval "$(parse settings.yml)"',
        'eval "$name=2"',
        ". ./config.sh",
        "source /opt/settings.sh",
        "export $(grep -v '#' .env | xargs)",
        'declare "$name=2"',
        "read $name",
        "read -r x < file",
        'read -r a x <<< "1 2"',
        "mapfile -t x < file",
        "printf -v x %s $RANDOM",
        "unset x",
        "unset 'x[0]'",
        "y=$((x++))",
        ": $((x += 2))",
        "echo $((--x))",
        "((x++))",
        "((x = y))",
        "let x++",
        'let "x = y"',
        "while read -r line; do ((x += 1)); done < file",
        "while read -r line; do ((++x)); done < file",
        "while read -r line; do : $((x = x + 1)); done < file",
        "while read -r line; do let 'x += 1'; done < file",
        "while read -r line; do unset a x; done < file",
        "for ((i = 0; i < n; x++)); do :; done",
        "until ready; do x=2; done",
        "select y in a b; do x=$y; done",
        "for y in 2 3; do x=$y; break; done",
        "for y in 2 3; do x=$y; [ -f $y ] && break; done",
        "for y in 2 3; do x=2; [ -f $y ] || continue; x=3; done",
        "if ready; then x=2; fi",
        "ready && x=2",
        "ready || x=2",
        "command -v atc && x=2",
        "ls file && export x=2",
        "case $y in a) x=2 ;; esac",
        "y=b; case $y in b) x=2 ;& c) x=3 ;; esac",
        "f() { local -n r=x; r=2; }; f",
        "f() { n=$((n+1)); x=$n; [ $n -gt 90 ] || f; }; n=0; f",
        "declare -u x=abc",
        "[[ $y =~ a(.*) ]] && x=${BASH_REMATCH[1]}",
        "x=$(< file)",
        "x=$(ulimit -n)",
        "x=$(umask)",
        "x=$(cat file)",
        "x=$(for y in 2 3; do echo $y; break; done)",
        "x=(*.onnx)",
        "x=([1]=2 [0]=3)",
        'eval set -- "$given"; x=$1',
    ],
)
def test_what_may_have_changed_is_not_known(script: str) -> None:
    assert models(f"x=1\n{script}\natc --model=$x") == ["?"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (". ./config.sh; atc --model=${x:-1}", ["?"]),
        ("x=1; source set_env.sh; atc --model=$x", ["1"]),
        ("x=1; . ./config.sh; x=2; atc --model=$x", ["2"]),
        ("x=1; if ready; then . ./config.sh; fi; y=3; atc --model=$x$y", ["?3"]),
        ("x=1; f() { . ./config.sh; }; f; atc --model=$x", ["?"]),
        ("x=1; f() { . ./config.sh; return; }; f; atc --model=$x", ["?"]),
        ("x=1; (. ./config.sh); atc --model=$x", ["1"]),
        ("cd /opt; . ./config.sh; atc --model=$PWD/a", ["/opt/a"]),
        ('x=1; eval "$prefix atc --model=$x"; atc --model=$x', ["1", "1"]),
        ('x=1; eval "$tool --model=$x --insert_op_conf=a --soc_version=b"; atc --model=$x', ["1", "1"]),
        ('x=1; export "x=2"; atc --model=$x', ["2"]),
        ("x=1; f() { declare -g x=2; }; f; atc --model=$x", ["2"]),
        ("x=1; f() { local x=2; return 0; }; f; atc --model=$x", ["1"]),
        ("x=1; (x=2; atc --model=$x); atc --model=$x", ["2", "1"]),
        ("x=1; { x=2; atc --model=$x; } & atc --model=$x", ["2", "1"]),
        ("x=1; ready | x=2; atc --model=$x", ["1"]),
        ("x=1; cd build && x=2; atc --model=$x", ["2"]),
        ("x=1; if ((x > 0)); then atc --model=$x; fi", ["1"]),
        ("printf -v x %s-%s a b; atc --model=$x", ["a-b"]),
        ("x=$(echo told >&2; echo 5); atc --model=$x", ["5"]),
        ("x=$(echo told 1>&2); atc --model=a$x", ["a"]),
        ("x=$(echo 5 2>&1); atc --model=$x", ["5"]),
        ("x=$(echo 5 >&1); atc --model=$x", ["5"]),
        ("x=$(echo 5 >& log.txt); atc --model=a$x", ["a"]),
        ("getopts s: o; atc --model=${OPTARG:-1}", ["?"]),
        ("read <<< 5; atc --model=${REPLY:-1}", ["?"]),
        ("while read -r line; do : ${x:=3}; done; atc --model=${x:-4}", ["?"]),
        ('eval set -- "$given"; atc --model=$2 --n=$#', ["?"]),
        ("set -- a b; set -- $more; atc --model=$2", ["?"]),
    ],
)
def test_a_value_is_that_of_the_shell_it_was_set_in(script: str, expected: list[str]) -> None:
    assert models(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("build() { atc --model=${SOC:-1}; }; SOC=2 build", ["2"]),
        ("SOC=1; build() { atc --model=$SOC; }; SOC=2 build; atc --model=$SOC", ["2", "1"]),
        ("SOC=1; SOC=2 bash -c 'atc --model=$SOC'; atc --model=$SOC", ["2", "1"]),
        ("SOC=1; SOC=2 ready; atc --model=$SOC", ["1"]),
    ],
)
def test_what_is_set_for_one_command_holds_for_it_alone(script: str, expected: list[str]) -> None:
    assert models(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("IFS=,; l=a,b; for s in $l; do atc --model=$s; done", ["?"]),
        ("IFS=,; l='a b'; atc --model=$l", ["a b"]),
        ("IFS=$' \\t\\n'; l='a b'; for s in $l; do atc --model=$s; done", ["a", "b"]),
        ("OLD=$IFS; IFS=,; IFS=$OLD; l='a b'; for s in $l; do atc --model=$s; done", ["a", "b"]),
        ("IFS=, read -r y; l='a b'; for s in $l; do atc --model=$s; done", ["a", "b"]),
    ],
)
def test_words_end_where_the_script_says(script: str, expected: list[str]) -> None:
    assert models(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a=(1 2 3); a[1]=9; for i in ${a[@]}; do atc --model=$i; done", ["1", "9", "3"]),
        ("a=(1 2); a+=(3); atc --model=${a[2]}${#a[@]}", ["33"]),
        ("a=(1 2); i=1; atc --model=${a[i]}${a[$i]}", ["22"]),
        ("a=(1 2); a[$i]=3; atc --model=${a[0]}", ["?"]),
        ("a=(1 2); a+=3; atc --model=$a", ["?"]),
        ("a=1; a+=(2); atc --model=${a[0]}", ["?"]),
        ("x[0]=5; atc --model=$x", ["5"]),
        ("a=(x $L y); atc --model=${a[1]}", ["?"]),
        ('a=(x "$L" y); atc --model=${a[2]}', ["y"]),
        ('L="a b"; a=($L c); atc --model=${a[1]}', ["b"]),
        ('declare -A m=([a]=1 [b]=2); for k in "${m[@]}"; do atc --model=$k; done', ["?"]),
        ("a=(1 2); while ready; do a+=(3); done; atc --model=${a[1]}", ["2"]),
        ('l=a; while ready; do l+=" b"; done; atc --model=$l', ["a?"]),
        ("l=; while ready; do l+=b; done; atc --model=$l", ["?"]),
    ],
)
def test_arrays_are_known_element_by_element(script: str, expected: list[str]) -> None:
    assert models(script) == expected


@pytest.mark.parametrize("expression", ["2 + 3", "n + 1", "n++", "n += 1", "(n = 4)", "unset_one + 1"])
def test_what_numbers_come_to_is_not_known(expression: str) -> None:
    assert models(f"n=5; atc --model=$(({expression}))") == ["?"]


@pytest.mark.parametrize("expression", ["n++", "--n", "n += 1", "(n = 4)", "m + n++"])
def test_variables_that_arithmetic_changes_are_not_known(expression: str) -> None:
    assert models(f"n=5; x=$(({expression})); atc --model=$n") == ["?"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("${p%.onnx}", "out/Net.v1"),
        ("${p%%.*}", "out/Net"),
        ("${p#*/}", "Net.v1.onnx"),
        ("${p##*.}", "onnx"),
        ("${p##*/}", "Net.v1.onnx"),
        ("${p#x}", "out/Net.v1.onnx"),
        ("${p%y}", "out/Net.v1.onnx"),
        ("${p%[mn]?x}", "out/Net.v1.o"),
        ("${p/.onnx/.om}", "out/Net.v1.om"),
        ("${p/.onnx}", "out/Net.v1"),
        ("${p//n/m}", "out/Net.v1.ommx"),
        ("${p/#out/in}", "in/Net.v1.onnx"),
        ("${p/%onnx/om}", "out/Net.v1.om"),
        ("${p/%om/x}", "out/Net.v1.onnx"),
        ("${p/#om/x}", "out/Net.v1.onnx"),
        ("${p/$q/x}", "?"),
        ("${p/o/$q}", "?"),
        ("${p^^}", "OUT/NET.V1.ONNX"),
        ("${p,,}", "out/net.v1.onnx"),
        ("${p^}", "Out/Net.v1.onnx"),
        ("${p:4}", "Net.v1.onnx"),
        ("${p:4:3}", "Net"),
        ("${p: -4}", "onnx"),
        ("${p:4:-5}", "Net.v1"),
        ("${p:$q}", "?"),
        ("${#p}", "15"),
        ("${u%.onnx}", "?/a"),
        ("${u%%.*}", "?"),
        ("${u##*/}", "a.onnx"),
        ("${u#*/}", "?"),
        ("${!r}", "out/Net.v1.onnx"),
        ("${!q}", "?"),
        ("${p:+set}", "set"),
        ("${e:+set}x", "x"),
        ("${e:-d}", "d"),
        ("${e-d}x", "x"),
        ("${p:?must be set}", "out/Net.v1.onnx"),
        ("$(basename $p .onnx)", "Net.v1"),
        ("$(dirname $p)", "out"),
        ("$(basename $u)", "a.onnx"),
        ("$(dirname $u)", "?"),
        ("$(seq 2)", "1"),
        ("$(printf '%s-%d%%' a 5)", "a-5%"),
        ("$(printf %05d 5)", "?"),
        ("$(echo -e 'a\\x41')", "aA"),
    ],
)
def test_expansions_give_what_a_shell_gives(expression: str, expected: str) -> None:
    script = f"p=out/Net.v1.onnx; u=$unknown/a.onnx; r=p; e=; atc --model={expression}"
    assert models(script) == [expected]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("cd /opt; atc --model=$(realpath a.onnx)", ["/opt/a.onnx"]),
        ("cd /opt; atc --model=$(readlink -f /x/a.onnx)", ["/x/a.onnx"]),
        ("cd $unknown; atc --model=$(realpath a.onnx)", ["?"]),
        ("atc --model=$(realpath $unknown)", ["?"]),
        ("x=~/a.onnx; atc --model=$x", ["?/a.onnx"]),
        ("x=~me/$y/a.onnx; atc --model=$x", ["?/?/a.onnx"]),
        ("x='~/a.onnx'; atc --model=$x", ["~/a.onnx"]),
        ("atc --model=~/a.onnx", ["~/a.onnx"]),
        ("cd ~; atc --model=$PWD", ["?"]),
        ("for i in {1..3}; do atc --model=$i; done", ["1", "2", "3"]),
        ("for i in {a,b}c; do atc --model=$i; done", ["ac", "bc"]),
        ("x=$(cat <<-END\n\t\ta\n\tEND\n); atc --model=$x", ["a"]),
        ('x=$(cat <<END\n\ta\nEND\n); atc --model="$x"', ["\ta"]),
        ("x=$(cat <<< b); atc --model=$x", ["b"]),
        ("x=$(echo a | tee log); atc --model=$x", ["a"]),
        ("a=(1); if ready; then a=(1 2); fi; atc --model=${a[0]}", ["1"]),
        ("a=(1); if ready; then a=(2 1); fi; atc --model=${a[0]}", ["?"]),
        ("a=(1); if ready; then a+=(2); fi; atc --model=${a[1]}", ["?"]),
    ],
)
def test_what_commands_print_and_read_is_known_where_it_is_written(script: str, expected: list[str]) -> None:
    assert models(script) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("[ $a = x ]", "yes"),
        ("[ ! $a = x ]", "no"),
        ("[ $a = x -a $b = y ]", "yes"),
        ("[ $a = x -a $b = z ]", "no"),
        ("[ $a = z -o $b = y ]", "yes"),
        ("[ $a = z -o $b = z ]", "no"),
        ("[ $u = z -o $b = y ]", "yes"),
        ("[ $u = z -o $b = z ]", "?"),
        ("[ $u = z -a $b = z ]", "no"),
        ("[[ ( $a == x || $u == z ) && $b == y ]]", "yes"),
        ("[[ $a == [wx] ]]", "yes"),
        ("[[ ! ( $a == x ) ]]", "no"),
        ("[ -n $a ]", "yes"),
        ("[ -z $a ]", "no"),
        ("[ -z $u ]", "?"),
        ("[ $a ]", "yes"),
        ("[ -f $a ]", "?"),
        ("test 5 -gt 4", "yes"),
        ("test 05 -gt 4", "?"),
        ("true", "yes"),
        ("! true", "no"),
        ("ready", "?"),
    ],
)
def test_a_condition_decides_where_all_of_it_is_known(condition: str, expected: str) -> None:
    script = f"a=x; b=y; if {condition}; then c=yes; else c=no; fi; atc --model=$c"
    assert models(script) == [expected]


def test_calls_beyond_the_limit_cost_little_and_leave_what_they_change_unknown() -> None:
    script = "f() {\n" + "x=$y\n" * 5_000 + "}\n" + "f\n" * 5_000 + "x=1\ng() { x=2; }\n" + "g\n" * 300
    with at_most():
        commands(script + "atc --model=$x")
    assert models("g() { x=$((x + 1)); }\nx=0\n" + "g\n" * 300 + "atc --model=$x") == ["?"]


def test_a_home_is_a_folder_that_nobody_knows() -> None:
    assert commands("~/bin/atc --a ~/b.cfg ~ ~/$c") == [["--a", "?/b.cfg", "?", "?/?"]]
    assert [command.folder for command in read("cd ~/x && atc --a=1").commands] == [None]


@pytest.mark.parametrize(
    "script",
    [
        "for i in 1 2 3 4 5 6 7 8; do\n" + "x=$y; [ $x ] || continue\n" * 1_500 + "done\n",
        "while ready; do\n" + "((i++)); : ${x:=$((i += 1))}\n" * 1_500 + "done\n",
        "while ready; do : " + "$((" * 300 + "i++" + "))" * 300 + "; done\n",
        ". ./config.sh; x=1\n" * 1_500,
        "if ready; then . ./config.sh; x=1; fi\n" * 1_500,
        "X=1 f\nf() { x=2; }\n" * 1_500,
        'export $(cat x) "y=1"\n' * 1_500,
        "atc {a,b}{a,b}c x{" + "a," * 20_000 + "b}\n",
    ],
    ids=["rounds", "arithmetic", "nested", "sourced", "branches", "settings", "exports", "braces"],
)
def test_hostile_scripts_cost_little(script: str) -> None:
    with at_most():
        commands(script + "atc --model=$x")
