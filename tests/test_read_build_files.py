"""Scripts and configurations in Dockerfiles, Makefiles and CI: as the shell gets them, with places in the file."""

from __future__ import annotations

import pickle
from inspect import cleandoc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipplint.readers.build_files.ci_yaml import read_ci
from aipplint.readers.build_files.dockerfile import read_dockerfile
from aipplint.readers.build_files.makefile import read_makefile
from aipplint.readers.contents import EMPTY, Contents
from aipplint.readers.extract import Script
from aipplint.source import Source
from tests.excerpts import Reader, assert_cheap, assert_true_to, damaged, place_of, texts

READERS = {"dockerfile": read_dockerfile, "makefile": read_makefile, "ci": read_ci}


def read(reader: Reader, text: str) -> Contents:
    """Read a file and see that every letter is in its place."""
    source = Source("x", text)
    contents = reader(source)
    assert_true_to(source, contents)
    return contents


def variables(script: Script) -> dict[str, str | None]:
    """The variables that a script starts with."""
    return {name: word.text for name, word in script.variables}


# Dockerfiles

RUN = {
    "shell form": ("RUN atc --model=a\n", ["atc --model=a"]),
    "small letters": ("run atc --model=a\n", ["atc --model=a"]),
    "continued": ("RUN cd x && \\\n    atc --model=a\n", ["cd x && \\\n    atc --model=a"]),
    "blanks behind the backslash": ("RUN atc \\  \n --model=a\n", ["atc \\\n --model=a"]),
    "a comment inside": ("RUN atc \\\n  # why\n  --model=a\n", ["atc \\\n  --model=a"]),
    "a comment and an empty line inside": ("RUN atc \\\n\n# why\\\n\n  --model=a\nRUN x", ["atc \\\n  --model=a"]),
    "backtick as the escape": ("# escape=`\nRUN atc `\n  --model=a\n", ["atc \\\n  --model=a"]),
    "CRLF": ("RUN atc \\\r\n  --model=a\r\n", ["atc \\\n  --model=a"]),
    "flags": ("RUN --mount=type=cache,target=/x --network=none \\\n atc --model=a\n", ["atc --model=a"]),
    "on build": ("ONBUILD RUN atc --model=a\n", ["atc --model=a"]),
    "exec form": ('RUN ["atc", "--model=a"]\n', ["atc --model=a"]),
    "exec form that needs quotes": (
        'RUN ["atc", "--x=a b", "it\'s", "$y", "é"]\n',
        ["atc '--x=a b' 'it'\\''s' '$y' 'é'"],
    ),
    "exec form of a shell": ('RUN ["bash", "-c", "atc --x=\\"a\\tb\\""]\n', ['atc --x="a\tb"']),
    "exec form that is broken": ("RUN ['atc', '--model=a']\n", ["['atc', '--model=a']"]),
    "heredoc": ("RUN <<EOF\ncd x\natc --model=a\nEOF\n", ["cd x\natc --model=a\n"]),
    "heredoc with tabs": ("RUN <<-EOF\n\tatc --model=a\n\tEOF\n", ["atc --model=a\n"]),
    "heredoc for a shell": ('RUN <<"EOF" bash\natc --model=a\nEOF\n', ["atc --model=a\n"]),
    "heredoc in a command": (
        "RUN cat <<E > a.cfg && atc --model=a\naipp_op {\n}\nE\nRUN x\n",
        ["cat <<E > a.cfg && atc --model=a\naipp_op {\n}\nE"],
    ),
    "heredoc that never ends": ("RUN atc <<E\nRUN atc --model=b\n", ["atc <<E", "atc --model=b"]),
    "heredoc for Python": ("RUN <<EOF python3\nimport atc\nEOF\nRUN atc\n", ["atc"]),
    "heredoc of Python": ("RUN <<EOF\n#!/usr/bin/env python3\nimport atc\nEOF\nRUN atc\n", ["atc"]),
    "another shell": ('SHELL ["pwsh", "-c"]\nRUN atc --model=a\nSHELL ["/bin/bash", "-c"]\nRUN atc\n', ["atc"]),
    "CMD": ("CMD atc --model=a\n", ["atc --model=a"]),
    "only the last CMD": ('CMD atc --model=a\nCMD ["atc", "--model=b"]\n', ["atc --model=b"]),
    "ENTRYPOINT with CMD": ('ENTRYPOINT ["atc"]\nCMD ["--model=a"]\n', ["atc --model=a"]),
    "ENTRYPOINT alone": ('ENTRYPOINT ["atc", "--model=a"]\n', ['atc --model=a "$@"']),
    "ENTRYPOINT in shell form": ("ENTRYPOINT atc --model=a\nCMD b", ["atc --model=a"]),
    "no command of ours": ("RUN apt-get install batch\n", []),
}


@pytest.mark.parametrize("form", RUN)
def test_what_docker_runs_is_a_script_each(form: str) -> None:
    text, expected = RUN[form]
    contents = read(read_dockerfile, "FROM x\n" + text if not text.startswith("#") else text)
    assert texts(contents) == expected
    assert all(len(script.texts) == 1 and not script.in_document for script in contents.scripts)


VALUES = {
    "one": ("ENV A=b", {"A": "b"}),
    "several": ("ENV A=b C=\"d e\" D='f $A' \\\n  E=g\\ h", {"A": "b", "C": "d e", "D": "f $A", "E": "g h"}),
    "the old form": ("ENV A b c  d", {"A": "b c  d"}),
    "variables in it": ("ENV A=b\nENV B=$A/c D=${A}d E=${Z:-e}", {"A": "b", "B": "b/c", "D": "bd", "E": "e"}),
    "what is not known": ("ENV A=x$Z B=${Z} C=${Z%.*}", {"A": None, "B": None, "C": None}),
    "escapes": ('ENV A="a\\"b\\$c\\d"', {"A": 'a"b$c\\d'}),
    "an argument": ("ARG A=b", {"A": "b"}),
    "an argument without a value": ("ARG A", {"A": None}),
    "ENV before ARG": ("ENV A=b\nARG A=c", {"A": "b"}),
    "an empty value": ("ENV A=", {"A": ""}),
}


@pytest.mark.parametrize("form", VALUES)
def test_variables_of_a_dockerfile(form: str) -> None:
    text, expected = VALUES[form]
    (script,) = read(read_dockerfile, f"FROM x\n{text}\nRUN atc $A\n").scripts
    assert variables(script) == expected


def test_a_value_in_a_dockerfile_points_at_the_letters_that_are_written() -> None:
    source = Source("Dockerfile", 'FROM x\nENV A=aipp.cfg\nENV B="/w/$A"\nRUN atc --insert_op_conf=$B\n')
    word = dict(read_dockerfile(source).scripts[0].variables)["B"]
    assert [(piece.text, source.position(piece.place.span.start)) for piece in word.pieces] == [
        ("/w/", (3, 8)),
        ("aipp.cfg", (2, 7)),
    ]
    assert all(piece.exact for piece in word.pieces)


def test_stages_of_a_dockerfile_have_their_own_variables_and_folders() -> None:
    contents = read(
        read_dockerfile,
        cleandoc(
            """
            ARG SOC=310
            ARG MODEL=a
            FROM ubuntu AS base
            ARG SOC
            ENV A=b
            RUN atc 1
            WORKDIR /work
            RUN atc 2
            WORKDIR deploy/$A
            RUN atc 3
            WORKDIR $UNKNOWN
            RUN atc 4
            FROM base
            RUN atc 5
            FROM debian
            RUN atc 6
            """
        ),
    )
    seen = [(script.texts[0].text, variables(script), script.folder) for script in contents.scripts]
    assert seen == [
        ("atc 1", {"SOC": "310", "A": "b"}, None),
        ("atc 2", {"SOC": "310", "A": "b"}, "/work"),
        ("atc 3", {"SOC": "310", "A": "b"}, "/work/deploy/b"),
        ("atc 4", {"SOC": "310", "A": "b"}, None),
        ("atc 5", {"A": "b"}, None),
        ("atc 6", {}, None),
    ]


def test_a_command_in_a_variable_of_a_dockerfile_counts() -> None:
    assert texts(read(read_dockerfile, "FROM x\nENV CONVERT='atc --model=a'\nRUN $CONVERT\nRUN ls\n")) == ["$CONVERT"]


@pytest.mark.parametrize(
    ("copy", "path"),
    [("COPY <<EOF /w/aipp.cfg", "/w/aipp.cfg"), ("COPY <<'EOF' aipp.cfg", "aipp.cfg"), ("ADD --chown=x <<EOF $y", "")],
)
def test_copy_writes_a_configuration(copy: str, path: str) -> None:
    (config,) = read(read_dockerfile, f"FROM x\nWORKDIR /w\n{copy}\naipp_op {{\n}}\nEOF\n").configs
    assert (config.text.text, config.path, config.folder) == ("aipp_op {\n}\n", path, "/w")


def test_one_step_may_fetch_what_another_needs() -> None:
    assert read(read_dockerfile, "FROM x\nRUN wget h/aipp.cfg\nRUN atc --model=a\n").fetches
    assert not read(read_dockerfile, "FROM x\nRUN atc --model=a\n").fetches
    assert read(read_makefile, "a:\n\tcurl -O h/aipp.cfg\n\tatc --model=a\n").fetches
    assert not read(read_makefile, "a:\n\tatc --model=a\n").fetches
    assert read(read_ci, "jobs: {a: {steps: [{run: git clone x}, {run: atc --model=a}]}}").fetches
    assert not read(read_ci, "jobs: {a: {steps: [{run: ls}, {run: atc --model=a}]}}").fetches


# Makefiles

RECIPES = {
    "lines are shells of their own": ("a:\n\tcd x; atc 1\n\tatc 2\n", ["cd x; atc 1", "atc 2"]),
    "prefixes": ("a:\n\t@atc 1\n\t-@atc 2\n\t+ atc 3\n", ["atc 1", "atc 2", "atc 3"]),
    "a prefix in a variable": ("Q=@\na:\n\t$(Q)atc 1\n", ["atc 1"]),
    "a prefix that is not known": ("a:\n\t$(Q)atc 1\n", ["atc 1"]),
    "on the line of the rule": ("a: b ; atc 1\n", ["atc 1"]),
    "continued": ("a:\n\tatc \\\n\t  --x\n", ["atc \\\n  --x"]),
    "a variable": ("A = b\na:\n\tatc $(A) ${A}\n", ["atc b b"]),
    "a variable of a letter": ("A = b\na:\n\tatc $A\n", ["atc b"]),
    "a command": ("ATC := /usr/bin/atc --x\na:\n\t$(ATC) --y\n", ["/usr/bin/atc --x --y"]),
    "set later": ("a:\n\tatc $(A)\nA = b\n", ["atc b"]),
    "set later, used at once": ("B := $(A)\nA = b\na:\n\tatc $(B)\n", ["atc ${MAKE_A}"]),
    "set twice": ("A = b\nB := $(A)\nC = $(A)\nA = c\na:\n\tatc $(B) $(C)\n", ["atc b c"]),
    "a default": ("A ?= b\nA ?= c\na:\n\tatc $(A)\n", ["atc b"]),
    "added to": ("A = b\nA += c\nD := e\nD += $(A)\na:\n\tatc $(A) $(D)\n", ["atc b c e b c"]),
    "a comment behind it": ("A = b# c\na:\n\tatc $(A)\n", ["atc b"]),
    "a value over lines": ("A = b \\\n    c\na:\n\tatc $(A)\n", ["atc b c"]),
    "a name in a name": ("N = A\nA = b\na:\n\tatc $($(N))\n", ["atc b"]),
    "of the shell": ("a:\n\tfor x in 1; do atc $$x; done\n", ["for x in 1; do atc $x; done"]),
    "not known": ("a:\n\tatc $(A) --b=$(c-d)\n", ["atc ${MAKE_A} --b=${MAKE_c_d}"]),
    "not known, in quotes": ("a:\n\tatc \"$(A)\" '$(A)'\n", ["atc \"${MAKE_A}\" ''\"${MAKE_A}\"''"]),
    "from a command": ("A != ls\nB := $(shell ls)\na:\n\tatc $(A) $(B)\n", ["atc ${MAKE_A} ${MAKE_shell}"]),
    "under a condition": ("ifeq ($(X),1)\nA = b\nelse\nA = c\nendif\na:\n\tatc $(A)\n", ["atc ${MAKE_A}"]),
    "unless it is set": ("ifndef A\nA = b\nendif\na:\n\tatc $(A)\n", ["atc b"]),
    "recipe under a condition": ("a:\nifdef X\n\tatc 1\nelse\n\tatc 2\nendif\n", ["atc 1", "atc 2"]),
    "the present folder": ("a:\n\tatc $(CURDIR)/b $(PWD)\n", ["atc ${PWD}/b ${PWD}"]),
    "the present folder, left": (
        "a:\n\tcd x && atc $(CURDIR)/b\n\tatc $(CURDIR)\n",
        ["cd x && atc ${MAKE_CURDIR}/b", "atc ${PWD}"],
    ),
    "added to under a condition": ("A = b\nifdef X\nA += c\nendif\na:\n\tatc $(A)\n", ["atc b ${MAKE_A}"]),
    "behind an awk program": ("h:\n\t@awk '/^a: {x(\"$$1\")}' $(NO)\na:\n\tatc $(@:.om=) 1\n", ["atc a 1"]),
    "behind words of make": (
        "-include x.mk\n$(info x: y)\n$(eval X := y)\nvpath %.c x\nexport\na:\n\tatc 1\n",
        ["atc 1"],
    ),
    "a template": (
        "define T\n$(1).om: x\n\tatc $(1) $$(A)\nendef\nA = b\n$(foreach m,1 2,$(eval $(call T,$(m))))\n",
        ["atc ${MAKE_1} b"],
    ),
    "a double colon": ("a:: b\n\tatc $<\n", ["atc b"]),
    "order only": ("a: b | c\n\tatc $^\n", ["atc b"]),
    "targets over lines": ("a \\\n b: c\n\tatc $<\n", ["atc c"]),
    "a colon in brackets": ("A = b.x\n$(A:.x=.y): c\n\tatc $@ $<\n", ["atc b.y c"]),
    "modifiers": ("override A = b\nprivate B := c\na:\n\tatc $(A) $(B)\n", ["atc b c"]),
    "a tab in front of an assignment": ("\tA = b\na:\n\tatc $(A)\n", ["atc b"]),
    "the folder of the makefile": (
        "D := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))\na:\n\tatc $(D)b\n",
        ["atc ./b"],
    ),
    "the target": (
        "out/a.om: b.onnx c.cfg\n\tatc $@ $< $^ $(@D) $(@F)\n",
        ["atc out/a.om b.onnx b.onnx c.cfg out a.om"],
    ),
    "the target, by a variable": ("T = a.om\n$(T): b\n\tatc $@\n", ["atc a.om"]),
    "one of many targets": ("%.om: %.onnx\n\tatc $@ $* $<\n", ["atc ${MAKE_} ${MAKE_} ${MAKE_}"]),
    "for a target": ("a: A = b\nA = c\na:\n\tatc $(A)\nd:\n\tatc $(A)\n", ["atc b", "atc c"]),
    "for a pattern": ("%.om: A = b\nx.om:\n\tatc $(A)\n", ["atc b"]),
    "another ending": ("A = b.onnx c.onnx\na:\n\tatc $(A:.onnx=.om) $(A:%.onnx=d/%)\n", ["atc b.om c.om d/b d/c"]),
    "functions": (
        "A = d/b.onnx\na:\n\tatc $(notdir $(A)) $(basename $(A)) $(patsubst %.onnx,%.om,$(A)) $(subst b,c,$(A))\n",
        ["atc b.onnx d/b d/b.om d/c.onnx"],
    ),
    "a block of commands": ("define A\natc $(1)\n@atc 2\nendef\na:\n\t$(call A,x)\n", ["atc x", "atc 2"]),
    "one shell": (".ONESHELL:\na:\n\t@cd x\n\tatc 1\n", ["cd x\natc 1\n"]),
    "another shell": ("SHELL = /usr/bin/python3\na:\n\timport atc\n", []),
    "itself": ("A = $(A) atc\na:\n\t$(A)\n", ["${MAKE_A}" + " atc" * 20]),
    "never closed": ("a:\n\tatc $(A\n", ["atc ${MAKE_open}"]),
    "a comment": ("a:\n# atc 1\n\techo batch\n", []),
}


@pytest.mark.parametrize("form", RECIPES)
def test_recipes_are_scripts_with_the_variables_of_make_filled_in(form: str) -> None:
    text, expected = RECIPES[form]
    contents = read(read_makefile, text)
    assert texts(contents) == expected


def test_what_make_fills_in_points_at_where_it_is_written() -> None:
    (text,) = (
        read_makefile(Source("Makefile", "CFG = aipp.cfg\nall:\n\t@atc --a=$(CFG) \\\n\t  --b=$(NO) '$$x'\n"))
        .scripts[0]
        .texts
    )
    assert text.text == "atc --a=aipp.cfg \\\n  --b=${MAKE_NO} '$x'"
    assert place_of(text, "aipp.cfg") == (1, 7, "aipp.cfg")
    assert place_of(text, "--b=") == (4, 4, "--b=")
    assert place_of(text, "${MAKE_NO}") == (4, 8, "$(NO)")
    assert place_of(text, "$") == (4, 8, "$(NO)")
    assert place_of(text, "$x") == (4, 15, "$$x")


def test_a_tool_in_a_variable_of_make_stands_where_the_recipe_names_it() -> None:
    source = Source(
        "Makefile", "H ?= $(HOME)/x\nATC := $(H)/bin/atc --framework=5\nall:\n\t@$(ATC) --a\n\t$(ATC) --b\n"
    )
    first, second = (script.texts[0] for script in read_makefile(source).scripts)
    assert first.text == "${MAKE_HOME}/x/bin/atc --framework=5 --a"
    assert place_of(first, "${MAKE_HOME}/x/bin/atc") == (4, 3, "$(ATC)")
    assert place_of(second, "${MAKE_HOME}/x/bin/atc") == (5, 2, "$(ATC)")
    assert place_of(first, "--framework=5") == (2, 21, "--framework=5")


def test_exported_variables_reach_the_shell() -> None:
    (script,) = read(read_makefile, "export A = b\nB := c$(Z)\nexport B\nC = d\na:\n\tatc $$A\n").scripts
    assert variables(script) == {"A": "b", "B": None}


# CI

SCALARS = {
    "plain": ("run: atc --model=a", "atc --model=a"),
    "plain over lines": ("run: atc\n  --model=a\n\n  --b", "atc --model=a\n--b"),
    "literal": ("run: |\n  cd x\n\n  atc \\\n    --model=a\n", "cd x\n\natc \\\n  --model=a\n"),
    "literal, stripped": ("run: |-\n  atc --model=a\n\n", "atc --model=a"),
    "literal, kept": ("run: |+\n  atc --model=a\n\n", "atc --model=a\n\n"),
    "literal, with its indentation": ("run: |2\n    atc --model=a\n  b\n", "  atc --model=a\nb\n"),
    "literal, with a comment": ("run: | # why\n  atc --model=a\n", "atc --model=a\n"),
    "literal, empty lines first": ("run: |\n\n  atc --model=a\n", "\natc --model=a\n"),
    "literal at the end of the file": ("run: |\n  atc --model=a", "atc --model=a"),
    "folded": ("run: >\n  atc\n  --model=a\n\n  b\n", "atc --model=a\nb\n"),
    "folded, stripped, with more indentation": ("run: >-\n  atc\n    --model=a\n  b\n", "atc\n  --model=a\nb"),
    "single quotes": ("run: 'atc --model=''a'' # b'", "atc --model='a' # b"),
    "single quotes over lines": ("run: 'atc\n  --model=a'", "atc --model=a"),
    "double quotes": ('run: "atc --model=\\"a\\"\\t\\u00e9\\n"', 'atc --model="a"\té\n'),
    "double quotes over lines": ('run: "atc \\\n  --model=a\n  b"', "atc --model=a b"),
    "an anchor": ("run: &x atc --model=a", "atc --model=a"),
    "a tag and quotes": ("run: !!str 'atc --model=a'", "atc --model=a"),
    "in a flow": ("{x: 1, run: atc --model=a, y: 2}", "atc --model=a"),
    "in a deep flow": ("[[{run: 'atc --model=a'}]]", "atc --model=a"),
    "CRLF": ("run: |\r\n  atc \\\r\n    --model=a\r\n", "atc \\\n  --model=a\n"),
    "byte order mark": ("\ufeffrun: |\n  atc --model=a\n", "atc --model=a\n"),
    "other letters": ("x: é😀\nrun: |\n  # 中😀\n  atc --model=a\n", "# 中😀\natc --model=a\n"),
    "letters that YAML forbids": ("run: |\n  atc --model=a \udc80\x07\n", "atc --model=a \udc80\x07\n"),
    "in front of a mistake": ("run: atc --model=a\nb: [\n", "atc --model=a"),
    "the second document": ("a: b\n---\nrun: atc --model=a\n", "atc --model=a"),
    "the last of two": ("run: atc 1\nrun: atc --model=a\n", "atc --model=a"),
}


@pytest.mark.parametrize("form", SCALARS)
def test_a_scalar_is_the_text_of_the_script_and_its_words_are_in_their_place(form: str) -> None:
    text, expected = SCALARS[form]
    (script,) = read(read_ci, text).scripts
    assert [excerpt.text for excerpt in script.texts] == [expected]
    assert place_of(script.texts[0], "atc")[2] == "atc"
    if "'a'" not in expected and '"a"' not in expected:
        assert place_of(script.texts[0], "--model=a")[2] == "--model=a"


WORKFLOW = """\
env:
  MODEL: a.onnx
  SHAPE: "x:\\"1\\""
defaults:
  run:
    working-directory: ./deploy/
jobs:
  convert:
    env: {CFG: aipp.cfg, MODEL: "${{ env.MODEL }}.bak"}
    steps:
      - uses: actions/github-script@v7
        with: {script: "atc --model=no"}
      - run: atc 1
      - run: atc 2
        env:
          SOC: ${{ matrix.soc }}
        working-directory: other
      - run: atc 3
        working-directory: ${{ github.workspace }}
      - run: import atc
        shell: python
      - run: atc 4
        shell: bash -e {0}
  second:
    steps:
      - run: atc 5
"""


def test_a_workflow_of_github() -> None:
    contents = read(read_ci, WORKFLOW)
    seen = {script.texts[0].text: (variables(script), script.folder) for script in contents.scripts}
    top = {"MODEL": "a.onnx", "SHAPE": 'x:"1"'}
    job = top | {"MODEL": "a.onnx.bak", "CFG": "aipp.cfg"}
    assert seen == {
        "atc 1": (job, "deploy"),
        "atc 2": (job | {"SOC": None}, "other"),
        "atc 3": (job, None),
        "atc 4": (job, "deploy"),
        "atc 5": (top, "deploy"),
    }


EXPRESSIONS = {
    "unknown": ("run: atc ${{ matrix.soc }}", "atc ${CI_matrix_soc}"),
    "of env, not set": ("run: atc ${{ env.A }}", "atc ${CI_env_A}"),
    "of env, set": ("env: {A: b}\nrun: atc ${{ env.A }}/${{env.A}}", "atc ${A}/${A}"),
    "in single quotes": ("run: atc '${{ inputs.x }}'", "atc ''\"${CI_inputs_x}\"''"),
    "in double quotes": ("run: 'atc \"it is ${{ inputs.x }}\"'", 'atc "it is ${CI_inputs_x}"'),
    "behind a comment with a quote": ("run: |\n  # don't\n  atc ${{ x }}\n", "# don't\natc ${CI_x}\n"),
    "with quotes and braces": ("run: |\n  atc ${{ format('{0}', x) }} b\n", "atc ${CI_format_0_x} b\n"),
    "in a quoted heredoc": (
        "run: |\n  cat << 'E' > atc\n  ${{ x }}\n  E\n  ls '${{ y }}'\n",
        "cat << E > atc\n${CI_x}\nE\nls ''\"${CI_y}\"''\n",
    ),
    "in a heredoc": ("run: |\n  cat << E > atc\n  it's ${{ x }}\n  E\n", "cat << E > atc\nit's ${CI_x}\nE\n"),
    "of a template": ("command: atc {{ model }}", "atc ${CI_model}"),
    "of a pipeline": ("run: atc << parameters.model >>", "atc ${CI_parameters_model}"),
}


@pytest.mark.parametrize("form", EXPRESSIONS)
def test_what_the_ci_fills_in_is_a_variable_that_nothing_sets(form: str) -> None:
    text, expected = EXPRESSIONS[form]
    assert texts(read(read_ci, text)) == [expected]


def test_an_expression_keeps_its_place() -> None:
    (text,) = read_ci(Source("x.yml", "run: |\n  atc --a='${{ x }}' --b\n")).scripts[0].texts
    assert place_of(text, "${CI_x}") == (2, 12, "${{ x }}")
    assert place_of(text, "--b") == (2, 22, "--b")


GITLAB = """\
variables:
  A: one
  B: {value: "$A/two", description: x}
  C: $UNKNOWN
default:
  before_script:
    - source env.sh
.setup:
  script: &setup
    - cd models
.convert:
  variables: {D: d}
  script:
    - atc 1
job:
  script:
    - *setup
    - [ls, [pwd]]
    - !reference [.setup, script]
    - |
      atc 2 \\
        --x
    - atc 3
  after_script: ./after.sh 4
derived:
  extends: .convert
own:
  extends: [.convert]
  before_script: []
  script: atc 5
"""


def test_a_pipeline_of_gitlab() -> None:
    contents = read(read_ci, GITLAB)
    seen = [[text.text for text in script.texts] for script in contents.scripts]
    assert seen == [
        ["source env.sh", "cd models"],
        ["source env.sh", "cd models", "ls", "pwd", "cd models", "atc 2 \\\n  --x\n", "atc 3"],
        ["./after.sh 4"],
        ["source env.sh", "atc 1"],
        ["atc 5"],
    ]
    values = {"A": "one", "B": "one/two", "C": None}
    assert [variables(script) for script in contents.scripts] == [
        values,
        values,
        values,
        values | {"D": "d"},
        values | {"D": "d"},
    ]


def test_merged_mappings() -> None:
    text = ".a: &a\n  variables: {A: b}\n  script: [atc 1]\njob:\n  <<: *a\nother:\n  <<: [*a]\n  script: [atc 2]\n"
    contents = read(read_ci, text)
    assert [(texts(Contents((script,))), variables(script)) for script in contents.scripts] == [
        (["atc 1"], {"A": "b"}),
        (["atc 2"], {"A": "b"}),
    ]


OTHERS = {
    "an action": ("runs:\n  using: composite\n  steps:\n    - run: atc 1\n      shell: bash\n", ["atc 1"]),
    "steps with bash": ("steps:\n- bash: atc 1\n- script: |\n    atc 2\n", ["atc 1", "atc 2\n"]),
    "nested run": ("steps:\n- run: {name: x, command: atc 1}\n", ["atc 1"]),
    "lines": ("steps:\n- commands: [ls, atc 1]\n", ["ls", "atc 1"]),
    "a compose file": ("services:\n  x:\n    command: [atc, '--a=b c']\n", ["atc '--a=b c'"]),
    "an entry point": ("entrypoint: [atc]\ncommand: [--a]\n", ["atc --a"]),
    "a pod": ("spec:\n  containers:\n  - command: [sh, -c]\n    args: ['atc 1 && x']\n", ["atc 1 && x"]),
    "a task": (
        "tasks:\n- shell: python3 export.py && atc --model={{ model }}\n  args: {chdir: x}\n",
        ["python3 export.py && atc --model=${CI_model}"],
    ),
    "no command": ("name: atc\ndescription: atc --model=a\n", []),
    "no mapping": ("atc", []),
}


@pytest.mark.parametrize("form", OTHERS)
def test_other_yaml_with_commands(form: str) -> None:
    text, expected = OTHERS[form]
    assert texts(read(read_ci, text)) == expected


def test_a_list_of_lists_by_aliases_ends() -> None:
    levels = "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(30))
    assert_cheap(read_ci, f"a0: &a0 [atc]\n{levels}x:\n  script: *a30\n")


HOSTILE = {
    "RUN": "FROM x\n" + "RUN atc\n" * 6_000,
    "continued": "RUN atc \\\n" * 15_000,
    "comments": "RUN atc \\\n" + "# a\n" * 15_000,
    "heredocs": "RUN atc <<A\n" * 4_000,
    "heredocs on a line": "RUN atc " + "<<A " * 6_000 + "\nA\n",
    "doubling": "FROM x\nENV A=atc\n" + "ENV A=$A$A\n" * 100 + "RUN $A\n",
    "doubling in make": "A0 = atc\n"
    + "".join(f"A{n + 1} = $(A{n})$(A{n})\n" for n in range(60))
    + "a:\n\tatc $(A60)\n",
    "added": "".join("A += b\n" for _ in range(15_000)) + "a:\n\tatc $(A)\n",
    "each other": "A = $(B)$(B)\nB = $(A)$(A)\na:\n" + "\tatc $(A)\n" * 50,
    "brackets in make": "A = " + "$(" * 15_000 + "\na:\n\tatc $(A)",
    "dollars": "a:\n\tatc " + "$" * 15_000,
    "unknowns": "a:\n\tatc '" + "$(Z) " * 4_000,
    "targets": "".join(f"t{n}: A = b\nt{n}:\n\tatc $(A)\n" for n in range(700)),
    "targets that need each other": "X = 1\n"
    + "".join(f"t{n}: A = b\nt{n}: t{n + 1}\n\tatc $(A)\n" for n in range(700)),
    "makes on a line": "X = 1\na:\n\tatc " + "$(MAKE) b X=2 " * 6_000 + " -C x\n",
    "blank lines": "X = 1\na:\n\tatc\n" + " \n" * 15_000 + "undefine",
    "steps that set variables": "env: {X: 1}\nrun: atc " + "X=1 " * 15_000 + ">> $GITHUB_ENV",
    "flow": "[atc, " * 15_000,
    "nested": "".join(" " * depth + "a:\n" for depth in range(1_200)) + " " * 1_200 + "run: atc",
    "expressions": "run: atc " + "${{ a }} " * 6_000,
    "half expressions": "run: atc " + "{{ {a} " * 6_000,
    "merges": "a0: &a0 {script: atc}\n" + "".join(f"a{n + 1}: &a{n + 1}\n  <<: *a{n}\n" for n in range(400)),
    "extends": "".join(f"a{n}:\n  extends: a{n - 1}\n  script: atc\n" for n in range(700)),
    "one line": "atc " * 215_000,
    "bytes": "".join(chr(code) for code in range(256)) * 20 + "\natc\udc80\udcff\n",
}


@pytest.mark.parametrize("form", HOSTILE)
@pytest.mark.parametrize("kind", READERS)
def test_hostile_build_files_cost_little(kind: str, form: str) -> None:
    assert_cheap(READERS[kind], HOSTILE[form])


@pytest.mark.parametrize("kind", READERS)
def test_a_file_without_our_words_is_nothing(kind: str) -> None:
    text = "RUN batch\nrun: dispatch\na:\n\techo catch wait\n"
    assert READERS[kind](Source("x", text)) is EMPTY


WHOLE = {
    "dockerfile": 'FROM x\nENV A=b C="d $A"\n' + "".join(text for text, _ in RUN.values()),
    "makefile": "".join(text for text, _ in RECIPES.values()),
    "ci": WORKFLOW + "---\n" + GITLAB,
}
PIECES = [
    *(
        "\n",
        "\t",
        "  ",
        "\\\n",
        "\r\n",
        "\r",
        "\0",
        "\udc80",
        "\ufeff",
        '"',
        "'",
        "$(",
        "${",
        ")",
        "}",
        "<<EOF\n",
        "EOF\n",
    ),
    *("|", ">", "- ", ": ", "[", "{", "&a ", "*a", "<<: ", "${{ env.A }}", "RUN atc ", "define A\n", "endef\n", "# "),
]


@pytest.mark.parametrize("kind", READERS)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_build_file_is_read_and_every_letter_is_in_its_place(kind: str, data: st.DataObject) -> None:
    source = Source("x", data.draw(damaged(WHOLE[kind], PIECES)))
    contents = READERS[kind](source)
    assert_true_to(source, contents)
    pickle.dumps(contents)  # It goes from one process to another.
