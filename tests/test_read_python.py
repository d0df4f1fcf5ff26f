"""Python code: the commands that it runs and the configurations that it writes."""

from __future__ import annotations

import pickle
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipplint.atc.words import Word
from aipplint.findings import Place
from aipplint.readers.extract import ATC, BENCHMARK, Command, Extract
from aipplint.readers.python.reader import read_python
from aipplint.source import Source
from tests.work import at_most


def read(code: str) -> Extract:
    """What code says that stands indented in a test."""
    return read_python(Source("tool.py", textwrap.dedent(code)), "tool.py")


def written(place: Place) -> str:
    """What stands at a place."""
    return place.source.text[place.span.start : place.span.end]


def shown(word: Word) -> str:
    """A word as far as it is known, with ``?`` for every part that is not."""
    if word.text is not None:
        return word.text
    return "".join("?" if piece.text is None else piece.text for piece in word.pieces) or "?"


def words(code: str) -> list[str]:
    """The words of the only command in code."""
    (command,) = read(code).commands
    return [shown(word) for word in command.words]


def the_command(code: str) -> Command:
    (command,) = read(code).commands
    return command


OPTIONS = '"--model=a", "--insert_op_conf=a.cfg"'


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('run(["atc", "--model=a.onnx", "--framework", "5"])', ["--model=a.onnx", "--framework", "5"]),
        ('cmd = ("atc", "--model=a.onnx")', ["--model=a.onnx"]),
        (
            'cmd = ["atc"]\ncmd.append("--a=1")\ncmd += ["--b=2"]\ncmd.extend(["--c=3", x])',
            ["--a=1", "--b=2", "--c=3", "?"],
        ),
        ('cmd = []\ncmd += ["/usr/local/bin/atc"]\ncmd.append("--a=1")', ["--a=1"]),
        ('cmd = ["--a=1"]\ncmd.insert(0, "atc")', ["--a=1"]),
        ('cmd = ["atc"] + ["--a=1"] + more + ["--b=2"]', ["--a=1", "?", "--b=2"]),
        ('cmd = ["atc", *more, "--b=2"]', ["?", "--b=2"]),
        ('cmd = ["atc", *OPTIONS]\n', ["?"]),
        ('OPTIONS = ["--a=1", "--b=2"]\ncmd = ["atc", *OPTIONS]\n', ["--a=1", "--b=2"]),
        ('ATC = "/opt/atc/bin/atc"\nrun([str(ATC), "--a=1"])', ["--a=1"]),
        ('run([os.path.join(home, "bin", "atc"), "--a=1"])', ["--a=1"]),
        ('run(["sudo", "-u", "me", "atc", "--a=1"])', ["--a=1"]),
        ('run(["env", "A=1", "atc", "--a=1"])', ["--a=1"]),
        ('run(["bash", "-c", "atc --a=1 --b=2"])', ["--a=1", "--b=2"]),
        ('run("atc --a=1 --b=2".split())', ["--a=1", "--b=2"]),
        ('run("atc --a=1 --b=2".split(" "))', ["--a=1", "--b=2"]),
        ('await create_subprocess_exec("atc", "--a=1", *more)', ["--a=1", "?"]),
        ('run(f"atc --a={x} --b=2".split(), cwd="k")', ["--a=?", "--b=2"]),
        ("run(shlex.split(\"atc --a=1 --b='x y'\"))", ["--a=1", "--b=x y"]),
        ('os.system(" ".join(["atc", "--a=1", f"--b={x}"]))', ["--a=1", "--b=?"]),
        (f"run([args.atc_bin, {OPTIONS}])", ["--model=a", "--insert_op_conf=a.cfg"]),
        (f'run([str(p.get("atc") or "atc"), {OPTIONS}])', ["--model=a", "--insert_op_conf=a.cfg"]),
        (f"run([get_atc_path(), {OPTIONS}])", ["--model=a", "--insert_op_conf=a.cfg"]),
        (f'run([os.environ.get("ATC", "atc"), {OPTIONS}])', ["--model=a", "--insert_op_conf=a.cfg"]),
        (f'atc = shutil.which("atc")\nrun(["sudo", atc, {OPTIONS}])', ["--model=a", "--insert_op_conf=a.cfg"]),
        (f'def f(atc="atc"):\n    cmd = [atc]\n    cmd += [{OPTIONS}]', ["--model=a", "--insert_op_conf=a.cfg"]),
        ('run([atc, "--soc_version=A", "--framework", "5"])', ["--soc_version=A", "--framework", "5"]),
        ('run([*base, "--insert_op_conf=a.cfg"])', ["?", "--insert_op_conf=a.cfg"]),
        ('def f(base):\n    run(base + ["--insert_op_conf=a.cfg"])', ["?", "--insert_op_conf=a.cfg"]),
        ('x = k = "y"\njobs = [["atc", f"--a={x}", f"--b={k}"] for x in names]', ["--a=?", "--b=y"]),
    ],
)
def test_a_list_of_words_is_a_command(code: str, expected: list[str]) -> None:
    assert words(code) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"--model=" + M', "--model=m.onnx"),
        ('f"--model={M}"', "--model=m.onnx"),
        ('f"--model={M!r}"', "--model=?"),
        ('f"--model={M:>9}"', "--model=?"),
        ('f"--model={{{M}}}"', "--model={m.onnx}"),
        ("f'--model={NAMES[\"a\"]}.onnx'", "--model=?.onnx"),
        ('f"--dynamic_batch_size={N}"', "--dynamic_batch_size=8"),
        ('f"--shape={N * 2},{W // 2},{-N}"', "--shape=16,208,-8"),
        ('"--model={}".format(M)', "--model=m.onnx"),
        ('"--model={0}/{0}".format(M)', "--model=m.onnx/m.onnx"),
        ('"--model={model}.{}".format(N, model=M)', "--model=m.onnx.8"),
        ('"--model={:>3}{{}}".format(M)', "--model=?{}"),
        ('"--model={}".format(*M)', "--model=?"),
        ('"--model=%s" % M', "--model=m.onnx"),
        ('"--model=%s,%d%%" % (M, N)', "--model=m.onnx,8%"),
        ('"--model=%(m)s" % {"m": M}', "--model=m.onnx"),
        ('"--model=%05d" % N', "--model=?"),
        ('"--model=" + str(N)', "--model=8"),
        ('"--model=" + os.path.join("a", M)', "--model=a/m.onnx"),
        ('"--model=" + os.path.join("a", "/b")', "--model=/b"),
        ('"--model=" + str(Path("a") / "b" / M)', "--model=a/b/m.onnx"),
        ('"--model=" + given', "--model=?"),
        ('"--model=" + default', "--model=?"),
        ('"--model=" + args.model', "--model=?"),
        ('"--model=" + TWICE', "--model=?"),
        ('"--model=" + SAME', "--model=s"),
        ('"--model=" + Config.NAME', "--model=c"),
        ('"--model=" + once', "--model=o"),
        ('"--model=" + grown', "--model=g.onnx"),
        ('"--model=" + later', "--model=?"),
        ('"--model=" + looped', "--model=?"),
        ('"--model=" + PAIR[1]', "--model=q"),
        ('"--model=" + first', "--model=p"),
        ('"--mo" "del=" r"\\x"', "--model=\\x"),
        ('"--model=\\x41\\u0042\\N{LATIN CAPITAL LETTER C}\\104\\\n"', "--model=ABCD"),
        ('("--model="\n  # said\n  "x")', "--model=x"),
        ("'''--model=x'''", "--model=x"),
        ('"--宽=" + M', "--宽=m.onnx"),
        ('b"--model"', "?"),
    ],
)
def test_a_word_is_known_as_far_as_the_file_says_it(expression: str, expected: str) -> None:
    code = f"""
M, N, W = "m.onnx", 8, 416
PAIR = ("p", "q")
first, second = PAIR
TWICE = "a"
TWICE = "b"
SAME = "s"
SAME = "s"
class Config:
    NAME = "c"
def convert(given, default="d"):
    once = "o"
    grown = "g"
    grown += ".onnx"
    for looped in names:
        pass
    run(["atc", {expression}, "--framework=5"])
    later = "l"
"""
    (command,) = read_python(Source("tool.py", code), "tool.py").commands
    assert [shown(word) for word in command.words] == [expected, "--framework=5"]


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ("os.path.join(os.path.dirname(__file__), 'a.cfg')", "/repo/tools/a.cfg"),
        ("os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'a.cfg')", "/repo/tools/../a.cfg"),
        ("str(Path(__file__).resolve().parent / 'a.cfg')", "/repo/tools/a.cfg"),
        ("str(Path(__file__).parents[1] / 'a.cfg')", "/repo/a.cfg"),
        ("ROOT / 'a.cfg'", "/repo/a.cfg"),
        ("os.path.abspath('a.cfg')", "?"),
        ("Path('a.cfg').resolve()", "?"),
        ("Path(given).parent / 'a.cfg'", "?/a.cfg"),
        ("Path('a.cfg').parent", "?"),
    ],
)
def test_a_path_from_the_place_of_the_file_is_known(expression: str, path: str) -> None:
    code = f"ROOT = Path(__file__).resolve().parent.parent\nrun(['atc', f'--insert_op_conf={{{expression}}}'])"
    code = code.replace(f"f'--insert_op_conf={{{expression}}}'", f'f"--insert_op_conf={{{expression}}}"')
    (command,) = read_python(Source("tool.py", code), "/repo/tools/tool.py").commands
    assert [shown(word) for word in command.words] == [f"--insert_op_conf={path}"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('os.system("atc --a=1 --b=2")', ["--a=1", "--b=2"]),
        ('cmd = f"atc --a={x}"\nsubprocess.run(cmd.split(" "))', ["--a=?"]),
        ('os.popen("atc --a=1").read()', ["--a=1"]),
        ('out = subprocess.getoutput("atc --a=1")', ["--a=1"]),
        ('subprocess.run("atc --a=1", shell=True, check=True)', ["--a=1"]),
        ('subprocess.Popen("/usr/local/Ascend/atc/bin/atc --a=1", shell=True)', ["--a=1"]),
        ('cmd = "atc --a=1"\nmy_own_runner(cmd)', ["--a=1"]),
        ('cmd = "atc --a=1"', ["--a=1"]),
        ('my_own_runner("atc --a=1")', ["--a=1"]),
        ('cmd = "atc --a=1"\ncmd += " --b=2"\nos.system(cmd)', ["--a=1", "--b=2"]),
        ('cmd = "atc --a=1"\ncmd = cmd + " --b=2"\nos.system(cmd)', ["--a=1", "--b=2"]),
        ('cmd = "atc --a=1"\ncmd = f"{cmd} --b=2"\nos.system(cmd)', ["--a=1", "--b=2"]),
        ('os.system("cd x && " + "atc --a=1")', ["--a=1"]),
        ("os.system(\"source env.sh; atc --a='1,2;3'\")", ["--a=1,2;3"]),
        ('os.system("""\natc --a=1 \\\\\n  --b=2\n""")', ["--a=1", "--b=2"]),
        ('os.system("""\natc --a=1 \\\n  --b=2\n""")', ["--a=1", "--b=2"]),
        ("os.system(f\"atc --a='{x}' --b={y}.onnx --c=3\")", ["--a=?", "--b=?.onnx", "--c=3"]),
        ('os.system("atc --a=\\"%s\\" --b=2" % x)', ["--a=?", "--b=2"]),
        ('os.system("atc {} --b=2".format(x))', ["?", "--b=2"]),
        (
            "os.system(f'\"{atc}\" --model={m} --insert_op_conf=a.cfg')",
            ["--model=?", "--insert_op_conf=a.cfg"],
        ),
        (
            'cmd = f"{atc} --model={m} --insert_op_conf=a.cfg"\nrun(cmd, shell=True)',
            ["?", "--model=?", "--insert_op_conf=a.cfg"],
        ),
        ('os.system("cd x && " + atc + " --insert_op_conf=a.cfg")', ["?", "--insert_op_conf=a.cfg"]),
        ("SHAPE = 'data:1,3;im: 2'\nos.system(f'atc --a=\"{SHAPE}\"')", ["--a=data:1,3;im: 2"]),
    ],
)
def test_a_text_for_a_shell_is_a_command(code: str, expected: list[str]) -> None:
    assert [shown(word).replace("??", "?") for word in the_command(code).words] == expected


@pytest.mark.parametrize(
    "code",
    [
        '"""Run atc --model=x first."""',
        'def f():\n    """atc --model=x"""',
        'print("atc --model=x")',
        'logging.info("atc --model=%s", x)',
        'raise ValueError("atc --model=x failed")',
        'parser.add_argument("--atc", help="atc --model=x")',
        'if "atc --model" in line: pass',
        '# atc --model=x\nx = ["batch", "--model=x"]',
        'x = "batch --model=x"',
        'x = "use atc to convert"',
        'run(["match", "--model=x"])',
        'run(["aoe", "--model=x", "--insert_op_conf=a.cfg"])',
        'run(["echo", "atc"])',
        'run(["atc"])',
        'run(["atc", "--help"])',
        'run(["atc", "configure"])',
        'os.system("atc --version")',
        'run([tool, "--model=x", "--output=y"])',
        'run([tool, "x", "--insert_op_conf=a.cfg"])',
        'run([sys.executable, "convert.py", "--insert_op_conf=a.cfg"])',
        'run([sys.executable, SCRIPT, "--model=x", "--insert_op_conf=a.cfg"])',
        'run([f"{prefix}-aoe", "--model=x", "--insert_op_conf=a.cfg"])',
        'x = f"{tool} --model=x --insert_op_conf=a.cfg"',
        'print(f"{tool} --model=x --insert_op_conf=a.cfg")',
        'os.system(f"{tool} x --insert_op_conf=a.cfg")',
        'os.system(f"{tool} --x; ls --insert_op_conf=a.cfg")',
        'x = {"atc": 1}',
        "import atc",
    ],
)
def test_what_only_speaks_of_a_command_is_none(code: str) -> None:
    assert read(code) == Extract()


def test_every_command_is_found_once_in_the_order_of_the_file() -> None:
    code = """
    BASE = ["atc", "--framework=5"]
    def convert(shape):
        run(BASE + ["--output=a"])
        cmds = ["atc --model=1", "atc --model=2"]
        for cmd in cmds:
            os.system(cmd)
        cmd = ["atc", "--model=3"]
        print(" ".join(cmd))
        subprocess.run(" ".join(cmd), shell=True)
        cmd = ["atc", "--model=4"]
        logger.info(cmd)
        self.command = ["atc", "--model=5"]
        self.command.append("--x=1")
        jobs = {"one": "atc --model=6"}
        return f"atc --model={7}"
    """
    assert [[shown(word) for word in command.words] for command in read(code).commands] == [
        ["--framework=5", "--output=a"],
        ["--model=1"],
        ["--model=2"],
        ["--model=3"],
        ["--model=4"],
        ["--model=5", "--x=1"],
        ["--model=6"],
        ["--model=7"],
    ]


def test_one_constant_names_the_program_of_several_commands() -> None:
    commands = read('ATC = "/opt/bin/atc"\nrun([ATC, "--a=1"])\nrun([ATC, "--a=1"])\n').commands
    assert [command.head.span.start for command in commands] == [26, 46]
    assert [written(command.head) for command in commands] == ["ATC", "ATC"]


def test_what_a_condition_adds_is_known_only_where_the_configuration_is() -> None:
    code = """
    cmd = ["atc", "--model=a"]
    if big:
        cmd.append("--input_shape=data:1,3,832,832")
    else:
        cmd.append("--input_shape=data:1,3,416,416")
    if aipp:
        cmd.append("--insert_op_conf=aipp.cfg")
        cmd += ["--input_format", "NCHW"]
    else:
        cmd.append("--input_fp16_nodes=data")
    cmd.append("--framework=5")
    """
    assert words(code) == [
        "--model=a",
        "--input_shape=?",
        "--insert_op_conf=aipp.cfg",
        "--input_format",
        "NCHW",
        "--framework=5",
    ]


@pytest.mark.parametrize(
    ("growth", "expected"),
    [
        ('if x: cmd = cmd + " --log=debug"', ["--model=a", "--log=?", "--insert_op_conf=a.cfg"]),
        ('if x: cmd += " --log=debug"', ["--model=a", "--log=?", "--insert_op_conf=a.cfg"]),
        ('if x: cmd = f"{cmd} --log=debug"', ["--model=a", "--log=?", "--insert_op_conf=a.cfg"]),
        ("if x: cmd += more", ["--model=a", "?", "--insert_op_conf=a.cfg"]),
        ("if x: cmd = cmd + more", ["--model=a", "?", "--insert_op_conf=a.cfg"]),
        ('if x: cmd = "sudo " + cmd', ["--model=a", "--insert_op_conf=a.cfg"]),
        ('if x: cmd += " --log=a"\nelse: cmd += " --log=b"', ["--model=a", "--log=?", "--insert_op_conf=a.cfg"]),
        ('if x: cmd += " --log=a"\ncmd += " --b=1"', ["--model=a", "--log=?", "--b=1", "--insert_op_conf=a.cfg"]),
        ('cmd += " --log=debug" if x else ""', ["--model=a", "--log=?", "--insert_op_conf=a.cfg"]),
        ('cmd = cmd + (" --b=1 --c=2" if x else "")', ["--model=a", "--b=?", "--c=?", "--insert_op_conf=a.cfg"]),
        ('cmd += "" if x else " --input_format=NCHW"', ["--model=a", "--input_format=?", "--insert_op_conf=a.cfg"]),
        ('if x: cmd += ".onnx"', ["--model=a?", "--insert_op_conf=a.cfg"]),
    ],
)
@pytest.mark.parametrize("use", ['cmd + " --insert_op_conf=a.cfg"', 'f"{cmd} --insert_op_conf=a.cfg"'])
def test_a_text_that_grows_under_a_condition_keeps_what_is_put_behind_it(
    growth: str, use: str, expected: list[str]
) -> None:
    assert words(f'cmd = "atc --model=a"\n{growth}\nos.system({use})') == expected


@pytest.mark.parametrize(
    "growth",
    [
        'if x: cmd.append("--log=1")',
        'if x: cmd += ["--log=1"]',
        'if x: cmd = cmd + ["--log=1"]',
        'if x: cmd = [*cmd, "--log=1"]',
        'cmd += ["--log=1"] if x else []',
    ],
)
def test_a_list_that_grows_under_a_condition_keeps_what_is_put_behind_it(growth: str) -> None:
    code = f'cmd = ["atc", "--model=a"]\n{growth}\nrun(cmd + ["--insert_op_conf=a.cfg"])'
    assert words(code) == ["--model=a", "--log=?", "--insert_op_conf=a.cfg"]


def test_in_each_arm_of_a_condition_its_own_growth_is_known() -> None:
    code = """
    cmd = "atc --model=a"
    if aipp:
        cmd += " --insert_op_conf=a.cfg"
        os.system(cmd + " --log=info")
    else:
        cmd += " --input_format=NCHW"
        os.system(cmd + " --log=debug")
    """
    assert [[shown(word) for word in command.words] for command in read(code).commands] == [
        ["--model=a", "--insert_op_conf=a.cfg", "--log=info"],
        ["--model=a", "--input_format=NCHW", "--log=debug"],
    ]


def test_a_name_that_grows_under_a_condition_is_known_in_part() -> None:
    code = 'name = "a"\nif x: name += "_v2"\nos.system(f"atc --model=m --insert_op_conf={name}.cfg --log=info")'
    assert words(code) == ["--model=m", "--insert_op_conf=a?.cfg", "--log=info"]


def test_a_configuration_under_a_condition_is_taken_as_there() -> None:
    code = 'aipp = "a.cfg"\nrun(["atc", "--model=a", *([f"--insert_op_conf={aipp}", "--x=1"] if aipp else [])])'
    assert words(code) == ["--model=a", "--insert_op_conf=a.cfg", "--x=1"]


@pytest.mark.parametrize(("value", "expected"), [('"a" if x else "a"', "a"), ('"a" if x else "b"', "?")])
def test_a_choice_is_known_where_both_arms_are_the_same(value: str, expected: str) -> None:
    assert words(f'run(["atc", "--model=" + ({value})])') == [f"--model={expected}"]


def test_an_element_behind_an_unknown_number_of_others_is_unknown() -> None:
    assert words('L = ["x", *more, "y"]\nrun(["atc", "--om", L[0], L[2], L[-1]])') == ["--om", "x", "?", "y"]


def test_each_arm_of_a_condition_begins_a_command_of_its_own() -> None:
    code = """
    if big:
        cmd = ["atc", "--input_shape=data:1,3,832,832"]
    else:
        cmd = ["atc", "--input_shape=data:1,3,416,416"]
        cmd.append("--x=1")
    cmd.append("--framework=5")
    """
    assert [[shown(word) for word in command.words] for command in read(code).commands] == [
        ["--input_shape=data:1,3,832,832", "--framework=5"],
        ["--input_shape=data:1,3,416,416", "--x=1", "--framework=5"],
    ]


def test_words_stand_at_their_letters() -> None:
    code = 'é = "宽"; run(["atc", "--a=1", f"--b={x}.cfg", "--c=" + C, "--d=\\x41"])\nC = "c"\n'
    command = the_command(code)
    assert written(command.head) == "atc"
    a, b, c, d = command.words
    assert (written(a.place), written(a.part(4, 5))) == ("--a=1", "1")
    assert [written(piece.place) for piece in b.pieces] == ["--b=", "{x}", ".cfg"]
    assert [(piece.text, written(piece.place)) for piece in d.pieces] == [("--d=", "--d="), ("A", "\\x41")]
    assert written(c.place) == '"--c=" + C'


def test_words_of_a_shell_text_stand_at_their_letters() -> None:
    code = 'os.system("source x\\n"\n  f"atc --a=\'1\' --b={B} --c={unknown}")\nB = 8\n'
    command = the_command(code)
    a, b, _ = command.words
    assert written(command.head) == "atc"
    assert written(a.part(4, 5)) == "1"
    assert written(b.part(4, 5)) == "{B}"


@pytest.mark.parametrize(
    ("code", "folder"),
    [
        ('run(["atc", "--a=1"])', ""),
        ('run(["atc", "--a=1"], cwd="deploy")', "deploy"),
        ('run(["atc", "--a=1"], cwd=None)', ""),
        ('run(["atc", "--a=1"], cwd=folder)', None),
        ('cmd = ["atc", "--a=1"]\nrun(cmd, cwd="deploy")', "deploy"),
        ('cmd = "atc --a=1"\nrun(cmd.split(), cwd="deploy")', "deploy"),
        ('os.chdir("deploy")\nrun(["atc", "--a=1"])', "deploy"),
        ('os.chdir("deploy")\nos.chdir("../x")\nrun(["atc", "--a=1"], cwd="y")', "x/y"),
        ('os.chdir("/opt")\nrun(["atc", "--a=1"])', "/opt"),
        ('os.chdir(os.path.dirname(__file__))\nrun(["atc", "--a=1"])', None),
        ('if x:\n    os.chdir("deploy")\nrun(["atc", "--a=1"])', None),
        ('run(["atc", "--a=1"])\nos.chdir("deploy")', ""),
        ('os.system("cd deploy && atc --a=1")', "deploy"),
        ('os.chdir("a")\nos.system("cd b && atc --a=1")', "a/b"),
        ('def f():\n    os.chdir("a")\ndef g():\n    run(["atc", "--a=1"])', ""),
    ],
)
def test_the_folder_that_a_command_runs_in(code: str, folder: str | None) -> None:
    assert the_command(code).folder == folder


def test_a_file_that_may_be_fetched_or_written_is_said() -> None:
    assert not the_command('run(["atc", "--a=1"])').fetches
    assert the_command('shutil.copy(a, b)\nrun(["atc", "--a=1"])').fetches
    assert the_command('open("x", "w").write(y)\nrun(["atc", "--a=1"])').fetches


@pytest.mark.parametrize(
    "code",
    [
        'run(["python3", "-m", "ais_bench", "--model", "a.om", "--aipp_config", "x.config"])',
        'os.system("python3 -m ais_bench --model a.om --aipp_config x.config")',
        'run(["msit", "benchmark", "--model", "a.om", "--aipp_config", "x.config"])',
        'run([sys.executable, "ais_infer.py", "--model", "a.om", "--aipp_config", "x.config"])',
    ],
)
def test_the_benchmark_tool_is_a_program_too(code: str) -> None:
    command = the_command(code)
    assert command.program == BENCHMARK
    assert [shown(word) for word in command.words] == ["--model", "a.om", "--aipp_config", "x.config"]
    assert the_command('run(["atc", "--a=1"])').program == ATC


@pytest.mark.parametrize(
    "code", ['run(["bash", "tools/atc.sh", "8"])', 'os.system("bash tools/atc.sh 8")', 'run(["tools/atc.sh", "8"])']
)
def test_a_script_that_is_started_is_a_call(code: str) -> None:
    (call,) = read(code).calls
    assert (call.script, [shown(word) for word in call.words]) == ("tools/atc.sh", ["8"])


CONFIG = "aipp_op {\n  src_image_size_w: 832\n}\n"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        (f"open('aipp.cfg', 'w').write({CONFIG!r})", "aipp.cfg"),
        (f"with open('aipp.cfg', 'w') as f:\n    f.write({CONFIG!r})", "aipp.cfg"),
        (f"f = open('aipp.cfg', 'w')\nf.write({CONFIG!r})", "aipp.cfg"),
        (
            "with open(P, 'w') as f:\n    f.write('aipp_op {\\n')\n    f.write(f'  src_image_size_w: {W}\\n}}\\n')",
            "aipp.cfg",
        ),
        (
            "with open(P, 'w') as f:\n    print('aipp_op {', file=f)\n    print('  src_image_size_w: 832\\n}', file=f)",
            "aipp.cfg",
        ),
        (f"Path(P).write_text({CONFIG!r})", "aipp.cfg"),
        (f"with open(P, 'w') as f:\n    f.writelines({CONFIG.splitlines(keepends=True)!r})", "aipp.cfg"),
        (f"LINES = {CONFIG.splitlines(keepends=True)!r}\nf = open(P, 'w')\nf.writelines(LINES)", "aipp.cfg"),
        ("open(P, 'w').writelines(('aipp_op {\\n', f'  src_image_size_w: {W}\\n', '}\\n'))", "aipp.cfg"),
        (f"(Path('x') / P).open('w').write({CONFIG!r})", "x/aipp.cfg"),
        (f"TEXT = {CONFIG!r}\nwith open(given, 'w') as f:\n    f.write(TEXT)", ""),
        ("open(P, 'w').write('aipp_op {{\\n  src_image_size_w: {}\\n}}\\n'.format(W))", "aipp.cfg"),
        ("open(P, 'w').write('aipp_op {\\n  src_image_size_w: %d\\n}\\n' % W)", "aipp.cfg"),
        ('open(P, "w").write("""aipp_op {\r\n  src_image_size_w: 832\r\n}\r\n""")', "aipp.cfg"),
    ],
)
def test_a_configuration_that_is_written_to_a_file_is_found(code: str, path: str) -> None:
    (config,) = read(f"P, W = 'aipp.cfg', 832\n{code}\n").configs
    assert (config.text.text, config.path) == (CONFIG, path)
    at = CONFIG.index("src_image")
    assert written(config.text.place(at, at + len("src_image_size_w"))) == "src_image_size_w"


def test_a_configuration_is_written_nowhere_known_once_the_program_has_moved() -> None:
    (config,) = read("os.chdir('x')\nopen('a.cfg', mode='w').write('aipp_op { }')").configs
    assert (config.path, config.folder) == ("a.cfg", None)


@pytest.mark.parametrize(
    "code",
    [
        "open('aipp.cfg', 'w').write('aipp_op { src_image_size_w: %d }' % width)",
        "with open('aipp.cfg', 'w') as f:\n    f.write('aipp_op {')\n    f.write(body)\n    f.write('}')",
        "with open('a.cfg', 'w') as f:\n    f.write('aipp_op {')\n    if a:\n        f.write('x: 1')\n    f.write('}')",
        "text = 'aipp_op { }'",
        "open('a.cfg', 'w').writelines(['aipp_op {', *lines, '}'])",
        "with open('a.cfg', 'w') as f:\n    f.writelines(x for x in y)\n    f.write('aipp_op { x: 1 }')",
        "open('a.cfg', 'a').write('aipp_op { }')",
        "open('a.cfg', mode=given).write('aipp_op { }')",
        "open('a.cfg').write('aipp_op { }')",
        "f = open('a.cfg', 'w')\nf = socket\nf.write('aipp_op { }')",
        "lint('aipp_op { }')",
        "stream.write('aipp_op { }')",
        "open('x', 'w').write('no aipp_op')",
    ],
)
def test_a_configuration_that_is_not_wholly_known_or_not_written_is_none(code: str) -> None:
    assert read(code).configs == ()


def test_what_is_found_can_be_pickled() -> None:
    code = "import acl\nrun(['atc', f'--a={x}'])\nacl.mdl.set_aipp_src_image_size(aipp, 8, 6)"
    again = pickle.loads(pickle.dumps(read(code)))  # noqa: S301 - our own
    assert again.settings[0].runtime.values == {"src_image_size_w": 8, "src_image_size_h": 6}
    assert [shown(word) for word in again.commands[0].words] == ["--a=?"]


@pytest.mark.parametrize(
    "code",
    [
        "print 'atc --model=x'",
        "run(['atc', '--a=1'",
        "\x00run(['atc', '--a=1'])",
        "atc = " + "(" * 100_000 + ")" * 100_000,
        "atc = a" + ".b" * 50_000,
        "atc = " + "-" * 50_000 + "1",
        "",
    ],
    ids=["python2", "unfinished", "null", "parentheses", "attributes", "signs", "empty"],
)
def test_a_file_that_python_cannot_parse_says_nothing(code: str) -> None:
    assert read_python(Source("a.py", code), "a.py") == Extract()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_places_hold_with_any_line_ends_a_mark_and_bytes_that_are_no_text(newline: str) -> None:
    code = newline.join(("\ufeff# 宽 \udce9", "x = '\udce9é'; run(['atc',", "  '--a=\udce91', '--b=2'])", ""))
    (command,) = read_python(Source("a.py", code), "a.py").commands
    assert written(command.head) == "atc"
    assert written(command.words[1].place) == "--b=2"


_FRAGMENTS = st.sampled_from(
    [
        'cmd = ["atc", "--a=1"]\n',
        'cmd += [f"--b={cmd}"]\n',
        "cmd = cmd + cmd\n",
        'cmd.append("--c=%s" % cmd)\n',
        'os.system(f"atc --x=\'{y}\' {cmd}")\n',
        'run("atc --x={}".format(cmd))\n',
        'x = "a"; y = x + y\n',
        "if a:\n  ",
        "def f(x=1):\n  ",
        "with open('a', 'w') as f: f.write('aipp_op {}')\n",
        "s = acl.mdl.create_aipp(x)\n",
        "acl.mdl.set_aipp_src_image_size(s, h, w)\n",
        "import acl\n",
        '"""',
        "'",
        "{",
        "}",
        "\\",
        "\\x41",
        "\\N{DASH}",
        "宽",
        "\udcff",
        "\r\n",
        "\x0c",
        "# atc\n",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(_FRAGMENTS, st.text(max_size=5)), max_size=20))
def test_any_text_is_read_and_places_lie_inside_it(fragments: list[str]) -> None:
    source = Source("a.py", "".join(fragments))
    found = read_python(source, "a.py")
    places = [command.head for command in found.commands]
    for command in found.commands:
        for word in command.words:
            places += [word.place, *(piece.place for piece in word.pieces)]
    places += [config.text.place(0, len(config.text.text)) for config in found.configs]
    places += [settings_.head for settings_ in found.settings]
    for place in places:
        assert place.source is source
        assert 0 <= place.span.start <= place.span.end <= len(source.text)


_LITERAL = st.sampled_from([*"ab宽'\"\\{}\n\r\t x41uN{}", "\\x41", "\\u5bbd", "\\\n", "{{", "}}", "\r\n"])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(_LITERAL, max_size=12).map("".join),
    st.sampled_from(["", "r", "f", "rf", "u"]),
    st.sampled_from(["'", '"', "'''", '"""']),
)
def test_a_literal_means_what_python_makes_of_it(body: str, prefix: str, quote: str) -> None:
    literal = f"{prefix}{quote}{body}{quote}"
    try:
        value = eval(literal, {"__builtins__": {}, "a": "A", "b": "B", "x": "X"})  # noqa: S307 - its letters are ours
    except Exception:  # noqa: BLE001 - no literal at all
        return
    if not isinstance(value, str) or ("{" in body and "f" in prefix and "{{" not in body):
        return
    (command,) = read_python(Source("a.py", f'run(["atc", {literal}, "--om=x"])'), "a.py").commands
    assert command.words[0].text in (value, None)


@pytest.mark.parametrize(
    "code",
    [
        'x = "atc --model=" + ' + " + ".join(['"a"'] * 2_000),
        'cmd = ["atc"]\n' + 'cmd.append("--a=1")\n' * 3_000,
        'cmd = "atc --a=1"\n' + 'cmd += " --a=1"\nrun(cmd + " -x")\n' * 1_000,
        'a0 = "atc --x=1 "\n' + "".join(f"a{i + 1} = a{i} + a{i}\n" for i in range(60)) + "run(a60)\n",
        'a0 = ["atc"]\n' + "".join(f"a{i + 1} = a{i} + a{i}\n" for i in range(60)) + "run(a60)\n",
        'a0 = "atc "\n' + "".join(f'a{i + 1} = f"{{a{i}}} {{a{i}}}"\n' for i in range(60)) + "run(a60)\n",
        "run(" + '"atc --x=%s" % (' * 60 + "1" + ")" * 60 + ")\n",
        'run(["atc", "--x", ' + "f(" * 90 + "1" + ")" * 90 + "])",
        'run(["atc", "--x"])\n' * 1_000,
        'x = "atc ' + "\\x41" * 30_000 + '"',
        'x = ("atc --a=1"\n' + ' " --b={}"\n' * 5_000 + ")\nrun(x)",
        "if a: x = ['atc']\n" + "elif b: x.append('--m')\n" * 300,
        "if a: x = ['atc', '--m']\n" * 5_000,
        "x = f'{0x" + "f" * 5_000 + "} atc'",
    ],
    ids=[
        "sum",
        "append",
        "grow",
        "double",
        "lists",
        "fields",
        "percent",
        "calls",
        "many",
        "escapes",
        "pieces",
        "elif",
        "ifs",
        "digits",
    ],
)
def test_hostile_code_costs_little(code: str) -> None:
    with at_most():
        read_python(Source("a.py", code), "a.py")
