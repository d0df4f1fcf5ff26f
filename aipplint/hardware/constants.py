"""Normalisation constants: means and deviations of well-known training code.

Everything is in units of pixels of 0 to 255 and in the order R, G, B. A constant on the scale of 0 to 1 (as
torchvision and its kind print them) is multiplied by 255 here, once.
"""

from __future__ import annotations

from aipplint.records import NamedTuple

RGB, BGR = "R, G, B", "B, G, R"


class Triple(NamedTuple):
    """Three numbers of one data set, for R, G and B."""

    dataset: str
    values: tuple[float, float, float]

    def in_order(self, order: str) -> tuple[float, float, float]:
        """The numbers for channels in an order."""
        first, second, third = self.values
        return (first, second, third) if order == RGB else (third, second, first)


class Uniform(NamedTuple):
    """One pair for all channels: the mean, the divisor, and the output range."""

    name: str
    mean: float
    deviation: float


def _of_one(dataset: str, red: float, green: float, blue: float, scale: float = 255) -> Triple:
    """Constants that are written for images of 0 to 1."""
    return Triple(dataset, (red * scale, green * scale, blue * scale))


MEANS = (
    _of_one("ImageNet", 0.485, 0.456, 0.406),
    _of_one("ImageNet", 0.485, 0.456, 0.406, 256),
    Triple("ImageNet", (123.68, 116.779, 103.939)),
    Triple("ImageNet", (122.7717, 115.9465, 102.9801)),
    _of_one("ImageNet (MindSpore)", 0.475, 0.451, 0.392),
    _of_one("CIFAR-10", 0.4914, 0.4822, 0.4465),
    _of_one("CIFAR-100", 0.5071, 0.4867, 0.4408),
    _of_one("CLIP", 0.48145466, 0.4578275, 0.40821073),
    _of_one("COCO (CenterNet)", 0.470, 0.447, 0.408),
)
"""Means. The third and fourth are those of Caffe models, which have no deviations."""

DEVIATIONS = (
    _of_one("ImageNet", 0.229, 0.224, 0.225),
    _of_one("ImageNet", 0.229, 0.224, 0.225, 256),
    _of_one("ImageNet (MindSpore)", 0.275, 0.267, 0.278),
    _of_one("CIFAR-10", 0.2023, 0.1994, 0.2010),
    _of_one("CIFAR-10", 0.2470, 0.2435, 0.2616),
    _of_one("CIFAR-100", 0.2675, 0.2565, 0.2761),
    _of_one("CLIP", 0.26862954, 0.26130258, 0.27577711),
    _of_one("COCO (CenterNet)", 0.278, 0.274, 0.289),
)
"""Standard deviations; var_reci_chn is the reciprocal."""

UNIFORM = (
    Uniform("0 to 1", 0, 255),
    Uniform("0 to 1, by 1/256", 0, 256),
    Uniform("-1 to 1", 127.5, 127.5),
    Uniform("-1 to 1, by 1/128", 128, 128),
    Uniform("-0.5 to 0.5", 127.5, 255),
    Uniform("-0.5 to 0.5, by 1/256", 128, 256),
    Uniform("bytes unchanged", 0, 1),
    Uniform("ImageNet in gray (0.449, 0.226)", 114.495, 57.63),
    Uniform("Kinetics (0.45, 0.225)", 114.75, 57.375),
    Uniform("MNIST", 33.3285, 78.5655),
)
"""Conventions with one pair for all channels. OpenPose uses 1/256 with 128, detectors of faces 1/128 with 127.5."""

UNIFORM_MEANS = (127.5, 128.0)
"""Means that go with any of the deviations below; 127 is 127.5, cut off."""

UNIFORM_DEVIATIONS = (255.0, 256.0, 127.5, 128.0)
"""Deviations that are no data set's but a range's: they go with every mean."""
