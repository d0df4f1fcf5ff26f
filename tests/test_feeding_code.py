"""What is read from programs that feed a model: C++ with OpenCV and DVPP, pipelines of the Vision SDK."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from aipplint.feeding import python_program
from aipplint.feeding.cpp_program import read as read_program
from aipplint.feeding.picture import BGR, BYTES, FLOATS, NV12, NV21, PACKED, PLANAR, RGB, Picture, common
from aipplint.feeding.pipeline_file import read as read_pipeline
from aipplint.hardware.size import Size
from aipplint.source import Source
from aipplint.training.order import reads_rgb
from tests import field_training

REPOSITORY = Path(__file__).parent / "cases" / "projects" / "feeding-code" / "repository"

READ = "cv::Mat image = cv::imread(path, cv::IMREAD_COLOR);"
FED = "MemoryData source(image.data, bytes, MemoryData::MEMORY_HOST);"

FORMS = {
    f"{READ} {FED}": Picture(None, PACKED, BYTES, BGR),
    f"{READ} cv::resize(image, image, cv::Size(320, 240)); {FED}": Picture(Size(240, 320), PACKED, BYTES, BGR),
    f"{READ} cv::Size to(320, 240); cv::resize(image, image, to); {FED}": Picture(Size(240, 320), PACKED, BYTES, BGR),
    f"{READ} cv::resize(image, image, cv::Size(), 0.5, 0.5); {FED}": Picture(None, PACKED, BYTES, BGR),
    f"{READ} cv::cvtColor(image, image, cv::COLOR_RGB2BGR); {FED}": Picture(None, PACKED, BYTES, RGB),
    f"{READ} cv::cvtColor(image, image, cv::COLOR_BGR2YUV_I420); {FED}": Picture(),
    f"cv::Mat image = cv::imread(path, cv::IMREAD_GRAYSCALE); {FED}": Picture(),
    f"{READ} cv::resize(image, image, cv::Size(8, 6)); cv::copyMakeBorder(image, image, 1, 1, 2, 2, cv::BORDER_WRAP); "
    f"{FED}": Picture(Size(8, 12), PACKED, BYTES, BGR),
    f"{READ} cv::copyMakeBorder(image, image, top, 0, 0, 0, cv::BORDER_CONSTANT); {FED}": Picture(
        None, PACKED, BYTES, BGR
    ),
    f"{READ} image.convertTo(image, CV_32FC3, 1 / 255.0); {FED}": Picture(None, PACKED, FLOATS, BGR),
    f"{READ} cv::Mat part; image.copyTo(part); MemoryData source(part.data, bytes);": Picture(None, PACKED, BYTES, BGR),
    f"{READ} if (turned) {{ cv::cvtColor(image, image, cv::COLOR_BGR2RGB); }} {FED}": Picture(None, PACKED, BYTES),
    f"{READ} if (image.empty()) {{ image = other; return; }} {FED}": Picture(None, PACKED, BYTES, BGR),
    f"{READ} for (int i = 0; i < 2; i++) {{ cv::resize(image, image, cv::Size(9, 9)); }} {FED}": Picture(
        None, PACKED, BYTES, BGR
    ),
    f"{READ} enhance(image); {FED}": Picture(),
    f"{READ} aclrtMemcpy(inputBuffer_, size, image.ptr<uint8_t>(), size, ACL_MEMCPY_HOST_TO_DEVICE);": Picture(
        None, PACKED, BYTES, BGR
    ),
    f"{READ} memcpy(preview, image.data, size);": None,
    "std::vector<cv::Mat> images; for (auto &path : paths) { cv::Mat one = cv::imread(path); images.push_back(one); } "
    "cv::Mat image = cv::dnn::blobFromImages(images, 1.0, cv::Size(224, 224), cv::Scalar(), true, false); "
    f"{FED}": Picture(Size(224, 224), PLANAR, FLOATS, RGB),
    "DvppDataInfo output = {}; dvpp->DvppJpegDecode(path, output); MemoryData data((void *)output.data, 9);": Picture(
        None, NV12, BYTES
    ),
    "ResizeConfig to = {}; to.height = 304; to.width = 300; DvppDataInfo output = {}; "
    "dvpp->VpcResize(input, output, to); MemoryData data((void *)output.data, size);": Picture(
        Size(304, 300), NV12, BYTES
    ),
    "ImageData small; dvpp.Resize(small, image, 640, 480); "
    "model.CreateInput(static_cast<void *>(small.data.get()), small.size);": Picture(Size(480, 640), NV12, BYTES),
}
"""The body of a function, and the image that it feeds (None: none)."""


@pytest.mark.parametrize("code", FORMS)
def test_a_form_of_cpp_is_read(code: str) -> None:
    found = read_program(Source("infer.cpp", f"void Model::Run(const std::string &path) {{ {code} }}"))

    assert [one.picture for one in found] == [picture for picture in [FORMS[code]] if picture not in (None, Picture())]


def test_a_function_is_followed_from_its_caller() -> None:
    text = (REPOSITORY / "right" / "infer" / "mxbase" / "classifier.cpp").read_text()
    (fed,) = read_program(Source("classifier.cpp", text))

    assert fed.picture == Picture(Size(224, 224), PACKED, BYTES, BGR)
    assert fed.place.source.position(fed.place.span.start).line == 19


def test_what_a_function_returns_is_followed() -> None:
    code = (
        "cv::Mat Load(const char *path) { return cv::imread(path); }\n"
        "void Run(const char *path) { cv::Mat image = Load(path); MemoryData source(image.data, size); }"
    )

    assert [one.picture for one in read_program(Source("infer.cpp", code))] == [Picture(None, PACKED, BYTES, BGR)]


def test_a_function_that_calls_itself_ends() -> None:
    code = "void Run(cv::Mat image) { Run(image); MemoryData source(image.data, size); }"

    assert read_program(Source("infer.cpp", code)) == []


def test_broken_code_says_nothing() -> None:
    assert (
        read_program(Source("infer.cpp", "void Run( { cv::Mat image = cv::imread(path; MemoryData x(image.data")) == []
    )


OPENCV = "img = cv2.imread(path)\n"
PIL = "img = Image.open(path).convert('RGB')\n"
WRITTEN = "\nnp.array(img).astype(np.int8).tofile(out)"
CROP_CENTRE = """
def centre(img, size):
    if isinstance(size, int):
        size = (int(size), int(size))
    width, height = img.size
    high, wide = size
    left = int(round((width - wide) / 2.0))
    top = int(round((height - high) / 2.0))
    return img.crop((left, top, left + wide, top + high))
"""
PAD = """
def pad(img, high, wide):
    height, width, _ = img.shape
    if height > high:
        raise ValueError(height)
    return np.pad(img, ((0, int(high - height)), (0, wide - width), (0, 0)))
"""

PYTHON = {
    f"{OPENCV}img.tofile(out)": Picture(None, PACKED, BYTES, BGR),
    f"{OPENCV}img = cv2.resize(img, (320, 240))\nimg.tofile(out)": Picture(Size(240, 320), PACKED, BYTES, BGR),
    f"{OPENCV}img = cv2.resize(img, None, fx=2, fy=2)\nimg.tofile(out)": Picture(None, PACKED, BYTES, BGR),
    f"{OPENCV}img = img[:, :, ::-1].copy()\nimg.tofile(out)": Picture(None, PACKED, BYTES, RGB),
    f"{OPENCV}img = cv2.cvtColor(img, cv2.COLOR_BGR2RGB)\nimg.tofile(out)": Picture(None, PACKED, BYTES, RGB),
    f"{OPENCV}img = cv2.cvtColor(img, cv2.COLOR_BGR2GRAY)\nimg.tofile(out)": None,
    f"{OPENCV}img = cv2.warpAffine(img, m, (64, 48))\nimg.tofile(out)": Picture(Size(48, 64), PACKED, BYTES, BGR),
    f"{OPENCV}img = cv2.resize(img, (8, 6))[1:5, 2:]\nimg.tofile(out)": Picture(Size(4, 6), PACKED, BYTES, BGR),
    f"{OPENCV}img = img[-4:, :]\nimg.tofile(out)": Picture(None, PACKED, BYTES, BGR),
    f"{OPENCV}img = cv2.copyMakeBorder(cv2.resize(img, (8, 6)), 1, 1, 2, 2, 0)\nimg.tofile(out)": Picture(
        Size(8, 12), PACKED, BYTES, BGR
    ),
    f"{OPENCV}img.astype(np.float32)\nimg.tofile(out)": Picture(None, PACKED, BYTES, BGR),
    f"{OPENCV}img = img.astype(np.float32) / 255\nimg.tofile(out)": None,
    f"{OPENCV}img = img / 255\ntensor.dataStr = img.tobytes()": Picture(None, PACKED, FLOATS, BGR),
    f"{OPENCV}img -= 127\nmodel.execute([img])": Picture(None, PACKED, FLOATS, BGR),
    f"{OPENCV}img = img.transpose((2, 0, 1))\nsession.infer([img[np.newaxis, :]])": Picture(None, PLANAR, BYTES, BGR),
    f"{OPENCV}img = np.transpose(np.transpose(img, (2, 0, 1)), (1, 2, 0))\nimg.tofile(out)": Picture(
        None, PACKED, BYTES, BGR
    ),
    f"{OPENCV}img = img if ready else img[..., ::-1]\nimg.tofile(out)": Picture(None, PACKED, BYTES),
    f"{OPENCV}try:\n  img = cv2.resize(img, (2, 2))\nfinally:\n  img.tofile(out)": Picture(
        Size(2, 2), PACKED, BYTES, BGR
    ),
    f"{PIL}img = img.resize((320, 240)){WRITTEN}": Picture(Size(240, 320), PACKED, BYTES, RGB),
    f"{PIL}img = img.resize((side, side)){WRITTEN}": Picture(None, PACKED, BYTES, RGB),
    f"{PIL}{CROP_CENTRE}img = centre(img, 224){WRITTEN}": Picture(Size(224, 224), PACKED, BYTES, RGB),
    f"{PIL}{CROP_CENTRE}sizes = {{'net': {{'crop': 200}}}}\nimg = centre(img, sizes[name]['crop']){WRITTEN}": Picture(
        Size(200, 200), PACKED, BYTES, RGB
    ),
    f"{OPENCV}{PAD}HIGH, WIDE = 4 * 60, 320\nimg = pad(img, HIGH, WIDE)\nimg.tofile(out)": Picture(
        Size(240, 320), PACKED, BYTES, BGR
    ),
    f"{PIL}img = T.Compose([T.Resize(256), T.CenterCrop(224)])(img){WRITTEN}": Picture(
        Size(224, 224), PACKED, BYTES, RGB
    ),
    f"{PIL}img = T.Resize((200, 100))(img){WRITTEN}": Picture(Size(200, 100), PACKED, BYTES, RGB),
    f"{PIL}img = F.center_crop(F.resize(img, 256), 224){WRITTEN}": Picture(Size(224, 224), PACKED, BYTES, RGB),
    f"{PIL}steps = T.Compose([T.RandomCrop(9), T.ToTensor()])\nimgs = [steps(img) for _ in range(2)]\n"
    "np.array(imgs[0]).astype(np.int8).tofile(out)": Picture(None, PLANAR, BYTES),
    f"{PIL}data = T.ToTensor()(img)\ndata.numpy().tofile(out)": None,
    f"{PIL}if __name__ == '__main__':\n  np.array(img, dtype=np.uint8).tofile(out)": Picture(None, PACKED, BYTES, RGB),
    "class Feeder:\n  def read(self, path):\n    return cv2.imread(path)\n  def run(self, path):\n"
    "    image = self.read(path)\n    self.net.execute([image])": Picture(None, PACKED, BYTES, BGR),
    "class Resizer:\n  def __init__(self):\n    self.form = PIXEL_FORMAT_YVU_SEMIPLANAR_420\n  def run(self):\n"
    "    acl.media.dvpp_set_pic_desc_format(self.out, self.form)": Picture(None, NV21, BYTES),
    "values = np.zeros((3, 4))\nvalues.tofile(out)": None,
    "print 'Python 2', img.tofile(out)": None,
    "def f(img):\n  return f(img)\nf(cv2.imread(a)).tofile(out)": None,
    "x = " + "(" * 500 + "x" + ")" * 500 + ".tofile(out)": None,
}
"""Code, and the image that it feeds or writes for a model (None: none)."""


@pytest.mark.parametrize("code", PYTHON, ids=range(len(PYTHON)))
def test_a_form_of_python_is_read(code: str) -> None:
    picture = PYTHON[code]
    found = [one.picture for one in python_program.read(Source("preprocess.py", code))]

    assert found == ([] if picture is None else [picture])


def pipeline(*plugins: str) -> str:
    return '{"stream": {' + ", ".join(plugins) + "}}"


DECODE = '"a": {"props": {"handleMethod": "opencv"}, "factory": "mxpi_imagedecoder", "next": "b"}'
CROP = '"b": {"props": {"cropHeight": "24", "cropWidth": "32"}, "factory": "mxpi_opencvcentercrop", "next": "c"}'
INFER = '"c": {"props": {"modelPath": "m/net.om"}, "factory": "mxpi_tensorinfer"}'


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        (pipeline(DECODE, CROP, INFER), Picture(Size(24, 32), PACKED, BYTES, BGR)),
        (pipeline(DECODE, '"b": {"factory": "queue", "next": "c"}', INFER), Picture(None, PACKED, BYTES, BGR)),
        (pipeline(DECODE, CROP.replace('"24"', '"x"'), INFER), Picture(None, PACKED, BYTES, BGR)),
        (pipeline(DECODE, '"b": {"factory": "my_own", "next": "c"}', INFER), Picture()),
        (pipeline(DECODE.replace("opencv", "ascend"), CROP, INFER), Picture(Size(24, 32), NV12, BYTES)),
        (pipeline(CROP, INFER), Picture()),
        (pipeline(INFER.replace('"modelPath"', '"dataSource": "c", "modelPath"')), Picture()),
        ("{", None),
    ],
)
def test_a_pipeline_is_read(text: str, picture: Picture | None) -> None:
    found = read_pipeline(Source("a.pipeline", text))

    assert [(one.picture, one.model) for one in found] == ([] if picture is None else [(picture, "net")])


def test_only_what_two_images_have_in_common_is_known() -> None:
    one, other = Picture(Size(1, 2), PACKED, BYTES, RGB), Picture(Size(1, 2), PLANAR, FLOATS, BGR)

    assert common(one, other) == Picture(Size(1, 2))


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("img = Image.open(path)", True),
        ("img = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)", True),
        ("img = vision.Decode()(data)", True),
        ("img = cv2.imread(path)", None),
        ("img = Image.open(path)\nimg = img[:, :, ::-1]", None),
        ("img = mmcv.imread(path)", None),
        ("x = 1  # a BGR image", False),
    ],
)
def test_the_order_of_training_is_known_if_nothing_turns_it(code: str, reads: bool | None) -> None:
    found = reads_rgb(code)

    assert (None if found is None else found >= 0) is reads


def test_the_field_is_held_against_programs_that_were_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(REPOSITORY, tmp_path / "trees" / "own")
    training, feeding = tmp_path / "training.tsv", tmp_path / "feeding.tsv"
    training.write_text("repo\tconfig\tlevels\tconfig_verdict\n", encoding="utf-8")
    rows = [
        ("another-size/infer/mxbase/classifier.cpp:20", "another-size/infer/convert/aipp.cfg", "wrong"),
        ("right/infer/mxbase/classifier.cpp:20", "right/infer/convert/aipp.cfg", "right"),
        ("nv12/infer/sdk/classify.pipeline:7", "nv12/infer/convert/aipp.cfg", "right"),
        ("no-command/infer/mxbase/classifier.cpp:20", "no-command/infer/convert/aipp.cfg", "cannot tell"),
    ]
    with feeding.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerows([("repo", "program", "config", "verdict"), *(("own", *row) for row in rows)])

    assert field_training.main([str(training), str(tmp_path / "trees"), str(feeding)]) == 1
    assert capsys.readouterr().out.partition("\n\n")[2] == (
        "               reported   silent  unknown\n"
        "wrong                 1        0        0\n"
        "right                 1        1        0\n"
        "cannot tell           0        0        1\n"
        "found: 1 of 1 wrong ones; precision: 1 of 2\n"
        "wrong: right, reported: own nv12/infer/sdk/classify.pipeline:7\n"
    )
