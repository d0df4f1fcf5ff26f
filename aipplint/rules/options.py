"""AIPP608, AIPP609, AIPP614, AIPP615: the ATC options against each other and against AIPP, and what the rules share."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.options import FRAMEWORKS, IMAGE, MAX_VALUE
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
    """What is said of a value that is not read."""
    message = "--{option} has {length} characters; more than {longest} are not read"
    values = {"option": name, "length": length, "longest": MAX_VALUE}
    return Problem(place, message, values, severity=Severity.WARNING)


@rule("AIPP608", "exclusive-options", Severity.ERROR, atc="E10009")
def exclusive_options(build: Build) -> Iterator[Problem]:
    """Two options that exclude each other are set.

    A model is built for several batch sizes, several image sizes, several sets of dimensions, or for ranges: for one of
    these. ATC refuses every combination of the four options before it looks at their values. Up to CANN 6.0
    (`cann-version`) `--input_shape_range` is none of them: beside a profile option it has no effect.

    ## Wrong

    ```atc
    --input_shape="data:-1,3,-1,-1" --dynamic_image_size="416,416;832,832" --dynamic_batch_size="1,8"
    ```

    ## Right

    ```atc
    --input_shape="data:8,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Keep one. Batch and image size together can be had with `--dynamic_dims`, which does not go with AIPP.

    ## Source

    Facts O1 and O2.
    """
    given = build.known(*build.exclusive)
    if len(given) > 1:
        names = " and ".join(f"--{option.name}" for option in given)
        message = "{names} exclude each other; keep one of them"
        yield Problem(given[-1].place, message, {"names": names}, set_here(build, *(o.name for o in given[:-1])))


@rule("AIPP609", "input-format-unsupported", Severity.ERROR, atc="E10001", also=("E10003", "E10061", "E70014"))
def input_format_unsupported(build: Build, config: Config | None = None) -> Iterator[Problem]:
    """The layout of --input_format is not possible here.

    Each framework has its list, and case counts: Caffe NCHW and ND; ONNX NCHW, ND and NCDHW; TensorFlow NCHW, NHWC, ND,
    NCDHW and NDHWC. With `--dynamic_image_size` ATC must know which axes are H and W, and AIPP works on NCHW and NHWC
    only.

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

    Give a layout of the list, or leave the option out: the default is NHWC for TensorFlow and NCHW for the others.

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
        message = "--input_format={found} is not possible for {framework}, which takes {allowed}"
        if framework is None:
            message = "--input_format={found} is no layout that ATC knows: {allowed} (for some frameworks fewer)"
        code = None if framework != 1 else "E10003" if build.known(IMAGE) else "E10061"
        yield Problem(option.place, message, values, set_here(build, "framework"), atc=code)
    elif given not in _AIPP_FORMATS:
        if build.known(IMAGE) and _asks_for_axes(build):
            message = "--input_format={found} does not go with --dynamic_image_size, which needs NCHW or NHWC"
            if not build.release.takes_layout_for_axes:  # AIPP607
                yield Problem(option.place, message, values, set_here(build, IMAGE), atc="E10003")
            return
        static = next((op for op in config.ops if op.is_static), None) if config else None
        if static is not None:
            message = "--input_format={found} does not go with AIPP, which works on NCHW or NHWC"
            related = (Related(static.place("aipp_mode"), "static AIPP is configured here"),)
            yield Problem(option.place, message, values, related, atc="E70014")


def _asks_for_axes(build: Build) -> bool:
    """Whether ATC comes to ask which axes are H and W: an input of four dimensions has a -1, or nobody knows."""
    shapes = build.shapes
    return shapes is None or any(shape.rank == 4 and shape.dynamic_dims for shape in shapes)


@rule("AIPP614", "aipp-with-dynamic-dims", Severity.ERROR, atc="E10001")
def aipp_with_dynamic_dims(build: Build, config: Config | None = None) -> Iterator[Problem]:
    """AIPP and --dynamic_dims are used together.

    ATC refuses `--insert_op_conf` beside `--dynamic_dims`, whatever the file says: with freely chosen dimensions it
    does not know which are H and W.

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

    Use `--dynamic_image_size` or `--dynamic_batch_size` where they suffice; otherwise do the preprocessing without
    AIPP.

    ## Source

    Facts B1 and O1.
    """
    dims, conf = build.option("dynamic_dims"), build.option("insert_op_conf")
    if dims is None or dims.value is None or (config is None and (conf is None or conf.value is None)):
        return
    message = (
        "--dynamic_dims does not go with AIPP (--insert_op_conf); use --dynamic_image_size or --dynamic_batch_size"
    )
    yield Problem(dims.place, message, {}, set_here(build, "insert_op_conf"))


@rule("AIPP615", "fp16-node-with-aipp", Severity.ERROR, atc="E10034")
def fp16_node_with_aipp(op: AippOp, build: Build) -> Iterator[Problem]:
    """The input of an operator is also in --input_fp16_nodes.

    AIPP makes its input one of bytes; `--input_fp16_nodes` makes it one of half-precision numbers. An input can be one
    of the two.

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

    Take the input out of `--input_fp16_nodes`.

    ## Source

    Fact I2: aipp_op.cc 512-521.
    """
    option, nodes, shape = build.option("input_fp16_nodes"), build.input_fp16_nodes, build.input_of(op)
    if option is None or nodes is None or shape is None or not shape.name:
        return
    node = next((node for node in nodes if node.name == shape.name), None)
    if node is not None:
        message = "--input_fp16_nodes names {name}, which is an input of AIPP and thus one of bytes"
        related = (Related(op.head, "this operator works on it"),)
        yield Problem(option.part(node.start, node.end), message, {"name": shortened(shape.name)}, related)


RULES = (
    exclusive_options,
    input_format_unsupported,
    aipp_with_dynamic_dims,
    fp16_node_with_aipp,
)
