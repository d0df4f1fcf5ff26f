"""AIPP640, AIPP646: the file that --model names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.options import MINDSPORE, MODEL, TENSORFLOW
from aipplint.atc.places import model_place
from aipplint.findings import Problem, Severity, clean
from aipplint.models.model import NO_FILE, POINTER, REFUSED
from aipplint.rules.config_file import FORBIDDEN, PATH_REJECTED
from aipplint.rules.options import set_here
from aipplint.rules.rule import rule

_ONNX = 5
_MOST_BYTES = 2**31 - 1
_TOO_LARGE, _NOT_BINARY, _NOT_AIR = "E13015", "E13005", "E10041"


@rule("AIPP640", "unreadable-model", Severity.ERROR, atc=PATH_REJECTED, also=(_TOO_LARGE, _NOT_BINARY, _NOT_AIR))
def unreadable_model(build: Build) -> Iterator[Problem]:
    """ATC cannot read the file of --model.

    The file does not exist, is empty, is larger than 2^31 - 1 bytes, or does not have the format that `--framework`
    requires: it is a Git LFS pointer, an archive, a text or a SavedModel, for example. A script may create or download
    the model before the command runs; in scripts, aipplint reports only a Git LFS pointer, as an info.

    ## Wrong

    ```atc
    --model=net.onnx --framework=5
    ```

    ```model
    net.onnx
    unreadable: Git LFS pointer: the file itself was not fetched
    ```

    ## Right

    ```atc
    --model=net.onnx --framework=5
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x224x224
    ```

    ## Fix

    Correct the path or `--framework`, or fetch the file (`git lfs pull`). If an ONNX model exceeds 2 GB, store its
    weights in separate files (external data).

    ## Source

    Fact M0 (E10001); parser/parser/common/acl_graph_parser_util.cc 53 and 824 of GraphEngine (E13015), onnx_parser.cc
    778 and tensorflow_parser.cc 1412 (E13005), main_impl.cc 1629-1654 (E10041).
    """
    model, place = build.model, model_place(build)
    if model is None or place is None:
        return
    values = {"path": clean(model.path), "why": clean(model.why), "size": model.size}
    related = set_here(build, "framework")
    binary = build.framework in (_ONNX, TENSORFLOW)
    if binary and model.size is not None and model.size > _MOST_BYTES:
        message = "{path} has {size} bytes; the maximum for a model is 2147483647"
        yield Problem(place, message, values, related, atc=_TOO_LARGE)
    if model.readable:
        return
    if not build.complete or build.origin is not None:
        if model.trouble == POINTER:
            yield Problem(place, "{path} is not read: {why}", values, severity=Severity.INFO)
    elif model.trouble == NO_FILE:
        yield Problem(place, "the model {path} cannot be read: {why}", values)
    elif model.trouble in (POINTER, REFUSED) and build.framework is not None:
        code = _NOT_AIR if build.framework == MINDSPORE else ""
        if binary:
            code = _NOT_BINARY if model.size else _TOO_LARGE
        yield Problem(place, "the model {path} cannot be read: {why}", values, related, atc=code)


@rule("AIPP646", "model-path-characters", Severity.ERROR, atc=PATH_REJECTED)
def model_path_characters(build: Build) -> Iterator[Problem]:
    """The path of the model contains characters that ATC does not allow.

    Letters, digits, `.`, `/`, `_`, `-` and Chinese characters are allowed; a space, a `+`, `@`, `~` or a bracket is
    not. ATC checks the whole absolute path, after following symbolic links. In scripts and settings, aipplint checks
    only the part that is written there.

    ## Wrong

    ```console
    $ aipplint atc --model="my models/net.onnx" --framework=5
    ```

    ## Right

    ```console
    $ aipplint atc --model=my_models/net.onnx --framework=5
    ```

    ## Fix

    Rename the folder or the file, or copy the model elsewhere.

    ## Source

    Facts M0 and F3: main_impl.cc 887 and util.cc 37-41 of GraphEngine.
    """
    option, path = build.option(MODEL), build.model_file
    if option is None or option.value is None:
        return
    # The folder of a repository differs between machines: for its scripts, only the written path is checked.
    shown = path if build.complete and build.origin is None else option.value
    bad = "".join(dict.fromkeys(c for c in re.findall(FORBIDDEN, shown) if c in path))
    if bad:
        message = "the path of the model is {path}; ATC does not allow '{bad}' in it"
        yield Problem(option.place, message, {"path": clean(shown), "bad": clean(bad)})


RULES = (unreadable_model, model_path_characters)
