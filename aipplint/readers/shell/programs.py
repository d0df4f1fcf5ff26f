"""The program that a command starts: wrappers around it, the location of its name, its effect on files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aipplint.atc.words import DASHES, NAMES
from aipplint.findings import Place
from aipplint.readers.extract import ATC, BENCHMARK
from aipplint.readers.programs import ATC_NAMES, BENCHMARK_NAMES, BENCHMARK_SCRIPT, SUITES
from aipplint.readers.traced import Traced, known, known_end, known_start
from aipplint.records import NamedTuple

_ASKING = frozenset(("help", "h", "version", "v"))
"""Options that ask something of a program; no model is built."""
_DASHES = tuple(DASHES)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
"""How ATC names its options in all its releases."""
_BESIDE_PRODUCT = frozenset(("framework", "model", "input_shape"))
"""A program with an option for the product and one of these is ATC."""

Words = Sequence[tuple[Traced, Place]]
"""Words of a command, each with the location of the whole word."""


class Invocation(NamedTuple):
    """A command as the shell runs it: the words after its name, and the location of the name."""

    words: Words
    place: Place


PRINTING = frozenset(
    ("echo", "printf", "log", "info", "warn", "warning", "error", "print", "usage", "help", "die", "logger")
)
"""Commands that only print their words, and usual names of such functions."""

SHELLS = frozenset(("bash", "sh", "zsh", "dash", "ksh", "ash"))

_PYTHON = re.compile(r"python[\d.]*")
_SCRIPT = re.compile(r".*\.(?:sh|bash)", re.DOTALL)

_WRAPPERS: dict[str, tuple[frozenset[str], int]] = {
    "nohup": (frozenset(), 0),
    "sudo": (frozenset(("-u", "-g", "-p", "-h", "-C", "-r", "-t")), 0),
    "env": (frozenset(("-u", "-C", "-S")), 0),
    "time": (frozenset(("-f", "-o")), 0),
    "command": (frozenset(), 0),
    "builtin": (frozenset(), 0),
    "exec": (frozenset(("-a",)), 0),
    "timeout": (frozenset(("-s", "-k")), 1),
    "nice": (frozenset(("-n",)), 0),
    "ionice": (frozenset(("-c", "-n")), 0),
    "setsid": (frozenset(), 0),
    "stdbuf": (frozenset(("-i", "-o", "-e")), 0),
    "unbuffer": (frozenset(), 0),
    "numactl": (frozenset(("-C", "-m", "-N")), 0),
    "taskset": (frozenset(), 1),
    "coproc": (frozenset(), 0),
}
"""Programs that run the rest of their words: their options with a value, and the number of words before the command."""

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")

_SETTING_UP = re.compile(
    r"(?:^|/)(?:set_?env\w*\.(?:sh|bash)|activate|conda\.sh|\.?(?:ba|z|k)?shrc|bash\.bashrc|\.?(?:bash_|z)?profile)$"
)
"""Files that are known to set variables and do nothing else."""

_FETCHING = frozenset(
    (
        "wget curl cp mv ln tar unzip 7z 7za gunzip rsync scp sftp ftp dd patch install tee awk gsutil aws obsutil hdfs"
        " modelscope huggingface-cli make docker"
    ).split()
)
_LOOKING = frozenset("grep egrep fgrep rg ag find ls man which type pgrep pkill killall ps whereis alias git".split())
"""Programs that search for names of programs."""

_FETCHING_GIT = frozenset(("clone", "pull", "lfs", "checkout", "submodule", "fetch", "apply"))


class Program(NamedTuple):
    """The program that a command starts: ATC or BENCHMARK, the location of its name, and the words after it."""

    kind: str
    head: Place
    words: Words


def unwrapped(words: Words) -> Words:
    """A command without what wraps it (sudo, nohup, timeout 10, env A=b)."""
    while words and (wrapper := _WRAPPERS.get(name_of(words[0][0]) or "")):
        if _looks_up(words):
            return words
        valued, count = wrapper
        at = 1
        while at < len(words):
            text = known(words[at][0]) or ""
            if text.startswith("-") and len(text) > 1:
                at += 2 if text in valued else 1
            elif _ASSIGNMENT.match(text):
                at += 1
            elif count:
                count -= 1
                at += 1
            else:
                break
        words = words[at:]
    return words


def _looks_up(words: Words) -> bool:
    """``command -v atc``."""
    return name_of(words[0][0]) == "command" and len(words) > 1 and known(words[1][0]) in ("-v", "-V")


def name_of(value: Traced) -> str | None:
    """The last component of the path of a program; None if it is unknown."""
    text = known(value)
    if text is None:
        text = known_end(value)
        if "/" not in text:
            return None
    return text.rpartition("/")[2]


def program_of(words: Words) -> Program | None:
    """The program that is of interest here, if a command starts it; ``words`` are unwrapped."""
    name = name_of(words[0][0])
    if name is None:
        return _handed_over("", words) or _nameless(words)
    if name in ATC_NAMES:
        return Program(ATC, words[0][1], words[1:])
    if name in BENCHMARK_NAMES:
        return Program(BENCHMARK, words[0][1], words[1:])
    second = known(words[1][0]) if len(words) > 1 else None
    if name in SUITES and second == "benchmark":
        return Program(BENCHMARK, words[0][1], words[2:])
    if _PYTHON.fullmatch(name):
        return _of_python(words)
    return _handed_over(name, words)


def _of_python(words: Words) -> Program | None:
    """``python3 -m ais_bench``, ``python3 tool/ais_infer.py``."""
    for at, (value, place) in enumerate(words[1:], 1):
        text = known(value) or ""
        if text == "-m" and at + 1 < len(words):
            module, where = words[at + 1]
            return Program(BENCHMARK, where, words[at + 2 :]) if known(module) in BENCHMARK_NAMES else None
        if not text.startswith("-") or text == "-c":
            return Program(BENCHMARK, place, words[at + 1 :]) if name_of(value) == BENCHMARK_SCRIPT else None
    return None


def _handed_over(name: str, words: Words) -> Program | None:
    """``atc`` after a program that is unknown (``docker exec box atc --model=...``), with an option of ATC."""
    if name in PRINTING or name in _LOOKING:
        return None
    for at in range(1, len(words) - 1):
        if name_of(words[at][0]) in ATC_NAMES:
            option = known_start(words[at + 1][0])
            if option.startswith("-") and option.lstrip("-").partition("=")[0] in NAMES:
                return Program(ATC, words[at][1], words[at + 1 :])
    return None


def _nameless(words: Words) -> Program | None:
    """``$ATC --model=...``: a program whose name cannot be known, with options that only ATC has.

    If the variable may contain more than a program, it is one of the words after it, too.
    """
    program, place = words[0]
    if known_start(program).rpartition("/")[2] or known_end(program) not in ("", *ATC_NAMES):  # python$V, ${X}omg
        return None
    first = known_start(words[1][0]) if len(words) > 1 else ""
    if first and not first.startswith("-"):
        return None
    names = {name for value, _ in words[1:] if (name := _option(value))}
    if "insert_op_conf" not in names and not ("soc_version" in names and names & _BESIDE_PRODUCT):
        return None
    if not first and not names <= NAMES:  # "$PYTHON" "$SCRIPT" --model=...
        return None
    whole = {"model", "framework"} <= names or not any(segment.many or segment.splits for segment in program)
    return Program(ATC, place, words[1:] if whole else words)


def _option(value: Traced) -> str:
    """The name of the option in a word, without dashes; '' if there is none."""
    start = known_start(value)
    return start.lstrip("-").partition("=")[0] if start.startswith("-") else ""


def builds(words: Words) -> bool:
    """Whether ATC builds a model with these words.

    ``atc --help`` does not, and ``atc configure`` is another program. Unknown words may be options, and so may words
    with a mistake, which a rule reports.
    """
    starts = [known_start(value) for value, _ in words]
    if any(_gives_option_of_atc(start) for start in starts):
        return True
    if starts and starts[0] and not starts[0].startswith(_DASHES):
        return False
    return any(not start or _gives_new_option(start) for start in starts)


def _gives_option_of_atc(start: str) -> bool:
    head, equals, _ = start.lstrip(DASHES).partition("=")
    name = head.replace("-", "_")
    return name in NAMES and name not in _ASKING and (bool(equals) or start.startswith(_DASHES))


def _gives_new_option(start: str) -> bool:
    """Whether a word may give an option that only another release of ATC has."""
    head, equals, _ = start.lstrip(DASHES).partition("=")
    return start.startswith(_DASHES) and bool(equals) and _NAME.fullmatch(head) is not None and head not in _ASKING


class StartedScript(NamedTuple):
    """A shell script that a command starts; ``sourced``: in the same shell."""

    script: Traced
    words: Words
    sourced: bool = False


def script_of(words: Words) -> StartedScript | None:
    """The script that a command starts, if it does."""
    name = name_of(words[0][0])
    if name in ("source", ".") and len(words) > 1:
        return StartedScript(words[1][0], words[2:], sourced=True)
    if name in SHELLS:
        at = 1
        while at < len(words) and (known_start(words[at][0]).startswith(("-", "+"))):
            if known(words[at][0]) == "-c":
                return None
            at += 2 if known(words[at][0]) in ("-o", "-O") else 1
        return StartedScript(words[at][0], words[at + 1 :]) if at < len(words) else None
    if name is not None and _SCRIPT.fullmatch(name):
        return StartedScript(words[0][0], words[1:])
    return None


def script_path(value: Traced) -> str:
    """The path of a script as far as it is known: after a part that is not, from the next folder on; '' for none."""
    text = known(value)
    if text is None:
        text = known_end(value).partition("/")[2]
    return text if _SCRIPT.fullmatch(text) else ""


def sets_up(script: Traced) -> bool:
    """Whether a script that is sourced only sets variables: ``set_env.sh`` of CANN, ``~/.bashrc``, ``activate``."""
    return _SETTING_UP.search(known_end(script)) is not None


def fetches(words: Words) -> bool:
    """Whether a command may make a file, or fetch one."""
    name = name_of(words[0][0])
    if name is None:
        return True
    second = known(words[1][0]) if len(words) > 1 else None
    if name == "git":
        return second in _FETCHING_GIT
    if name == "sed":
        return any((known(value) or "").startswith("-i") for value, _ in words[1:])
    return name in _FETCHING or (_PYTHON.fullmatch(name) is not None and second is not None)
