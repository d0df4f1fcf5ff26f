"""The pipeline: one file, its builds, the rules, the findings. Reads nothing from disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from aipplint.atc.build import Build
from aipplint.config.config import Config, read_config
from aipplint.errors import UserError
from aipplint.findings import Finding, Place, Related, Severity
from aipplint.hardware.releases import NEWEST, Release
from aipplint.records import NamedTuple
from aipplint.rules import RULES
from aipplint.rules.by_product import is_ascend950
from aipplint.rules.housekeeping import ALWAYS, file_too_large, internal_error, suppression_findings
from aipplint.rules.one_cause import told_once
from aipplint.rules.related_inputs import PLACES
from aipplint.rules.rule import Rule
from aipplint.runtime.settings import Runtime
from aipplint.source import MAX_BYTES, MAX_OPS, Source, Span
from aipplint.suppressions import Silencer, read_suppressions
from aipplint.syntax.parser import parse

if TYPE_CHECKING:
    from aipplint.atc.origin import Origin
    from aipplint.feeding.picture import Feeding
    from aipplint.models.model import Model
    from aipplint.readers.benchmark_ini import ToolSettings
    from aipplint.training.normalisation import Training

MAX_FINDINGS = 1000
"""Maximum number of findings of one rule about one operator or file."""
MAX_PARTS = 3
"""Places outside of a command, where parts of a value are written, that a finding names."""
INTERNAL_ERROR = "AIPP903"
_FROM_CODE = frozenset(("training", "feeding"))
"""Inputs of rules that the code around a configuration gives."""
Made = TypeVar("Made")


class Use(NamedTuple):
    """One way in which a configuration is used: how it is compiled, and how it is set at run time (if known)."""

    build: Build
    runtime: Runtime | None = None


class Report(NamedTuple):
    """What was found in one file, sorted; suppressed findings are counted, not kept."""

    findings: tuple[Finding, ...]
    suppressed: int = 0

    @property
    def ok(self) -> bool:
        """No error: the toolchain accepts the configuration."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def lint(
    source: bytes | str | None,
    *,
    path: str = "<string>",
    atc: Mapping[str, str] | None = None,
    runtime: Mapping[str, Any] | None = None,
    model: Model | None = None,
) -> Report:
    """Lint a configuration, or with ``None`` the options alone.

    ``atc`` holds option values as ATC gets them, by ATC's names (``input_shape``, in any
    spelling with dashes; a name that ATC has not is a finding, AIPP624); options that it does not name are taken
    as not given. ``cann_version`` beside them is the release of CANN; one that cannot be read counts as not given.
    ``runtime`` holds run-time settings of dynamic AIPP, with the keys of schemas/runtime.schema.json. ``model`` is what
    the file of --model says: ``aipplint.read_model`` gives it.
    Nothing is read from disk, and no input makes it raise.
    """
    from aipplint.atc.options import options_of_mapping
    from aipplint.runtime.settings import runtime_of_mapping

    def linted() -> Report:
        uses = []
        if atc is not None or runtime is not None or model is not None:
            build = Build(options_of_mapping(_names_of_atc(atc or {})), complete=atc is not None, model=model)
            uses.append(Use(build, None if runtime is None else runtime_of_mapping(runtime)))
        return lint_source(source_of(source, path), uses)

    return guarded(path, linted)


def guarded(path: str, work: Callable[[], Made]) -> Made | Report:
    """The report of ``work`` about the file at a path; if aipplint fails, a report with AIPP903.

    A mistake of the user (UserError) is raised: it is not about this file alone.
    """
    try:
        return work()
    except UserError:
        raise
    except Exception as error:
        return failed(path, error)


def failed(path: str, error: Exception) -> Report:
    """The report of a file that aipplint failed to check (AIPP903)."""
    given = {"place": Place(Source(path, ""), Span(0, 0)), "rule": None, "error": error}
    return Report(tuple(internal_error.findings(given)))


def _names_of_atc(options: Mapping[str, str]) -> dict[str, str]:
    """Options by ATC's own spelling of their names."""
    return {str(name).lstrip("-").replace("-", "_"): value for name, value in options.items()}


def source_of(content: bytes | str | None, path: str) -> Source | None:
    """The source of a text, or of bytes."""
    if isinstance(content, bytes):
        return Source.from_bytes(path, content)
    return None if content is None else Source(path, content)


def lint_source(
    source: Source | None,
    uses: Sequence[Use] = (),
    rules: Sequence[Rule] = RULES,
    severities: Callable[[Finding], Finding] | None = None,
    tool: ToolSettings | None = None,
    training: Training | None = None,
    feeding: Feeding | None = None,
) -> Report:
    """Run rules over a source and its uses, or over the settings of the benchmark tool: the whole pipeline.

    ``training`` is the training code of the model that the configuration is for, ``feeding`` what programs feed to it.
    """
    if source is not None and len(source.text) > MAX_BYTES:
        return Report((_too_large(source),))
    config = None if source is None else read_config(source, parse(source))
    if config is not None and (len(config.ops) > MAX_OPS or any(s.kind == "too-large" for s in config.tree.issues)):
        return Report((_too_large(config.source),))
    around = {"tool": tool, "training": training, "feeding": feeding}
    others = {name: value for name, value in around.items() if value is not None}
    found = sorted(dict.fromkeys(_run(rules, config, uses, others)), key=Finding.sort_key)
    if config is not None and config.torn:
        from aipplint.fixes import harmless_alone

        def run(mended: Source) -> tuple[Finding, ...]:
            return tuple(dict.fromkeys(_run(rules, read_config(mended, parse(mended)), uses, others)))

        found = harmless_alone(config.source, found, run)
    kept, suppressed = found, 0
    if config is not None and config.tree.comments:
        kept, suppressed = _suppress(config, found, rules, uses, others)
    if severities is not None:
        kept = [severities(finding) for finding in kept]
    return Report(tuple(kept), suppressed)


def _run(
    rules: Sequence[Rule],
    config: Config | None,
    uses: Sequence[Use],
    others: Mapping[str, object],
) -> list[Finding]:
    """Run every rule on its inputs; ``others`` are those that neither the text nor its uses give."""
    alone: list[Rule] = []
    built: list[Rule] = []
    for rule in rules:
        (built if "build" in rule.needs or "runtime" in rule.needs else alone).append(rule)
    found: list[Finding] = []
    release = _release(uses)
    known: dict[str, Any] = {"release": release, **others}
    if config is not None:
        known |= {"tree": config.tree, "config": config}
    if config is not None or "tool" in others:
        every = [is_ascend950(use.build) for use in uses]
        _run_with(alone, known, config, found, tiling=bool(every) and all(every))
    for use in uses or (Use(Build({})),):
        given = {**known, "build": use.build}
        if use.runtime is not None:
            given["runtime"] = use.runtime
        first = len(found)
        spoken = built if use.build.takes_advice else [rule for rule in built if not rule.advice]
        _run_with(spoken, given, config, found, tiling=is_ascend950(use.build))
        found[first:] = told_once(found[first:], use.build.words)
        if use.build.origin is not None:
            found[first:] = [_valued_by(finding, use.build, use.build.origin) for finding in found[first:]]
        if config is not None and use.build.origin is not None:
            found[first:] = [_built_by(finding, config, use.build, use.build.origin) for finding in found[first:]]
    if release is NEWEST:
        return found
    return [f._replace(atc_code=release.code(f.atc_code, places=f.code in PLACES)) for f in found]


def _valued_by(finding: Finding, build: Build, origin: Origin) -> Finding:
    """A finding about an option, with the locations outside of the command that its value comes from."""
    source, (start, end) = finding.place
    for option in build.options.values():
        if option.place.source is source and option.place.span.start <= start <= end <= option.place.span.end:
            if source is not origin.head.source:
                return finding._replace(related=(*finding.related, Related(origin.head, "this command uses it")))
            new = [place for place in option.elsewhere if all(place != r.place for r in finding.related)]
            named = [place for place in new if place.source.text[slice(*place.span)] in finding.message]
            more = (Related(place, "this part of the value is set here") for place in (named or new)[:MAX_PARTS])
            return finding._replace(related=(*finding.related, *more))
    return finding


def _built_by(finding: Finding, config: Config, build: Build, origin: Origin) -> Finding:
    """A finding in a configuration, with the command that builds it, unless it points into that already."""
    if finding.place.source is not config.source:
        return finding
    script, start = origin.head.source, origin.head.span.start
    end = max((word.place.span.end for word in build.words if word.place.source is script), default=start)
    if any(r.place.source is script and start <= r.place.span.start <= end for r in finding.related):
        return finding
    return finding._replace(related=(*finding.related, Related(origin.head, "this command builds it")))


def _release(uses: Sequence[Use]) -> Release:
    """The release that all uses are for: a file is read once, and errors in it have one code."""
    releases = {use.build.release for use in uses}
    return releases.pop() if len(releases) == 1 else NEWEST


def _run_with(
    rules: Sequence[Rule], given: dict[str, Any], config: Config | None, found: list[Finding], *, tiling: bool
) -> None:
    """Run rules on the given inputs and skip those that require others. The failure of a rule is a finding."""
    by_op = [{**given, "op": op} for op in config.ops] if config else []
    names = {*given, "op"}
    for rule in rules:
        if names.issuperset(rule.needs):
            for things in by_op if "op" in rule.wants else (given,):
                try:
                    for problem in islice(rule.check(*map(things.get, rule.wants)), MAX_FINDINGS):
                        found.append(rule.stamp(problem, tiling=tiling))
                except Exception as error:
                    place = config.whole if config else Place(Source("<options>", ""), Span(0, 0))
                    found.extend(internal_error.findings({"place": place, "rule": rule, "error": error}))


def _too_large(source: Source) -> Finding:
    return next(file_too_large.findings({"source": source, "size": len(source.text), "left_out": 0}))


def _suppress(
    config: Config, found: list[Finding], rules: Sequence[Rule], uses: Sequence[Use], others: Mapping[str, object]
) -> tuple[list[Finding], int]:
    """Remove findings that comments suppress; report comments that suppress nothing or name no rule.

    Returns the findings that stay, in order, and the number of those that do not.
    """
    suppressions = read_suppressions(config.source, config.tree)
    if not suppressions:
        return found, 0
    silencer = Silencer(suppressions)

    def silenced(finding: Finding) -> bool:
        return finding.place.source is config.source and finding.code not in ALWAYS and silencer.silences(finding)

    kept = [finding for finding in found if not silenced(finding)]
    suppressed = len(found) - len(kept)
    codes = [finding.code for finding in found]
    judged = set() if config.skipped else {rule.code for rule in rules if _could_run(rule, uses, others)}
    judged -= {code for code in set(codes) if codes.count(code) >= MAX_FINDINGS}
    kept += suppression_findings(config.source, suppressions, silencer.used, rules, judged, RULES)
    return sorted(kept, key=Finding.sort_key), suppressed


def _could_run(rule: Rule, uses: Sequence[Use], others: Mapping[str, object]) -> bool:
    """Whether all inputs of the rule were known, so that a suppression of it is unused if there is no finding.

    A build of which little is known, such as the product alone, leaves most rules about builds silent.
    """
    if not _FROM_CODE.isdisjoint(rule.needs):
        return _FROM_CODE.intersection(rule.needs) <= others.keys()
    if "runtime" in rule.needs:
        return any(use.runtime is not None for use in uses)
    return "build" not in rule.needs or any(
        use.build.complete or use.build.model or use.build.option("input_shape") for use in uses
    )
