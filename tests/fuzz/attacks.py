"""The attacks: each makes an input of one kind, puts it through all that reads it, and judges the answer."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from xml.etree import ElementTree as ET

from aipplint import lint
from aipplint.atc.build import Build
from aipplint.atc.options import options_of_mapping
from aipplint.config.config import read_config
from aipplint.errors import SettingsError, UserError, message_of
from aipplint.explain.as_json import render as explanations_as_json
from aipplint.explain.explanation import explanations, with_sizes
from aipplint.explain.full import render as explanations_in_full
from aipplint.explain.log import read_log
from aipplint.explain.search import Looked
from aipplint.findings import Finding, Severity
from aipplint.fixes import fix_source
from aipplint.models.data import Data
from aipplint.models.read import read_model
from aipplint.pipeline import Report, Use, lint_source
from aipplint.preview import preview
from aipplint.preview.pipeline_text import read_pipeline
from aipplint.project.patterns import matches
from aipplint.project.settings import read_settings
from aipplint.report import COLUMN_UNITS, FORMATS, Context, render
from aipplint.run.execute import check
from aipplint.run.plan import plan_file
from aipplint.run.session import Request, Session
from aipplint.show.as_json import render as shown_as_json
from aipplint.show.describe import describe
from aipplint.show.full import render as shown_in_full
from aipplint.show.models import as_value
from aipplint.source import MAX_OPS, Source
from aipplint.syntax.parser import parse
from aipplint.training.normalisation import Training
from aipplint.training.python_code import read_code
from aipplint.training.settings_file import read_settings as read_training_settings
from tests.formatted import assert_formatted
from tests.fuzz import seeds
from tests.fuzz.mutations import Mutator
from tests.sound import assert_sound

PATHS = [
    "aipp.cfg",
    "a\nb.cfg",
    "\x1b[31mx.cfg",
    "::error::x.cfg",
    "\udcff.cfg",
    "\u202ex.cfg",
    "<a>&\"'.cfg",
    "]]>.cfg",
]
LINES = ("jsonl", "concise", "github")
"""Formats of one line for each finding."""


class Given:
    """The input of a round, for the report of what is found."""

    def __init__(self) -> None:
        self.parts: dict[str, object] = {}

    def __setitem__(self, name: str, value: object) -> None:
        self.parts[name] = value


def configuration(mutator: Mutator, given: Given) -> None:
    """A configuration with options and run-time settings, twice; now and then in all formats, and shown."""
    random = mutator.random
    data = _config(mutator)
    options, runtime, path = mutator.options(), mutator.runtime(), random.choice(["aipp.cfg"] * 5 + PATHS)
    given["data"], given["options"], given["runtime"], given["path"] = data, options, runtime, path
    report = lint(data, path=path, atc=options, runtime=runtime)
    assert_sound(report.findings)
    keys = [finding.sort_key() for finding in report.findings]
    assert keys == sorted(keys), "out of order"
    if random.random() < 0.1:
        again = lint(data, path=path, atc=options, runtime=runtime)
        assert list(map(_said, report.findings)) == list(map(_said, again.findings)), "another answer the second time"
    if random.random() < 0.1:
        _assert_reports(report, path, random.choice(COLUMN_UNITS))
    if random.random() < 0.1:
        _assert_shown(Source.from_bytes(path, data), options)


def options_alone(mutator: Mutator, given: Given) -> None:
    """Options and run-time settings without a configuration."""
    options, runtime = mutator.options() or {}, mutator.runtime()
    given["options"], given["runtime"] = options, runtime
    assert_sound(lint(None, atc=options, runtime=runtime).findings)


def fixes(mutator: Mutator, given: Given) -> None:
    """Fixes of a configuration: no more errors than before, nothing left for a second run, a text that can be read."""
    data, options = _config(mutator), mutator.options()
    given["data"], given["options"] = data, options
    source = Source.from_bytes("aipp.cfg", data)
    uses = [] if options is None else [Use(Build(options_of_mapping(options), complete=True))]

    def found(text: Source) -> tuple[Finding, ...]:
        return lint_source(text, uses).findings

    for unsafe in (False, True):
        fixed = fix_source(source, found, unsafe=unsafe)
        assert _errors(fixed.findings) <= _errors(found(source)), f"more errors, unsafe={unsafe}"
        if fixed.made:
            assert Source.from_bytes("aipp.cfg", fixed.source.data).text == fixed.source.text, "written otherwise"
            again = fix_source(fixed.source, found, unsafe=unsafe)
            assert unsafe or not again.made, "safe fixes left for a second run"


def formatting(mutator: Mutator, given: Given) -> None:
    """The canonical form of a configuration: settled, with its meaning, comments and findings; also sorted."""
    data, sort = _config(mutator), mutator.random.random() < 0.5
    given["data"], given["sort"] = data, sort
    assert_formatted(Source.from_bytes("aipp.cfg", data), sort=sort)


def reference(mutator: Mutator, given: Given) -> None:
    """A script, a document, code or a build file, in a folder with a configuration."""
    kind = mutator.random.choice(seeds.KINDS)
    bases = _references()[kind]
    others = mutator.random.choice(list(_references().values()))
    data = mutator.damaged(mutator.random.choice(bases), [*bases, *others])
    given["data"], given["kind"] = data, kind
    path = Path(f"x{kind}" if kind.startswith(".") else kind)
    path.write_bytes(data)
    try:
        session = Session(Request())
        result = check(session, str(path), partial(plan_file, session, str(path), alone=True))
        assert_sound(result.findings)
        notes = list(session.indexes.notes())
        assert not any("internal" in note for note in notes), notes
    finally:
        path.unlink()


def settings(mutator: Mutator, given: Given) -> None:
    """A settings file: understood, or refused in one line."""
    data = mutator.damaged(mutator.random.choice(_settings()), _settings())
    given["data"] = data
    path = Path("aipplint.toml")
    path.write_bytes(data)
    try:
        found = read_settings(str(path), str(Path.cwd()))
        session = Session(Request(config=str(path), discovery=False))
        assert_sound(check(session, "aipp.cfg").findings)
        assert found.path == str(path)
    except SettingsError as error:
        assert message_of(error).isprintable(), error
    finally:
        path.unlink()


def pattern(mutator: Mutator, given: Given) -> None:
    """A path pattern of settings against a path: an answer, in the time that it takes to read both."""
    random = mutator.random
    letters = ["*", "**", "**/", "?", "/", "a", "b", "[ab]", "[!a]", "[", "]", ".", "a*", "*a"]
    text = "".join(random.choice(letters) for _ in range(random.randint(0, 20)))
    path = "/r/" + "".join(random.choice("aab/.*[]") for _ in range(random.randint(1, 60)))
    given["pattern"], given["path"] = text, path
    matches(text, "/r", path)


def log(mutator: Mutator, given: Given) -> None:
    """A log of ATC or of the runtime, explained."""
    data = mutator.damaged(mutator.random.choice(_logs()), _logs())
    given["data"] = data
    read = read_log(io.BytesIO(data))
    explained = [with_sizes(one, ()) for one in explanations(read)]
    nothing = Looked((), "", ())
    text = explanations_in_full(explained, nothing, "x", color=False)
    assert _printable(text), text
    json.loads(explanations_as_json(explained, nothing, read, "x"))


def model(mutator: Mutator, given: Given) -> None:
    """A model file: its inputs, or why they cannot be read."""
    ending = mutator.random.choice(sorted(_models()))
    others = [one for every in _models().values() for one in every]
    data = mutator.damaged(mutator.random.choice(_models()[ending]), others)
    given["data"], given["ending"] = data, ending
    found = read_model(Data.of(data), f"net{ending}")
    json.dumps(as_value(found))
    assert_sound(lint("aipp_op { aipp_mode: static input_format: RGB888_U8 }", atc={}, model=found).findings)


def pixels(mutator: Mutator, given: Given) -> None:
    """A configuration and an image, previewed; a text as training code."""
    data, image = _config(mutator), mutator.random.randbytes(mutator.random.choice((24, 48, 64)))
    given["data"], given["image"] = data, image
    with suppress(UserError):
        preview(data, image, 4, 4, {"h": 4, "w": 4})
    code = mutator.damaged(mutator.random.choice(_TRAINING), _TRAINING)
    given["code"] = code
    with suppress(UserError):
        read_pipeline("train.py", Source.from_bytes("train.py", code))


_TRAINING = [
    b"m = [0.5, 1 / 2, .5]\nCompose([Resize((9, 9)), CenterCrop(4), ToTensor(), Normalize(mean=m, std=(1, 2, 3))])\n",
    b"img_norm_cfg = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)\n",
    b'{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "size": {"shortest_edge": 9}, "crop_size": 4}\n',
]


def training(mutator: Mutator, given: Given) -> None:
    """Training code: its normalisations, and a configuration that is compared with them."""
    kind = mutator.random.choice((".py", ".yml"))
    data = mutator.damaged(mutator.random.choice(_references()[kind]), _references()[kind])
    given["data"], given["kind"] = data, kind
    source = Source.from_bytes(f"x{kind}", data)
    found = tuple(read_code(source) if kind == ".py" else read_training_settings(source))
    assert all(one.mean and one.deviation and one.line for one in found)
    config = Source("aipp.cfg", "aipp_op { aipp_mode: static input_format: RGB888_U8 mean_chn_0: 9 }")
    assert_sound(lint_source(config, training=Training(found)).findings)


ATTACKS: dict[str, tuple[int, Callable[[Mutator, Given], None]]] = {
    "configuration": (8, configuration),
    "options": (3, options_alone),
    "fixes": (2, fixes),
    "formatting": (2, formatting),
    "reference": (6, reference),
    "settings": (2, settings),
    "pattern": (1, pattern),
    "log": (2, log),
    "model": (3, model),
    "pixels": (2, pixels),
    "training": (2, training),
}
"""Every attack by its name, with its share of the rounds."""


def _config(mutator: Mutator) -> bytes:
    chance = mutator.random.random()
    if chance < 0.4:
        return mutator.damaged(mutator.random.choice(_configurations()), _configurations())
    made = mutator.config()
    if chance < 0.9:
        return mutator.damaged(made, _configurations()) if chance < 0.65 else made
    encoding = mutator.random.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gbk"])
    return made.decode("utf-8", "replace").encode(encoding, "replace")


def _said(finding: Finding) -> tuple[object, ...]:
    related = tuple((tuple(one.place.span), one.message) for one in finding.related)
    return finding.code, finding.severity, finding.message, tuple(finding.span), finding.help, related, finding.fix


def _assert_reports(report: Report, path: str, unit: str) -> None:
    """All formats can be read by what they are made for, and hold nothing that a terminal would obey."""
    for name in FORMATS:
        text = render(name, report.findings, Context(1, report.suppressed, paths=(path,), column_unit=unit))
        assert _printable(text), f"{name}: a control character"
        text.encode()
        lines = text.splitlines()
        if name in ("json", "sarif", "gitlab", "rdjson"):
            json.loads(text)
        elif name in ("jsonl", "rdjsonl"):
            assert all(json.loads(line) for line in lines)
        elif name in ("checkstyle", "junit"):
            ET.fromstring(text)
        if name in LINES:
            assert text.count("\n") == len(report.findings), f"{name}: a line that is no finding"


def _assert_shown(source: Source, options: dict[str, str] | None) -> None:
    tree = parse(source)
    config = read_config(source, tree)
    if len(config.ops) > MAX_OPS or any(issue.kind == "too-large" for issue in tree.issues):
        return
    told = [describe(config, Use(Build(options_of_mapping(options or {}), complete=options is not None), None))]
    assert _printable(shown_in_full(told)), "show: a control character"
    json.loads(shown_as_json(told))


def _printable(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in text)


def _errors(found: tuple[Finding, ...]) -> int:
    return sum(finding.severity is Severity.ERROR for finding in found)


_configurations = cache(seeds.configurations)
_references = cache(seeds.references)
_settings = cache(seeds.settings)
_logs = cache(seeds.logs)
_models = cache(seeds.models)
