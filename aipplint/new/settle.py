"""From the words of the user to an intent: everything is read, completed and compared once."""

from __future__ import annotations

import re
from typing import TypeVar

from aipplint.atc.build import Build
from aipplint.atc.model_inputs import framework_of
from aipplint.atc.options import options_of_mapping
from aipplint.errors import UsageError
from aipplint.findings import Severity, clean
from aipplint.hardware.csc import Standard
from aipplint.hardware.products import product_of
from aipplint.hardware.size import Size
from aipplint.models.model import Model
from aipplint.new.beside import atc_options
from aipplint.new.colours import GRAY, Image, image_of, is_possible, needs_standard, standard_of, target_of
from aipplint.new.geometry import Geometry, Wish, geometry_of, size_of
from aipplint.new.intent import Dynamic, Network, Static
from aipplint.new.normalisations import Normalisation, in_channels, normalisation_of, numbers, of_numbers
from aipplint.new.sources import ModelInput, Video, image_input, read_trained, read_video
from aipplint.new.text import text_of
from aipplint.pipeline import Use, lint_source
from aipplint.project.models import read_model
from aipplint.records import NamedTuple
from aipplint.source import Source

Intent = TypeVar("Intent", Static, Dynamic)
_PROFILES = re.compile(r"\d{1,5},\d{1,5}(?:;\d{1,5},\d{1,5})+", re.ASCII)
_MAX_BATCH = 100_000


class Given(NamedTuple):
    """The words of the user by option; empty if not given."""

    source: str = ""
    target: str = ""
    standard: str = ""
    video: str = ""
    size: str = ""
    source_size: str = ""
    crop: str = ""
    pad: str = ""
    pad_gray: str = ""
    profiles: str = ""
    normalize: str = ""
    normalize_from: str = ""
    mean: str = ""
    std: str = ""
    scale: str = ""
    model: str = ""
    input: str = ""
    batch: str = ""
    soc_version: str = ""
    dynamic: bool = False
    max_size: str = ""


def intent_of(given: Given) -> Static | Dynamic:
    """Return what the user means; raises UsageError if it is impossible, or contradicts itself."""
    model = read_model(given.model) if given.model else None
    found = image_input(model, given.input) if model is not None else None
    if given.input and model is None:
        raise UsageError("--input goes with --model")
    video = read_video(given.video) if given.video else None
    network = _network(given, model, found)
    if given.profiles and _PROFILES.fullmatch(given.profiles) is None:
        raise UsageError(f"--dynamic-image-size: '{clean(given.profiles)}' is not H,W;H,W with at least two profiles")
    if given.profiles and found is not None and found.size is not None:
        raise UsageError(f"--dynamic-image-size: {clean(given.model)} has a fixed size, {found.size}")
    if given.dynamic:
        return _dynamic(given, network, found, video)
    if given.max_size:
        raise UsageError("--max-size goes with --dynamic")
    return _static(given, network, found, video)


def _network(given: Given, model: Model | None, found: ModelInput | None) -> Network:
    if given.soc_version:
        product = product_of(given.soc_version)
        if product is None:
            from aipplint.hardware.products import SOC_VERSIONS

            head = f"--soc-version: unknown product '{clean(given.soc_version)}'"
            raise UsageError(head, given.soc_version, tuple(SOC_VERSIONS))
        if not product.formats:
            raise UsageError(f"--soc-version: {given.soc_version} has no AIPP")
    batch = _whole("--batch", given.batch, _MAX_BATCH) if given.batch else 0
    if found is None or model is None:
        return Network(batch=batch or 1, soc_version=given.soc_version)
    if batch and found.batch and batch != found.batch:
        raise UsageError(f"--batch {batch}, but {clean(given.model)} has a fixed batch of {found.batch}")
    framework = framework_of(model)
    if framework is None:
        raise UsageError(f"--model {clean(given.model)}: ATC does not compile models of this form")
    is_uint8 = (found.input.dtype or "").upper() in ("UINT8", "DT_UINT8")
    name, many = found.input.name, found.batch or batch or 1
    return Network(given.model, framework, name, found.rank, found.layout, many, given.soc_version, is_uint8)


def _whole(option: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise UsageError(f"{option}: '{clean(text)}' is not a whole number from 1 to {most}")
    return int(text)


def _dynamic(given: Given, network: Network, found: ModelInput | None, video: Video | None) -> Dynamic:
    fixed = {"--source-size": given.source_size, "--crop": given.crop, "--pad": given.pad, "--pad-gray": given.pad_gray}
    for option, value in fixed.items():
        if value:
            raise UsageError(f"{option} is for static AIPP; with --dynamic the application sets it at run time")
    if not given.max_size and video is None:
        raise UsageError("--dynamic needs --max-size, the size of the largest image")
    largest = size_of("--max-size", given.max_size) if given.max_size else None
    image = image_of(given.source) if given.source else None
    if video is not None:
        image = image or image_of(video.image)
        largest = largest or video.stored
    assert largest is not None, "it was given"
    size = _model_size(given, found)
    return _checked(Dynamic(image, largest, None if given.profiles else size, given.profiles, network))


def _static(given: Given, network: Network, found: ModelInput | None, video: Video | None) -> Static:
    image = _image(given, video)
    target = _target(given, image, found)
    standard = _standard(given, image, target, video)
    normalisation = _normalisation(given)
    mean, deviation = in_channels(normalisation, target)
    gray = numbers("--pad-gray", given.pad_gray)[0] if given.pad_gray else None
    if network.is_uint8 and (set(mean), set(deviation)) != ({0.0}, {1.0}):
        raise UsageError(f"{clean(given.model)} takes bytes, which AIPP does not normalise: use --normalize none")
    if network.is_uint8 and gray:
        raise UsageError(f"{clean(given.model)} takes bytes, for which ATC rejects a border other than 0")
    if gray is not None and not 0 <= gray <= 255:
        raise UsageError("--pad-gray must be 0 to 255")
    size, geometry = _sizes(given, image, found, video)
    return _checked(Static(image, target, standard, normalisation, size, geometry, given.profiles, gray, network))


def _image(given: Given, video: Video | None) -> Image:
    if not given.source and video is None:
        raise UsageError("--from is needed: what the application feeds, such as NV12")
    image = image_of(given.source or (video.image if video else ""))
    if video is not None and image.name != video.image:
        raise UsageError(f"--from {image.name} contradicts --video, whose images are {video.image}")
    return image


def _target(given: Given, image: Image, found: ModelInput | None) -> str:
    if given.target:
        target = target_of(given.target)
    elif image.family == GRAY or (found is not None and found.channels == 1):
        target = GRAY
    else:
        raise UsageError("--to is needed: the colours that the model was trained with, such as RGB or BGR")
    if not is_possible(image, target):
        raise UsageError(f"from {image.name} to {target} is impossible: the image has no colours")
    if found is not None and (found.channels == 1) != (target == GRAY):
        raise UsageError(f"--to {target} contradicts {clean(given.model)}, whose input has C {found.channels}")
    return target


def _standard(given: Given, image: Image, target: str, video: Video | None) -> Standard | None:
    if not needs_standard(image, target):
        if given.standard:
            raise UsageError(f"--standard has no effect from {image.name} to {target}")
        return None
    named = standard_of(given.standard) if given.standard else None
    seen = video.standard if video else None
    if named and seen and named != seen:
        raise UsageError(f"--standard {clean(given.standard)} contradicts --video: {video.why if video else ''}")
    if named is None and seen is None:
        why = f" ({video.why})" if video else ""
        raise UsageError(
            f"--standard is needed from {image.name} to {target}{why}: bt601-narrow, bt601-full (JPEG), bt709-narrow "
            "or bt709-full"
        )
    return named or seen


def _normalisation(given: Given) -> Normalisation:
    by_hand = bool(given.mean or given.std)
    ways = [bool(given.normalize), bool(given.normalize_from), by_hand]
    if sum(ways) > 1:
        raise UsageError("--normalize, --normalize-from and --mean with --std exclude each other")
    if given.scale and not by_hand:
        raise UsageError("--scale goes with --mean and --std")
    if given.scale not in ("", "1", "255"):
        raise UsageError(f"--scale: '{clean(given.scale)}' is none of 1, 255")
    if given.normalize:
        return normalisation_of(given.normalize)
    if given.normalize_from:
        return read_trained(given.normalize_from)
    if by_hand:
        return of_numbers(given.mean, given.std, given.scale)
    raise UsageError("--normalize is needed: how the training normalised images, such as imagenet, unit or none")


def _model_size(given: Given, found: ModelInput | None) -> Size | None:
    size = size_of("--size", given.size) if given.size else None
    if size and given.profiles:
        raise UsageError("--size and --dynamic-image-size exclude each other")
    if found is not None and found.size is not None:
        if size and size != found.size:
            raise UsageError(f"--size {clean(given.size)} contradicts {clean(given.model)}, which takes {found.size}")
        return found.size
    return size


def _sizes(
    given: Given, image: Image, found: ModelInput | None, video: Video | None
) -> tuple[Size | None, Geometry | None]:
    """The size of the model and the sizes of the operator; neither for several profiles."""
    size = _model_size(given, found)
    source = size_of("--source-size", given.source_size) if given.source_size else None
    wish = Wish(source, given.crop, given.pad, bool(given.pad_gray))
    if given.profiles:
        for option, value in (("--source-size", source), ("--crop", wish.crop), ("--pad", wish.padding)):
            if value or (option == "--pad" and wish.bordered):
                raise UsageError(f"{option} and --dynamic-image-size exclude each other")
        return None, None
    if size is None and video is not None:
        size = video.size
        if video.stored != size and source is None and not wish.crop:
            wish = wish._replace(source=video.stored, crop=f"{size.width}x{size.height}+0+0")
    if size is None:
        raise UsageError("--size is needed, or --model with a fixed size, or --dynamic-image-size")
    return size, geometry_of(size, wish, image.format)


def _checked(intent: Intent) -> Intent:
    """Return an intent whose configuration passes its own check; raises UsageError with what forbids it."""
    source = Source("aipp.cfg", text_of(intent))
    build = Build(options_of_mapping(atc_options(intent)), complete=True)
    for finding in lint_source(source, [Use(build)]).findings:
        if finding.severity >= Severity.WARNING and (finding.place.source is source or finding.code[4] == "7"):
            raise UsageError(f"this configuration is impossible: {finding.message} [{finding.code}]")
    return intent
