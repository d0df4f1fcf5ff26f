"""AIPP620, AIPP621: the path of --insert_op_conf. The caller that has a file system sets Build.config_file."""

from __future__ import annotations

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
    """The file of --insert_op_conf does not exist.

    ATC resolves the path from its working directory. It reports E10001 with the option and the reason of the operating
    system, before it reads the model. In a script, the finding is a warning: another step may create the file before
    the command runs. If the script itself downloads or copies files, or if the path leads into a folder such as `tmp`,
    the rule is skipped. In a document, the finding is an info, and only if the repository has a configuration with
    nearly that name: others come with a download.

    ## Wrong

    ```console
    $ aipplint atc --model=net.onnx --framework=5 --insert_op_conf=no_such.cfg
    ```

    ## Right

    ```console
    $ aipplint atc --model=net.onnx --framework=5 --insert_op_conf=deploy/aipp.cfg
    ```

    ## Fix

    Correct the path, or run ATC in the folder to which the path is relative.

    ## Source

    Fact F2: util.cc 260-289 of GraphEngine.
    """
    option, origin = build.option("insert_op_conf"), build.origin
    if option is None or not option.value or build.config_file != "":
        return
    # A path with variables is named as written: its value differs on every machine.
    source, span = option.place
    written = option.value if option.exact else source.text[span.start : span.end]
    values = {"path": clean(option.value if origin is None else written)}
    if origin is None:
        yield Problem(option.place, "missing file {path}, relative to the working directory", values)
        return
    # What a document names comes from elsewhere, unless something here has nearly that name.
    if origin.fetches or (origin.in_document and not origin.similar):
        return
    shown: dict[str, object] = {**values, "tried": list(origin.tried), "similar": origin.similar}
    message = "missing file {path}; tried {tried}" if origin.tried else "missing file {path}"
    advice = "did you mean {similar}?" if origin.similar else ""
    severity = Severity.INFO if origin.in_document else Severity.WARNING
    yield Problem(option.place, message, shown, severity=severity, help=advice)


@rule("AIPP621", "config-path-characters", Severity.ERROR, atc=PATH_REJECTED)
def config_path_characters(build: Build) -> Iterator[Problem]:
    """The path of the configuration contains characters that ATC does not allow.

    ATC allows letters, digits, `.`, `/`, `_`, `-` and Chinese characters, but not a space, `+`, `@`, `~` or brackets.
    It checks the whole resolved path: every parent folder, and the targets of symbolic links.

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
