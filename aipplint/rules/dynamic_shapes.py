"""AIPP602 to AIPP606 and AIPP613: the lists of profiles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import BATCH, DIMS, PROFILE_OPTIONS, SHAPE, Option
from aipplint.findings import Place, Problem, Related, Severity
from aipplint.hardware.products import MAX_PROFILES, MAX_PROFILES_950, product_of
from aipplint.hardware.releases import Release
from aipplint.rules.options import MAX_PROBLEMS, set_here, shortened, too_long
from aipplint.rules.rule import rule

if TYPE_CHECKING:
    from aipplint.atc.profiles import Flaw, Profile, Profiles
    from aipplint.atc.shapes import InputShape

_OF_PROFILES = ("E10001", "E10020", "E10033", "E10035", "E10037", "E10046", "E10058", "E19999")
"""What a list that cannot be read gives besides E10003, by option and flaw (facts O30 to O45)."""


def _lists(build: Build) -> Iterator[tuple[Option, tuple[Profile, ...]]]:
    """The profile options that can be read without a flaw, with their profiles."""
    for option in build.known(*PROFILE_OPTIONS):
        profiles = build.profiles(option.name)
        if profiles is not None and not profiles.flaws:
            yield option, profiles.items


@rule("AIPP602", "profile-syntax", Severity.ERROR, atc="E10003", also=_OF_PROFILES)
def profile_syntax(build: Build, release: Release) -> Iterator[Problem]:
    """A list of profiles cannot be read.

    `--dynamic_image_size="H,W;H,W"` has two numbers in a profile, `--dynamic_dims="d,d;d,d"` one for each -1,
    `--dynamic_batch_size="1,2,4"` is a single list. Only digits and the separators are allowed: a blank, an `x` or a
    full-width comma stops ATC, some of them only after the model was read. A size that makes an input larger than 64
    bits can count stops it too.

    | release | difference |
    |---|---|
    | up to CANN 6.0 | blanks in batch and image sizes are skipped |
    | CANN 3 | other characters in batch sizes give E10033 |
    | before CANN 9.0 | `--dynamic_dims=";"` gives E10001, later E10058 |

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416x416;832,832"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Write height, comma, width, and a semicolon between profiles, without blanks.

    ## Source

    Facts O30, O37 to O39, O41 to O43.
    """
    for option in build.known(*PROFILE_OPTIONS):
        profiles = build.profiles(option.name)
        if profiles is None:
            yield too_long(option.place, option.name, len(option.value or ""))
            continue
        if option.name == BATCH and ":" in (option.value or "") and profiles.flaws:
            message = "--{option} takes numbers such as 1,2,4; {value} is written like --input_shape"
            said: dict[str, object] = {"option": option.name, "value": shortened(option.value or "")}
            code = "E10033" if release.names_profiles_apart else profiles.flaws[0].code
            yield Problem(option.part(*profiles.flaws[0].span), message, said, atc=code)
            continue
        for flaw in profiles.flaws[:MAX_PROBLEMS]:
            renamed = option.name == BATCH and flaw.code == "E10003" and release.names_profiles_apart
            place, message, values = _said(option, flaw)
            yield Problem(place, message, values, atc="E10033" if renamed else flaw.code)
        for flaw in profiles.skipped[:MAX_PROBLEMS]:
            place, message, values = _said(option, flaw)
            yield Problem(place, message + "; CANN 8.5 and later refuse it", values, severity=Severity.WARNING)
        yield from _overflow(build, option, profiles)


def _said(option: Option, flaw: Flaw) -> tuple[Place, str, dict[str, object]]:
    return option.part(*flaw.span), "--{option}: " + flaw.reason, {"option": option.name, "text": shortened(flaw.text)}


def _overflow(build: Build, option: Option, profiles: Profiles) -> Iterator[Problem]:
    """Numbers that fit, but not multiplied: ATC asks which profile is the largest."""
    shapes = build.shapes
    if shapes is None or profiles.flaws or build.dynamic != option.name:
        return
    from aipplint.atc.dealing import overflowing, spread

    if spread(shapes, profiles.items) is not None:
        return
    for profile in profiles.items:
        shape = overflowing(shapes, profile)
        if shape is not None:
            message = "--{option}: the profile {profile} gives {name} more elements than 64 bits can count"
            values = {"option": option.name, "profile": shortened(str(profile)), "name": shortened(shape.name)}
            yield Problem(option.part(*profile.span), message, values, atc="E19999")
            return


@rule("AIPP603", "too-few-profiles", Severity.ERROR, atc="E10035")
def too_few_profiles(build: Build) -> Iterator[Problem]:
    """A list of profiles holds fewer than two.

    Profiles are there to choose from at run time. With one, the model is not dynamic, and ATC refuses. A list of
    separators alone passes for no list: then the model is built without profiles, if at all, and this is a warning.

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,416,416"
    ```

    ## Fix

    Write the one size into `--input_shape`, or add a profile.

    ## Source

    Fact O33.
    """
    for option, profiles in _lists(build):
        if len(profiles) > 1 or _is_cut(build, option):
            continue
        if profiles:
            yield Problem(option.place, "--{option} has 1 profile; at least 2 are needed", {"option": option.name})
        else:
            message = "--{option} holds separators and no profile: ATC builds without profiles; at least 2 are needed"
            yield Problem(option.place, message, {"option": option.name}, severity=Severity.WARNING)


def _is_cut(build: Build, option: Option) -> bool:
    """Whether the shell ends the command inside the value, at a ';' without quotes: then AIPP622 says why."""
    mistakes = build.origin.mistakes if build.origin else ()
    return any(
        mistake.place.source is option.place.source and mistake.place.span.start == option.place.span.end
        for mistake in mistakes
    )


@rule("AIPP604", "too-many-profiles", Severity.ERROR, atc="E10036")
def too_many_profiles(build: Build, release: Release) -> Iterator[Problem]:
    """A list holds more profiles than the manual allows.

    The manual allows 100, on Ascend 950 256. Current releases do not count; CANN 6.0 and before did, and every profile
    adds a copy of the model to the build, to the file and to the memory of the device.

    ## Wrong

    ```atc
    --soc_version=Ascend310P3 --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100,101"
    ```

    ## Right

    ```atc
    --soc_version=Ascend310P3 --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,4,8,16,32"
    ```

    ## Fix

    Keep the sizes that are used, and pad the others to the next larger one.

    ## Source

    Facts W20 and O34: the manual and E10036 are there, the check is gone. One of the closed list of errors that
    only the manual knows.
    """  # noqa: E501 - the example is one option, which cannot be broken
    soc = build.soc_version
    product = product_of(soc)
    for option, profiles in _lists(build):
        values = {"option": option.name, "count": len(profiles), "most": MAX_PROFILES, "more": MAX_PROFILES_950}
        over = len(profiles) > MAX_PROFILES
        if over and release.counts_profiles:
            message = "--{option} has {count} profiles; {release} takes {most}"
            yield Problem(option.place, message, {**values, "release": release})
        elif len(profiles) > MAX_PROFILES_950 or (over and product is not None and not product.tiling):
            message = "--{option} has {count} profiles; the manual allows {most} (Ascend 950: {more})"
            yield Problem(option.place, message, values)
        elif over and product is None:
            message = "--{option} has {count} profiles; the manual allows {most} (only on Ascend 950 {more})"
            yield Problem(option.place, message, values, severity=Severity.WARNING)


@rule("AIPP605", "duplicate-profile", Severity.ERROR, atc="E10039")
def duplicate_profile(build: Build) -> Iterator[Problem]:
    """A profile is listed twice.

    Every profile becomes a branch of the model that is chosen by its numbers. ATC refuses two with the same numbers.

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832;416,416"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Delete one of the two.

    ## Source

    Fact O35.
    """
    for option, profiles in _lists(build):
        first: dict[tuple[int, ...], Profile] = {}
        again = [p for p in profiles if first.setdefault(p.numbers, p) is not p]
        for profile in again[:MAX_PROBLEMS]:
            related = (Related(option.part(*first[profile.numbers].span), "the same profile"),)
            values = {"option": option.name, "profile": shortened(str(profile))}
            message = "--{option}: the profile {profile} is listed twice"
            yield Problem(option.part(*profile.span), message, values, related)


@rule("AIPP606", "profile-of-zero", Severity.WARNING, also=("E10038",), advice=True)
def profile_of_zero(build: Build, release: Release) -> Iterator[Problem]:
    """A profile holds a 0.

    ATC lets it through (CANN 6.0 and before did not: E10038), but there is no image of height 0 and no batch of none;
    the manual asks for more than 0.

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="0,416;832,832"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Give the size that was meant.

    ## Source

    Facts O36 (current code rejects only numbers below 0, which cannot be written), W20 and W40.
    """
    for option, profiles in _lists(build):
        for profile in [p for p in profiles if 0 in p.numbers][:MAX_PROBLEMS]:
            values = {"option": option.name, "profile": shortened(str(profile))}
            message = "--{option}: the profile {profile} holds a 0; the manual asks for more than 0"
            if release.refuses_zero:
                message = "--{option}: the profile {profile} holds a 0, which {release} refuses; it must be above 0"
                values["release"] = str(release)
            severity, code = (Severity.ERROR, "E10038") if release.refuses_zero else (Severity.WARNING, "")
            yield Problem(option.part(*profile.span), message, values, severity=severity, atc=code)


@rule("AIPP613", "dims-count", Severity.ERROR, atc="E10003", also=("E10001", "E10042", "E10045", "E10046"))
def dims_count(build: Build) -> Iterator[Problem]:
    """The numbers of a profile do not match the -1 of --input_shape.

    A profile of `--dynamic_dims` holds one number for each -1 of all inputs, in their order. With the other two options
    all inputs share the numbers of a profile, so that none may have more -1 than a profile has numbers. Up to CANN 6.0
    (`cann-version`) `--dynamic_dims` also needs `--input_format=ND` and inputs of 1 to 4 dimensions (E10001), and in
    CANN 3 a profile of another length is E10042.

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_dims="416,416;832"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_dims="416,416;832,832"
    ```

    ## Fix

    Give each profile as many numbers as there are -1.

    ## Source

    Facts O32, O42, O44; E10045 where an input finds no number left.
    """
    shape_option, shapes, name = build.option(SHAPE), build.shapes, build.dynamic
    option = None if name is None else build.option(name)
    profiles = None if name is None else build.profiles(name)
    if shape_option is None or shapes is None or option is None or profiles is None:
        return
    if name == DIMS:
        problems = (
            *_not_nd(build, option, shapes),
            *_dims_count(shape_option, option, shapes, profiles, build.release),
        )
        yield from problems
        stopped = bool(problems)
    else:
        stopped = not _axes_fit(build, shapes)
    from aipplint.atc.dealing import spread

    uneven = None if stopped or profiles.flaws or not profiles.items else spread(shapes, profiles.items)
    if uneven is not None:
        code, shape = uneven
        size = len(profiles.items[0].numbers)
        message = (
            "--input_shape: {shape} has more numbers below 0 than a profile of --{option} has left for it, of {size}"
        )
        values = {"shape": shortened(str(shape)), "option": option.name, "size": size}
        yield Problem(shape_option.part(*shape.span), message, values, set_here(build, option.name), atc=code)


def _axes_fit(build: Build, shapes: tuple[InputShape, ...]) -> bool:
    """Whether ATC comes past its first look at the axes (AIPP607) to the second, which counts."""
    from aipplint.atc.dealing import below_zero

    if build.dynamic == BATCH:
        return all(s.dims for s in shapes) and any(s.dims[0].value == -1 and len(below_zero(s)) == 1 for s in shapes)
    return all(s.rank == 4 and len(s.dynamic_dims) == 2 for s in shapes if s.dynamic_dims)


def _not_nd(build: Build, option: Option, shapes: tuple[InputShape, ...]) -> Iterator[Problem]:
    """--dynamic_dims where an old release takes it only for ND, and for inputs of 1 to 4 dimensions."""
    shape_option, layout = build.option(SHAPE), build.input_format
    if not build.release.wants_dims_in_nd or shape_option is None:
        return
    values: dict[str, object] = {"release": build.release, "layout": layout}
    if layout not in ("ND", None):
        message = "{release} takes --dynamic_dims with --input_format=ND only, not with {layout}"
        yield Problem(option.place, message, values, set_here(build, "input_format"), atc="E10001")
    for shape in [shape for shape in shapes if not 1 <= shape.rank <= 4][:MAX_PROBLEMS]:
        message = "--input_shape: {shape} has {rank} dimensions; with --dynamic_dims {release} takes 1 to 4"
        values = {**values, "shape": shortened(str(shape)), "rank": shape.rank}
        yield Problem(shape_option.part(*shape.span), message, values, set_here(build, DIMS), atc="E10001")


def _dims_count(
    shape_option: Option, option: Option, shapes: tuple[InputShape, ...], profiles: Profiles, release: Release
) -> Iterator[Problem]:
    """--dynamic_dims: one number for each -1 of all inputs; of two equal names ATC counts the first."""
    unique = {shape.name: shape for shape in reversed(shapes)}
    count = sum(len(shape.dynamic_dims) for shape in unique.values())
    if count == 0:
        related = (Related(option.place, "--dynamic_dims is set here"),)
        yield Problem(
            shape_option.place, "--input_shape has no -1 for --dynamic_dims to fill", {}, related, atc="E10001"
        )
        return
    related = (Related(shape_option.place, "--input_shape is set here"),)
    for size, span in [part for part in profiles.parts if part[0] != count][:MAX_PROBLEMS]:
        message = "--dynamic_dims: the profile {profile} has {size}, and --input_shape {count} times -1"
        text = (option.value or "")[span.start : span.end]
        values = {
            "profile": f"'{shortened(text)}'",
            "size": "1 number" if size == 1 else f"{size} numbers",
            "count": count,
        }
        code = "E10042" if release.names_profiles_apart else None
        yield Problem(option.part(*span), message, values, related, atc=code)


RULES = (
    profile_syntax,
    too_few_profiles,
    too_many_profiles,
    duplicate_profile,
    profile_of_zero,
    dims_count,
)
