"""AIPP602 to AIPP606 and AIPP613: the lists of profiles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import BATCH, DIMS, PROFILE_OPTIONS, SHAPE, Option
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.products import MAX_PROFILES, MAX_PROFILES_950, product_of
from aipplint.hardware.releases import Release
from aipplint.rules.options import MAX_PROBLEMS, set_here, shortened, too_long
from aipplint.rules.rule import rule
from aipplint.rules.wording import Phrase

if TYPE_CHECKING:
    from aipplint.atc.profiles import Flaw, Profile, Profiles
    from aipplint.atc.shapes import InputShape

_OF_PROFILES = ("E10001", "E10020", "E10033", "E10035", "E10037", "E10046", "E10058", "E19999")
"""The codes of an invalid list in addition to E10003, by option and flaw (facts O30 to O45)."""


def _lists(build: Build) -> Iterator[tuple[Option, tuple[Profile, ...]]]:
    """Yield the profile options without a flaw, with their profiles."""
    for option in build.known(*PROFILE_OPTIONS):
        profiles = build.profiles(option.name)
        if profiles is not None and not profiles.flaws:
            yield option, profiles.items


@rule("AIPP602", "profile-syntax", Severity.ERROR, atc="E10003", also=_OF_PROFILES)
def profile_syntax(build: Build, release: Release) -> Iterator[Problem]:
    """The syntax of a list of profiles is invalid.

    A profile of `--dynamic_image_size="H,W;H,W"` has two numbers, a profile of `--dynamic_dims="d,d;d,d"` one for each
    -1, and `--dynamic_batch_size="1,2,4"` is a single list. Only digits and the separators are allowed: ATC rejects a
    space, an `x` or a full-width comma, some of them only after it has read the model. It also rejects a size if the
    number of elements of an input exceeds 64 bits.

    | release | difference |
    |---|---|
    | up to CANN 6.0 | spaces in batch and image sizes are skipped |
    | CANN 3 | E10033 for other characters in batch sizes |
    | before CANN 9.0 | E10001 for `--dynamic_dims=";"`, later E10058 |

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416x416;832,832"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Write height, comma, width, and a semicolon between profiles, without spaces.

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
            yield _flaw(option, flaw)._replace(atc="E10033" if renamed else flaw.code)
        for flaw in profiles.skipped[:MAX_PROBLEMS]:
            yield _flaw(option, flaw)._replace(severity=Severity.WARNING, note="CANN 8.5 and later reject it")
        yield from _overflow(build, option, profiles)


def _flaw(option: Option, flaw: Flaw) -> Problem:
    reason = Phrase(flaw.reason, {"text": shortened(flaw.text)})
    return Problem(option.part(*flaw.span), "--{option}: {reason}", {"option": option.name, "reason": reason})


def _overflow(build: Build, option: Option, profiles: Profiles) -> Iterator[Problem]:
    """Check the product of the numbers, which ATC computes to find the largest profile."""
    shapes = build.shapes
    if shapes is None or profiles.flaws or build.dynamic != option.name:
        return
    from aipplint.atc.dealing import overflowing, spread

    if spread(shapes, profiles.items) is not None:
        return
    found = overflowing(shapes, profiles.items[:MAX_PROFILES_950])
    if found is not None:
        profile, shape = found
        message = "--{option}: with profile {profile}, the number of elements of {name} exceeds 64 bits"
        values = {"option": option.name, "profile": shortened(str(profile)), "name": shortened(shape.name)}
        yield Problem(option.part(*profile.span), message, values, atc="E19999")


@rule("AIPP603", "too-few-profiles", Severity.ERROR, atc="E10035")
def too_few_profiles(build: Build) -> Iterator[Problem]:
    """A list has fewer than two profiles.

    The application selects a profile at run time. With one profile the model is not dynamic, and ATC rejects it. ATC
    ignores a list of separators alone and builds the model without profiles, if at all; this is a warning.

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,416,416"
    ```

    ## Fix

    Write the size in `--input_shape`, or add a profile.

    ## Source

    Fact O33.
    """
    for option, profiles in _lists(build):
        if len(profiles) > 1 or _is_cut(build, option):
            continue
        if profiles:
            yield Problem(option.place, "--{option} has 1 profile; the minimum is 2", {"option": option.name})
        else:
            message = "--{option} has no profile, so ATC builds the model without profiles; the minimum is 2"
            yield Problem(option.place, message, {"option": option.name}, severity=Severity.WARNING)


def _is_cut(build: Build, option: Option) -> bool:
    """Return whether the shell ends the command inside the value, at an unquoted ';', which AIPP622 reports."""
    mistakes = build.origin.mistakes if build.origin else ()
    return any(
        mistake.place.source is option.place.source and mistake.place.span.start == option.place.span.end
        for mistake in mistakes
    )


@rule("AIPP604", "too-many-profiles", Severity.ERROR, atc="E10036")
def too_many_profiles(build: Build, release: Release) -> Iterator[Problem]:
    """A list has more profiles than the manual allows.

    The manual allows 100 profiles, and 256 on Ascend 950. Current releases do not check it, CANN 6.0 and earlier did.
    Every profile adds a copy of the model to the build, to the file and to the memory of the device.

    ## Wrong

    ```atc
    --soc_version=Ascend310P3 --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100,101"
    ```

    ## Right

    ```atc
    --soc_version=Ascend310P3 --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,4,8,16,32"
    ```

    ## Fix

    Keep only the sizes that you use, and pad the others to the next larger one.

    ## Source

    Facts W20 and O34: the manual and E10036 are there, the check is gone. It is an error although current
    releases accept it, because the manual forbids it.
    """  # noqa: E501 - the example is one option, which cannot be broken
    soc = build.soc_version
    product = product_of(soc)
    for option, profiles in _lists(build):
        values = {"option": option.name, "count": len(profiles), "most": MAX_PROFILES, "more": MAX_PROFILES_950}
        over = len(profiles) > MAX_PROFILES
        if over and release.counts_profiles:
            message = "--{option} has {count} profiles; the maximum of {release} is {most}"
            yield Problem(option.place, message, {**values, "release": release})
        elif len(profiles) > MAX_PROFILES_950 or (over and product is not None and not product.tiling):
            message = "--{option} has {count} profiles; the manual allows {most}, and {more} on Ascend 950"
            yield Problem(option.place, message, values)
        elif over and product is None:
            message = "--{option} has {count} profiles; the manual allows {most}, and only on Ascend 950 {more}"
            yield Problem(option.place, message, values, severity=Severity.WARNING)


@rule("AIPP605", "duplicate-profile", Severity.ERROR, atc="E10039")
def duplicate_profile(build: Build) -> Iterator[Problem]:
    """A profile is in the list twice.

    Every profile becomes a branch of the model, which its numbers select. ATC rejects two with the same numbers.

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
            related = (Related(option.part(*first[profile.numbers].span), "it is first listed here"),)
            values = {"option": option.name, "profile": shortened(str(profile))}
            message = "--{option}: duplicate profile {profile}"
            yield Problem(option.part(*profile.span), message, values, related)


@rule("AIPP606", "profile-of-zero", Severity.WARNING, also=("E10038",), advice=True)
def profile_of_zero(build: Build, release: Release) -> Iterator[Problem]:
    """A profile contains a 0.

    ATC accepts it (CANN 6.0 and earlier rejected it with E10038), but an image cannot have a height of 0 nor a batch a
    size of 0; the manual requires numbers greater than 0.

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="0,416;832,832"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Set the intended size.

    ## Source

    Facts O36 (current code rejects only numbers below 0, which cannot be written), W20 and W40.
    """
    for option, profiles in _lists(build):
        for profile in [p for p in profiles if 0 in p.numbers][:MAX_PROBLEMS]:
            values = {"option": option.name, "profile": shortened(str(profile))}
            message = "--{option}: profile {profile} contains a 0; the manual requires numbers greater than 0"
            if release.refuses_zero:
                message = "--{option}: profile {profile} contains a 0; {release} requires numbers greater than 0"
                values["release"] = str(release)
            severity, code = (Severity.ERROR, "E10038") if release.refuses_zero else (Severity.WARNING, "")
            yield Problem(option.part(*profile.span), message, values, severity=severity, atc=code)


@rule("AIPP613", "dims-count", Severity.ERROR, atc="E10003", also=("E10001", "E10042", "E10045", "E10046"))
def dims_count(build: Build) -> Iterator[Problem]:
    """The length of a profile does not match the number of -1 in --input_shape.

    A profile of `--dynamic_dims` has one number for each -1 of all inputs, in their order. With the other two options,
    all inputs share the numbers of a profile, so that no input can have more -1 than a profile has numbers. Up to CANN
    6.0 (`cann-version`), `--dynamic_dims` also requires `--input_format=ND` and inputs with 1 to 4 dimensions (E10001);
    in CANN 3, a profile with another length is E10042.

    ## Wrong

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_dims="416,416;832"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_dims="416,416;832,832"
    ```

    ## Fix

    Write as many numbers in each profile as `--input_shape` has -1.

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
        message = "--input_shape: {shape} has more dynamic dimensions than --{option} has numbers for it ({size} each)"
        values = {"shape": shortened(str(shape)), "option": option.name, "size": size}
        yield Problem(shape_option.part(*shape.span), message, values, set_here(build, option.name), atc=code)


def _axes_fit(build: Build, shapes: tuple[InputShape, ...]) -> bool:
    """Return whether the axes pass ATC's first check (AIPP607), so that the second check is relevant."""
    from aipplint.atc.dealing import below_zero

    if build.dynamic == BATCH:
        return all(s.dims for s in shapes) and any(s.dims[0].value == -1 and len(below_zero(s)) == 1 for s in shapes)
    return all(s.rank == 4 and len(s.dynamic_dims) == 2 for s in shapes if s.dynamic_dims)


def _not_nd(build: Build, option: Option, shapes: tuple[InputShape, ...]) -> Iterator[Problem]:
    """Check --dynamic_dims in an old release, which requires ND and inputs with 1 to 4 dimensions."""
    shape_option, layout = build.option(SHAPE), build.input_format
    if not build.release.wants_dims_in_nd or shape_option is None:
        return
    values: dict[str, object] = {"release": build.release, "layout": layout}
    if layout not in ("ND", None):
        message = "--input_format is {layout}; {release} supports --dynamic_dims only with ND"
        yield Problem(option.place, message, values, set_here(build, "input_format"), atc="E10001")
    for shape in [shape for shape in shapes if not 1 <= shape.rank <= 4][:MAX_PROBLEMS]:
        message = "--input_shape: {shape} has {rank} dimensions; with --dynamic_dims {release} requires 1 to 4"
        values = {**values, "shape": shortened(str(shape)), "rank": shape.rank}
        yield Problem(shape_option.part(*shape.span), message, values, set_here(build, DIMS), atc="E10001")


def _dims_count(
    shape_option: Option, option: Option, shapes: tuple[InputShape, ...], profiles: Profiles, release: Release
) -> Iterator[Problem]:
    """Check that --dynamic_dims has a number for each -1; of two inputs with one name, ATC uses the first."""
    unique = {shape.name: shape for shape in reversed(shapes)}
    count = sum(len(shape.dynamic_dims) for shape in unique.values())
    if count == 0:
        related = (Related(option.place, "--dynamic_dims is set here"),)
        yield Problem(shape_option.place, "--input_shape has no -1 for --dynamic_dims", {}, related, atc="E10001")
        return
    related = (Related(shape_option.place, "--input_shape is set here"),)
    for size, span in [part for part in profiles.parts if part[0] != count][:MAX_PROBLEMS]:
        message = "--dynamic_dims: profile '{profile}' has length {size}; --input_shape has {count} dynamic dimensions"
        text = (option.value or "")[span.start : span.end]
        values = {"profile": shortened(text), "size": size, "count": count}
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
