"""NamedTuple without what typing's and that of collections cost at start-up: 100 of them are on the way of every run.

For a type checker this is ``typing.NamedTuple``, and the classes do what its classes do. Those compile a constructor
for every class, and typing's every annotation too: a fifth of the 60 ms that linting one file takes. Here
constructors of as many fields share what is compiled.
"""

from __future__ import annotations

import collections
from functools import cache
from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import NamedTuple
else:
    from types import FunctionType

    class _Record(tuple):
        """What all records have in common."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()

        @classmethod
        def _make(cls, values: Iterable[Any]) -> _Record:
            """A record of as many values as it has fields."""
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **values: Any) -> _Record:
            """The record with other values in some fields."""
            made = self._make(map(values.pop, self._fields, self))
            if values:
                raise ValueError(f"Got unexpected field names: {[*values]!r}")
            return made

        __replace__ = _replace

        def _asdict(self) -> dict[str, Any]:
            """The values by their fields."""
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            values = (f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({', '.join(values)})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    class _Maker(type):
        """Turns the body of a class into a named tuple with its defaults, methods and docstring."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body.pop(field) for field in fields if field in body}
            if defaults.keys() != {*fields[len(fields) - len(defaults) :]}:
                raise TypeError(f"{name}: a field without a default follows one that has one")
            code = _constructor(len(fields)).replace(
                co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{name}.__new__"
            )
            body["__new__"] = FunctionType(code, {"_new": tuple.__new__}, "__new__", tuple(defaults.values()))
            for index, field in enumerate(fields):
                body[field] = collections._tuplegetter(index, "")  # noqa: SLF001 - as namedtuple does, quicker than property
            body |= {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults}
            return type(name, (_Record,), body)

    @cache
    def _constructor(count: int) -> CodeType:
        """The constructor of a record with so many fields, before these have their names."""
        values = "".join(f"_{index}, " for index in range(count))
        return eval(f"lambda _cls, {values}: _new(_cls, ({values}))").__code__  # noqa: S307 - a text of ours

    class NamedTuple(metaclass=_Maker):
        """The base to write after the name of a record."""
