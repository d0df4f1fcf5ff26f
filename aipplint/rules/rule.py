"""The form of a rule.

A rule is one function that is declared with ``@rule``. Its parameters name what it needs, it yields problems, and its
docstring is its page::

    @rule("AIPP702", "source-size-with-dynamic-image-size", Severity.ERROR, atc="E10052")
    def source_size_with_dynamic_image_size(op: AippOp, build: Build) -> Iterator[Problem]:
        \"\"\"The source image size is fixed although ...\"\"\"

The parameters can be ``tree``, ``config``, ``op`` (called once for each operator), ``release`` (by default the newest),
``build``, ``runtime``, ``tool`` (settings of the benchmark tool), ``training`` and ``feeding`` (code of the model). A
rule is not called if one of them is missing, unless that parameter has the default None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aipplint.findings import Finding, Problem, Related, Severity
from aipplint.records import NamedTuple
from aipplint.rules.wording import WITH_NOTE, render

OPERATOR_REJECTS = "E81012"
"""The code with which ATC gives up compiling the operator, on every product but Ascend 950."""
Check = Callable[..., Iterator[Problem]]

FIRST_RELEASE = "0.1.0"
"""The release that has every rule which does not say another."""


class Rule(NamedTuple):
    """A declared rule. ``atc`` is the toolchain's code for its errors, unless a problem carries another.

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
    """A new rule on trial: it runs only if the settings enable it."""
    also: tuple[str, ...] = ()
    """The other codes that its problems can carry."""
    tiling: str | None = None
    """The code of the operator of Ascend 950, where that of the other products says OPERATOR_REJECTS (fact Z5)."""
    advice: bool = False
    """Its problems never break a build: it speaks of builds that take advice (Build.takes_advice)."""
    since: str = FIRST_RELEASE
    """The first release of aipplint that has it."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return every code of the toolchain that its errors prevent."""
        return tuple(dict.fromkeys(code for code in (self.atc, *self.also, self.tiling or "") if code))

    @property
    def page(self) -> str:
        """Return the page: the docstring of the function without its indentation."""
        from inspect import cleandoc

        return cleandoc(self.check.__doc__ or "")

    @property
    def summary(self) -> str:
        """Return the first paragraph of the page on one line."""
        return " ".join(self.page.split("\n\n", 1)[0].split())

    def findings(self, given: Mapping[str, Any]) -> Iterator[Finding]:
        """Call the function with the arguments that it needs and turn its problems into findings."""
        return map(self.stamp, self.check(*map(given.get, self.wants)))

    def stamp(self, problem: Problem, *, tiling: bool = False) -> Finding:
        """Turn a problem into a finding of this rule, with its sentences as text; ``tiling``: it is of Ascend 950."""
        values, fix = problem.values, problem.fix
        severity = self.severity if problem.severity is None else problem.severity
        code = self.atc if problem.atc is None else problem.atc
        if tiling and code == OPERATOR_REJECTS and self.tiling is not None:
            code = self.tiling
        message = render(problem.message, values)
        if problem.note:
            message = render(WITH_NOTE, {"message": message, "note": render(problem.note, values)})
        return Finding(
            self.code,
            self.name,
            severity,
            message,
            problem.place,
            code if severity is Severity.ERROR else "",
            tuple(Related(place, render(text, own or {})) for place, text, own in problem.related),
            None if fix is None else fix._replace(message=render(fix.message, values)),
            render(problem.help, values),
        )


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    atc: str = "",
    also: tuple[str, ...] = (),
    tiling: str | None = None,
    preview: bool = False,
    advice: bool = False,
    since: str = FIRST_RELEASE,
) -> Callable[[Check], Rule]:
    """Declare a rule with its code, its name and its severity.

    A problem can override ``severity`` and ``atc``, the toolchain's code for its errors; ``also`` lists the codes that
    its problems use instead, and ``tiling`` is the code of Ascend 950 where ``atc`` is that of the operator. ``advice``
    is for what never breaks a build, ``since`` is the release that had the rule first.
    """

    def declare(check: Check) -> Rule:
        made = check.__code__
        wants = made.co_varnames[: made.co_argcount]
        needs = wants[: len(wants) - len(check.__defaults__ or ())]
        return Rule(code, name, severity, atc, check, wants, needs, preview, also, tiling, advice, since)

    return declare
