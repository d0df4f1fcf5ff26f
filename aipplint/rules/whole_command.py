"""AIPP629 to AIPP634: missing options and wrong combinations in a whole atc command."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.options import SHAPE_RANGE
from aipplint.config.config import Config
from aipplint.findings import Place, Problem, Severity
from aipplint.hardware.products import product_of
from aipplint.rules.options import set_here, shortened
from aipplint.rules.rule import rule

_NO_RANGES = ("Ascend310B", "Ascend035")
"""Products for which the manual supports no ranges in --input_shape (fact W14)."""
_NOT_IN_OM2 = frozenset(
    "ac_parallel_enable check_report cluster_config compress_weight_conf display_model_info dump_mode"
    " enable_attr_compression enable_compress_weight h2d_overlapped_with_compute hccl_sub_comm_config input_hint_shape"
    " input_shape_range json om op_name_map quant_dumpable save_original_model singleop static_model_ops_lower_limit"
    " status_check tiling_schedule_optimize virtual_type".split()
)
"""Options that --mode=7 does not support (fact Z26)."""


def _head(build: Build) -> Place:
    """Return the location of the first word of the command."""
    return build.words[0].place if build.origin is None else build.origin.head


@rule("AIPP629", "missing-weight", Severity.ERROR, atc="E10008")
def missing_weight(build: Build) -> Iterator[Problem]:
    """A command converts a Caffe model without its weights.

    A Caffe model consists of two files: `--model` names the structure (.prototxt), `--weight` the weights
    (.caffemodel). With `--framework=0`, ATC rejects a command without `--weight`.

    ## Wrong

    ```sh
    atc --framework=0 --model=net.prototxt --output=net --soc_version=Ascend310P3  # <--
    ```

    ## Right

    ```sh
    atc --framework=0 --model=net.prototxt --weight=net.caffemodel --output=net --soc_version=Ascend310P3
    ```

    ## Fix

    Set `--weight`, or correct `--framework` (5 for ONNX).

    ## Source

    Fact Z24 (main_impl.cc 819-825). The rule checks whole commands only: those of `aipplint atc`, and those in scripts
    and documents that have `--model`, no other `--mode` than 0, and no unknown word.
    """
    from aipplint.atc.whole import whole_command

    given = whole_command(build)
    if given is None or "framework" not in given or given["framework"].value not in ("0", None):
        return  # The settings may set the framework; then the command is not whole.
    if build.framework == 0 and "weight" not in given and build.option("weight") is None:
        related = set_here(build, "framework")
        yield Problem(_head(build), "missing --weight, which a Caffe model requires (--framework=0)", related=related)


_REQUIRED = (("framework", "E10007"), ("soc_version", "E10054"), ("output", "E10054"), ("model", "E10054"))
"""Options without which ATC makes no model, in its order, with the codes."""


def _missing(build: Build) -> Iterator[Problem]:
    """Yield a problem for each option that ATC requires and a whole command does not have."""
    from aipplint.atc.whole import whole_command

    given = whole_command(build)
    if given is None:
        return
    for name, code in _REQUIRED:
        if name in given or build.option(name) is not None:
            continue
        if name != "soc_version" or not build.release.spares_soc_version:
            yield Problem(_head(build), "missing --{name}, which ATC requires", {"name": name}, atc=code)


@rule("AIPP630", "missing-required-option", Severity.ERROR, atc="E10054", also=("E10007",))
def missing_required_option(build: Build) -> Iterator[Problem]:
    """The command of `aipplint atc` has no value for an option that ATC requires.

    To convert a model, ATC requires `--model`, `--framework`, `--output` and `--soc_version`. Without one of them it
    fails before it reads any file. AIPP634 checks the commands in scripts and documents.

    | option | code |
    |---|---|
    | `--framework` | E10007 |
    | `--model`, `--output` | E10054; E10004 up to CANN 6.0 |
    | `--soc_version` | E10054; not checked up to CANN 6.0 |

    ## Wrong

    ```console
    $ aipplint atc --framework=5 --model=net.onnx --output=net
    ```

    ## Right

    ```console
    $ aipplint atc --framework=5 --model=net.onnx --output=net --soc_version=Ascend310P3
    ```

    ## Fix

    Set the option. If it is already set, the shell may have ended the command before it: look for a `;` outside of
    quotes and for a missing backslash.

    ## Source

    Fact Z24 (main_impl.cc 763-775, 811-817, 881-886). With a `--mode` other than 0, ATC requires other options.
    """
    if build.origin is None:
        yield from _missing(build)


@rule("AIPP631", "shape-range-on-product", Severity.WARNING)
def shape_range_on_product(build: Build) -> Iterator[Problem]:
    """A command sets a range of shapes for a product that does not support ranges.

    The manual excludes ranges (`1~10`, or -1 without profiles) for Ascend310B and for Ascend035, with or without AIPP.
    ATC does not check this.

    ## Wrong

    ```sh
    atc --framework=5 --model=net.onnx --output=net --soc_version=Ascend310B4 --input_shape="data:1~8,3,224,224"
    ```

    ## Right

    ```sh
    atc --framework=5 --model=net.onnx --output=net --soc_version=Ascend310B4 \\
      --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,4,8"
    ```

    ## Fix

    Use profiles instead: `--dynamic_batch_size`, `--dynamic_image_size` or, without AIPP, `--dynamic_dims`.

    ## Source

    Fact W14: the manual of `--input_shape`. The rule checks whole commands only, like AIPP629.
    """
    from aipplint.atc.whole import whole_command

    product = product_of(build.soc_version)
    ranged = build.option(SHAPE_RANGE) is not None or build.as_ranges
    option = build.shape_option
    if product is None or product.short not in _NO_RANGES or not ranged or option is None:
        return
    if whole_command(build) is not None:
        message = "--{option} has a range, but {short} does not support ranges"
        yield Problem(option.place, message, {"option": option.name, "short": product.short})


@rule("AIPP632", "layout-switch-value", Severity.ERROR, atc="E10005")
def layout_switch_value(build: Build) -> Iterator[Problem]:
    """A value of `--is_input_adjust_hw_layout` is neither true nor false.

    The option has one value for each node of `--input_fp16_nodes`, separated by commas. ATC accepts only `true` and
    `false`, in lower case.

    ## Wrong

    ```sh
    atc --framework=5 --model=net.onnx --output=net --soc_version=Ascend310P3 \\
      --input_fp16_nodes="data" --is_input_adjust_hw_layout=1
    ```

    ## Right

    ```sh
    atc --framework=5 --model=net.onnx --output=net --soc_version=Ascend310P3 \\
      --input_fp16_nodes="data" --is_input_adjust_hw_layout=true
    ```

    ## Fix

    Write `true` or `false`.

    ## Source

    Fact Z25 (omg.cc 184-192). The rule checks whole commands only, like AIPP629.
    """
    from aipplint.atc.whole import whole_command

    option = build.option("is_input_adjust_hw_layout")
    if option is None or option.value is None or build.framework not in (0, 3, 5) or whole_command(build) is None:
        return
    wrong = [text for text in option.value.split(",") if text.strip() not in ("true", "false")]
    if wrong:
        message = "--{option} has the value '{found}'; ATC accepts only true and false"
        yield Problem(option.place, message, {"option": option.name, "found": shortened(wrong[0])})


@rule("AIPP633", "option-in-mode-7", Severity.ERROR, atc="E10001")
def option_in_mode_7(build: Build, config: Config | None = None) -> Iterator[Problem]:
    """A command with `--mode=7` has an option that this mode does not support.

    With `--mode=7` (CANN 9.1 and later) ATC writes a model in a different format. It then rejects
    `--input_shape_range`, `--input_hint_shape` and other options. Only CANN 9.2.0-beta.1 also rejects dynamic AIPP.

    ## Wrong

    ```sh
    atc --mode=7 --framework=5 --model=net.onnx --output=net --soc_version=Ascend310P3 \\
      --input_shape_range="data:[1~8,3,224,224]"  # <--
    ```

    ## Right

    ```sh
    atc --mode=7 --framework=5 --model=net.onnx --output=net --soc_version=Ascend310P3 \\
      --input_shape="data:1~8,3,224,224"
    ```

    ## Fix

    Delete the option. Write ranges in `--input_shape`.

    ## Source

    Fact Z26 (main_impl.cc 133-154, 839-858). The rule checks whole commands only, like AIPP629, but with this mode.
    """
    from aipplint.atc.whole import MAKES_OM2, whole_command

    given = whole_command(build, MAKES_OM2)
    if given is None:
        return
    for name in sorted(_NOT_IN_OM2 & given.keys()):
        yield Problem(given[name].word.place, "--{name} is not supported with --mode=7", {"name": name})
    op = next((op for op in config.ops if op.is_dynamic), None) if config is not None else None
    if op is not None and build.release.refuses_dynamic_om2:
        message = "aipp_mode is dynamic, which {release} does not support with --mode=7"
        yield Problem(op.place("aipp_mode"), message, {"release": build.release}, set_here(build, "mode"))


@rule("AIPP634", "incomplete-command", Severity.ERROR, atc="E10054", also=("E10007",), preview=True)
def incomplete_command(build: Build) -> Iterator[Problem]:
    """A command in a script or a document has no value for an option that ATC requires.

    Without `--framework`, `--output` or `--soc_version`, ATC fails before it reads any file. AIPP630 checks the command
    of `aipplint atc`. A document may omit an option because its value differs from reader to reader.

    ## Wrong

    ```sh
    atc --framework=5 --model=net.onnx --output=net  # <--
    ```

    ## Right

    ```sh
    atc --framework=5 --model=net.onnx --output=net --soc_version=Ascend310P3
    ```

    ## Fix

    Set the option, or write a placeholder for the reader to replace (`--soc_version=<soc_version>`).

    ## Source

    Fact Z24. The rule checks whole commands only, like AIPP629.
    """
    if build.origin is not None:
        yield from _missing(build)


RULES = (
    missing_weight,
    missing_required_option,
    shape_range_on_product,
    layout_switch_value,
    option_in_mode_7,
    incomplete_command,
)
