"""NamedTuple without what typing's costs at start-up: 65 of them are on the way of every run.

For a type checker this is ``typing.NamedTuple``. At run time the same classes are made of ``collections.namedtuple``
directly; typing's compiles every annotation of every class, 6 of the 60 ms that linting one file takes.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    _NOT_COPIED = frozenset(("__module__", "__qualname__", "__annotations__", "__doc__"))

    class _Maker(type):
        """Turns the body of a class into a named tuple with its defaults, methods and docstring."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.get("__annotations__", {})
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])  # noqa: PYI024 - as typing does
            for key in body.keys() - _NOT_COPIED:
                setattr(made, key, body[key])
            made.__qualname__, made.__doc__, made.__annotations__ = body["__qualname__"], body.get("__doc__"), fields
            return made

    class NamedTuple(metaclass=_Maker):
        """The base to write behind the name of a record."""
