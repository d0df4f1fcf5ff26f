"""The records of aipplint do what named tuples do."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from aipplint.records import NamedTuple


class Point(NamedTuple):
    """A place."""

    x: int
    y: int = 2
    name: str = ""

    @property
    def total(self) -> int:
        """The sum."""
        return self.x + self.y


def test_a_record_is_a_tuple_with_names() -> None:
    """It is made, compared, copied and shown as one."""
    point = Point(1, name="a")
    assert point == (1, 2, "a")
    assert (point.x, point.y, point.name, point.total) == (1, 2, "a", 3)
    assert repr(point) == "Point(x=1, y=2, name='a')"
    assert point._asdict() == {"x": 1, "y": 2, "name": "a"}
    assert point._replace(y=5) == Point(1, 5, "a")
    assert Point._make([1, 2, "a"]) == point
    assert Point._fields == Point.__match_args__ == ("x", "y", "name")
    assert str(inspect.signature(Point)) == "(x, y=2, name='')"
    assert Point.__doc__ == "A place."
    for made in (copy.deepcopy(point), pickle.loads(pickle.dumps(point))):  # noqa: S301 - made here
        assert (type(made), made) == (Point, point)


@pytest.mark.parametrize(("values", "named"), [((), {}), ((1, 2, "", 4), {}), ((1,), {"z": 1})])
def test_a_record_refuses_other_values(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    """And says whose constructor it is."""
    with pytest.raises(TypeError, match=r"Point.__new__\(\)"):
        Point(*values, **named)
    with pytest.raises(ValueError, match="z"):
        Point(1)._replace(z=1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]
