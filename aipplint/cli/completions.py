"""``aipplint completions``: a completion script for a shell, made by shtab from the parsers."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from importlib import import_module

from aipplint.cli import COMMANDS
from aipplint.cli.arguments import Parser
from aipplint.cli.output import emit
from aipplint.errors import UsageError

_EPILOG = """\
Commands, options, their values, codes and names of rules, fields: Tab completes them.

Examples:
  aipplint completions bash > ~/.local/share/bash-completion/completions/aipplint
  aipplint completions zsh > ~/.zfunc/_aipplint       with fpath+=~/.zfunc before compinit in .zshrc
  aipplint completions fish > ~/.config/fish/completions/aipplint.fish
"""

SHELLS = ("bash", "zsh", "fish")

_BASH = """
# Bash takes "--option=value" for three words.
_aipplint() {
  local -a words=()
  local at number=$COMP_CWORD
  for ((at = 0; at < ${#COMP_WORDS[@]}; at++)); do
    if [[ ${COMP_WORDS[at]} != "=" ]]; then
      words+=("${COMP_WORDS[at]}")
    elif ((at == COMP_CWORD)); then
      words+=("")
    elif ((at < COMP_CWORD)); then
      ((number -= 1))
    fi
  done
  local COMP_CWORD=$number
  local -a COMP_WORDS=("${words[@]}")
  _shtab_aipplint
}
complete -o bashdefault -o default -F _aipplint aipplint
"""


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint completions",
        f"aipplint completions {'|'.join(SHELLS)}",
        "Print a completion script for your shell.",
        _EPILOG,
    )
    parser.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, shells = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    if len(shells) != 1:
        raise UsageError(f"completions needs the name of a shell: {', '.join(SHELLS)}")
    if shells[0] not in SHELLS:
        raise UsageError(f"no completions for '{shells[0]}', only for {', '.join(SHELLS)}", shells[0], SHELLS)
    emit(_script(shells[0]))
    return 0


def _script(shell: str) -> str:
    import shtab

    return _FINISHED[shell](shtab.complete(_whole(), shell)) + "\n"


def _for_bash(script: str) -> str:
    """Also complete the value of an option after "="."""
    return script + _BASH


def _for_zsh(script: str) -> str:
    """Also complete the value of an option after "=", and every argument instead of only the first."""
    script = re.sub(r'^(  "\*?--[\w-]+)(\[.*\]:[^:]+:.*")$', r"\1=\2", script, flags=re.MULTILINE)
    # An option with a short form: {-f,--output-format}"[...]:NAME:(...)".
    script = re.sub(r'^(  \{-\w,--[\w-]+)(\}"\[.*\]:[^:]+:.*")$', r"\1=\2", script, flags=re.MULTILINE)
    return script.replace('"(*)::words:', '"*:words:')


def _for_fish(script: str) -> str:
    """Let fish complete files, also after "="."""
    return script.replace('-xka "(__fish_complete_path (commandline -ct))"', "-rF")


_FINISHED: dict[str, Callable[[str], str]] = {"bash": _for_bash, "zsh": _for_zsh, "fish": _for_fish}


def _whole() -> argparse.ArgumentParser:
    """Return one parser of all commands for shtab, with known values as choices."""
    whole = argparse.ArgumentParser("aipplint", allow_abbrev=False, add_help=False)
    whole.add_argument("-h", "--help", action="help", help="show the help of aipplint")
    whole.add_argument("--version", action="version", help="show the version")
    commands = whole.add_subparsers()
    for name, summary in COMMANDS.items():
        parser = import_module(f"aipplint.cli.{name}").arguments()
        for option in parser.options():
            _know_values(option)
        made = commands.add_parser(name, help=summary, description=summary, parents=[parser], add_help=False)
        if name == "atc":
            _add_options_of_atc(made)
        if name != "server":
            words = made.add_argument("words", nargs="*", help="")
            words.choices = _words(name)
            if not words.choices:
                _take_files(words)
    return whole


def _add_options_of_atc(parser: argparse.ArgumentParser) -> None:
    """Add the options that ``aipplint atc`` reads from the command line of ATC, in ATC's spelling."""
    from aipplint.atc.options import MODEL
    from aipplint.project.command import CONFIG, OPTIONS, OUTPUT

    for name in (CONFIG, OUTPUT, *OPTIONS):
        option = parser.add_argument(f"--{name}", dest=f"atc_{name}", help="option of ATC", metavar="VALUE")
        if name in (CONFIG, OUTPUT, MODEL):
            _take_files(option)
        else:
            _know_values(option)


def _take_files(action: argparse.Action) -> None:
    import shtab

    # How shtab is told; argparse's actions take any attribute.
    vars(action)["complete"] = shtab.FILE


def _know_values(option: argparse.Action) -> None:
    """Set the known values of an option, or files, as its completions."""
    if option.metavar in ("FILE", "PATTERN") or option.dest == "stdin_filename":
        _take_files(option)
    elif option.metavar == "RULES":
        option.choices = _rules()
    elif option.dest in ("atc_soc_version", "soc_version"):
        from aipplint.hardware.products import SOC_VERSIONS

        option.choices = sorted(SOC_VERSIONS)
    else:
        option.choices = option.choices or _VALUES.get(option.dest) or _words_of_new().get(option.dest)


def _words_of_new() -> dict[str, list[str]]:
    """Names that options of ``aipplint new`` take."""
    from aipplint.new.colours import IMAGES, STANDARDS, TARGETS
    from aipplint.new.normalisations import NORMALISATIONS

    images = [image.name for image in IMAGES]
    return {"source": images, "target": [*TARGETS], "standard": [*STANDARDS], "normalize": [*NORMALISATIONS]}


_VALUES = {
    "atc_framework": ("0", "1", "3", "5"),
    "atc_input_format": ("NCHW", "NHWC", "ND"),
    "atc_enable_small_channel": ("0", "1"),
    "atc_output_type": ("FP32", "FP16", "UINT8", "INT8"),
}


def _words(command: str) -> list[str]:
    """Return the completions for the arguments of a command that are not files."""
    if command == "rule":
        from aipplint.explain.codes import CODES

        return [*_rules(), *CODES]
    if command == "field":
        from aipplint.explain.fields import names

        return sorted({name for _, name in names()})
    return list(SHELLS) if command == "completions" else []


def _rules() -> list[str]:
    """Codes, families and names of all rules."""
    from aipplint.rules import RULES
    from aipplint.rules.selection import vocabulary

    return sorted(vocabulary(RULES))
