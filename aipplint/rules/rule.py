"""The form of a rule.

A rule is one function, declared where it stands with ``@rule``. It names what it wants to look at by its
parameters and yields problems; its docstring is its page::

    @rule("AIPP702", "source-size-with-dynamic-image-size", Severity.ERROR, atc="E10052")
    def source_size_with_dynamic_image_size(op: AippOp, build: Build) -> Iterator[Problem]:
        \"\"\"The source image size is fixed although ...\"\"\"

It may ask for ``tree``, ``config``, ``op`` (called once for each operator), ``release`` (the newest where none is
given), ``build``, ``runtime`` and ``tool`` (settings of the benchmark tool). A rule that asks for something that is not
there is not called, unless the parameter has the default None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aipplint.findings import Finding, Problem, Severity, clean
from aipplint.records import NamedTuple

Check = Callable[..., Iterator[Problem]]


class Rule(NamedTuple):
    """A declared rule. ``atc`` is the code of the toolchain that its errors prevent, where it is always the same.

    ``wants`` are the parameters of the function, ``needs`` those without which it is not called.
    """

    code: str
    name: str
    severity: Severity
    atc: str
    check: Check
    wants: tuple[str, ...]
    needs: tuple[str, ...]
    preview: bool = False
    """New, and on trial: runs only where the settings say so."""
    also: tuple[str, ...] = ()
    """Codes of the toolchain that its errors prevent besides ``atc``: those that a Problem may carry."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of the toolchain that its errors prevent."""
        return (self.atc, *self.also) if self.atc else self.also

    @property
    def page(self) -> str:
        """The documentation: the docstring of the function, without its indentation."""
        from inspect import cleandoc

        return cleandoc(self.check.__doc__ or "")

    @property
    def summary(self) -> str:
        """The first paragraph of the page, on one line."""
        return " ".join(self.page.split("\n\n", 1)[0].split())

    def findings(self, given: Mapping[str, Any]) -> Iterator[Finding]:
        """Call the function with what it asks for and stamp its problems."""
        return map(self.stamp, self.check(*map(given.get, self.wants)))

    def stamp(self, problem: Problem) -> Finding:
        """A problem as a finding of this rule."""
        severity = self.severity if problem.severity is None else problem.severity
        code = self.atc if problem.atc is None else problem.atc
        return Finding(
            self.code,
            self.name,
            severity,
            clean(problem.message.format_map(problem.values)) if problem.values else problem.message,
            problem.place,
            code if severity is Severity.ERROR else "",
            problem.related,
            problem.fix,
            clean(problem.help),
        )


def rule(
    code: str, name: str, severity: Severity, *, atc: str = "", also: tuple[str, ...] = (), preview: bool = False
) -> Callable[[Check], Rule]:
    """Declare a rule with its code, its name and the severity that it has unless a problem says otherwise.

    ``atc`` is the code of the toolchain that its errors carry unless a problem says otherwise; ``also`` lists the
    codes that problems say.
    """

    def declare(check: Check) -> Rule:
        made = check.__code__
        wants = made.co_varnames[: made.co_argcount]
        needs = wants[: len(wants) - len(check.__defaults__ or ())]
        return Rule(code, name, severity, atc, check, wants, needs, preview, also)

    return declare
