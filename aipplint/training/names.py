"""Names of means and deviations, and of what holds an image, as training code writes them."""

from __future__ import annotations

import re

_MEAN = re.compile(r"(?<![a-z])(?:means?|avg)(?![a-z])|(?<=pixel)means?|means?(?=_?rgb|_?bgr)")
_DEVIATION = re.compile(r"(?<![a-z])(?:std(?:ev|dev|v|s)?|stddevs?|vars?|deviations?)(?![a-z])|(?<=pixel)std")
_RECIPROCAL = re.compile(r"(?<![a-z])(?:scales?|norms?|var_?reci)(?![a-z])")
_CHANNEL = re.compile(r"(?<![a-z])([rgb])(?![a-z])")
_OTHER = re.compile(r"target|delta|bbox|box|anchor|loss|label|score|weight|init|noise|kernel|moving|running")
"""Names of means that are none of pixels."""
_IMAGE = re.compile(
    r"im(?:g|age|s|gs|ages)?(?:$|[_\d])|(?:^|_)im(?:g|age|s|gs|ages)?|image|img|pic|frame|photo|input|pixel|blob|resized|padded|crop|rgb|bgr"
    r"|^data$|^x$|^x_data$|^arr$|^tensor$|^sample$"
)
_NO_IMAGE = re.compile(r"mask|label|target|box|heat|output|pred|shape|size|score|gt|loss|scale|ratio|index|idx|len|num")


def mean_key(name: str) -> str | None:
    """The rest of a name of a mean, to find its deviation by; None if it names something else."""
    return _key(_MEAN, name)


def deviation_key(name: str) -> str | None:
    """The rest of a name of a deviation; None if it names something else."""
    return _key(_DEVIATION, name)


def reciprocal_key(name: str) -> str | None:
    """The rest of a name of reciprocals of deviations; None if it names something else."""
    return _key(_RECIPROCAL, name)


def _key(pattern: re.Pattern[str], name: str) -> str | None:
    lower = name.lower()
    if _OTHER.search(lower) or not pattern.search(lower):
        return None
    return pattern.sub("", lower, count=1).strip("_")


def channel_key(name: str) -> tuple[str, str] | None:
    """The channel and the rest of the name of a mean of one channel (``_R_MEAN``); None if it has no channel."""
    found = _CHANNEL.search(name.lower())
    return (found[1], _CHANNEL.sub("", name.lower(), count=1)) if found else None


def may_be_image(name: str) -> bool:
    """Whether a variable may contain an image, by its name."""
    last = name.rpartition(".")[2].lower()
    return bool(_IMAGE.search(last)) and not _NO_IMAGE.search(last)
