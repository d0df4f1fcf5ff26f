"""The pre-processing of a configuration as code that runs without a chip: numpy, OpenCV, torchvision, ONNX."""

from __future__ import annotations

from collections.abc import Callable

from aipplint.config.colour import Colour
from aipplint.config.normalisation import plain, single
from aipplint.hardware.csc import RGB, YUV
from aipplint.preview.parameters import Parameters, Refused

_HEAD = '"""Made by aipplint from {path}: {what}."""\n'


def code_of(kind: str, parameters: Parameters, colour: Colour, path: str) -> str:
    """Return the code. Raises Refused where there is no such code for a configuration."""
    return KINDS[kind](parameters, colour, path)


def _settings(parameters: Parameters) -> str:
    """The numbers, in the same names for all kinds."""
    window = parameters.window
    rows = [parameters.matrix[at : at + 3] for at in (0, 3, 6)]
    minimum = [_exact(channel.minimum) for channel in parameters.channels]
    factor = [_exact(channel.reciprocal) for channel in parameters.channels]
    return f"""\
SOURCE = {tuple(window.source)}  # H, W
START, CROP = {tuple(window.start)}, {tuple(window.crop)}
BEFORE, OUTPUT = {tuple(window.before)}, {tuple(window.output)}
MATRIX = [{", ".join(str(list(row)) for row in rows)}]  # in 1/256
INPUT_BIAS, OUTPUT_BIAS = {list(parameters.input_bias)}, {list(parameters.output_bias)}
MEAN = {[channel.mean for channel in parameters.channels]}
MIN = [{", ".join(minimum)}]
VAR_RECI = [{", ".join(factor)}]
PADDING = {_exact(parameters.padding)}
"""


def _exact(value: float) -> str:
    """A number in the shortest form that is the same single precision number."""
    return repr(single(value))


_NUMPY_FETCH = {
    "YUV420SP_U8": """\
    height, width = SOURCE
    data = np.frombuffer(image, np.uint8)
    luma = data[: height * width].reshape(height, width, 1)
    chroma = data[height * width :].reshape(height // 2, width // 2, 2).repeat(2, 0).repeat(2, 1)
    pixels = np.concatenate([luma, chroma], axis=2)
""",
    "RGB888_U8": """\
    pixels = np.frombuffer(image, np.uint8).reshape(*SOURCE, 3)
""",
    "XRGB8888_U8": """\
    pixels = np.frombuffer(image, np.uint8).reshape(*SOURCE, 4)[..., {first} : {first} + 3]
""",
    "YUV400_U8": """\
    luma = np.frombuffer(image, np.uint8).reshape(*SOURCE, 1)
    pixels = np.concatenate([luma, luma * 0, luma * 0], axis=2)
""",
}

_NUMPY = '''\
import numpy as np

{settings}

def preprocess(image: bytes) -> np.ndarray:
    """The bytes of an image to the tensor (1, 3, H, W) in float16, as the published kernel computes it."""
{fetch}    (top, left), (height, width) = START, CROP
    pixels = pixels[top : top + height, left : left + width].astype(np.int64)
    sums = (pixels - np.array(INPUT_BIAS)) @ np.array(MATRIX).T
    converted = np.clip(((sums + 128) >> 8) + np.array(OUTPUT_BIAS), 0, 255)
{gray}    values = converted.transpose(2, 0, 1) - np.array(MEAN).reshape(3, 1, 1)
    minimum, factor = (np.float32(part).astype(np.float16).reshape(3, 1, 1) for part in (MIN, VAR_RECI))
    with np.errstate(all="ignore"):  # too large is infinite, as on the chip
        values = (values.astype(np.float16) - minimum) * factor
    tensor = np.full((1, 3, *OUTPUT), np.float16(np.float32(PADDING)))
    (top, left) = BEFORE
    tensor[0, :, top : top + height, left : left + width] = values
    return tensor


if __name__ == "__main__":
    import sys

    with open(sys.argv[1], "rb") as file:
        np.save(sys.argv[2], preprocess(file.read()))
'''


def _numpy(parameters: Parameters, colour: Colour, path: str) -> str:
    fetch = _NUMPY_FETCH[parameters.image_format].format(first=parameters.first)
    gray = "    converted[..., 1:] = 0\n" if parameters.gray else ""
    head = _HEAD.format(path=path, what=f"{colour.name}, with numpy alone")
    return head + _NUMPY.format(settings=_settings(parameters), fetch=fetch, gray=gray)


_OPENCV_FETCH = {
    "YUV420SP_U8": """\
    height, width = SOURCE
    data = np.frombuffer(image, np.uint8)
    luma = data[: height * width].reshape(height, width)
    chroma = data[height * width :].reshape(height // 2, width // 2, 2)
    chroma = cv2.resize(chroma, (width, height), interpolation=cv2.INTER_NEAREST)
    pixels = cv2.merge([luma, *cv2.split(chroma)])
""",
    "RGB888_U8": """\
    pixels = np.frombuffer(image, np.uint8).reshape(*SOURCE, 3)
""",
    "XRGB8888_U8": """\
    pixels = np.ascontiguousarray(np.frombuffer(image, np.uint8).reshape(*SOURCE, 4)[..., {first} : {first} + 3])
""",
    "YUV400_U8": """\
    luma = np.frombuffer(image, np.uint8).reshape(SOURCE)
    pixels = cv2.merge([luma, luma * 0, luma * 0])
""",
}

_OPENCV = '''\
import cv2
import numpy as np

{settings}

def preprocess(image: bytes) -> np.ndarray:
    """The bytes of an image to the tensor (1, 3, H, W) in float32; it differs from the chip by its half precision."""
{fetch}    (top, left), (height, width) = START, CROP
    pixels = np.ascontiguousarray(pixels[top : top + height, left : left + width])
    matrix = np.array(MATRIX, np.float64)
    offset = -matrix @ np.array(INPUT_BIAS) + 128
    sums = cv2.transform(pixels.astype(np.float64), np.column_stack([matrix, offset]) / 256)
    converted = np.clip(np.floor(sums) + np.array(OUTPUT_BIAS), 0, 255)
{gray}    values = (converted - np.array(MEAN) - np.array(MIN)) * np.array(VAR_RECI)
    (top, left) = BEFORE
    bottom, right = OUTPUT[0] - top - height, OUTPUT[1] - left - width
    values = cv2.copyMakeBorder(values, top, bottom, left, right, cv2.BORDER_CONSTANT, value=[PADDING] * 3)
    return values.transpose(2, 0, 1)[None].astype(np.float32)


if __name__ == "__main__":
    import sys

    with open(sys.argv[1], "rb") as file:
        np.save(sys.argv[2], preprocess(file.read()))
'''


def _opencv(parameters: Parameters, colour: Colour, path: str) -> str:
    fetch = _OPENCV_FETCH[parameters.image_format].format(first=parameters.first)
    gray = "    converted[..., 1:] = 0\n" if parameters.gray else ""
    head = _HEAD.format(path=path, what=f"{colour.name}, with OpenCV")
    return head + _OPENCV.format(settings=_settings(parameters), fetch=fetch, gray=gray)


_TORCHVISION = """\
from torchvision import transforms
from torchvision.transforms import functional

transform = transforms.Compose(
    [
{steps}    ]
)
"""


def _torchvision(parameters: Parameters, colour: Colour, path: str) -> str:
    """For a picture in R, G, B, which training code has: the conversion from YUV is undone by that to YUV."""
    target = colour.target
    if parameters.gray or target not in ("RGB", "BGR") or colour.family not in (YUV, RGB):
        raise Refused(f"torchvision works on RGB, but the model gets {target or 'a colour that has no name'}")
    if not all(channel.reciprocal for channel in parameters.channels):
        raise Refused("a var_reci_chn is 0, which torchvision cannot express")
    window = parameters.window
    mean = [plain(channel.offset / 255, 9) for channel in parameters.channels]
    deviation = [plain(1 / (255 * channel.reciprocal), 9) for channel in parameters.channels]
    (top, left), (height, width) = window.start, window.crop
    steps = []
    if window.crop != window.source:
        steps.append(f"transforms.Lambda(lambda picture: functional.crop(picture, {top}, {left}, {height}, {width})),")
    steps.append("transforms.ToTensor(),")
    if target == "BGR":
        steps.append("transforms.Lambda(lambda tensor: tensor[[2, 1, 0]]),")
    steps.append(f"transforms.Normalize(mean=[{', '.join(mean)}], std=[{', '.join(deviation)}]),")
    if window.output != window.crop:
        after = [window.output[at] - window.before[at] - window.crop[at] for at in (0, 1)]
        sides = [window.before.width, window.before.height, after[1], after[0]]
        steps.append(f"transforms.Pad({sides}, fill={_exact(parameters.padding)}),")
    head = _HEAD.format(path=path, what=f"for a picture (H {window.source.height}, W {window.source.width}) in R, G, B")
    return head + _TORCHVISION.format(steps="".join(f"        {step}\n" for step in steps))


_ONNX = '''\
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

{settings}
NODES, CONSTANTS = [], []


def constant(name, values, dtype):
    CONSTANTS.append(numpy_helper.from_array(np.array(values, dtype), name))
    return name


def node(kind, *inputs, name=None, **attributes):
    name = name or f"aipp_{{len(NODES)}}"
    NODES.append(helper.make_node(kind, list(inputs), [name], **attributes))
    return name


def cut(tensor, starts, ends, axes):
    at = len(CONSTANTS)
    parts = (starts, ends, axes)
    return node("Slice", tensor, *(constant(f"cut_{{at}}_{{i}}", part, np.int64) for i, part in enumerate(parts)))


def model():
    """The bytes of an image, {what}, to the tensor "aipp" (1, 3, H, W) in float32."""
{fetch}    (top, left), (height, width) = START, CROP
    pixels = cut(pixels, [top, left], [top + height, left + width], [2, 3])
    weights = constant("matrix", np.array(MATRIX).reshape(3, 3, 1, 1), np.float32)
    offset = constant("offset", 128 - np.array(MATRIX) @ np.array(INPUT_BIAS), np.float32)
    sums = node("Conv", node("Cast", pixels, to=TensorProto.FLOAT), weights, offset)
    sums = node("Floor", node("Mul", sums, constant("unit", 1 / 256, np.float32)))
    sums = node("Add", sums, constant("output_bias", np.array(OUTPUT_BIAS).reshape(1, 3, 1, 1), np.float32))
    values = node("Clip", sums, constant("low", 0, np.float32), constant("high", 255, np.float32))
{gray}    for kind, name, numbers in (("Sub", "mean", MEAN), ("Sub", "min", MIN), ("Mul", "var_reci", VAR_RECI)):
        values = node(kind, values, constant(name, np.array(numbers).reshape(1, 3, 1, 1), np.float32))
    top, left = BEFORE
    pads = [0, 0, top, left, 0, 0, OUTPUT[0] - top - height, OUTPUT[1] - left - width]
    pads = constant("pads", pads, np.int64)
    node("Pad", values, pads, constant("padding_value", PADDING, np.float32), name="aipp")
    images = helper.make_tensor_value_info("image", TensorProto.UINT8, {shape})
    tensor = helper.make_tensor_value_info("aipp", TensorProto.FLOAT, [1, 3, *OUTPUT])
    graph = helper.make_graph(NODES, "aipp", [images], [tensor], CONSTANTS)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


if __name__ == "__main__":
    import sys

    onnx.save(model(), sys.argv[1])
'''

_ONNX_FETCH = {
    "YUV420SP_U8": """\
    height, width = SOURCE
    luma = node("Reshape", cut("image", [0], [height * width], [0]), constant("y", [1, 1, height, width], np.int64))
    pairs = cut("image", [height * width], [height * width * 3 // 2], [0])
    pairs = node("Reshape", pairs, constant("uv", [1, height // 2, width // 2, 2], np.int64))
    pairs = node("Cast", node("Transpose", pairs, perm=[0, 3, 1, 2]), to=TensorProto.FLOAT)
    scales = constant("twice", [1, 1, 2, 2], np.float32)
    repeated = {{"coordinate_transformation_mode": "asymmetric", "mode": "nearest", "nearest_mode": "floor"}}
    chroma = node("Resize", pairs, "", scales, **repeated)
    pixels = node("Concat", node("Cast", luma, to=TensorProto.FLOAT), chroma, axis=1)
""",
    "RGB888_U8": """\
    pixels = node("Reshape", "image", constant("rgb", [1, *SOURCE, 3], np.int64))
    pixels = node("Transpose", pixels, perm=[0, 3, 1, 2])
""",
    "XRGB8888_U8": """\
    pixels = node("Reshape", "image", constant("xrgb", [1, *SOURCE, 4], np.int64))
    pixels = cut(node("Transpose", pixels, perm=[0, 3, 1, 2]), [{first}], [{first} + 3], [1])
""",
    "YUV400_U8": """\
    luma = node("Reshape", "image", constant("y", [1, 1, *SOURCE], np.int64))
    pixels = node("Concat", luma, luma, luma, axis=1)
""",
}


def _onnx(parameters: Parameters, colour: Colour, path: str) -> str:
    fetch = _ONNX_FETCH[parameters.image_format].format(first=parameters.first)
    times, by = {"YUV420SP_U8": (3, 2), "RGB888_U8": (3, 1), "XRGB8888_U8": (4, 1), "YUV400_U8": (1, 1)}[
        parameters.image_format
    ]
    gray = ""
    if parameters.gray:
        gray = '    values = node("Mul", values, constant("gray", [[[[1]], [[0]], [[0]]]], np.float32))\n'
    head = _HEAD.format(path=path, what=f"{colour.name}, as nodes of ONNX")
    shape = f"[{parameters.window.source.pixels * times // by}]"
    made = _ONNX.format(
        settings=_settings(parameters), fetch=fetch, gray=gray, what=parameters.image_format, shape=shape
    )
    return head + made


KINDS: dict[str, Callable[[Parameters, Colour, str], str]] = {
    "torchvision": _torchvision,
    "numpy": _numpy,
    "opencv": _opencv,
    "onnx": _onnx,
}
"""What ``show --as`` takes."""
