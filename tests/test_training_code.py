"""What is read from training code: normalisations in Python, YAML and JSON; how far a configuration is from them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from aipplint.cli import main
from aipplint.findings import Place, Severity
from aipplint.pipeline import lint_source
from aipplint.source import Source, Span
from aipplint.training.normalisation import CERTAIN, NAMED, OPTIONAL, SCALED, Normalisation, Training, difference
from aipplint.training.python_code import has_layer, read_code
from aipplint.training.scopes import MAX_NODES
from aipplint.training.settings_file import read_settings
from tests import field_training

REPOSITORY = Path(__file__).parent / "cases" / "projects" / "training-code" / "repository"

IMAGENET = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
HALF = (127.5,) * 3, (127.5,) * 3

FORMS = {
    "Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])": (*IMAGENET, CERTAIN),
    "vision.Normalize([0.485 * 255, 0.456 * 255, 0.406 * 255], std=[0.229 * 255, 0.224 * 255, 0.225 * 255])": (
        *IMAGENET,
        CERTAIN,
    ),
    "paddle.vision.transforms.Normalize(mean=127.5, std=127.5)": ((127.5,), (127.5,), CERTAIN),
    "m, s = (0.5, 0.5, 0.5), [0.5] * 3\nF.normalize(x, m, s)": (*HALF, CERTAIN),
    "mmcv.imnormalize(img, np.array([127.5] * 3), np.array([127.5] * 3), True)": (*HALF, CERTAIN),
    "MEAN = [v * 255 for v in (0.5, 0.5, 0.5)]\nSTD = MEAN\nData('train', mean=MEAN, std=STD)": (*HALF, CERTAIN),
    "from timm.data import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD\n"
    "T.Normalize(IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD)": (*IMAGENET, CERTAIN),
    "cfg = {'net': {'mean': [127.5] * 3, 'std': [127.5] * 3}}\nT.Normalize(cfg['net']['mean'], cfg['net']['std'])": (
        *HALF,
        CERTAIN,
    ),
    "img_norm_cfg = dict(mean=[127.5] * 3, std=[127.5] * 3, to_rgb=True)": (*HALF, CERTAIN),
    "table = {'mean': [127.5] * 3, 'std': [127.5] * 3}": (*HALF, NAMED),
    "cv2.dnn.blobFromImage(img, 1 / 127.5, (300, 300), (127.5, 127.5, 127.5))": ((127.5,) * 3, (127.5,), CERTAIN),
    "vision.Rescale(1 / 0.25 / 255, -0.5 / 0.25)": ((127.5,), (63.75,), CERTAIN),
    "img = cv2.imread('a.jpg')\nimg = (img.astype('float32') / 255 - 0.5) / 0.5": ((127.5,), (127.5,), CERTAIN),
    "image = tf.subtract(tf.cast(image, tf.float32), 127.5)\nimage = tf.multiply(image, 1 / 128)": (
        (127.5,),
        (128.0,),
        CERTAIN,
    ),
    "img -= (104.0, 117.0, 123.0)": ((104.0, 117.0, 123.0), (1.0,) * 3, CERTAIN),
    "x[..., 0] -= 103.5\nx[..., 1] -= 116.5\nx[..., 2] -= 123.5": ((103.5, 116.5, 123.5), (1.0,) * 3, CERTAIN),
    "t = to_tensor(image)\nt.sub_(0.5).div_(0.5)": ((127.5,), (127.5,), CERTAIN),
    "class A:\n  def __init__(self, mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5]):\n    self.t = Normalize(mean, std)": (
        *HALF,
        CERTAIN,
    ),
    "image = tf.cond(flag, lambda: (tf.cast(image, tf.float32) - 127.5) / 128, lambda: image)": (
        (127.5,),
        (128.0,),
        CERTAIN,
    ),
    "padded = padded / 255.0": ((0.0,), (255.0,), SCALED),
    "pixel_mean = [127.5] * 3\npixel_std = [127.5] * 3\nprint(pixel_mean, pixel_std)": (*HALF, NAMED),
    "_R_MEAN = 124.0\n_G_MEAN = 117.0\n_B_MEAN = 104.0\nprint(_R_MEAN, _G_MEAN, _B_MEAN)": (
        (124.0, 117.0, 104.0),
        (1.0,),
        NAMED,
    ),
    "mean = [127.5] * 3\nstd = [127.5] * 3": (*HALF, OPTIONAL),
    "def f(img, norm=False):\n  if norm:\n    img = (img - 127.5) / 127.5\n  return img": (
        (127.5,),
        (127.5,),
        OPTIONAL,
    ),
}
"""Code, and the mean, the deviation and the strength that are read."""

SILENT = [
    "nn.init.normal_(weight, mean=0.0, std=0.01)",
    "x = np.random.normal(mean, 0.5)",
    "coder = BBoxCoder(target_means=[0.0, 0.0, 0.0], target_stds=[0.1, 0.1, 0.2])",
    "mask = mask / 255",
    "# Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])",
    "'''Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])'''",
    "Normalize([0, 0, 0], [1, 1, 1])",
    "Normalize(read('mean'), read('std'))",
    "Normalize([0.5] * 10 ** 9, [1 / 0] * 3)",
    "print 'Python 2', Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])",
    "a = a\nmean = mean\nstd = mean\nNormalize(mean, std)",
    "img = img / 255\nimg = color_normalize(img)",
    "x = " + "(" * 500 + "x" + ")" * 500 + " / 255",
    "Normalize" + "[0]" * MAX_NODES,
]


def near(values: tuple[float, ...]) -> object:
    return pytest.approx(values, rel=1e-6)


@pytest.mark.parametrize("code", FORMS)
def test_a_form_is_read(code: str) -> None:
    mean, deviation, strength = FORMS[code]
    (found,) = read_code(Source("train.py", code))

    assert (found.mean, found.deviation, found.strength) == (near(mean), near(deviation), strength)


@pytest.mark.parametrize("code", SILENT, ids=lambda code: code[:30])
def test_other_code_is_silent(code: str) -> None:
    assert read_code(Source("train.py", code)) == []


def test_what_a_branch_assigns_belongs_together() -> None:
    code = "if a:\n  m = [0.1] * 3\n  s = [0.2] * 3\nelse:\n  m = [0.3] * 3\n  s = [0.4] * 3\nNormalize(m, s)"
    found = [(*one.mean[:1], *one.deviation[:1]) for one in read_code(Source("train.py", code))]

    assert sorted(found) == [near((25.5, 51.0)), near((76.5, 102.0))]


def test_a_layer_of_the_network_is_seen() -> None:
    assert has_layer("self.sub_mean = MeanShift(255)")
    assert not has_layer("mean = 0.5")


SETTINGS = {
    "image_mean: [127.5, 127.5, 127.5]\nimage_std: [127.5, 127.5, 127.5]\n": HALF,
    '{"do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}': HALF,
    "a:\n  - mean: '[127.5, 127.5, 127.5]'\n    std: '[127.5,127.5,127.5]'\n": HALF,
    '{"means": [0, 0, 0], "scales": [0.00392156862745098, 0.00392156862745098, 0.00392156862745098]}': (
        (0.0,) * 3,
        (255.0,) * 3,
    ),
}


@pytest.mark.parametrize("text", SETTINGS)
def test_a_settings_file_is_read(text: str) -> None:
    (found,) = read_settings(Source("settings.yaml", text))

    assert (found.mean, found.deviation) == (near(SETTINGS[text][0]), near(SETTINGS[text][1]))
    assert found.place.source.text[slice(*found.place.span)]


@pytest.mark.parametrize(
    "text",
    [
        '{"do_normalize": false, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}',
        "mean: np.array([0.5, 0.5, 0.5])\nstd: np.array([0.5, 0.5, 0.5])\n",
        "mean: 0.0\nstd: 0.01\n",
        "mean: [0.5, 0.5, 0.5]\n",
        "&a mean: [*a, *a, *a]\nstd: *a\n",
    ],
)
def test_other_settings_are_silent(text: str) -> None:
    assert read_settings(Source("settings.yaml", text)) == []


def trained(mean: tuple[float, ...], deviation: tuple[float, ...]) -> Normalisation:
    return Normalisation(mean, deviation, Place(Source("train.py", ""), Span(0, 0)))


def cases() -> Iterator[tuple[tuple[float, ...], tuple[float, ...], Normalisation, float]]:
    """What is subtracted and multiplied with, the training code, and the levels of the worst channel."""
    reciprocals = tuple(1 / deviation for deviation in IMAGENET[1])
    yield IMAGENET[0], reciprocals, trained(*IMAGENET), 0
    yield IMAGENET[0][::-1], reciprocals[::-1], trained(*IMAGENET), 0
    yield (124.0, 117.0, 104.0), reciprocals, trained(*IMAGENET), 0.72
    yield (127.5,) * 3, (1 / 127.5,) * 3, trained((127.5,), (127.5,)), 0
    yield (137.5,) * 3, (1 / 127.5,) * 3, trained((127.5,), (127.5,)), 10
    yield (0.0,), (1 / 510,), trained((0.0,), (255.0,)), 63.75


@pytest.mark.parametrize(("offsets", "factors", "code", "levels"), list(cases()))
def test_the_difference_is_in_levels(
    offsets: tuple[float, ...], factors: tuple[float, ...], code: Normalisation, levels: float
) -> None:
    found = difference(offsets, factors, code)

    assert found is not None
    assert max(found) == pytest.approx(levels, abs=1e-9)


def test_a_gray_model_is_not_compared_with_three_channels() -> None:
    assert difference((0.0,), (1.0,), trained(*IMAGENET)) is None


def test_show_says_which_code_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shutil.copytree(REPOSITORY, tmp_path / "repository"))

    main(["show", "agrees/infer/convert/aipp.cfg"])
    agrees = capsys.readouterr().out
    main(["show", "differs/infer/convert/aipp.cfg"])
    differs = capsys.readouterr().out

    assert "  trained     agrees with agrees/evaluate.py:9\n" in agrees
    assert "  trained     differs from differs/src/loader.py:9 by 39.3 levels of 255\n" in differs


CODE = "Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])"
FACTORS = "var_reci_chn_0: 0.0171 var_reci_chn_1: 0.0175 var_reci_chn_2: 0.0174"


@pytest.mark.parametrize(
    ("values", "first", "last"),
    [
        (f"min_chn_0: 0.485 min_chn_1: 0.456 min_chn_2: 0.406 {FACTORS}", "123.675", "103.53"),
        (f"min_chn_0: 104 min_chn_1: 117 min_chn_2: 124 {FACTORS.replace('0: 0.0171', '0: 1')}", "103.53", "123.675"),
        (f"mean_chn_0: 99 min_chn_0: 0.1 min_chn_1: 90 min_chn_2: 80 {FACTORS}", "123 min_chn_0: 0.675", "103.53"),
    ],
)
def test_the_fix_writes_the_numbers_of_the_code(values: str, first: str, last: str) -> None:
    config = Source("aipp.cfg", f"aipp_op {{ aipp_mode: static input_format: RGB888_U8 {values} }}")
    training = Training(tuple(read_code(Source("train.py", CODE))))

    (found,) = [one for one in lint_source(config, training=training).findings if one.code == "AIPP510"]
    assert found.fix is not None
    assert not found.fix.safe
    fixed = config.text
    for edit in reversed(found.fix.edits):
        fixed = fixed[: edit.start] + edit.text + fixed[edit.end :]

    assert f"chn_0: {first} " in fixed
    assert f"min_chn_2: {last} " in fixed
    assert "AIPP510" not in {one.code for one in lint_source(Source("a.cfg", fixed), training=training).findings}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (f"min_chn_0: 127.5 min_chn_1: 127.5 min_chn_2: 127.5 {FACTORS.replace('0.0171', '0.0174')}", CODE),
        ("min_chn_0: 12 min_chn_1: 16 min_chn_2: 13", CODE),
        (f"min_chn_0: 1 min_chn_1: 2 min_chn_2: 3 {FACTORS}", f"{CODE}\nNormalize([0.5] * 3, [0.5] * 3)"),
    ],
)
def test_there_is_no_fix_without_order_place_or_agreement(values: str, code: str) -> None:
    config = Source("aipp.cfg", f"aipp_op {{ aipp_mode: static input_format: RGB888_U8 {values} }}")
    training = Training(tuple(read_code(Source("train.py", code))))

    (found,) = [one for one in lint_source(config, training=training).findings if one.code == "AIPP510"]
    assert found.fix is None


def test_a_fixed_configuration_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shutil.copytree(REPOSITORY, tmp_path / "repository"))
    path = "differs/infer/convert/aipp.cfg"
    text = Path(path).read_text(encoding="utf-8")
    for channel, mean in enumerate(("0.485", "0.456", "0.406")):
        text = text.replace(f"min_chn_{channel}: 127.5", f"min_chn_{channel}: {mean}")
    Path(path).write_text(text, encoding="utf-8")

    main(["check", "--fix", "--unsafe-fixes", "--fix-only", "AIPP510", path])
    assert "1 fix made" in capsys.readouterr().err
    main(["check", path])
    assert "AIPP510" not in capsys.readouterr().out
    main(["show", path])
    assert "  trained     agrees with differs/src/loader.py:9\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])", Severity.WARNING),
        ("Normalize([0.485, 0.456, 0.411], [0.229, 0.224, 0.225])", Severity.INFO),
    ],
)
def test_training_code_confirms_a_near_miss(code: str, severity: Severity) -> None:
    values = "min_chn_0: 123.675 min_chn_1: 116.28 min_chn_2: 104.9"
    config = Source("aipp.cfg", f"aipp_op {{ aipp_mode: static input_format: RGB888_U8 {values} }}")
    training = Training(tuple(read_code(Source("train.py", code))))

    found = {finding.code: finding for finding in lint_source(config, training=training).findings}

    assert found["AIPP507"].severity is severity
    assert [one.message for one in found["AIPP507"].related] == ["the training code has 103.53"][: severity - 1]


def test_the_field_is_held_against_what_was_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(REPOSITORY, tmp_path / "trees" / "own")
    table = tmp_path / "table.tsv"
    rows = [
        ("differs/infer/convert/aipp.cfg", "39.28", "differ-true"),
        ("agrees/infer/convert/aipp.cfg", "0", "agree"),
        ("two-data-sets/infer/convert/aipp.cfg", "0", "agree"),
    ]
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerows([("repo", "config", "levels", "config_verdict"), *(("own", *row) for row in rows)])

    assert field_training.main([str(table), str(tmp_path / "trees")]) == 1
    assert capsys.readouterr().out == (
        "               reported   agrees   untied\n"
        "differ-true           1        0        0\n"
        "agree                 1        1        0\n"
        "tied: 3 of 3 with a counterpart\n"
        "wrong: agree, reported: own two-data-sets/infer/convert/aipp.cfg\n"
    )
