"""AIPP620, AIPP621: the path of --insert_op_conf. Who has a file system says what is there (Build.config_file)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.findings import Problem, Severity, clean
from aipplint.rules.rule import rule

PATH_REJECTED = "E10001"
FORBIDDEN = r"[^A-Za-z0-9./_\-\u4e00-\u9fa5]"
"""What ATC allows in no path (fact F3)."""


@rule("AIPP620", "config-not-found", Severity.ERROR, atc=PATH_REJECTED)
def config_not_found(build: Build) -> Iterator[Problem]:
    """The file of --insert_op_conf is not there.

    ATC looks for it from the folder where it is started. It says E10001 with the option and the reason of the
    operating system, before it reads the model. Of a command in a script this is a warning, and of one in a document an
    info: the file may be made, or come from elsewhere, before the command is run. Where the script itself fetches or
    copies files, nothing is said.

    ## Wrong

    ```console
    $ aipplint atc --model=net.onnx --framework=5 --insert_op_conf=no_such.cfg
    ```

    ## Right

    ```console
    $ aipplint atc --model=net.onnx --framework=5 --insert_op_conf=deploy/aipp.cfg
    ```

    ## Fix

    Correct the path, or start ATC in the folder that the path is written for.

    ## Source

    Fact F2: util.cc 260-289 of GraphEngine.
    """
    option, origin = build.option("insert_op_conf"), build.origin
    if option is None or not option.value or build.config_file != "":
        return
    # A path that is made of variables is named as it is written: what it comes to is another one on every machine.
    source, span = option.place
    written = option.value if option.exact else source.text[span.start : span.end]
    values = {"path": clean(option.value if origin is None else written)}
    if origin is None:
        yield Problem(option.place, "there is no file {path} (looked for from the current folder)", values)
    elif not origin.fetches:
        message = "there is no file {path}"
        if not os.path.isabs(option.value):
            message += " (looked for from here, from the folder above and from the root)"
        yield Problem(option.place, message, values, severity=Severity.INFO if origin.in_document else Severity.WARNING)


@rule("AIPP621", "config-path-characters", Severity.ERROR, atc=PATH_REJECTED)
def config_path_characters(build: Build) -> Iterator[Problem]:
    """The path of the configuration holds characters that ATC does not allow.

    Letters, digits, `.`, `/`, `_`, `-` and Chinese characters are allowed; a blank, a `+`, `@`, `~` or a
    bracket is not. The whole resolved path counts, with every folder above and behind every link.

    ## Wrong

    ```console
    $ aipplint atc --model=net.onnx --framework=5 --insert_op_conf="my configs/aipp.cfg"
    ```

    ## Right

    ```console
    $ aipplint atc --model=net.onnx --framework=5 --insert_op_conf=my_configs/aipp.cfg
    ```

    ## Fix

    Rename the folder or the file that the message names, or copy the configuration elsewhere.

    ## Source

    Fact F3: util.cc 37-41 and 291-299 of GraphEngine.
    """
    option, path = build.option("insert_op_conf"), build.config_file
    if option is None or not path:
        return
    bad = "".join(dict.fromkeys(re.findall(FORBIDDEN, path)))
    if bad:
        message = "the path of the configuration is {path}; ATC does not allow '{bad}' in it"
        yield Problem(option.place, message, {"path": clean(path), "bad": clean(bad)})


RULES = (config_not_found, config_path_characters)
