"""A value that another run, another caller or another step may change is not known: Python, C++, make and CI.

The shell has a file of its own (test_read_shell_values.py).
"""

from __future__ import annotations

import pytest

from aipplint.readers.extract import Command
from aipplint.readers.languages import CI, DOCKERFILE, MAKEFILE, PYTHON, read
from aipplint.source import Source
from tests.test_read_cpp import value_of


def said(command: Command) -> str:
    """The words of a command; ``?`` for what is not known."""
    texts = [
        word.text if word.text is not None else "".join(piece.text or "?" for piece in word.pieces) or "?"
        for word in command.words
    ]
    return " ".join(texts)


def commands(kind: str, text: str) -> list[str]:
    """The commands in a file, each as far as it is known."""
    return [said(command) for command in read(kind, Source("x", text + "\n"), "/repo/x").commands]


def in_function(*lines: str) -> str:
    return "\n".join(["def f(self, o, p):", *(f"    {line}" for line in lines)])


RUN = 'run(["atc", f"--m={x}"])'
RUN_LIST = 'run(["atc", *x])'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['x = "a"', "for i in y:", '    x += "b"', RUN], "--m=a?"),
        (['x = "a"', "for i in y:", '    x = x + "b"', RUN], "--m=a?"),
        (['x = "a"', "for i in y:", '    x = "b"', RUN], "--m=?"),
        (['x = "--a=1"', "while y:", '    x += " --b=1"', 'run(f"atc {x}")'], "--a=1 --b=?"),
        (['x = ["--a=1"]', "for k in y:", '    x.append("--b=1")', RUN_LIST], "--a=1 --b=?"),
        (['x = ["--a=1"]', "for k in y:", "    x.append(k)", RUN_LIST], "--a=1 ?"),
        (["for k in y:", '    x = ["--a=1"]', '    x.append("--b=1")', f"    {RUN_LIST}"], "--a=1 --b=1"),
        (["while True:", '    x = "a"', f"    {RUN}"], "--m=a"),
        (["for k in y:", "    pass", "else:", '    x = "a"', RUN], "--m=a"),
        (['x = ["--a=1", "--b=1"]', "y = x.pop()", RUN_LIST], "?"),
        (['x = ["--a=1"]', "[x.append(k) for k in y]", RUN_LIST], "?"),
        (['x = ["--a=1"]', "[k.append(1) for k in y]", RUN_LIST], "--a=1"),
        (['x = "a"', "y = [x for x in z]", RUN], "--m=a"),
        (['x = "a"', 'y = (x := "b")', RUN], "--m=?"),
        (['x = "a"', "del x", RUN], "--m=?"),
        (['x = "a"', "with open(f) as x:", f"    {RUN}"], "--m=?"),
        (['x = "a"', "match v:", "    case [1, *x]:", "        pass", RUN], "--m=?"),
        (['x = "a"', "match v:", "    case {1: 2, **x}:", "        pass", RUN], "--m=?"),
        (['x = "a"', "match v:", "    case 1:", '        x = "b"', RUN], "--m=?"),
        (["try:", '    x = "a"', "except E as x:", "    raise", "y = x", 'run(["atc", f"--m={y}"])'], "--m=a"),
    ],
)
def test_a_name_of_python_that_may_have_changed_is_unknown(lines: list[str], expected: str) -> None:
    assert commands(PYTHON, "\n".join(lines)) == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['self.w = "a"', 'run(["atc", f"--m={self.w}"])'], "--m=a"),
        (["if p:", '    self.w = "a"', 'run(["atc", f"--m={self.w}"])'], "--m=?"),
        (["if p:", '    self.w = "a"', '    run(["atc", f"--m={self.w}"])'], "--m=a"),
        (['o.w = "a"', "o = other()", 'run(["atc", f"--m={o.w}"])'], "--m=?"),
        (['o.w = "a"', "with p as o:", '    run(["atc", f"--m={o.w}"])'], "--m=?"),
        (["o = other()", 'o.w = "a"', 'run(["atc", f"--m={o.w}"])'], "--m=a"),
        (['o.w = "a"', 'p.w = "b"', 'run(["atc", f"--m={o.w}"])'], "--m=a"),
    ],
)
def test_an_attribute_is_known_where_it_is_surely_set_on_that_object(lines: list[str], expected: str) -> None:
    assert commands(PYTHON, in_function(*lines)) == [expected]


@pytest.mark.parametrize(
    ("head", "field", "expected"),
    [
        ("class C:", "w: str = 'a'", "--m=a"),
        ("class C:", "w = 'a'", "--m=a"),
        ("class C(Base):", "w = 'a'", "--m=a"),
        ("class C(NamedTuple):", "w: str = 'a'", "--m=?"),
        ("@dataclass\nclass C:", "w: str = 'a'", "--m=?"),
        ("@dataclass\nclass C:", "w: ClassVar[str] = 'a'", "--m=a"),
    ],
)
def test_the_default_of_a_field_is_not_what_an_object_has(head: str, field: str, expected: str) -> None:
    code = f'{head}\n    {field}\n    def f(self):\n        run(["atc", f"--m={{self.w}}"])'
    assert commands(PYTHON, code) == [expected]


@pytest.mark.parametrize("condition", ["!defined(W)", "!defined W", "! defined ( W )"])
def test_a_macro_that_the_compiler_may_be_told_is_unknown(condition: str) -> None:
    assert value_of("W", before=f"#if {condition}\n#define W 832\n#endif") is None
    assert value_of("W", before=f"#if {condition.replace('W', 'V')}\n#define W 832\n#endif") == 832


@pytest.mark.parametrize(
    ("makefile", "expected"),
    [
        ("X = 1\nall:\n\t$(eval X = 2)\n\tatc --m=$(X)", "--m=?"),
        ("X = 1\nundefine X\nall:\n\tatc --m=$(X)", "--m=?"),
        ("X = 1\nall:\n\t$(MAKE) b X=2\nb:\n\tatc --m=$(X)", "--m=?"),
        ("X = 1\nall:\n\t$(MAKE) -C other X=2\nb:\n\tatc --m=$(X)", "--m=1"),
        ("X = 1\nall: X = 2\nall: b\nb: c\nc:\n\tatc --m=$(X)", "--m=?"),
        ("X = 1\nall: X = 2\nall: b\nc:\n\tatc --m=$(X)", "--m=1"),
        ("X = 1\nall: X = 2\nb: X = 3\nall: b\nb: all\n\tatc --m=$(X)", "--m=3"),
    ],
)
def test_a_variable_of_make_that_another_rule_may_set_is_unknown(makefile: str, expected: str) -> None:
    assert commands(MAKEFILE, makefile) == [expected]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ('echo "X=2" >> $GITHUB_ENV', "--m=?"),
        ('echo "X=2" | tee -a "${GITHUB_ENV}"', "--m=?"),
        ('echo "##vso[task.setvariable variable=X]2"', "--m=?"),
        ('echo "Y=2" >> $GITHUB_ENV', "--m=1"),
        ("export X=2", "--m=1"),
    ],
)
def test_a_step_may_set_variables_for_those_behind_it(step: str, expected: str) -> None:
    workflow = f"env: {{X: 1}}\njobs:\n  a:\n    steps:\n      - run: |\n          {step}\n      - run: atc --m=$X"
    assert commands(CI, workflow) == [expected]


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ("parallel: {matrix: [{X: [2, 3]}]}", "--m=?"),
        ("parallel: {matrix: [{Y: [2, 3]}]}", "--m=1"),
        ("parallel: 3", "--m=1"),
        ("rules: [{if: $CI, variables: {X: 2}}]", "--m=?"),
        ("rules: [{if: $CI}]", "--m=1"),
    ],
)
def test_a_job_of_gitlab_may_have_several_values(job: str, expected: str) -> None:
    assert commands(CI, f"variables: {{X: 1}}\na:\n  script: atc --m=$X\n  {job}") == [expected]


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("FROM a\nENV X=1\nFROM b\nRUN atc --m=$X", "--m=?"),
        ("FROM a\nRUN export X=1\nRUN atc --m=$X", "--m=?"),
        ("FROM a\nENV X=1 Y=$X\nRUN atc --m=$Y", "--m=?"),
        ("ARG X=1\nFROM a\nRUN atc --m=$X", "--m=?"),
        ("FROM a\nENV X=1\nARG X=2\nRUN atc --m=$X", "--m=1"),
    ],
)
def test_a_variable_of_a_dockerfile_holds_in_its_stage(dockerfile: str, expected: str) -> None:
    assert commands(DOCKERFILE, dockerfile) == [expected]
