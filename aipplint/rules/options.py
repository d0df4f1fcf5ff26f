"""AIPP608, AIPP609, AIPP614, AIPP615: ATC options that exclude each other or AIPP, and helpers of other rules."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.options import FRAMEWORKS, HINT, IMAGE, MAX_VALUE, PROFILE_OPTIONS
from aipplint.config.config import Config
from aipplint.config.op import AippOp
from aipplint.findings import Place, Problem, Related, Severity, clean
from aipplint.rules.rule import rule

MAX_PROBLEMS = 20
"""Findings of one kind about one option at the most: who wrote the twenty-first mends them all at once."""

INPUT_FORMATS = {
    0: ("NCHW", "ND"),
    3: ("NCHW", "NHWC", "ND", "NCDHW", "NDHWC"),
    5: ("NCHW", "ND", "NCDHW"),
}
"""What --input_format takes, by framework. For MindSpore (1) and in general, see ANY_INPUT_FORMAT."""
ANY_INPUT_FORMAT = ("NCHW", "NHWC", "ND", "CHWN", "NC1HWC0", "NHWC1C0", "NCDHW", "NDHWC")
_AIPP_FORMATS = ("NCHW", "NHWC")

MAY_IGNORE_SHAPE = "an .air file has a shape of its own, and --input_shape may have no effect on it"
"""Advice where the shape in a command may not be that of the model (Build.may_ignore_shape)."""


def shortened(text: str) -> str:
    """A piece of an option for a message: escaped, and short."""
    return clean(text if len(text) <= 40 else text[:37] + "...")


def set_here(build: Build, *names: str) -> tuple[Related, ...]:
    """Where some options are set, for those that are."""
    options = [option for name in names if (option := build.option(name))]
    return tuple(Related(option.place, "--{option} is set here", {"option": option.name}) for option in options)


def too_long(place: Place, name: str, length: int) -> Problem:
    """Return the problem of a value that is too long to be checked."""
    message = "--{option} has {length} characters and was not checked; the maximum is {longest}"
    values = {"option": name, "length": length, "longest": MAX_VALUE}
    return Problem(place, message, values, severity=Severity.WARNING)


@rule("AIPP608", "exclusive-options", Severity.ERROR, atc="E10009", also=("E10001",))
def exclusive_options(build: Build) -> Iterator[Problem]:
    """Two options that exclude each other are set.

    A model is built for several batch sizes, several image sizes, several sets of dimensions, or for ranges. ATC
    rejects every combination of the four options before it checks their values. Up to CANN 6.0 (`cann-version`),
    `--input_shape_range` is not one of them: with a profile option, it has no effect. In a whole command (AIPP629),
    `--input_hint_shape` with a profile option is an error too (E10001).

    ## Wrong

    ```atc
    --input_shape="data:-1,3,-1,-1" --dynamic_image_size="416,416;832,832" --dynamic_batch_size="1,8"
    ```

    ## Right

    ```atc
    --input_shape="data:8,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Keep one. For several batch and image sizes, use `--dynamic_dims`, which does not work with AIPP.

    ## Source

    Facts O1 and O2.
    """
    given = build.known(*build.exclusive)
    if len(given) > 1:
        values = {"names": [f"--{option.name}" for option in given]}
        message = "{names} exclude each other; keep one of them"
        yield Problem(given[-1].place, message, values, set_here(build, *(o.name for o in given[:-1])))
    hint, profiles = build.option(HINT), build.known(*PROFILE_OPTIONS)
    if hint is None or not profiles or not build.release.takes_hints:
        return
    from aipplint.atc.whole import whole_command

    if whole_command(build) is not None:
        message = "--{hint} and --{option} exclude each other; keep one of them"
        named = {"hint": HINT, "option": profiles[0].name}
        yield Problem(hint.place, message, named, set_here(build, profiles[0].name), atc="E10001")


@rule("AIPP609", "input-format-unsupported", Severity.ERROR, atc="E10001", also=("E10003", "E10061", "E70014"))
def input_format_unsupported(build: Build, config: Config | None = None) -> Iterator[Problem]:
    """The layout of --input_format is not supported.

    Each framework supports some layouts, in upper case: Caffe NCHW and ND; ONNX NCHW, ND and NCDHW; TensorFlow NCHW,
    NHWC, ND, NCDHW and NDHWC. With `--dynamic_image_size`, ATC must know which axes are H and W, and AIPP supports only
    NCHW and NHWC.

    | where | code |
    |---|---|
    | not in the list of Caffe, TensorFlow or ONNX | E10001 |
    | MindSpore, no layout that ATC knows | E10061, with `--dynamic_image_size` E10003 |
    | with `--dynamic_image_size` neither NCHW nor NHWC | E10003 (up to CANN 6.0 E10019, by AIPP607) |
    | with static AIPP neither NCHW nor NHWC | E70014 |

    ## Wrong

    ```atc
    --framework=5 --input_format=NHWC --input_shape="data:1,224,224,3"
    ```

    ## Right

    ```atc
    --framework=3 --input_format=NHWC --input_shape="data:1,224,224,3"
    ```

    ## Fix

    Set a layout of the list, or delete the option: the default is NHWC for TensorFlow and NCHW for the others.

    ## Source

    Facts O6 to O8 and B5. Fact U2 (E70014), which for dynamic AIPP is AIPP706.
    """
    option = build.option("input_format")
    if option is None or option.value is None:
        return
    given, framework = option.value, build.framework
    allowed = ANY_INPUT_FORMAT if framework is None else INPUT_FORMATS.get(framework, ANY_INPUT_FORMAT)
    values = {"found": shortened(given), "allowed": ", ".join(allowed), "framework": FRAMEWORKS.get(framework or 0, "")}
    if given not in allowed:
        message = "--input_format is {found}; {framework} supports {allowed}"
        if framework is None:
            message = "--input_format is {found}; ATC supports {allowed}, depending on the framework"
        code = None if framework != 1 else "E10003" if build.known(IMAGE) else "E10061"
        yield Problem(option.place, message, values, set_here(build, "framework"), atc=code)
    elif given not in _AIPP_FORMATS:
        if build.known(IMAGE) and _asks_for_axes(build):
            message = "--input_format is {found}; --dynamic_image_size requires NCHW or NHWC"
            if not build.release.takes_layout_for_axes:  # AIPP607
                yield Problem(option.place, message, values, set_here(build, IMAGE), atc="E10003")
            return
        static = next((op for op in config.ops if op.is_static), None) if config else None
        if static is not None:
            message = "--input_format is {found}; AIPP requires NCHW or NHWC"
            related = (Related(static.place("aipp_mode"), "static AIPP is configured here"),)
            yield Problem(option.place, message, values, related, atc="E70014")


def _asks_for_axes(build: Build) -> bool:
    """Return whether ATC checks which axes are H and W: an input with four dimensions has a -1 or is unknown."""
    shapes = build.shapes
    return shapes is None or any(shape.rank == 4 and shape.dynamic_dims for shape in shapes)


@rule("AIPP614", "aipp-with-dynamic-dims", Severity.ERROR, atc="E10001")
def aipp_with_dynamic_dims(build: Build, config: Config | None = None) -> Iterator[Problem]:
    """AIPP and --dynamic_dims are used together.

    ATC rejects `--insert_op_conf` with `--dynamic_dims`, whatever the file contains, because it does not know which
    dimensions are H and W.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_dims="416,416;832,832"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Use `--dynamic_image_size` or `--dynamic_batch_size` if they suffice. Otherwise preprocess without AIPP.

    ## Source

    Facts B1 and O1.
    """
    dims, conf = build.option("dynamic_dims"), build.option("insert_op_conf")
    if dims is None or dims.value is None or (config is None and (conf is None or conf.value is None)):
        return
    message = "--dynamic_dims does not work with AIPP; use --dynamic_image_size or --dynamic_batch_size"
    yield Problem(dims.place, message, {}, set_here(build, "insert_op_conf"))


@rule("AIPP615", "fp16-node-with-aipp", Severity.ERROR, atc="E10034")
def fp16_node_with_aipp(op: AippOp, build: Build) -> Iterator[Problem]:
    """The input of an operator is also in --input_fp16_nodes.

    With AIPP, the type of the input is UINT8; `--input_fp16_nodes` sets it to FP16. An input can have only one type.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224;mask:1,10" --input_fp16_nodes="mask;data"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224;mask:1,10" --input_fp16_nodes="mask"
    ```

    ## Fix

    Delete the input from `--input_fp16_nodes`.

    ## Source

    Fact I2: aipp_op.cc 512-521.
    """
    option, nodes, shape = build.option("input_fp16_nodes"), build.input_fp16_nodes, build.input_of(op)
    if option is None or nodes is None or shape is None or not shape.name:
        return
    node = next((node for node in nodes if node.name == shape.name), None)
    if node is not None:
        message = "--input_fp16_nodes contains {name}, which is an input of AIPP and must be UINT8"
        related = (Related(op.head, "this operator belongs to it"),)
        yield Problem(option.part(node.start, node.end), message, {"name": shortened(shape.name)}, related)


RULES = (
    exclusive_options,
    input_format_unsupported,
    aipp_with_dynamic_dims,
    fp16_node_with_aipp,
)
