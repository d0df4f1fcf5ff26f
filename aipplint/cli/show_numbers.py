"""``show --numbers``, ``--pixel``, ``--as``, ``--svg``: what a configuration does, in numbers, code and a drawing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from aipplint.cli.output import emit
from aipplint.cli.subject import subject_of
from aipplint.config.colour import colour_of
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.preview.code import code_of
from aipplint.preview.notes import exactness
from aipplint.preview.parameters import values_of
from aipplint.preview.pixel import colour_lines, matrix_lines, steps, stored_words
from aipplint.run.session import Session


def show_numbers(session: Session, paths: Sequence[str], options: argparse.Namespace) -> int:
    """Print what the options ask for."""
    if sum(map(bool, (options.numbers or options.pixel, options.code, options.svg))) > 1:
        raise UsageError("--numbers and --pixel, --as, and --svg exclude each other")
    if (options.code or options.svg) and len(paths) != 1:
        raise UsageError("--as and --svg are for one configuration")
    parts = [_of_file(session, path, options) for path in paths]
    emit("\n".join(parts))
    return 0


def _of_file(session: Session, path: str, options: argparse.Namespace) -> str:
    subject = subject_of(session, path, options)
    if options.svg:
        from aipplint.preview.drawing import svg

        return svg(subject.parameters(None))
    colour = colour_of(subject.op)
    parameters = values_of(subject.op, subject.product)
    assert colour is not None
    if options.code:
        return code_of(options.code, subject.parameters(None), colour, clean(path))
    lines = [clean(path), f"  {colour.name}", "", *(f"  {line}" for line in matrix_lines(parameters)), ""]
    if options.pixel:
        stored = stored_words(options.pixel, parameters)
        lines += [f"  pixel {options.pixel.strip()}", *(f"  {line}" for line in steps(parameters, stored)), ""]
    lines += [f"  {line}" for line in colour_lines(parameters, colour)]
    return "".join(f"{line}\n" for line in (*lines, "", *_note(exactness(subject.product))))


def _note(text: str) -> Iterator[str]:
    from textwrap import wrap

    return iter(wrap(text, 98, initial_indent="  ", subsequent_indent="  "))
