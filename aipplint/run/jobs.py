"""The jobs of a plan: each is one text with all inputs of its check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipplint.atc.options import CANN_VERSION
from aipplint.findings import Finding
from aipplint.pipeline import Use
from aipplint.records import NamedTuple
from aipplint.source import Source

if TYPE_CHECKING:
    from aipplint.feeding.picture import Feeding
    from aipplint.readers.benchmark_ini import ToolSettings
    from aipplint.readers.excerpt import Excerpt
    from aipplint.training.normalisation import Training


_SAY_LITTLE = frozenset((CANN_VERSION, "soc_version"))
"""Options that settings have for all builds, and that alone are none."""


class Job(NamedTuple):
    """One text with all inputs of its check.

    ``path`` is the file whose settings are used. ``text`` is a whole file, or the part of a document that holds a
    configuration or settings of the benchmark tool; without one the options alone are checked. ``tool`` are settings
    of the benchmark tool, in place of a configuration. ``only`` keeps the findings in one file: a script is checked
    against its configurations without reporting what is wrong in those. ``training`` is the training code of the model,
    ``feeding`` what programs feed to it.
    """

    path: str
    text: Source | Excerpt | None
    uses: tuple[Use, ...] = ()
    tool: ToolSettings | None = None
    only: str = ""
    training: Training | None = None
    feeding: Feeding | None = None


class FilePlan(NamedTuple):
    """The jobs of one file, and findings that exist before any check, such as a file that cannot be read.

    ``files`` is its number of files in the summary: 0 if only options are checked.
    """

    path: str
    jobs: tuple[Job, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: int = 1

    @property
    def settled(self) -> str:
        """The configuration whose own comments are applied when it is linted; empty for any other file."""
        return self.path if any(isinstance(job.text, Source) and not job.only for job in self.jobs) else ""

    @property
    def unbuilt(self) -> tuple[str, ...]:
        """The configuration, if it is one of which no build is known: at most the chip or the release."""
        built = any(
            use.runtime is not None or use.build.origin is not None or use.build.options.keys() - _SAY_LITTLE
            for job in self.jobs
            for use in job.uses
        )
        return (self.settled,) if self.settled and not built else ()
