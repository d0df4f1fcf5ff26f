"""AIPP617 to AIPP619: the chip for which a model is built."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.config.config import Config
from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.products import PRODUCTS, SOC_VERSIONS, product_of
from aipplint.rules.options import shortened
from aipplint.rules.rule import OPERATOR_REJECTS, rule
from aipplint.suggest import nearest

_OTHER_TOOLS = r"Kirin\w+|OPTG|SS\d{3}\w*|Hi3\d{3}\w+|M[CS]\d\w+|Ascend910_95\w*|Ascend615\w*|Ascend\w+?Vir\d+"
"""Names of other releases, of virtual devices and of other vendors' ATC, which are not reported."""

_PLACEHOLDER = r"[<>${}*%]|[xX]{2}"
"""Characters of a placeholder, as in documents."""

_FORMER = {"Ascend710": "Ascend310P3"}
"""Names of chips in older releases of CANN."""

_SUCCEEDED = frozenset(("Ascend910_95",))
"""Products without an AIPP operator in CANN 8.1, whose successors have one."""


@rule("AIPP617", "unknown-soc-version", Severity.WARNING)
def unknown_soc_version(build: Build) -> Iterator[Problem]:
    """The value of --soc_version is not a known chip.

    ATC looks up the exact name in its platform configuration; it is case-sensitive, and the name of a family
    (Ascend310P) is not sufficient. Rules that depend on the chip are then skipped. Some releases accept a family or a
    former name: if a discovered command has neither AIPP nor `--dynamic_image_size`, these two are reported only with
    the setting `commands-without-aipp`, and in a document they are an info.

    ## Wrong

    ```atc
    --input_shape="data:1,3,224,224" --soc_version=Ascend310p3
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,224,224" --soc_version=Ascend310P3
    ```

    ## Fix

    Use the name that `npu-smi info` shows, with `Ascend` before it.

    ## Source

    Fact C3 (the platform configurations of CANN 8.1 and 9); fact W8.
    """
    option = build.option("soc_version")
    if option is None or option.value is None:
        return
    name = option.value
    if product_of(name) is not None or re.fullmatch(_OTHER_TOOLS, name) or re.search(_PLACEHOLDER, name):
        return
    values = {"name": shortened(name)}
    fix = None
    message = "unknown chip --soc_version={name}"
    help_text = ""
    meant = _FORMER.get(name) or next((known for known in SOC_VERSIONS if known.lower() == name.lower()), "")
    family = next((short for short in PRODUCTS if short.lower() == name.lower()), "")
    if (name in _FORMER or family) and not build.takes_advice:
        return
    if name in _FORMER:
        message = "--soc_version={name} is the former name of {meant}; newer releases of ATC do not accept it"
    elif meant:
        message = "--soc_version={name} has the wrong case; the chip is {meant}"
    elif name.strip() in SOC_VERSIONS:
        meant = name.strip()
        message = "--soc_version has spaces around {meant}"
    elif family:
        message = "--soc_version={name} is a family; ATC requires one of its chips: {chips}"
        values["chips"] = _chips(family)
    else:
        meant = nearest(name, SOC_VERSIONS)
        help_text = "did you mean {meant}?" if meant else ""
    if meant and option.exact and option.place.span.start < option.place.span.end:
        fix = Fix("set it to {meant}", (Edit(*option.place.span, meant),), safe=False)
    # The reader of a document uses a chip of the family.
    in_document = build.origin is not None and build.origin.in_document
    severity = Severity.INFO if in_document and (name in _FORMER or family) else None
    yield Problem(option.place, message, {**values, "meant": meant}, fix=fix, help=help_text, severity=severity)


def _chips(family: str) -> str:
    chips = [version for version, short in SOC_VERSIONS.items() if short == family]
    return (
        ", ".join(chips) if chips else f"{family}DT_..., {family}PR_..." if family == "Ascend950" else f"{family}_..."
    )


@rule("AIPP618", "ambiguous-soc-version", Severity.WARNING, advice=True)
def ambiguous_soc_version(build: Build) -> Iterator[Problem]:
    """Ascend910B without a digit is a chip of the first Ascend 910 generation.

    The chips of the Atlas A2 products are Ascend910B1 to Ascend910B4. The name without a digit is a chip of the first
    generation: a model that is built for it does not run on an A2.

    ## Wrong

    ```atc
    --input_shape="data:1,3,224,224" --soc_version=Ascend910B
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,224,224" --soc_version=Ascend910B3
    ```

    ## Fix

    Add the digit that `npu-smi info` shows. For the first generation, use Ascend910A if that is the chip, or suppress
    the finding.

    ## Source

    Fact C3: the platform configuration of Ascend910B belongs to Short_SoC_version Ascend910; fact W53.
    """
    option = build.option("soc_version")
    if option is not None and option.value == "Ascend910B":
        message = "Ascend910B is a chip of the first generation; the chips of Atlas A2 are Ascend910B1 to Ascend910B4"
        yield Problem(option.place, message)


@rule("AIPP619", "product-without-aipp", Severity.ERROR, atc=OPERATOR_REJECTS)
def product_without_aipp(build: Build, config: Config | None = None) -> Iterator[Problem]:
    """The chip has no AIPP.

    Some chips have no AIPP operator: ATC reads the configuration, but cannot compile the operator.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224" --soc_version=Ascend035
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224" --soc_version=Ascend310B4
    ```

    ## Fix

    Preprocess in the application or in the model, without `--insert_op_conf`.

    ## Source

    Facts T30, T32 and C1: the lists of chips in aipp.py and aipp_comm.py of CANN 8.1.RC1; fact W8, and
    1.1 for IPV350 (Ascend035).
    """
    option, product = build.option("soc_version"), product_of(build.soc_version)
    if option is None or product is None or product.formats:
        return
    op = next((op for op in config.ops if op.is_static or op.is_dynamic), None) if config else None
    conf = build.option("insert_op_conf")
    if op is None and (config is not None or conf is None or conf.value is None):
        return
    values = {"name": option.value, "family": product.family}
    related: tuple[Related, ...] = ()
    if op is not None:
        related = (Related(op.head, "AIPP is configured here"),)
    elif conf is not None:
        related = (Related(conf.place, "AIPP is set here"),)
    if product.short in _SUCCEEDED:
        message = "{name} has no AIPP operator in CANN 8.1; it is unknown whether later releases have one"
        yield Problem(option.place, message, values, related, severity=Severity.WARNING)
        return
    yield Problem(option.place, "{name} ({family}) has no AIPP operator", values, related)


RULES = (unknown_soc_version, ambiguous_soc_version, product_without_aipp)
