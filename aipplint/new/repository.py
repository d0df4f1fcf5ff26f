"""The files that a repository needs to use aipplint: settings, a hook, and a job for the CI service that it uses."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence

from aipplint import __version__
from aipplint.findings import clean
from aipplint.project.reading import read_file
from aipplint.project.settings import Finder
from aipplint.readers.build_files import yaml_nodes
from aipplint.records import NamedTuple
from aipplint.source import Source

BASELINE = "aipplint-baseline.json"
_SETTINGS = "aipplint.toml"
_HOOKS = ".pre-commit-config.yaml"
_GITLAB = ".gitlab-ci.yml"
_WORKFLOW = os.path.join(".github", "workflows", "aipplint.yml")
_OTHERS = ("Jenkinsfile", "azure-pipelines.yml", "bitbucket-pipelines.yml", ".circleci", ".gitee")
_STAGES = ("test", "lint", "check")

_SETTINGS_TEXT = "# Settings of aipplint; 'aipplint check --show-settings' prints what is in force.\n"
_LOCAL_HOOK = r"""- repo: local
  hooks:
    - id: aipplint
      name: aipplint
      entry: aipplint check --force-exclude
      language: system
      types: [text]
      require_serial: true
      files: '(?i)((^|/)[^/]*(aipp|insert_op)[^/]*\.(cfg|conf|config|prototxt|pbtxt|txtpb|textproto)|\.ai?pp?config)$'
"""
_HOOK = """- repo: {repository}
  rev: v{version}
  hooks:
    - id: aipplint
"""
_WORKFLOW_TEXT = """\
name: aipplint
on: [push, pull_request]
permissions:
  contents: read
jobs:
  aipplint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install "{package}"
      - run: aipplint check --output-format=github
"""
_JOB = """
aipplint:
{stage}  image: python:3.12
  script:
    - pip install "{package}"
    - aipplint check --output-format=gitlab --output-file=gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""


class Change(NamedTuple):
    """A file to write. ``before`` is its content now, None if it does not exist."""

    path: str
    before: bytes | None
    after: bytes


class Setup(NamedTuple):
    """Everything that would be written, and what has to be done by hand, each in one line."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def setup_of(folder: str, *, repository: str, baseline: bool) -> Setup:
    """Plan the files for a folder.

    ``repository`` is the address of the repository of aipplint; empty where it is installed already, or comes from the
    package index. ``baseline`` says that there are findings to be accepted.
    """
    package = f"aipplint @ git+{repository}@v{__version__}" if repository else f"aipplint=={__version__}"
    changes: list[Change] = []
    notes: list[str] = []
    settings = Finder().of_folder(os.path.abspath(folder))
    if not settings.path:
        text = _SETTINGS_TEXT + (f'baseline = "{BASELINE}"\n' if baseline else "")
        changes.append(Change(os.path.join(folder, _SETTINGS), None, text.encode()))
    elif baseline and "baseline" not in settings.values:
        notes.append(f'there are settings already: add baseline = "{BASELINE}" to accept the findings of today')
    hook = _HOOK.format(repository=repository, version=__version__) if repository else _LOCAL_HOOK
    changes += _extended(os.path.join(folder, _HOOKS), lambda text: _with_hook(text, hook), notes)
    changes += _extended(os.path.join(folder, _GITLAB), lambda text: _with_job(text, package), notes)
    changes += _workflow(folder, package)
    notes += [f"{name}: see docs/ci.md for a step" for name in _OTHERS if os.path.lexists(os.path.join(folder, name))]
    return Setup(tuple(changes), tuple(notes))


def _workflow(folder: str, package: str) -> Iterator[Change]:
    """The workflow of GitHub, if the repository has workflows and none runs aipplint."""
    place = os.path.join(folder, os.path.dirname(_WORKFLOW))
    if not os.path.isdir(os.path.join(folder, ".github")):
        return
    names = sorted(os.listdir(place)) if os.path.isdir(place) else []
    if not any(b"aipplint" in (_content(os.path.join(place, name)) or b"") for name in names):
        yield Change(os.path.join(folder, _WORKFLOW), None, _WORKFLOW_TEXT.format(package=package).encode())


def _extended(path: str, extend: Callable[[str], str | None], notes: list[str]) -> Iterator[Change]:
    """A file that exists, with an addition; one that cannot be extended is a note."""
    before = _content(path)
    if before is None or b"aipplint" in before:
        return
    source = Source.from_bytes(path, before)
    text = source.text.replace("\r\n", "\n")
    after = extend(text if text.endswith("\n") or not text else text + "\n")
    if after is None or source.encoding != "utf-8":
        notes.append(f"{clean(path)}: aipplint cannot be added here; see docs/ci.md and README.md")
        return
    lines = after.replace("\n", "\r\n") if "\r\n" in source.text else after
    yield Change(path, before, lines.encode("utf-8", "surrogateescape"))


def _with_hook(text: str, hook: str) -> str | None:
    """The settings of pre-commit with one more entry at the end of ``repos``; None if the list is of another form."""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if re.match(r"repos:\s*(#.*)?$", line)), None)
    if start is None:
        return None
    below = (line for line in lines[start + 1 :] if line.strip() and not line.lstrip().startswith("#"))
    first = re.match(r"( *)- ", next(below, ""))
    if first is None:
        return None
    end = start + 1
    for at in range(start + 1, len(lines)):
        if re.match(r"[^\s#-]", lines[at]):
            break
        end = at + 1 if re.match(r"\s*[^\s#]", lines[at]) else end
    added = [first[1] + line for line in hook.rstrip("\n").split("\n")]
    after = "\n".join([*lines[:end], *added, *lines[end:]])
    return after if _repos(after) == _repos(text) + 1 else None


def _repos(text: str) -> int:
    """How many repositories the settings of pre-commit have; -1 if they cannot be read."""
    for node in yaml_nodes.read_yaml(text):
        found = node.entries.get("repos") if isinstance(node, yaml_nodes.Mapping) else None
        if isinstance(found, yaml_nodes.Sequence):
            return len(found.items)
    return -1


def _with_job(text: str, package: str) -> str | None:
    """The jobs of GitLab with one more at the end; in a stage that the file has."""
    stages: Sequence[str] = ()
    for node in yaml_nodes.read_yaml(text):
        found = node.entries.get("stages") if isinstance(node, yaml_nodes.Mapping) else None
        if isinstance(found, yaml_nodes.Sequence):
            stages = [item.value for item in found.items if isinstance(item, yaml_nodes.YamlScalar)]
    stage = next((one for one in _STAGES if one in stages), stages[0] if stages else "")
    if re.search(r"^(?:---|\.\.\.)", text.lstrip("-\n"), re.MULTILINE):
        return None
    return text + _JOB.format(package=package, stage=f"  stage: {stage}\n" if stage else "")


def _content(path: str) -> bytes | None:
    found = read_file(path)
    return found if isinstance(found, bytes) else None
