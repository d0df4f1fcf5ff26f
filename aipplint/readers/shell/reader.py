"""Shell scripts: the ATC commands in them, the configurations they write, the scripts they start.

A grammar of bash (tree-sitter) parses the script, and an interpreter follows it as a shell would, with values that are
known, partly known or unknown. Nothing is executed, and no file is read. The modules:

- preprocess: prompts, placeholders, line ends and syntax that the grammar does not support
- text, values: parsed texts, values of variables
- shell, state: the shell and its state
- expansion, braces, parameters, arithmetic, escapes: from words to values
- statements, loops, conditions, redirections: branches, loops, pipes
- assignments, functions, commands, builtins, programs, printing, strings: parts of statements
- interpreter: the composition of all parts
- collector, mistakes: the results, and mistakes in commands
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aipplint.atc.words import Word
from aipplint.readers.extract import NOTHING, Extract, Script
from aipplint.readers.programs import MENTION
from aipplint.readers.traced import of_word

_OF_INTEREST = re.compile(rf"{MENTION}|ais-bench|aipp_op|\.(?:sh|bash)\b|insert_op_conf|soc_version")


def read_script(script: Script, path: str, arguments: Sequence[Word] | None = None) -> Extract:
    """Read a script.

    ``path`` is the absolute path of its file ('' if unknown). ``arguments`` are the words of a known call; without them
    its positional parameters are unknown, and
    ``Extract.positional`` says whether a command depends on them.
    """
    texts = [excerpt for excerpt in script.texts if excerpt.text]
    if not any(_OF_INTEREST.search(excerpt.text) for excerpt in texts) and not any(
        _OF_INTEREST.search(word.start) for _, word in script.variables
    ):
        return NOTHING

    from aipplint.readers.shell.interpreter import Interpreter
    from aipplint.readers.shell.preprocess import prepared
    from aipplint.readers.shell.state import Arguments, State
    from aipplint.readers.shell.text import FileText

    parameters = Arguments((), more=True, of_script=True)
    if arguments is not None:
        # A last one that is not known may be several words.
        more = bool(arguments) and arguments[-1].text is None
        parameters = Arguments(tuple(of_word(word) for word in arguments), more)
    state = State(None, script.folder, parameters)
    for name, word in script.variables:
        state.own[name] = of_word(word)
    interpreter = Interpreter(path, state, in_document=script.in_document)
    for excerpt in texts:
        plain, returns = prepared(excerpt, in_document=script.in_document)
        state.ended = 0
        interpreter.run_text(FileText(plain, returns=returns))
    interpreter.finish()
    return interpreter.shell.collector.found(texts[0].source if texts else None)
