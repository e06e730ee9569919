"""Children before parents, followers before what they follow, and circles cut where it costs least."""

from __future__ import annotations

import pytest

from ombud.datamap.model import Gone, Link, SourceMap, Table
from ombud.plan.order import children_first
from ombud.terms import IfNone
from tests.claims.shop import kind, table


def _table(name: str, *to: str, follows: str | None = None, frees: tuple[str, ...] = ()) -> Table:
    links = [
        Link(other, other, (f"{other}_id",), ("id",), IfNone.NOT_YET, Gone.UNLINK if other in frees else Gone.SHELL)
        for other in to
    ]
    made = table(name, kind("deliver", {}), links=links)
    object.__setattr__(made, "follows", follows)
    return made


def _order(*tables: Table) -> str:
    return " ".join(children_first(SourceMap("crm", {each.name: each for each in tables}, {})))


@pytest.mark.parametrize(
    ("tables", "order"),
    [
        ((_table("a"), _table("b", "a"), _table("c", "b")), "c b a"),
        ((_table("a", "b", frees=("b",)), _table("b", "a")), "b a"),
        # What could be let go goes first all the same, so that none is let go that goes next.
        ((_table("a"), _table("b", "a", frees=("a",)), _table("c")), "b a c"),
        # A parent outside the circle waits for the child inside it that leans on it.
        ((_table("a"), _table("b", "a", "c"), _table("c", "b")), "b a c"),
        ((_table("a", "z"), _table("b", "a"), _table("y", "z"), _table("z", "y")), "b a y z"),
        # Whose claims a follower has is told by what it follows, so that one waits, whatever else leans.
        ((_table("a", "c", follows="c"), _table("b", "a", follows="a"), _table("c", "b")), "b a c"),
    ],
)
def test_what_leans_goes_first(tables: tuple[Table, ...], order: str) -> None:
    assert _order(*tables) == order
