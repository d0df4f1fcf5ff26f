"""Document links: from a configuration to its commands and to the pages of rules, from a command to its files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from aipplint.atc.options import MODEL
from aipplint.errors import where
from aipplint.pipeline import Use
from aipplint.project.command import CONFIG
from aipplint.records import NamedTuple
from aipplint.rules import RULES
from aipplint.rules.documentation import address, rule_page
from aipplint.run.session import Session
from aipplint.server.documents import Document
from aipplint.source import Span

_CODE = re.compile(r"AIPP\d{3}")


class Link(NamedTuple):
    """A span that leads to a file (at a line from 1; 0: the file) or to an address; ``about`` says what it is."""

    span: Span
    target: str
    line: int
    about: str

    @property
    def is_address(self) -> bool:
        """Whether the target is an address, not a path."""
        return "://" in self.target


def links_of_configuration(document: Document, uses: tuple[Use, ...]) -> Iterator[Link]:
    """Links from each operator to the first command that builds it, and from codes in comments to their pages."""
    if document.config is None:
        return
    origin = next((use.build.origin for use in uses if use.build.origin is not None), None)
    if origin is not None and not origin.head.source.path.startswith("<"):
        source, (start, _) = origin.head
        script, line = os.path.abspath(source.path), source.position(start).line
        about = f"built by {where(origin.head)}"
        yield from (Link(op.field.name_span, script, line, about) for op in document.config.ops)
    known = {rule.code for rule in RULES}
    for comment in document.config.tree.comments:
        for code in _CODE.finditer(comment.text):
            page = address(rule_page(code.group()))
            if page and code.group() in known:
                yield Link(Span(comment.start + code.start(), comment.start + code.end()), page, 0, code.group())


def links_of_reference(document: Document, session: Session) -> Iterator[Link]:
    """Links from the values of --insert_op_conf and --model in a script to these files."""
    index, full = session.index(document.path), os.path.abspath(document.path)
    if index is None:
        return
    for build in index.index_file(full, document.source, anew=True).builds:
        for name, path in ((CONFIG, build.config), (MODEL, build.build.model_file)):
            option = build.build.option(name)
            if option is not None and path and option.place.source is document.source and os.path.isfile(path):
                yield Link(option.place.span, os.path.abspath(path), 0, f"--{name}")
